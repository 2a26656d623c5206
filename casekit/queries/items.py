"""Items read for lists, viewers, command line and paper: ids first, then only the rows that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    func,
    literal,
    select,
)

from casekit.queries import clearance, conversations, filters, sequestered
from casekit.queries.boxes import BoxRow, boxes
from casekit.queries.conversations import Around
from casekit.queries.ids import ItemIds, ids_of
from casekit.queries.joined import Joined, joined
from casekit.queries.problems import ProblemRow, of_item
from casekit.queries.recognised import MachineText, machine_texts
from casekit.queries.redactions import RedactionRow, redactions
from casekit.queries.runs import read_under
from casekit.queries.times import TIME_COLUMNS, Instant, by_instant, instant_of, with_times
from casekit.store.tables import (
    bates,
    custodian,
    exchange,
    exhibit,
    item,
    item_party,
    item_tag,
    item_text,
    item_tier,
    mail,
    mail_thread,
    note,
    original,
    privilege,
    privilege_cleared,
    problem,
    receipt,
    tag,
    tier,
)

Order = Literal["date", "-date", "id", "title", "-title", "model", "account", "size"]
CHUNK = 400
TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of a list.

    Attributes:
        sent_us: Microseconds since 1970 UTC as decided, or as assumed; None without a time.
        time: How far that can be relied on.
        sender: Display name or address of the first `from`.
        model: Of an exchange, else empty; likewise `account`.
        tags: Names in order; `hot` and the like are tags as all others.
        exhibit: Its first exhibit label, or empty.
        bates: First Bates number, or empty.
        problems: How many problems it has.
        review: Whether it was decided that it may leave, a word of `clearance.STATES`.
        done: Read as one of a review set: whether a reviewer is done with it.
    """

    id: int
    kind: str
    collection: str
    title: str
    name: str
    media_type: str
    parent_id: int | None
    root_id: int
    sent_us: int | None
    time: Instant
    sender: str
    model: str
    account: str
    size: int
    pages: int | None
    children: int
    tags: tuple[str, ...]
    exhibit: str
    bates: str
    privileged: bool
    noted: bool
    problems: int
    review: str = clearance.NOT_APPLICABLE
    done: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """How an original came to be in the case."""

    path: str
    custodian: str
    at_us: int
    modified_us: int | None
    role: str
    model: str
    received_from: str
    received_at: str
    medium: str
    collected_by: str
    collection_tool: str
    authority: str
    supplied_hash: str
    supplied_match: str
    run_id: int


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note; `part`, `start` and `stop` are None for a note on the whole item."""

    id: int
    item_id: int
    part: str | None
    start: int | None
    stop: int | None
    text: str
    author: str
    at_us: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item whole: its row and all that hangs on it.

    Attributes:
        sent_resolution_us: What the source's text can express, coarser where a decided zone leaves it open.
        original_sha256: 32 bytes.
        pointer: Canonical JSON of the steps from the original's bytes.
        texts: (part, text) in order.
        read: What machines read of its pages, beside its own texts.
        parties: (role, name, address) in order.
        exchange: Columns of `exchange` that have a value, or empty.
        mail: Columns of `mail` that have a value, with `headers` as a list, or empty.
        redactions: Passages that no export shows; `boxes` are rectangles of its pages.
        joined: Of an exchange, its other parts in other files; None where there are none.
        family: Rows of the family, head first, this item among them.
        conversation: What a message or exchange says it is part of, or empty.
        confinement: What confined the process that read it, in plain words.
        around: A message's neighbours in its conversation, where they were asked for.
        pseudonyms: Those that stand in it instead of what the record tells, once it is made ready to leave.
        tier: The tier of the order on confidentiality that it was given; `tiers` are name and stamp of all.
    """

    row: ItemRow
    original_sha256: bytes
    original_size: int
    sha256: bytes
    pointer: str
    sent_raw: str
    sent_field: str
    sent_zone: str
    sent_resolution_us: int | None
    language: str
    facts: dict[str, Any]
    texts: tuple[tuple[str, str], ...]
    read: tuple[MachineText, ...]
    parties: tuple[tuple[str, str, str], ...]
    exchange: dict[str, Any]
    mail: dict[str, Any]
    joined: Joined | None
    thread_id: int | None
    receipts: tuple[ReceiptRow, ...]
    problems: tuple[ProblemRow, ...]
    notes: tuple[NoteRow, ...]
    privilege_basis: str
    redactions: tuple[RedactionRow, ...]
    family: tuple[ItemRow, ...]
    conversation: str = ""
    confinement: str = ""
    around: Around | None = None
    boxes: tuple[BoxRow, ...] = ()
    pseudonyms: tuple[str, ...] = ()
    tier: str = ""
    tiers: tuple[tuple[str, str], ...] = ()

    @property
    def is_redacted(self) -> bool:
        """Whether anything in it is withheld from exports."""
        return bool(self.redactions or self.boxes or self.pseudonyms)

    @property
    def reasons(self) -> set[str]:
        """Why: words of `ops.redactions.REASONS`, or `pseudonym`."""
        found = {row.reason for row in self.redactions} | {row.reason for row in self.boxes}
        return found | ({"pseudonym"} if self.pseudonyms else set())

    @property
    def completeness(self) -> str:
        """What is missing of the exchange with all its parts, as words apart by spaces."""
        own = str(self.exchange.get("completeness", ""))
        return own if self.joined is None else self.joined.completeness

    def text(self, part: str) -> str:
        """The text of one part, empty if there is none."""
        return next((text for name, text in self.texts if name == part), "")


