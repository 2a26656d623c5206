"""Searches written down and done again: how many items a search of the history finds now, and why more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, func, select

from casekit.errors import CaseKitError, QueryError
from casekit.ops import searches
from casekit.ops.journal import Changes
from casekit.progress import Progress
from casekit.queries import items
from casekit.queries.saved_searches import SearchCount, SearchRow
from casekit.queries.search_history import SearchRun
from casekit.search import finding, saved, term_report
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
        meant = saved.resolved(s, _together(scope, query), finding.zone(s))
        made = searches.record_search(
            s, query, hits, mode=mode, scope=scope, last_item=last, resolved=meant
        )
    return made.act


def search_again(case: Case, run: SearchRun) -> Again:
    """Do a search of the history again, in the same way: what a saved search in it meant then, it means now.

    Raises:
        QueryError: It can no longer be read.
    """
    text = run.resolved or _together(run.scope, run.query)
    if run.mode == "words":
        node = finding.query(case, text)
        with case.read() as s:
            ids = items.item_ids(s, node, order="id")
    else:
        mode: Mode = "meaning" if run.mode == "meaning" else "both"
        hits = finding.search(case, text, mode=mode, limit=max(run.hits, 1), spans=False).hits
        ids = np.array([hit.id for hit in hits], dtype=np.int64)
    return Again(len(ids), int((ids > run.last_item).sum()))


def count_saved(case: Case, row: SearchRow, progress: Progress | None = None) -> SearchCount:
    """Count what a saved search finds, with families, on one snapshot; keep the count; return it.

    Raises:
        QueryError: It cannot be read.
        CaseKitError: It goes by meaning, which gives ranks and no set.
    """
    if row.mode != "words":
        raise CaseKitError(
            "The saved search “{name}” goes by meaning: it gives ranks and no set to count.", name=row.name
        )  # fmt: skip
    made = term_report.report(case, [term_report.Term(1, row.query)], progress=progress)
    (term,) = made.rows
    if term.error:
        raise QueryError(term.error, query=row.query, position=term.position)
    count = SearchCount(
        term.hits, term.with_family, term.hash, term.resolved or row.query, made.head, "", made.at_us
    )  # fmt: skip
    with case.write() as s:
        searches.record_count(s, row.id, row.query, count)
    return count


def change_saved(
    s: Connection, row: SearchRow, *, name: str | None = None, query: str | None = None,
    mode: str | None = None, note: str | None = None,
) -> Changes:  # fmt: skip
    """Change a saved search; where it gets another name, the saved searches that hold it say so too.

    Raises:
        QueryError: The query cannot be read, or would hold itself.
        CaseKitError: As `ops.searches.change_search`.
    """
    zone = finding.zone(s)
    others: dict[int, str] = {}
    if name is not None and name.strip().lower() != row.name.lower():
        for other in saved.holders(s, row.name, zone):
            if other.id != row.id:
                others[other.id] = (
                    saved.renamed(other.query, row.name, name.strip(), zone) or other.query
                )
    changes = searches.change_search(
        s, row.id, name=name, query=query, mode=mode, note=note, others=others
    )  # fmt: skip
    if query is not None or name is not None:
        saved.read(s, query if query is not None else row.query, zone)
    return changes


def delete_saved(s: Connection, row: SearchRow) -> Changes:
    """Take a saved search away.

    Raises:
        CaseKitError: Other saved searches hold it; they are named.
    """
    names = [f"“{r.name}”" for r in saved.holders(s, row.name, finding.zone(s)) if r.id != row.id]
    if names:
        raise CaseKitError(
            "“{name}” stands in other saved searches, {names}: change those first.",
            name=row.name, names=", ".join(names),
        )  # fmt: skip
    return searches.delete_search(s, row.id)


def _together(scope: str, query: str) -> str:
    return f"({scope}) ({query})" if scope else query
