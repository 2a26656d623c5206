"""Receiving: originals, their receipts and the items read from them, each batch one custody leaf."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, select

from casekit import clock
from casekit.ops.clawback import sequester_arrivals
from casekit.ops.columns import DIGEST_VERSION, ItemColumns, LaidOut
from casekit.ops.journal import Act, Changes
from casekit.store import canonical
from casekit.store.bulk import insert_rows, insert_values
from casekit.store.tables import (
    custodian,
    exchange,
    exchange_join,
    ingest_run,
    item,
    item_party,
    item_text,
    mail,
    mail_thread,
    original,
    original_act,
    problem,
    receipt,
    reread,
)

Row = dict[str, Any]
_KNOWN = select(original.c.sha256, original.c.state, original.c.filed).where(
    original.c.sha256.in_(bindparam("hashes", expanding=True))
)
_ORIGINAL = select(original.c.id, original.c.filed).where(original.c.sha256 == bindparam("sha256"))
ELSEWHERE = "elsewhere"
"""State of an original whose bytes stay in the case that received it, since they hold more than is here."""
DELETED_AT_ONCE = 500


@dataclass(slots=True)
class NewItem:
    """An item on its way into the case, with its family below it.

    Attributes:
        columns: Columns of `item` but ids and digest, without null ones; so are `mail` and `exchange`.
        texts: (part, text) in order.
        parties: (role, name, address) in order.
        mail: Columns of `mail`, or None.
        exchange: Columns of `exchange`, or None.
        problems: Columns of `problem` from `path` on.
        children: The items below it.
        digest: SHA-256 (32 bytes) of its canonical form, set by `digest_family`.
        original: SHA-256 of the original that it and what is below it come from, if that is another than its
            parent's; it must have been received.
    """

    columns: Row
    texts: Sequence[tuple[str, str]] = ()
    parties: Sequence[tuple[str, str, str]] = ()
    mail: Row | None = None
    exchange: Row | None = None
    problems: Sequence[Row] = ()
    children: Sequence[NewItem] = ()
    digest: bytes = b""
    original: bytes = b""

    def family(self) -> Iterator[NewItem]:
        """This item and all below it, parents before children."""
        yield self
        for child in self.children:
            yield from child.family()


@dataclass(frozen=True, slots=True)
class Received:
    """One file received: its original's hash and size and the columns of its receipt."""

    sha256: bytes
    size: int
    custodian: str
    columns: Row


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file inside an original that lies in the case as a `file`: kept, with nothing read of it.

    Attributes:
        id: The item.
        parent_id: The item it lies in.
        root_id: The head of its family.
        digest: Its own.
        parent_digest: That of the item it lies in.
    """

    id: int
    parent_id: int
    root_id: int
    digest: bytes
    parent_digest: bytes


@dataclass(frozen=True, slots=True)
class Graft:
    """What has been read after all of a file that was only kept.

    Attributes:
        kept: The item it was kept as, which stays.
        read: The items: in its place, beside it, or the files that it holds, below it; with their digests.
        below: Which of the two.
    """

    kept: KeptFile
    read: tuple[NewItem, ...]
    below: bool


@dataclass(slots=True)
class Filed:
    """What one transaction brings for one original: items and the original's state after it.

    Attributes:
        heads: Families, and plain records laid out, in the order of their ids.
        first_id: Of the first of them; set when they are filed.
    """

    sha256: bytes
    format: str
    state: str
    heads: list[NewItem | ItemColumns] = field(default_factory=list)
    grafts: list[Graft] = field(default_factory=list)
    first_id: int = 0

    @property
    def number(self) -> int:
        """How many top-level items it brings."""
        return sum(len(head) if isinstance(head, ItemColumns) else 1 for head in self.heads)

    def members(self) -> Iterator[NewItem | ItemColumns]:
        """Every item it brings."""
        for new in (*self.heads, *(each for graft in self.grafts for each in graft.read)):
            if isinstance(new, ItemColumns):
                yield new
            else:
                yield from new.family()


def item_digest(
    original_sha256: bytes,
    parent_digest: bytes,
    columns: Mapping[str, Any],
    texts: Iterable[tuple[str, str]],
    parties: Iterable[Sequence[str]],
    mail_columns: Mapping[str, Any] | None,
    exchange_columns: Mapping[str, Any] | None,
) -> bytes:
    """The canonical digest of an item: SHA-256 over canonical JSON of everything the case says of it.

    Ids are left out (the digest is the same in another case), null columns must have been; texts enter
    by their own SHA-256.
    """
    form: Row = {
        "v": DIGEST_VERSION,
        "original": original_sha256,
        "item": columns,
        "texts": [[part, canonical.sha256_text(text)] for part, text in texts],
    }
    if parent_digest:
        form["parent"] = parent_digest
    people = [list(party) for party in parties]
    if people:
        form["parties"] = people
    if mail_columns:
        form["mail"] = mail_columns
    if exchange_columns:
        form["exchange"] = exchange_columns
    return canonical.digest(form)


def digest_family(head: NewItem, original_sha256: bytes, parent_digest: bytes = b"") -> None:
    """Set the digests of an item and all below it; needs no transaction."""
    original_sha256 = head.original or original_sha256
    head.digest = item_digest(
        original_sha256,
        parent_digest,
        head.columns,
        head.texts,
        head.parties,
        head.mail,
        head.exchange,
    )
    for child in head.children:
        digest_family(child, original_sha256, head.digest)


def start_run(s: Connection, sources: str, confinement: str) -> int:
    """Open an import: `sources` and `confinement` (the level in force) as texts; returns its id."""
    act = Act(s, "ingest.start", "Import started", act_class="custody")
    columns = {"started_us": clock.now_us(), "state": "running", "sources": sources}
    run_id = act.insert(ingest_run, {**columns, "confinement": confinement})
    act.record(undoable=False)
    return int(run_id)


def finish_run(s: Connection, run_id: int, state: str, report: str) -> Changes:
    """Close an import with its report (JSON), which is kept for ever."""
    act = Act(s, "ingest.finish", f"Import {state}", act_class="custody")
    values = {"finished_us": clock.now_us(), "state": state, "report": report}
    act.update(ingest_run, {"id": run_id}, values)
    return act.record({"items"}, undoable=False)


def known_originals(s: Connection, hashes: Sequence[bytes]) -> dict[bytes, tuple[str, int]]:
    """State and number of top-level items filed of those originals that the case has."""
    found = s.execute(_KNOWN, {"hashes": hashes})
    return {row.sha256: (row.state, row.filed) for row in found}


def known_heads(s: Connection, sha256: bytes) -> dict[str, str]:
    """The pointers of an original's top-level items, with their kinds."""
    query = (
        select(item.c.pointer, item.c.kind)
        .join(original, original.c.id == item.c.original_id)
        .where(original.c.sha256 == sha256, item.c.parent_id.is_(None))
    )
    return {row.pointer: row.kind for row in s.execute(query)}


