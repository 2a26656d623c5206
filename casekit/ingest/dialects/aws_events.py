"""Amazon's binary event streams, as Bedrock answers in them: events out of bytes, checked by their sums.

Source: AWS SDK reference, `application/vnd.amazon.eventstream` (event stream encoding); Bedrock
`InvokeModelWithResponseStream` and `ConverseStream`.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

from casekit.ingest.mail.words import from_base64
from casekit.ingest.strict_json import BadJson, parse

MEDIA_TYPE = "application/vnd.amazon.eventstream"

_PRELUDE = 12
_LEAST = _PRELUDE + 4
_TEXT = 7
_LENGTHS = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""Bytes of a header's value, by its type; texts and bytes carry their length."""


def aws_events(untrusted_data: bytes) -> list[dict[str, Any] | str]:
    """The events of a stream, up to the first damaged one, for which an empty text stands last.

    A `chunk` gives the model's own event that lies in it; any other event is an object with its type as
    its only key; an exception is an event with the key `error`.
    """
    found: list[dict[str, Any] | str] = []
    at = 0
    while at < len(untrusted_data):
        size = _size(untrusted_data, at)
        if not size:
            found.append("")
            return found
        message = untrusted_data[at : at + size]
        event = _event(message)
        if event:
            found.append(event)
        at += size
    return found


def _size(data: bytes, at: int) -> int:
    """Bytes of the message that begins here; 0 if it is damaged or cut off."""
    if len(data) - at < _LEAST:
        return 0
    total, headers, checksum = struct.unpack_from(">III", data, at)
    if (
        zlib.crc32(data[at : at + 8]) != checksum
        or total < _LEAST + headers
        or total > len(data) - at
    ):
        return 0
    (stated,) = struct.unpack_from(">I", data, at + total - 4)
    return int(total) if zlib.crc32(data[at : at + total - 4]) == stated else 0


def _event(message: bytes) -> dict[str, Any]:
    (length,) = struct.unpack_from(">I", message, 4)
    names = dict(_headers(message[_PRELUDE : _PRELUDE + length]))
    value = _json(message[_PRELUDE + length : -4])
    if names.get(":message-type") == "exception":
        return {"error": {"type": names.get(":exception-type", ""), **value}}
    kind = names.get(":event-type", "")
    packed = value.get("bytes")
    if kind == "chunk" and type(packed) is str:
        data, whole = from_base64(packed.encode("utf-8", "replace"))
        return _json(data) if whole else {}
    return {kind: value} if kind else value


def _headers(raw: bytes) -> Iterator[tuple[str, str]]:
    """Names and values of the headers that are texts; of broken ones, those before the break."""
    at = 0
    while at + 2 <= len(raw):
        name = raw[at + 1 : at + 1 + raw[at]].decode("utf-8", "replace")
        at += 1 + raw[at]
        if at >= len(raw):
            return
        kind = raw[at]
        at += 1
        if kind in _LENGTHS:
            at += _LENGTHS[kind]
            continue
        length = int.from_bytes(raw[at : at + 2])
        if kind == _TEXT:
            yield name, raw[at + 2 : at + 2 + length].decode("utf-8", "replace")
        at += 2 + length


def _json(raw: bytes) -> dict[str, Any]:
    try:
        value, _ = parse(raw)
    except BadJson:
        return {}
    return value if type(value) is dict else {}
