"""Many rows at once: into a table without giving up the interpreter for each, and without a look for cycles.

The driver lets go of Python's lock for every statement it runs. One row a statement, two threads at work
on a case spend a third of their time handing that lock to each other.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Sequence
from itertools import chain
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
