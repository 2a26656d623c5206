"""Which item is the translation of which, who made it and how, and what needs none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from casekit.store.tables import translation

HUMAN, MACHINE, NOT_NEEDED = "human", "machine", "not-needed"
MADE = (HUMAN, MACHINE, NOT_NEEDED)


@dataclass(frozen=True, slots=True)
class TranslationRow:
    """That an item is translated by another, or needs no translation; empty texts where nothing is said.

    Attributes:
        translation_id: The item that is the translation; None where none is needed.
        made: A word of `MADE`.
        language: ISO 639 code of the translation's language.
        translator: Who translated, or with which program.
        certificate: The translator's statement, in their own words.
        certificate_id: The item that is the translator's certificate, or None.
        dated: Day of the translation or its certificate, such as 2026-03-14.
        reason: Why none is needed.
    """

    id: int
    item_id: int
    translation_id: int | None
    made: str
    language: str
    translator: str
    certificate: str
    certificate_id: int | None
    dated: str
    reason: str


def translations(s: Connection, ids: Sequence[int] | None = None) -> list[TranslationRow]:
    """Those of some items, whether they are the original or the translation, or all; in order of item."""
    query = select(translation).order_by(translation.c.item_id, translation.c.id)
    if ids is not None:
        wanted = list(ids)
        query = query.where(
            or_(translation.c.item_id.in_(wanted), translation.c.translation_id.in_(wanted))
        )
    texts = ("language", "translator", "certificate", "dated", "reason")
    return [
        TranslationRow(**{**r._asdict(), **{name: getattr(r, name) or "" for name in texts}})
        for r in s.execute(query)
    ]
