"""Writes small TNEF streams (MS-OXTNEF), for tests."""

from __future__ import annotations

import struct
from typing import Any

IID_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


def attribute(level: int, number: int, data: bytes, kind: int = 6) -> bytes:
    """One attribute with its checksum."""
    head = struct.pack("<BHHI", level, number, kind, len(data))
    return head + data + struct.pack("<H", sum(data) & 0xFFFF)


def block(**values: Any) -> bytes:
    """A list of properties: `_0037="…"`, `_3701=b"…"`, `_0C15=1`, `_3701=(b"iid", b"…")` an object."""
    out = struct.pack("<I", len(values))
    for name, value in values.items():
        number = int(name.strip("_"), 16)
        if isinstance(value, int):
            out += struct.pack("<HHI", 0x0003, number, value)
            continue
        kind = 0x001F if isinstance(value, str) else 0x000D if isinstance(value, tuple) else 0x0102
        data = value.encode("utf-16-le") + b"\0\0" if isinstance(value, str) else value
        data = b"".join(data) if isinstance(data, tuple) else data
        out += struct.pack("<HHII", kind, number, 1, len(data)) + data + bytes(-len(data) % 4)
    return out


def tnef(*attributes: bytes) -> bytes:
    """A stream."""
    version = attribute(1, 0x9006, struct.pack("<I", 0x10000), 8)
    codepage = attribute(1, 0x9007, struct.pack("<Q", 1251))
    return b"\x78\x9f\x3e\x22\x01\x00" + version + codepage + b"".join(attributes)


def file(name: bytes, data: bytes, **values: Any) -> bytes:
    """The attributes of an attachment."""
    begin = attribute(2, 0x9002, bytes(14)) + attribute(2, 0x8010, name + b"\0", 1)
    return begin + attribute(2, 0x800F, data) + attribute(2, 0x9005, block(**values))


INNER = tnef(attribute(1, 0x9003, block(_0037="Inner")), file(b"deep.txt", b"deep"))
SAMPLE = tnef(
    attribute(1, 0x8004, b"\xd1\xf2\xee\xef\0", 1),
    attribute(1, 0x8008, b"IPM.Microsoft Mail.Note\0", 7),
    attribute(1, 0x8005, struct.pack("<7H", 2026, 1, 5, 10, 0, 0, 1), 3),
    attribute(1, 0x8000, struct.pack("<4H", 4, 24, 4, 21) + b"Ann\0" + b"SMTP:ann@lab.example\0"),
    attribute(1, 0x9003, block(_1000="Body\r\n")),
    attribute(1, 0x9004, struct.pack("<I", 1) + block(_3001="Bob", _39FE="bob@lab.example", _0C15=2)),
    file(b"LOG~1.CSV", b"a,b\r\n", _3707="log of June.csv"),
    attribute(2, 0x9002, bytes(14))
    + attribute(2, 0x9005, block(_3705=5, _3701=(IID_MESSAGE, INNER))),
)  # fmt: skip
