"""Many rows at once: into a table without giving up the interpreter for each, and without a look for cycles.

The driver lets go of Python's lock for every statement it runs. One row a statement, two threads at work
on a case spend a third of their time handing that lock to each other.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection

VALUES_A_STATEMENT = 2000
"""So many at most where there are many rows, and then `ROWS_A_STATEMENT`: the longer, the fewer calls."""
ROWS_A_STATEMENT = 50
COLLECT_AFTER = 1_000_000
"""New objects before cycles among them are looked for; usually 700. No batch of rows has as many."""


@contextlib.contextmanager
def rare_collections() -> Iterator[None]:
    """Rows come by the hundred thousand and hold no cycles: looking for some costs a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def insert_rows(
    s: Connection, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert plain tuples, whose values stand in the order of `names`; either all or an error."""
    insert_values(s, table, names, list(chain.from_iterable(rows)))


def insert_values(s: Connection, table: str, names: Sequence[str], values: list[Any]) -> None:
    """Insert rows that lie one behind the other in one list, in the order of `names`; all or an error."""
    width = len(names)
    head = f"INSERT INTO {table} ({', '.join(names)}) VALUES "
    one = f"({', '.join('?' * width)})"
    done = 0
    for rows in (max(ROWS_A_STATEMENT, VALUES_A_STATEMENT // width), ROWS_A_STATEMENT, 1):
        step = rows * width
        whole = len(values) - (len(values) - done) % step
        if done < whole:
            bound = [tuple(values[at : at + step]) for at in range(done, whole, step)]
            s.exec_driver_sql(head + ", ".join([one] * rows), bound)
        done = whole


Places = tuple[tuple[int, ...], ...]
"""Of each row that a thing makes, the places of its values among those that are alike and the thing's own."""


def insert_alike(
    s: Connection,
    table: str,
    names: Sequence[str],
    places: Places,
    alike: Sequence[Any],
    columns: Sequence[Sequence[Any]],
) -> None:
    """Insert rows that share values, each of which is handed over once a statement; all or an error.

    Args:
        s: The session.
        table: Where.
        names: Of the columns.
        places: How a thing's rows are put together.
        alike: Values that all share.
        columns: The other values, each column with one for every thing; there is at least one.
    """
    left, width, same = len(columns[0]), len(columns), tuple(alike)
    rows = max(map(len, places)) * len(places)
    flat = chain.from_iterable(zip(*columns, strict=True))
    for things in (max(1, VALUES_A_STATEMENT // rows), max(1, ROWS_A_STATEMENT // len(places)), 1):
        count, left = divmod(left, things)
        if count:
            bound = [(*same, *islice(flat, things * width)) for _ in range(count)]
            statement = _alike(table, tuple(names), places, len(same), width, things)
            s.exec_driver_sql(statement, bound)


@lru_cache(maxsize=200)
def _alike(
    table: str, names: tuple[str, ...], places: Places, alike: int, width: int, things: int
) -> str:
    rows = [
        f"({','.join([f'?{at + 1 if at < alike else at + 1 + thing * width}' for at in row])})"
        for thing in range(things)
        for row in places
    ]
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES {','.join(rows)}"
