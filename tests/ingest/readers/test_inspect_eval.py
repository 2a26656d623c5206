from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from casekit.ingest import framing, pointer
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.readers import inspect_eval
from casekit.ingest.reading import format_of, read_any
from tests.ingest.dialects.test_inspect_samples import LOG, SAMPLE
from tests.ingest.records_case import texts
from tests.ingest.test_zip_members import with_zstd

HEADER = {key: value for key, value in LOG.items() if key != "samples"}


def members(**changed: bytes) -> list[tuple[str, bytes]]:
    made: dict[str, Any] = {
        "_journal/start.json": {key: HEADER[key] for key in ("version", "eval", "plan")},
        "samples/q1_epoch_2.json": SAMPLE,
        "samples/q2_epoch_1.json": {**SAMPLE, "id": "q2", "uuid": "v", "epoch": 1},
        "summaries.json": [{"id": "q1", "epoch": 2, "input": "a", "target": "2"}],
        "header.json": HEADER,
    }
    return [(name, changed.get(name, json.dumps(value).encode())) for name, value in made.items()]


def deflated(pieces: list[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pieces:
            archive.writestr(name, data)
    return made.getvalue()


def read(data: bytes) -> tuple[list[Parsed], list[Problem], Books]:
    assert format_of(data, "evidence") == "inspect-eval"
    found = list(read_any(data, Context(name="evidence"), "inspect-eval"))
    items = [each for each in found if isinstance(each, Parsed)]
    for item in items:
        assert len(pointer.resolve(io.BytesIO(data), item.steps)) == item.size
    books = found[-1]
    assert isinstance(books, Books)
    assert books.total == len(data)
    return items, [each for each in found if isinstance(each, Problem)], books


@pytest.mark.parametrize("packed", ["deflate", "zstd"])
def test_a_log_gives_its_head_and_its_samples(packed: str) -> None:
    data = deflated(members()) if packed == "deflate" else with_zstd(*members())
    items, problems, books = read(data)
    assert problems == []
    assert books.quarantined == 0
    head, first, second = items
    assert (head.kind, head.collection, head.title) == ("document", "outputs", "sums · openai/gpt")
    assert json.loads(head.facts) == {
        "log": "Inspect", "status": "success", "samples": 2,
        "other_members": ["_journal/start.json", "summaries.json"],
    }  # fmt: skip
    assert texts(first)["output"] == " 2 "
    assert (first.exchange is not None, second.exchange is not None) == (True, True)
    assert first.exchange is not None
    assert second.exchange is not None
    assert (first.exchange.request_id, second.exchange.request_id) == ("u", "v")
    assert (second.exchange.model_requested, second.exchange.temperature) == ("openai/gpt", 0.5)


def test_a_run_that_broke_off_is_read_with_its_journal() -> None:
    pieces = [each for each in members() if each[0] not in ("header.json", "summaries.json")]
    items, problems, _ = read(deflated(pieces))
    assert [item.kind for item in items] == ["document", "exchange", "exchange"]
    assert [problem.kind for problem in problems] == ["unfinished"]


def test_a_damaged_sample_costs_only_itself() -> None:
    changed = {"samples/q1_epoch_2.json": b'{"id": 1, "epoch": ', "header.json": b"[]"}
    items, problems, _ = read(deflated(members(**changed)))
    assert [item.kind for item in items] == ["document", "document", "exchange"]
    assert problems == []
    assert [problem.kind for problem in items[1].problems] == ["truncated", "unknown-dialect"]


def test_of_two_members_with_one_name_the_later_is_read() -> None:
    again = ("samples/q1_epoch_2.json", json.dumps({**SAMPLE, "uuid": "later"}).encode())
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = deflated([*members(), again])
    items, problems, _ = read(data)
    assert [item.exchange.request_id for item in items if item.exchange] == ["v", "later"]
    assert [(p.kind, p.path) for p in problems] == [("replaced-member", "samples/q1_epoch_2.json")]


def test_a_truncated_archive_is_kept_whole() -> None:
    data = deflated(members())[:-30]
    items, problems, books = read(data)
    assert [item.kind for item in items] == ["file"]
    assert [problem.kind for problem in problems] == ["bad-archive"]
    assert books == Books(0, len(data))


def test_a_very_large_sample_is_read_without_its_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "MAX_RECORD", 4000)
    monkeypatch.setattr(inspect_eval, "MAX_RECORD", 4000)
    large = {**SAMPLE, "events": [{"event": "info", "data": "x" * 5000}], "metadata": {"y": 1}}
    changed = {"samples/q1_epoch_2.json": json.dumps(large).encode()}
    items, problems, books = read(deflated(members(**changed)))
    assert [item.kind for item in items] == ["document", "exchange", "exchange"]
    assert texts(items[1]) == texts(items[2])
    assert [problem.kind for problem in items[1].problems] == ["events-unread"]
    assert (problems, books.quarantined) == ([], 0)
