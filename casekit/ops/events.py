"""Putting events on the timeline, changing them and taking them off."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.queries import events, items, sequestered
from casekit.store.people_tables import timeline_event

LONGEST = 400


def add_event(
    s: Connection, title: str, starts: str, *, ends: str = "", zone: str = "UTC", kind: str = "other",
    item_id: int | None = None, note: str = "",
) -> Changes:  # fmt: skip
    """Put an event on the timeline.

    Args:
        s: Writing session.
        title: What happened.
        starts: When, as precisely as it is known: `2026`, `2026-03`, `2026-03-14` or `2026-03-14 09:30`.
        ends: The last date of a range; empty for one date.
        zone: In which the dates are read: `UTC`, an offset or a name such as `Asia/Shanghai`.
        kind: One of `queries.events.KINDS`.
        item_id: The item that tells of it.
        note: Whatever else is to be said of it.

    Raises:
        CaseKitError: A value is none, or there is no such item.
    """
    values = _values(title, starts, ends, zone, kind, note)
    if item_id is not None:
        sequestered.refuse(s, [item_id])
        if not items.rows(s, [item_id]):
            raise sequestered.missing(s, item_id)
    act = Act(s, "event.add", "Event put on the timeline")
    more = {"item_id": item_id, "by": s.info["actor"], "at_us": clock.now_us()}
    act.insert(timeline_event, {**values, **more})
    return act.record({"events"}, [] if item_id is None else [item_id])


def change_event(s: Connection, number: int, **changed: str) -> Changes:
    """Change an event: any of `title`, `starts`, `ends`, `zone`, `kind` and `note`.

    Raises:
        CaseKitError: There is none of that number, or a value is none.
    """
    known = events.event(s, number)
    names = ("title", "starts", "ends", "zone", "kind", "note")
    values = _values(*(changed.get(name, getattr(known, name)) for name in names))
    act = Act(s, "event.change", "Event of the timeline changed", args={"event": number})
    act.update(timeline_event, {"id": number}, values)
    return act.record({"events"}, [] if known.item_id is None else [known.item_id])


def drop_event(s: Connection, number: int) -> Changes:
    """Take an event off the timeline; `undo` puts it back.

    Raises:
        CaseKitError: There is none of that number.
    """
    known = events.event(s, number)
    act = Act(s, "event.drop", "Event taken off the timeline", args={"event": number})
    act.delete(timeline_event, {"id": number})
    return act.record({"events"}, [] if known.item_id is None else [known.item_id])


def _values(title: str, starts: str, ends: str, zone: str, kind: str, note: str) -> dict[str, Any]:
    title = " ".join(title.split())
    if not title or len(title) > LONGEST:
        raise CaseKitError("An event needs a title of up to {n} characters.", n=LONGEST)
    if kind not in events.KINDS:
        raise CaseKitError(
            "The kind of an event must be one of {kinds}.", kinds=", ".join(events.KINDS)
        )
    start_us, stop_us = events.bounds(starts, ends, zone)
    return {
        "title": title, "starts": starts.strip(), "ends": ends.strip() or None, "zone": zone, "kind": kind,
        "note": note.strip() or None, "start_us": start_us, "stop_us": stop_us,
    }  # fmt: skip
