"""Productions read: what was handed over, and every Bates number that was ever given."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from casekit.store.tables import bates, production

VOLUME = "volume"
"""The kind of a production that is a volume for a review program; a dossier is `dossier`."""


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers of one prefix without a gap, given by one production, or a gap that nothing bears.

    Attributes:
        production: Its title; empty for a gap.
        documents: How many items bear them.
    """

    prefix: str
    first: int
    last: int
    production: str
    documents: int


def next_volume(s: Connection) -> str:
    """The name of the next volume, `VOL001` and so on."""
    made = s.execute(select(func.count()).where(production.c.kind == VOLUME)).scalar()
    return f"VOL{int(made or 0) + 1:03d}"


def is_issued(s: Connection, sha256: bytes) -> bool:
    """Whether there is a production of which the file or manifest has this SHA-256."""
    query = select(production.c.id).where(production.c.pdf_sha256 == sha256)
    return s.execute(query).first() is not None


def register(s: Connection) -> list[Range]:
    """Every range of numbers ever given and every gap between them, by prefix and number."""
    query = (
        select(bates.c.prefix, bates.c.first, bates.c.last, production.c.id, production.c.title)
        .join(production, production.c.id == bates.c.production_id)
        .order_by(bates.c.prefix, bates.c.first)
    )
    found: list[Range] = []
    before = None
    for row in s.execute(query):
        due = found[-1].last + 1 if found and found[-1].prefix == row.prefix else 1
        if row.first > due:
            found.append(Range(row.prefix, due, row.first - 1, "", 0))
        elif due > 1 and before == row.id:
            last = found.pop()
            found.append(Range(row.prefix, last.first, row.last, row.title, last.documents + 1))
            continue
        found.append(Range(row.prefix, row.first, row.last, row.title, 1))
        before = row.id
    return found
