"""An exchange whose parts stand in several files: where the others are, and what is still missing of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from casekit.queries.parts import UNJOINED
from casekit.store.tables import exchange, exchange_join, item, item_text, receipt

HALVES = frozenset({"request", "answer"})
"""Sides of what is asked in one file and answered in another."""

_MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class OtherPart:
    """Another part of the same exchange, and where it stands.

    Attributes:
        side: `request`, `answer`, `rows` (messages that a gateway cut into rows) or `part`.
        path: Of the file it came in, with the members of archives behind it.
        line: From 1, where its file has lines.
        offset: Its first byte in that file, from 0.
        texts: (part, text) in order, of a request or an answer; of other sides none.
    """

    item_id: int
    side: str
    title: str
    path: str
    line: int | None
    offset: int
    size: int
    sha256: bytes
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """What an item belongs to.

    Attributes:
        ground: What says so, or why it stays alone (see `ingest.pairing.Join`).
        others: The other parts in order of item, up to 100; none of an item that stays alone.
        count: How many others there are.
        completeness: What is missing of all parts taken together, as words apart by spaces.
    """

    ground: str
    others: tuple[OtherPart, ...]
    count: int
    completeness: str

    @property
    def alone(self) -> bool:
        """Whether it could not be joined."""
        return self.ground in UNJOINED


def joined(s: Connection, item_id: int) -> Joined | None:
    """What an item is joined with; None where nothing shares its id."""
    j = exchange_join.c
    mine = s.execute(select(j.join_id, j.ground).where(j.item_id == item_id)).first()
    if mine is None:
        return None
    e = exchange.c
    rows = s.execute(
        select(
            e.item_id, e.joint, e.completeness, e.ip, e.extra, item.c.kind, item.c.title, item.c.sent_us,
            item.c.pointer, item.c.size, item.c.sha256, item.c.original_id,
        )
        .join(j.item_id.table, j.item_id == e.item_id)
        .join(item, item.c.id == e.item_id)
        .where(j.join_id == mine.join_id)
        .order_by(e.item_id)
    ).all()  # fmt: skip
    others = [row for row in rows if row.item_id != item_id]
    if not others and mine.ground not in UNJOINED:
        return None  # the object of a batch
    if mine.ground == "alone" and "unjoined" not in (rows[0].completeness or "").split():
        return None  # whole as it is
    shown = tuple(_other(s, row) for row in others[:_MOST_SHOWN])
    return Joined(mine.ground, shown, len(others), _missing(rows))


def by_ground(s: Connection) -> dict[str, int]:
    """How many parts are joined on which ground, and how many stay alone why, most first.

    What stays alone as `several` is ambiguous: it may belong to another part, and nothing says to which.
    """
    query = _PARTS.with_only_columns(exchange_join.c.ground, func.count())
    query = query.group_by(exchange_join.c.ground)
    return dict(map(tuple, s.execute(query.order_by(func.count().desc(), exchange_join.c.ground))))


def of_ground(s: Connection, ground: str) -> list[int]:
    """The items that `by_ground` counts under a ground, in order."""
    query = _PARTS.where(exchange_join.c.ground == ground).order_by(exchange_join.c.item_id)
    return list(s.execute(query).scalars())


# Neither the object of a batch nor what is whole by itself is a part that lacks another.
_PARTS = (
    select(exchange_join.c.item_id)
    .join(exchange, exchange.c.item_id == exchange_join.c.item_id)
    .where(exchange.c.joint.not_like("%/job"))
    .where((exchange_join.c.ground != "alone") | exchange.c.completeness.like("%unjoined%"))
)


def _other(s: Connection, row: Any) -> OtherPart:
    path = s.execute(
        select(receipt.c.path)
        .where(receipt.c.original_id == row.original_id)
        .order_by(receipt.c.id)
        .limit(1)
    ).scalar()
    steps = orjson.loads(row.pointer)
    members = [step["name"] for step in steps if step["how"] != "slice" and step.get("name")]
    last = steps[-1] if steps else {}
    side = row.joint.rpartition("/")[2]
    return OtherPart(
        row.item_id,
        side,
        row.title,
        "!".join([path or "", *members]),
        last.get("line"),
        last.get("offset", 0),
        row.size,
        row.sha256,
        _texts(s, row.item_id) if side in HALVES else (),
    )


def _texts(s: Connection, item_id: int) -> tuple[tuple[str, str], ...]:
    query = select(item_text.c.part, item_text.c.text).where(item_text.c.item_id == item_id)
    return tuple((part, text) for part, text in s.execute(query.order_by(item_text.c.no)))


def _missing(rows: Sequence[Any]) -> str:
    """What is missing of all parts together: what one has, none of them lacks."""
    words = dict.fromkeys(word for row in rows for word in (row.completeness or "").split())
    calls = [row for row in rows if row.kind in ("exchange", "request")]
    sides = {row.joint.rpartition("/")[2] for row in rows}
    for word in ("no-prompt", "no-output"):
        if any(word not in (row.completeness or "").split() for row in calls):
            words.pop(word, None)
    if any(row.sent_us is not None for row in rows):
        words.pop("no-time", None)
    if any(row.ip and "*" not in row.ip for row in rows):
        words.pop("ip-masked", None)
    if sides >= {"request", "answer"}:
        words.pop("unjoined", None)
    cut = [row for row in rows if row.joint.endswith("/rows")]
    if cut and _gapless(cut):
        words.pop("truncated", None)
    return " ".join(words)


def _gapless(rows: Iterable[Any]) -> bool:
    """Whether rows of one cut message are there from its first on; how many there were, no log says."""
    numbers: set[int] = set()
    for row in rows:
        told = orjson.loads(row.extra).get("rows", [0]) if row.extra else [0]
        numbers.update(n for n in told if type(n) is int)
    return numbers == set(range(len(numbers)))
