"""Annotations of passages: which there are, what they quote, and whether the passage still says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from casekit.queries.highlights import COLOURS
from casekit.queries.passages import part_text, quote_hash
from casekit.store.tables import annotation

__all__ = ["COLOURS", "AnnotationRow", "annotations_of", "letter"]


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """One annotation.

    Attributes:
        letter: Its name in its item, in the order of the places: a, b, …, z, aa, …
        start: First character of the passage in the part; `stop` is the one after its last.
        quote: The passage; empty where the part no longer holds it, as after pages were read again.
        colour: One of `COLOURS`.
        text: What was noted, or empty.
    """

    id: int
    item_id: int
    letter: str
    part: str
    start: int
    stop: int
    quote: str
    colour: str
    text: str
    by: str
    at_us: int


def annotations_of(s: Connection, item_ids: Sequence[int] | None = None) -> list[AnnotationRow]:
    """The annotations of some items, or of all, in order of item, part and place."""
    query = select(annotation).order_by(
        annotation.c.item_id, annotation.c.part, annotation.c.start, annotation.c.id
    )
    if item_ids is not None:
        query = query.where(annotation.c.item_id.in_(list(item_ids)))
    found: list[AnnotationRow] = []
    text: tuple[Any, ...] = (None, None, "")
    number = 0
    for row in s.execute(query):
        if text[:2] != (row.item_id, row.part):
            number = number if text[0] == row.item_id else 0
            text = (row.item_id, row.part, part_text(s, row.item_id, row.part) or "")
        number += 1
        quote = text[2][row.start : row.stop]
        found.append(
            AnnotationRow(
                row.id, row.item_id, letter(number), row.part, row.start, row.stop,
                quote if quote_hash(quote) == row.quote_sha256 else "",
                row.colour, row.text or "", row.by, row.at_us,
            )
        )  # fmt: skip
    return found


def letter(number: int) -> str:
    """The name of the so-many-eth annotation of an item, from 1: a to z, then aa, ab and so on."""
    name = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("a") + rest) + name
    return name
