from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.http_calls import Call, read_call
from casekit.ingest.dialects.sse import read_stream
from casekit.ingest.dialects.web_chat import is_web_event, is_web_question, join_web_chat
from casekit.ingest.parsed import Context

ASK = {
    "action": "next", "model": "gpt-4o", "conversation_id": "c1", "parent_message_id": "p1",
    "messages": [{"id": "u1", "author": {"role": "user"},
                  "content": {"content_type": "text", "parts": ["Why is it blue?"]}}],
}  # fmt: skip


def message(text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "m1", "author": {"role": "assistant"}, "recipient": "all", "status": "in_progress",
        "create_time": 1731368634.5, "content": {"content_type": "text", "parts": [text]},
        "metadata": {"model_slug": "gpt-4o-2"}, **more,
    }  # fmt: skip


def sse(*events: Any) -> str:
    return "".join(f"event: delta\ndata: {json.dumps(each)}\n\n" for each in events)


OLD = [
    {"message": message("Be"), "conversation_id": "c1"},
    {"message": message("Because"), "conversation_id": "c1"},
    {
        "message": message("Because of the sky.", status="finished_successfully"),
        "conversation_id": "c1",
    },
]
NEW = [
    "v1",
    {"type": "resume_conversation_token", "token": "x", "conversation_id": "c1"},
    {"p": "", "o": "add", "v": {"message": {**message("Think"), "id": "t0", "content": {
        "content_type": "thoughts", "thoughts": [{"summary": "s", "content": "Hm."}]}}}, "c": 0},
    {"v": {"message": message("")}, "c": 1},
    {"p": "/message/content/parts/0", "o": "append", "v": "Because"},
    {"v": " of the"},
    {"p": "", "o": "patch", "v": [
        {"p": "/message/content/parts/0", "o": "append", "v": " sky."},
        {"p": "/message/status", "o": "replace", "v": "finished_successfully"},
        {"p": "/message/metadata", "o": "append", "v": {"finish_details": {"type": "stop"}}},
    ]},
    {"type": "message_stream_complete", "conversation_id": "c1"},
]  # fmt: skip


@pytest.mark.parametrize(("events", "reasoning"), [(OLD, ""), (NEW, "Hm.")])
def test_a_question_in_the_browser_is_an_exchange(events: list[Any], reasoning: str) -> None:
    draft = Draft(b"", Context())
    answered = [("content-type", "text/event-stream")]
    body = sse(*events) + "data: [DONE]\n\n"
    read_call(Call("POST", "https://chatgpt.com/backend-api/conversation", [], json.dumps(ASK), 200,
                   answered, body), draft)  # fmt: skip
    assert (draft.kind, draft.prompt, draft.output, draft.reasoning) == (
        "exchange", "Why is it blue?", "Because of the sky.", reasoning,
    )  # fmt: skip
    assert draft.problems == ()
    fields = draft.fields
    assert (fields["model"], fields["model_requested"], fields["conversation_id"], fields["provider"]) == (
        "gpt-4o-2", "gpt-4o", "c1", "openai",
    )  # fmt: skip
    assert draft.missing == ("earlier-turns-elsewhere",)
    assert draft.when is not None


def test_every_cut_gives_what_came() -> None:
    text = sse(*NEW)
    for size in range(len(text)):
        found = read_stream(text[:size])
        if found is not None:
            said = "".join(each.get("text", "") for each in found.body["content"])
            assert "Because of the sky.".startswith(said)


@pytest.mark.parametrize(
    "event",
    [{"p": "/message/content/parts/9", "o": "append", "v": "x"}, {"p": "/message/x/y/z", "o": "add", "v": 1},
     {"p": "/message/content/parts/a", "o": "replace", "v": 1}, {"o": "patch", "v": 7},
     {"o": "patch", "v": [7, {"o": "patch", "v": [1]}, {"p": 3}]}, {"p": "", "o": "append", "v": "x"},
     {"p": "/message", "o": "replace", "v": 7}, {"o": "remove", "p": "/message/content"}, {"v": None}],
)  # fmt: skip
def test_changes_that_fit_nowhere_are_left_out(event: dict[str, Any]) -> None:
    body, _ = join_web_chat([{"v": {"message": message("Kept")}}, event])
    assert body["content"] in ([{"type": "text", "text": "Kept"}], [])


@pytest.mark.parametrize(
    ("body", "known"),
    [(ASK, True), ({"prompt": "Hi", "parent_message_uuid": "x"}, True), ({"prompt": "Hi"}, False),
     ({"action": "next", "messages": []}, False), ({"action": "x", "messages": [{"role": "user"}]}, False),
     ([], False)],
)  # fmt: skip
def test_what_a_page_asks(body: Any, known: bool) -> None:
    assert is_web_question(body) is known


def test_what_is_no_event_of_a_page() -> None:
    assert not is_web_event({"v": 1})
    assert not is_web_event({"type": "delta", "v": "x", "o": "append"})
    assert not is_web_event({"message": {"role": "assistant"}})
