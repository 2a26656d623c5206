"""Items put into a case row by row, for tests of search that need no importer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from casekit.store import tables as t
from casekit.store.case import Case


def add(
    s: Connection,
    *,
    kind: str = "document",
    collection: str = "documents",
    title: str = "",
    name: str = "",
    texts: Mapping[str, str] | None = None,
    sent_us: int | None = None,
    sent_zone: str | None = None,
    parent_id: int | None = None,
    pages: int | None = None,
    media_type: str = "text/plain",
    language: str = "",
    exchange: Mapping[str, Any] | None = None,
    mail: Mapping[str, Any] | None = None,
    parties: Sequence[tuple[str, str, str]] = (),
    tags: Sequence[str] = (),
    custodian: str = "",
    role: str = "",
) -> int:
    """One item in an original of its own; returns its id."""
    number = (s.execute(select(func.max(t.item.c.id))).scalar() or 0) + 1
    sha = hashlib.sha256(str(number).encode()).digest()
    original = s.execute(
        insert(t.original).values(sha256=sha, size=1, format="text", state="read", filed=1)
    ).inserted_primary_key[0]
    _receive(s, original, custodian, role)
    s.execute(
        insert(t.item).values(
            id=number, original_id=original, parent_id=parent_id, root_id=parent_id or number,
            kind=kind, collection=collection, title=title, name=name, media_type=media_type,
            pointer="[]", sha256=sha, size=1, sent_us=sent_us, sent_zone=sent_zone, pages=pages,
            language=language, facts="", digest=sha,
        )
    )  # fmt: skip
    for no, (part, text) in enumerate((texts or {}).items()):
        s.execute(insert(t.item_text).values(item_id=number, no=no, part=part, text=text))
    if exchange is not None:
        s.execute(insert(t.exchange).values(item_id=number, **exchange))
    if mail is not None:
        s.execute(insert(t.mail).values(item_id=number, **mail))
    for no, (party_role, party, address) in enumerate(parties):
        row = {"item_id": number, "no": no, "role": party_role, "name": party, "address": address}
        s.execute(insert(t.item_party).values(**row))
    for tag in tags:
        _tag(s, number, tag)
    return number


def problem(
    s: Connection, kind: str, *, item_id: int | None = None, length: int | None = None
) -> None:
    """A problem of an item, or of a record that was set aside."""
    s.execute(
        insert(t.problem).values(
            run_id=_run(s), item_id=item_id, path="x", stage="frame", kind=kind, text="Trouble.",
            length=length,
        )
    )  # fmt: skip


def add_logs(case: Case, number: int, prompts: Sequence[str], outputs: Sequence[str]) -> None:
    """Many exchanges of an API log at once; prompts and outputs are used in turn."""
    with case.write() as s:
        first = (s.execute(select(func.max(t.item.c.id))).scalar() or 0) + 1
        sha = hashlib.sha256(f"log {first}".encode()).digest()
        original = s.execute(
            insert(t.original).values(sha256=sha, size=1, format="jsonl", state="read", filed=1)
        ).inserted_primary_key[0]
        ids = range(first, first + number)
        s.execute(
            insert(t.item),
            [
                {
                    "id": i, "original_id": original, "root_id": i, "kind": "exchange",
                    "collection": "api-log", "title": prompts[i % len(prompts)][:60], "name": "",
                    "media_type": "application/json", "pointer": "[]", "sha256": sha, "size": 900,
                    "sent_us": 1_735_689_600_000_000 + (i * 7919 % 1_000_003) * 1_000_000,
                    "language": "", "facts": "", "digest": sha,
                }
                for i in ids
            ],
        )  # fmt: skip
        s.execute(
            insert(t.item_text),
            [
                {"item_id": i, "no": no, "part": part, "text": texts[i % len(texts)]}
                for i in ids
                for no, (part, texts) in enumerate((("prompt", prompts), ("output", outputs)))
            ],
        )
        s.execute(
            insert(t.exchange),
            [
                {
                    "item_id": i, "model": f"model-{i % 7}", "account": f"acct_{i % 3000:04d}",
                    "ip": f"10.0.{i % 250}.{i % 199}", "status": 200 if i % 50 else 429,
                }
                for i in ids
            ],
        )  # fmt: skip


def _receive(s: Connection, original: int, custodian: str, role: str) -> None:
    custodian_id = None
    if custodian:
        known = select(t.custodian.c.id).where(t.custodian.c.name == custodian)
        custodian_id = s.execute(known).scalar()
        if custodian_id is None:
            made = s.execute(insert(t.custodian).values(name=custodian))
            custodian_id = made.inserted_primary_key[0]
    s.execute(
        insert(t.receipt).values(
            original_id=original, run_id=_run(s), custodian_id=custodian_id, at_us=0, path="x",
            role=role or None,
        )
    )  # fmt: skip


def _run(s: Connection) -> int:
    known = s.execute(select(t.ingest_run.c.id)).scalar()
    if known is None:
        made = s.execute(insert(t.ingest_run).values(started_us=0, state="done", sources="[]"))
        known = made.inserted_primary_key[0]
    return int(known)


def _tag(s: Connection, item_id: int, name: str) -> None:
    known = s.execute(select(t.tag.c.id).where(t.tag.c.name == name)).scalar()
    if known is None:
        known = s.execute(insert(t.tag).values(name=name, colour="#888888")).inserted_primary_key[0]
    s.execute(insert(t.item_tag).values(item_id=item_id, tag_id=known))
