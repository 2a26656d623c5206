"""The custody log: one append-only, chained leaf an act, in the transaction of what it records.

A leaf is canonical JSON with the keys `v` (1), `case` (UUID), `seq` (from 1 without gaps), `prev`
(hash of the leaf before, 64 zeros for the first), `at` (ISO 8601 UTC), `actor`, `class` (`custody` or
`work`), `op`, `detail` (salted hash of the act's detail), and where the act has them `changes` and
`items`: `{"count", "root"}` with the RFC 6962 root over salted leaves, one a changed row or an item's
digest. The leaf's hash is its RFC 6962 leaf hash. The values themselves live in `act_detail`: a
leaf holds only salted digests, so that it can be shown where its content is withheld.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, desc, func, select

from casekit import clock
from casekit.store import canonical
from casekit.store.tables import act_detail, custody

ActClass = Literal["custody", "work"]
NO_LEAF = bytes(32)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry as stored: its number, canonical bytes and RFC 6962 leaf hash."""

    seq: int
    leaf: bytes
    hash: bytes

    @property
    def content(self) -> dict[str, Any]:
        """The leaf's keys and values."""
        loaded: dict[str, Any] = orjson.loads(self.leaf)
        return loaded


@dataclass(frozen=True, slots=True)
class Detail:
    """The values behind a leaf: `body` holds label, args, changes (before and after) and item range."""

    seq: int
    salt: bytes
    body: dict[str, Any]


def append(
    s: Connection,
    *,
    act_class: ActClass,
    op: str,
    body: dict[str, Any],
    item_digests: Sequence[bytes] = (),
) -> int:
    """Append one leaf and its detail in the running transaction and return its number.

    Args:
        s: A writing session: its `info` names case and actor.
        act_class: `custody` for what may be printed, `work` for work product.
        op: Stable name of the act, such as `tag.add`.
        body: The detail; `body["changes"]` are the changed rows.
        item_digests: Digests (32 bytes each) of the items that the act added, in order of their ids.
    """
    last = s.execute(
        select(custody.c.seq, custody.c.hash).order_by(desc(custody.c.seq)).limit(1)
    ).first()
    seq, prev = (last.seq + 1, last.hash) if last else (1, NO_LEAF)
    salt = os.urandom(32)
    encoded = canonical.encode(body)
    content = {
        "v": 1,
        "case": s.info["case_uuid"],
        "seq": seq,
        "prev": prev,
        "at": clock.iso(clock.now_us()),
        "actor": s.info["actor"],
        "class": act_class,
        "op": op,
        "detail": canonical.salted_leaf(salt, 0, encoded),
        **summary(salt, body.get("changes", ()), item_digests),
    }
    leaf = canonical.encode(content)
    s.execute(custody.insert().values(seq=seq, leaf=leaf, hash=canonical.leaf_hash(leaf)))
    s.execute(act_detail.insert().values(seq=seq, salt=salt, body=zlib.compress(encoded, 1)))
    return int(seq)


def summary(
    salt: bytes, changes: Sequence[dict[str, Any]], item_digests: Sequence[bytes]
) -> dict[str, Any]:
    """The leaf's `changes` and `items`: count and salted RFC 6962 root of each, where there are any."""
    found: dict[str, Any] = {}
    if changes:
        leaves = canonical.salted_leaves(salt, map(canonical.encode, changes))
        found["changes"] = {"count": len(changes), "root": canonical.root(leaves)}
    if item_digests:
        leaves = canonical.salted_leaves(salt, item_digests)
        found["items"] = {"count": len(item_digests), "root": canonical.root(leaves)}
    return found


def head(s: Connection) -> int:
    """Number of the last entry, 0 in an empty log: the feed by which processes see each other's acts."""
    return int(s.execute(select(func.max(custody.c.seq))).scalar() or 0)


def leaves(s: Connection, after: int = 0, until: int | None = None) -> Iterator[Leaf]:
    """Entries with numbers above `after` and up to `until`, in order."""
    query = select(custody).where(custody.c.seq > after).order_by(custody.c.seq)
    if until is not None:
        query = query.where(custody.c.seq <= until)
    for row in s.execute(query):
        yield Leaf(row.seq, row.leaf, row.hash)


def detail(s: Connection, seq: int) -> Detail:
    """The detail of one entry."""
    row = s.execute(select(act_detail).where(act_detail.c.seq == seq)).one()
    return Detail(row.seq, row.salt, orjson.loads(zlib.decompress(row.body)))


def details(s: Connection, after: int = 0, until: int | None = None) -> Iterator[Detail]:
    """The details of the entries above `after` and up to `until`, in order."""
    query = select(act_detail).where(act_detail.c.seq > after).order_by(act_detail.c.seq)
    if until is not None:
        query = query.where(act_detail.c.seq <= until)
    for row in s.execute(query):
        yield Detail(row.seq, row.salt, orjson.loads(zlib.decompress(row.body)))


def tree_root(s: Connection) -> bytes:
    """RFC 6962 tree head over all leaves: the value that a checkpoint will sign."""
    return canonical.root(
        row.hash for row in s.execute(select(custody.c.hash).order_by(custody.c.seq))
    )
