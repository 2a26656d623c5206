"""What lies beside the conversations in an export of ChatGPT or Claude.ai: account, feedback, projects, memory.

Source: OpenAI data export `user.json`, `message_feedback.json`, `shared_conversations.json`; Claude.ai data
export `users.json`, `projects.json`, `memories.json`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.values import Source, text_at
from casekit.ingest.parsed import Party

Record = dict[str, Any]

_ACCOUNTS = ({"id", "email", "chatgpt_plus_user"}, {"uuid", "full_name", "email_address"})


def read_account(record: Record, draft: Draft) -> bool:
    """The person whose export it is."""
    known = next((keys for keys in _ACCOUNTS if keys <= record.keys()), None)
    if known is None:
        return False
    source = Source(record)
    source.fill(draft, {"account": ("id", "uuid")})
    draft.fields["provider"] = "openai" if "chatgpt_plus_user" in known else "anthropic"
    address = text_at(record, "email") or text_at(record, "email_address")
    draft.parties = (Party("actor", text_at(record, "full_name"), address),)
    _settle(draft, f"Account {address or draft.fields.get('account', '')}")
    source.rest(draft)
    return True


_FEEDBACK = {
    "time": ("create_time", "created_at"),
    "request_id": ("id",),
    "conversation_id": ("conversation_id",),
    "account": ("user_id",),
}


def read_feedback(record: Record, draft: Draft) -> bool:
    """A thumb up or down, or a conversation that was shared."""
    rated = {"conversation_id", "rating"} <= record.keys()
    if not rated and not {"conversation_id", "is_anonymous"} <= record.keys():
        return False
    source = Source(record)
    source.fill(draft, _FEEDBACK)
    draft.fields["provider"] = "openai"
    what = (
        f"Feedback {text_at(record, 'rating')}" if rated else f"Shared: {text_at(record, 'title')}"
    )
    _settle(draft, what)
    source.rest(draft)
    return True


def read_project(record: Record, draft: Draft) -> bool:
    """A project of Claude.ai with its instructions and the documents that were put into it."""
    docs = record.get("docs")
    if "prompt_template" not in record or "name" not in record or type(docs) is not list:
        return False
    source = Source({key: value for key, value in record.items() if key != "docs"})
    source.fill(
        draft, {"time": ("created_at",), "project": ("uuid",), "account": ("creator.uuid",)}
    )
    draft.fields["provider"] = "anthropic"
    draft.kind, draft.collection = "document", "outputs"
    draft.title = text_at(record, "name")
    parts = [text_at(record, key) for key in ("name", "description", "prompt_template")]
    parts += [f"[{text_at(each, 'filename')}]\n{text_at(each, 'content')}" for each in docs]
    draft.body = "\n\n".join(filter(None, parts))
    source.rest(draft)
    return True


def read_memory(record: Record, draft: Draft) -> bool:
    """What Claude.ai has kept of a person from its conversations, and apart from them of each project."""
    projects = record.get("project_memories")
    known = type(record.get("conversations_memory")) is str or type(projects) is dict
    if not known or "account_uuid" not in record:
        return False
    source = Source(record)
    source.fill(draft, {"account": ("account_uuid",)})
    draft.fields["provider"] = "anthropic"
    draft.kind, draft.collection = "document", "outputs"
    draft.title = f"Memory of {draft.fields.get('account', '')}".strip()
    parts = [text_at(record, "conversations_memory")]
    if type(projects) is dict:
        parts += [f"[{name}]\n{text}" for name, text in projects.items() if type(text) is str]
    draft.body = "\n\n".join(filter(None, parts))
    source.rest(draft)
    return True


def _settle(draft: Draft, title: str) -> None:
    draft.kind, draft.collection, draft.title = "record", "outputs", title.strip()
