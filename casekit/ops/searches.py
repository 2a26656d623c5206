"""Saved searches: a name for a query, so that a list can be made again."""

from __future__ import annotations

from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.store.tables import saved_search


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
