from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.assistants import read_thread_part
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context
from casekit.ingest.readers.json_records import read
from tests.ingest.records_case import read_all, texts


def message(role: str, text: str, *notes: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": f"msg_{role}", "object": "thread.message", "created_at": 1699016384, "thread_id": "thread_1",
        "role": role, "content": [{"type": "text", "text": {"value": text, "annotations": list(notes)}}],
        "assistant_id": None, "run_id": None, "attachments": [], "metadata": {}, **more,
    }  # fmt: skip


RUN = {
    "id": "run_1", "object": "thread.run", "created_at": 1699075072, "assistant_id": "asst_1",
    "thread_id": "thread_1", "status": "completed", "model": "gpt-x", "instructions": "Brief.",
    "last_error": None, "incomplete_details": None, "tools": [], "metadata": {}, "temperature": 1.0,
    "top_p": 1.0, "max_completion_tokens": 1000,
    "usage": {"prompt_tokens": 123, "completion_tokens": 456, "total_tokens": 579},
}  # fmt: skip
STEP = {
    "id": "step_1", "object": "thread.run.step", "created_at": 1699063291, "run_id": "run_1",
    "assistant_id": "asst_1", "thread_id": "thread_1", "type": "message_creation", "status": "completed",
    "last_error": None, "usage": RUN["usage"],
}  # fmt: skip


def read_one(record: dict[str, Any]) -> Draft:
    draft = Draft(b"", Context())
    assert recognise(record) == "OpenAI threads and runs"
    assert read_thread_part(record, draft)
    return draft


def test_a_page_of_messages_says_what_was_asked_and_answered() -> None:
    page = {"object": "list", "data": [message("assistant", "Yo", run_id="run_1"), message("user", "Hi")],
            "has_more": False}  # fmt: skip
    items, problems, _ = read_all(read, json.dumps(page).encode())
    assert [(item.kind, texts(item)) for item in items] == [
        ("exchange", {"output": "Yo"}),
        ("request", {"prompt": "Hi"}),
    ]
    assert problems == []
    assert [item.exchange.joint for item in items if item.exchange] == ["assistants/part", ""]
    assert [item.when.us for item in items if item.when] == [1_699_016_384_000_000] * 2
    assert [item.exchange.conversation_id for item in items if item.exchange] == ["thread_1"] * 2


def test_an_answer_and_its_run_share_the_runs_id_and_its_steps_are_no_calls() -> None:
    answer, run, step = (
        read_one(message("assistant", "Yo", run_id="run_1")),
        read_one(RUN),
        read_one(STEP),
    )
    assert (answer.fields["request_id"], answer.fields["joint"]) == ("run_1", "assistants/part")
    assert (run.fields["request_id"], run.fields["joint"]) == ("run_1", "assistants/part")
    assert (run.kind, step.kind, "joint" in step.fields) == ("request", "record", False)
    assert run.system == "Brief."
    assert (run.fields["input_tokens"], run.fields["output_tokens"], run.fields["model"]) == (
        123, 456, "gpt-x",
    )  # fmt: skip
    assert (run.fields["finish_reason"], run.fields["max_tokens"]) == ("completed", 1000)
    assert (step.fields["parent_request"], step.fields["input_tokens"]) == ("run_1", 123)


def test_notes_on_a_text_and_what_went_wrong_are_kept() -> None:
    noted = read_one(message("assistant", "Yo", {"type": "file_citation"}))
    assert (noted.output, noted.extra["content"][0]["text"]["annotations"]) == (
        "Yo", [{"type": "file_citation"}],
    )  # fmt: skip
    assert noted.fields["request_id"] == "msg_assistant"
    failed = read_one(
        {**RUN, "status": "failed", "last_error": {"code": "rate_limit_exceeded", "message": "m"}}
    )
    assert (failed.fields["error"], failed.fields["finish_reason"]) == (
        "rate_limit_exceeded",
        "failed",
    )
    thread = read_one(
        {
            "id": "thread_1",
            "object": "thread",
            "created_at": 1699012949,
            "metadata": {"user_id": "u"},
        }
    )
    assert (thread.kind, thread.fields["conversation_id"], thread.fields["end_user"]) == (
        "record", "thread_1", "u",
    )  # fmt: skip


@pytest.mark.parametrize(
    "record", [{"object": "thread.message"}, {"object": "list", "id": "x"}, {"object": 1}]
)
def test_other_objects_are_none(record: dict[str, Any]) -> None:
    assert not read_thread_part(record, Draft(b"", Context()))
