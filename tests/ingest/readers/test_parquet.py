from __future__ import annotations

import io
import json

import pyarrow as pa
import pytest

from casekit.ingest import pointer
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.reading import format_of, read_any
from tests.ingest.records_case import texts
from tests.ingest.test_parquet_rows import parquet

TALKS = [
    {
        "conversation_id": f"c{n}", "model": "vicuna", "turn": 1, "language": "English", "redacted": False,
        "conversation": [{"content": f"Why {n}?", "role": "user"}, {"content": " So. ", "role": "assistant"}],
        "openai_moderation": [{"flagged": False}],
    }
    for n in range(300)
]  # fmt: skip
PAIRS = [{"prompt": "Why?", "chosen": "So.", "rejected": "No.", "score": 0.5}] * 3


def read(
    data: bytes, name: str = "train-00000-of-00001"
) -> tuple[list[Parsed], list[Problem], Books]:
    assert format_of(data, name) == "parquet"
    found = list(read_any(data, Context(name=name), "parquet"))
    items = [each for each in found if isinstance(each, Parsed)]
    for item in items:
        assert len(pointer.resolve(io.BytesIO(data), item.steps)) == item.size
        for child in item.children:
            steps = (*item.steps, *child.steps)
            assert len(pointer.resolve(io.BytesIO(data), steps)) == child.size
    books = found[-1]
    assert isinstance(books, Books)
    assert books.total == len(data)
    return items, [each for each in found if isinstance(each, Problem)], books


def test_each_row_is_an_exchange_that_is_found_again() -> None:
    data = parquet(pa.Table.from_pylist(TALKS), row_group_size=90)
    items, problems, books = read(data)
    assert (len(items), problems, books) == (300, [], Books(len(data)))
    item = items[211]
    assert texts(item) == {"prompt": "Why 211?", "output": " So. "}
    assert item.exchange is not None
    assert (item.exchange.model, item.exchange.conversation_id) == ("vicuna", "c211")
    (step,) = item.steps
    assert (step.how, step.number) == ("row", 211)
    assert json.loads(pointer.resolve(io.BytesIO(data), item.steps)) == TALKS[211]
    assert pointer.from_json(pointer.to_json(item.steps)) == item.steps


def test_what_hangs_below_a_row_has_bytes_in_it() -> None:
    items, problems, _ = read(parquet(pa.Table.from_pylist(PAIRS)))
    assert [problem.kind for problem in problems] == ["no-model"]
    assert [texts(item)["output"] for item in items] == ["So."] * 3
    assert [texts(item.children[0])["output"] for item in items] == ["No."] * 3


def test_a_table_that_nobody_knows_is_one_document() -> None:
    data = parquet(pa.table({"a": [1, 2], "b": ["x", "y"]}))
    items, problems, books = read(data, "t")
    (item,) = items
    assert (item.kind, item.steps, problems, books.quarantined) == ("document", (), [], 0)
    assert texts(item) == {"body": '{"a":1,"b":"x"}\n{"a":2,"b":"y"}'}
    facts = json.loads(item.facts)
    assert (facts["rows"], facts["columns"]) == (2, ["a: int64", "b: string"])
    assert [problem.kind for problem in item.problems] == ["unknown-dialect"]


def test_a_truncated_file_is_kept() -> None:
    data = parquet(pa.Table.from_pylist(TALKS))[:-100]
    items, problems, books = read(data)
    assert ([item.kind for item in items], books.quarantined) == (["file"], len(data))
    assert [problem.kind for problem in problems] == ["bad-archive"]
    items, problems, _ = read(b"PARE" + data)
    assert [problem.kind for problem in problems] == ["encrypted"]


def test_rows_far_beyond_the_file_end_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.rows.RATIO_FLOOR", 100_000)
    monkeypatch.setattr("casekit.ingest.rows.MAX_RATIO", 20)
    rows = [{"prompt": "Why? " * 400, "output": "So.", "model": "m"}] * 1000
    data = parquet(pa.Table.from_pylist(rows), compression="zstd")
    items, problems, books = read(data)
    assert 0 < len(items) < 1000
    assert [(each.stage, each.kind) for each in problems][-1] == ("limits", "ratio")
    assert books == Books(0, len(data))


def test_a_damaged_row_group_costs_no_other() -> None:
    data = parquet(pa.Table.from_pylist(TALKS), row_group_size=100, compression="zstd")
    starts = [each for each in range(len(data)) if data[each : each + 4] == b"\x28\xb5\x2f\xfd"]
    middle = starts[len(starts) // 2]
    broken = data[: middle + 6] + bytes(20) + data[middle + 26 :]
    items, problems, books = read(broken)
    assert 200 <= len(items) < 300
    assert [problem.kind for problem in problems] == ["damaged"]
    assert books.quarantined == problems[0].length


def test_a_column_that_is_described_wrongly_costs_its_row_group_and_not_the_process() -> None:
    """Found by fuzzing: asked for such a column, pyarrow ends the process."""
    data = bytearray(parquet(pa.Table.from_pylist(PAIRS)))
    name = data.index(b"\x25\x02\x18\x06chosen")  # it may have no value
    data[name + 1] = 3
    _, problems, books = read(bytes(data))
    assert "damaged" in {problem.kind for problem in problems}
    assert books.quarantined > 0


def test_a_maker_whose_name_is_no_text_costs_nothing() -> None:
    data = parquet(pa.table({"a": [1]})).replace(b"parquet-cpp-arrow", b"parquet-cpp-arr\xd1w")
    (item,), problems, _ = read(data)
    assert (item.kind, json.loads(item.facts)["created_by"], problems) == ("document", "", [])
