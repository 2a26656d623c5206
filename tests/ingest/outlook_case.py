"""Writes small compound files (MS-CFB) and the Outlook items in them (MS-OXMSG), for tests."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from typing import Any

from casekit.ingest import pointer
from casekit.ingest.parsed import Parsed, Step, sha256

Tree = Mapping[str, Any]
"""Names to bytes (streams) or trees (storages)."""

_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_CUTOFF = 4096


def compound_file(tree: Tree) -> bytes:
    """A version 3 compound file with 512-byte sectors."""
    # name, kind, data, left sibling, right sibling, child
    entries: list[tuple[str, int, bytes, int, int, int]] = []

    def balanced(kids: list[int]) -> int:
        """Hang siblings into a tree; returns its root."""
        if not kids:
            return _FREE
        middle = len(kids) // 2
        sides = balanced(kids[:middle]), balanced(kids[middle + 1 :])
        entries[kids[middle]] = (*entries[kids[middle]][:3], *sides, entries[kids[middle]][5])
        return kids[middle]

    def add(name: str, held: Any) -> int:
        number = len(entries)
        stream = isinstance(held, bytes)
        kind = 2 if stream else 5 if not number else 1
        entries.append((name, kind, held if stream else b"", _FREE, _FREE, _FREE))
        if not stream:
            kids = [add(kid, inner) for kid, inner in held.items()]
            entries[number] = (*entries[number][:5], balanced(kids))
        return number

    add("Root Entry", tree)
    sectors: list[bytes] = []
    fat: list[int] = []
    mini, mini_fat = bytearray(), []

    def place(data: bytes) -> int:
        if not data:
            return _END
        first = len(sectors)
        count = -(-len(data) // 512)
        for index in range(count):
            sectors.append(data[index * 512 : index * 512 + 512].ljust(512, b"\0"))
            fat.append(first + index + 1 if index + 1 < count else _END)
        return first

    starts = []
    for _, kind, data, *_ in entries:
        if kind != 2 or len(data) >= _CUTOFF:
            starts.append(place(data))
            continue
        first, count = len(mini_fat), -(-len(data) // 64)
        mini_fat += [*range(first + 1, first + count), _END] if count else []
        mini += data.ljust(count * 64, b"\0")
        starts.append(first if count else _END)
    starts[0] = place(bytes(mini))
    mini_start = place(b"".join(struct.pack("<I", one) for one in mini_fat))
    directory = b"".join(
        _entry(name, kind, (left, right, child), start, len(mini) if not number else len(data))
        for number, ((name, kind, data, left, right, child), start) in enumerate(
            zip(entries, starts, strict=True)
        )
    )
    directory_start = place(directory)
    fat_sectors = 1
    while (len(sectors) + fat_sectors) * 4 > fat_sectors * 512:
        fat_sectors += 1
    fat_start = len(sectors)
    table = fat + [0xFFFFFFFD] * fat_sectors
    packed = b"".join(struct.pack("<I", one) for one in table).ljust(fat_sectors * 512, b"\xff")
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors, directory_start, 0,
        _CUTOFF, mini_start, -(-len(mini_fat) * 4 // 512), _END, 0,
    )  # fmt: skip
    listed = [*range(fat_start, fat_start + fat_sectors)]
    header += b"".join(struct.pack("<I", one) for one in listed).ljust(436, b"\xff")
    return header + b"".join(sectors) + packed


def _entry(name: str, kind: int, links: tuple[int, int, int], start: int, size: int) -> bytes:
    label = name.encode("utf-16-le")
    return (
        label.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(label) + 2, kind, 1, *links)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def properties(head: int, **values: Any) -> dict[str, bytes]:
    """Streams of properties: `_0037="subject"`, `_0039=129…` (64 bits), `_0C15=2` (32), `_1013=b"…"`."""
    streams: dict[str, bytes] = {}
    table = bytes(head)
    for name, value in values.items():
        number = int(name.strip("_"), 16)
        if isinstance(value, bool | int):
            wide = value > 0xFFFFFFFF
            kind = 0x0040 if wide else 0x0003
            table += struct.pack("<HHIQ", kind, number, 6, value)
            continue
        kind = 0x001F if isinstance(value, str) else 0x0102
        data = value.encode("utf-16-le") if isinstance(value, str) else value
        streams[f"__substg1.0_{number:04X}{kind:04X}"] = data
        table += struct.pack("<HHIII", kind, number, 6, len(data), 0)
    return {"__properties_version1.0": table, **streams}


SENT = 133_800_000_000_000_000
"""A time in steps of 100 ns since 1601."""
SENT_US = SENT // 10 - 11_644_473_600_000_000

HEADERS = (
    "Message-ID: <m1@lab.example>\r\nFrom: =?utf-8?Q?M=C3=BCller?= <mueller@lab.example>\r\n"
    "References: <a@lab.example>\r\n <b@lab.example>\r\n"
)


def note(head: int = 32, **values: Any) -> dict[str, Any]:
    """A plain mail with one recipient."""
    known = {"_001A": "IPM.Note", "_0037": "Limits", "_0039": SENT, "_1000": "Please stop.\r\n"}
    person = {"_0C1A": "Müller", "_0C1E": "EX", "_0C1F": "/O=LAB/CN=MUELLER", "_007D": HEADERS}
    return {
        **properties(head, **(known | person | values)),
        "__recip_version1.0_#00000000": properties(
            8, _0C15=2, _3001="Ann", _3002="SMTP", _39FE="ann@lab.example"
        ),
        "__nameid_version1.0": {"__substg1.0_00030102": b""},
    }


def pointers_hold(data: bytes, item: Parsed, way: tuple[Step, ...] = ()) -> int:
    """Cut the bytes of all the item's family out of `data`; returns how many there were."""
    count = 0
    for child in item.children:
        steps = (*way, *child.steps)
        assert pointer.from_json(pointer.to_json(steps)) == steps
        given = pointer.resolve(io.BytesIO(data), steps)
        assert (sha256(given), len(given)) == (child.sha256, child.size)
        count += 1 + pointers_hold(data, child, steps)
    return count
