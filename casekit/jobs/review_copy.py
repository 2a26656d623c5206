"""Items of a case as new items of another: whole families with the same digests, and nothing beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, select

from casekit.errors import CaseKitError
from casekit.jobs.verify import ITEM_COLUMNS
from casekit.ops.items import NewItem, Received, digest_family
from casekit.queries.items import receipts
from casekit.store import canonical
from casekit.store.tables import exchange, item, item_party, item_text, mail, original, problem

CHUNK = 500
PROBLEM_COLUMNS = ("path", "stage", "kind", "text", "line", "offset", "length")
RECEIPT_COLUMNS = (
    "path", "modified_us", "role", "model", "received_from", "received_at", "medium", "collected_by",
    "collection_tool", "authority", "supplied_hash", "supplied_match",
)  # fmt: skip


@dataclass(slots=True)
class Copied:
    """Families on their way into another case.

    Attributes:
        heads: Original (SHA-256) and item of each family, in order of id.
        order: Their items' ids here, in the order in which the other case numbers them from 1.
        originals: Receipts of every original that they come from.
        whole: Originals of which every item is among them: only these may go as they are.
        pieces: Items of the others, by their own hash, whose bytes hold no item that stays behind.
    """

    heads: list[tuple[bytes, NewItem]] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    originals: list[Received] = field(default_factory=list)
    whole: set[bytes] = field(default_factory=set)
    pieces: dict[int, bytes] = field(default_factory=dict)


def copy_families(s: Connection, item_ids: Sequence[int]) -> Copied:
    """Read whole families, with the digests they have here.

    Args:
        s: A whole session, so that what is hidden counts as staying behind.
        item_ids: All items of the families, none of which is sequestered.

    Raises:
        CaseKitError: A record is not what its digest says.
    """
    found = Copied()
    rows: dict[int, Any] = {}
    made: dict[int, NewItem] = {}
    for some in _chunks(sorted(item_ids)):
        for row, new in _read(s, some):
            rows[row.id], made[row.id] = row, new
    hashes = _originals(s, {row.original_id for row in rows.values()}, set(rows), found)
    below: dict[int, list[int]] = {}
    for item_id, row in rows.items():
        if row.parent_id is not None:
            below.setdefault(row.parent_id, []).append(item_id)
        made[item_id].original = hashes[row.original_id]
    for item_id, row in rows.items():
        made[item_id].children = [made[i] for i in below.get(item_id, ())]
        if row.parent_id is None:
            found.heads.append((hashes[row.original_id], made[item_id]))
            found.order += _numbered(item_id, below)
    for sha, head in found.heads:
        digest_family(head, sha)
    for item_id, row in rows.items():
        if made[item_id].digest != row.digest:
            raise CaseKitError(
                "The record of item {id} is not what was received: run a verification.", id=item_id
            )
        if hashes[row.original_id] not in found.whole:
            found.pieces[item_id] = row.sha256
    return found


def _numbered(item_id: int, below: dict[int, list[int]]) -> Iterator[int]:
    """An item and all below it, as an import numbers them."""
    yield item_id
    for child in below.get(item_id, ()):
        yield from _numbered(child, below)


def _read(s: Connection, ids: Sequence[int]) -> Iterator[tuple[Any, NewItem]]:
    texts = _grouped(s, item_text, ids, "part", "text")
    parties = _grouped(s, item_party, ids, "role", "name", "address")
    mails, exchanges = _single(s, mail, ids), _single(s, exchange, ids)
    problems: dict[int, list[dict[str, Any]]] = {}
    query = select(problem).where(problem.c.item_id.in_(ids)).order_by(problem.c.id)
    for row in s.execute(query):
        values = {name: getattr(row, name) for name in PROBLEM_COLUMNS}
        problems.setdefault(row.item_id, []).append(values)
    for row in s.execute(select(item).where(item.c.id.in_(ids)).order_by(item.c.id)):
        columns = canonical.without_nulls({name: getattr(row, name) for name in ITEM_COLUMNS})
        yield row, NewItem(
            columns, texts.get(row.id, ()), parties.get(row.id, ()), mails.get(row.id),
            exchanges.get(row.id), problems.get(row.id, ()),
        )  # fmt: skip


def _originals(s: Connection, ids: set[int], going: set[int], found: Copied) -> dict[int, bytes]:
    """The hashes of originals by id; on the way, their receipts and which are whole."""
    hashes: dict[int, bytes] = {}
    for original_id in sorted(ids):
        query = select(original.c.sha256, original.c.size).where(original.c.id == original_id)
        row = s.execute(query).one()
        hashes[original_id] = row.sha256
        for each in receipts(s, original_id):
            columns = {name: getattr(each, name) or None for name in RECEIPT_COLUMNS}
            found.originals.append(
                Received(row.sha256, row.size, each.custodian, {**columns, "path": each.path})
            )
        held = s.execute(select(item.c.id).where(item.c.original_id == original_id)).scalars()
        # What could not be read of it was judged by nobody: such a file stays too.
        unread = select(problem.c.id).where(
            problem.c.original_id == original_id, problem.c.offset.is_not(None)
        )
        if set(held) <= going and s.execute(unread).first() is None:
            found.whole.add(row.sha256)
    return hashes


def _grouped(s: Connection, table: Table, ids: Sequence[int], *names: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    query = select(table.c.item_id, *(table.c[n] for n in names)).where(table.c.item_id.in_(ids))
    for row in s.execute(query.order_by(table.c.item_id, table.c.no)):
        found.setdefault(row[0], []).append(tuple(row[1:]))
    return found


def _single(s: Connection, table: Table, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    found = {}
    for row in s.execute(select(table).where(table.c.item_id.in_(ids))):
        values = canonical.without_nulls(row._asdict())
        found[int(values.pop("item_id"))] = values
    return found


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[n : n + CHUNK] for n in range(0, len(ids), CHUNK))
