"""What the figures of a usage finding are drawn from: who asked when, who bears what, who moved when.

Accounts of a group that is not named have no name here either. Beside every group stand accounts of no group
with as many requests, nameless: what is drawn of a group can be seen beside what is usual.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np

from casekit.analysis.stats import interval
from casekit.analysis.usage import networks, release
from casekit.analysis.usage.frame import DAY_US, HOUR_US, Frame, Ints
from casekit.analysis.usage.infrastructure import Group, Traits
from casekit.analysis.usage.running import Run

MOST_BINS = 120
BINS_US = (
    HOUR_US,
    3 * HOUR_US,
    6 * HOUR_US,
    12 * HOUR_US,
    DAY_US,
    7 * DAY_US,
    28 * DAY_US,
    364 * DAY_US,
)
MOST_GROUPS = 6
MOST_ROWS = 400
"""Accounts drawn of all groups together; the first by name of each."""
MOST_TRAITS = 24
MOST_BESIDE = 40
MOST_PLACES = 6
ADOPTION_STEPS, ADOPTION_US = 29, 6 * HOUR_US  # a week after a release, by quarters of a day


@dataclass(frozen=True, slots=True)
class _Time:
    """Requests by account and stretch of time: rows of account, stretch and count."""

    first_us: int
    step_us: int
    bins: int
    account: Ints
    stretch: Ints
    n: Ints
    query: str

    def rows(self, chosen: Sequence[int] | Ints) -> list[list[int]]:
        """Counts by stretch of some accounts."""
        place = {int(account): k for k, account in enumerate(chosen)}
        counts = np.zeros((len(place), self.bins), dtype=np.int64)
        inside = np.flatnonzero(np.isin(self.account, list(place)))
        at = np.array([place[int(account)] for account in self.account[inside]], dtype=np.int64)
        np.add.at(counts, (at, self.stretch[inside]), self.n[inside])
        made: list[list[int]] = counts.tolist()
        return made

    def sums(self, chosen: Ints | None = None) -> list[int]:
        """Counts by stretch of some accounts together, or of all."""
        inside = slice(None) if chosen is None else np.isin(self.account, chosen)
        made = np.bincount(self.stretch[inside], weights=self.n[inside], minlength=self.bins)
        return [int(value) for value in made]


def plots(run: Run) -> dict[str, Any]:
    """Counts by stretch of time, traits and adoption of the groups that are drawn: the named ones first."""
    frame = run.frame
    drawn = _chosen(run)
    told: dict[str, Any] = {"v": 1, "groups": []}
    time = _time(frame)
    if time is not None:
        told |= {"first_us": time.first_us, "step_us": time.step_us, "bins": time.bins}
        told |= {"query": time.query, "log": time.sums()}
    left = MOST_ROWS
    for n, members in drawn:
        members = members[:left]
        left -= len(members)
        group = run.groups[n]
        named = set(run.verdicts[n].named.tolist())
        row: dict[str, Any] = {
            "group": n + 1,
            "accounts": [frame.accounts[k] if k in named else None for k in members],
            "members": len(group.members),
            **_borne(group, run.traits, members, named=bool(named)),
        }
        if time is not None:
            row["counts"] = time.rows(members)
            row["all"] = time.sums(group.members)
            row["beside"] = time.rows(_beside(run, members))
        told["groups"].append(row)
    told["releases"] = _releases(run, [n for n, _ in drawn])
    told["places"] = _places(run, [n for n, _ in drawn])
    return told


def _chosen(run: Run) -> list[tuple[int, Ints]]:
    """The groups that are drawn, with their accounts: the named ones first."""
    order = sorted(range(len(run.verdicts)), key=lambda n: (not len(run.verdicts[n].named), n))
    chosen = []
    for n in order[:MOST_GROUPS]:
        members, named = run.groups[n].members, run.verdicts[n].named
        chosen.append((n, np.concatenate([named, np.setdiff1d(members, named)])))
    return chosen


def _time(frame: Frame) -> _Time | None:
    """The log by account and stretch of time, in as many stretches as a page can show; None without times."""
    if frame.first_us is None or frame.last_us is None:
        return None
    length = frame.last_us - frame.first_us + 1
    step = next((s for s in BINS_US if length <= s * MOST_BINS), BINS_US[-1])
    first = frame.first_us // step * step
    bins = min(2 * MOST_BINS, (frame.last_us - first) // step + 1)
    log = frame.log.filter(frame.log.us.notnull())
    by = log.group_by("account", stretch=(log.us - first) // step).aggregate(n=ibis._.count())
    query = by.order_by("account", "stretch")
    found = frame.fetch(query)
    stretch = np.minimum(np.asarray(found["stretch"], dtype=np.int64), bins - 1)
    n = np.asarray(found["n"], dtype=np.int64)
    return _Time(first, step, bins, frame.numbers(found["account"]), stretch, n, frame.sql(query))


def _beside(run: Run, members: Ints) -> list[int]:
    """Accounts of no group, each with as many requests as one of the members, none twice."""
    free = np.flatnonzero(run.group_of < 0)
    free = free[np.argsort(run.frame.requests[free], kind="stable")]
    sizes = run.frame.requests[free]
    taken: set[int] = set()
    found = []
    for member in members[:MOST_BESIDE]:
        at = int(np.searchsorted(sizes, run.frame.requests[member]))
        for reach in range(len(free)):
            near = [k for k in (at - reach, at + reach) if 0 <= k < len(free) and k not in taken]
            if near:
                taken.add(near[0])
                found.append(int(free[near[0]]))
                break
    return found


def _borne(group: Group, borne: Traits, members: Ints, *, named: bool) -> dict[str, Any]:
    """The traits that link a group, those of most accounts first, and which of them each account bears."""
    values = sorted({v for cell in group.cells for v in (cell.left, cell.right)})
    inside = np.isin(borne.account, group.members) & np.isin(borne.value, values)
    held = np.bincount(borne.value[inside], minlength=len(borne.names))
    most = sorted(values, key=lambda v: (int(borne.kind[v]), -int(held[v]), v))
    if len(most) > MOST_TRAITS:
        kept = set(sorted(values, key=lambda v: (-int(held[v]), v))[:MOST_TRAITS])
        most = [v for v in most if v in kept]
    column = {v: k for k, v in enumerate(most)}
    rows: dict[int, set[int]] = {int(member): set() for member in members}
    for account, value in zip(borne.account.tolist(), borne.value.tolist(), strict=True):
        if account in rows and value in column:
            rows[account].add(column[value])
    return {
        "traits": [
            {"kind": borne.names[v][0], "value": borne.names[v][1] if named else None, "bearers": int(held[v])}
            for v in most
        ],
        "more_traits": len(values) - len(most),
        "borne": [sorted(rows[int(member)]) for member in members],
    }  # fmt: skip


def _releases(run: Run, drawn: Sequence[int]) -> list[dict[str, Any]]:
    """Of each new model: how many accounts of a group, and of no group, had asked it by step after step."""
    frame = run.frame
    if frame.lacking("us", "model"):
        return []
    told = []
    for new in release.releases(frame):
        log = frame.log.filter(frame.log.us >= new["first_us"])
        query = log.group_by("account").aggregate(
            moved=ibis.ifelse(log.model == new["model"], log.us, ibis.null("int64")).min(),
            total=ibis._.count(),
        )
        found = frame.fetch(query.order_by("account"))
        at = frame.numbers(found["account"])
        active = np.zeros(len(frame.accounts), dtype=bool)
        active[at] = True
        moved = np.full(len(frame.accounts), np.iinfo(np.int64).max)
        moved[at] = np.asarray(found["moved"].fill_null(np.iinfo(np.int64).max), dtype=np.int64)
        since = np.arange(ADOPTION_STEPS) * ADOPTION_US + new["first_us"]

        def reached(
            chosen: Any, active: Any = active, moved: Any = moved, since: Any = since
        ) -> Any:
            inside = moved[chosen & active]
            return [int((inside <= edge).sum()) for edge in since]

        groups = []
        for n in drawn:
            chosen = run.group_of == n
            groups.append(
                {"group": n + 1, "accounts": int((chosen & active).sum()), "moved": reached(chosen)}
            )
        outside = run.group_of < 0
        told.append(
            {
                "model": new["model"], "first_us": new["first_us"], "step_us": ADOPTION_US, "groups": groups,
                "ungrouped": {"accounts": int((outside & active).sum()), "moved": reached(outside)},
                "query": frame.sql(query),
            }
        )  # fmt: skip
    return told


def _places(run: Run, drawn: Sequence[int]) -> list[dict[str, Any]]:
    """How many accounts of a group, and of no group, ask mostly from which country or kind of network.

    Rows are the most frequent places, `other` for all further ones, `several` where none has most of an
    account's requests, and `unknown` where the log does not tell: accounts counted once each, with the exact
    interval of their share.
    """
    told = []
    outside = np.flatnonzero(run.group_of < 0).tolist()
    for by, column, listed in (("country", "country", None), ("network", "asn", run.networks)):
        if not run.frame.present.get(column) or (by == "network" and listed is None):
            continue
        most = networks.mostly(run.frame, column, listed)
        for n in drawn:
            members = run.groups[n].members.tolist()
            mine, rest = (Counter(most[k] for k in some) for some in (members, outside))
            names: list[str | None] = sorted(
                (place for place in mine.keys() | rest.keys() if place),
                key=lambda place: (-mine[place], -rest[place], str(place)),
            )
            rows: list[tuple[str, str, list[str | None]]] = []
            rows += [(str(name), "place", [name]) for name in names[:MOST_PLACES]]
            rows += [
                ("", "other", names[MOST_PLACES:]),
                ("", "several", [networks.SEVERAL]),
                ("", "unknown", [None]),
            ]
            told.append(
                {
                    "group": n + 1, "by": by, "accounts": len(members), "outside": len(outside),
                    "rows": [
                        {"name": name, "what": what, "group": _share(mine, places, len(members)),
                         "outside": _share(rest, places, len(outside))}
                        for name, what, places in rows
                        if what == "unknown" or any(mine[p] or rest[p] for p in places)
                    ],
                }
            )  # fmt: skip
    return told


def _share(counts: Counter[str | None], places: Sequence[str | None], of: int) -> dict[str, Any]:
    """Accounts at some places, with the exact interval of their share; none where there are no accounts."""
    n = sum(counts[place] for place in places)
    return {"accounts": n, "interval": interval(n, of) if of else None}
