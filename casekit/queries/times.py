"""Times whose zone had to be assumed: which they are, what was decided of them, and what may rest on them.

An item keeps for ever the instant that was assumed when it was read. A person decides for all times of one
original, field and rule in which zone they are read, and every reader of instants asks here for the result:
`usable` is the one condition for tests that need exact instants, `instant_us` the one value to sort by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, not_, or_, select

from casekit.queries.zones import (
    DAY_US,
    HOUR_US,
    LEFT_OUT,
    MAPPED,
    ORDER_ASSUMED,
    SWAPPED_US,
    doubt,
)
from casekit.store.tables import item, original, receipt, time_decision, time_shift

TimeState = Literal["", "exact", "undecided", "decided", "left-out"]
STATES = ("exact", "undecided", "decided", "left-out")
SAMPLES = 3
CHUNK = 400
_FARTHEST_US = SWAPPED_US + 2 * DAY_US
"""No doubt and no decision moves an instant so far: lets ranges be looked up in the index by date."""


@dataclass(frozen=True, slots=True)
class TimeDecision:
    """What a person decided.

    Attributes:
        reading: `as-assumed`, `left-out`, an offset or a zone.
        swapped: Whether day and month are the other way round than was assumed.
    """

    reading: str
    reason: str
    by: str
    at_us: int
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class TimeGroup:
    """The times of one original, field and rule, which are decided together.

    Attributes:
        number: The id of the first of its items, by which commands call it.
        sha256: Of the original (hex); `path` is its first receipt's.
        field: Where the times stood; `rule` is what was assumed, without the `assumed:`.
        first_us: The earliest instant as assumed; `last_us` is the latest.
        samples: Some of its texts as written.
        decision: None until someone has decided.
    """

    number: int
    sha256: str
    path: str
    field: str
    rule: str
    items: int
    first_us: int
    last_us: int
    samples: tuple[str, ...]
    decision: TimeDecision | None

    @property
    def is_day_open(self) -> bool:
        """Whether day and month may be the other way round."""
        return self.rule.endswith(ORDER_ASSUMED)


@dataclass(frozen=True, slots=True)
class Instant:
    """The time of an item, and how far it can be relied on.

    Attributes:
        us: The earliest instant it may be, as decided; as assumed where nothing is decided or it is left out.
        assumed_us: As assumed when the item was read.
        state: `exact` (its source says the zone), `undecided`, `decided` or `left-out`; empty without a time.
        rule: What was assumed, without the `assumed:`; empty for exact ones.
        wide_us: How much later it may be all the same: the decided zone's clock skips this time or shows
            it twice.
        decision: What was decided; an undecided time has one where the decision does not reach so far.
    """

    us: int | None = None
    assumed_us: int | None = None
    state: TimeState = ""
    rule: str = ""
    wide_us: int = 0
    decision: TimeDecision | None = None

    @property
    def is_sure(self) -> bool:
        """Whether it is neither undecided nor left out nor wide."""
        return self.state in ("", "exact", "decided") and not self.wide_us

    @property
    def off_hours(self) -> int:
        """By how many hours an undecided time may be off, either way, if its day is right."""
        off = max(doubt(f"assumed:{self.rule}"))
        return (off - SWAPPED_US if self.is_day_open else off) // HOUR_US

    @property
    def is_day_open(self) -> bool:
        """Whether day and month may be the other way round, which a decision on the zone settles too."""
        return self.rule.endswith(ORDER_ASSUMED)


def is_assumed() -> ColumnElement[bool]:
    """The condition that an item has a time whose zone was assumed, whatever was decided of it."""
    rule = func.coalesce(func.substr(item.c.sent_zone, 1, 8), "")
    return and_(item.c.sent_us.is_not(None), rule == "assumed:")


def usable() -> ColumnElement[bool]:
    """The condition that an item's instant may be used exactly: its source says the zone, or a person has.

    The instant is `instant_us()` then, later by at most the `wide_us` of `instants`, which counts as its
    resolution.
    """
    return and_(item.c.sent_us.is_not(None), or_(not_(is_assumed()), _is_decided()))


def instant_us() -> ColumnElement[Any]:
    """An item's instant as decided, as assumed where nothing is decided; null without a time."""
    shift = select(time_shift.c.shift_us).where(*_match()).correlate(item).scalar_subquery()
    return case((is_assumed(), item.c.sent_us + func.coalesce(shift, 0)), else_=item.c.sent_us)


def stated_us() -> ColumnElement[Any]:
    """An item's instant where its source says the zone, else null: for what is computed once and kept.

    What was kept would otherwise have to change with every decision.
    """
    return case((not_(is_assumed()), item.c.sent_us), else_=None)


def by_instant(s: Connection) -> ColumnElement[Any]:
    """What a list by date is sorted by; the bare column, which has an index, while nothing is decided."""
    decided = s.execute(select(time_shift.c.decision_id).limit(1)).first()
    return item.c.sent_us if decided is None else instant_us()


