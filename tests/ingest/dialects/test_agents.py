from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.readers.jsonl import read
from tests.ingest.records_case import read_all, texts


def line(kind: str, number: int, message: Any = None, **more: Any) -> dict[str, Any]:
    said = {"message": message} if message else {}
    above = f"u{number - 1}" if number > 1 else None
    return {"parentUuid": above, "sessionId": "s", "type": kind, "uuid": f"u{number}",
            "timestamp": f"2025-08-01T10:00:0{number}.000Z", **said, **more}  # fmt: skip


def answer(block: dict[str, Any], stop: str | None, tokens: int) -> dict[str, Any]:
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": "c", "content": [block],
            "stop_reason": stop, "usage": {"input_tokens": 4, "output_tokens": tokens}}  # fmt: skip


CLAUDE = [
    {"type": "summary", "summary": "Mend it", "leafUuid": "u3"},
    line("user", 1, {"role": "user", "content": "Mend it."}),
    line("assistant", 2, answer({"type": "thinking", "thinking": "Hm", "signature": "g"}, None, 1)),
    line("assistant", 3, answer({"type": "tool_use", "name": "Bash", "input": {}}, "tool_use", 30)),
    line("user", 4, {"role": "user", "content": [{"type": "tool_result", "content": "done"}]}),
    line(
        "assistant",
        5,
        {**answer({"type": "text", "text": "Mended."}, "end_turn", 5), "id": "msg_2"},
    ),
    {"type": "a-later-kind", "value": 1},
]


def data(*records: dict[str, Any]) -> bytes:
    return "".join(json.dumps(each) + "\n" for each in records).encode()


def test_an_answer_cut_into_lines_is_one_and_counts_its_tokens_once() -> None:
    items, problems, books = read_all(read, data(*CLAUDE))
    assert problems == []
    assert books.quarantined == 0
    answers = [each for each in items if each.kind == "exchange"]
    shown = [texts(each) for each in answers]
    assert shown == [
        {"prompt": "Mend it.", "output": "[tool_use Bash] {}", "reasoning": "Hm"},
        {"prompt": "Mend it.", "output": "Mended."},
    ]
    told = [
        (e.model, e.conversation_id, e.finish_reason, e.output_tokens)
        for each in answers
        if (e := each.exchange) is not None
    ]
    assert told == [("c", "s", "tool_use", 30), ("c", "s", "end_turn", 5)]
    assert [(each.kind, each.title) for each in items if each.kind != "exchange"] == [
        ("record", "Mend it"),
        ("request", "Mend it."),
        ("record", "result of a tool"),
        ("record", "a-later-kind"),
    ]


def rollout(kind: str, **payload: Any) -> dict[str, Any]:
    return {"timestamp": "2025-10-01T10:00:00.000Z", "type": kind, "payload": payload}


def test_a_rollout_tells_an_answer_once() -> None:
    said = [{"type": "output_text", "text": "Done."}]
    asked = [{"type": "input_text", "text": "Mend it."}]
    thought = [{"type": "summary_text", "text": "Hm"}]
    items, problems, _ = read_all(read, data(
        rollout("session_meta", id="0199"), rollout("turn_context", model="g"),
        rollout("response_item", type="message", role="user", content=asked),
        rollout("response_item", type="reasoning", summary=thought),
        rollout("response_item", type="function_call", name="shell", arguments="{}"),
        rollout("response_item", type="message", role="assistant", content=said),
        rollout("event_msg", type="agent_message", message="Done."),
    ))  # fmt: skip
    assert problems == []
    outputs = [texts(each)["output"] for each in items if each.kind == "exchange"]
    assert outputs == ["[function_call shell] {}", "Done."]
    last = items[-2]
    assert last.exchange is not None
    assert texts(last)["prompt"] == "Mend it."
    assert (last.exchange.model, last.exchange.conversation_id) == ("g", "0199")
    assert texts(items[-1]) == {}


def test_what_a_tool_gave_back_and_a_summary_are_shown_as_they_are() -> None:
    items, problems, _ = read_all(read, data(
        rollout("response_item", type="function_call_output", call_id="c", output="a.txt"),
        rollout("response_item", type="custom_tool_call_output", call_id="d", output={"content": "done"}),
        rollout("compacted", message="What was said."),
        rollout("turn_context", model="g"),
    ))  # fmt: skip
    assert problems == []
    assert [texts(each)["body"] for each in items[:3]] == ["a.txt", "done", "What was said."]
    assert texts(items[3])["body"].startswith("{")
    assert {each.kind for each in items} == {"record"}


EARLY: list[dict[str, Any]] = [
    {
        "id": "0199",
        "timestamp": "2025-06-01T10:00:00.000Z",
        "instructions": None,
        "git": {"branch": "main"},
    },
    {"record_type": "state"},
    {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Mend it."}]},
    {
        "type": "reasoning",
        "id": "r",
        "summary": [{"type": "summary_text", "text": "Hm."}],
        "encrypted_content": None,
    },
    {"type": "function_call", "name": "shell", "arguments": "{}", "call_id": "c"},
    {"type": "function_call_output", "call_id": "c", "output": "a.txt"},
    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Done."}]},
]


def test_an_early_rollout_is_known_by_its_first_line() -> None:
    items, problems, _ = read_all(read, data(*EARLY))
    assert problems == []
    assert [each.kind for each in items] == [
        "record", "record", "request", "record", "exchange", "record", "exchange"
    ]  # fmt: skip
    last = items[-1]
    assert texts(last) == {"prompt": "Mend it.", "output": "Done."}
    assert last.exchange is not None
    assert (last.exchange.conversation_id, last.exchange.provider) == ("0199", "openai")
    assert (last.when, texts(items[3])["reasoning"], texts(items[5])["body"]) == (
        None,
        "Hm.",
        "a.txt",
    )
    assert items[0].when is not None
    assert (items[0].when.raw, items[0].when.zone) == ("2025-06-01T10:00:00.000Z", "explicit")
    alone, _, _ = read_all(read, data(*EARLY[1:]))
    assert [each.kind for each in alone] == ["document"]


@pytest.mark.parametrize("spoiled", [
    {"type": "message", "role": "assistant", "content": 5}, {"type": 7}, {"record_type": []},
    {"type": "reasoning"},
    {"type": "function_call_output", "output": {"content": {"a": 1}}}, {"type": "message"},
])  # fmt: skip
def test_hostile_lines_of_an_early_rollout_cost_no_other(spoiled: dict[str, Any]) -> None:
    items, _, _ = read_all(read, data(*EARLY[:3], spoiled, EARLY[-1]))
    assert texts(items[-1])["output"] == "Done."
    cut, _, _ = read_all(read, data(*EARLY)[:-9])
    assert [each.kind for each in cut][:3] == ["record", "record", "request"]
