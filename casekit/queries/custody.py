"""The custody log as the user reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from casekit.store import custody
from casekit.store.tables import ingest_run, original, original_act


@dataclass(frozen=True, slots=True)
class CustodyRow:
    """One entry: `at` is ISO 8601 UTC, `act_class` custody or work, hashes are 64 hex digits."""

    seq: int
    at: str
    actor: str
    act_class: str
    op: str
    label: str
    items: int
    hash: str


def entries(
    s: Connection, *, after: int = 0, until: int | None = None, act_class: str = ""
) -> list[CustodyRow]:
    """Entries in order, all or of one class."""
    labels = {d.seq: d.body for d in custody.details(s, after, until)}
    found = []
    for leaf in custody.leaves(s, after, until):
        content = leaf.content
        if act_class and content["class"] != act_class:
            continue
        body = labels[leaf.seq]
        items = content.get("items", {}).get("count", 0)
        found.append(
            CustodyRow(
                leaf.seq, content["at"], content["actor"], content["class"], content["op"],
                body["label"], items, leaf.hash.hex(),
            )
        )  # fmt: skip
    return found


def latest(s: Connection, count: int, *, without: Sequence[str] = ()) -> list[CustodyRow]:
    """Those of the last `count` entries whose act is not one of `without`, the newest first."""
    leaves = custody.leaves(s, custody.head(s) - count)
    wanted = [leaf.seq for leaf in leaves if leaf.content["op"] not in without]
    return [row for seq in reversed(wanted) for row in entries(s, after=seq - 1, until=seq)]


def of_original(s: Connection, sha256: bytes) -> int:
    """How many entries received or read an original: of a long log there are thousands."""
    query = (
        select(func.count())
        .select_from(original_act)
        .join(original, original.c.id == original_act.c.original_id)
        .where(original.c.sha256 == sha256)
    )
    return int(s.execute(query).scalar() or 0)


def all_imports_finished(s: Connection) -> bool:
    """Whether every import came to its end, so that what is derived from items must be there."""
    return (
        s.execute(select(ingest_run.c.id).where(ingest_run.c.state != "finished")).first() is None
    )


def unfinished_imports(s: Connection) -> int:
    """How many imports are running, or ended before their end: what is derived from items may be behind."""
    query = select(func.count()).where(ingest_run.c.state.in_(("running", "failed")))
    return int(s.execute(query).scalar() or 0)
