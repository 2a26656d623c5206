"""Plain values out of YAML: texts, numbers, lists and objects only, whatever tags the text asks for.

No tag makes anything here, references may not unfold without end, and a key that stands twice is
refused.

Source: YAML 1.1, which PyYAML and Ruby's Psych write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from casekit.ingest.mail.words import from_base64

MAX_DEPTH = 100
"""Levels of lists and objects."""
MAX_NODES = 1_000_000
"""Values that one text may give, references counted as often as they are followed."""

_PLAIN = "tag:yaml.org,2002:"
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_FLOAT = re.compile(r"[-+]?\d{1,20}\.\d{0,20}(?:[eE][-+]\d{1,3})?")


class BadYaml(ValueError):
    """The text is no YAML that is read here; `kind` is the problem's word, the message its sentence."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        super().__init__(text)


def load(untrusted_text: str) -> Any:
    """The value of the first YAML document in a text.

    A binary value is text: UTF-8, or else a Latin-1 letter for each of its bytes. Times and values with
    a tag of a program stay the text they are.

    Raises:
        BadYaml: `bad-yaml`, `duplicate-key`, `too-deep` or `too-large`.
    """
    import yaml

    # Events and not nodes: the faster parser's tree builder has no limit of depth and ends the process.
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        parser = loader(untrusted_text)
        try:
            return _Events(parser.get_event).document()
        finally:
            parser.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" at line {mark.line + 1}" if mark is not None else ""
        raise BadYaml("bad-yaml", f"The record is no YAML{where}.") from error
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise BadYaml("bad-yaml", "The record is no YAML.") from error


class _Events:
    """Makes values of a parser's events, and counts them."""

    def __init__(self, get: Callable[[], Any]) -> None:
        self._get = get
        self._count = 0
        self._anchors: dict[str, tuple[Any, int]] = {}

    def document(self) -> Any:
        """The first document's value; None if there is none."""
        while (event := self._get()) is not None:
            name = type(event).__name__
            if name not in ("StreamStartEvent", "DocumentStartEvent"):
                return None if name == "StreamEndEvent" else self._value(event, 0)
        return None

    def _value(self, event: Any, depth: int) -> Any:
        self._add(1)
        if depth > MAX_DEPTH:
            raise BadYaml("too-deep", f"The record is nested deeper than {MAX_DEPTH} levels.")
        name = type(event).__name__
        if name == "AliasEvent":
            value, count = self._anchors.get(event.anchor, (None, 0))
            if not count:
                raise BadYaml("bad-yaml", "The record refers to a value that it does not hold.")
            self._add(count)
            return value
        before = self._count - 1
        if name == "SequenceStartEvent":
            value = self._sequence(depth)
        elif name == "MappingStartEvent":
            value = self._mapping(depth)
        else:
            value = _scalar(event)
        if event.anchor:
            self._anchors[event.anchor] = value, self._count - before
        return value

    def _add(self, count: int) -> None:
        self._count += count
        if self._count > MAX_NODES:
            raise BadYaml("too-large", f"The record gives more than {MAX_NODES:,} values.")

    def _sequence(self, depth: int) -> list[Any]:
        made = []
        while type(event := self._get()).__name__ != "SequenceEndEvent":
            made.append(self._value(event, depth + 1))
        return made

    def _mapping(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while type(event := self._get()).__name__ != "MappingEndEvent":
            if type(event).__name__ != "ScalarEvent":
                raise BadYaml("bad-yaml", "A key in the record is no text.")
            key = event.value
            if key in made:
                raise BadYaml("duplicate-key", "An object in the record gives one key twice.")
            made[key] = self._value(self._get(), depth + 1)
        return made


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.tag in (_PLAIN + "binary", "!binary"):
        return _binary(text)
    if not event.implicit[0]:  # quoted, a block, or with a tag
        return text
    if text in _NOTHING:
        return None
    if text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    if _FLOAT.fullmatch(text):
        return float(text)
    return _whole(text)


def _binary(text: str) -> str:
    raw, whole = from_base64(text.encode("utf-8", "replace"))
    if not whole:
        return text
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _whole(text: str) -> int | str:
    """A whole number; one with a base or colons, which YAML 1.1 knows and people do not, stays text."""
    digits = text.replace("_", "")
    sign = digits[:1] in ("-", "+")
    bare = digits[1:] if sign else digits
    if not bare.isdecimal() or len(bare) > 18 or (len(bare) > 1 and bare[0] == "0"):
        return text
    return int(digits)
