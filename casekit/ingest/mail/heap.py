"""Properties out of a PST node's own bytes, for messages inside messages, which libpff does not open."""

from __future__ import annotations

import struct

from casekit.ingest.mail.mapi import MAX_VALUES, Values

_SIGNATURE, _PROPERTIES, _TREE = 0xEC, 0xBC, 0xB5
_BLOCK = 8176
"""Bytes of a full data block in a Unicode mailbox."""
_HAS_ATTACHMENTS = 0x0E1B
_INLINE = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 1}


def read_heap(data: bytes) -> tuple[Values, bool] | None:
    """The properties of a property context; None where the bytes are none.

    Returns:
        The values, and whether all are there: those that lie in nodes of their own (long texts,
        attachments, recipients) are not in these bytes.

    Source: MS-PST 2.3.1 (heap), 2.3.2 (tree), 2.3.3 (property context).
    """
    if len(data) < 12 or data[2] != _SIGNATURE or data[3] != _PROPERTIES:
        return None
    heap = _Heap(data)
    (root,) = struct.unpack_from("<I", data, 4)
    head = heap.item(root)
    if len(head) < 8 or head[0] != _TREE or head[1:3] != b"\x02\x06":
        return None
    rows = [heap.item(int.from_bytes(head[4:8], "little"))]
    for _ in range(min(head[3], 4)):  # levels of the tree above its leaves
        keys = rows
        rows = [
            heap.item(int.from_bytes(key[at + 2 : at + 6], "little"))
            for key in keys
            for at in range(0, len(key) - 5, 6)
        ][:MAX_VALUES]
    values: Values = {}
    whole = True
    for row in rows:
        for at in range(0, len(row) - 7, 8):
            number, kind, where = struct.unpack_from("<HHI", row, at)
            if size := _INLINE.get(kind):
                values[number] = (kind, row[at + 4 : at + 4 + size])
            elif not where & 0x1F:
                values[number] = (kind, heap.item(where))
            else:
                whole = False
            if len(values) >= MAX_VALUES:
                return values, False
    return values, whole and not _has_attachments(values)


def _has_attachments(values: Values) -> bool:
    return any(values.get(_HAS_ATTACHMENTS, (0, b""))[1])


class _Heap:
    """Items of a heap by their number."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._maps: dict[int, tuple[int, ...]] = {}

    def item(self, number: int) -> bytes:
        """The bytes of an item; none where there is no such item."""
        if not number:
            return b""
        block, index = number >> 16, (number & 0xFFFF) >> 5
        start = block * _BLOCK
        places = self._map(start)
        if not 1 <= index < len(places):
            return b""
        return self._data[start + places[index - 1] : start + places[index]]

    def _map(self, start: int) -> tuple[int, ...]:
        if start not in self._maps:
            page = self._data[start : start + _BLOCK]
            places: tuple[int, ...] = ()
            at = int.from_bytes(page[:2], "little")
            count = int.from_bytes(page[at : at + 2], "little")
            if at + 6 + 2 * count <= len(page):
                places = struct.unpack_from(f"<{count + 1}H", page, at + 4)
            self._maps[start] = places
        return self._maps[start]
