"""The items of a case on one axis of time: how many lie in each stretch of it, by track and by group.

Only instants that may be relied on stand on the axis: those whose source says the zone, and those of which a
person has decided it. Times that nobody has decided are counted apart, where they were assumed to be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.queries import events
from casekit.queries.events import EventRow
from casekit.queries.zones import LEFT_OUT, zone_of
from casekit.store.arrays import NO_TIME, Codes, Columns, Ints
from casekit.store.tables import receipt, time_decision, time_shift

Step = Literal["hour", "day", "week", "month", "year"]
STEPS: tuple[Step, ...] = ("hour", "day", "week", "month", "year")
TRACKS = ("api", "letters", "documents")
"""API records; mails, messages and entries of calendars; everything else."""
GROUPS = ("role", "account", "model", "kind")
"""What the API records can be told apart by."""
MOST_GROUPS = 6
MOST_STRETCHES = 100_000
ON_SCREEN = 240
_API, _LETTERS = ("exchange", "request", "record"), ("mail", "message", "event")
_HOUR_US = 3_600_000_000
_FAR = 4
"""A few items whose time lies so many times farther off than all others do not stretch the first view."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The items of a case in order of time.

    Attributes:
        ids: Ids of the items whose instant may be relied on, int64 of shape (n,).
        us: Their instants as decided, ascending, microseconds since 1970 UTC.
        track: Their places in `TRACKS`.
        groups: For each of `GROUPS` their places in `words`.
        undecided: Ids of those of which nobody has decided the zone; `undecided_us` are their instants as
            assumed, ascending.
        left_out: How many were decided not to be used.
        unclear: How many have a time as written that tells no instant, such as one without a year.
        without: How many have no time at all.
        events: What people have put on the timeline, and facts that have a date.
    """

    ids: Ints
    us: Ints
    track: npt.NDArray[np.int8]
    groups: dict[str, Codes]
    words: dict[str, list[str]]
    undecided: Ints
    undecided_us: Ints
    left_out: int
    unclear: int
    without: int
    events: tuple[EventRow, ...] = ()
    series_of: dict[str, list[Series]] = field(default_factory=dict, repr=False)
    us_of: dict[str, Ints] = field(default_factory=dict, repr=False)

    def span(self) -> tuple[int, int] | None:
        """The first instant of all and the one after the last; None where nothing has a time."""
        starts = [int(a[0]) for a in (self.us, self.undecided_us) if len(a)]
        stops = [int(a[-1]) + 1 for a in (self.us, self.undecided_us) if len(a)]
        starts += [e.start_us for e in self.events]
        stops += [e.stop_us for e in self.events]
        return (min(starts), max(stops)) if starts else None

    def first_view(self) -> tuple[int, int] | None:
        """The span to begin with: without the few items that lie far off from all others."""
        whole = self.span()
        if whole is None or len(self.us) < 20:
            return whole and _wider(*whole)
        low, high = (int(v) for v in np.quantile(self.us, [0.005, 0.995]))
        low = min([low, *(e.start_us for e in self.events)])
        high = max([high, *(e.stop_us for e in self.events)])
        if (high - low) * _FAR > whole[1] - whole[0]:
            return _wider(*whole)
        return _wider(low, high)

    def between(self, start_us: int, stop_us: int, tracks: Sequence[str] = TRACKS) -> Ints:
        """Ids of the items from one instant up to, not including, another, in order of time."""
        first, last = np.searchsorted(self.us, [start_us, stop_us])
        wanted = np.isin(self.track[first:last], [TRACKS.index(track) for track in tracks])
        return self.ids[first:last][wanted]

    def undecided_between(self, start_us: int, stop_us: int) -> Ints:
        """Ids of the items without a decided zone that are assumed to lie there."""
        first, last = np.searchsorted(self.undecided_us, [start_us, stop_us])
        return self.undecided[first:last]

    def series(self, group: str) -> list[Series]:
        """The API records told apart: a series for each value with most of them, and one for the rest."""
        if group not in self.series_of:
            self.series_of[group] = list(_series(self, group))
        return self.series_of[group]

    def track_us(self, track: str) -> Ints:
        """The instants of a track's items, ascending."""
        if track not in self.us_of:
            self.us_of[track] = self.us[self.track == TRACKS.index(track)]
        return self.us_of[track]


