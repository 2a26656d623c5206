"""A small Outlook mailbox, built node by node as MS-PST lays it out (header, two trees and blocks alone)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from casekit.ingest.mail.nodes import _ORDER, PERMUTED

Inner = Mapping[int, "tuple[bytes, Inner]"]
"""Nodes inside a node: number to data and the nodes inside in turn."""

BLOCK = 8176
STRING, BINARY, OBJECT, INTEGER = 0x001F, 0x0102, 0x000D, 0x0003
_BACK = bytes(_ORDER.index(value) for value in range(256))


def heap(kind: int, *items: bytes) -> bytes:
    """A heap of one block whose root is its first item (number 0x20)."""
    data = struct.pack("<HBBI4x", 0, 0xEC, kind, 0x20)
    places = [12]
    for item in items:
        data += item
        places.append(len(data))
    data = struct.pack("<H", len(data)) + data[2:]
    return data + struct.pack(f"<HH{len(places)}H", len(items), 0, *places)


def context(values: Mapping[int, tuple[int, bytes | int]]) -> bytes:
    """A property context; a value that is a number names the node it lies in."""
    rows, items = b"", []
    for number, (kind, value) in sorted(values.items()):
        if isinstance(value, int):
            where = value
        elif kind == INTEGER:
            where = int.from_bytes(value, "little")
        else:
            items.append(value)
            where = (len(items) + 2) << 5
        rows += struct.pack("<HHI", number, kind, where)
    return heap(0xBC, struct.pack("<BBBBI", 0xB5, 2, 6, 0, 0x40), rows, *items)


def table(rows: list[tuple[int, bytes]], matrix: int = 0) -> tuple[bytes, bytes]:
    """A table of recipients with a kind and a name, and its rows, for where they lie in node `matrix`."""
    columns = ((3, 0x0C15, 0, 4, 0), (STRING, 0x3001, 4, 4, 1), (STRING, 0x3003, 8, 4, 2))
    made = b""
    for index, (role, _) in enumerate(rows):
        made += struct.pack("<III", role, (index + 4) << 5, 0) + b"\xc0"  # the last column is empty
    head = struct.pack("<BB4HIII", 0x7C, len(columns), 12, 12, 12, 13, 0, matrix or 0x40, 0)
    head += b"".join(struct.pack("<HHHBB", *column) for column in columns)
    names = [name for _, name in rows]
    return heap(0x7C, head, b"" if matrix else made, b"", *names), made


class _Blocks:
    def __init__(self, word: str, crypt: int) -> None:
        self.word = word
        self.crypt = crypt
        self.held: list[tuple[int, bytes]] = []

    def _add(self, raw: bytes, *, internal: bool) -> int:
        number = 4 * (len(self.held) + 1) | (2 if internal else 0)
        self.held.append((number, raw))
        return number

    def data(self, data: bytes) -> int:
        pieces = [data[at : at + BLOCK] for at in range(0, len(data), BLOCK)]
        if self.crypt == PERMUTED:
            pieces = [piece.translate(_BACK) for piece in pieces]
        ids = [self._add(piece, internal=False) for piece in pieces]
        if len(ids) < 2:
            return ids[0] if ids else 0
        listed = struct.pack(f"<{len(ids)}{self.word}", *ids)
        return self._add(struct.pack("<BBHI", 1, 1, len(ids), len(data)) + listed, internal=True)

    def inner(self, nodes: Inner) -> int:
        if not nodes:
            return 0
        entries = b"".join(
            struct.pack(f"<3{self.word}", number, self.data(data), self.inner(more))
            for number, (data, more) in sorted(nodes.items())
        )
        head = struct.pack("<BBH4x" if self.word == "Q" else "<BBH", 2, 0, len(nodes))
        return self._add(head + entries, internal=True)


def mailbox(nodes: Inner, *, wide: bool = True, crypt: int = PERMUTED) -> bytes:
    """The mailbox, its trees each one page above as many as it takes."""
    word, size, most = ("Q", 8, 488) if wide else ("I", 4, 496)
    blocks = _Blocks(word, crypt)
    listed = [
        struct.pack(f"<3{word}I", number, blocks.data(data), blocks.inner(more), 0).ljust(
            4 * size, b"\0"
        )
        for number, (data, more) in sorted(nodes.items())
    ]
    out = bytearray(1024)
    entries: list[bytes] = []
    for number, raw in sorted(blocks.held):
        entries.append(
            struct.pack(f"<2{word}HH", number, len(out), len(raw), 2).ljust(3 * size, b"\0")
        )
        out += raw.ljust(-(-len(raw) // 64) * 64, b"\0")

    def page(items: list[bytes], level: int) -> int:
        at, width = len(out), len(items[0])
        out.extend(
            b"".join(items).ljust(most, b"\0") + bytes([len(items), most // width, width, level])
        )
        out.extend(bytes(512 - most - 4))
        return at

    def tree(items: list[bytes]) -> int:
        many = most // len(items[0])
        leaves = [items[at : at + many] for at in range(0, len(items), many)]
        above = [leaf[0][:size] + struct.pack(f"<2{word}", 0, page(leaf, 0)) for leaf in leaves]
        return page(above, 1)

    roots = (tree(listed), tree(entries))
    out[:12] = b"!BDN" + bytes(6) + (23 if wide else 14).to_bytes(2, "little")
    for at, root in zip((224, 240) if wide else (188, 196), roots, strict=True):
        out[at : at + size] = root.to_bytes(size, "little")
    out[513 if wide else 461] = crypt
    return bytes(out)


def text(value: str) -> tuple[int, bytes]:
    return STRING, value.encode("utf-16-le")


def attachment(method: int, node: int, **more: Any) -> bytes:
    """An attachment whose data lie in a node."""
    held = (OBJECT, struct.pack("<II", node, 0))
    return context({0x3701: held, 0x3705: (INTEGER, method.to_bytes(4, "little")), **more})
