"""Properties and tables out of a PST node's own bytes, for messages in messages, which libpff does not open."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from casekit.ingest.mail.mapi import MAX_VALUES, Values

_SIGNATURE, _PROPERTIES, _TABLE, _TREE = 0xEC, 0xBC, 0x7C, 0xB5
_BLOCK = 8176
"""Bytes of a full data block in a Unicode mailbox."""
_HAS_ATTACHMENTS = 0x0E1B
_INLINE = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 1}
_IN_ROW = {**_INLINE, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8}
MAX_ROWS = 10_000
"""Rows of a table that are read."""

Outer = Callable[[int], Sequence[bytes]]
"""Gives the blocks of another node by its number; none where there is no such node."""


def read_heap(data: bytes) -> tuple[Values, bool] | None:
    """The properties of a property context; None where the bytes are none.

    Returns:
        The values, and whether all are there: those that lie in nodes of their own (long texts,
        attachments, recipients) are not in these bytes.
    """
    blocks = [data[at : at + _BLOCK] for at in range(0, len(data), _BLOCK)]
    found = read_context(blocks, lambda _: ())
    if found is None:
        return None
    values, whole = found
    return values, whole and not any(values.get(_HAS_ATTACHMENTS, (0, b""))[1])


def read_context(blocks: Sequence[bytes], outer: Outer) -> tuple[Values, bool] | None:
    """The properties of a node, and whether all of them are there; None where it is no property context.

    Source: MS-PST 2.3.1 (heap), 2.3.2 (tree), 2.3.3 (property context).
    """
    heap = _Heap(blocks, outer)
    head = heap.root(_PROPERTIES)
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
            elif (held := heap.value(where)) is not None:
                values[number] = (kind, held)
            else:
                whole = False
            if len(values) >= MAX_VALUES:
                return values, False
    return values, whole


def read_table(blocks: Sequence[bytes], outer: Outer) -> tuple[list[Values], bool]:
    """The rows of a table, such as a message's recipients, and whether all that they hold is there.

    Source: MS-PST 2.3.4.
    """
    heap = _Heap(blocks, outer)
    head = heap.root(_TABLE)
    if len(head) < 22 or head[0] != _TABLE:
        return [], False
    bits, size = struct.unpack_from("<4xHH", head, 2)  # where a row's bits begin, and where it ends
    columns = [struct.unpack_from("<HHHBB", head, at) for at in range(22, len(head) - 7, 8)][
        : head[1]
    ]
    where = int.from_bytes(head[14:18], "little")
    stretches = outer(where) if where & 0x1F else [heap.item(where)]
    if not size or bits > size:
        return [], not where
    rows: list[Values] = []
    whole = True
    for stretch in stretches:
        for at in range(0, len(stretch) - size + 1, size):
            row = stretch[at : at + size]
            values: Values = {}
            for kind, number, place, width, bit in columns:
                if (
                    not row[bits + bit // 8 : bits + bit // 8 + 1]
                    or not row[bits + bit // 8] & 0x80 >> bit % 8
                ):
                    continue
                cell = row[place : place + width]
                if kind in _IN_ROW:
                    values[number] = (kind, cell)
                elif (held := heap.value(int.from_bytes(cell, "little"))) is not None:
                    values[number] = (kind, held)
                else:
                    whole = False
            rows.append(values)
            if len(rows) >= MAX_ROWS:
                return rows, False
    return rows, whole


class _Heap:
    """Items of a heap by their number."""

    def __init__(self, blocks: Sequence[bytes], outer: Outer) -> None:
        self._blocks = blocks
        self._outer = outer
        self._maps: dict[int, tuple[int, ...]] = {}

    def root(self, kind: int) -> bytes:
        """The item that a heap of this kind begins with; none where it is of another."""
        first = self._blocks[0] if self._blocks else b""
        if len(first) < 12 or first[2] != _SIGNATURE or first[3] != kind:
            return b""
        return self.item(int.from_bytes(first[4:8], "little"))

    def value(self, where: int) -> bytes | None:
        """A value in the heap or in a node of its own; None where that is not there."""
        if not where & 0x1F:
            return self.item(where)
        blocks = self._outer(where)
        return b"".join(blocks) if blocks else None

    def item(self, number: int) -> bytes:
        """The bytes of an item; none where there is no such item."""
        if not number:
            return b""
        block, index = number >> 16, (number & 0xFFFF) >> 5
        places = self._map(block)
        if not 1 <= index < len(places):
            return b""
        return self._blocks[block][places[index - 1] : places[index]]

    def _map(self, block: int) -> tuple[int, ...]:
        if block >= len(self._blocks):
            return ()
        if block not in self._maps:
            page = self._blocks[block]
            places: tuple[int, ...] = ()
            at = int.from_bytes(page[:2], "little")
            count = int.from_bytes(page[at : at + 2], "little")
            if at + 6 + 2 * count <= len(page):
                places = struct.unpack_from(f"<{count + 1}H", page, at + 4)
            self._maps[block] = places
        return self._maps[block]
