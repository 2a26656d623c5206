from __future__ import annotations

import pytest

from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.readers import sqlite
from casekit.ingest.reading import format_of, read_any
from tests.ingest.records_case import texts
from tests.ingest.sqlite_case import database

ROWS = [(number, f"Why {number}?", f"So {number}.") for number in range(300)]
DATA = database(
    "CREATE TABLE log (id INTEGER PRIMARY KEY, prompt TEXT, response TEXT)",
    ("INSERT INTO log VALUES (?, ?, ?)", ROWS),
    "CREATE TABLE settings (name, value)",
    "INSERT INTO settings VALUES ('theme', 'dark')",
    "CREATE TABLE empty (a, b)",
    "CREATE TABLE without (k PRIMARY KEY) WITHOUT ROWID",
)


def read_all(data: bytes) -> tuple[list[Parsed], list[Problem], Books]:
    found = list(read_any(data, Context(name="x.db"), format_of(data, "x.db")))
    books = found[-1]
    assert isinstance(books, Books)
    assert books.total == len(data)
    return (
        [each for each in found if isinstance(each, Parsed)],
        [each for each in found if isinstance(each, Problem)],
        books,
    )


def test_rows_of_known_columns_are_items_and_the_other_tables_a_document() -> None:
    items, problems, books = read_all(DATA)
    *rows, rest = items
    assert [texts(each) for each in rows[:2]] == [
        {"prompt": f"Why {number}?", "output": f"So {number}."} for number in range(2)
    ]
    assert len(rows) == len(ROWS)
    assert {each.exchange.model for each in rows if each.exchange} == {""}
    assert texts(rest)["body"] == '{"name":"theme","value":"dark"}'
    assert '{"name":"empty","columns":["a","b"],"rows":0}' in rest.facts
    assert [each.kind for each in problems] == ["tables-unread", "guessed-mapping", "no-model"]
    assert books.quarantined == 0


def test_what_the_database_does_not_hold_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    data = database(
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE t (v)",
        ("INSERT INTO t VALUES (?)", [("x" * 3000,)] * 40),
        "DELETE FROM t WHERE rowid > 3",
    )
    monkeypatch.setattr(sqlite, "MAX_TABLES", 4000)
    (rest,), problems, _ = read_all(data)
    assert [each.kind for each in problems][:2] == ["write-ahead", "free-pages"]
    assert [each.kind for each in rest.problems] == ["text-cut"]


@pytest.mark.parametrize("cut", [16, 99, 100, 4096, 5000, 9000, len(DATA) - 1])
def test_a_truncated_database_loses_no_byte(cut: int) -> None:
    items, problems, books = read_all(DATA[:cut])
    assert items or books.quarantined
    assert {"bad-archive", "damaged", "truncated"} & {each.kind for each in problems}


@pytest.mark.parametrize("place", [16, 18, 20, 28, 36, 56, 100, 103, 105, 108, 4096, 4099, 4104])
def test_a_hostile_database_is_read_to_its_end(place: int) -> None:
    for filling in (b"\x00" * 8, b"\xff" * 8, b"\x0d\x05" * 4):
        data = DATA[:place] + filling + DATA[place + 8 :]
        items, _, books = read_all(data)
        assert items or books.quarantined