def in_range(
    start_us: int | None, stop_us: int | None, *, surely: bool = False
) -> ColumnElement[bool]:
    """The condition that an item's time lies from `start_us` up to, not including, `stop_us`.

    A time that nobody has decided lies in a range that it may reach under any zone of the world, so that no
    item is lost over a doubt. One that is left out lies in no range.

    Args:
        start_us: Microseconds since 1970 UTC, or None where open; likewise `stop_us`.
        stop_us: See there.
        surely: Only times that lie in it whatever the doubt comes to.
    """
    us, shifted = item.c.sent_us, item.c.sent_us + time_shift.c.shift_us
    wide = shifted + time_shift.c.wide_us
    either = [and_(not_(is_assumed()), *_between(us, us, start_us, stop_us))]
    first, last = (shifted, wide) if surely else (wide, shifted)
    decided = _exists_shift(*_between(first, last, start_us, stop_us))
    either.append(and_(is_assumed(), decided))
    early, late = (_doubt(n) for n in (0, 1))
    first, last = (us - early, us + late) if surely else (us + late, us - early)
    either.append(and_(is_undecided(), *_between(first, last, start_us, stop_us)))
    near = _between(
        us,
        us,
        None if start_us is None else start_us - _FARTHEST_US,
        None if stop_us is None else stop_us + _FARTHEST_US,
    )
    return and_(us.is_not(None), *near, or_(*either))


def in_state(state: str) -> ColumnElement[bool]:
    """The condition that an item's time is in one of `STATES`."""
    match state:
        case "undecided":
            return is_undecided()
        case "decided":
            return and_(is_assumed(), _is_decided())
        case "left-out":
            return is_left_out()
        case _:
            return and_(item.c.sent_us.is_not(None), not_(is_assumed()))


def is_undecided() -> ColumnElement[bool]:
    """The condition that an item's time had to be assumed and no decision covers it."""
    return and_(is_assumed(), not_(_is_decided()), not_(is_left_out()))


def is_left_out() -> ColumnElement[bool]:
    """The condition that a person has decided that an item's time is not to be used."""
    decided = select(time_decision.c.id).where(*_same(), time_decision.c.reading == LEFT_OUT)
    return and_(is_assumed(), exists(decided.correlate(item)))


def instants(s: Connection, ids: Sequence[int]) -> dict[int, Instant]:
    """The times of some items, those without a time left out."""
    found: dict[int, Instant] = {}
    for start in range(0, len(ids), CHUNK):
        query = with_times(select(item.c.id, item.c.sent_us, item.c.sent_zone, *TIME_COLUMNS))
        for row in s.execute(query.where(item.c.id.in_(ids[start : start + CHUNK]))):
            if row.sent_us is not None:
                found[row.id] = instant_of(row)
    return found


TIME_COLUMNS = (
    time_decision.c.reading, time_decision.c.reason, time_decision.c.swapped,
    time_decision.c.by.label("decided_by"),
    time_decision.c.at_us.label("decided_us"), time_shift.c.shift_us, time_shift.c.wide_us,
)  # fmt: skip


def with_times(query: Any) -> Any:
    """A select of items with `TIME_COLUMNS`, joined to what was decided of their times."""
    covered = and_(
        time_shift.c.decision_id == time_decision.c.id,
        time_shift.c.from_us <= item.c.sent_us,
        time_shift.c.until_us > item.c.sent_us,
    )
    return query.outerjoin(time_decision, and_(*_same())).outerjoin(time_shift, covered)


def instant_of(row: Any) -> Instant:
    """The time of a row that has `sent_us`, `sent_zone` and `TIME_COLUMNS`."""
    us, rule = row.sent_us, row.sent_zone or ""
    if us is None:
        return Instant()
    if not rule.startswith("assumed:"):
        return Instant(us, us, "exact")
    rule = rule.removeprefix("assumed:").strip()
    if row.reading is None:
        return Instant(us, us, "undecided", rule)
    said = TimeDecision(row.reading, row.reason, row.decided_by, row.decided_us, bool(row.swapped))
    if row.shift_us is None:
        return Instant(
            us, us, "left-out" if said.reading == LEFT_OUT else "undecided", rule, 0, said
        )
    return Instant(us + row.shift_us, us, "decided", rule, row.wide_us, said)


def reach(time: Instant, resolution_us: int | None = None) -> tuple[int, int] | None:
    """The first and the last instant that a time may be; None without one, or where it is left out.

    Args:
        time: Of an item.
        resolution_us: What its source's text can express, in microseconds; None where that is unknown.
    """
    if time.us is None or time.state == "left-out":
        return None
    early, late = doubt(f"assumed:{time.rule}") if time.state == "undecided" else (0, 0)
    return time.us - early, time.us + late + max(time.wide_us, (resolution_us or 1) - 1)


