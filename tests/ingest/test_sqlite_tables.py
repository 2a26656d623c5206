from __future__ import annotations

import struct

import pytest

from casekit.ingest.rows import Row
from casekit.ingest.sqlite_tables import Database, row_at
from tests.ingest.sqlite_case import database

ROWS: list[tuple[object, ...]] = [
    (number, f"word {number} " * (number % 90 * 10), number * 1.5, None) for number in range(1, 300)
]
MADE = """CREATE TABLE "a ""b"" c" ([id] INTEGER /* (x, */ PRIMARY KEY,
    'text' TEXT DEFAULT 'a, (b' NOT NULL, n REAL,
    made TEXT AS (text || '!') VIRTUAL, `left` DECIMAL(10, 5) -- and, so on
    , UNIQUE (n, "left"))"""
FILLED = (MADE, ('INSERT INTO "a ""b"" c" (id, text, n, left) VALUES (?, ?, ?, ?)', ROWS))


def found(data: bytes, name: str) -> list[Row]:
    base = Database(data)
    (table,) = [each for each in base.tables if each.name == name]
    rows = [base.row(table, place) for place in base.places(table.root)]
    assert not base.damaged
    return [each for each in rows if each is not None]


@pytest.mark.parametrize("page", [512, 4096, 65536])
def test_rows_are_those_that_were_written(page: int) -> None:
    data = database(*FILLED, page=page)
    rows = found(data, 'a "b" c')
    assert [tuple(each.values()) for each in rows] == ROWS
    assert list(rows[0]) == ["id", "text", "n", "left"]
    assert row_at(data, 'a "b" c', 200) == rows[200]
    with pytest.raises(ValueError, match="no such row"):
        row_at(data, 'a "b" c', 299)


def test_every_kind_of_value_is_read() -> None:
    numbers = [0, 1, -1, 127, -128, 32767, -(2**23), 2**31, -(2**47), 2**62, -(2**63)]
    others = (0.5, float("inf"), "ä", b"\xff", b"x", None)
    data = database(
        "CREATE TABLE t (v)",
        ("INSERT INTO t VALUES (?)", [(each,) for each in (*numbers, *others)]),
        "ALTER TABLE t ADD COLUMN w TEXT",
    )  # fmt: skip
    values = [each["v"] for each in found(data, "t")]
    assert values == [*numbers, 0.5, "Infinity", "ä", "base64:/w==", "x", None]
    assert {each["w"] for each in found(data, "t")} == {None}


@pytest.mark.parametrize("charset", ["UTF-16le", "UTF-16be"])
def test_texts_in_utf16_are_read(charset: str) -> None:
    data = database(
        f"PRAGMA encoding = '{charset}'", "CREATE TABLE t (v)", "INSERT INTO t VALUES ('größe 中')"
    )
    assert found(data, "t") == [{"v": "größe 中"}]


def test_tables_that_cannot_be_read_are_named() -> None:
    data = database(
        "CREATE TABLE t (v)",
        "CREATE TABLE w (k PRIMARY KEY) WITHOUT ROWID",
        "CREATE VIEW s AS SELECT 1",
    )
    base = Database(data)
    assert ([each.name for each in base.tables], base.unread) == (["t"], ["w"])


def test_a_damaged_page_costs_its_own_rows_alone() -> None:
    data = database(*FILLED)
    whole = found(data, 'a "b" c')
    for number in range(2, len(data) // 4096 + 1, 7):
        base = Database(data[: (number - 1) * 4096] + b"\xff" * 4096 + data[number * 4096 :])
        (table,) = base.tables
        rows = [base.row(table, place) for place in base.places(table.root)]
        strange = [each for each in rows if each is not None and each not in whole]
        of_table = data[(number - 1) * 4096] in (5, 13)
        assert (strange, bool(base.damaged)) == ([], True) or not of_table


def test_a_truncated_database_gives_the_rows_before_the_end() -> None:
    data = database(*FILLED)
    for cut in range(0, len(data), 60_037):
        try:
            base = Database(data[:cut])
        except ValueError:
            assert cut < 100
            continue
        for table in base.tables:
            for place in base.places(table.root):
                base.row(table, place)
        assert base.damaged


def test_pages_in_a_circle_or_of_two_tables_are_read_once() -> None:
    data = bytearray(database(*FILLED))
    root = Database(bytes(data)).tables[0].root
    start = (root - 1) * 4096
    assert data[start] == 5
    (first,) = struct.unpack_from(">H", data, start + 12)
    struct.pack_into(">I", data, start + first, root)
    struct.pack_into(">I", data, start + 8, root)
    base = Database(bytes(data))
    assert len(list(base.places(root))) < len(ROWS)
    assert base.damaged