@dataclass(frozen=True, slots=True)
class Series:
    """API records of one value of a group; `value` is empty where they have none, `rest` marks all others."""

    value: str
    us: Ints
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items lie in each stretch of time.

    Attributes:
        by: The length of a stretch; `zone` is where its days begin.
        edges: Where the stretches begin, and where the last ends: one more than there are.
        api: API records of each series by stretch, int64 of shape (series, stretches).
        values: Which series these are, as `Series.value`; the last may be the rest (`has_rest`).
        tracks: The items of every track by stretch.
        undecided: Items without a decided zone, where they were assumed to be.
    """

    by: Step
    zone: str
    edges: Ints
    api: Ints
    values: tuple[str, ...]
    has_rest: bool
    tracks: dict[str, Ints]
    undecided: Ints


def _wider(start_us: int, stop_us: int) -> tuple[int, int]:
    """A span with some room on both sides."""
    room = max(stop_us - start_us, _HOUR_US) // 40
    return start_us - room, stop_us + room


def axis(s: Connection, columns: Columns) -> Axis:
    """Put the items of the columns in order of time, as people have decided of their zones by now."""
    us, is_open, is_left_out = decided(s, columns)
    has = (us != NO_TIME) & ~is_open & ~is_left_out
    marks = sorted([*events.events(s), *events.fact_events(s)], key=lambda row: row.start_us)
    order = np.flatnonzero(has)
    order = order[np.argsort(us[order], kind="stable")]
    late = np.flatnonzero(is_open)
    late = late[np.argsort(us[late], kind="stable")]
    nothing = columns.sent_us == NO_TIME
    groups, words = _groups(s, columns, order)
    kinds = columns.words["kind"]
    of_kind = np.array(
        [0 if kind in _API else 1 if kind in _LETTERS else 2 for kind in kinds], dtype=np.int8
    )
    return Axis(
        ids=columns.ids[order], us=us[order], track=of_kind[columns.codes["kind"][order]],
        groups=groups, words=words, undecided=columns.ids[late], undecided_us=us[late],
        left_out=int(is_left_out.sum()), unclear=int((nothing & columns.is_written).sum()),
        without=int((nothing & ~columns.is_written).sum()), events=tuple(marks),
    )  # fmt: skip


def counts(
    axis: Axis, start_us: int, stop_us: int, *, by: Step | None = None, group: str = "role",
    zone: str = "UTC",
) -> Counts:  # fmt: skip
    """How many items lie in each stretch between two instants.

    Args:
        axis: The items.
        start_us: Within the first stretch.
        stop_us: The last stretch begins before it.
        by: Length of a stretch; None takes the shortest that gives no more than `ON_SCREEN`.
        group: One of `GROUPS`.
        zone: In which days, months and years begin.

    Raises:
        CaseKitError: There would be too many stretches.
    """
    by = by or fitting(stop_us - start_us)
    lines = edges(start_us, stop_us, by, zone)
    series = axis.series(group)

    def count(us: Ints) -> Ints:
        return np.diff(np.searchsorted(us, lines))

    api = [count(each.us) for each in series]
    return Counts(
        by, zone, lines, np.array(api, dtype=np.int64).reshape(len(api), len(lines) - 1),
        tuple(each.value for each in series), bool(series) and series[-1].rest,
        {track: count(axis.track_us(track)) for track in TRACKS}, count(axis.undecided_us),
    )  # fmt: skip


def fitting(length_us: int, most: int = ON_SCREEN) -> Step:
    """The shortest step of which a length of time holds no more than `most`."""
    return next((step for step in STEPS if length_us <= _LENGTH_US[step] * most), STEPS[-1])


def edges(start_us: int, stop_us: int, by: Step, zone: str = "UTC") -> Ints:
    """Where the stretches begin that cover two instants, and where the last one ends, in a zone's calendar.

    Raises:
        CaseKitError: There would be more than `MOST_STRETCHES`.
    """
    where = zone_of(zone)
    if (stop_us - start_us) // _LENGTH_US[by] > MOST_STRETCHES:
        raise CaseKitError(
            "From {first} to {last} there are too many stretches of one {by}: choose longer ones.",
            first=clock.iso(start_us)[:10], last=clock.iso(stop_us)[:10], by=by,
        )  # fmt: skip
    if by == "hour":
        begin = _local(start_us, where).replace(minute=0, second=0, microsecond=0)
        first = clock.to_us(begin.astimezone(dt.UTC))
        return np.arange(first, max(stop_us, first + 1) + _HOUR_US, _HOUR_US, dtype=np.int64)
    day = _floor(_local(start_us, where).date(), by)
    found = [_midnight(day, where)]
    while len(found) < 2 or found[-1] < stop_us:
        day = _next(day, by)
        found.append(_midnight(day, where))
    return np.array(found, dtype=np.int64)


_OLDEST, _NEWEST = 2, 9998
_LENGTH_US = {
    "hour": _HOUR_US, "day": 24 * _HOUR_US, "week": 7 * 24 * _HOUR_US, "month": 30 * 24 * _HOUR_US,
    "year": 365 * 24 * _HOUR_US,
}  # fmt: skip


def _floor(day: dt.date, by: Step) -> dt.date:
    match by:
        case "week":
            return day - dt.timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def _next(day: dt.date, by: Step) -> dt.date:
    match by:
        case "week":
            return day + dt.timedelta(days=7)
        case "month":
            return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
        case "year":
            return day.replace(year=day.year + 1)
        case _:
            return day + dt.timedelta(days=1)


def _local(us: int, zone: dt.tzinfo) -> dt.datetime:
    moment = clock.from_us(us)
    return moment.astimezone(zone if _OLDEST < moment.year < _NEWEST else dt.UTC)


def _midnight(day: dt.date, zone: dt.tzinfo) -> int:
    zone = (
        zone if _OLDEST < day.year < _NEWEST else dt.UTC
    )  # beyond, a calendar has no day to go to
    return clock.to_us(dt.datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(dt.UTC))


# -- what was decided -------------------------------------------------------------------------------


def decided(
    s: Connection, columns: Columns
) -> tuple[Ints, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Instants as decided; which nobody has decided; which are left out. As `queries.times.instant_of` says."""
    us = columns.sent_us.copy()
    zones = columns.words["sent_zone"]
    assumed = np.array([zone.startswith("assumed:") for zone in zones])
    is_open = assumed[columns.codes["sent_zone"]] & (us != NO_TIME)
    is_left_out = np.zeros(len(us), dtype=np.bool_)
    rows = np.flatnonzero(is_open)
    if not len(rows):
        return us, is_open, is_left_out
    rule = np.stack([
        columns.original[rows], columns.codes["sent_field"][rows], columns.codes["sent_zone"][rows]
    ])  # fmt: skip
    named, which = np.unique(rule, axis=1, return_inverse=True)
    fields, place = columns.words["sent_field"], {}
    for n, (original_id, field_code, zone_code) in enumerate(named.T):
        place[(int(original_id), fields[field_code], zones[zone_code])] = n
    rows = rows[np.argsort(which, kind="stable")]
    starts = np.concatenate([[0], np.cumsum(np.bincount(which, minlength=named.shape[1]))])
    stretches: dict[int, list[tuple[int, int, int]]] = {}
    for found in s.execute(select(time_shift)):
        stretches.setdefault(found.decision_id, []).append(
            (found.from_us, found.until_us, found.shift_us)
        )
    for said in s.execute(select(time_decision)):
        slot = place.get((said.original_id, said.field, said.rule))
        if slot is None:
            continue
        mine = rows[starts[slot] : starts[slot + 1]]
        if said.reading == LEFT_OUT:
            is_left_out[mine], is_open[mine] = True, False
        at = columns.sent_us[mine]
        for first, until, shift in stretches.get(said.id, ()):
            here = mine[(at >= first) & (at < until)]
            us[here] = columns.sent_us[here] + shift
            is_open[here] = False
    return us, is_open, is_left_out


