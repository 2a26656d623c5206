"""Checks the tables that are derived from items: threads of mails, and exchanges joined over several files.

An import fills them last, so those it has not come to yet, or never came to, are not missing: what is
compared is what follows from the items up to the newest one in the table. Of joins all must be there
where every import came to its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from casekit.ingest.mail.threads import ThreadInput, assign_threads
from casekit.ingest.pairing import join_parts
from casekit.queries import mails, parts
from casekit.queries.custody import all_imports_finished


def wrong_threads(s: Connection) -> Iterator[int]:
    """The items whose thread in the case is not the one that follows from the headers of its mails."""
    known = mails.threads(s)
    last = max(known, default=0)
    headers = [
        ThreadInput(m.item_id, m.message_id, m.references, m.in_reply_to, m.subject, m.sent_us)
        for m in mails.thread_headers(s)
        if m.item_id <= last
    ]
    yield from _differing(known, assign_threads(headers))


def wrong_joins(s: Connection) -> Iterator[int]:
    """The items whose join in the case is not the one that follows from its exchanges."""
    known = parts.joins(s)
    last = None if all_imports_finished(s) else max(known, default=0)
    wanted = {
        item_id: (join.first, join.ground)
        for item_id, join in join_parts(parts.batches(s, last), parts.shared(s, last)).items()
    }
    yield from _differing(known, wanted)


def _differing(known: Mapping[int, object], wanted: Mapping[int, object]) -> Iterator[int]:
    for item_id in sorted(known.keys() | wanted.keys()):
        if known.get(item_id) != wanted.get(item_id):
            yield item_id
