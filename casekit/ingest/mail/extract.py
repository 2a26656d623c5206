"""A part's bytes out of a message by its number, for pointers that carry no offset."""

from __future__ import annotations

from casekit.errors import CaseKitError
from casekit.ingest.mail.message import as_ascii
from casekit.ingest.mail.structure import read_structure
from casekit.ingest.mail.transfer import undo


def mime_part(untrusted_bytes: bytes, name: str) -> bytes:
    """Cut out and decode the MIME part numbered `name`, such as `2.1`.

    Args:
        untrusted_bytes: The message's exact bytes.
        name: Part number as in `Step.name`.

    Returns:
        The part's bytes, its transfer encoding undone.

    Raises:
        CaseKitError: The message has no such part.
    """
    text, _ = as_ascii(untrusted_bytes)
    for part in read_structure(text).walk():
        if part.path == name and not part.parts:
            return undo(text[part.start : part.end], part.encoding).data
    raise CaseKitError("The message has no part {part}.", part=name)
