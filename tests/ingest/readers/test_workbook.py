from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from casekit.ingest import pointer
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.reading import format_of, read_any
from tests.ingest.records_case import texts
from tests.ingest.test_sheets import ANSWERS, OTHER, ods, xlsx


def read(data: bytes) -> tuple[list[Parsed], list[Problem], Books]:
    assert format_of(data, "evidence") == "workbook"
    found = list(read_any(data, Context(name="evidence"), "workbook"))
    items = [each for each in found if isinstance(each, Parsed)]
    for item in items:
        assert len(pointer.resolve(io.BytesIO(data), item.steps)) == item.size
    books = found[-1]
    assert isinstance(books, Books)
    assert books.total == len(data)
    return items, [each for each in found if isinstance(each, Problem)], books


def test_rows_are_exchanges_and_other_sheets_a_document() -> None:
    data = xlsx(hidden="Out", Sums=OTHER, Out=ANSWERS)
    items, problems, books = read(data)
    assert [item.kind for item in items] == ["exchange", "exchange", "document"]
    first, second, rest = items
    assert texts(first) == {"prompt": "Why?", "output": "So."}
    assert texts(second) == {"prompt": "How much?", "output": "42"}
    assert first.exchange is not None
    assert first.when is not None
    assert (first.exchange.model, first.when.raw) == ("m", "2026-05-01")
    (step,) = first.steps
    assert (step.how, step.name, step.number) == ("row", "Out", 3)
    assert json.loads(pointer.resolve(io.BytesIO(data), first.steps))["answer"] == "So."
    assert (texts(rest), rest.pages, rest.steps) == ({"page/1": "Name\tSum\nA\t1.5"}, 2, ())
    assert json.loads(rest.facts) == {
        "sheets": [{"name": "Sums", "rows": 2, "hidden": False}], "hidden_sheets": 1, "macros": False,
    }  # fmt: skip
    assert [each.kind for each in problems] == ["hidden-sheet", "guessed-mapping"]
    assert books == Books(len(data))


def test_an_ods_of_records_is_read() -> None:
    items, problems, _ = read(ods([["instruction", "output", "generator"], ["a", "b", "m"]]))
    assert [texts(item) for item in items] == [{"prompt": "a", "output": "b"}]
    assert problems == []


def test_a_row_that_is_no_record_is_told_with_its_place() -> None:
    rows = [["instruction", "output", "generator"], ["a", "b", "m"], ["", "", "only"]]
    items, problems, _ = read(xlsx(Out=rows))
    assert [texts(item) for item in items] == [{"prompt": "a", "output": "b"}, {}]
    assert problems == []


@pytest.mark.corpus
def test_real_old_workbooks_are_documents_or_say_why_not(corpus: Path) -> None:
    folder = corpus / "office" / "tika" / "resources" / "test-documents"
    found = {}
    for path in sorted([*folder.glob("*.xls"), *folder.glob("*.xlsb")]):
        data = path.read_bytes()
        if format_of(data, "evidence") != "workbook":
            continue
        (item,) = (
            each for each in read_any(data, Context(), "workbook") if isinstance(each, Parsed)
        )
        found[path.name] = (item.kind, sorted(problem.kind for problem in item.problems))
    assert sum(kind == "document" for kind, _ in found.values()) == 27
    assert {name: told for name, (kind, told) in found.items() if kind == "file"} == {
        "password.xls": ["encrypted"],
        "testEXCEL.xlsb": ["bad-office-file"],
        "testEXCEL_protected_passtika.xls": ["encrypted"],
    }
    hidden = (folder / "testEXCEL_extra_metadata.xls").read_bytes()
    (item,) = (each for each in read_any(hidden, Context(), "workbook") if isinstance(each, Parsed))
    assert json.loads(item.facts)["hidden_sheets"] == 2
