"""The MIME tree of a message with the exact place of each part: offsets anyone can cut at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casekit.ingest.mail.fields import Header, read_header, skip_lead
from casekit.ingest.mail.words import parameters

MAX_NESTING = 50
"""Multiparts inside multiparts that are opened."""
MAX_PARTS = 10_000
"""Parts of one message that are told apart."""

_Places = tuple[tuple[int, int], ...]
_TYPES = ("content-type", "content-transfer-encoding", "content-disposition")
_TAIL = re.compile(rb"(--)?[ \t]*+(?:\r?\n|\Z)")
_TYPE = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*/\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)")


@dataclass(frozen=True, slots=True)
class Part:
    """A MIME entity.

    Attributes:
        path: Its number as IMAP counts (RFC 9051, section 6.4.5): `1`, `2.1`; the root of a multipart
            is empty, and a message that is no multipart is its own part `1`.
        header: Its fields.
        media_type: Lower case; `text/plain` where none or none readable is declared.
        parameters: Of Content-Type, decoded.
        start: First byte of the body in the message's bytes.
        end: Byte after its last one.
        parts: Of a multipart that has some.
        defects: What is wrong with the structure here: `no-boundary`, `open-end` (the closing boundary
            is missing), `boundary-again` (parts follow the closing one), `no-blank-line`,
            `bad-header-line`, `repeated-type`, `many-fields`, `bare-cr`, `nesting` or `parts`.
        outside: Of a multipart, first byte of and byte after what stands before, between and behind its
            parts: a standard says to pass it over (RFC 2046, section 5.1.1), and somebody may have not.
    """

    path: str
    header: Header
    media_type: str
    parameters: dict[str, str]
    start: int
    end: int
    parts: tuple[Part, ...] = ()
    defects: tuple[str, ...] = ()
    outside: tuple[tuple[int, int], ...] = ()

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def encoding(self) -> str:
        """Content-Transfer-Encoding, lower case, empty if none is declared."""
        return self.header.first("content-transfer-encoding").split(";", 1)[0].strip().lower()


def _with_lines(raw: bytes) -> bytes:
    """The message with LF where CR alone ends its lines; of the same length."""
    if b"\n" not in raw and b"\r" in raw:
        return raw.replace(b"\r", b"\n")
    return raw


def read_structure(raw: bytes) -> Part:
    """Take a message apart; nested messages stay whole.

    A part's body ends before the line end that precedes the boundary (RFC 2046, section 5.1.1). Where
    the closing boundary is missing, it ends where the enclosing part does.

    Args:
        raw: The message, in a charset that contains ASCII.
    """
    lines = _with_lines(raw)
    return _Scan(lines).entity(skip_lead(lines), len(raw), "", "text/plain", 0)


def content_type(header: Header, default: str) -> tuple[str, dict[str, str]]:
    """Media type and parameters that a header declares."""
    value = header.first("content-type")
    if not value:
        return default, {}
    found = _TYPE.match(value)
    if found is None:
        first = value.split(";", 1)[0].strip().lower()
        return ("text/html" if first == "html" else "text/plain"), parameters(value)
    return f"{found[1]}/{found[2]}".lower(), parameters(value)


class _Scan:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._count = 0

    def entity(self, start: int, end: int, path: str, default: str, depth: int) -> Part:
        header = read_header(self._raw, start, end)
        media_type, declared = content_type(header, default)
        defects = [] if header.whole else ["no-blank-line"]
        if any(not name for name, _ in header.fields):
            defects.append("bad-header-line")
        if any(len(header.all(name)) > 1 for name in _TYPES):
            defects.append("repeated-type")
        defects += ["many-fields"] * header.many + ["bare-cr"] * header.bare
        self._count += 1
        if media_type.startswith("multipart/"):
            parts, outside, more = self._parts(header.body, end, path, media_type, declared, depth)
            defects += more
            if parts or not more:
                return Part(
                    path,
                    header,
                    media_type,
                    declared,
                    header.body,
                    end,
                    parts,
                    tuple(defects),
                    outside,
                )
        own = path or "1"
        return Part(own, header, media_type, declared, header.body, end, (), tuple(defects))

    def _parts(
        self, start: int, end: int, path: str, media_type: str, declared: dict[str, str], depth: int
    ) -> tuple[tuple[Part, ...], _Places, list[str]]:
        boundary = declared.get("boundary", "").rstrip().encode("utf-8", "surrogateescape")
        if not boundary:
            return (), (), ["no-boundary"]
        if depth >= MAX_NESTING:
            return (), (), ["nesting"]
        regions, outside, defects = self._regions(b"--" + boundary, start, end)
        default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
        prefix = f"{path}." if path else ""
        parts: list[Part] = []
        for begin, stop in regions:
            if self._count >= MAX_PARTS:
                return tuple(parts), tuple(outside), ["parts"]
            number = f"{prefix}{len(parts) + 1}"
            parts.append(self.entity(begin, stop, number, default, depth + 1))
        return tuple(parts), tuple(outside), defects

    def _regions(
        self, mark: bytes, start: int, end: int
    ) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[str]]:
        """Begin and end of each part between the boundary lines, and of what stands around them."""
        regions: list[tuple[int, int]] = []
        outside: list[tuple[int, int]] = []
        defects: list[str] = []
        begin, left, closed = -1, start, False
        for at, after, closing in self._boundaries(mark, start, end):
            if begin < 0:
                outside.append((left, at))
                defects = ["boundary-again"] if closed else []
            elif begin < at:  # two boundary lines in a row hold no part
                regions.append((begin, self._before_line_end(begin, at)))
            begin, left = (-1, after) if closing else (after, at)
            closed = closed or closing
            if len(regions) > MAX_PARTS:
                return regions, outside, ["parts"]
        if begin < 0 or (closed and not self._raw[begin:end].strip()):
            outside.append((left, end))
            return regions, outside, defects if closed else ["no-boundary"]
        regions.append((begin, end))
        return regions, outside, [*defects, "open-end"]

    def _boundaries(self, mark: bytes, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        raw = self._raw
        line = b"\n" + mark  # with the line end: a body of dashes would match at each of them
        at = start if raw.startswith(mark, start, end) else raw.find(line, start, end) + 1
        while at:
            tail = _TAIL.match(raw, at + len(mark), end)
            if tail:
                yield at, tail.end(), tail[1] is not None
            at = raw.find(line, at, end) + 1

    def _before_line_end(self, begin: int, at: int) -> int:
        if at > begin and self._raw[at - 1] == 10:
            at -= 1
            if at > begin and self._raw[at - 1] == 13:
                at -= 1
        return at
