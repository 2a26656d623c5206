"""JSON documents that hold many records: knows them by their keys and gives each record with its place.

A HAR file, a trace, a page of usage counts are one JSON value; what is evidence in them are the
elements of some array inside. Each element becomes an item of its own, with its exact bytes, and what
stands around the array is handed to its dialect as `Draft.around`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, NamedTuple

import orjson

from casekit.ingest import places
from casekit.ingest.containers import Data
from casekit.ingest.dialects.discord import is_discord
from casekit.ingest.dialects.meta import is_meta
from casekit.ingest.dialects.signal import is_signal_row
from casekit.ingest.dialects.slack import is_slack
from casekit.ingest.dialects.teams import is_teams
from casekit.ingest.dialects.telegram import is_telegram
from casekit.ingest.places import Span

TRIED = 20
"""Records that are looked at to tell one kind of document from another."""


SMALL = 256 * 1024
"""Bytes of a value around the records that is read in a document too large to be parsed whole."""


class Nest(NamedTuple):
    """A kind of document.

    Attributes:
        name: As shown to people.
        path: Keys that lead to the array of records; `*` goes through every element of an array.
        marks: Keys that the document must have besides the path's first.
        holds: Tells whether a record is one of this kind of document, where the keys around it do not say
            enough: one of the first `TRIED` must be.
        more: Paths of further arrays of records in the same document.
    """

    name: str
    path: tuple[str, ...]
    marks: tuple[str, ...] = ()
    holds: Callable[[Mapping[str, Any]], bool] | None = None
    more: tuple[tuple[str, ...], ...] = ()


def is_chat(record: Mapping[str, Any]) -> bool:
    """Whether a parsed value is a message of a chat; one with a role is of a talk with a model."""
    return "role" not in record and any(each(record) for each in _CHATS)


_CHATS = (is_telegram, is_slack, is_discord, is_meta, is_teams, is_signal_row)

NESTS: tuple[Nest, ...] = (
    Nest("Telegram account", ("chats", "list", "*", "messages"), holds=is_telegram,
         more=(("left_chats", "list", "*", "messages"),)),
    Nest("Telegram account", ("left_chats", "list", "*", "messages"), holds=is_telegram),
    Nest("chat", ("messages",), holds=is_chat),
    Nest("chat", ("messsages",), holds=is_signal_row),  # as vdalex/signal_db_export spells it
    Nest("Instagram conversation", ("conversation",), ("participants",), is_meta),
    Nest("Microsoft Graph page", ("value",), holds=is_teams),
    Nest("Skype account", ("conversations", "*", "MessageList")),
)  # fmt: skip
"""In the order in which they are tried."""


class Nested(NamedTuple):
    """A record in a document: first byte and the byte behind its last, and the values around it."""

    span: Span
    around: Mapping[str, Any]


def nest_of(untrusted_record: Mapping[str, Any]) -> Nest | None:
    """The kind of document that a parsed value is, or None."""
    for nest in NESTS:
        if nest.path[0] not in untrusted_record:
            continue  # asked of every record of every log: most are in no nest
        known = untrusted_record.keys() >= set(nest.marks)
        if known and _leads(untrusted_record, nest.path) and _holds(untrusted_record, nest):
            return nest
    return None


def _holds(value: Mapping[str, Any], nest: Nest) -> bool:
    if nest.holds is None:
        return True
    tried = islice(_reached(value, nest.path), TRIED)
    return any(type(each) is dict and nest.holds(each) for each in tried)


def _reached(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """The parsed records at a path, in their order."""
    if not path:
        yield from value if type(value) is list else ()
    elif path[0] == "*":
        for each in value if type(value) is list else ():
            yield from _reached(each, path[1:])
    elif type(value) is dict and path[0] in value:
        yield from _reached(value[path[0]], path[1:])


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
    if not nest.more:
        yield from _below(untrusted_data, start, nest.path, value, {})
        return
    paths = (nest.path, *nest.more)
    found = (_below(untrusted_data, start, path, value, {}) for path in paths)
    yield from sorted(chain.from_iterable(found), key=lambda each: each.span)


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


# -- documents too large to be parsed whole ---------------------------------------------------------


def nest_of_large(untrusted_data: Data) -> Nest | None:
    """The kind of a document that is taken apart without being parsed whole, or None.

    It must be one object, closed, with nothing behind it.
    """
    whole = places.find(untrusted_data, ())
    if whole is None or untrusted_data[whole[1] :].strip():
        return None
    keys = {name for name, _ in places.values(untrusted_data)}
    for nest in NESTS:
        if keys >= {nest.path[0], *nest.marks} and _is_large(untrusted_data, nest):
            return nest
    return None


def large_records(untrusted_data: Data, nest: Nest) -> Iterator[Nested]:
    """The records of such a document, in their order; of what stands around them only small values."""
    paths = (nest.path, *nest.more)
    starts = dict(places.values(untrusted_data))
    for path in sorted((each for each in paths if each[0] in starts), key=lambda p: starts[p[0]]):
        yield from _walk(untrusted_data, 0, path, {})


def _is_large(data: Data, nest: Nest) -> bool:
    """Whether one of its first records is one of this kind."""
    for (start, stop), _ in islice(large_records(data, nest), TRIED):
        value = _small(data, (start, stop))
        if type(value) is dict and (nest.holds is None or nest.holds(value)):
            return True
    return False


def _walk(data: Data, at: int, path: tuple[str, ...], around: dict[str, Any]) -> Iterator[Nested]:
    if not path:
        for _, span in places.elements(data, at):
            yield Nested(span, around)
    elif path[0] == "*":
        for _, (first, _) in places.elements(data, at):
            yield from _walk(data, first, path[1:], around)
    else:
        members = list(places.values(data, at))
        outer = {name: _small(data, span) for name, span in members if name != path[0]}
        known = {name: value for name, value in outer.items() if value is not None}
        for name, (first, _) in members:
            if name == path[0]:
                yield from _walk(data, first, path[1:], {**around, **known})
                return


def _small(data: Data, span: Span) -> Any:
    """A value parsed, or None where it is large or no JSON."""
    if span[1] - span[0] > SMALL:
        return None
    try:
        return orjson.loads(data[span[0] : span[1]])
    except orjson.JSONDecodeError:
        return None
