"""Where two codings differ, and how far two reviewers agree: raw agreement and Cohen's kappa, with their n."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select

from casekit.queries.reviews import set_items
from casekit.queries.whole_coding import PRIVILEGE_NOTE
from casekit.store.review_tables import review_conflict, review_done, review_set
from casekit.store.tables import item

Pair = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One field of one item that two reviewers coded differently; None is no value.

    Attributes:
        set_name: The set in which it was found.
        ours: The value that stands, or stood when it was found; `theirs` is the other.
        decided: `ours` or `theirs`; empty while it is open.
    """

    id: int
    set_id: int
    set_name: str
    item_id: int
    title: str
    field: str
    ours: str | None
    ours_by: str
    theirs: str | None
    theirs_by: str
    at_us: int
    decided: str
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """How far the two codings of a field agree.

    Attributes:
        n: Items that both are done with.
        same: Of these, coded the same.
        kappa: Cohen's kappa (1960); None where it is not defined: both gave one and the same value only.
        first_only, second_only: Items to which only one of the two gave any value.
    """

    field: str
    n: int
    same: int
    kappa: float | None
    first_only: int
    second_only: int

    @property
    def raw(self) -> float:
        """The share coded the same."""
        return self.same / self.n


@dataclass(frozen=True, slots=True)
class Agreement:
    """A second review against the first: item by item (`same` in every field) and field by field.

    Attributes:
        drawn: Items of the second review.
        n: Of these, those that both are done with; `waiting` are not yet, `alone` have one reviewer for both.
    """

    set_name: str
    second_name: str
    drawn: int
    n: int
    waiting: int
    alone: int
    same: int
    fields: tuple[FieldAgreement, ...]


def kappa(pairs: Sequence[Pair]) -> float | None:
    """Cohen's kappa of two codings; None without pairs, and where chance alone must agree always.

    Source: J. Cohen, A coefficient of agreement for nominal scales, 1960.
    """
    n = len(pairs)
    if not n:
        return None
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    # Counted in whole numbers, so that no rounding decides whether it is defined.
    by_chance = sum(first[value] * second[value] for value in first)
    if by_chance == n * n:
        return None
    same = sum(a == b for a, b in pairs)
    return (n * same - by_chance) / (n * n - by_chance)


def conflicts(
    s: Connection, set_id: int | None = None, *, decided: bool = False
) -> list[ConflictRow]:
    """Codings that differ, oldest first; with `decided` also those that were decided."""
    query = (
        select(review_conflict, review_set.c.name.label("set_name"), item.c.title, item.c.name)
        .join(review_set, review_set.c.id == review_conflict.c.set_id)
        .join(item, item.c.id == review_conflict.c.item_id)
        .order_by(review_conflict.c.id)
    )
    if set_id is not None:
        query = query.where(review_conflict.c.set_id == set_id)
    if not decided:
        query = query.where(review_conflict.c.decided.is_(None))
    return [
        ConflictRow(
            r.id, r.set_id, r.set_name, r.item_id, (r.title or r.name)[:80], r.field, r.ours, r.ours_by or "",
            r.theirs, r.theirs_by, r.at_us, r.decided or "", r.reason or "", r.decided_by or "",
        )
        for r in s.execute(query)
    ]  # fmt: skip


def agreements(s: Connection, set_id: int) -> list[Agreement]:
    """Each second review of a set against it, in order."""
    query = select(review_set.c.id, review_set.c.name).where(review_set.c.second_of == set_id)
    name = str(s.execute(select(review_set.c.name).where(review_set.c.id == set_id)).scalar_one())
    return [
        _agreement(s, set_id, name, r.id, r.name)
        for r in s.execute(query.order_by(review_set.c.id))
    ]


def last_done(s: Connection, set_id: int) -> dict[int, tuple[str, dict[str, str]]]:
    """Of each item of a set that somebody is done with: who was last, and how it was coded then."""
    query = select(review_done).where(review_done.c.set_id == set_id)
    rows = s.execute(query.order_by(review_done.c.at_us, review_done.c.reviewer))
    return {r.item_id: (r.reviewer, orjson.loads(r.coding)) for r in rows}


def fields_of(first: dict[str, str], second: dict[str, str]) -> list[str]:
    """The fields by which two codings are compared; how a privilege is described is no decision."""
    return sorted({*first, *second} - {PRIVILEGE_NOTE})


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: capitals and spaces do not count."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _agreement(s: Connection, set_id: int, name: str, second_id: int, second: str) -> Agreement:
    mine, theirs = last_done(s, set_id), last_done(s, second_id)
    drawn = [int(i) for i in set_items(s, second_id)]
    both = [i for i in drawn if i in mine and i in theirs]
    told = [i for i in both if not same_person(mine[i][0], theirs[i][0])]
    codings = [(mine[i][1], theirs[i][1]) for i in told]
    fields = sorted({f for a, b in codings for f in fields_of(a, b)})
    return Agreement(
        name, second, len(drawn), len(told), len(drawn) - len(both), len(both) - len(told),
        sum(all(a.get(f) == b.get(f) for f in fields) for a, b in codings),
        tuple(_of_field(f, [(a.get(f), b.get(f)) for a, b in codings]) for f in fields),
    )  # fmt: skip


def _of_field(field: str, pairs: list[Pair]) -> FieldAgreement:
    return FieldAgreement(
        field, len(pairs), sum(a == b for a, b in pairs), kappa(pairs),
        sum(a is not None and b is None for a, b in pairs),
        sum(a is None and b is not None for a, b in pairs),
    )  # fmt: skip
