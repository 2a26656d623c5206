"""Where a value inside JSON bytes stands: finds it by its path without taking the rest apart.

    find(b'{"a": [{"b": 1}]}', ("a", 0, "b"))  ->  (13, 14)

Documents that hold many exchanges (a HAR file, a trace, an evaluation log) are read record by record
this way, and each record keeps its exact bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson

from casekit.ingest.containers import Data

Path = tuple[str | int, ...]
Span = tuple[int, int]
"""First byte and the byte behind the last."""

_SPACE = re.compile(rb"[ \t\r\n]*+")
_STRING = re.compile(rb'"[^"\\]*+(?:\\[\x00-\xff][^"\\]*+)*+"')
_SCALAR = re.compile(rb"[^\s,\[\]{}:]++")
_BRACKET = re.compile(
    rb'[^"{}\[\]]*+(?:"[^"\\]*+(?:\\[\x00-\xff][^"\\]*+)*+"[^"{}\[\]]*+)*+([{}\[\]])'
)
_OPEN_OBJECT, _OPEN_ARRAY = 0x7B, 0x5B
_CLOSING = b"}]"


def find(untrusted_data: Data, path: Path, start: int = 0) -> Span | None:
    """The span of the value at a path, or None where there is none or the JSON breaks off before it.

    Args:
        untrusted_data: JSON, from `start` on.
        path: Keys of objects and numbers (from 0) of elements; empty: the whole value.
        start: Where the value begins that the path starts from.
    """
    at = beginning(untrusted_data, path, start)
    end = None if at is None else _end(untrusted_data, at)
    return None if at is None or end is None else (at, end)


def beginning(untrusted_data: Data, path: Path, start: int = 0) -> int | None:
    """The first byte of the value at a path, also of one that breaks off; None where there is none."""
    at = _blank(untrusted_data, start)
    for step in path:
        if isinstance(step, int):
            firsts = ((number, span[0]) for number, span in elements(untrusted_data, at))
            found = next((first for number, first in firsts if number == step), None)
        else:
            named = members(untrusted_data, at)
            found = next((first for name, first in named if name == step), None)
        if found is None:
            return None
        at = found
    return at


def elements(untrusted_data: Data, start: int = 0) -> Iterator[tuple[int, Span]]:
    """Number and span of each element of the array at `start`; of a broken one, those before the break."""
    at = _blank(untrusted_data, start)
    if not _is(untrusted_data, at, _OPEN_ARRAY):
        return
    at, number = _blank(untrusted_data, at + 1), 0
    while at < len(untrusted_data) and untrusted_data[at] not in _CLOSING:
        end = _end(untrusted_data, at)
        if end is None or end == at:
            return
        yield number, (at, end)
        number += 1
        at = _after_comma(untrusted_data, end)


def values(untrusted_data: Data, start: int = 0) -> Iterator[tuple[str, Span]]:
    """Key and span of the value of each member of the object at `start`; of a broken one, those before."""
    for name, first in members(untrusted_data, start):
        end = _end(untrusted_data, first)
        if end is not None and end != first:
            yield name, (first, end)


def element_spans(untrusted_data: Data, path: Path) -> dict[int, Span]:
    """Where each element of the array at a path stands; none where there is no array."""
    at = beginning(untrusted_data, path) if untrusted_data else None
    return {} if at is None else dict(elements(untrusted_data, at))


def value_spans(untrusted_data: Data, path: Path) -> dict[str, Span]:
    """Where the value of each member of the object at a path stands; none where there is no object."""
    at = beginning(untrusted_data, path) if untrusted_data else None
    return {} if at is None else dict(values(untrusted_data, at))


def members(untrusted_data: Data, start: int = 0) -> Iterator[tuple[str, int]]:
    """Key and first byte of the value of each member of the object at `start`, the broken one with them."""
    at = _blank(untrusted_data, start)
    if not _is(untrusted_data, at, _OPEN_OBJECT):
        return
    at = _blank(untrusted_data, at + 1)
    while key := _STRING.match(untrusted_data, at):
        colon = _blank(untrusted_data, key.end())
        at = _blank(untrusted_data, colon + 1)
        if not _is(untrusted_data, colon, 0x3A):
            return
        try:
            name = orjson.loads(key.group())
        except orjson.JSONDecodeError:
            return
        yield name, at
        end = _end(untrusted_data, at)
        if end is None or end == at:
            return
        at = _after_comma(untrusted_data, end)


def _is(data: Data, at: int, byte: int) -> bool:
    return at < len(data) and data[at] == byte


def _blank(data: Data, at: int) -> int:
    match = _SPACE.match(data, at)
    return match.end() if match else at


def _after_comma(data: Data, at: int) -> int:
    at = _blank(data, at)
    return _blank(data, at + 1) if _is(data, at, 0x2C) else at


def _end(data: Data, at: int) -> int | None:
    """Behind the value that starts here; None where it is not closed."""
    if at >= len(data):
        return None
    if data[at] == 0x22:
        match = _STRING.match(data, at)
        return match.end() if match else None
    if data[at] not in (_OPEN_OBJECT, _OPEN_ARRAY):
        match = _SCALAR.match(data, at)
        return match.end() if match else None
    level, position = 0, at
    while match := _BRACKET.match(data, position):
        position = match.end()
        level += 1 if data[position - 1] in b"{[" else -1
        if not level:
            return position
    return None
