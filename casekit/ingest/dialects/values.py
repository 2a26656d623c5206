"""Values taken out of a record by their paths: hides spelling, JSON in strings and what is left over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple

from casekit.ingest.dialects.draft import KINDS, Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.parsed import Problem
from casekit.ingest.strict_json import BadJson, parse

Record = Mapping[str, Any]
Places = Mapping[str, tuple[str, ...]]
"""For each field of `Exchange`, or `time`, the dotted paths at which it may stand, the best first."""

_EMPTY: tuple[object, ...] = (None, "")


def opened(untrusted_value: Any) -> Any:
    """The value, or what it says if it is JSON in a string."""
    if type(untrusted_value) is str and untrusted_value.lstrip()[:1] in ("{", "["):
        try:
            return parse(untrusted_value.encode("utf-8", "replace"))[0]
        except BadJson:
            return untrusted_value
    return untrusted_value


class Broken(NamedTuple):
    """A body that begins as JSON and is none.

    Attributes:
        text: As it stands.
        why: A sentence on what is wrong.
        cut: Whether it may have been cut off, and is not only against the rules.
    """

    text: str
    why: str
    cut: bool

    @property
    def asking(self) -> bool:
        """Whether it has the look of a request to a model."""
        return '"messages"' in self.text


def body_of(untrusted_text: str) -> Any:
    """What a body that is JSON in a text says, or a `Broken`."""
    try:
        return parse(untrusted_text.encode("utf-8", "replace"))[0]
    except BadJson as bad:
        return Broken(untrusted_text, str(bad), bad.kind == "bad-json")


def put_unread(value: Any, side: Literal["request", "response"], draft: Draft) -> None:
    """Keep a body that is no request and no answer in `extra`; a broken one is shown as it stands, and told."""
    if not isinstance(value, Broken):
        if value is not None:
            draft.put_extra(side, value)
        return
    if side == "request":
        draft.prompt = draft.prompt or value.text
    else:
        draft.output = draft.output or value.text
    if value.cut:
        draft.note("truncated")
    said = f"The body of the {side} cannot be read and is shown as it stands. {value.why}"
    draft.problems += (Problem("parse", "broken-body", said),)


def look(untrusted_record: Any, path: str) -> Any:
    """The value at a dotted path, or None; a key with dots in it is found whole."""
    if type(untrusted_record) is not dict:
        return None
    if path in untrusted_record:
        return untrusted_record[path]
    key, dot, rest = path.partition(".")
    while dot:
        if key in untrusted_record:
            return look(untrusted_record[key], rest)
        more, dot, rest = rest.partition(".")
        key = f"{key}.{more}"
    return None


def text_at(untrusted_record: Any, path: str) -> str:
    """The text at a dotted path, or empty."""
    found = look(untrusted_record, path)
    return found if type(found) is str else ""


def whole_at(untrusted_record: Any, path: str) -> int | None:
    """The number of zero or more at a dotted path, its fraction cut; None where there is none."""
    found = look(untrusted_record, path)
    return int(found) if type(found) in (int, float) and 0 <= found < _MOST else None


def rest_of(record: Record, *read: str) -> dict[str, Any]:
    """What a record says beside the keys that were read, without what is empty."""
    return {key: each for key, each in record.items() if key not in read and each not in NOTHING}


NOTHING: tuple[object, ...] = (None, "", [], {})


class Source:
    """A record being emptied: what is taken is gone from `left`, and the record itself is not touched.

    Args:
        untrusted_record: The record.
        opening: Keys whose values may be JSON in a string, and are then read as what it says.

    Attributes:
        record: As given.
        left: What nobody has taken, to be put into `extra`.
    """

    def __init__(self, untrusted_record: Record, *opening: str) -> None:
        self.record = untrusted_record
        self.left: dict[str, Any] = dict(untrusted_record)
        for key in opening:
            if key in self.left:
                self.left[key] = opened(self.left[key])

    def take(self, path: str) -> Any:
        """The value at a dotted path, taken out; None where there is none."""
        return _take(self.left, path)

    def fill(self, draft: Draft, places: Places, when: Callable[..., Any] = read_time) -> None:
        """Fill fields of a draft from their places; a value that does not fit stays in `left`.

        Args:
            draft: What is filled; a field that it has already is left as it is.
            places: Where each field stands; `time` is its time.
            when: Reads the time.
        """
        for target, paths in places.items():
            for path in paths:
                value = look(self.left, path)
                if value in _EMPTY:
                    _take(self.left, path)
                    continue
                if type(value) is float and target.endswith("_ms") and abs(value) < 2**53:
                    value = int(value)
                if target == "time":
                    if draft.when is None and (found := when(value, path, draft.raw)) is not None:
                        draft.when = found
                        _take(self.left, path)
                elif target == "stream":
                    if (said := flag(value)) is not None:
                        draft.fields.setdefault(target, said)
                        _take(self.left, path)
                elif target not in draft.fields and draft.put(target, KINDS[target], value):
                    _take(self.left, path)

    def rest(self, draft: Draft) -> None:
        """Put what is left into the draft's `extra`."""
        for key, value in self.left.items():
            draft.put_extra(key, value)


def _take(left: dict[str, Any], path: str) -> Any:
    if path in left:
        return left.pop(path)
    key, dot, rest = path.partition(".")
    while dot:
        if type(left.get(key)) is dict:
            inner = dict(left[key])
            found = _take(inner, rest)
            if inner:
                left[key] = inner
            else:
                del left[key]
            return found
        more, dot, rest = rest.partition(".")
        key = f"{key}.{more}"
    return None


def from_hundredths(untrusted_value: Any) -> float | None:
    """An amount given in cents, or in the hundredth part of another currency, in its whole units; else None."""
    if type(untrusted_value) not in (int, float, str):
        return None
    try:
        found = Decimal(str(untrusted_value))
    except InvalidOperation:
        return None
    return float(found / 100) if found.is_finite() and abs(found) < _MOST else None


_MOST = 2**53


def flag(value: Any) -> int | None:
    """1 or 0 for yes and no, as a bool or a word; None for anything else."""
    return _FLAGS.get(str(value).lower()) if type(value) in (bool, str, int) else None


_FLAGS = {"true": 1, "false": 0, "t": 1, "f": 0, "1": 1, "0": 0}
