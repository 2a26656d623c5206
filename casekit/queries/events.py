"""Events of the timeline: what people have put there, and what a date as they write it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select

from casekit.errors import CaseKitError
from casekit.queries import moments
from casekit.store.fact_tables import fact
from casekit.store.people_tables import timeline_event

KINDS = ("release", "letter", "legal", "other")


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event.

    Attributes:
        kind: One of `KINDS`.
        starts: Its date as written, as precise as it is known; `ends` likewise, empty for one date.
        zone: In which the dates are read: `UTC`, an offset or a name such as `Asia/Shanghai`.
        start_us: Its first instant; `stop_us` is the first one after it.
        item_id: The item that tells of it, or None.
        fact_id: The fact that it is, which is changed among the facts; None for an event. A fact's `kind` is
            `fact`, and its `note` says whether it is disputed.
    """

    id: int
    kind: str
    title: str
    starts: str
    ends: str
    zone: str
    start_us: int
    stop_us: int
    item_id: int | None
    note: str
    by: str
    at_us: int
    fact_id: int | None = None

    @property
    def when(self) -> str:
        """The dates as written."""
        return f"{self.starts} … {self.ends}" if self.ends else self.starts


def events(s: Connection) -> list[EventRow]:
    """All events in order of time."""
    query = select(timeline_event).order_by(timeline_event.c.start_us, timeline_event.c.id)
    return [_row(found) for found in s.execute(query)]


def event(s: Connection, number: int) -> EventRow:
    """One event.

    Raises:
        CaseKitError: There is none of that number.
    """
    found = s.execute(select(timeline_event).where(timeline_event.c.id == number)).first()
    if found is None:
        raise CaseKitError("There is no event {n} on the timeline.", n=number)
    return _row(found)


def bounds(starts: str, ends: str, zone: str) -> tuple[int, int]:
    """The first instant of a date or a range of dates as people write them, and the first one after it.

    Raises:
        CaseKitError: One is no date, the zone is none, or it ends before it starts.
    """
    first, last = moments.stretch(starts, zone), moments.stretch(ends or starts, zone)
    if last[1] <= first[0]:
        raise CaseKitError("The event ends before it starts: exchange its two dates.")
    return first[0], last[1]


def fact_events(s: Connection) -> list[EventRow]:
    """The facts that have a date, as events, in order of time; one open to a side is that one instant."""
    query = select(fact).where(or_(fact.c.from_us.is_not(None), fact.c.until_us.is_not(None)))
    rows = [_fact(found) for found in s.execute(query)]
    return sorted(rows, key=lambda row: (row.start_us, row.fact_id or 0))


def _fact(found: Any) -> EventRow:
    start = found.until_us - 1 if found.from_us is None else found.from_us
    stop = start + 1 if found.until_us is None else found.until_us
    starts = (
        found.date_from
        if found.date_kind in ("on", "range")
        else f"{found.date_kind} {found.date_from}"
    )
    return EventRow(
        id=0, kind="fact", title=" ".join(found.text.split()), starts=starts, ends=found.date_to,
        zone=found.zone, start_us=start, stop_us=stop, item_id=None, note=found.status, by=found.by,
        at_us=found.at_us, fact_id=found.id,
    )  # fmt: skip


def _row(found: Any) -> EventRow:
    return EventRow(
        id=found.id, kind=found.kind, title=found.title, starts=found.starts, ends=found.ends or "",
        zone=found.zone, start_us=found.start_us, stop_us=found.stop_us, item_id=found.item_id,
        note=found.note or "", by=found.by, at_us=found.at_us,
    )  # fmt: skip
