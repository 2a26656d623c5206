from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.parsed import Exchange, Parsed
from casekit.ingest.readers.json_records import read
from tests.ingest.records_case import read_all, texts

Record = dict[str, Any]
ASKED: Record = {
    "id": "m1", "role": "user", "topicId": "t", "createdAt": "2025-05-01T10:00:00.000Z", "blocks": ["b1"],
}  # fmt: skip
ANSWER: Record = {
    "id": "m2", "role": "assistant", "topicId": "t", "createdAt": "2025-05-01T10:00:05.000Z",
    "askId": "m1", "model": {"id": "gpt-4o", "provider": "openai"}, "modelId": "gpt-4o", "blocks": ["b2", "b3"],
    "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}, "useful": True,
    "metrics": {"time_completion_millsec": 812, "time_first_token_millsec": 70},
}  # fmt: skip


def block(own: str, message: str, kind: str, content: Any, **more: Any) -> Record:
    return {
        "id": own,
        "messageId": message,
        "type": kind,
        "status": "success",
        "content": content,
        **more,
    }


BLOCKS = [
    block("b1", "m1", "main_text", "Why?"), block("b2", "m2", "thinking", "Hm.", thinking_millsec=50),
    block("b3", "m2", "main_text", "So."),
    block("b4", "m2", "tool", None, toolId="x", toolName="search", arguments={"q": "sky"}),
]  # fmt: skip


def backup(blocks: list[Record], topics: Any = None) -> bytes:
    kept = [{"id": "t", "messages": [ASKED, ANSWER]}] if topics is None else topics
    stored = {"topics": kept, "message_blocks": blocks, "files": []}
    return json.dumps(
        {"time": 1, "version": 5, "localStorage": {"persist:x": "{}"}, "indexedDB": stored}
    ).encode()


def items(data: bytes) -> list[Parsed]:
    return read_all(read, data)[0]


def told(item: Parsed) -> Exchange:
    assert item.exchange is not None
    return item.exchange


def test_every_block_is_an_item_and_an_answer_has_what_it_answers() -> None:
    data = backup(BLOCKS)
    asks, thought, answer, tool = items(data)
    assert [each.kind for each in (asks, thought, answer, tool)] == [
        "request",
        "record",
        "exchange",
        "record",
    ]
    assert texts(answer) == {"prompt": "Why?", "output": "So.", "reasoning": "Hm."}
    assert (told(answer).model, told(answer).provider, told(answer).conversation_id) == (
        "gpt-4o",
        "openai",
        "t",
    )
    assert (told(answer).input_tokens, told(answer).latency_ms, told(answer).ttft_ms) == (
        9,
        812,
        70,
    )
    assert answer.when is not None
    assert (answer.when.raw, answer.when.zone) == ("2025-05-01T10:00:05.000Z", "explicit")
    step = answer.steps[0]
    assert json.loads(data[step.offset : step.offset + step.length])["content"] == "So."
    assert '"useful":true' in told(answer).extra
    assert texts(tool)["body"].endswith('search] {"q":"sky"}')


def test_a_block_of_no_message_is_kept() -> None:
    (lone,) = items(backup([BLOCKS[2]], []))
    assert (lone.kind, texts(lone)) == ("record", {"body": "So."})


def test_a_truncated_backup_gives_the_blocks_before_its_end() -> None:
    data = backup(BLOCKS)
    whole = [texts(each) for each in items(data)]
    for cut in range(data.index(b'"b1", "messageId"') + 120, len(data), 29):
        found = items(data[:cut])
        assert [texts(each) for each in found] == whole[: len(found)]


@pytest.mark.parametrize("spoiled", [
    {"content": 5}, {"content": None, "type": []}, {"messageId": 7}, {"type": "main_text", "messageId": "m9"},
    {"toolName": "x", "type": "tool", "arguments": [1]},
])  # fmt: skip
def test_a_hostile_block_costs_no_other(spoiled: Record) -> None:
    found = items(backup([*BLOCKS[:2], BLOCKS[3] | spoiled, BLOCKS[2]]))
    assert texts(found[-1])["output"] == "So."


@pytest.mark.parametrize("topics", [
    5, [3], [{"messages": 3}], [{"id": [], "messages": [{"id": 4}, {"id": "m2", "role": [], "model": 3}]}],
    [{"id": "t", "messages": [ANSWER | {"usage": 3, "metrics": [], "askId": {}, "createdAt": {}}]}],
])  # fmt: skip
def test_hostile_topics_cost_no_block(topics: Any) -> None:
    assert len(items(backup(BLOCKS, topics))) == len(BLOCKS)
