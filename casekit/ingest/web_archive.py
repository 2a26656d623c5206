"""The records of a web archive, WARC or ARC, each with its exact place; what is no record has one too.

Header lines are read by warcio; where a record ends is told here, because a length that is wrong must
cost its own record only.

Source: ISO 28500:2017 (WARC 1.1); WARC 1.0; Internet Archive, ARC file format 1.0 and 2.0.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from casekit.ingest.containers import Data
from casekit.ingest.dialects.headers import Fields, first

MAX_HEADER = 256 * 1024
"""Bytes of one record's header."""

_BLANK = re.compile(rb"[\r\n]*+")
_WARC = re.compile(rb"WARC/\d\.\d{1,2}[ \t]*\r?\n(?=[!-9;-~]+[ \t]*:)")
_NEXT_WARC = re.compile(rb"\nWARC/\d\.\d{1,2}[ \t]*\r?\n(?=(?i:warc-|content-)[!-9;-~]+[ \t]*:)")
_SEPARATED = re.compile(rb"\r?\n\r?\n")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_ARC_START = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]{1,30}:")
_NEXT_ARC = re.compile(rb"\n(?=[A-Za-z][A-Za-z0-9+.-]{1,30}:)")
_MOST_LINE = 16 * 1024
_DATE = re.compile(rb"\d{8,20}")
_ADDRESS = re.compile(rb"[0-9A-Fa-f.:]{3,45}|-")


@dataclass(frozen=True, slots=True)
class WebRecord:
    """A record.

    Attributes:
        kind: `response`, `request`, `resource`, `revisit`, `metadata`, `warcinfo`, `conversion`,
            `continuation`, or what else it calls itself; of an ARC file's first record `arc_header`.
        fields: Of its header; of an ARC record those with the names of WARC that say the same.
        offset: First byte of the header.
        start: First byte of the block.
        end: Byte behind the block.
        troubles: `truncated` (the file ends before it), `bad-length` (its length is wrong).
    """

    kind: str
    fields: Fields
    offset: int
    start: int
    end: int
    troubles: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """What was captured; without the angle brackets that Wget puts around it."""
        return first(self.fields, "warc-target-uri").removeprefix("<").removesuffix(">")

    @property
    def id(self) -> str:
        """Its WARC-Record-ID."""
        return first(self.fields, "warc-record-id")


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes between records: separators, or such as are no record, with the kind of trouble.

    Attributes:
        kind: Empty for the blank lines that belong there.
    """

    kind: str
    offset: int
    end: int


def web_records(untrusted_data: Data) -> Iterator[WebRecord | Gap]:
    """Records and gaps in the file's order; together they are all of its bytes."""
    is_arc = untrusted_data[:9] == b"filedesc:"
    at, size = 0, len(untrusted_data)
    while at < size:
        blank = _end_of_blank(untrusted_data, at)
        if blank > at:
            yield Gap("", at, blank)
            at = blank
            continue
        read = _arc_record if is_arc else _warc_record
        record = read(untrusted_data, at)
        if isinstance(record, WebRecord):
            yield record
            at = record.end
            continue
        end = _next_start(untrusted_data, at, is_arc=is_arc)
        yield Gap(record or "no-record", at, end)
        at = end


def _end_of_blank(data: Data, at: int) -> int:
    found = _BLANK.match(data, at)
    return found.end() if found else at


def _next_start(data: Data, at: int, *, is_arc: bool) -> int:
    """Where the next record begins, or the file's end."""
    if not is_arc:
        found = _NEXT_WARC.search(data, at)
        return found.start() + 1 if found else len(data)
    while (found := _NEXT_ARC.search(data, at)) is not None:
        at = found.start() + 1
        if _arc_line(data, at) is not None:
            return at
    return len(data)


def _warc_record(data: Data, at: int) -> WebRecord | str | None:
    """The record at `at`; the kind of trouble if it is broken; None if none begins there."""
    if not _WARC.match(data, at):
        return None
    end = _HEADER_END.search(data, at, min(len(data), at + MAX_HEADER))
    if end is None:
        return "truncated"
    fields = _header(data[at : end.end()])
    length = first(fields, "content-length")
    if not length.isdecimal() or len(length) > 18:
        return "bad-length"
    kind = first(fields, "warc-type").lower() or "unknown"
    return _bounded(data, WebRecord(kind, fields, at, end.end(), end.end() + int(length)))


