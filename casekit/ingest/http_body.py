"""HTTP messages as they crossed the wire: header, body, and the codings of a body undone.

A body whose coding is damaged gives what comes before the damage, and says so; one whose coding nobody
here knows is given as it stands.

Source: RFC 9110, 8.4; RFC 9112, 2 to 7; RFC 1950 to 1952; RFC 7932; RFC 8878.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import NamedTuple

from casekit.ingest.dialects.headers import Fields, first
from casekit.ingest.limits import budget
from casekit.ingest.parsed import Problem

_OUT = 256 * 1024
_IN = 1024
_MOST_HEADER = 1024 * 1024
_HEADER_END = re.compile(rb"\r?\n[ \t]*\r?\n|\r?\n\Z")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})")
_METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}")
_VERSION = re.compile(rb"HTTP/\d(?:\.\d)?")
_SENTENCES = {
    "bad-chunks": "The body is not in the chunks that its header promises; it is kept as it stands.",
    "cut-chunks": "The body's chunks break off; what came is kept.",
    "bad-coding": "The packed body is damaged; what comes before the damage is kept.",
    "unknown-coding": "The body is packed in a way that is not known; it is kept as it stands.",
    "needs-package": "The body is packed with Brotli; install the package brotli to read it.",
}


class Body(NamedTuple):
    """A body without its codings, and the kinds of trouble met on the way."""

    data: bytes
    troubles: tuple[str, ...] = ()

    def problems(self) -> tuple[Problem, ...]:
        """The troubles as problems."""
        return tuple(Problem("parse", kind, _SENTENCES[kind]) for kind in self.troubles)


class HttpMessage(NamedTuple):
    """A request or an answer.

    Attributes:
        method: Of a request, else empty.
        target: Of a request: what was asked for, as it stands in its first line.
        status: Of an answer.
        fields: Of its header.
        start: First byte of the body.
    """

    method: str
    target: str
    status: int | None
    fields: Fields
    start: int


def read_http(untrusted_data: bytes) -> HttpMessage | None:
    """Take the header of an HTTP message apart; None if it does not begin as one."""
    head = untrusted_data[:_MOST_HEADER]
    end = _HEADER_END.search(head)
    block = head[: end.start()] if end else head
    start = end.end() if end else len(head)
    line, *rest = re.split(rb"\r?\n", block)
    status = _STATUS.match(line)
    method, _, target = line.partition(b" ")
    if status is None and (not _METHOD.fullmatch(method) or not target.strip()):
        return None
    fields: Fields = []
    for each in rest:
        if each[:1] in (b" ", b"\t") and fields:
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {_text(each)}".strip())
            continue
        name_, colon, value_ = each.partition(b":")
        if colon:
            fields.append((_text(name_), _text(value_)))
    if status is not None:
        return HttpMessage("", "", int(status[1]), fields, start)
    before, _, last = target.rstrip().rpartition(b" ")
    if _VERSION.fullmatch(last):
        target = before
    return HttpMessage(_text(method), _text(target), None, fields, start)


def _text(raw: bytes) -> str:
    try:
        return raw.decode().strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()


def body_of(untrusted_data: bytes, message: HttpMessage) -> Body:
    """The body of a message, its transfer and content codings undone."""
    data = untrusted_data[message.start :]
    troubles: tuple[str, ...] = ()
    if "chunked" in first(message.fields, "transfer-encoding").lower():
        data, trouble = _join_chunks(data)
        troubles = (trouble,) if trouble else ()
    body = undo_codings(data, first(message.fields, "content-encoding"))
    return Body(body.data, (*troubles, *body.troubles))


def http_payload(untrusted_data: bytes) -> bytes:
    """The body of the HTTP message that the bytes are: what the decoding `http` of a pointer gives.

    Raises:
        ValueError: They are no HTTP message.
    """
    message = read_http(untrusted_data)
    if message is None:
        raise ValueError("no HTTP message stands there")
    return body_of(untrusted_data, message).data


def _join_chunks(data: bytes) -> tuple[bytes, str]:
    """The chunks of a body joined; a body that is none of chunks comes back as it stands."""
    pieces: list[bytes] = []
    at = 0
    while match := _CHUNK.match(data, at):
        length = int(match[1], 16)
        if not length:
            return b"".join(pieces), ""
        piece = data[match.end() : match.end() + length]
        pieces.append(piece)
        at = match.end() + length
        if len(piece) < length:
            return b"".join(pieces), "cut-chunks"
        if data[at : at + 2] == b"\r\n":
            at += 2
        elif data[at : at + 1] == b"\n":
            at += 1
        elif at < len(data):
            return (data, "bad-chunks") if len(pieces) == 1 else (b"".join(pieces), "cut-chunks")
    if pieces:
        return b"".join(pieces), "cut-chunks"
    return data, "bad-chunks" if data else ""


def undo_codings(untrusted_data: bytes, coding: str) -> Body:
    """Undo what `Content-Encoding` names, the last one first.

    A body that was unpacked already, as many tools store it, is told by its first bytes and left alone.

    Raises:
        LimitReached: It unfolds too far.
    """
    data = untrusted_data
    troubles: list[str] = []
    for name in reversed([each.strip().lower() for each in coding.split(",")]):
        if not data or name in _OPEN:
            continue
        undo = _UNDO.get(name)
        if undo is None:
            troubles.append("unknown-coding")
            break
        data, trouble = undo(data)
        if trouble:
            troubles.append(trouble)
            if trouble == "needs-package":
                break
    return Body(data, tuple(troubles))


def _undo_gzip(data: bytes) -> tuple[bytes, str]:
    return _inflate(data, zlib.MAX_WBITS | 16) if data[:2] == b"\x1f\x8b" else (data, "")


def _undo_deflate(data: bytes) -> tuple[bytes, str]:
    if _lies_open(data):
        return data, ""
    bare = data[0] & 0x0F != 8 or int.from_bytes(data[:2]) % 31  # without the frame of RFC 1950
    return _inflate(data, -zlib.MAX_WBITS if bare else zlib.MAX_WBITS)


def _lies_open(data: bytes) -> bool:
    """Whether the text of an answer stands there unpacked."""
    return data[:1] in b"{[<" or data[:5] in (b"data:", b"event")


def _inflate(data: bytes, window: int) -> tuple[bytes, str]:
    unpack = zlib.decompressobj(window)
    pieces: list[bytes] = []
    given = 0
    rest = data
    try:
        while rest and not unpack.eof:
            piece = unpack.decompress(rest, _OUT)
            rest = unpack.unconsumed_tail
            pieces.append(piece)
            given += len(piece)
            budget().use(len(piece), given, len(data))
            if not piece and not rest:
                break
    except zlib.error:
        return b"".join(pieces), "bad-coding"
    return b"".join(pieces), "" if unpack.eof else "bad-coding"


def _undo_zstd(data: bytes) -> tuple[bytes, str]:
    if data[:4] != b"\x28\xb5\x2f\xfd":
        return data, ""
    import zstandard

    pieces: list[bytes] = []
    given = at = 0
    whole = True
    while at < len(data) and whole:
        unpack = zstandard.ZstdDecompressor().decompressobj()
        try:
            while at < len(data) and not unpack.eof:
                piece = unpack.decompress(
                    data[at : at + _IN]
                )  # little at a time: it may unfold far
                at += _IN
                pieces.append(piece)
                given += len(piece)
                budget().use(len(piece), given, len(data))
        except zstandard.ZstdError:
            return b"".join(pieces), "bad-coding"
        whole = unpack.eof
        at = min(at, len(data)) - len(unpack.unused_data)
    return b"".join(pieces), "" if whole else "bad-coding"


def _undo_brotli(data: bytes) -> tuple[bytes, str]:
    if _lies_open(data):
        return data, ""
    try:
        import brotli  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        return data, "needs-package"
    pieces: list[bytes] = []
    given = 0
    try:
        unpack = brotli.Decompressor()
        for at in range(0, len(data), _IN):
            piece = unpack.process(data[at : at + _IN])
            pieces.append(piece)
            given += len(piece)
            budget().use(len(piece), given, len(data))
    except brotli.error:
        return b"".join(pieces), "bad-coding"
    return b"".join(pieces), "" if unpack.is_finished() else "bad-coding"


_OPEN = frozenset({"", "identity", "none", "utf-8"})
_UNDO: dict[str, Callable[[bytes], tuple[bytes, str]]] = {
    "gzip": _undo_gzip,
    "x-gzip": _undo_gzip,
    "deflate": _undo_deflate,
    "zstd": _undo_zstd,
    "br": _undo_brotli,
}
