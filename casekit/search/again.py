"""Searches written down and done again: how many items a search of the history finds now, and why more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select

from casekit.ops import searches
from casekit.queries import items
from casekit.queries.search_history import SearchRun
from casekit.search import finding
from casekit.search.finding import Mode
from casekit.store.case import Case
from casekit.store.tables import item


@dataclass(frozen=True, slots=True)
class Again:
    """Items that a search finds now, and how many of them the case did not have then."""

    hits: int
    received_since: int


def record_run(case: Case, query: str, hits: int, mode: str = "words", scope: str = "") -> int:
    """Write a search into the history and return the number of its entry."""
    with case.write() as s:
        last = int(s.execute(select(func.max(item.c.id))).scalar() or 0)
        made = searches.record_search(s, query, hits, mode=mode, scope=scope, last_item=last)
    return made.act


def search_again(case: Case, run: SearchRun) -> Again:
    """Do a search of the history again, in the same way.

    Raises:
        QueryError: It can no longer be read.
    """
    text = f"({run.scope}) ({run.query})" if run.scope else run.query
    if run.mode == "words":
        node = finding.query(case, text)
        with case.read() as s:
            ids = items.item_ids(s, node, order="id")
    else:
        mode: Mode = "meaning" if run.mode == "meaning" else "both"
        hits = finding.search(case, text, mode=mode, limit=max(run.hits, 1), spans=False).hits
        ids = np.array([hit.id for hit in hits], dtype=np.int64)
    return Again(len(ids), int((ids > run.last_item).sum()))
