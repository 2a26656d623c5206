from __future__ import annotations

import gzip
import json
from pathlib import Path

import msgspec
import pytest

from casekit.confine import Worker
from casekit.ingest.parsed import Context
from casekit.ingest.preview import Column, Preview, look, preview
from casekit.ingest.reading import argument_for
from tests.ingest.test_templates import MAPPING, TABLE

LINES = "\n".join(
    json.dumps({"who": {"id": n, "team": "a"}, "text": "", "n": None}) for n in range(5)
)


def seen(data: bytes, mapping: str = "", name: str = "f") -> Preview:
    return msgspec.msgpack.decode(
        look(data, argument_for(Context(name=name, mapping=mapping))), type=Preview
    )


def test_columns_are_shown_with_samples_and_how_often_they_are_filled() -> None:
    found = seen(LINES.encode())
    assert (found.format, found.dialect, found.guess, found.records) == ("jsonl", "", "", 5)
    assert found.columns == (
        Column("who.id", 5, ("0", "1", "2")),
        Column("who.team", 5, ("a",)),
        Column("text", 0, ()),
        Column("n", 0, ()),
    )
    assert found.shape == ("who", "text", "n")
    assert (found.rows, found.unfit) == ((), 5)


def test_a_mapping_is_tried_on_the_first_records() -> None:
    found = seen(TABLE.encode(), MAPPING, "f.csv")
    assert found.unfit == 0
    first = found.rows[0]
    assert (first.prompt, first.output, first.when) == ("Warum?", "Darum.", "05.01.2026 13:30")
    assert first.zone == "assumed:the mapping says Europe/Berlin"
    assert first.fields == {"account": "k-1"}


def test_what_the_names_suggest_is_suggested() -> None:
    found = seen(gzip.compress(b"Question,Answer,Model\nWhy?,So.,m\n"), name="a.csv.gz")
    assert json.loads(found.guess) == {"prompt": "Question", "output": "Answer", "model": "Model"}
    assert found.rows[0].fields == {"model": "m"}


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"prose only", b'{"a": ', b"[1, 2]"])
def test_a_file_without_records_has_no_columns(data: bytes) -> None:
    found = seen(data)
    assert (found.columns, found.rows) == ((), ())


def test_half_a_character_does_not_stop_it() -> None:
    found = seen(b'{"\\ud800": "\\udc00", "prompt": "\\ud800?", "output": "o"}\n' * 2)
    assert found.rows[0].prompt == "\ufffd?"


def test_the_worker_looks(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE)
    with Worker() as worker, (tmp_path / "t.csv").open("rb") as f:
        assert preview(worker, f.fileno(), "t.csv", MAPPING).rows[1].prompt == "Wann?"