def kept_files(s: Connection, sha256: bytes) -> dict[str, KeptFile]:
    """By pointer, the files inside an original that are kept and not read; those that hold items are read."""
    above, below, beside = item.alias(), item.alias(), item.alias()
    held = select(below.c.id).where(below.c.parent_id == item.c.id)
    query = (
        select(
            item.c.pointer,
            item.c.id,
            item.c.parent_id,
            item.c.root_id,
            item.c.digest,
            above.c.digest,
        )
        .join(original, original.c.id == item.c.original_id)
        .join(above, above.c.id == item.c.parent_id)
        .where(original.c.sha256 == sha256, item.c.kind == "file", ~held.exists())
    )
    found = {row[0]: KeptFile(*row[1:]) for row in s.execute(query)}
    parents = {each.parent_id for each in found.values()}
    for start in range(0, len(parents), DELETED_AT_ONCE):
        some = sorted(parents)[start : start + DELETED_AT_ONCE]
        read = select(beside.c.pointer).where(beside.c.parent_id.in_(some), beside.c.kind != "file")
        for pointer in s.execute(read).scalars():
            found.pop(pointer, None)
    return found


def file_batch(
    s: Connection,
    run_id: int,
    received: Sequence[Received],
    filed: Sequence[Filed],
    problems: Sequence[tuple[bytes, Row]] = (),
    read_again: Sequence[bytes] = (),
) -> Changes:
    """Bring receipts, items and problems into the case as one act.

    The families in `filed` must have their digests. Items get ids in order of appearance. A problem
    comes with the SHA-256 of its original, which is empty where no file could be received. `read_again`
    are originals that this run has read once more from first byte to last.
    """
    act = Act(s, "ingest.batch", _label(received, filed), act_class="custody")
    touched: dict[int, None] = {}
    for one in received:
        touched[_receive(act, run_id, one)] = None
    writer = _ItemWriter(s)
    for each in filed:
        row = s.execute(_ORIGINAL, {"sha256": each.sha256}).one()
        touched[row.id] = None
        each.first_id = writer.next_id
        writer.add(row.id, each.heads)
        for graft in each.grafts:
            writer.graft(row.id, graft)
        values = {"format": each.format, "state": each.state, "filed": row.filed + each.number}
        act.update(original, {"id": row.id}, values)
    writer.flush()
    for sha256, values in problems:
        original_id = s.execute(_ORIGINAL, {"sha256": sha256}).scalar() if sha256 else None
        act.insert(
            problem, {"run_id": run_id, "original_id": original_id, "item_id": None, **values}
        )
    for item_id, original_id, values in writer.problems:
        act.insert(
            problem, {"run_id": run_id, "original_id": original_id, "item_id": item_id, **values}
        )
    for sha256 in read_again:
        original_id = s.execute(_ORIGINAL, {"sha256": sha256}).scalar_one()
        act.insert(reread, {"original_id": original_id, "run_id": run_id})
    extra: Row = {"originals": list(touched)}
    if writer.digests:
        extra["first_item"] = writer.first_id
        sequester_arrivals(act, writer.first_id)
    changes = act.record({"items"}, undoable=False, item_digests=writer.digests, extra=extra)
    if touched:
        s.execute(original_act.insert(), [{"original_id": i, "seq": changes.act} for i in touched])
    return changes


