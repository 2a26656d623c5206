"""A10 beside days on which nothing was released: is the move to a new model more than a group's usual change?

The statistic is the share of a group's requests in 72 hours that went to models its accounts had not asked
before, less that of the accounts in no group; accounts without a request before are left out. It is computed
from the hour of a release and, the same, from that hour of every day whose 72 hours meet no release. Windows
of neighbouring days share requests, so that the p is a rank among days and no smaller than their number
allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np

from casekit.analysis.usage import release
from casekit.analysis.usage.frame import DAY_US, Floats, Frame, Ints

DAYS = release.WINDOW_US // DAY_US
LEAST_DATES = 10


@dataclass(frozen=True, slots=True)
class Placebo:
    """A group's move at a release, and at other dates.

    Attributes:
        model: The new model.
        share: Of the group's requests in 72 hours, to models new to its accounts; `outside` of those in none.
        dates: How many days without a release it was computed for.
        mean: Mean over these of the group's share less that outside; `most` is the largest.
        p: The rank of the release's among them.
    """

    model: str
    share: float
    outside: float
    dates: int
    mean: float
    most: float
    p: float


def compare(
    frame: Frame, group_of: Ints, groups: int
) -> tuple[tuple[Placebo | None, ...], str, str]:
    """The largest of the releases for each group beside days without one; the query; why there is none."""
    new = [] if frame.lacking("us", "model") else release.releases(frame)
    if not new:
        return (None,) * groups, "", "no model appears in this log after its first week"
    best: list[Placebo | None] = [None] * groups
    queries = []
    for one in new:
        table, query = _daily(frame, one["first_us"])
        queries.append(query)
        starts = [(other["first_us"] - one["first_us"]) / DAY_US for other in new]
        first = -((one["first_us"] - (frame.first_us or 0)) // DAY_US)
        last = ((frame.last_us or 0) - one["first_us"]) // DAY_US
        dates = _dates(first + release.QUIET_DAYS, last - DAYS, starts)
        if len(dates) < LEAST_DATES:
            continue
        for n in range(groups):
            made = _of_group(table, group_of, n, dates, str(one["model"]))
            kept = best[n]
            if made and (kept is None or made.share - made.outside > kept.share - kept.outside):
                best[n] = made
    why = "" if any(best) else f"fewer than {LEAST_DATES} days of this log are apart from releases"
    return tuple(best), "; ".join(queries), why


def _daily(frame: Frame, begin: int) -> tuple[tuple[Ints, Ints, Ints, Ints], str]:
    """Account, model, day counted from an instant, and requests; with the query."""
    log = frame.log.filter(frame.log.us.notnull() & frame.log.model.notnull())
    day = (log.us - begin) // DAY_US
    query = log.group_by("account", "model", day=day.cast("int64")).aggregate(n=ibis._.count())
    query = query.order_by("account", "model", "day")
    found = frame.fetch(query)
    _, model = np.unique(
        np.array(found["model"].to_pylist(), dtype=object).astype(str), return_inverse=True
    )
    days, n = (np.asarray(found[name], dtype=np.int64) for name in ("day", "n"))
    return (frame.numbers(found["account"]), model.astype(np.int64), days, n), frame.sql(query)


def _dates(first: int, last: int, releases: Sequence[float]) -> Ints:
    """Days whose window lies in the log and meets no release's."""
    return np.array(
        [d for d in range(first, last + 1) if all(abs(d - r) >= DAYS for r in releases)],
        dtype=np.int64,
    )


def _of_group(
    table: tuple[Ints, Ints, Ints, Ints], group_of: Ints, group: int, dates: Ints, model: str
) -> Placebo | None:
    at = np.r_[0, dates]
    mine = _moved(table, group_of == group, at)
    rest = _moved(table, group_of < 0, at)
    apart = mine - rest
    if np.isnan(apart[0]):
        return None
    others = apart[1:][~np.isnan(apart[1:])]
    if len(others) < LEAST_DATES:
        return None
    p = (1 + int((others >= apart[0] - 1e-12).sum())) / (1 + len(others))
    return Placebo(
        model, float(mine[0]), float(rest[0]), len(others), float(others.mean()),
        float(others.max()), p,
    )  # fmt: skip


def _moved(table: tuple[Ints, Ints, Ints, Ints], chosen: Any, dates: Ints) -> Floats:
    """The share, from each date on for three days, that went to models new to the account; NaN without any."""
    account, model, day, n = (column[chosen[table[0]]] for column in table)
    if not len(account):
        return np.full(len(dates), np.nan)
    pair, back = np.unique(account * (int(model.max()) + 1) + model, return_inverse=True)
    first_of_pair = np.full(len(pair), np.iinfo(np.int64).max)
    np.minimum.at(first_of_pair, back, day)
    first = np.full(int(account.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, account, day)
    shares = np.full(len(dates), np.nan)
    for k, date in enumerate(dates):
        inside = (day >= date) & (day < date + DAYS) & (first[account] < date)
        total = int(n[inside].sum())
        if total:
            shares[k] = int(n[inside & (first_of_pair[back] >= date)].sum()) / total
    return shares
