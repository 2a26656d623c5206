"""JSON documents that hold many records: knows them by their keys and gives each record with its place.

A HAR file, a trace, a page of usage counts are one JSON value; what is evidence in them are the
elements of some array inside. Each element becomes an item of its own, with its exact bytes, and what
stands around the array is handed to its dialect as `Draft.around`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

from casekit.ingest import places
from casekit.ingest.containers import Data
from casekit.ingest.dialects import mapped, recognise
from casekit.ingest.dialects.admin import is_usage_result
from casekit.ingest.dialects.chat_exports import is_grok
from casekit.ingest.dialects.cherry import is_cherry_block
from casekit.ingest.dialects.cloud_audit import (
    is_azure_activity,
    is_google_audit,
    is_looked_up,
    is_trail,
)
from casekit.ingest.dialects.discord import is_discord
from casekit.ingest.dialects.google_chat import is_google_chat
from casekit.ingest.dialects.hangouts import is_hangouts
from casekit.ingest.dialects.meta import is_meta
from casekit.ingest.dialects.rsmf import MARKS, is_rsmf
from casekit.ingest.dialects.short_chats import SAVED, is_snapchat, is_tiktok
from casekit.ingest.dialects.signal import is_signal_row
from casekit.ingest.dialects.slack import is_slack
from casekit.ingest.dialects.team_rooms import is_matrix, is_rocket_chat
from casekit.ingest.dialects.teams import is_teams
from casekit.ingest.dialects.telegram import is_telegram
from casekit.ingest.dialects.work_chats import is_feishu, is_webex, is_zulip
from casekit.ingest.dialects.x_archive import is_x_message
from casekit.ingest.places import Span
from casekit.ingest.strict_json import BadJson, parse


class Nest(NamedTuple):
    """A kind of document.

    Attributes:
        name: As shown to people.
        path: Keys that lead to the array of records; `*` goes through every element of an array. A last key
            that ends in `*` stands for all that begin so, each of which holds one record or an array of them;
            the key stands around them as `key`.
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


_CHATS = (
    is_telegram, is_slack, is_discord, is_meta, is_teams, is_signal_row, is_google_chat, is_rocket_chat,
    is_matrix, is_zulip,
)  # fmt: skip


NESTS: tuple[Nest, ...] = (
    Nest("page of buckets", ("data", "*", "results"), ("has_more",), is_usage_result),
    Nest("list", ("data",), ("has_more",)),
    Nest("list", ("data",), ("meta",)),
    Nest("list", ("result",), ("success",)),
    Nest("Azure event hub", ("records",)),
    Nest("CloudTrail log file", ("Records",), holds=is_trail),
    Nest("CloudTrail events looked up", ("Events",), holds=is_looked_up),
    Nest("Google Cloud log entries", ("entries",), holds=is_google_audit),
    Nest("Azure activity log", ("value",), holds=is_azure_activity),
    Nest("CloudWatch log events", ("events",), ("searchedLogStreams",)),
    Nest("CloudWatch log events", ("logEvents",), ("logGroup",)),
    Nest("LangSmith batch", ("post",), ("patch",), more=(("patch",),)),
    Nest("Langfuse trace", ("observations",), ("trace",)),
    Nest("Langfuse events", ("batch",)),
    Nest("Langfuse trace", ("observations",), ("id",)),
    Nest("OTLP traces", ("resourceSpans", "*", "scopeSpans", "*", "spans")),
    Nest("OTLP traces", ("resourceSpans", "*", "instrumentationLibrarySpans", "*", "spans")),
    Nest("MLflow trace", ("data", "spans"), ("info",)),
    Nest("Jaeger traces", ("data", "*", "spans")),
    Nest("OTLP logs", ("resourceLogs", "*", "scopeLogs", "*", "logRecords")),
    Nest("HAR", ("log", "entries")),
    Nest("HTTP cassette", ("interactions",), ("version",)),
    Nest("HTTP cassette", ("http_interactions",), ("recorded_with",)),
    Nest("Inspect log", ("samples",), ("eval",)),
    Nest("promptfoo", ("results", "results"), ("config",)),
    Nest("promptfoo", ("results",), ("stats", "table")),
    Nest("DeepEval test run", ("testCases",), ("testPassed",)),
    Nest("HELM scenario state", ("request_states",)),
    Nest("Grok account", ("conversations",), holds=is_grok),
    Nest("TypingMind", ("data", "chats")),
    Nest("Cherry Studio", ("indexedDB", "message_blocks"), ("localStorage",), is_cherry_block),
    Nest("NextChat", ("chat-next-web-store", "sessions")),
    Nest("Chatbox", ("chat-sessions",), ("settings",)),
    Nest("Chatbox", ("session:*",), ("__exported_items",)),
    Nest("Telegram account", ("chats", "list", "*", "messages"), holds=is_telegram,
         more=(("left_chats", "list", "*", "messages"),)),
    Nest("Telegram account", ("left_chats", "list", "*", "messages"), holds=is_telegram),
    Nest("TikTok", ("Direct Message", "Direct Messages", "ChatHistory", "Chat History with *"),
         holds=is_tiktok),
    Nest("TikTok", ("Direct Messages", "Chat History", "ChatHistory", "Chat History with *"),
         holds=is_tiktok),
    Nest("Snapchat", (SAVED[0],), holds=is_snapchat, more=tuple((each,) for each in SAVED[1:])),
    Nest("X conversation", ("dmConversation", "messages"), holds=is_x_message),
    Nest("chat", ("messages",), holds=is_chat),
    Nest("chat", ("messsages",), holds=is_signal_row),  # as vdalex/signal_db_export spells it
    Nest("Instagram conversation", ("conversation",), ("participants",), is_meta),
    Nest("Microsoft Graph page", ("value",), holds=is_teams),
    Nest("Google Hangouts", ("conversations", "*", "events"), holds=is_hangouts),
    Nest("Google Hangouts", ("conversation_state", "*", "conversation_state", "event"), holds=is_hangouts),
    Nest("RSMF", ("events",), MARKS, is_rsmf),
    Nest("Zulip export", ("zerver_message",), holds=is_zulip),
    Nest("Webex page", ("items",), holds=is_webex),
    Nest("Feishu page", ("data", "items"), holds=is_feishu),
    Nest("Skype account", ("conversations", "*", "MessageList")),
)  # fmt: skip
"""In the order in which they are tried."""