def _bounded(data: Data, record: WebRecord) -> WebRecord:
    """The record with the end it really has: a header may promise more than there is, or less.

    Where more follows than the header says, the block ends where it says, and the rest is a gap.
    """
    if record.end <= len(data):
        after = _end_of_blank(data, record.end)
        if after >= len(data) or _WARC.match(data, after):
            return record
    stated = min(record.end, len(data))
    inside = _NEXT_WARC.search(data, record.start - 1, stated)
    if inside is None and _SEPARATED.match(data, record.end):
        return record  # what follows is damaged, and not this
    if inside is None:
        trouble = "bad-length" if record.end <= len(data) else "truncated"
        return _ended(record, stated, trouble)
    end = inside.start() + 1
    while end > record.start and data[end - 1 : end] in (b"\r", b"\n"):
        end -= 1
    return _ended(record, end, "bad-length")


def _ended(record: WebRecord, end: int, trouble: str) -> WebRecord:
    return WebRecord(
        record.kind, record.fields, record.offset, record.start, end, (*record.troubles, trouble)
    )


def _header(raw: bytes) -> Fields:
    from warcio.statusandheaders import StatusAndHeadersParser

    parsed = StatusAndHeadersParser([], verify=False).parse(io.BytesIO(raw))
    return [(str(name), str(value)) for name, value in parsed.headers]


def _arc_record(data: Data, at: int) -> WebRecord | str | None:
    line = _arc_line(data, at)
    if line is None:
        return None
    url, ip, date, media_type, length, start = line
    if not length.isdecimal() or len(length) > 18:
        return "bad-length"
    fields = [
        ("WARC-Target-URI", url), ("WARC-IP-Address", ip), ("ARC-Date", date),
        ("Content-Type", media_type), ("Content-Length", length),
    ]  # fmt: skip
    kind = "arc_header" if url.startswith("filedesc:") else "response"
    stated = WebRecord(kind, fields, at, start, start + int(length))
    if stated.end > len(data):
        return _ended(stated, len(data), "truncated")
    after = _end_of_blank(data, stated.end)
    if after >= len(data) or _arc_line(data, after) is not None:
        return stated
    return _ended(stated, stated.end, "bad-length")


def _arc_line(data: Data, at: int) -> tuple[str, str, str, str, str, int] | None:
    """URL, address, date, media type and length of an ARC header line, and where its block begins.

    The URL may hold spaces, and lines of version 2.0 have five more fields before the length.
    """
    if not _ARC_START.match(data, at):
        return None
    end = data.find(b"\n", at, at + _MOST_LINE)
    words = data[at:end].rstrip(b"\r \t").split(b" ") if end > 0 else []
    for number in range(len(words) - 3, 1, -1):
        if _DATE.fullmatch(words[number]) and _ADDRESS.fullmatch(words[number - 1]):
            url = b" ".join(words[: number - 1])
            told = (url, words[number - 1], words[number], words[number + 1], words[-1])
            shown = [each.decode("utf-8", "replace") for each in told]
            return shown[0], shown[1], shown[2], shown[3], shown[4], end + 1
    return None


def digest_matches(stated: str, *untrusted_bodies: bytes) -> bool | None:
    """Whether a digest of a WARC header is that of one of the bodies; None for an unknown algorithm.

    The value is in base32 as the standard's examples have it, in hex or in base64, as tools write it.
    """
    name, _, value = stated.strip().partition(":")
    algorithm = name.lower().replace("-", "")
    if algorithm not in ("md5", "sha1", "sha256", "sha384", "sha512") or not value:
        return None
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size
    wanted = _digest_bytes(value, size)
    return wanted is not None and any(
        hashlib.new(algorithm, body, usedforsecurity=False).digest() == wanted
        for body in untrusted_bodies
    )


def _digest_bytes(value: str, size: int) -> bytes | None:
    for decode in (
        bytes.fromhex,
        lambda text: base64.b32decode(text.upper() + "=" * (-len(text) % 8)),
        lambda text: base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "=="),
    ):
        try:
            found = decode(value)
        except (ValueError, binascii.Error):
            continue
        if len(found) == size:
            return found
    return None
