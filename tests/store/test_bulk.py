import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from casekit.store import bulk
from casekit.store.case import Case

MANY = bulk.VALUES_A_STATEMENT // 2
"""Rows of two values in the longest statement."""


@pytest.mark.parametrize(
    "number",
    [
        *(0, 1, bulk.ROWS_A_STATEMENT, 3 * bulk.ROWS_A_STATEMENT + 7),
        *(MANY - 1, MANY, 2 * MANY, 2 * MANY + 3 * bulk.ROWS_A_STATEMENT + 7),
    ],
)
def test_every_row_is_written_in_order(case: Case, number: int) -> None:
    rows = [(f"key {n:04}", f"value {n}") for n in range(number)]
    with case.index("words") as s:
        s.exec_driver_sql("CREATE TABLE thing (key TEXT, value TEXT)")
        bulk.insert_rows(s, "thing", ("key", "value"), rows)
        found = s.execute(text("SELECT key, value FROM thing ORDER BY rowid")).fetchall()
    assert [tuple(row) for row in found] == rows


def test_a_row_that_cannot_be_written_leaves_none(case: Case) -> None:
    with case.index("words") as s:
        s.exec_driver_sql("CREATE TABLE thing (key TEXT NOT NULL)")
    rows: list[tuple[str | None]] = [("x",)] * (bulk.ROWS_A_STATEMENT + 1) + [(None,)]
    with pytest.raises(DBAPIError), case.index("words") as s:
        bulk.insert_rows(s, "thing", ("key",), rows)
    with case.index("words") as s:
        assert s.execute(text("SELECT count(*) FROM thing")).scalar() == 0


def test_the_more_rows_the_longer_the_statements(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    with case.index("words") as s:
        s.exec_driver_sql("CREATE TABLE thing (a, b)")
        ask = s.exec_driver_sql

        def counted(statement: str, bound: list[tuple[object, ...]]) -> object:
            asked.extend(len(each) // 2 for each in bound)
            return ask(statement, bound)

        monkeypatch.setattr(s, "exec_driver_sql", counted)
        values = list(range(2 * (MANY + bulk.ROWS_A_STATEMENT + 2)))
        bulk.insert_values(s, "thing", ("a", "b"), values)
        bulk.insert_values(s, "thing", ("a", "b"), values[:2])
        bulk.insert_values(s, "thing", ("a", "b"), [])
    assert asked == [MANY, bulk.ROWS_A_STATEMENT, 1, 1, 1]


def test_rows_of_many_columns_are_bound_too(case: Case) -> None:
    names = [f"c{n}" for n in range(bulk.VALUES_A_STATEMENT // bulk.ROWS_A_STATEMENT + 1)]
    values = list(range(len(names) * (bulk.ROWS_A_STATEMENT + 1)))
    with case.index("words") as s:
        s.exec_driver_sql(f"CREATE TABLE thing ({', '.join(names)})")
        bulk.insert_values(s, "thing", names, values)
        found = s.execute(text("SELECT * FROM thing ORDER BY rowid")).fetchall()
    assert [value for row in found for value in row] == values


@pytest.mark.parametrize("number", [0, 1, bulk.ROWS_A_STATEMENT, bulk.ROWS_A_STATEMENT + 2])
def test_rows_that_lie_one_behind_the_other_are_written_as_rows(case: Case, number: int) -> None:
    rows = [(n, None if n % 2 else b"\x00", f"text {n}") for n in range(number)]
    with case.index("words") as s:
        s.exec_driver_sql("CREATE TABLE thing (a, b, c)")
        bulk.insert_values(s, "thing", ("a", "b", "c"), [value for row in rows for value in row])
        found = s.execute(text("SELECT a, b, c FROM thing ORDER BY rowid")).fetchall()
    assert [tuple(row) for row in found] == rows


FEW = bulk.VALUES_A_STATEMENT // 8
"""Things of two rows with four columns in the longest statement."""


@pytest.mark.parametrize(
    "number",
    [1, 2, bulk.ROWS_A_STATEMENT // 2 + 1, FEW - 1, FEW, 2 * FEW + bulk.ROWS_A_STATEMENT + 3],
)
def test_rows_that_share_values_are_written_as_rows(case: Case, number: int) -> None:
    ids, words = range(number), [f"text {n}" if n % 3 else None for n in range(number)]
    places = ((2, 0, 1, 3), (2, 1, 0, 3))
    with case.index("words") as s:
        s.exec_driver_sql("CREATE TABLE thing (a, b, c, d)")
        bulk.insert_alike(s, "thing", ("a", "b", "c", "d"), places, ("x", None), (ids, words))
        found = s.execute(text("SELECT a, b, c, d FROM thing ORDER BY rowid")).fetchall()
    rows = [[(n, "x", None, word), (n, None, "x", word)] for n, word in enumerate(words)]
    assert [tuple(row) for row in found] == [row for two in rows for row in two]


def test_of_rows_that_share_values_all_are_written_or_none(case: Case) -> None:
    with case.index("words") as s:
        s.exec_driver_sql("CREATE TABLE thing (a INTEGER PRIMARY KEY, b NOT NULL)")
    ids = [*range(2 * bulk.VALUES_A_STATEMENT), 0]
    with pytest.raises(DBAPIError), case.index("words") as s:
        bulk.insert_alike(s, "thing", ("a", "b"), ((1, 0),), ("x",), (ids,))
    with case.index("words") as s:
        assert s.execute(text("SELECT count(*) FROM thing")).scalar() == 0
