"""JSON documents that hold many records: knows them by their keys and gives each record with its place.

A HAR file, a trace, a page of usage counts are one JSON value; what is evidence in them are the
elements of some array inside. Each element becomes an item of its own, with its exact bytes, and what
stands around the array is handed to its dialect as `Draft.around`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from casekit.ingest import places
from casekit.ingest.containers import Data
from casekit.ingest.places import Span


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
        known = untrusted_record.keys() >= {nest.path[0], *nest.marks}
        if known and _leads(untrusted_record, nest.path):
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
    found = places.find(data, (step,), at)
    if found is None:
        return
    outer = {key: other for key, other in value.items() if key != step}
    yield from _below(data, found[0], rest, value[step], {**around, **outer})
