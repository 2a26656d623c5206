"""What an organisation has at a provider or a gateway: its people, keys, projects, files, models, fine-tuning.

Such lists tell whose key made a call, and which model was trained on which file.

Source: openai-openapi `User`, `AdminApiKey`, `ProjectApiKey`, `Project`, `Invite`, `FineTuningJob`,
`FineTuningJobEvent`, `OpenAIFile`, `Model`, `CreateModerationResponse`; Anthropic Admin API `api_keys`,
`users`, `workspaces`, `invites`; BerriAI/litellm `LiteLLM_VerificationToken`, `LiteLLM_UserTable`,
`LiteLLM_AuditLog`; openrouter.ai API `keys`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.values import Source, text_at
from casekit.ingest.parsed import Party

Record = dict[str, Any]
_Places = Mapping[str, tuple[str, ...]]


class _Holding(NamedTuple):
    """A kind of thing that an organisation has.

    Attributes:
        marks: Keys that each of them has.
        fields: Where the fields stand that tell it from others of its kind.
    """

    marks: frozenset[str]
    fields: _Places


_OWNED: _Places = {
    "time": (
        "created_at",
        "added_at",
        "invited_at",
        "created",
        "assigned_at",
        "updated_at",
    ),
    "organisation": ("organization_id", "organization_uuid"),
    "project": ("project_id", "project.id", "workspace_id", "team_id"),
}
_OWNER = (
    "owner.user.id",
    "owner.service_account.id",
    "owner.id",
    "created_by.id",
    "user_id",
    "creator_user_id",
)
_KEY: _Places = {"api_key": ("id", "hash", "token"), "account": _OWNER}
_PERSON: _Places = {"account": ("id", "user_id")}
_PROJECT: _Places = {"project": ("id",), "account": _OWNER}
_OTHER: _Places = {"request_id": ("id",), "account": _OWNER}
_JOB: _Places = {"request_id": ("id",), "model": ("fine_tuned_model",), "model_requested": ("model",),
                 "seed": ("seed",), "error": ("error.code",)}  # fmt: skip
_STEP: _Places = {"request_id": ("id",), "model": ("fine_tuned_model_checkpoint",),
                  "parent_request": ("fine_tuning_job_id",)}  # fmt: skip


def _holding(fields: _Places, *marks: str) -> _Holding:
    return _Holding(frozenset(marks), {**_OWNED, **fields})


_OPENAI: Mapping[str, _Holding] = {
    "organization.user": _holding(_PERSON, "id", "role"),
    "organization.project.user": _holding(_PERSON, "id", "role"),
    "organization.invite": _holding(_OTHER, "id", "email"),
    "organization.project": _holding(_PROJECT, "id", "name"),
    "organization.project.service_account": _holding(_PERSON, "id", "name"),
    "organization.project.api_key": _holding(_KEY, "id", "redacted_value"),
    "organization.admin_api_key": _holding(_KEY, "id", "redacted_value"),
    "organization.certificate": _holding(_OTHER, "id"),
    "organization.project.certificate": _holding(_OTHER, "id"),
    "project.rate_limit": _holding({"model": ("model",), "request_id": ("id",)}, "id", "model"),
    "fine_tuning.job": _holding(_JOB, "id", "training_file"),
    "fine_tuning.job.event": _holding(_STEP, "id", "message"),
    "fine_tuning.job.checkpoint": _holding(_STEP, "id", "fine_tuning_job_id"),
    "checkpoint.permission": _holding(_OTHER, "id", "project_id"),
    "fine-tune": _holding(_JOB, "id", "training_files"),
    "fine-tune-event": _holding(_STEP, "message"),
    "file": _holding(_OTHER, "id", "filename", "purpose"),
    "upload": _holding(_OTHER, "id", "filename", "purpose"),
    "vector_store": _holding(_OTHER, "id", "file_counts"),
    "model": _holding({"model": ("id",)}, "id", "owned_by"),
}
"""By the `object` that OpenAI's own objects name."""

