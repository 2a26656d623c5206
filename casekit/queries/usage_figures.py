"""What each figure of a finding on usage shows: rows, series, units. Window and dossier draw the same of it.

Nothing is drawn and nothing worded here: which groups and accounts, in which order, which shade each count has
and between which bounds, so that the two cannot disagree. Names of places and models are the log's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

HOUR_US = 3_600_000_000
SHADES = 5
MOST_UNNAMED = 20  # rows of a group of which nobody is named
WINDOW_HOURS = 72  # after a release, that the analytic looks at


@dataclass(frozen=True, slots=True)
class Row:
    """An account by time: its number in the figures, its name if it has one here, requests by stretch."""

    number: int
    account: str | None
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Raster:
    """Accounts of one group by time, with accounts of no group that asked as much.

    Attributes:
        group: Its number.
        first_us: Where the first stretch begins (microseconds UTC); each is `step_us` long, there are `bins`.
        rows: The group's accounts, in order of their first request.
        beside: The others, who have no names.
        left: Accounts of the group that are not drawn.
        edges: The least count of each shade, from 1 to `SHADES`.
    """

    group: int
    first_us: int
    step_us: int
    bins: int
    rows: tuple[Row, ...]
    beside: tuple[Row, ...]
    left: int
    edges: tuple[int, ...]

    def shades(self, row: Row) -> tuple[int, ...]:
        """The shade of each count, 0 for none."""
        return tuple(sum(count >= edge for edge in self.edges) for count in row.counts)


@dataclass(frozen=True, slots=True)
class Curve:
    """Accounts of a group, or of none, that asked anything since a release; how many of them the new model."""

    group: int | None
    accounts: int
    moved: tuple[int, ...]

    def share(self, step: int) -> float:
        """The share that had asked it by a step."""
        return self.moved[step] / self.accounts


@dataclass(frozen=True, slots=True)
class Adoption:
    """How soon accounts turned to a new model: a curve a group, that of accounts in none last."""

    model: str
    first_us: int
    step_us: int
    curves: tuple[Curve, ...]

    def hours(self, step: int) -> float:
        """The hours since the first request to it at a step."""
        return step * self.step_us / HOUR_US


@dataclass(frozen=True, slots=True)
class Share:
    """Accounts of some, with the interval of their share; None where there are none to count."""

    accounts: int
    of: int
    low: float | None
    high: float | None

    @property
    def share(self) -> float:
        """The share itself."""
        return self.accounts / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """One country or kind of network.

    Attributes:
        name: As the log or table says; empty for the three below.
        what: `place`, `other` (further ones), `several` (none has most of an account's requests), `unknown`.
        group: Accounts of the group; `outside` those of no group.
    """

    name: str
    what: str
    group: Share
    outside: Share


@dataclass(frozen=True, slots=True)
class Places:
    """Where a group's accounts ask from, `by` country or network."""

    group: int
    by: str
    rows: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """Requests by stretch of time: of the groups shown, and of all other accounts."""

    groups: tuple[int, ...]
    inside: tuple[int, ...]
    others: tuple[int, ...]


def drawn(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The groups that are shown at length: those of which accounts are named, else the largest."""
    groups = list(body.get("groups") or ())
    return [group for group in groups if group.get("named")] or groups[:1]


def plotted(body: Mapping[str, Any], number: int) -> Mapping[str, Any] | None:
    """What is drawn of a group, None where the finding has none of it."""
    found = (g for g in _plots(body).get("groups") or () if g["group"] == number)
    return next(found, None)


def raster(body: Mapping[str, Any], number: int) -> Raster | None:
    """Accounts of a group by time; None where the log tells no times."""
    plots, mine = _plots(body), plotted(body, number)
    if "first_us" not in plots or not mine or not mine.get("counts"):
        return None
    most = len(mine["counts"]) if any(mine["accounts"]) else MOST_UNNAMED
    named = zip(mine["accounts"][:most], mine["counts"], strict=False)
    rows = [_row(n, account, counts) for n, (account, counts) in enumerate(named, 1)]
    rows.sort(key=lambda row: next((k for k, v in enumerate(row.counts) if v), len(row.counts)))
    beside = [_row(n, None, c) for n, c in enumerate((mine.get("beside") or ())[:most], 1)]
    bins = int(plots.get("bins") or max(len(row.counts) for row in rows))
    return Raster(
        number, int(plots["first_us"]), int(plots["step_us"]), bins, tuple(rows), tuple(beside),
        int(mine.get("members", len(rows))) - len(rows), _edges([*rows, *beside]),
    )  # fmt: skip


def adoptions(body: Mapping[str, Any]) -> list[Adoption]:
    """How soon the groups that are shown turned to each new model, beside accounts in no group."""
    shown, made = {int(group["group"]) for group in drawn(body)}, []
    for one in _plots(body).get("releases") or ():
        sets = [(int(g["group"]), g) for g in one.get("groups") or () if int(g["group"]) in shown]
        curves = [Curve(n, int(g["accounts"]), tuple(map(int, g["moved"]))) for n, g in sets]
        rest = one.get("ungrouped") or {"accounts": 0, "moved": ()}
        curves.append(Curve(None, int(rest["accounts"]), tuple(map(int, rest["moved"]))))
        kept = tuple(curve for curve in curves if curve.accounts and curve.moved)
        if kept:
            made.append(
                Adoption(str(one["model"]), int(one["first_us"]), int(one["step_us"]), kept)
            )
    return made


def places(body: Mapping[str, Any]) -> list[Places]:
    """Where the accounts of the groups that are shown ask from, with the exact interval of each share."""
    shown = {int(group["group"]) for group in drawn(body)}
    return [
        Places(
            int(one["group"]), str(one["by"]),
            tuple(
                Place(str(r["name"]), str(r["what"]), _share(r["group"], one["accounts"]),
                      _share(r["outside"], one["outside"]))
                for r in one["rows"]
            ),
        )
        for one in _plots(body).get("places") or () if int(one["group"]) in shown
    ]  # fmt: skip


def network_sources(body: Mapping[str, Any]) -> list[str]:
    """By whose word networks are of a kind, with the days of these lists; none where no table was given."""
    rows = (body.get("networks") or {}).get("rows") or ()
    return sorted({f"{source}, {day}" for _, _, source, day in rows})


def volume(body: Mapping[str, Any]) -> Volume | None:
    """Requests by stretch of time; None where the log tells no times."""
    plots = _plots(body)
    log = plots.get("log")
    if not log:
        return None
    shown = {group["group"] for group in drawn(body)}
    mine = [g for g in plots["groups"] if g["group"] in shown and g.get("all")]
    inside = [sum(each) for each in zip(*(g["all"] for g in mine), strict=True)] or [0] * len(log)
    others = tuple(a - b for a, b in zip(log, inside, strict=True))
    return Volume(tuple(int(g["group"]) for g in mine), tuple(inside), others)


def _plots(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return body.get("plots") or {}


def _row(number: int, account: Any, counts: Sequence[int]) -> Row:
    return Row(number, None if account is None else str(account), tuple(map(int, counts)))


def _edges(rows: Sequence[Row]) -> tuple[int, ...]:
    """Where the shades begin: one request, then by equal ratios up to the most that there are."""
    most = max((value for row in rows for value in row.counts), default=1)
    edges = [1]
    for n in range(1, SHADES):
        edges.append(max(edges[-1] + 1, round(most ** (n / SHADES))))
    return tuple(edges)


def _share(counted: Mapping[str, Any], of: int) -> Share:
    low, high = counted.get("interval") or (None, None)
    return Share(int(counted["accounts"]), int(of), low, high)
