"""Header text as a reader sees it: encoded words (RFC 2047), raw 8-bit bytes and parameters (RFC 2231)."""

from __future__ import annotations

import binascii
import re
from contextlib import suppress
from urllib.parse import unquote_to_bytes

from casekit.ingest.mail.charsets import decode

MAX_DECODED = 64 * 1024
"""Characters of one header value in which encoded words are looked for."""

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?(.{0,4000}?)\?=", re.DOTALL)
_PARAMETER = re.compile(
    r";\s*+([^\s=;\"()<>]{1,80})\s*=\s*(?:\"((?:[^\"\\]|\\.)*+)\"?|([^;]*))", re.DOTALL
)
_CONTINUED = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?\Z")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def is_plain(value: str) -> bool:
    """Whether a value reads as it stands, as most do."""
    return value.isascii() and "=?" not in value and "\0" not in value


def readable(value: str, charset: str = "") -> str:
    """Header text for display.

    Args:
        value: The unfolded value, its 8-bit bytes as surrogate escapes.
        charset: What 8-bit bytes that are not UTF-8 are tried as, such as the body's charset.
    """
    if "=?" in value and "?=" in value and len(value) <= MAX_DECODED:
        return _without_nul(_decode_words(value, charset))
    return plain(value, charset)


def plain(value: str, charset: str = "") -> str:
    """`value` with its surrogate escapes decoded and a NUL shown as its picture, and nothing else."""
    if not value.isascii():
        value = decode(value.encode("utf-8", "surrogateescape"), charset).text
    return _without_nul(value)


def _without_nul(text: str) -> str:
    return text.replace("\0", "␀") if "\0" in text else text


def _decode_words(value: str, charset: str) -> str:
    out: list[str] = []
    pending = b""
    pending_charset = ""
    end = 0
    for match in _WORD.finditer(value):
        between = value[end : match.start()]
        label = match[1].split("*", 1)[0].lower()  # RFC 2231: a language may follow the charset
        if (end and between and not between.isspace()) or not end:
            out += _flush(pending, pending_charset), plain(between, charset)
            pending = b""
        elif label != pending_charset:
            out.append(_flush(pending, pending_charset))
            pending = b""
        # A character may be cut in two by adjacent words, so their bytes are joined before decoding.
        pending += _payload(match[2], match[3])
        pending_charset = label
        end = match.end()
    out += _flush(pending, pending_charset), plain(value[end:], charset)
    return "".join(out)


def _flush(raw: bytes, charset: str) -> str:
    return decode(raw, charset).text if raw else ""


def _payload(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    return from_base64(raw)[0]


def from_base64(raw: bytes) -> tuple[bytes, bool]:
    """Bytes of a base64 text, and whether it was whole.

    What is not in the alphabet is skipped; reading ends at the padding, which newer Pythons read on behind.
    A broken text loses its last incomplete group of four and nothing else.
    """
    end = raw.find(b"=")
    if end < 0 or not raw[end:].strip(b"= \t\r\n"):
        with suppress(binascii.Error):
            return binascii.a2b_base64(raw), True
    letters, whole = _before_padding(raw)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)), whole


def _before_padding(raw: bytes) -> tuple[bytes, bool]:
    """The letters of a base64 text to the padding that ends a group of four, and whether they are whole."""
    pieces: list[bytes] = []
    count = padding = 0
    for number, piece in enumerate(parts := raw.split(b"="), 1):
        letters = _NOT_BASE64.sub(b"", piece)
        pieces.append(letters)
        count += len(letters)
        padding = 1 if letters else padding + 1
        if number < len(parts) and count % 4 >= 2 and count % 4 + padding >= 4:
            return b"".join(pieces), True
    return (b"".join(pieces), True) if count % 4 == 0 else (pieces[0], False)


def parameters(value: str) -> dict[str, str]:
    """Parameters of a structured header value such as Content-Type, decoded, by lower-case name.

    Continuations and charsets are those of RFC 2231; encoded words inside a value, which no standard
    allows, are decoded all the same because most programs write them.
    """
    if ";" not in value:
        return {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(value[:MAX_DECODED]):
        name = _CONTINUED.match(match[1])
        if name is None:
            continue
        text = match[3] if match[2] is None else _unescape(match[2])
        key = name[1].lower()
        pieces.setdefault(key, []).append((int(name[2] or 0), bool(name[3]), text.strip()))
    return {key: _joined(found) for key, found in pieces.items()}


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    # Only these two: other backslashes are most often those of a Windows path.
    return text.replace("\\\\", "\\").replace('\\"', '"')


def _joined(found: list[tuple[int, bool, str]]) -> str:
    if len(found) == 1 and not found[0][1]:
        return readable(found[0][2])
    numbered: dict[int, tuple[bool, str]] = {}
    for number, extended, text in found:
        if number not in numbered or extended:
            numbered[number] = (extended, text)
    charset = ""
    raw = b""
    for place, number in enumerate(sorted(numbered)):
        extended, text = numbered[number]
        if extended and place == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        piece = text.encode("utf-8", "surrogateescape")
        raw += unquote_to_bytes(piece) if extended else piece
    text = decode(raw, charset).text
    return readable(text) if not charset else text
