"""The one byte form in which CaseKit hashes values: canonical JSON, so that a stranger can make it again.

Canonical JSON here is: UTF-8, keys sorted by code point, no white space, no key whose value is null,
byte strings as lower-case hex, and no number but what JSON writes (finite). Hashes follow RFC 6962:
a leaf is SHA-256(0x00 || bytes), a node SHA-256(0x01 || left || right), a tree splits at the largest
power of two below its size, and the root of nothing is SHA-256 of nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

_BLOCK = 64  # bytes that SHA-256 takes in at once
EMPTY_ROOT = hashlib.sha256(b"").digest()


def encode(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """Canonical JSON of a mapping or list whose values are JSON's own types or bytes."""
    return orjson.dumps(value, default=_as_hex, option=orjson.OPT_SORT_KEYS)


def encode_sorted(value: Mapping[str, Any]) -> bytes:
    """`encode` of what has its keys in order already, at every depth, and no bytes."""
    return orjson.dumps(value)


def without_nulls(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without its empty columns, so that a later column leaves old digests as they are."""
    return {str(key): value for key, value in row.items() if value is not None}


def digest(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """SHA-256 (32 bytes) of the canonical JSON."""
    return hashlib.sha256(encode(value)).digest()


def sha256_text(text: str) -> str:
    """SHA-256 (hex) of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def leaf_hash(data: bytes) -> bytes:
    """RFC 6962 leaf hash."""
    return hashlib.sha256(b"\x00" + data).digest()


def salted_leaf(salt: bytes, number: int, data: bytes) -> bytes:
    """Leaf hash of `data` behind its own salt, HMAC-SHA-256(salt, number as 8 bytes, big-endian).

    A withheld value can then be committed to without anyone confirming a guess of it.
    """
    own = hmac.digest(salt, number.to_bytes(8, "big"), "sha256")
    return hashlib.sha256(b"\x00" + own + data).digest()


def salted_leaves(salt: bytes, data: Iterable[bytes]) -> Iterator[bytes]:
    """`salted_leaf` of each, numbered from 1; the salt (up to 64 bytes) is taken in once for all."""
    key = salt.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))  # RFC 2104
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))
    for number, each in enumerate(data, 1):
        own, keyed = inner.copy(), outer.copy()
        own.update(number.to_bytes(8, "big"))
        keyed.update(own.digest())
        yield hashlib.sha256(b"\x00" + keyed.digest() + each).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """RFC 6962 tree head over leaf hashes, computed level by level in linear time."""
    level = list(leaves)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        paired = [
            hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest()
            for i in range(0, len(level) - 1, 2)
        ]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


def _as_hex(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"no canonical form for {type(value).__name__}")
