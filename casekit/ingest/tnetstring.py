"""Tagged netstrings, the notation of mitmproxy's flow files: values out of bytes, each with its exact place.

    12:5:hello,3:123#]  ->  [b"hello", 123]

Source: tnetstrings.info; mitmproxy `io/tnetstring.py` (its tag `;` is a text in UTF-8).
"""

from __future__ import annotations

import re
from typing import Any

from casekit.ingest.containers import Data

MAX_DEPTH = 100
"""Levels of lists and dictionaries."""

_LENGTH = re.compile(rb"(\d{1,12}):")


class BadTnetstring(ValueError):
    """The bytes are no value; `kind` is the problem's short word, the message its sentence."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        super().__init__(text)


def end_of(untrusted_data: Data, start: int) -> int:
    """The byte behind the value that begins at `start`, its tag included.

    Raises:
        BadTnetstring: `truncated` or `bad-tnetstring`.
    """
    found = _LENGTH.match(untrusted_data, start)
    if found is None:
        raise BadTnetstring("bad-tnetstring", "No length of a value stands there.")
    end = found.end() + int(found[1]) + 1
    if end > len(untrusted_data):
        raise BadTnetstring("truncated", "The record is longer than what is left of the file.")
    return end


def load(untrusted_raw: bytes) -> Any:
    """The value that the bytes are, all of them.

    Keys become texts; numbers, texts and bytes stay what they are. A number with a fraction is a float.

    Raises:
        BadTnetstring: They are none.
    """
    value, end = _value(untrusted_raw, 0, len(untrusted_raw), 0)
    if end != len(untrusted_raw):
        raise BadTnetstring("bad-tnetstring", "Bytes follow the value.")
    return value


def _value(data: bytes, start: int, stop: int, depth: int) -> tuple[Any, int]:
    found = _LENGTH.match(data, start, stop)
    if found is None:
        raise BadTnetstring("bad-tnetstring", "A length is missing inside the record.")
    begin, end = found.end(), found.end() + int(found[1])
    if end >= stop:
        raise BadTnetstring(
            "bad-tnetstring", "A value inside the record is longer than the record."
        )
    if depth > MAX_DEPTH:
        raise BadTnetstring("too-deep", f"The record is nested deeper than {MAX_DEPTH} levels.")
    tag = data[end : end + 1]
    if tag == b"}":
        return _dictionary(data, begin, end, depth), end + 1
    if tag == b"]":
        items = []
        while begin < end:
            item, begin = _value(data, begin, end, depth + 1)
            items.append(item)
        return items, end + 1
    return _scalar(data[begin:end], tag), end + 1


def _dictionary(data: bytes, begin: int, end: int, depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    while begin < end:
        key, begin = _value(data, begin, end, depth + 1)
        if type(key) is bytes:  # the files of Python 2
            key = key.decode("utf-8", "replace")
        if type(key) is not str or begin >= end:
            raise BadTnetstring("bad-tnetstring", "A dictionary has a key without a value.")
        if key in made:
            raise BadTnetstring("duplicate-key", "A dictionary gives one key twice.")
        made[key], begin = _value(data, begin, end, depth + 1)
    return made


def _scalar(payload: bytes, tag: bytes) -> Any:
    if tag == b",":
        return payload
    try:
        if tag == b";":
            return payload.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode()
        if tag == b"#":
            return int(payload)
        if tag == b"^":
            return float(payload)
    except (ValueError, OverflowError) as error:
        raise BadTnetstring("bad-tnetstring", "A number in the record is none.") from error
    if tag == b"!" and payload in (b"true", b"false"):
        return payload == b"true"
    if tag == b"~" and not payload:
        return None
    raise BadTnetstring("bad-tnetstring", "A value in the record has a tag that is not known.")
