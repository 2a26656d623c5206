"""A14: when accounts appear, how fast they set to work, and whether new ones take over from silent ones.

A log tells no sign-ups and no suspensions, so that an account's life is from its first request to its last.
Those of the log's first week may have been there before and are no births; those heard of in its last week
may still live. The null moves births between a group and its matched controls: the group's accounts appear
when any account with as many requests does, which is what sign-ups apart from one another do, whatever the
season.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
from numpy.typing import NDArray

from casekit.analysis.usage import controls
from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import DAY_US, HOUR_US, Floats, Frame, Ints
from casekit.analysis.usage.infrastructure import Group
from casekit.analysis.usage.scripts import OfGroup, Scripts

QUIET_US = 7 * DAY_US
LEAST = 5  # requests of an account whose silence counts
LEAST_BORN = 3
DRAWS = 1_999
FORBIDDEN = (401, 403)
READS_AS = "accounts that are made in stock, and replaced when they fall silent"
INNOCENT = (
    "A course, a product’s launch or a new customer’s staff begin on one day.",
    "Keys and accounts are renewed by plan, and their work goes on elsewhere.",
)


@dataclass(frozen=True, slots=True)
class Lives:
    """First and last usable instant (microseconds UTC) of every account, and which of them count.

    Attributes:
        first: First request.
        last: Last request.
        born: Whether the first lies after the log's first week.
        silent: Whether it had `LEAST` requests, the last more than a week before the log ends.
        refused: Requests of the last hour that were refused as forbidden (401, 403).
        query: Where first and last come from.
    """

    first: Ints
    last: Ints
    born: NDArray[np.bool_]
    silent: NDArray[np.bool_]
    refused: Ints
    query: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of a group, the mean of the same count under the null, and the p."""

    count: int
    expected: float
    p: float


@dataclass(frozen=True, slots=True)
class Cycle:
    """The life cycle of one group.

    Attributes:
        born: Members that appear after the log's first week.
        together: Most of them in one day, None with fewer than `LEAST_BORN`.
        silent: Members that fell silent; `refused` of them were refused as forbidden at the end.
        resumed: Those after whose silence another member appeared within a day and followed a script that
            both follow, None where nobody fell silent or appeared.
    """

    born: int
    together: Counted | None
    silent: int
    refused: int
    resumed: Counted | None


def lives(frame: Frame) -> Lives | str:
    """The lives of all accounts, or why the log does not tell them."""
    if why := frame.lacking("us"):
        return why
    assert frame.first_us is not None
    assert frame.last_us is not None
    if frame.last_us - frame.first_us < 2 * QUIET_US:
        return "this log is shorter than two weeks"
    query = _spans(frame)
    first, last, total = frame.by_account(query, "first", "last", "total")
    born = (total > 0) & (first >= frame.first_us + QUIET_US)
    silent = (total >= LEAST) & (last <= frame.last_us - QUIET_US)
    refused = np.zeros(len(total), dtype=np.int64)
    if frame.present["status"]:
        (refused,) = frame.by_account(_forbidden(frame, query), "refused")
    return Lives(first, last, born, silent, refused, frame.sql(query))


def measure(frame: Frame, known: Lives) -> Measure:
    """The share of an account's requests in the day after its first, of those whose first day is seen."""
    log, spans = frame.log, _spans(frame)
    joined = log.inner_join(spans, "account")
    query = joined.filter(joined.us < joined.first + DAY_US)
    query = query.group_by("account").aggregate(begun=ibis._.count())
    (hits,) = frame.by_account(query, "begun")
    (total,) = frame.by_account(spans, "total")
    seen = known.born & (known.first <= (frame.last_us or 0) - DAY_US) & (total >= LEAST)
    values = np.where(seen, hits / np.maximum(total, 1), np.nan)
    what = "share of requests in the day after the account’s first, if that is not in the log’s first week"
    return Measure("A14", "start", what, hits, total, values, frame.sql(query))


