from __future__ import annotations

import math

import pytest

from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step
from casekit.ingest.rows import number_of, read_rows, row_bytes, take_row, text_of, unlike

ASKED = {"instruction": "Why?", "output": "So.", "generator": "m"}


def test_a_row_is_written_the_same_way_every_time() -> None:
    assert (
        row_bytes({"b": 1, "a": {"d": None, "c": "ü"}}) == '{"a":{"c":"ü","d":null},"b":1}'.encode()
    )
    assert [number_of(each) for each in (1.5, math.inf, -math.inf, math.nan)] == [
        1.5, "Infinity", "-Infinity", "NaN",
    ]  # fmt: skip
    assert (text_of("ü".encode()), text_of(b"\xff\x00")) == ("ü", "base64:/wA=")
    assert unlike(["a", "a", "", "a (2)", "a"]) == ["a", "a (2)", "column 3", "a (2) (2)", "a (3)"]


def test_rows_are_items_with_their_numbers() -> None:
    rows = [(0, ASKED), (3, {"x": 1}), (4, ASKED | {"instruction": "How?"})]
    found = list(read_rows(b"", Context(), rows, "Sheet", lambda problems: iter(())))
    first, problem, last = found
    assert isinstance(first, Parsed)
    assert isinstance(last, Parsed)
    raw = row_bytes(ASKED)
    assert first.steps == (Step("row", "Sheet", 0, 0, len(raw), sha256=first.sha256),)
    assert (first.size, last.steps[0].number, last.title) == (len(raw), 4, "How?")
    assert problem == Problem(
        "parse",
        "unknown-record",
        "The record is not of the kind of the file's other records.",
        path="Sheet/row 3",
    )


def test_rows_that_nobody_knows_go_elsewhere() -> None:
    told: list[Problem] = []

    def unknown(problems: tuple[Problem, ...]) -> list[Books]:  # type: ignore[misc]
        told.extend(problems)
        yield Books(7)

    assert list(read_rows(b"", Context(), [(0, {"x": 1})], "", unknown)) == []  # type: ignore[arg-type]
    assert [each.kind for each in told] == ["unknown-dialect"]


def test_a_row_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="footer"):
        take_row(b"PAR1....", Step("row", number=1))


def test_thousands_of_columns_of_one_name_are_told_apart_at_once() -> None:
    made = unlike(["a"] * 65_536)
    assert (made[0], made[1], made[-1]) == ("a", "a (2)", "a (65536)")
    assert len(set(made)) == 65_536