def groups(s: Connection, *, undecided: bool = False) -> list[TimeGroup]:
    """All groups of assumed times in order of their first items.

    Args:
        s: Reading session.
        undecided: Only those of which nobody has decided anything.
    """
    field = func.coalesce(item.c.sent_field, "")
    counted = (
        select(
            func.min(item.c.id).label("number"), item.c.original_id, field.label("field"), item.c.sent_zone,
            func.count().label("items"), func.min(item.c.sent_us).label("first_us"),
            func.max(item.c.sent_us).label("last_us"),
        )
        .where(is_assumed())
        .group_by(item.c.original_id, field, item.c.sent_zone)
        .subquery()
    )  # fmt: skip
    same = and_(
        time_decision.c.original_id == counted.c.original_id,
        time_decision.c.field == counted.c.field,
        time_decision.c.rule == counted.c.sent_zone,
    )
    path = select(receipt.c.path).where(receipt.c.original_id == counted.c.original_id)
    query = (
        select(
            counted, original.c.sha256, time_decision.c.reading, time_decision.c.reason,
            time_decision.c.by, time_decision.c.at_us, time_decision.c.swapped,
            path.order_by(receipt.c.id).limit(1).scalar_subquery().label("path"),
        )
        .join(original, original.c.id == counted.c.original_id)
        .outerjoin(time_decision, same)
        .order_by(counted.c.number)
    )  # fmt: skip
    if undecided:
        query = query.where(time_decision.c.id.is_(None))
    return [_group(s, row) for row in s.execute(query).all()]


def group_of(s: Connection, item_id: int) -> int | None:
    """The number of the group that an item's time is in; None where its zone was not assumed."""
    mine = select(item).where(item.c.id == item_id, is_assumed()).subquery()
    same = (
        item.c.original_id == mine.c.original_id,
        func.coalesce(item.c.sent_field, "") == func.coalesce(mine.c.sent_field, ""),
        item.c.sent_zone == mine.c.sent_zone,
    )
    return s.execute(select(func.min(item.c.id)).where(*same, is_assumed())).scalar()


def undecided_groups(s: Connection) -> int:
    """How many groups nobody has decided yet."""
    return len(groups(s, undecided=True))


def _group(s: Connection, row: Any) -> TimeGroup:
    texts = (
        select(item.c.sent_raw)
        .where(
            item.c.original_id == row.original_id,
            func.coalesce(item.c.sent_field, "") == row.field,
            item.c.sent_zone == row.sent_zone,
            item.c.sent_raw.is_not(None),
        )
        .distinct()
        .limit(SAMPLES)
    )
    decision = row.reading and TimeDecision(
        row.reading, row.reason, row.by, row.at_us, bool(row.swapped)
    )
    return TimeGroup(
        number=row.number, sha256=row.sha256.hex(), path=row.path or "", field=row.field,
        rule=row.sent_zone.removeprefix("assumed:").strip(), items=row.items, first_us=row.first_us,
        last_us=row.last_us, samples=tuple(s.execute(texts).scalars()), decision=decision or None,
    )  # fmt: skip


def _same() -> tuple[ColumnElement[bool], ...]:
    """That a decision is about an item's time."""
    return (
        time_decision.c.original_id == item.c.original_id,
        time_decision.c.field == func.coalesce(item.c.sent_field, ""),
        time_decision.c.rule == item.c.sent_zone,
    )


def _match() -> tuple[ColumnElement[bool], ...]:
    """That a stretch of time is of the decision about an item's time, and holds it."""
    return (
        *_same(),
        time_shift.c.decision_id == time_decision.c.id,
        time_shift.c.from_us <= item.c.sent_us,
        time_shift.c.until_us > item.c.sent_us,
    )


def _exists_shift(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(time_shift.c.decision_id).where(*_match(), *conditions).correlate(item))


def _is_decided() -> ColumnElement[bool]:
    return _exists_shift()


def _doubt(end: int) -> ColumnElement[int]:
    """How far an undecided time may be earlier (0) or later (1), by its rule."""
    mapped = func.substr(item.c.sent_zone, 1, len(MAPPED)) == MAPPED
    orders = [(item.c.sent_zone.endswith(rule), doubt(rule)[end]) for rule in ORDER_ASSUMED]
    return case((mapped, doubt(MAPPED)[end]), *orders, else_=doubt("")[end])


def _between(
    first: ColumnElement[Any], last: ColumnElement[Any], start_us: int | None, stop_us: int | None
) -> list[ColumnElement[bool]]:
    """That `first` is not before the start and `last` before the stop, where they are given."""
    bounds = [] if start_us is None else [first >= start_us]
    return bounds if stop_us is None else [*bounds, last < stop_us]