_ANTHROPIC: Mapping[str, _Holding] = {
    "api_key": _holding(_KEY, "id", "partial_key_hint"),
    "user": _holding(_PERSON, "id", "email", "role"),
    "invite": _holding(_OTHER, "id", "email", "role"),
    "workspace": _holding(_PROJECT, "id", "name", "archived_at"),
    "workspace_member": _holding({"account": ("user_id",)}, "workspace_id", "workspace_role"),
    "file": _holding(_OTHER, "id", "filename", "mime_type"),
}
"""By the `type` that Anthropic's objects name."""

_UNNAMED: tuple[tuple[str, str, _Holding], ...] = (
    ("litellm", "key", _holding(_KEY, "token", "key_alias", "spend")),
    ("litellm", "user", _holding(_PERSON, "user_id", "user_email", "spend")),
    ("litellm", "audit log", _holding(
        {"account": ("changed_by",), "api_key": ("changed_by_api_key",), "operation": ("action",),
         "request_id": ("id",)}, "action", "table_name", "object_id", "changed_by")),
    ("openrouter", "key", _holding(_KEY, "hash", "label", "usage", "disabled")),
    ("openai", "moderation", _holding({"model": ("model",), "request_id": ("id",)}, "id", "model", "results")),
)  # fmt: skip
"""What names no kind: provider, kind, and the keys by which it is known."""


def read_holding(record: Record, draft: Draft) -> bool:
    """A person, key, project, file or model of an organisation, or a step of a model's fine-tuning."""
    found = _kind_of(record)
    if found is None:
        return False
    provider, kind, holding = found
    source = Source(record)
    source.fill(draft, holding.fields)
    draft.kind, draft.collection = "record", "api-log"
    draft.fields.setdefault("operation", kind)
    draft.fields["provider"] = provider
    for name, value in (("object", record.get("object")), ("type", record.get("type"))):
        if value == draft.fields["operation"]:
            source.take(name)
    person = _person(record)
    if any(person):
        draft.parties = (Party("actor", *person),)
    draft.title = " ".join(filter(None, (kind, _name(record, draft), _state(record))))
    source.rest(draft)
    return True


def _kind_of(record: Record) -> tuple[str, str, _Holding] | None:
    for provider, key, known in (("openai", "object", _OPENAI), ("anthropic", "type", _ANTHROPIC)):
        kind = record.get(key)
        holding = known.get(kind) if type(kind) is str else None
        if holding is not None and holding.marks <= record.keys():
            return provider, str(kind), holding
    if "object" in record or "choices" in record or "messages" in record:
        return None
    for provider, kind, holding in _UNNAMED:
        if holding.marks <= record.keys() and (kind != "moderation" or _is_flagged(record)):
            return provider, kind, holding
    return None


def _is_flagged(record: Record) -> bool:
    results = record["results"]
    first = results[0] if type(results) is list and results else None
    return type(first) is dict and "flagged" in first and "categories" in first


def _person(record: Record) -> tuple[str, str]:
    """Name and address of the person whom it is about, or whose it is."""
    for at in ("", "owner.user.", "owner.service_account.", "owner.", "created_by."):
        address = text_at(record, f"{at}email") or text_at(record, f"{at}user_email")
        named = text_at(record, f"{at}name") if at or address else ""
        if address or named:
            return named, address
    return "", ""


def _name(record: Record, draft: Draft) -> str:
    """What it is called."""
    for key in (
        "email",
        "user_email",
        "name",
        "key_alias",
        "key_name",
        "filename",
        "message",
        "label",
    ):
        if text_at(record, key):
            return text_at(record, key)
    told = draft.fields
    return str(told.get("request_id") or told.get("model") or told.get("account") or "")


def _state(record: Record) -> str:
    if type(record.get("results")) is list:
        flagged = any(
            type(each) is dict and each.get("flagged") is True for each in record["results"]
        )
        return "flagged" if flagged else "not flagged"
    return text_at(record, "status")
