"""Where the rows of a Concordance load file (DAT) begin and end, line breaks in values and stray signs and all.

Source: the Concordance DAT convention: every value between þ, a separator (ASCII 20) between two, ® for a
line within a value; the first row names the fields. Other programs write other separators, UTF-16, or real
line breaks inside a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from casekit.ingest.containers import Data
from casekit.ingest.framing import BOM, Fault, Ledger

QUOTE, NEW_LINE = "\u00fe", "\u00ae"
SEPARATORS = "\x14\u00b6,|\t;^~"
"""The first is the convention's own; the second is how it is often shown, and sometimes written."""

MAX_BYTES = 4 * 1024 * 1024
"""Of one row; a longer one is quarantined."""
MAX_LINES = 20_000
_MOST_FIELDS = 2_000
_HEAD = re.compile(r"\u00fe[^\u00fe\r\n]{1,200}\u00fe(?:(?P<sep>[^\u00fe\r\n])|\r?\n|\Z)")
_MARKS = ((BOM, "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_STARTS = (
    (b"\xc3\xbe", "utf-8"),
    (b"\xfe\x00", "utf-16-le"),
    (b"\x00\xfe", "utf-16-be"),
    (b"\xfe", "cp1252"),
)


class Shape(NamedTuple):
    """How a load file is written: its encoding, bytes of its mark, the separator, its fields."""

    encoding: str
    skip: int
    separator: str
    fields: tuple[str, ...]


class Row(NamedTuple):
    """One row: its exact bytes without the line end, its place, its values by field."""

    raw: bytes
    offset: int
    line: int
    values: dict[str, str]


def shape_of(untrusted_head: bytes) -> Shape | None:
    """How a load file is written, by its first row; None for what is none."""
    marked = next(((m, e) for m, e in _MARKS if untrusted_head.startswith(m)), None)
    skip, encoding = (len(marked[0]), marked[1]) if marked else (0, "")
    if not marked:
        starts = (name for start, name in _STARTS if untrusted_head.startswith(start))
        encoding = next(starts, "")
    if not encoding:
        return None
    text = untrusted_head[skip : skip + 65_536].decode(encoding, "ignore")
    found = _HEAD.match(text)
    separator = found["sep"] if found else None
    if not separator or separator not in SEPARATORS:
        return None
    line = re.split(r"\r\n|\n", text, maxsplit=1)[0]
    if not line.endswith(QUOTE):
        return None
    names = _values(line, separator)
    if not 2 <= len(names) <= _MOST_FIELDS or any(QUOTE in name for name in names):
        return None
    return Shape(encoding, skip, separator, _distinct(names))


def load_rows(untrusted_data: Data, shape: Shape, ledger: Ledger) -> Iterator[Row | Fault]:
    """The rows of a load file after the one that names its fields.

    A row ends at a line break behind a closing þ once it has all its values, so a þ or a line break inside a
    value ends nothing. A row with too few or too many values, or one that the file's end cuts off, is a
    fault, and the next line that begins with þ is a row again.
    """
    waiting: list[_Line] = []
    joint, wanted = QUOTE + shape.separator + QUOTE, len(shape.fields) - 1
    held, first = 0, True
    ledger.separators += shape.skip
    for line in _lines(untrusted_data, shape):
        ledger.separators += line.size - len(line.raw)
        if not waiting and not line.text:
            continue
        if waiting and line.text.startswith(QUOTE) and _is_closed(waiting, shape):
            yield _fault(waiting, "bad-row", "The row has too few values.", ledger)
            waiting, held = [], 0
        if waiting:  # the line break between two belongs to the value
            ledger.separators -= waiting[-1].size - len(waiting[-1].raw)
        waiting.append(line)
        held += line.text.count(joint)
        size = line.offset + len(line.raw) - waiting[0].offset
        if len(waiting) > MAX_LINES or size > MAX_BYTES:
            yield _fault(waiting, "too-long", "The row is too long to be read.", ledger)
            waiting, held = [], 0
        elif held >= wanted and _is_closed(waiting, shape):
            row = _row(untrusted_data, shape, waiting)
            if first:  # it names the fields
                ledger.separators += len(row.raw) if isinstance(row, Row) else row.length
            elif isinstance(row, Fault):
                ledger.quarantined += row.length
                yield row
            else:
                ledger.good += len(row.raw)
                yield row
            waiting, held, first = [], 0, False
    if waiting:
        yield _fault(waiting, "truncated", "The file ends inside this row.", ledger)


class _Line(NamedTuple):
    raw: bytes
    offset: int
    size: int
    line: int
    text: str


def _lines(untrusted_data: Data, shape: Shape) -> Iterator[_Line]:
    """Lines with their ends counted in `size` and left out of `raw`."""
    end_of_line = "\n".encode(shape.encoding)
    unit = len(end_of_line)
    back = "\r".encode(shape.encoding)
    at, size, number = shape.skip, len(untrusted_data), 0
    while at < size:
        number += 1
        found = untrusted_data.find(end_of_line, at)
        while found >= 0 and (found - shape.skip) % unit:
            found = untrusted_data.find(end_of_line, found + 1)
        stop = size if found < 0 else found
        after = size if found < 0 else found + unit
        raw = bytes(untrusted_data[at:stop])
        if raw.endswith(back) and (len(raw) - len(back)) % unit == 0:
            raw = raw[: -len(back)]
        yield _Line(raw, at, after - at, number, raw.decode(shape.encoding, "replace"))
        at = after


def _is_closed(waiting: list[_Line], shape: Shape) -> bool:
    """Whether the last þ closes a value: behind a separator, or alone at a row's start, it opens one."""
    last = waiting[-1].text
    opens = last.endswith(shape.separator + QUOTE) or (len(waiting) == 1 and last == QUOTE)
    return last.endswith(QUOTE) and not opens


def _row(untrusted_data: Data, shape: Shape, waiting: list[_Line]) -> Row | Fault:
    start = waiting[0].offset
    stop = waiting[-1].offset + len(waiting[-1].raw)
    raw = bytes(untrusted_data[start:stop])
    values = _values(raw.decode(shape.encoding, "replace"), shape.separator)
    if len(values) != len(shape.fields) or not waiting[0].text.startswith(QUOTE):
        text = f"The row has {len(values)} values for {len(shape.fields)} fields."
        return Fault("bad-row", text, start, len(raw), waiting[0].line)
    return Row(raw, start, waiting[0].line, dict(zip(shape.fields, values, strict=True)))


def _fault(waiting: list[_Line], kind: str, text: str, ledger: Ledger) -> Fault:
    start = waiting[0].offset
    length = waiting[-1].offset + len(waiting[-1].raw) - start
    ledger.quarantined += length
    return Fault(kind, text, start, length, waiting[0].line)


def _values(row: str, separator: str) -> list[str]:
    inside = row.removeprefix(QUOTE).removesuffix(QUOTE)
    found = inside.split(QUOTE + separator + QUOTE)
    return [value.replace("\r\n", "\n").replace(NEW_LINE, "\n") for value in found]


def _distinct(names: list[str]) -> tuple[str, ...]:
    """The fields' names, each once: one that comes again gets a number."""
    found: dict[str, None] = {}
    last: dict[str, int] = {}
    for name in names:
        plain = name.strip() or "?"
        n = last.get(plain, 0) + 1
        while (shown := plain if n == 1 else f"{plain} ({n})") in found:
            n += 1
        last[plain] = n
        found[shown] = None
    return tuple(found)
