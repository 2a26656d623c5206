"""JSON documents that hold many records: knows them by their keys and gives each record with its place.

A HAR file, a trace, a page of usage counts are one JSON value; what is evidence in them are the
elements of some array inside. Each element becomes an item of its own, with its exact bytes, and what
stands around the array is handed to its dialect as `Draft.around`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from casekit.ingest import places
from casekit.ingest.containers import Data
from casekit.ingest.dialects import mapped, recognise
from casekit.ingest.places import Span
from casekit.ingest.strict_json import BadJson, parse


class Nest(NamedTuple):
    """A kind of document.

    Attributes:
        name: As shown to people.
        path: Keys that lead to the array of records; `*` goes through every element of an array.
        marks: Keys that the document must have besides the path's first.
        also: Keys that lead to a second array of records, if it is there.
    """

    name: str
    path: tuple[str, ...]
    marks: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


NESTS: tuple[Nest, ...] = (
    Nest("page of buckets", ("data", "*", "results"), ("has_more",)),
    Nest("list", ("data",), ("has_more",)),
    Nest("list", ("data",), ("meta",)),
    Nest("list", ("result",), ("success",)),
    Nest("Azure event hub", ("records",)),
    Nest("LangSmith batch", ("post",), ("patch",), ("patch",)),
    Nest("Langfuse trace", ("observations",), ("trace",)),
    Nest("Langfuse trace", ("observations",), ("id",)),
    Nest("OTLP traces", ("resourceSpans", "*", "scopeSpans", "*", "spans")),
    Nest("OTLP traces", ("resourceSpans", "*", "instrumentationLibrarySpans", "*", "spans")),
    Nest("OTLP logs", ("resourceLogs", "*", "scopeLogs", "*", "logRecords")),
    Nest("HAR", ("log", "entries")),
    Nest("HTTP cassette", ("interactions",), ("version",)),
    Nest("HTTP cassette", ("http_interactions",), ("recorded_with",)),
    Nest("Inspect log", ("samples",), ("eval",)),
    Nest("HELM scenario state", ("request_states",)),
)
"""In the order in which they are tried."""


class Nested(NamedTuple):
    """A record in a document: first byte and the byte behind its last, and the values around it."""

    span: Span
    around: Mapping[str, Any]


def nest_of(untrusted_record: Mapping[str, Any]) -> Nest | None:
    """The kind of document that a parsed value is, or None."""
    if _firsts(NESTS).isdisjoint(untrusted_record):
        return None
    for nest in NESTS:
        first = nest.path[0] in untrusted_record and untrusted_record.keys() >= {*nest.marks}
        if first and _leads(untrusted_record, nest.path):
            return nest
    return None


@cache
def _firsts(known: tuple[Nest, ...]) -> frozenset[str]:
    """The keys one of which each kind has: most records of a log have none of them."""
    return frozenset(nest.path[0] for nest in known)


def _leads(value: Any, path: tuple[str, ...]) -> bool:
    for at, step in enumerate(path):
        if step == "*":
            return type(value) is list and any(_leads(each, path[at + 1 :]) for each in value)
        if type(value) is not dict or step not in value:
            return False
        value = value[step]
    return type(value) is list


class Wrappings:
    """Objects of no known kind around one array of records that are of one, told once for each set of keys."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Nest | None] = {}

    def nest_of(self, untrusted_record: Any) -> Nest | None:
        """The array to read in the object's place, or None if the object is a record itself or holds none."""
        if type(untrusted_record) is not dict:
            return None
        arrays = []
        for key, value in untrusted_record.items():
            if type(value) is list and value and type(value[0]) is dict:
                arrays.append(key)
        if not arrays:
            return None
        shape = tuple(untrusted_record)
        if shape not in self._known:
            if len(self._known) >= _MOST_SHAPES:
                return None
            inside = [key for key in arrays if _is_record(untrusted_record[key][0])]
            alone = len(inside) == 1 and not _is_record(untrusted_record)
            self._known[shape] = Nest("records in an object", (inside[0],)) if alone else None
        nest = self._known[shape]
        return nest if nest is not None and nest.path[0] in arrays else None


def _is_record(value: dict[str, Any]) -> bool:
    return bool(recognise(value)) or mapped.guess(value) is not None


_MOST_SHAPES = 1000
_SMALL = 1024 * 1024
"""Bytes of a value beside the records of a large document that is still parsed to stand around them."""


def large(untrusted_data: Data, start: int) -> tuple[Nest, Mapping[str, Any]] | None:
    """The kind of a document that cannot be parsed whole, and a value for `records` without its records.

    It may be too large, or break off before its end. What stands beside the way to the records and is
    longer than 1 MiB is left out of the value.
    """
    names = {name for name, _ in places.members(untrusted_data, start)}
    for nest in NESTS:
        if names >= {nest.path[0], *nest.marks}:
            value = _skeleton(untrusted_data, start, nest.path)
            if type(value) is dict and _leads(value, nest.path):
                return nest, value
    return None


def _skeleton(data: Data, at: int, path: tuple[str, ...]) -> Any:
    """The value at `at` with an empty list in the place of the array that `path` leads to."""
    if not path:
        return [] if data[at : at + 1] == b"[" else None
    if path[0] == "*":
        return [_skeleton(data, span[0], path[1:]) for _, span in places.elements(data, at)]
    value: dict[str, Any] = {}
    for name, first in places.members(data, at):
        if name == path[0]:
            value[name] = _skeleton(data, first, path[1:])
            continue
        span = places.find(data, (), first)
        if span is not None and span[1] - first <= _SMALL:
            with suppress(BadJson):
                value[name] = parse(data[slice(*span)])[0]
    return value


def records(
    untrusted_data: Data, nest: Nest, value: Mapping[str, Any], start: int = 0
) -> Iterator[Nested]:
    """The records of a document, in their order.

    Args:
        untrusted_data: The document's bytes.
        nest: Its kind.
        value: The document as parsed.
        start: Its first byte.
    """
    paths = [nest.path, nest.also] if nest.also and nest.also[0] in value else [nest.path]
    if len(paths) > 1:  # in the document's order
        order = list(value)
        paths.sort(key=lambda path: order.index(path[0]))
    for path in paths:
        yield from _below(untrusted_data, start, path, value, {})


def _below(
    data: Data, at: int, path: tuple[str, ...], value: Any, around: dict[str, Any]
) -> Iterator[Nested]:
    if not path:
        for _, span in places.elements(data, at):
            yield Nested(span, around)
        return
    step, rest = path[0], path[1:]
    if step == "*":
        if type(value) is not list:
            return
        for number, (first, _) in places.elements(data, at):
            if number < len(value):
                yield from _below(data, first, rest, value[number], around)
        return
    if type(value) is not dict or step not in value:
        return
    found = places.beginning(data, (step,), at)
    if found is None:
        return
    outer = {key: other for key, other in value.items() if key != step}
    yield from _below(data, found, rest, value[step], {**around, **outer})