# -- groups -----------------------------------------------------------------------------------------


def _groups(
    s: Connection, columns: Columns, order: Ints
) -> tuple[dict[str, Codes], dict[str, list[str]]]:
    roles = [""]
    of_original = np.zeros(int(columns.original.max(initial=0)) + 1, dtype=np.int32)
    query = select(receipt.c.original_id, receipt.c.role).where(receipt.c.role.is_not(None))
    for original_id, role in s.execute(query.order_by(receipt.c.id.desc())):
        if role not in roles:
            roles.append(role)
        if original_id < len(of_original):
            of_original[original_id] = roles.index(role)  # of several receipts the first says it
    codes = {name: columns.codes[name][order] for name in ("account", "model", "kind")}
    words = {name: columns.words[name] for name in codes}
    return {**codes, "role": of_original[columns.original[order]]}, {**words, "role": roles}


def _series(axis: Axis, group: str) -> list[Series]:
    api = axis.track == 0
    codes, us = axis.groups[group][api], axis.us[api]
    totals = np.bincount(codes, minlength=1)
    most = [int(n) for n in np.argsort(-totals, kind="stable")[:MOST_GROUPS] if totals[n]]
    found = [Series(axis.words[group][n], us[codes == n]) for n in most]
    rest = us[~np.isin(codes, most)]
    return [*found, Series("", rest, rest=True)] if len(rest) else found
