"""Content-Transfer-Encodings undone, the same way for everybody who asks for a part's bytes."""

from __future__ import annotations

import binascii
import re
from typing import NamedTuple

from casekit.ingest.mail.words import from_base64

_PLAIN = {"", "7bit", "8bit", "binary", "7-bit", "8-bit", "8bits", "7bits", "none", "unencoded"}


class Undone(NamedTuple):
    """Bytes of a part.

    Attributes:
        data: Decoded.
        decoding: What was undone, as in `Step.decoding`: `base64`, `quoted-printable`, `uuencode` or nothing.
        problem: `bad-base64`, `base64-goes-on`, `bad-uuencode`, `unknown-encoding` or nothing.
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
    if encoding in _UUENCODE and (found := _from_uuencode(raw)) is not None:
        return Undone(found[0], "uuencode", "" if found[1] else "bad-uuencode")
    return Undone(raw, "", "unknown-encoding")


_UUENCODE = frozenset({"uuencode", "x-uuencode", "x-uue", "uue"})
_UU_BEGIN = re.compile(rb"(?:\A|\n)begin [0-7]{3,4} [^\r\n]{1,255}\r?\n")


def _from_uuencode(raw: bytes) -> tuple[bytes, bool] | None:
    """The first file of a uuencoded body, and whether it is whole and all there is; None if none begins in it.

    Source: IEEE Std 1003.1 (POSIX), `uuencode`.
    """
    begin = _UU_BEGIN.search(raw)
    if begin is None:
        return None
    made = bytearray()
    lines = iter(raw[begin.end() :].split(b"\n"))
    for line in lines:
        line = line.rstrip(b"\r")
        if line == b"end":
            alone = not raw[: begin.start()].strip() and not any(map(bytes.strip, lines))
            return bytes(made), alone
        if not line:
            continue
        try:
            made += binascii.a2b_uu(line)
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:  # some programs write a character too many
                made += binascii.a2b_uu(line[:length])
            except binascii.Error:
                return bytes(made), False
    return bytes(made), False
