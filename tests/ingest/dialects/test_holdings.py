from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.holdings import read_holding
from casekit.ingest.parsed import Context, Party

NAME = "people, keys, projects, fine-tuning"
ANN = {"id": "user_1", "name": "Ann", "email": "ann@example.com"}
CASES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (
        {"object": "organization.user", **ANN, "role": "owner", "added_at": 1711471533},
        {"account": "user_1", "provider": "openai"},
        "organization.user ann@example.com",
    ),
    (
        {"object": "organization.project.api_key", "id": "key_1", "redacted_value": "sk-a...z", "name": "Mine",
         "created_at": 1711471533, "owner": {"type": "user", "user": ANN}},
        {"account": "user_1", "api_key": "key_1", "provider": "openai"},
        "organization.project.api_key Mine",
    ),
    (
        {"object": "organization.project", "id": "proj_1", "name": "Boats", "created_at": 1711471533,
         "status": "active"},
        {"project": "proj_1", "provider": "openai"},
        "organization.project Boats active",
    ),
    (
        {"object": "fine_tuning.job", "id": "ftjob-1", "model": "base-1", "fine_tuned_model": "ft:base-1:o::1",
         "training_file": "file-1", "organization_id": "org-1", "created_at": 1711471533, "seed": 7,
         "status": "succeeded", "trained_tokens": 9},
        {"request_id": "ftjob-1", "model": "ft:base-1:o::1", "model_requested": "base-1", "seed": 7,
         "organisation": "org-1", "provider": "openai"},
        "fine_tuning.job ftjob-1 succeeded",
    ),
    (
        {"object": "fine_tuning.job.checkpoint", "id": "ftckpt_1", "created_at": 1711471533,
         "fine_tuned_model_checkpoint": "ft:base-1:o::1:s", "fine_tuning_job_id": "ftjob-1", "step_number": 5},
        {"request_id": "ftckpt_1", "model": "ft:base-1:o::1:s", "parent_request": "ftjob-1",
         "provider": "openai"},
        "fine_tuning.job.checkpoint ftckpt_1",
    ),
    (
        {"id": "apikey_1", "type": "api_key", "name": "Key", "workspace_id": "wrk_1", "status": "inactive",
         "created_at": "2024-10-30T23:58:27.427722Z", "partial_key_hint": "sk-ant-a...A",
         "created_by": {"id": "user_9", "type": "user"}},
        {"api_key": "apikey_1", "account": "user_9", "project": "wrk_1", "provider": "anthropic"},
        "api_key Key inactive",
    ),
    (
        {"token": "88dc", "key_alias": "prod", "key_name": "sk-...b", "spend": 1.5, "user_id": "u1",
         "team_id": "t1", "created_at": "2025-01-01T00:00:00Z"},
        {"api_key": "88dc", "account": "u1", "project": "t1", "provider": "litellm"},
        "key prod",
    ),
    (
        {"id": "a1", "updated_at": "2025-01-01T00:00:00Z", "changed_by": "u1", "changed_by_api_key": "88dc",
         "action": "deleted", "table_name": "LiteLLM_VerificationToken", "object_id": "88dd",
         "before_value": "{}", "updated_values": "{}"},
        {"account": "u1", "api_key": "88dc", "request_id": "a1", "provider": "litellm"},
        "audit log a1",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("record", "fields", "title"), CASES, ids=[title for _, _, title in CASES])
def test_what_an_organisation_has_is_a_record_of_whose_it_is(
    record: dict[str, Any], fields: dict[str, Any], title: str
) -> None:
    draft = Draft(b"", Context())
    assert recognise(record) == NAME
    assert read_holding(record, draft)
    assert (draft.kind, draft.collection, draft.title) == ("record", "api-log", title)
    assert {key: value for key, value in draft.fields.items() if key != "operation"} == fields
    assert draft.when is not None
    placed = {*map(str, draft.fields.values()), draft.when.raw}
    for key, value in record.items():
        assert key in draft.extra or str(value) in placed, key


def test_the_person_is_named_with_the_address() -> None:
    draft = Draft(b"", Context())
    assert read_holding(CASES[1][0], draft)
    assert draft.parties == (Party("actor", "Ann", "ann@example.com"),)
    assert draft.extra["redacted_value"] == "sk-a...z"


def test_a_moderation_says_whether_anything_was_flagged() -> None:
    record = {
        "id": "modr-1",
        "model": "mod-1",
        "results": [{"flagged": True, "categories": {"violence": True}}],
    }
    draft = Draft(b"", Context())
    assert read_holding(record, draft)
    assert draft.title == "moderation modr-1 flagged"
    assert draft.extra["results"] == record["results"]


@pytest.mark.parametrize(
    "other",
    [
        {"type": "user", "message": {"role": "user", "content": "hi"}, "uuid": "u"},
        {"object": "file", "id": "f"},
        {"id": "r", "model": "m", "results": [{"text": "x"}]},
        {"object": "organization.audit_log", "type": "x", "effective_at": 1, "actor": {}},
    ],
)
def test_what_only_resembles_it_is_left_to_others(other: dict[str, Any]) -> None:
    assert not read_holding(other, Draft(b"", Context()))