_BEGINS = "*"
"""Ends a key that stands for all that begin so."""

_FIRSTS = frozenset(nest.marks[0] if _BEGINS in nest.path[0] else nest.path[0] for nest in NESTS)
"""The keys one of which each kind has: most records of a log have none of them."""


class Nested(NamedTuple):
    """A record in a document: first byte and the byte behind its last, and the values around it."""

    span: Span
    around: Mapping[str, Any]


def nest_of(untrusted_record: Mapping[str, Any]) -> Nest | None:
    """The kind of document that a parsed value is, or None."""
    if _FIRSTS.isdisjoint(untrusted_record):
        return None
    for nest in NESTS:
        step = nest.path[0]
        there = step in untrusted_record or (
            step[-1] == _BEGINS and any(_at(untrusted_record, step))
        )
        first = there and untrusted_record.keys() >= {*nest.marks}
        if first and _leads(untrusted_record, nest.path) and _holds(untrusted_record, nest):
            return nest
    return None


def _at(keys: Iterable[str], step: str) -> Iterator[str]:
    """The keys that a last step stands for."""
    return (key for key in keys if key.startswith(step[:-1]))


def _leads(value: Any, path: tuple[str, ...]) -> bool:
    for at, step in enumerate(path):
        if step[-1] == _BEGINS and step != _BEGINS:
            return type(value) is dict and any(
                type(value[key]) in (dict, list) for key in _at(value, step)
            )
        if step == "*":
            return type(value) is list and any(_leads(each, path[at + 1 :]) for each in value)
        if type(value) is not dict or step not in value:
            return False
        value = value[step]
    return type(value) is list


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
    elif path[0][-1] == _BEGINS:
        for key in _at(value, path[0]) if type(value) is dict else ():
            yield from value[key] if type(value[key]) is list else [value[key]]
    elif type(value) is dict and path[0] in value:
        yield from _reached(value[path[0]], path[1:])


class Wrappings:
    """Objects of no known kind around one array of records that are of one, told once for each set of keys."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Nest | None] = {}

    def nest_of(self, untrusted_record: Any) -> Nest | None:
        """The array to read in the object's place, or None if the object is a record itself or holds none."""
        if type(untrusted_record) is not dict or list not in map(type, untrusted_record.values()):
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


TRIED = 20
"""Records that are looked at to tell one kind of document from another."""

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
        step = nest.path[0]
        there = step in names or (step[-1] == _BEGINS and any(_at(names, step)))
        if there and names >= {*nest.marks}:
            value = _skeleton(untrusted_data, start, (nest.path, *nest.more))
            leads = type(value) is dict and _leads(value, nest.path)
            if leads and (nest.holds is None or _large_holds(untrusted_data, start, nest, value)):
                return nest, value
    return None


def _large_holds(data: Data, start: int, nest: Nest, value: Mapping[str, Any]) -> bool:
    """Whether one of the first records is one of this kind."""
    for (first, stop), _ in islice(records(data, nest, value, start), TRIED):
        if stop - first > _SMALL:
            continue
        with suppress(BadJson):
            found, _ = parse(data[first:stop])
            if type(found) is dict and nest.holds is not None and nest.holds(found):
                return True
    return False


def _skeleton(data: Data, at: int, paths: tuple[tuple[str, ...], ...]) -> Any:
    """The value at `at` with an empty list in the place of each array that a path leads to."""
    if () in paths:
        return [] if data[at : at + 1] == b"[" else None
    if paths[0][0] == "*":
        inner = tuple(path[1:] for path in paths)
        return [_skeleton(data, span[0], inner) for _, span in places.elements(data, at)]
    value: dict[str, Any] = {}
    for name, first in places.members(data, at):
        inner = tuple(path[1:] for path in paths if path[0] == name)
        if any(path[0][-1] == _BEGINS and name.startswith(path[0][:-1]) for path in paths):
            value[name] = [] if data[first : first + 1] == b"[" else {}
            continue
        if inner:
            value[name] = _skeleton(data, first, inner)
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
    known = (nest.path, *nest.more)
    paths = [path for path in known if path[0] in value or path[0][-1] == _BEGINS]
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
    if type(value) is dict and step[-1] == _BEGINS:
        named = {*_at(value, step)}
        outer = {key: other for key, other in value.items() if key not in named}
        yield from _under_keys(data, at, named, {**around, **outer})
        return
    if type(value) is not dict or step not in value:
        return
    found = places.beginning(data, (step,), at)
    if found is None:
        return
    outer = {key: other for key, other in value.items() if key != step}
    yield from _below(data, found, rest, value[step], {**around, **outer})


def _under_keys(data: Data, at: int, named: set[str], around: dict[str, Any]) -> Iterator[Nested]:
    """The records that stand under keys of the object at `at`: one each, or an array of them."""
    for key, first in places.members(data, at):
        if key not in named:
            continue
        within = {**around, "key": key}
        if data[first : first + 1] == b"[":
            for _, span in places.elements(data, first):
                yield Nested(span, within)
        elif span_of := places.find(data, (), first):
            yield Nested(span_of, within)
