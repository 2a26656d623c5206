"""Claims with their elements, and the matrix: what speaks for each, what against it, what is missing."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, select

from casekit import paths
from casekit.queries.facts import DISPUTED, SUPPORTS, FactRow, facts
from casekit.store.fact_tables import claim, element

ElementState = Literal["no-fact", "no-citation", "disputed", "supported"]
KINDS = ("terms", "trade-secrets", "copyright", "computer-misuse", "unfair-competition")
LAWS = ("us-federal", "england-wales", "eu", "neutral", "neutral-zh")


@dataclass(frozen=True, slots=True)
class ClaimTemplate:
    """A claim as the wording of a law has it, to be checked by counsel.

    Attributes:
        kind: One of `KINDS`.
        law: The wording's profile, such as `us-federal`.
        source: Whence its elements are taken.
        elements: Name and note of each.
    """

    kind: str
    law: str
    name: str
    source: str
    elements: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One element of a claim: its name, and in the note what it asks."""

    id: int
    claim_id: int
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim.

    Attributes:
        kind: The template that it was made from, or empty; `law` is the wording.
        note: The source of its elements, and what counsel says of it.
    """

    id: int
    name: str
    kind: str
    law: str
    note: str
    elements: tuple[ElementRow, ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An element with the facts that go to it.

    Attributes:
        supporting: Facts that speak for it, in order of time; `against` those that speak against it.
        cites: How many citations support the facts that speak for it.
        state: `no-fact`: nothing speaks for it; `no-citation`: no fact that does rests on anything;
            `disputed`: all that rest on something are disputed; else `supported`.
    """

    element: ElementRow
    supporting: tuple[FactRow, ...]
    against: tuple[FactRow, ...]
    cites: int
    state: ElementState

    @property
    def is_gap(self) -> bool:
        """Whether it has no evidence."""
        return self.state in ("no-fact", "no-citation")


def claims(s: Connection) -> list[ClaimRow]:
    """All claims with their elements, in order."""
    below: dict[int, list[ElementRow]] = {}
    for r in s.execute(select(element).order_by(element.c.position, element.c.id)):
        row = ElementRow(r.id, r.claim_id, r.name, r.note or "")
        below.setdefault(r.claim_id, []).append(row)
    return [
        ClaimRow(r.id, r.name, r.kind, r.law, r.note or "", tuple(below.get(r.id, ())))
        for r in s.execute(select(claim).order_by(claim.c.position, claim.c.id))
    ]


def matrix(
    s: Connection, known: Sequence[FactRow] | None = None
) -> list[tuple[ClaimRow, tuple[MatrixRow, ...]]]:  # fmt: skip
    """Every claim with the state of each of its elements.

    Args:
        s: Reading session.
        known: The facts that count, such as those that may be printed; None: all.
    """
    every = facts(s) if known is None else known
    return [(row, tuple(_state(each, every) for each in row.elements)) for row in claims(s)]


def _state(row: ElementRow, every: Sequence[FactRow]) -> MatrixRow:
    going = [
        (each, link.stance) for each in every for link in each.links if link.element_id == row.id
    ]
    supporting = tuple(each for each, stance in going if stance == SUPPORTS)
    against = tuple(each for each, stance in going if stance != SUPPORTS)
    resting = [each for each in supporting if each.is_supported]
    state: ElementState = "supported"
    if not supporting:
        state = "no-fact"
    elif not resting:
        state = "no-citation"
    elif all(each.status in DISPUTED for each in resting):
        state = "disputed"
    cites = sum(each.stance == SUPPORTS for row in supporting for each in row.cites)
    return MatrixRow(row, supporting, against, cites, state)


@cache
def templates() -> tuple[ClaimTemplate, ...]:
    """The claims that the wording of each law has, law by law, each in its order."""
    return tuple(
        ClaimTemplate(
            kind, law, one["name"], one["source"],
            tuple((each["name"], each["note"]) for each in one["elements"]),
        )
        for law in LAWS
        for kind, one in _told(law).items()
    )  # fmt: skip


def _told(law: str) -> dict[str, Any]:
    return tomllib.loads(paths.resource("wording", "claims", f"{law}.toml").read_text("utf-8"))
