from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.exports import read_account, read_feedback, read_memory, read_project
from casekit.ingest.parsed import Context, Party


def test_the_account_of_either_export_is_a_party() -> None:
    openai, claude = Draft(b"", Context()), Draft(b"", Context())
    assert read_account({"id": "user-1", "email": "a@x", "chatgpt_plus_user": True}, openai)
    assert read_account({"uuid": "u", "full_name": "Ann", "email_address": "a@x"}, claude)
    assert (openai.kind, openai.parties, openai.fields) == (
        "record",
        (Party("actor", "", "a@x"),),
        {"account": "user-1", "provider": "openai"},
    )
    assert (claude.parties, claude.title) == ((Party("actor", "Ann", "a@x"),), "Account a@x")


def test_feedback_names_its_conversation() -> None:
    rated, shared = Draft(b"", Context()), Draft(b"", Context())
    assert read_feedback(
        {
            "id": "f",
            "conversation_id": "c",
            "rating": "thumbs_down",
            "create_time": "2026-02-03T04:05:06Z",
        },
        rated,
    )
    assert read_feedback(
        {"id": "s", "conversation_id": "c", "title": "Boats", "is_anonymous": True}, shared
    )
    assert (rated.title, rated.fields["conversation_id"]) == ("Feedback thumbs_down", "c")
    assert rated.when is not None
    assert shared.title == "Shared: Boats"


def test_a_project_has_its_instructions_and_documents() -> None:
    draft = Draft(b"", Context())
    record = {"uuid": "p", "name": "Boats", "prompt_template": "Be brief.", "creator": {"uuid": "u"},
              "docs": [{"filename": "a.txt", "content": "Rope."}, 7]}  # fmt: skip
    assert read_project(record, draft)
    assert (draft.kind, draft.body) == ("document", "Boats\n\nBe brief.\n\n[a.txt]\nRope.\n\n[]\n")
    assert draft.fields == {"project": "p", "account": "u", "provider": "anthropic"}


@pytest.mark.parametrize(
    "record", [{"id": 1, "email": "x"}, {"rating": 1}, {"docs": [], "name": "x"}]
)
def test_other_records_are_left_alone(record: dict[str, Any]) -> None:
    assert recognise(record) == ""


def test_what_was_kept_of_a_person_is_read() -> None:
    record = {
        "conversations_memory": "Works on boats.",
        "project_memories": {"p": "Sails"},
        "account_uuid": "acc",
    }
    assert recognise(record) == "chat export, memory"
    made = Draft(b"", Context())
    assert read_memory(record, made)
    assert (made.kind, made.body, made.fields["account"]) == (
        "document",
        "Works on boats.\n\n[p]\nSails",
        "acc",
    )
    assert made.extra["project_memories"] == {"p": "Sails"}
    assert not read_memory({"account_uuid": "acc"}, Draft(b"", Context()))
