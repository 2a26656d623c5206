import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from casekit.store import bulk
from casekit.store.case import Case


@pytest.mark.parametrize("number", [0, 1, bulk.ROWS_A_STATEMENT, 3 * bulk.ROWS_A_STATEMENT + 7])
def test_every_row_is_written_in_order(case: Case, number: int) -> None:
    rows = [(f"key {n:03}", f"value {n}") for n in range(number)]
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


@pytest.mark.parametrize("number", [0, 1, bulk.ROWS_A_STATEMENT, bulk.ROWS_A_STATEMENT + 2])
def test_rows_that_lie_one_behind_the_other_are_written_as_rows(case: Case, number: int) -> None:
    rows = [(n, None if n % 2 else b"\x00", f"text {n}") for n in range(number)]
    with case.index("words") as s:
        s.exec_driver_sql("CREATE TABLE thing (a, b, c)")
        bulk.insert_values(s, "thing", ("a", "b", "c"), [value for row in rows for value in row])
        found = s.execute(text("SELECT a, b, c FROM thing ORDER BY rowid")).fetchall()
    assert [tuple(row) for row in found] == rows
