"""Ids by the million: what a select finds as an array, without a Python object for each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Select, func, select

ItemIds = npt.NDArray[np.int64]


def ids_of(s: Connection, statement: Select[tuple[int]]) -> ItemIds:
    """What a select of ids finds, as int64 array of shape (n,), in the order that it asks for.

    SQLite puts them into one text and holds up no other thread meanwhile: a million take a sixth of the time
    that they take one by one. It keeps the order of a select within one that puts texts together.
    """
    found = statement.subquery()
    (column,) = found.c
    text = s.execute(select(func.aggregate_strings(column, ","))).scalar()
    return np.fromstring(text or "", dtype=np.int64, sep=",")