def item_ids(
    s: Connection,
    query: filters.Node | None = None,
    *,
    order: Order = "-date",
    limit: int | None = None,
) -> ItemIds:
    """The ids of all items that match, as int64 array of shape (n,), in the wanted order.

    Items without a time come last in either order by date; equal keys are in order of id.
    """
    statement = in_order(s, select(item.c.id), order)
    if query is not None:
        statement = statement.where(filters.where(query))
    if limit is not None:
        statement = statement.limit(limit)
    return ids_of(s, statement)


def in_order(s: Connection, statement: Select[tuple[int]], order: Order) -> Select[tuple[int]]:
    """A select of items in the wanted order."""
    if order in {"model", "account"}:
        statement = statement.outerjoin(exchange, exchange.c.item_id == item.c.id)
    return statement.order_by(*_order(s, order))


def count(s: Connection, query: filters.Node | None = None) -> int:
    """How many items match."""
    statement = select(func.count()).select_from(item)
    if query is not None:
        statement = statement.where(filters.where(query))
    return int(s.execute(statement).scalar() or 0)


def rows(s: Connection, ids: Sequence[int] | ItemIds) -> list[ItemRow]:
    """The rows of those ids in the given order; an id that is not in the case is left out."""
    wanted = [int(i) for i in ids]
    found: dict[int, ItemRow] = {}
    for start in range(0, len(wanted), CHUNK):
        for row in s.execute(_ROWS, {"ids": wanted[start : start + CHUNK]}):
            found[row.id] = _item_row(row)
    return [found[i] for i in wanted if i in found]


