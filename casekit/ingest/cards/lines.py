"""The folded lines of calendars and address books (iCalendar, vCard), each with its place in the bytes."""

from __future__ import annotations

import binascii
import operator
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile

from casekit.ingest.charsets import tidy
from casekit.ingest.mail.charsets import decode

MAX_LINES = 1_000_000
"""Content lines of one file that are read."""
MAX_VALUE = 8 * 1024 * 1024
"""Bytes of one value that are read as text."""

_LINE = re.compile(rb"[^\r\n]*+(?:\r\n|\n|\r|\Z)")
_NAME = re.compile(rb"[ \t]*+(?:([A-Za-z0-9-]{1,80})\.)?([A-Za-z0-9_-]{1,80})[ \t]*+(?=[;:])")
_PARAMETER = re.compile(
    rb';[ \t]*+([A-Za-z0-9_-]{1,80})[ \t]*+(?:=((?:"[^"]*+"|[^";:,]*+)(?:,(?:"[^"]*+"|[^";:,]*+))*+))?'
)
_ESCAPE = re.compile(r"\\([\\;,nN:\"])")
_PART = re.compile(r"(?:(?<=;)|\A)(?:[^;\\]++|\\.|\\\Z)*+", re.DOTALL)
_CARET = re.compile(r"\^([n^'])")
_QUOTED_PRINTABLE = re.compile(rb"(?:;|=)QUOTED-PRINTABLE", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One content line (RFC 5545, 3.1; RFC 6350, 3.3), unfolded.

    Attributes:
        group: What stands before a dot and keeps lines of a vCard together, lower case.
        name: Upper case; empty where the line is none.
        parameters: By upper-case name, without quotation marks; several values are joined by commas.
        value: Raw bytes behind the colon.
        start: First byte of the line in the file.
        end: Byte behind its line end.
        value_start: First byte of the value in the file.
    """

    group: str
    name: str
    parameters: dict[str, str]
    value: bytes
    start: int
    end: int
    value_start: int

    @property
    def raw_text(self) -> str:
        """The value as text, its escapes as they stand."""
        raw = self.value[:MAX_VALUE]
        if "QUOTED-PRINTABLE" in (self.parameters.get("ENCODING", "").upper(), *self.parameters):
            raw = binascii.a2b_qp(raw)
        return tidy(decode(raw, self.parameters.get("CHARSET", "")).text)

    @property
    def text(self) -> str:
        """The value as text, its escapes undone."""
        return unescaped(self.raw_text)


def unescaped(text: str) -> str:
    r"""Text without its escapes: `\n` is a line feed, `\,` a comma (RFC 5545, 3.3.11)."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def split(text: str) -> list[str]:
    """The parts of a value between its unescaped semicolons, their escapes undone."""
    return [unescaped(found[0]).strip() for found in _PART.finditer(text)]


def read_lines(untrusted_bytes: bytes) -> Iterator[Line]:
    """All lines that are not empty, unfolded; what is no content line has no name."""
    size = len(untrusted_bytes)
    at = 3 if untrusted_bytes.startswith(b"\xef\xbb\xbf") else 0
    for _ in range(MAX_LINES):
        if at >= size:
            return
        pieces, end = _folded(untrusted_bytes, at)
        if any(begin < stop for begin, stop in pieces):
            yield _line(untrusted_bytes, pieces, end)
        at = end


def _folded(data: bytes, at: int) -> tuple[list[tuple[int, int]], int]:
    """Where the pieces of the line at `at` lie, and the byte behind it."""
    begin, stop, end = _plain(data, at)
    pieces = [(begin, stop)]
    quoted = _QUOTED_PRINTABLE.search(data, begin, min(stop, begin + 500)) is not None
    while end < len(data):
        if data[end] in b" \t":  # a fold: the line goes on behind one space
            begin, stop, after = _plain(data, end)
            if not data[begin:stop].strip():
                break  # a line of blanks ends what comes before it
            pieces.append((begin + 1, stop))
        elif quoted and data[stop - 1 : stop] == b"=":  # vCard 2.1 goes on as quoted-printable does
            pieces[-1] = (pieces[-1][0], stop - 1)
            begin, stop, after = _plain(data, end)
            pieces.append((begin, stop))
        else:
            break
        end = after
    return pieces, end


def _plain(data: bytes, at: int) -> tuple[int, int, int]:
    found = _LINE.match(data, at)
    end = found.end() if found else len(data)
    stop = end
    while stop > at and data[stop - 1] in b"\r\n":
        stop -= 1
    return at, stop, end


def _line(data: bytes, pieces: list[tuple[int, int]], end: int) -> Line:
    start = pieces[0][0]
    whole = b"".join(data[begin:stop] for begin, stop in pieces)
    found = _NAME.match(whole)
    if found is None:
        return Line("", "", {}, whole, start, end, start)
    values: dict[str, list[str]] = {}
    at = found.end()
    while given := _PARAMETER.match(whole, at):
        name = given[1].decode("ascii").upper()
        value = _plain_parameter(decode(given[2] or b"").text)
        values.setdefault(name, []).append(value)
        at = given.end()
    parameters = {name: ",".join(dropwhile(operator.not_, each)) for name, each in values.items()}
    colon = whole.find(b":", at)
    if colon < 0:
        return Line("", "", {}, whole, start, end, start)
    group = (found[1] or b"").decode("ascii").lower()
    name = found[2].decode("ascii").upper()
    place = _place(pieces, colon + 1)
    return Line(group, name, parameters, whole[colon + 1 :], start, end, place)


def _plain_parameter(text: str) -> str:
    """A parameter's value without quotation marks, its escapes undone (RFC 6868)."""
    text = text.replace('"', "").strip()
    if "^" not in text:
        return text
    return _CARET.sub(lambda found: {"n": "\n", "^": "^", "'": '"'}[found[1]], text)


def _place(pieces: list[tuple[int, int]], index: int) -> int:
    """Where in the file the byte `index` of the unfolded line lies."""
    for begin, stop in pieces:
        if index < stop - begin:
            return begin + index
        index -= stop - begin
    return pieces[-1][1]
