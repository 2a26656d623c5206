"""Review sets: which there are, how far each reviewer has come, and what of them is still to be read."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, distinct, func, select

from casekit.errors import CaseKitError
from casekit.queries import items, sequestered
from casekit.queries.ids import ItemIds, ids_of
from casekit.queries.items import ItemRow
from casekit.store.review_tables import (
    review_batch,
    review_conflict,
    review_done,
    review_item,
    review_package,
    review_package_item,
    review_set,
)

PAUSE_US = 15 * 60 * 1_000_000
HOUR_US = 3_600 * 1_000_000


@dataclass(frozen=True, slots=True)
class SetRow:
    """A review set and how far it has come.

    Attributes:
        query: What found its population, as it was asked.
        population: How many items were found; `population_sha256` (hex) names them.
        seed: What drew `sample` of them; None where the set is the whole population.
        second_of: Id of the set that it reviews a second time, without seeing the first coding.
        total: Items in it; `done` of them by anybody.
        conflicts: Codings that differ and are not decided.
    """

    id: int
    name: str
    query: str
    population: int
    population_sha256: str
    seed: int | None
    sample: int | None
    batch_size: int
    second_of: int | None
    by: str
    at_us: int
    total: int
    done: int
    batches: int
    unassigned: int
    conflicts: int

    @property
    def left(self) -> int:
        """Items that nobody is done with."""
        return self.total - self.done


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    """One reviewer in one set.

    Attributes:
        name: Empty for what is given to nobody.
        assigned: Items in the reviewer's batches; `done` counts those the reviewer is done with.
        per_hour: Items an hour over the time worked: between two items at most 15 minutes apart; None
            where there is no such time.
        last_us: When the last item was done.
    """

    name: str
    assigned: int
    done: int
    per_hour: float | None
    last_us: int | None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch: its number from 1, whose it is, its items and how many are done."""

    no: int
    reviewer: str
    items: int
    done: int


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package that went out.

    Attributes:
        items: In it, with families; `about` has what else was told of it, in figures.
        merged: Whether anything came back.
        sequestered: Items in it that were sequestered since: it must be had back or destroyed.
    """

    id: int
    set_name: str
    recipient: str
    by: str
    at_us: int
    items: int
    about: dict[str, Any]
    merged: bool
    sequestered: int


def sets(s: Connection) -> list[SetRow]:
    """All review sets, oldest first."""
    totals = _by_set(s, select(review_item.c.set_id, func.count()).group_by(review_item.c.set_id))
    done = _by_set(s, select(review_done.c.set_id, func.count(distinct(review_done.c.item_id)))
                   .group_by(review_done.c.set_id))  # fmt: skip
    batches = _by_set(
        s, select(review_batch.c.set_id, func.count()).group_by(review_batch.c.set_id)
    )
    free = _by_set(s, select(review_batch.c.set_id, func.count())
                   .where(review_batch.c.reviewer.is_(None)).group_by(review_batch.c.set_id))  # fmt: skip
    disputed = _by_set(s, select(review_conflict.c.set_id, func.count())
                       .where(review_conflict.c.decided.is_(None))
                       .group_by(review_conflict.c.set_id))  # fmt: skip
    return [
        SetRow(
            row.id, row.name, row.query, row.population, row.population_sha256.hex(), row.seed, row.sample,
            row.batch_size, row.second_of, row.by, row.at_us, totals.get(row.id, 0), done.get(row.id, 0),
            batches.get(row.id, 0), free.get(row.id, 0), disputed.get(row.id, 0),
        )
        for row in s.execute(select(review_set).order_by(review_set.c.id))
    ]  # fmt: skip


def find(s: Connection, name: str) -> SetRow:
    """The review set of that name.

    Raises:
        CaseKitError: There is none.
    """
    known = sets(s)
    for row in known:
        if row.name == name:
            return row
    names = ", ".join(f"“{row.name}”" for row in known) or "none yet"
    raise CaseKitError("There is no review set “{name}”: there is {names}.", name=name, names=names)


def reviewers(s: Connection, set_id: int) -> list[ReviewerRow]:
    """Everybody who has batches of a set or is done with items of it, by name; what nobody has comes last."""
    given: dict[str, int] = {}
    query = (
        select(review_batch.c.reviewer, func.count())
        .join(review_item, review_item.c.batch_id == review_batch.c.id)
        .where(review_batch.c.set_id == set_id)
        .group_by(review_batch.c.reviewer)
    )
    for reviewer, number in s.execute(query):
        given[reviewer or ""] = number
    times: dict[str, list[int]] = {}
    done = select(review_done.c.reviewer, review_done.c.at_us).where(review_done.c.set_id == set_id)
    for reviewer, at_us in s.execute(done):
        times.setdefault(reviewer, []).append(at_us)
    names = sorted({*given, *times}, key=lambda name: (not name, name))
    return [
        ReviewerRow(
            name, given.get(name, 0), len(times.get(name, ())), rate(times.get(name, [])),
            max(times.get(name, []), default=None),
        )
        for name in names
    ]  # fmt: skip


def rate(times_us: list[int]) -> float | None:
    """Items an hour over the time worked, where two items are at most 15 minutes apart; pauses do not count."""
    ordered = sorted(times_us)
    gaps = [b - a for a, b in itertools.pairwise(ordered) if b - a <= PAUSE_US]
    worked = sum(gaps)
    return len(gaps) * HOUR_US / worked if worked else None


def batches(s: Connection, set_id: int) -> list[BatchRow]:
    """The batches of a set in order."""
    done = select(review_done.c.item_id).where(review_done.c.set_id == set_id)
    finished = review_item.c.item_id.in_(done)
    query = (
        select(
            review_batch.c.no,
            review_batch.c.reviewer,
            func.count(review_item.c.item_id).label("items"),
            func.count(review_item.c.item_id).filter(finished).label("done"),
        )
        .outerjoin(review_item, review_item.c.batch_id == review_batch.c.id)
        .where(review_batch.c.set_id == set_id)
        .group_by(review_batch.c.id)
        .order_by(review_batch.c.no)
    )
    return [BatchRow(r.no, r.reviewer or "", r.items, r.done) for r in s.execute(query)]


def set_items(
    s: Connection, set_id: int, *, batch: int | None = None, reviewer: str | None = None, left: bool = False
) -> ItemIds:  # fmt: skip
    """The items of a set in its fixed order, as int64 array.

    Args:
        s: Reading session.
        set_id: The set.
        batch: Only those of the batch with this number.
        reviewer: Only those in this reviewer's batches.
        left: Only those that nobody is done with; with `reviewer`, that the reviewer is not done with.
    """
    query = (
        select(review_item.c.item_id)
        .join(review_batch, review_batch.c.id == review_item.c.batch_id)
        .where(review_item.c.set_id == set_id)
        .order_by(review_item.c.position)
    )
    if batch is not None:
        query = query.where(review_batch.c.no == batch)
    if reviewer is not None:
        query = query.where(review_batch.c.reviewer == reviewer)
    if left:
        done = select(review_done.c.item_id).where(review_done.c.set_id == set_id)
        if reviewer is not None:
            done = done.where(review_done.c.reviewer == reviewer)
        query = query.where(review_item.c.item_id.not_in(done))
    return ids_of(s, query)


def packages(s: Connection) -> list[PackageRow]:
    """The packages that went out, oldest first."""
    held = sequestered.held(s)
    inside: dict[int, list[int]] = {}
    for package_id, item_id in s.execute(
        select(review_package_item.c.package_id, review_package_item.c.item_id)
    ):
        inside.setdefault(package_id, []).append(item_id)
    query = (
        select(review_package, review_set.c.name.label("set_name"))
        .join(review_set, review_set.c.id == review_package.c.set_id)
        .order_by(review_package.c.id)
    )
    return [
        PackageRow(
            r.id, r.set_name, r.recipient, r.by, r.at_us, len(inside.get(r.id, ())), orjson.loads(r.about),
            r.merged > r.head, len(held.intersection(inside.get(r.id, ()))),
        )
        for r in s.execute(query)
    ]  # fmt: skip


def done_by(s: Connection, set_id: int, reviewer: str) -> set[int]:
    """The items of a set that a reviewer is done with."""
    query = select(review_done.c.item_id).where(
        review_done.c.set_id == set_id, review_done.c.reviewer == reviewer
    )
    return set(s.execute(query).scalars())


def set_rows(s: Connection, set_id: int, ids: Sequence[int] | ItemIds) -> list[ItemRow]:
    """The rows of items of a set in the given order, each with whether a reviewer is done with it."""
    found = items.rows(s, ids)
    query = select(review_done.c.item_id).where(
        review_done.c.set_id == set_id, review_done.c.item_id.in_([row.id for row in found])
    )
    done = set(s.execute(query).scalars())
    return [replace(row, done=row.id in done) for row in found]


def _by_set(s: Connection, query: Any) -> dict[int, int]:
    return {set_id: int(number) for set_id, number in s.execute(query)}
