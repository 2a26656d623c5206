"""Saved searches: the name of a query, who saved it, what was written of it, and what it found last."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.store.search_tables import saved_search, saved_search_about, saved_search_count


@dataclass(frozen=True, slots=True)
class SearchCount:
    """What a saved search found when it was counted.

    Attributes:
        hits: Items; `with_family` with the items of their families.
        hits_sha256: Over the digests of the hits in order of their ids: equal for the same items alone.
        resolved: The query with every saved search in it put in its place, as it was counted.
        head: The custody entry after which it was counted.
    """

    hits: int
    with_family: int
    hits_sha256: bytes
    resolved: str
    head: int
    by: str
    at_us: int


@dataclass(frozen=True, slots=True)
class SearchRow:
    """A saved search.

    Attributes:
        by: Who saved or changed it last, `at_us` when; empty and 0 of one saved by an older version.
        count: The last count of the query as it is written now, None if it was not counted since.
    """

    id: int
    name: str
    query: str
    mode: str
    note: str = ""
    by: str = ""
    at_us: int = 0
    count: SearchCount | None = None


def saved_searches(s: Connection) -> list[SearchRow]:
    """Saved searches by name."""
    a = saved_search_about.c
    query = (
        select(saved_search, a.note, a.by, a.at_us)
        .outerjoin(saved_search_about, a.search_id == saved_search.c.id)
        .order_by(saved_search.c.name)
    )
    counts = {(r.search_id, r.query_sha256): r for r in s.execute(
        select(saved_search_count).order_by(saved_search_count.c.id)
    )}  # fmt: skip
    found = []
    for r in s.execute(query):
        last = counts.get((r.id, query_hash(r.query)))
        count = None if last is None else SearchCount(
            last.hits, last.with_family, last.hits_sha256, last.resolved, last.head, last.by, last.at_us
        )  # fmt: skip
        found.append(
            SearchRow(r.id, r.name, r.query, r.mode, r.note or "", r.by or "", r.at_us or 0, count)
        )
    return found


def saved_search_named(s: Connection, name: str) -> SearchRow:
    """The saved search of that name, in any case of its letters.

    Raises:
        CaseKitError: There is none.
    """
    wanted = name.strip().lower()
    found = next((row for row in saved_searches(s) if row.name.lower() == wanted), None)
    if found is None:
        raise CaseKitError(
            "There is no saved search “{name}”: look at the list of them.", name=name.strip()
        )
    return found


def query_hash(query: str) -> bytes:
    """SHA-256 of a query as it is written, in UTF-8 (32 bytes)."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).digest()