def set_threads(s: Connection, threads: Mapping[int, int]) -> None:
    """Bring the derived table of mail threads (item id → id of the thread's first mail) to this state."""
    _set_derived(s, mail_thread, {item_id: (thread,) for item_id, thread in threads.items()})


def set_joins(s: Connection, joins: Mapping[int, tuple[int, str]]) -> None:
    """Bring the derived table of joins (item id → first item of those that belong together, ground) to this."""
    _set_derived(s, exchange_join, joins)


def _set_derived(s: Connection, table: Table, wanted: Mapping[int, tuple[Any, ...]]) -> None:
    """Bring a derived table (item id → its other columns) to a state, by the rows that differ."""
    known = {row[0]: tuple(row[1:]) for row in s.execute(select(table))}
    changed = [item_id for item_id in known if known[item_id] != wanted.get(item_id)]
    for start in range(0, len(changed), DELETED_AT_ONCE):
        some = changed[start : start + DELETED_AT_ONCE]
        s.execute(table.delete().where(table.c.item_id.in_(some)))
    rows = [(item_id, *row) for item_id, row in wanted.items() if known.get(item_id) != row]
    insert_rows(s, table.name, _names(table), rows)


class _ItemWriter:
    """Turns families into rows of the item tables, with ids from the next free one on."""

    def __init__(self, s: Connection) -> None:
        self.s = s
        self.first_id = int(s.execute(select(func.max(item.c.id))).scalar() or 0) + 1
        self.digests: list[bytes] = []
        self.problems: list[tuple[int, int, Row]] = []
        self.next_id = self.first_id
        # The values of all rows, one row behind the other, as they are bound.
        self._items: list[Any] = []
        self._texts: list[Any] = []
        self._parties: list[Any] = []
        self._mails: list[Any] = []
        # Exchanges lack most of their columns, neighbours the same ones: a statement for each set of names.
        self._exchanges: dict[tuple[str, ...], list[Any]] = {}
        self._laid_out = LaidOut()

    def add(self, original_id: int, heads: Sequence[NewItem | ItemColumns]) -> None:
        for head in heads:
            if isinstance(head, ItemColumns):
                self._add_columns(head, original_id)
            else:
                self._add(head, original_id, None, self.next_id)

    def graft(self, original_id: int, graft: Graft) -> None:
        """Add what was read of a kept file, unless another import has done so meanwhile."""
        kept = graft.kept
        parent = kept.id if graft.below else kept.parent_id
        pointers = [new.columns["pointer"] for new in graft.read]
        query = select(item.c.id).where(
            item.c.parent_id == parent, item.c.pointer.in_(pointers), item.c.id != kept.id
        )
        if self.s.execute(query).first() is None:
            for new in graft.read:
                self._add(new, original_id, parent, kept.root_id)

    def flush(self) -> None:
        self._laid_out.insert(self.s)
        self._insert(item, _names(item), self._items)
        self._insert(item_text, _names(item_text), self._texts)
        for names, rows in self._exchanges.items():
            self._insert(exchange, ("item_id", *names), rows)
        self._insert(mail, _names(mail), self._mails)
        self._insert(item_party, _names(item_party), self._parties)

    def _insert(self, table: Table, names: tuple[str, ...], values: list[Any]) -> None:
        insert_values(self.s, table.name, names, values)

    def _add_columns(self, found: ItemColumns, original_id: int) -> None:
        first = self.next_id
        self.next_id += len(found)
        self.digests += found.digests
        self._laid_out.add(found, first, original_id)
        self.problems.extend((first + place, original_id, row) for place, row in found.problems)

    def _add(self, new: NewItem, original_id: int, parent_id: int | None, root_id: int) -> None:
        item_id = self.next_id
        self.next_id += 1
        if new.original:
            original_id = int(self.s.execute(_ORIGINAL, {"sha256": new.original}).one().id)
        self.digests.append(new.digest)
        values = map(new.columns.get, _ITEM_VALUES)
        self._items += (item_id, original_id, parent_id, root_id, *values, new.digest)
        for no, (part, text) in enumerate(new.texts):
            self._texts += (item_id, no, part, text)
        for no, party in enumerate(new.parties):
            self._parties += (item_id, no, *party)
        if new.exchange is not None:
            names = tuple(new.exchange)
            self._exchanges.setdefault(names, []).extend((item_id, *new.exchange.values()))
        if new.mail is not None:
            self._mails += (item_id, *map(new.mail.get, _MAIL_VALUES))
        if new.problems:
            self.problems.extend((item_id, original_id, values) for values in new.problems)
        for child in new.children:
            self._add(child, original_id, item_id, root_id)


