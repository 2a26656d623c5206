"""Where each record of a file begins and ends: hides lines, JSON punctuation and damage behind exact places.

Nothing here is lost on the way: each byte of a file belongs to a `Record`, to a `Fault` (quarantined,
with its place) or to the separators counted in a `Ledger`. A fault never stops the records after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from casekit.ingest.containers import Data
from casekit.ingest.parsed import Books, Problem
from casekit.ingest.strict_json import BadJson, parse

MAX_RECORD = 64 * 1024 * 1024
"""Bytes of one record; a longer one is quarantined unread."""

MAX_RESCUES = 100
"""Times a damaged file is searched to its end for a place to go on; then its rest is one fault."""

BOM = b"\xef\xbb\xbf"
ASSIGNED = re.compile(rb"\s*+window\.YTD\.\w{1,80}\.part\d{1,6}\s*+=\s*+(?=[\[{])")
_LONGEST_NAME = 256

_SPACE = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(
    rb'"[^"\\]*+(?:\\[\x00-\xff][^"\\]*+)*+"|(?:-?[0-9][0-9.eE+-]*+|true|false|null)(?![^\s,\[\]{}])'
)
# One match a bracket: everything up to it, strings hopped over whole.
_BRACKET = re.compile(
    rb'[^"{}\[\]]*+(?:"[^"\\]*+(?:\\[\x00-\xff][^"\\]*+)*+"[^"{}\[\]]*+)*+([{}\[\]])'
)
_FIRST_KEY = re.compile(rb'\{\s*+("[^"\\]{0,200}")\s*+:')
_NEXT_OBJECT = re.compile(rb',\s*+(?=\{\s*+")')
_NEXT_DOCUMENT = re.compile(rb"(?<=\n)(?=[{\[])")
_LITTER = re.compile(rb"[^\n,\[\]{}]*+")
_RUNAWAY = 100_000


class Record(msgspec.Struct, frozen=True):
    """One record as it stands in the file.

    Attributes:
        raw: Its exact bytes.
        offset: First byte, from 0.
        line: Line it starts on, from 1.
        value: What strict parsing made of it.
        note: Trouble that leaves it usable, such as `lone-surrogate`; mostly empty.
        around: What stands around it in a document that holds many records (see `nests`).
    """

    raw: bytes
    offset: int
    line: int
    value: Any
    note: str
    around: Mapping[str, Any] | None = None


class Fault(NamedTuple):
    """Bytes that are no record, and why; a `length` of 0 marks a fault in the punctuation."""

    kind: str
    text: str
    offset: int
    length: int
    line: int

    def problem(self) -> Problem:
        """The problem that keeps it."""
        stage = "frame" if self.kind in _FRAME_KINDS else "parse"
        return Problem(
            stage,  # type: ignore[arg-type]
            self.kind,
            self.text,
            line=self.line,
            offset=self.offset,
            length=self.length,
        )


_FRAME_KINDS = frozenset({"too-long", "truncated", "bad-punctuation", "damaged"})


@dataclass(slots=True)
class Ledger:
    """Counts the bytes of a file as they are read; all fields are in bytes."""

    good: int = 0
    quarantined: int = 0
    separators: int = 0

    def set_aside(self, fault: Fault) -> Problem:
        """Count the bytes of a fault as quarantined, and give the problem that keeps it."""
        self.quarantined += fault.length
        return fault.problem()

    def books(self) -> Books:
        """The sums, as a reader yields them last."""
        return Books(self.good, self.quarantined, self.separators)


def lines(untrusted_data: Data, ledger: Ledger) -> Iterator[tuple[bytes, int, int] | Fault]:
    """The lines of a file as (bytes, offset, number from 1), without their ends.

    Lines end in LF or CRLF; ends, blank lines and a byte order mark are separators. A line longer than
    `MAX_RECORD` is a fault.
    """
    size = len(untrusted_data)
    find = untrusted_data.find
    start = number = separators = 0
    if untrusted_data[:3] == BOM:
        start = separators = 3
    while start < size:
        number += 1
        newline = find(b"\n", start)
        end = size if newline < 0 else newline
        after = size if newline < 0 else newline + 1
        if end - start > MAX_RECORD:
            yield Fault("too-long", too_long(), start, end - start, number)
            separators += after - end
        else:
            raw = untrusted_data[start:end]
            if raw[-1:] == b"\r":
                raw = raw[:-1]
            if raw and not raw.isspace():
                separators += after - start - len(raw)
                yield raw, start, number
            else:
                separators += after - start
        start = after
    ledger.separators += separators


def json_lines(untrusted_data: Data, ledger: Ledger) -> Iterator[Record | Fault]:
    """The records of a JSON Lines file, one a line, parsed; a line that is not strict JSON is a fault.

    Source: jsonlines.org; RFC 8259.
    """
    for line in lines(untrusted_data, ledger):
        if isinstance(line, Fault):
            yield line
            continue
        raw, offset, number = line
        try:
            value, note = parse(raw)
        except BadJson as bad:
            yield Fault(bad.kind, str(bad), offset, len(raw), number)
        else:
            yield Record(raw, offset, number, value, note)


def under_heads(data: bytes, head: re.Pattern[bytes], ledger: Ledger) -> Iterator[Record | Fault]:
    """The pieces of a text, each from one head to the next; what stands before the first is one too.

    Line ends before the next head belong to no piece.

    Args:
        data: The text.
        head: What a piece begins with.
        ledger: Where its bytes are counted; who keeps a fault sets it aside.
    """
    starts = [match.start() for match in head.finditer(data)]
    first = len(data) - len(data.lstrip(BOM + b"\r\n\t "))
    if first < (starts[0] if starts else len(data)):
        starts.insert(0, first)
    line, counted, taken = 1, 0, 0
    for start, stop in pairwise([*starts, len(data)]):
        raw = data[start:stop].rstrip(b"\r\n")
        line, counted = line + data.count(b"\n", counted, start), start
        taken += len(raw)
        if len(raw) > MAX_RECORD:
            yield Fault("too-long", too_long(), start, len(raw), line)
            continue
        ledger.good += len(raw)
        yield Record(raw, start, line, None, "")
    ledger.separators += len(data) - taken


def too_long() -> str:
    """What to say of a record beyond `MAX_RECORD`."""
    return f"The record is longer than {MAX_RECORD:,} bytes and was not read."


def json_values(untrusted_data: Data, ledger: Ledger) -> Iterator[Record | Fault]:
    """The records of a JSON file: the elements of its array, or its one object, or several in a row.

    Only one record is in memory at a time. Where an element is damaged, the scan goes on at the next
    place that looks like the array's other elements. What gives a value its name in an archive of X, which is
    written in JavaScript, is a separator.

    Source: RFC 8259.
    """
    scan = _Scan(untrusted_data, ledger)
    yield from scan.documents()


def json_array(untrusted_data: Data, ledger: Ledger, start: int) -> Iterator[Record | Fault]:
    """The elements of the array that begins at byte `start`; all that stands around it is separators.

    Source: RFC 8259.
    """
    scan = _Scan(untrusted_data, ledger)
    yield from scan.array(start)


class _Scan:
    """One pass over a JSON file: where it is, what it has counted."""

    def __init__(self, untrusted_data: Data, ledger: Ledger) -> None:
        self.data = untrusted_data
        self.size = len(untrusted_data)
        self.ledger = ledger
        self.at = 0
        self.line = 1
        self.counted = 0
        self.rescues = 0
        self.sign = _NEXT_OBJECT

    def documents(self) -> Iterator[Record | Fault]:
        """Everything in the file, from its start."""
        if self.data[:3] == BOM:
            self._skip(3)
        if named := ASSIGNED.match(self.data[self.at : self.at + _LONGEST_NAME]):
            self._skip(named.end())
        while self._blank() < self.size:
            if self.data[self.at] == 0x5B:  # [
                self._skip(1)
                yield from self._elements()
            else:
                yield from self._value(inside=False)

    def array(self, start: int) -> Iterator[Record | Fault]:
        """The elements of the array at `start`."""
        self._skip(start + 1)
        yield from self._elements()
        self._skip(self.size - self.at)

    def _elements(self) -> Iterator[Record | Fault]:
        """What stands in an array, from behind its bracket to behind the closing one."""
        expected = True
        while self._blank() < self.size:
            byte = self.data[self.at]
            if byte == 0x5D:  # ]
                self._skip(1)
                return
            if byte == 0x2C:  # ,
                if expected:
                    yield self._mark("bad-punctuation", "A comma stands where a record should.")
                self._skip(1)
                expected = True
                continue
            if not expected:
                yield self._mark("bad-punctuation", "A comma is missing between two records.")
            yield from self._value(inside=True)
            expected = False
        yield self._mark("truncated", "The list is not closed: the file seems to be cut off.")

    def _value(self, *, inside: bool) -> Iterator[Record | Fault]:
        """The value that starts here, or the fault in its place; leaves off behind it."""
        start, line = self.at, self._line_here()
        end = self._end_of_value()
        if end is None:
            end = self._rescue(inside=inside)
            yield self._fault("truncated", "The record is not closed.", start, end, line)
            return
        if end - start > MAX_RECORD:
            yield self._fault("too-long", too_long(), start, end, line)
            return
        raw = self.data[start:end]
        try:
            value, note = parse(raw)
        except BadJson as bad:
            if inside and b'"' in raw and self._may_rescue():
                # Perhaps a quote is missing and the end is wrong: no further than the next record's look.
                match = self._look().search(self.data, start + 1, end)
                end = match.start() if match else end
            yield self._fault(bad.kind, str(bad), start, end, line)
            return
        if inside and self.sign is _NEXT_OBJECT:
            self._learn(raw)
        self.at = end
        yield Record(raw, start, line, value, note)

    def _end_of_value(self) -> int | None:
        """Where the value that starts here ends; None if it does not."""
        if self.data[self.at] not in b"{[":
            match = _SCALAR.match(self.data, self.at)
            return match.end() if match and match.end() > self.at else self._end_of_litter()
        level = 0
        position = self.at
        while match := _BRACKET.match(self.data, position):
            position = match.end()
            if self.data[position - 1] in b"{[":
                level += 1
                if level > _RUNAWAY:
                    return None
            else:
                level -= 1
                if not level:
                    return position
        return None

    def _end_of_litter(self) -> int:
        """Behind bytes that start no value: up to the line's end or punctuation, at least one."""
        match = _LITTER.match(self.data, self.at + 1)
        return match.end() if match else self.at + 1

    def _rescue(self, *, inside: bool) -> int:
        """Where to go on after a record that never closes: at the next one's look, or at the end."""
        if not self._may_rescue():
            return self.size
        look = self._look() if inside else _NEXT_DOCUMENT
        match = look.search(self.data, self.at + 1)
        return match.start() if match else self.size

    def _look(self) -> re.Pattern[bytes]:
        """How the next record begins: as the array's first good one did, or else as this one does."""
        if self.sign is _NEXT_OBJECT:
            self._learn(self.data[self.at : self.at + 400])
        return self.sign

    def _may_rescue(self) -> bool:
        self.rescues += 1
        return self.rescues <= MAX_RESCUES

    def _learn(self, raw: bytes) -> None:
        """Take the look of the array's records from its first good one: a brace and the first key."""
        first = _FIRST_KEY.match(raw)
        if first:
            self.sign = re.compile(rb",\s*+(?=\{\s*+" + re.escape(first.group(1)) + rb"\s*+:)")

    def _fault(self, kind: str, text: str, start: int, end: int, line: int) -> Fault:
        self.at = end
        return Fault(kind, text, start, end - start, line)

    def _mark(self, kind: str, text: str) -> Fault:
        return Fault(kind, text, self.at, 0, self._line_here())

    def _blank(self) -> int:
        """Skip white space; returns where the scan then stands."""
        match = _SPACE.match(self.data, self.at)
        if match and match.end() > self.at:
            self._skip(match.end() - self.at)
        return self.at

    def _skip(self, count: int) -> None:
        self.ledger.separators += count
        self.at += count

    def _line_here(self) -> int:
        """The line the scan stands on, counted on from the last time somebody asked."""
        self.line += self.data[self.counted : self.at].count(b"\n")
        self.counted = self.at
        return self.line
