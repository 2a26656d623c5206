"""An Outlook mailbox (PST, OST): every item of its folders, and what was deleted and is there still."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casekit.ingest.containers import Data
from casekit.ingest.mail import pst
from casekit.ingest.mail.bundle import Bundle
from casekit.ingest.mail.nodes import Nodes
from casekit.ingest.mail.outlook import read_outlook
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step, sha256
from casekit.ingest.reading import kept

_NEEDED = (
    "Outlook mailboxes need the package libpff-python, which is not installed; the file is kept. "
    "Install CaseKit's further formats and import it again."
)


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Read a mailbox item by item; `folder` among an item's facts says where it lay.

    Source: MS-PST, by way of libpff.
    """
    size = len(untrusted_data)
    try:
        file = pst.open_pst(untrusted_data)
    except pst.NeedsPackage:
        yield Problem("open", "needs-package", _NEEDED)
        yield kept(untrusted_data, context.name, "application/vnd.ms-outlook-pst")
        yield Books(size)
        return
    if file is None:
        yield Problem("open", "bad-mailbox", "The mailbox is damaged or locked; it is kept whole.")
        yield kept(untrusted_data, context.name, "application/vnd.ms-outlook-pst")
        yield Books(size)
        return
    if pst.has_password(file):
        text = (
            "Outlook would ask for a password here; it protects nothing, and the items were read."
        )
        yield Problem("open", "password", text)
    yield from _items(file, context, pst.nodes_of(untrusted_data))
    yield Books(size)


def _items(file: Any, context: Context, nodes: Nodes | None) -> Iterator[Parsed | Problem]:
    names = pst.names(file)
    for found in pst.items(file):
        if found.item is None:
            text = "An item of the mailbox cannot be opened; it is in the file all the same."
            yield Problem("open", "bad-item", text, path=found.folder)
            continue
        data = pst.item_bytes(found.item, nodes)
        digest = sha256(data)
        step = Step("pst", name=found.folder, number=found.number, length=len(data), sha256=digest)
        yield read_outlook(
            Bundle(data),
            context,
            steps=(step,),
            digest=digest,
            size=len(data),
            head=0,
            names=names,
            more={"folder": found.folder, "recovered": found.recovered},
        )
