"""Productions read: what was handed over, and every Bates number that was ever given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, select

from casekit.store.tables import bates, production

VOLUME = "volume"
"""The kind of a production that is a volume for a review program; a dossier is `dossier`."""


OVERLAY = "overlay"
"""The kind of a production that changes fields of what was handed over, and hands over nothing."""


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


def volume_names(s: Connection) -> list[str]:
    """The names of all volumes, the newest first."""
    query = select(production.c.title).where(production.c.kind == VOLUME)
    return list(s.execute(query.order_by(production.c.id.desc())).scalars())


@dataclass(frozen=True, slots=True)
class Replacement:
    """A document that was handed over again under its numbers.

    Attributes:
        first, last: Its numbers as printed.
        production: The volume that holds it now; `replaces` the one that held it before.
        reason: As it was given.
        at_us: Microseconds since 1970 UTC.
    """

    first: str
    last: str
    production: str
    replaces: str
    reason: str
    at_us: int


class _Document(msgspec.Struct):
    item_id: int
    fields: dict[str, str] = {}
    replaces: str = ""


class _Overlay(msgspec.Struct):
    rows: list[dict[str, str]] = []


class _Plan(msgspec.Struct):
    """What of a stored plan is looked at here; all else in it is passed over."""

    produced: list[_Document] = []
    slips: list[_Document] = []


def _volumes(s: Connection) -> Iterator[tuple[str, int, list[_Document]]]:
    """Title, time and documents of every volume, in the order in which they were made."""
    query = select(production).where(production.c.kind == VOLUME).order_by(production.c.id)
    for row in s.execute(query):
        plan = msgspec.json.decode(row.plan, type=_Plan)
        yield row.title, row.at_us, [*plan.produced, *plan.slips]


def last_holders(s: Connection) -> dict[int, str]:
    """Of every item that was handed over in a volume, the last one that holds it."""
    return {one.item_id: title for title, _, documents in _volumes(s) for one in documents}


def last_fields(s: Connection) -> dict[int, dict[str, str]]:
    """Of every item that was handed over in a volume, its line in the load files as they stand by now.

    That is the line of the last volume that holds it, with what overlays have changed since.
    """
    found: dict[int, dict[str, str]] = {}
    bearers: dict[str, int] = {}
    query = (
        select(production).where(production.c.kind.in_([VOLUME, OVERLAY])).order_by(production.c.id)
    )
    for row in s.execute(query):
        if row.kind == OVERLAY:
            for each in msgspec.json.decode(row.plan, type=_Overlay).rows:
                item_id = bearers.get(each["BEGBATES"])
                if item_id is not None:
                    found[item_id] = {**found[item_id], **each}
            continue
        plan = msgspec.json.decode(row.plan, type=_Plan)
        for one in (*plan.produced, *plan.slips):
            found[one.item_id] = one.fields
            bearers[one.fields["BEGBATES"]] = one.item_id
    return found


def replacements(s: Connection) -> list[Replacement]:
    """Every document that was replaced, in the order in which that was done."""
    return [
        Replacement(
            one.fields["BEGBATES"], one.fields["ENDBATES"], title, one.replaces,
            one.fields.get("REPLACEREASON", "").replace("\u00ae", "\n"), at_us,
        )
        for title, at_us, documents in _volumes(s)
        for one in documents
        if one.replaces
    ]  # fmt: skip


def item_with(s: Connection, number: str) -> int | None:
    """The item that bears a Bates number, such as `ABC-0000012`; None for a number that was not given."""
    prefix, _, digits = number.strip().rpartition("-")
    if not (prefix and digits.isascii() and digits.isdigit()):
        return None
    value = int(digits[:12])
    query = select(bates.c.item_id).where(
        bates.c.prefix == prefix, bates.c.first <= value, bates.c.last >= value
    )
    found = s.execute(query).scalar()
    return None if found is None else int(found)


def is_issued(s: Connection, sha256: bytes) -> bool:
    """Whether there is a production of which the file or manifest has this SHA-256."""
    query = select(production.c.id).where(production.c.pdf_sha256 == sha256)
    return s.execute(query).first() is not None


def next_overlay(s: Connection) -> str:
    """The name of the next overlay, `OVL001` and so on."""
    made = s.execute(select(func.count()).where(production.c.kind == OVERLAY)).scalar()
    return f"OVL{int(made or 0) + 1:03d}"


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
