"""The text of one part of an item, as passages of it are cited, and the hash that fixes a passage."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, select

from casekit.queries.recognised import MARK, machine_texts
from casekit.store.tables import item_text, machine_text


def part_text(s: Connection, item_id: int, part: str) -> str | None:
    """The item's own text of a part, else what a machine read there last; None where there is neither.

    A part that bears the mark of a machine's reading, as `queries.recognised` names it, is that reading alone.
    """
    if part.startswith(MARK):
        readings = {read.part: read.text for read in machine_texts(s, item_id)}
        return readings.get(part)
    own = (
        select(item_text.c.text)
        .where(item_text.c.item_id == item_id, item_text.c.part == part)
        .order_by(item_text.c.no)
    )
    read = (
        select(machine_text.c.text)
        .where(machine_text.c.item_id == item_id, machine_text.c.part == part)
        .order_by(machine_text.c.id.desc())
    )
    for query in (own, read):
        found = s.execute(query.limit(1)).scalar()
        if found is not None:
            return str(found)
    return None


def quote_hash(text: str) -> bytes:
    """SHA-256 of a passage in UTF-8 (32 bytes); a lone half of a surrogate pair counts as its code unit."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
