from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest import joins
from casekit.ingest.dialects import DIALECTS
from casekit.ingest.framing import Ledger, Record, json_lines
from casekit.ingest.joins import Held
from casekit.ingest.pointer import to_json
from casekit.ingest.readers.jsonl import read
from tests.ingest.records_case import read_all, texts


def row(key: str, number: int, asked: str = "", answered: str = "") -> dict[str, Any]:
    return {"TimeGenerated": "2026-02-03T04:05:06Z", "CorrelationId": key, "SequenceNumber": number,
            "ModelName": "gpt-x", "RequestMessages": asked, "ResponseMessages": answered}  # fmt: skip


ROWS = [
    row("a", 0, '[{"role":"user",'),
    row("b", 0, "Alone", "Yes"),
    {"instruction": "x", "output": "y", "generator": "m"},
    row("a", 1, '"content":"Hi"}]', "Yo"),
]
DATA = b"\n".join(json.dumps(each).encode() for each in ROWS)


def test_parts_are_held_by_their_key_and_given_in_the_order_they_began() -> None:
    held = Held()
    dialect = DIALECTS[0]._replace(joint=lambda record: record.get("CorrelationId", ""))
    frames = [each for each in json_lines(DATA, Ledger()) if isinstance(each, Record)]
    assert [held.take(dialect, frame) for frame in frames] == [[], [], None, []]
    assert held.take(None, frames[0]) is None
    groups = list(held.rest())
    assert [[each.line for each in group.frames] for group in groups] == [[1, 4], [2]]
    assert groups[0].weight() == len(frames[0].raw) + len(frames[3].raw)


def test_an_exchange_cut_into_rows_is_one_item_with_the_rows_below_it() -> None:
    items, problems, _ = read_all(read, DATA)
    assert problems == []
    assert [texts(item) for item in items] == [
        {"prompt": "x", "output": "y"},
        {"prompt": "Hi", "output": "Yo"},
        {"prompt": "Alone", "output": "Yes"},
    ]
    head = items[1]
    (other,) = head.children
    assert (head.steps[0].line, other.steps[0].line, other.beside, other.kind) == (
        1,
        4,
        True,
        "record",
    )
    assert "offset" not in to_json(head.steps)
    assert other.steps[0].offset == DATA.rindex(b"\n") + 1


@pytest.mark.parametrize(("name", "limit"), [("HELD_BYTES", len(DATA) // 4), ("HELD", 1)])
def test_what_is_held_too_long_comes_in_pieces(
    monkeypatch: pytest.MonkeyPatch, name: str, limit: int
) -> None:
    monkeypatch.setattr(joins, name, limit)
    items, _, _ = read_all(read, DATA)
    assert sum(len(item.children) for item in items) == 0
    assert len(items) == len(ROWS)
    last = items[-1].exchange
    assert last is not None
    assert "truncated" in last.completeness


def test_pieces_of_a_stream_are_one_answer() -> None:
    pieces = [
        {"id": "c", "object": "chat.completion.chunk", "created": 1694268190, "model": "m",
         "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": end}]}
        for text, end in (("He", None), ("llo", "stop"))
    ]  # fmt: skip
    (item,), _, _ = read_all(read, b"\n".join(json.dumps(each).encode() for each in pieces))
    assert (texts(item), len(item.children)) == ({"output": "Hello"}, 1)
    assert item.exchange is not None
    assert (item.exchange.stream, item.exchange.finish_reason) == (1, "stop")
