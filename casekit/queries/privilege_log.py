"""The entries of a privilege log: every withheld item by its metadata, and never by what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from casekit.queries.conflicts import withheld
from casekit.queries.items import ItemRow, rows
from casekit.store.tables import custodian, item, item_party, privilege, receipt

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A withheld item as a log may tell of it: neither title nor file name, which may tell too much.

    Attributes:
        number: Its number in every log of this case, such as PRIV-0000013: of the item, so it never changes.
        attached_to: Number of the item it is attached to, or empty.
        sent_us: Microseconds since 1970 UTC, or None.
        authors: Names with addresses; so are `to`, `cc` and `bcc`.
        custodians: Who held it.
        basis: A word of `ops.privilege.BASES`, its own or its family's.
        description: What the person who withheld it wrote for the log; may be empty.
    """

    item_id: int
    number: str
    attached_to: str
    kind: str
    media_type: str
    pages: int | None
    sent_us: int | None
    authors: tuple[str, ...]
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    custodians: tuple[str, ...]
    basis: str
    description: str
    bates: str


def description(s: Connection, item_id: int) -> str:
    """What was written for the log of a withheld item; empty where nothing was."""
    note = s.execute(select(privilege.c.note).where(privilege.c.item_id == item_id)).scalar()
    return note or ""


def entries(s: Connection) -> list[LogEntry]:
    """One entry for each item that is withheld, with its family, in order of item."""
    found = rows(s, sorted(withheld(s)))
    ids = [row.id for row in found]
    people, held_by, claims = _people(s, ids), _custodians(s, ids), _claims(s, ids)
    families: dict[int, tuple[str, str]] = {}
    for row in found:
        if row.id in claims:
            families.setdefault(row.root_id, claims[row.id])
    return [
        _entry(row, people, held_by, claims.get(row.id) or families[row.root_id]) for row in found
    ]


def number_of(item_id: int) -> str:
    """The log number of an item."""
    return f"PRIV-{item_id:07}"


def _entry(
    row: ItemRow, people: dict[tuple[int, str], list[str]], held_by: dict[int, list[str]],
    claim: tuple[str, str],
) -> LogEntry:  # fmt: skip
    def role(name: str) -> tuple[str, ...]:
        return tuple(people.get((row.id, name), ()))

    return LogEntry(
        row.id, number_of(row.id), number_of(row.parent_id) if row.parent_id else "", row.kind,
        row.media_type, row.pages, row.sent_us, role("from"), role("to"), role("cc"), role("bcc"),
        tuple(held_by.get(row.id, ())), *claim, row.bates,
    )  # fmt: skip


def _people(s: Connection, ids: Sequence[int]) -> dict[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = {}
    p = item_party.c
    for some in (ids[n : n + _CHUNK] for n in range(0, len(ids), _CHUNK)):
        query = select(p.item_id, p.role, p.name, p.address).where(p.item_id.in_(some))
        for row in s.execute(query.order_by(p.item_id, p.no)):
            who = (
                f"{row.name} <{row.address}>"
                if row.name and row.address
                else row.name or row.address
            )
            found.setdefault((row.item_id, row.role), []).append(who)
    return found


def _custodians(s: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for some in (ids[n : n + _CHUNK] for n in range(0, len(ids), _CHUNK)):
        query = (
            select(item.c.id, custodian.c.name)
            .join(receipt, receipt.c.original_id == item.c.original_id)
            .join(custodian, custodian.c.id == receipt.c.custodian_id)
            .where(item.c.id.in_(some))
            .order_by(item.c.id, receipt.c.id)
        )
        for row in s.execute(query):
            names = found.setdefault(row.id, [])
            if row.name not in names:
                names.append(row.name)
    return found


def _claims(s: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    query = select(privilege.c.item_id, privilege.c.basis, privilege.c.note)
    wanted = set(ids)
    return {r.item_id: (r.basis, r.note or "") for r in s.execute(query) if r.item_id in wanted}