def _names(table: Table) -> tuple[str, ...]:
    return tuple(str(c.name) for c in table.columns)


# The rows above follow the tables' columns: ids first, an item's digest last.
_ITEM_VALUES = _names(item)[4:-1]
_MAIL_VALUES = _names(mail)[1:]


def _receive(act: Act, run_id: int, received: Received) -> int:
    s = act.s
    original_id = s.execute(_ORIGINAL, {"sha256": received.sha256}).scalar()
    if original_id is None:
        columns = {"sha256": received.sha256, "size": received.size}
        original_id = act.insert(
            original, {**columns, "format": "", "state": "waiting", "filed": 0}
        )
    custodian_id = None
    if received.custodian:
        query = select(custodian.c.id).where(custodian.c.name == received.custodian)
        custodian_id = s.execute(query).scalar()
        if custodian_id is None:
            custodian_id = act.insert(custodian, {"name": received.custodian})
    ids = {"original_id": original_id, "run_id": run_id, "custodian_id": custodian_id}
    act.insert(receipt, {**received.columns, **ids, "at_us": clock.now_us()})
    return int(original_id)


def _label(received: Sequence[Received], filed: Sequence[Filed]) -> str:
    heads = sum(each.number + len(each.grafts) for each in filed)
    parts = []
    if received:
        parts.append(f"{len(received):,} file{'s' if len(received) != 1 else ''} received")
    if heads:
        parts.append(f"{heads:,} item{'s' if heads != 1 else ''} read")
    return ", ".join(parts) or "Reading finished"