def cycle(
    known: Lives, of: Ints, found: Scripts, own: OfGroup, group: Group, group_of: Ints,
    seed: Sequence[int],
) -> Cycle:  # fmt: skip
    """The life cycle of a group.

    Args:
        known: Lives of all accounts.
        of: Requests of all accounts, by which they are matched.
        found: Scripts.
        own: Those that are the group's.
        group: The group.
        group_of: Group of every account, -1 outside of all.
        seed: Of the draws.
    """
    number = int(group_of[group.members[0]])
    rng = np.random.Generator(np.random.PCG64(list(seed)))
    strata = controls.classes(of, known.born)
    members = np.flatnonzero((group_of == number) & known.born)
    silent = group.members[known.silent[group.members]]
    refused = int((known.refused[silent] > 0).sum())
    moved = _moved(known.first, strata, group_of, members, rng)
    if len(members) < LEAST_BORN or moved is None:
        return Cycle(len(members), None, len(silent), refused, None)
    births = known.first[members]
    together = _counted(int(crowded(births[None])[0]), crowded(moved))
    if not len(silent):
        return Cycle(len(members), together, 0, 0, None)
    alike = _alike(found, own, silent, members)
    ends = known.last[silent]
    seen = int(followed(ends, births[None], alike)[0])
    resumed = _counted(seen, followed(ends, moved, alike))
    return Cycle(len(members), together, len(silent), refused, resumed)


def crowded(births: Ints) -> Ints:
    """Most births within one day, for each row of instants."""
    rows, many = births.shape
    ordered = np.sort(births, axis=1)
    base = int(ordered.min())
    width = int(ordered.max()) - base + 2 * DAY_US
    flat = (ordered - base + np.arange(rows)[:, None] * width).ravel()
    until = np.searchsorted(flat, flat + DAY_US, side="right")
    return np.asarray((until - np.arange(rows * many)).reshape(rows, many).max(axis=1))


def followed(ends: Ints, births: Ints, alike: NDArray[np.bool_]) -> Ints:
    """Ends after which one that is alike is born within a day, for each row of births.

    Args:
        ends: Instants.
        births: Rows of instants.
        alike: For each end and each place of a row, whether they follow the same script.
    """
    found = np.zeros(len(births), dtype=np.int64)
    for end, like in zip(ends, alike, strict=True):
        after = births[:, like] - end
        found += ((after > 0) & (after <= DAY_US)).any(axis=1)
    return found


def _spans(frame: Frame) -> Any:
    log = frame.log.filter(frame.log.us.notnull())
    return log.group_by("account").aggregate(
        first=log.us.min(), last=log.us.max(), total=log.count()
    )


def _forbidden(frame: Frame, spans: Any) -> Any:
    log = frame.log.filter(frame.log.us.notnull() & frame.log.status.isin(FORBIDDEN))
    joined = log.inner_join(spans, "account")
    at_end = joined.filter(joined.us >= joined.last - HOUR_US)
    return at_end.group_by("account").aggregate(refused=ibis._.count())


def _moved(
    first: Ints, strata: Ints, group_of: Ints, members: Ints, rng: np.random.Generator
) -> Ints | None:
    """Rows of births as the null draws them, in order of members; None where a class has no controls."""
    if not len(members):
        return None
    made = np.zeros((DRAWS, len(members)), dtype=np.int64)
    number = int(group_of[members[0]])
    for one in np.unique(strata[members]):
        at = np.flatnonzero(strata[members] == one)
        others = controls.controls_of(strata, group_of, number, int(one))
        if not len(others):
            return None
        pool = np.r_[members[at], others]
        lots = rng.random((DRAWS, len(pool)), dtype=np.float32)
        made[:, at] = first[pool[np.argsort(lots, axis=1, kind="stable")[:, : len(at)]]]
    return made


def _alike(found: Scripts, own: OfGroup, silent: Ints, born: Ints) -> NDArray[np.bool_]:
    """Whether an account that fell silent and another one that appeared follow the same own script."""
    place = {int(c): n for n, c in enumerate(own.clusters)}
    kept = np.isin(found.cluster, own.clusters)
    follows: dict[int, set[int]] = {}
    for account, cluster in set(
        zip(found.account[kept].tolist(), found.cluster[kept].tolist(), strict=True)
    ):
        follows.setdefault(account, set()).add(place[cluster])
    nothing: set[int] = set()
    return np.array(
        [
            [
                a != b and bool(follows.get(a, nothing) & follows.get(b, nothing))
                for b in born.tolist()
            ]
            for a in silent.tolist()
        ],
        dtype=bool,
    ).reshape(len(silent), len(born))


def _counted(seen: int, null: Ints | Floats) -> Counted:
    p = (1 + int((null >= seen).sum())) / (1 + len(null))
    return Counted(seen, float(null.mean()), p)
