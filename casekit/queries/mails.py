"""What the importer needs to know of all mails to put them into threads."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select

from casekit.store.tables import item, mail, mail_thread


@dataclass(frozen=True, slots=True)
class ThreadHeaders:
    """The headers that threads are made from; `sent_us` is None for a mail without a date."""

    item_id: int
    message_id: str
    references: tuple[str, ...]
    in_reply_to: tuple[str, ...]
    subject: str
    sent_us: int | None


def thread_headers(s: Connection) -> Iterator[ThreadHeaders]:
    """The threading headers of every mail in order of id."""
    query = (
        select(
            mail.c.item_id,
            mail.c.message_id,
            mail.c.refs,
            mail.c.in_reply_to,
            mail.c.subject,
            item.c.sent_us,
        )
        .join(item, item.c.id == mail.c.item_id)
        .order_by(mail.c.item_id)
    )
    for row in s.execute(query):
        yield ThreadHeaders(
            row.item_id,
            row.message_id or "",
            _ids(row.refs),
            _ids(row.in_reply_to),
            row.subject or "",
            row.sent_us,
        )


def threads(s: Connection) -> dict[int, int]:
    """The threads as the case has them: of each mail the first mail of its thread."""
    query = select(mail_thread.c.item_id, mail_thread.c.thread_id)
    return {row.item_id: row.thread_id for row in s.execute(query)}


def _ids(text: str | None) -> tuple[str, ...]:
    """The ids of a header, each kept once however many mails name it."""
    return tuple(map(sys.intern, orjson.loads(text))) if text else ()
