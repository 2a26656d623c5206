"""A TNEF file (winmail.dat): the mail and the attachments that Outlook packed into it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.mail.outlook import read_outlook
from casekit.ingest.mail.tnef import TnefStorage
from casekit.ingest.parsed import Books, Context, Parsed, Problem


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Read one TNEF stream; what it holds is cut out by slices.

    Source: MS-OXTNEF.
    """
    size = len(untrusted_data)
    storage = TnefStorage(untrusted_data[:])
    yield read_outlook(
        storage,
        context,
        steps=(),
        digest=hashlib.sha256(untrusted_data).digest(),
        size=size,
        head=0,
        charset=storage.charset,
        names=storage.named,
        media_type="application/vnd.ms-tnef",
    )
    if storage.damaged:
        text = "The TNEF file is damaged: a checksum is wrong or its end is missing."
        yield Problem("parse", "bad-tnef", text)
    yield Books(size)
