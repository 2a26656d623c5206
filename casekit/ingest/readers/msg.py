"""An Outlook message file (MSG): a mail, appointment, contact, note or task with all that is attached."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.mail.mapi import read_names
from casekit.ingest.mail.ole import open_ole
from casekit.ingest.mail.outlook import read_outlook
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.reading import kept


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Read one Outlook item.

    Source: MS-OXMSG, MS-CFB.
    """
    size = len(untrusted_data)
    storage = open_ole(untrusted_data)
    if storage is None:
        yield Problem("open", "bad-msg", "The Outlook file is damaged; it is kept and not read.")
        yield kept(untrusted_data, context.name, "application/vnd.ms-outlook")
        yield Books(size)
        return
    digest = hashlib.sha256(untrusted_data).digest()
    item = read_outlook(
        storage, context, steps=(), digest=digest, size=size, head=32, names=read_names(storage)
    )
    yield item
    if storage.damaged:
        yield Problem("parse", "bad-msg", "Parts of the Outlook file cannot be read.")
    yield Books(size)