def view(s: Connection, item_id: int, *, around: int = 0) -> ItemView:
    """One item whole, and of a message so many neighbours on either side.

    Raises:
        CaseKitError: There is no such item, or it is sequestered.
    """
    row = s.execute(
        select(
            item, original.c.sha256.label("original_sha256"), original.c.size.label("original_size")
        )
        .join(original, original.c.id == item.c.original_id)
        .where(item.c.id == item_id)
    ).first()
    if row is None:
        raise sequestered.missing(s, item_id)
    family = list(
        s.execute(select(item.c.id).where(in_families([row.root_id])).order_by(item.c.id)).scalars()
    )
    family_rows = rows(s, family)
    own = next(r for r in family_rows if r.id == item_id)
    parties = s.execute(
        select(item_party.c.role, item_party.c.name, item_party.c.address)
        .where(item_party.c.item_id == item_id)
        .order_by(item_party.c.no)
    )
    return ItemView(
        row=own,
        original_sha256=row.original_sha256,
        original_size=row.original_size,
        sha256=row.sha256,
        pointer=row.pointer,
        sent_raw=row.sent_raw or "",
        sent_field=row.sent_field or "",
        sent_zone=row.sent_zone or "",
        sent_resolution_us=_resolution(row.sent_resolution_us, own.time),
        language=row.language,
        facts=orjson.loads(row.facts) if row.facts else {},
        texts=_texts(s, item_id),
        read=tuple(machine_texts(s, item_id)),
        parties=tuple((role, name, address) for role, name, address in parties),
        exchange=_values(s, exchange, item_id),
        mail=_mail(s, item_id),
        joined=joined(s, item_id),
        thread_id=_only(s, mail_thread.c.thread_id, item_id),
        receipts=tuple(receipts(s, row.original_id)),
        problems=tuple(of_item(s, item_id)),
        notes=tuple(notes(s, item_id)),
        privilege_basis=_only(s, privilege.c.basis, item_id) or "",
        redactions=tuple(redactions(s, [item_id])),
        family=tuple(family_rows),
        conversation=conversations.name_of(s, item_id),
        confinement=read_under(s, row.original_id),
        around=conversations.around(s, item_id, before=around, after=around) if around else None,
        boxes=tuple(boxes(s, [item_id])),
        tier=_only(s, item_tier.c.tier, item_id) or "",
        tiers=_tiers(s),
    )


def _texts(s: Connection, item_id: int) -> tuple[tuple[str, str], ...]:
    query = select(item_text.c.part, item_text.c.text).where(item_text.c.item_id == item_id)
    return tuple((part, text) for part, text in s.execute(query.order_by(item_text.c.no)))


def _tiers(s: Connection) -> tuple[tuple[str, str], ...]:
    query = select(tier.c.name, tier.c.stamp).order_by(tier.c.position, tier.c.id)
    return tuple((row.name, row.stamp) for row in s.execute(query))


def _only(s: Connection, column: Column[Any], item_id: int) -> Any:
    """An item's value in a table that has one row an item; None without a row."""
    return s.execute(select(column).where(column.table.c.item_id == item_id)).scalar()


def in_families(root_ids: Sequence[int]) -> ColumnElement[bool]:
    """The condition that an item belongs to the family of one of those heads."""
    below = item.c.root_id.in_(root_ids) & item.c.parent_id.is_not(None)
    return item.c.id.in_(root_ids) | below


def receipts(s: Connection, original_id: int) -> list[ReceiptRow]:
    """Every receipt of an original, first to last."""
    found = s.execute(
        select(receipt, custodian.c.name.label("custodian"))
        .outerjoin(custodian, custodian.c.id == receipt.c.custodian_id)
        .where(receipt.c.original_id == original_id)
        .order_by(receipt.c.id)
    )
    return [
        ReceiptRow(
            path=r.path,
            custodian=r.custodian or "",
            at_us=r.at_us,
            modified_us=r.modified_us,
            run_id=r.run_id,
            **{name: getattr(r, name) or "" for name in _RECEIPT_TEXTS},
        )
        for r in found
    ]


_RECEIPT_TEXTS = ("role", "model", "received_from", "received_at", "medium", "collected_by",
                  "collection_tool", "authority", "supplied_hash", "supplied_match")  # fmt: skip


def notes(s: Connection, item_id: int) -> list[NoteRow]:
    """Notes on an item, oldest first."""
    query = select(note).where(note.c.item_id == item_id).order_by(note.c.id)
    return [NoteRow(**r._asdict()) for r in s.execute(query)]


def _values(s: Connection, table: Any, item_id: int) -> dict[str, Any]:
    row = s.execute(select(table).where(table.c.item_id == item_id)).first()
    if row is None:
        return {}
    return {k: v for k, v in row._asdict().items() if k != "item_id" and v not in (None, "", b"")}


def _mail(s: Connection, item_id: int) -> dict[str, Any]:
    values = _values(s, mail, item_id)
    for name in ("headers", "in_reply_to", "refs"):
        if name in values:
            values[name] = orjson.loads(values[name])
    return values


