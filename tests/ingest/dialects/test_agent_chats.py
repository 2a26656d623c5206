from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.agent_chats import read_gemini_cli, read_vscode
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context, Parsed, sha256
from casekit.ingest.readers.json_records import read as read_json
from tests.ingest.records_case import read_all, texts

GEMINI: dict[str, Any] = {
    "sessionId": "s1", "projectHash": "h", "startTime": "2025-10-18T14:57:28.974Z", "lastUpdated": "x",
    "messages": [
        {"id": "1", "timestamp": "2025-10-18T14:57:28.974Z", "type": "user", "content": "Why?"},
        {"id": "2", "timestamp": "2025-10-18T14:57:30.974Z", "type": "gemini", "content": "So.",
         "thoughts": [{"subject": "Boats", "description": "Hm.", "timestamp": "x"}], "model": "gemini-2.5-pro",
         "tokens": {"input": 9, "output": 3, "cached": 1, "thoughts": 2, "tool": 0, "total": 14}},
        {"id": "3", "timestamp": "2025-10-18T14:57:31.974Z", "type": "info", "content": "Model was changed."},
        {"id": "4", "timestamp": "2025-10-18T14:57:32.974Z", "type": "user", "content": [{"text": "List."}]},
        {"id": "5", "timestamp": "2025-10-18T14:57:33.974Z", "type": "gemini", "content": "",
         "toolCalls": [{"id": "t", "name": "ls", "args": {"path": "."}, "status": "success"}]},
    ],
}  # fmt: skip
VSCODE: dict[str, Any] = {
    "requesterUsername": "ann", "responderUsername": "GitHub Copilot", "initialLocation": "panel",
    "requests": [
        {"requestId": "r1", "message": {"text": "Why?", "parts": []}, "responseId": "a1",
         "response": [{"kind": "thinking", "value": "Hm."}, {"value": "So"}, {"value": {"value": "."}},
                      {"kind": "inlineReference", "name": "x.py"}],
         "result": {"timings": {"firstProgress": 900.5, "totalElapsed": 1200}}, "timestamp": 1738345603482,
         "modelId": "copilot/gpt-x"},
        {"requestId": "r2", "message": {"text": "And?"}, "response": [], "isCanceled": True,
         "timestamp": 1738345703482},
    ],
}  # fmt: skip
AGENTS = (GEMINI, VSCODE)


def children(record: dict[str, Any], read: Any) -> tuple[Draft, list[Parsed]]:
    draft = Draft(json.dumps(record, indent=1).encode(), Context())
    assert read(record, draft)
    assert (draft.kind, draft.collection) == ("document", "outputs")
    for each in draft.children:
        (step,) = each.steps
        piece = draft.raw[step.offset : step.offset + step.length]
        assert (sha256(piece), type(json.loads(piece))) == (each.sha256, dict)
        assert each.when is not None
    return draft, list(draft.children)


def test_a_conversation_of_gemini_cli() -> None:
    assert recognise(GEMINI) == "Gemini CLI session"
    draft, (first, last) = children(GEMINI, read_gemini_cli)
    assert texts(first) == {"prompt": "Why?", "output": "So.", "reasoning": "Boats\nHm."}
    told = first.exchange
    assert told is not None
    assert (told.provider, told.model, told.conversation_id, told.request_id, told.parent_request) == (
        "google", "gemini-2.5-pro", "s1", "2", "1")  # fmt: skip
    assert (told.input_tokens, told.output_tokens, told.reasoning_tokens, told.cache_read_tokens) == (
        9, 3, 2, 1)  # fmt: skip
    assert "ls" in texts(last)["output"]
    assert texts(last)["prompt"] == "user: Why?\n\nassistant: So.\n\nuser: List."
    assert [each["content"] for each in draft.extra["notices"]] == ["Model was changed."]


def test_a_chat_of_vs_code_has_its_unanswered_question_too() -> None:
    assert recognise(VSCODE) == "VS Code chat"
    _, (first, last) = children(VSCODE, read_vscode)
    assert texts(first) == {"prompt": "Why?", "output": "So.", "reasoning": "Hm."}
    told = first.exchange
    assert told is not None
    assert (told.account, told.model, told.request_id, told.parent_request) == (
        "ann", "copilot/gpt-x", "a1", "r1")  # fmt: skip
    assert (told.latency_ms, told.ttft_ms) == (1200, 900)
    assert json.loads(told.extra)["response"] == [{"kind": "inlineReference", "name": "x.py"}]
    assert (last.kind, last.title) == ("request", "And?")
    assert last.exchange is not None
    assert json.loads(last.exchange.extra)["isCanceled"] is True


@pytest.mark.parametrize("record", AGENTS, ids=recognise)
def test_a_file_that_breaks_off_keeps_the_conversations_before(record: dict[str, Any]) -> None:
    data = json.dumps([record, record]).encode()
    items, problems, _ = read_all(read_json, data[:-9])
    assert [bool(each.children) for each in items][:1] == [True]
    assert problems
