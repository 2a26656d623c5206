"""Content-Transfer-Encodings undone, the same way for everybody who asks for a part's bytes."""

from __future__ import annotations

import binascii
from typing import NamedTuple

from casekit.ingest.mail.words import from_base64

_PLAIN = {"", "7bit", "8bit", "binary", "7-bit", "8-bit", "8bits", "7bits", "none", "unencoded"}


class Undone(NamedTuple):
    """Bytes of a part.

    Attributes:
        data: Decoded.
        decoding: What was undone, as in `Step.decoding`: `base64`, `quoted-printable` or nothing.
        problem: `bad-base64`, `base64-goes-on`, `unknown-encoding` or nothing.
    """

    data: bytes
    decoding: str = ""
    problem: str = ""


def behind_base64(raw: bytes) -> bytes:
    """What stands behind the padding of a base64 text: some programs read on, others end there."""
    end = raw.find(b"=")
    rest = raw[end:].lstrip(b"= \t\r\n") if end >= 0 else b""
    return rest.rstrip()


def undo(raw: bytes, encoding: str) -> Undone:
    """Undo the transfer encoding of a part's body.

    Base64 skips what is not in its alphabet and ends at its padding; quoted-printable is RFC 2045,
    section 6.7, with broken escapes left as they are. An unknown encoding leaves the bytes alone.

    Args:
        raw: The body as it stands in the message.
        encoding: Lower case, as declared.
    """
    if encoding in _PLAIN:
        return Undone(raw)
    if encoding in ("base64", "base-64", "b"):
        data, whole = from_base64(raw)
        problem = "" if whole else "bad-base64"
        return Undone(data, "base64", "base64-goes-on" if behind_base64(raw) else problem)
    if encoding in ("quoted-printable", "quoted_printable", "q"):
        return Undone(binascii.a2b_qp(raw), "quoted-printable")
    return Undone(raw, "", "unknown-encoding")
