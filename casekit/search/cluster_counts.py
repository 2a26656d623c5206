"""Counts of a list by what was computed over it: near-duplicates, topics, named clusters, hidden characters."""

from __future__ import annotations

from collections.abc import MutableMapping

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from casekit.queries import clusters, facets, items
from casekit.queries.filters import FieldIs
from casekit.store import hiding

Ids = npt.NDArray[np.int64]
Kept = MutableMapping[str, tuple[int, Ids]]
"""By kind the time at which groups were computed, and the group of every item (0: none)."""

FIELDS = ("cluster", "topic", "near", "hidden")
LABEL_WORDS = 3


def count(s: Connection, name: str, ids: Ids, kept: Kept) -> tuple[list[str], Ids, list[str]]:
    """Values of one of the fields, how many of some items have each, and how each is told.

    Args:
        s: Reading session.
        name: One of `FIELDS`.
        ids: The items.
        kept: What was read before; it is filled.
    """
    if name == "cluster":
        return _named(s, ids)
    if name == "hidden":
        kinds = [(k, np.array(i, dtype=np.int64)) for k, i in facets.hidden_by_item(s)]
        numbers = [int(np.isin(i, ids).sum()) for _, i in kinds]
        return [k for k, _ in kinds], np.array(numbers, dtype=np.int64), [""] * len(kinds)
    made = clusters.standing(s, name).made
    if made is None:
        return [], np.zeros(0, np.int64), []
    if name == "near":
        inside = _near(s, made.at_us, kept)
        number = int(inside[ids[ids < len(inside)]].astype(bool).sum())
        return [clusters.ANY], np.array([number]), [""]
    codes = _codes(s, name, made.at_us, kept)
    rows = clusters.topics(s)
    counts = np.bincount(
        codes[ids[ids < len(codes)]], minlength=max((r.id for r in rows), default=0) + 1
    )
    labels = [f"{r.id}  {', '.join(r.words[:LABEL_WORDS])}" for r in rows]
    return [str(r.id) for r in rows], counts[[r.id for r in rows]], labels


def _named(s: Connection, ids: Ids) -> tuple[list[str], Ids, list[str]]:
    rows = clusters.named(s)
    counts = [
        int(np.isin(clusters.items_of_named(s, row.id), ids, assume_unique=True).sum())
        for row in rows
    ]
    return [row.name for row in rows], np.array(counts, dtype=np.int64), [""] * len(rows)


def _near(s: Connection, at_us: int, kept: Kept) -> Ids:
    if not hiding.is_hiding(s):
        return _codes(s, "near", at_us, kept)
    found = items.item_ids(s, FieldIs("near", clusters.ANY), order="id")
    inside = np.zeros(int(found.max(initial=0)) + 1, np.int64)
    inside[found] = 1
    return inside


def _codes(s: Connection, name: str, at_us: int, kept: Kept) -> Ids:
    known = kept.get(name)
    if known is None or known[0] != at_us:
        kept[name] = known = at_us, _read(s, name)
    return known[1]


def _read(s: Connection, name: str) -> Ids:
    m = clusters.near_member if name == "near" else clusters.topic_member
    number = clusters.near_member.c.group_id if name == "near" else clusters.topic_member.c.topic_id
    rows = np.array(s.execute(select(m.c.item_id, number)).all(), dtype=np.int64).reshape(-1, 2)
    codes = np.zeros(int(rows[:, 0].max(initial=0)) + 1, np.int64)
    codes[rows[:, 0]] = rows[:, 1]
    return codes
