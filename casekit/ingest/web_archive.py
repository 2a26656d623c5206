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
_ARC = re.compile(
    rb"[A-Za-z][A-Za-z0-9+.-]{0,30}:[^\r\n]{1,8000} \d{8,20} [^\r\n]{1,500} (\S+)[ \t]*\r?\n"
)
_NEXT_ARC = re.compile(
    rb"\n(?=[A-Za-z][A-Za-z0-9+.-]{0,30}:[^\r\n]{1,8000} \d{8,20} [^\r\n]{1,500} -?\w+\r?\n)"
)


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
    at, size = 0, len(untrusted_data)
    while at < size:
        blank = _end_of(_BLANK, untrusted_data, at)
        if blank > at:
            yield Gap("", at, blank)
            at = blank
            continue
        record = _warc_record(untrusted_data, at) or _arc_record(untrusted_data, at)
        if isinstance(record, WebRecord):
            yield record
            at = record.end
            continue
        end = _next_start(untrusted_data, at)
        yield Gap(record or "no-record", at, end)
        at = end


def _end_of(pattern: re.Pattern[bytes], data: Data, at: int) -> int:
    found = pattern.match(data, at)
    return found.end() if found else at


def _next_start(data: Data, at: int) -> int:
    """Where the next record begins, or the file's end."""
    starts = [
        found.start() + 1
        for pattern in (_NEXT_WARC, _NEXT_ARC)
        if (found := pattern.search(data, at)) is not None
    ]
    return min(starts, default=len(data))


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
        after = _end_of(_BLANK, data, record.end)
        if after >= len(data) or _WARC.match(data, after) or _ARC.match(data, after):
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
    found = _ARC.match(data, at)
    if found is None:
        return None
    length = found[1].decode("latin-1")
    if not length.isdecimal() or len(length) > 18:
        return "bad-length"
    url, ip, date, media_type = _arc_line(found[0].decode("utf-8", "replace"))
    fields = [
        ("WARC-Target-URI", url), ("WARC-IP-Address", ip), ("ARC-Date", date),
        ("Content-Type", media_type), ("Content-Length", length),
    ]  # fmt: skip
    kind = "arc_header" if url.startswith("filedesc:") else "response"
    stated = WebRecord(kind, fields, at, found.end(), found.end() + int(length))
    if stated.end > len(data):
        return _ended(stated, len(data), "truncated")
    after = _end_of(_BLANK, data, stated.end)
    if after >= len(data) or _ARC.match(data, after):
        return stated
    return _ended(stated, stated.end, "bad-length")


def _arc_line(line: str) -> tuple[str, str, str, str]:
    """URL, address, date and media type of an ARC header line; the URL may hold spaces."""
    found = re.match(r"(.*) (\S+) (\d{8,20}) (.*) \S+\s*$", line.rstrip())
    if found is None:
        return line.rstrip(), "", "", ""
    media_type = found[4].split(" ")[0]
    return found[1], found[2], found[3], media_type


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
