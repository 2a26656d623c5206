"""What was signed, out of a signature that carries it (S/MIME); whether the signature holds is not judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_SEQUENCE, _OID, _SET, _INTEGER = 0x30, 0x06, 0x31, 0x02
_EXPLICIT, _OCTETS, _OCTETS_IN_PIECES = 0xA0, 0x04, 0x24
_DEEPEST = 40
_MOST = 100_000


class _Bad(ValueError):
    """The bytes are not BER."""


class _Value(NamedTuple):
    tag: int
    start: int
    end: int
    after: int


def signed_content(untrusted_data: bytes) -> bytes | None:
    """The content of a `signed-data` structure; None where the bytes are none or carry no content.

    Source: RFC 5652, sections 3 and 5; BER as in X.690, definite and indefinite lengths.
    """
    try:
        return _content(untrusted_data)
    except (_Bad, IndexError):
        return None


def _content(data: bytes) -> bytes | None:
    outer = _values(data, _one(data, 0, len(data), 0, _SEQUENCE))
    kind = next(outer, None)
    if kind is None or kind.tag != _OID or data[kind.start : kind.end] != _SIGNED_DATA:
        return None
    signed = _inside(data, next(outer, None))
    fields = [value for value, _ in zip(_values(data, signed), range(3), strict=False)]
    if [field.tag for field in fields] != [_INTEGER, _SET, _SEQUENCE]:
        return None
    named = list(_values(data, fields[2]))
    if len(named) < 2:
        return None  # the signature stands apart from what it signs
    carried = next(_values(data, named[1]), None)
    return None if carried is None else b"".join(_octets(data, carried, 0))


def _inside(data: bytes, value: _Value | None) -> _Value:
    if value is None or value.tag != _EXPLICIT:
        raise _Bad
    return _one(data, value.start, value.end, 0, _SEQUENCE)


def _octets(data: bytes, value: _Value, depth: int) -> Iterator[bytes]:
    """The pieces of an octet string."""
    if value.tag == _OCTETS:
        yield data[value.start : value.end]
    elif value.tag == _OCTETS_IN_PIECES and depth < _DEEPEST:
        for piece in _values(data, value):
            yield from _octets(data, piece, depth + 1)
    else:
        raise _Bad


def _one(data: bytes, start: int, end: int, depth: int, wanted: int) -> _Value:
    value = _read(data, start, end, depth)
    if value.tag != wanted:
        raise _Bad
    return value


def _values(data: bytes, within: _Value) -> Iterator[_Value]:
    at = within.start
    for _ in range(_MOST):
        if at >= within.end:
            return
        value = _read(data, at, within.end, 0)
        yield value
        at = value.after


def _read(data: bytes, at: int, end: int, depth: int) -> _Value:
    """The value at `at`: its tag, where its content lies and what comes after it."""
    if at + 2 > end or depth > _DEEPEST:
        raise _Bad
    tag, first = data[at], data[at + 1]
    if tag & 0x1F == 0x1F:
        raise _Bad  # tags of several bytes do not occur here
    start = at + 2
    if first == 0x80:
        inner = start
        for _ in range(_MOST):
            if data[inner : inner + 2] == b"\0\0":
                return _Value(tag, start, inner, inner + 2)
            inner = _read(data, inner, end, depth + 1).after
        raise _Bad
    length = first
    if first > 0x80:
        size = first & 0x7F
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    if start + length > end:
        raise _Bad
    return _Value(tag, start, start + length, start + length)
