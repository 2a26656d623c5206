"""Sets of terms that are marked in every text that is read: which there are, and what their terms match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from casekit.queries.matching import Phrase
from casekit.queries.tree import Words
from casekit.store.tables import highlight_set

COLOURS = ("green", "blue", "rose", "violet", "orange", "teal")
PATTERNS = ("dashed", "dotted", "wavy", "dash-dot", "dash-dot-dot", "over-and-under")
"""How a set's terms are underlined, so that sets can be told apart without colour."""


@dataclass(frozen=True, slots=True)
class HighlightSet:
    """One set.

    Attributes:
        number: Its place among the sets from 1, which stands beside each hit.
        colour: One of `COLOURS`; `pattern` one of `PATTERNS`.
        terms: Words or phrases; a `*` at the end lets the last word go on.
        shown: Whether its terms are marked now.
    """

    id: int
    number: int
    name: str
    colour: str
    pattern: str
    terms: tuple[str, ...]
    shown: bool


def highlight_sets(s: Connection) -> list[HighlightSet]:
    """All sets in order."""
    query = select(highlight_set).order_by(highlight_set.c.position, highlight_set.c.id)
    return [_set(number, row) for number, row in enumerate(s.execute(query), 1)]


def _set(number: int, row: Any) -> HighlightSet:
    return HighlightSet(
        row.id, number, row.name, row.colour, row.pattern, tuple(row.terms.split("\n")), bool(row.shown)
    )  # fmt: skip


def phrase(term: str) -> Phrase:
    """What a term matches: words that stand one after the other, the last one going on after a `*`."""
    plain = term.strip().strip('"“”').strip()
    return Phrase(plain.rstrip("*").rstrip(), prefix=plain.endswith("*"))


def words(term: str) -> Words:
    """The filter of the items in which a term stands."""
    return Words((phrase(term),))
