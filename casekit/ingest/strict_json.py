"""Strict JSON of one record: hides which parser ran and how a doubtful record is told from a good one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

import orjson

MAX_DEPTH = 256
"""Levels of nesting beyond which a record is quarantined."""

USUAL_DEPTH = 64
"""Levels beyond which it is told: no API nests so deep."""

_SURROGATES = re.compile("[\ud800-\udfff]")
_TEXT_OR_BRACKET = re.compile(rb'(?s)"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{]|[\]}]')


class BadJson(ValueError):
    """A record that is not strict JSON; `kind` is the problem's short word, the message its sentence."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        super().__init__(text)


class _Duplicate(ValueError):
    """Raised from inside the slow parser."""


class _NotANumber(ValueError):
    """Raised from inside the slow parser."""


def parse_with_nan(untrusted_raw: bytes) -> tuple[Any, str]:
    """Parse a JSON text as Python writes one: NaN and Infinity become these words.

    Returns:
        As `parse`; the note is `not-a-number` if one of them stood in it.

    Raises:
        BadJson: As `parse`, for anything else.
    """
    met: list[str] = []

    def constant(name: str) -> str:
        met.append(name)
        return name

    value, note = _parse_slowly(untrusted_raw, constant)
    return value, "not-a-number" if met else note


def parse(untrusted_raw: bytes) -> tuple[Any, str]:
    """Parse one JSON text strictly.

    A key given twice in one object, NaN, Infinity, a number too large for a double, bytes that are
    not UTF-8, a byte order mark and more than `MAX_DEPTH` levels are refused.

    Args:
        untrusted_raw: The exact bytes of one JSON text, white space around it allowed.

    Returns:
        The value, and `lone-surrogate` if halves of characters stood in it and became U+FFFD,
        `deep-nesting` if it is nested beyond `USUAL_DEPTH`, else "".

    Raises:
        BadJson: With kind `bad-json`, `bad-utf8`, `duplicate-key`, `not-a-number`, `number-range` or
            `too-deep`.

    Source: RFC 8259; RFC 7493 (I-JSON) for duplicate keys and surrogates.
    """
    try:
        value = orjson.loads(untrusted_raw)
        again = orjson.dumps(value)
    except (orjson.JSONDecodeError, TypeError):
        return _parse_slowly(untrusted_raw)
    # A key that stands twice takes at least two quotes with it when the parser drops its first value,
    # so equal numbers of quotes mean that nothing was dropped. Only \u0022 could make up for them.
    # An integer beyond 64 bits became a float, which prints its exponent.
    if again != untrusted_raw and (
        again.count(b'"') != untrusted_raw.count(b'"')
        or (b"\\" in untrusted_raw and b"\\u0022" in untrusted_raw)  # one byte is found much sooner
        or (b"+" in again and b"e+" in again)
    ):
        return _parse_slowly(untrusted_raw)
    if untrusted_raw.count(b"{") + untrusted_raw.count(b"[") > USUAL_DEPTH:
        return value, _deep(untrusted_raw)
    return value, ""


def encode(value: object) -> str:
    """JSON text of a parsed value, compact, characters as they are, integers of any size."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # an integer beyond 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def depth(untrusted_raw: bytes) -> int:
    """The deepest nesting of brackets outside strings."""
    level = deepest = 0
    for match in _TEXT_OR_BRACKET.finditer(untrusted_raw):
        byte = untrusted_raw[match.start()]
        if byte in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif byte in b"]}":
            level -= 1
    return deepest


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's members, refused if a key stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Duplicate
    return found


def _constant(_name: str) -> NoReturn:
    raise _NotANumber


def _parse_slowly(
    untrusted_raw: bytes, constant: Callable[[str], Any] = _constant
) -> tuple[Any, str]:
    """Parse again with Python's parser, to say exactly what is wrong or that all is well."""
    if depth(untrusted_raw) > MAX_DEPTH:
        raise BadJson("too-deep", f"The record is nested deeper than {MAX_DEPTH} levels.")
    try:
        text = untrusted_raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJson(
            "bad-utf8", f"Byte {error.start} of the record is not valid UTF-8."
        ) from error
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=constant)
    except _Duplicate as error:
        raise BadJson("duplicate-key", "An object in the record gives one key twice.") from error
    except _NotANumber as error:
        raise BadJson("not-a-number", "The record holds NaN or Infinity.") from error
    except json.JSONDecodeError as error:
        raise BadJson("bad-json", _sentence(text, error)) from error
    except (ValueError, RecursionError) as error:
        raise BadJson("bad-json", "The record is not JSON.") from error
    return _settled(value, untrusted_raw)


def _settled(value: Any, untrusted_raw: bytes) -> tuple[Any, str]:
    """The value with halves of characters replaced, infinite numbers refused."""
    try:
        orjson.loads(untrusted_raw)
    except orjson.JSONDecodeError as error:
        if "infinity" in error.msg:
            raise BadJson("number-range", "A number in the record is too large.") from error
    whole = _whole(value)
    return whole, _deep(untrusted_raw) if whole == value else "lone-surrogate"


def _deep(raw: bytes) -> str:
    levels = depth(raw)
    if levels > MAX_DEPTH:
        raise BadJson("too-deep", f"The record is nested deeper than {MAX_DEPTH} levels.")
    return "deep-nesting" if levels > USUAL_DEPTH else ""


def _whole(value: Any) -> Any:
    """The value with every lone surrogate in its strings replaced by U+FFFD."""
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {_SURROGATES.sub("\ufffd", key): _whole(each) for key, each in value.items()}
    return value


def _sentence(text: str, error: json.JSONDecodeError) -> str:
    """What is wrong, without quoting the record."""
    if "\x00" in text:
        return f"The record holds a NUL byte and is not JSON (character {error.pos})."
    if error.pos >= len(text.rstrip()):
        return "The record ends before its JSON does."
    what = error.msg.lower().rstrip(": ").removesuffix(" at")
    return f"The record is not JSON: {what} at character {error.pos}."