def _resolution(us: int | None, time: Instant) -> int | None:
    """The source's own resolution, as much coarser as the decided zone leaves the instant open."""
    return us if us is None else us + time.wide_us


def _order(s: Connection, order: Order) -> list[ColumnElement[Any]]:
    sent_us = by_instant(s)
    orders: dict[Order, list[ColumnElement[Any]]] = {
        "date": [item.c.sent_us.is_(None), sent_us, item.c.id],
        "-date": [sent_us.desc(), item.c.id.desc()],
        "id": [item.c.id],
        "title": [item.c.title, item.c.id],
        "-title": [item.c.title.desc(), item.c.id.desc()],
        "model": [exchange.c.model, item.c.id],
        "account": [exchange.c.account, item.c.id],
        "size": [item.c.size.desc(), item.c.id],
    }
    return orders[order]


def _per_item(column: Any, table: Any) -> Any:
    return select(column).where(table.c.item_id == item.c.id).correlate(item).scalar_subquery()


_child = item.alias("child")
_ROWS = with_times(
    select(
        item.c.id,
        item.c.kind,
        item.c.collection,
        func.substr(item.c.title, 1, TITLE_CHARACTERS).label("title"),
        item.c.name,
        item.c.media_type,
        item.c.parent_id,
        item.c.root_id,
        item.c.sent_us,
        item.c.sent_zone,
        *TIME_COLUMNS,
        select(case((item_party.c.name != "", item_party.c.name), else_=item_party.c.address))
        .where(item_party.c.item_id == item.c.id, item_party.c.role == "from")
        .order_by(item_party.c.no)
        .limit(1)
        .correlate(item)
        .scalar_subquery()
        .label("sender"),
        exchange.c.model,
        exchange.c.account,
        item.c.size,
        item.c.pages,
        select(func.count())
        .where(_child.c.parent_id == item.c.id)
        .correlate(item)
        .scalar_subquery()
        .label("children"),
        select(func.group_concat(tag.c.name, literal("\n")))
        .select_from(item_tag.join(tag, tag.c.id == item_tag.c.tag_id))
        .where(item_tag.c.item_id == item.c.id)
        .correlate(item)
        .scalar_subquery()
        .label("tags"),
        select(exhibit.c.label)
        .where(exhibit.c.item_id == item.c.id)
        .order_by(exhibit.c.position)
        .limit(1)
        .correlate(item)
        .scalar_subquery()
        .label("exhibit"),
        bates.c.prefix,
        bates.c.first,
        privilege.c.basis,
        privilege_cleared.c.item_id.label("cleared"),
        clearance.scope().label("scope"),
        clearance.disputed().label("disputed"),
        _per_item(func.count(note.c.id), note).label("notes"),
        _per_item(func.count(problem.c.id), problem).label("problems"),
    )
    .outerjoin(exchange, exchange.c.item_id == item.c.id)
    .outerjoin(bates, bates.c.item_id == item.c.id)
    .outerjoin(privilege, privilege.c.item_id == item.c.id)
    .outerjoin(privilege_cleared, privilege_cleared.c.item_id == item.c.id)
    .where(item.c.id.in_(bindparam("ids", expanding=True)))
)


def bates_number(prefix: str, number: int) -> str:
    """A Bates number as printed: prefix, hyphen, seven digits at least."""
    return f"{prefix}-{number:07d}"


def _item_row(row: Any) -> ItemRow:
    time = instant_of(row)
    return ItemRow(
        id=row.id,
        kind=row.kind,
        collection=row.collection,
        title=row.title,
        name=row.name,
        media_type=row.media_type,
        parent_id=row.parent_id,
        root_id=row.root_id,
        sent_us=time.us,
        time=time,
        sender=row.sender or "",
        model=row.model or "",
        account=row.account or "",
        size=row.size,
        pages=row.pages,
        children=row.children,
        tags=tuple(sorted(row.tags.split("\n"))) if row.tags else (),
        exhibit=row.exhibit or "",
        bates=bates_number(row.prefix, row.first) if row.prefix else "",
        privileged=row.basis is not None,
        noted=row.notes > 0,
        problems=row.problems,
        review=clearance.state_of(row),
    )
