"""Saved searches: a name for a query, so that a list can be made again."""

from __future__ import annotations

import orjson
from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.store.tables import custody, saved_search

RUN, NOTE = "search.run", "search.annotate"


def save_search(s: Connection, name: str, query: str, mode: str = "words") -> Changes:
    """Save a query under a name; the same name again replaces it."""
    if not name.strip():
        raise CaseKitError("A saved search needs a name.")
    act = Act(s, "search.save", f"Search “{name}” saved")
    known = s.execute(select(saved_search.c.id).where(saved_search.c.name == name)).scalar()
    values = {"name": name.strip(), "query": query, "mode": mode}
    if known is None:
        act.insert(saved_search, values)
    else:
        act.update(saved_search, {"id": known}, values)
    return act.record({"searches"})


def delete_search(s: Connection, search_id: int) -> Changes:
    """Take a saved search away."""
    act = Act(s, "search.delete", "Saved search taken away")
    act.delete(saved_search, {"id": search_id})
    return act.record({"searches"})


def record_search(
    s: Connection,
    query: str,
    hits: int,
    *,
    mode: str = "words",
    scope: str = "",
    last_item: int = 0,
) -> Changes:
    """Write down what was searched and how many items were found: an act of work that changes nothing.

    Args:
        s: Writing session.
        query: As written.
        hits: Items found; by meaning: items listed.
        mode: As `search.search` takes it.
        scope: The query within whose items it searched.
        last_item: Id of the last item that the case had then.
    """
    args = {"query": query, "mode": mode, "scope": scope, "hits": hits, "last_item": last_item}
    act = Act(s, RUN, f"Searched for “{query}”", args=args)
    return act.record({"history"}, undoable=False, extra={"searched": True})


def annotate_search(s: Connection, number: int, text: str) -> Changes:
    """Write a remark on a search of the history; the last one counts, and the ones before stay in the log.

    Raises:
        CaseKitError: There is no such search.
    """
    known = s.execute(select(custody.c.leaf).where(custody.c.seq == number)).scalar()
    if known is None or orjson.loads(known)["op"] != RUN:
        raise CaseKitError(
            "Entry {number} of the log is no search: look in the history.", number=number
        )
    act = Act(s, NOTE, "Search annotated", args={"act": number, "text": text.strip()})
    return act.record({"history"}, undoable=False, extra={"annotated": True})
