"""Saved searches: a name for a query, so that a list can be made again."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries.saved_searches import SearchCount, SearchRow, query_hash, saved_searches
from casekit.store.search_tables import saved_search, saved_search_about, saved_search_count
from casekit.store.tables import custody

RUN, NOTE = "search.run", "search.annotate"
_KINDS = ("searches",)


def save_search(
    s: Connection, name: str, query: str, mode: str = "words", *, note: str | None = None
) -> Changes:
    """Save a query under a name; the same name again, in any case of its letters, replaces it.

    Args:
        s: Writing session.
        name: Spaces round it are left out.
        query: As written.
        mode: As `search.search` takes it.
        note: What is to be said of it; None keeps what there is.
    """
    name = _checked(name)
    act = Act(s, "search.save", f"Search “{name}” saved")
    known = _named(s, name)
    values = {"name": name, "query": query.strip(), "mode": mode}
    if known is None:
        search_id = int(act.insert(saved_search, values))
    else:
        search_id = known.id
        act.update(saved_search, {"id": search_id}, values)
    _say(act, search_id, note)
    return act.record(_KINDS)


def change_search(
    s: Connection,
    search_id: int,
    *,
    name: str | None = None,
    query: str | None = None,
    mode: str | None = None,
    note: str | None = None,
    others: Mapping[int, str] | None = None,
) -> Changes:
    """Change a saved search; what is None stays as it is.

    Args:
        s: Writing session.
        search_id: Of the search.
        name: Another name, which no other saved search may have.
        query: As written.
        mode: As `search.search` takes it.
        note: What is to be said of it.
        others: By id, queries of other saved searches in which it is called by its new name.

    Raises:
        CaseKitError: It is not there, or the name is taken or empty.
    """
    row = read_row(s, saved_search, {"id": search_id})
    if row is None:
        raise CaseKitError("This saved search is no longer there.")
    values: dict[str, str] = {}
    if name is not None:
        values["name"] = _checked(name)
        taken = _named(s, values["name"])
        if taken is not None and taken.id != search_id:
            raise CaseKitError(
                "A saved search “{name}” is there already: choose another name.", name=taken.name
            )
    if query is not None:
        values["query"] = query.strip()
    if mode is not None:
        values["mode"] = mode
    act = Act(s, "search.change", f"Saved search “{values.get('name', row['name'])}” changed")
    if values:
        act.update(saved_search, {"id": search_id}, values)
    for other, text in (others or {}).items():
        act.update(saved_search, {"id": other}, {"query": text})
    _say(act, search_id, note)
    return act.record(_KINDS)


def delete_search(s: Connection, search_id: int) -> Changes:
    """Take a saved search away, with what was said of it."""
    act = Act(s, "search.delete", "Saved search taken away")
    act.delete(saved_search_about, {"search_id": search_id})
    act.delete(saved_search, {"id": search_id})
    return act.record(_KINDS)


def record_count(s: Connection, search_id: int, query: str, count: SearchCount) -> Changes:
    """Keep what a saved search found: a record of work that stands in the way of no undo.

    Args:
        s: Writing session.
        search_id: Of the search.
        query: As it was written when it was counted.
        count: What was found; who counts, and when, is put in here.
    """
    act = Act(
        s,
        "search.count",
        f"Saved search counted: {count.hits:,}, {count.with_family:,} with family",
    )
    act.insert(
        saved_search_count,
        {
            "search_id": search_id, "query_sha256": query_hash(query), "resolved": count.resolved,
            "hits": count.hits, "with_family": count.with_family, "hits_sha256": count.hits_sha256,
            "head": count.head, "by": s.info["actor"], "at_us": clock.now_us(),
        },
    )  # fmt: skip
    return act.record({"searches"}, undoable=False)


def _checked(name: str) -> str:
    if not name.strip():
        raise CaseKitError("A saved search needs a name.")
    return name.strip()


def _named(s: Connection, name: str) -> SearchRow | None:
    return next((row for row in saved_searches(s) if row.name.lower() == name.lower()), None)


def _say(act: Act, search_id: int, note: str | None) -> None:
    """Write who saved it and when, with what is said of it."""
    known = read_row(act.s, saved_search_about, {"search_id": search_id})
    said = (known["note"] if known else "") if note is None else note.strip()
    values = {"note": said, "by": act.s.info["actor"], "at_us": clock.now_us()}
    if known is None:
        act.insert(saved_search_about, {"search_id": search_id, **values})
    else:
        act.update(saved_search_about, {"search_id": search_id}, values)


def record_search(
    s: Connection,
    query: str,
    hits: int,
    *,
    mode: str = "words",
    scope: str = "",
    last_item: int = 0,
    resolved: str = "",
) -> Changes:
    """Write down what was searched and how many items were found: an act of work that changes nothing.

    Args:
        s: Writing session.
        query: As written.
        hits: Items found; by meaning: items listed.
        mode: As `search.search` takes it.
        scope: The query within whose items it searched.
        last_item: Id of the last item that the case had then.
        resolved: Scope and query with every saved search in them put in its place; empty where they hold none.
            It is kept with its SHA-256, because the names may stand for something else later.
    """
    args = {"query": query, "mode": mode, "scope": scope, "hits": hits, "last_item": last_item}
    if resolved:
        args |= {"resolved": resolved, "resolved_sha256": query_hash(resolved).hex()}
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
