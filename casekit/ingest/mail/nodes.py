"""The nodes of an Outlook mailbox: blocks of bytes and further nodes inside, which libpff does not hand out.

Source: MS-PST 2.2 (the node database layer). Mailboxes with pages of 4 KiB (some OST files) and those in
cyclic encoding are not read here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from casekit.ingest.containers import Data

PLAIN, PERMUTED = 0, 1
MAX_BLOCKS = 70_000
"""Blocks of one node that are read: about the 512 MiB that an attachment may have."""
MAX_INNER = 10_000
"""Nodes inside a node that are read."""

_DEEPEST = 8
_PAGE = 512
_ORDER = bytes.fromhex(
    "47f1b4e60b6a7248854e9eebe2f89453e0bba002e85a09abdbe3bac67cc310dd39059630f53760828cc9134a6b1df3fb"
    "8f2697ca911701c4322d6e3195ffd923d1005e79dc443b1a28c5615720903d83b943be67d2464276c06d5b7eb20f1629"
    "3ca903540dda5ddff6b7c762cd8d06d3695c86d614f7a56675acb1e94521700c879f74a4224c6fbf1f56aa2eb3783350"
    "b0a392bccf191ca763cb1e4d3e4b1b9b4fe7f0eead3ab55904ea40552551e57a893868527bfc27aed7bdfa07f4cc8e5f"
    "ef359c842b15d5773449b6120a7f7188fd9d18417d93d8582ccefe24afdeb836c8a180a69998a82f0e816573e4c2a28a"
    "d4e111d0088b2af2ed9a643fc16cf9ec"
)
"""What each byte of a permuted block stands for (MS-PST 5.1, `mpbbI`)."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node: the ids of its data and of the nodes inside it; 0 for none."""

    data: int
    inner: int


class _Layout:
    """Where things stand in a mailbox: new ones have ids of 8 bytes, old ones of 4."""

    def __init__(self, *, wide: bool) -> None:
        self.word = "Q" if wide else "I"
        self.size = 8 if wide else 4
        self.crypt = 513 if wide else 461
        self.roots = (224, 240) if wide else (188, 196)  # of the trees of nodes and of blocks
        self.counts = 488 if wide else 496
        self.inner_head = 8 if wide else 4  # of a block of nodes, before its entries


class Nodes:
    """The nodes of a mailbox.

    Raises:
        ValueError: It is none that can be read here.
    """

    def __init__(self, untrusted_data: Data) -> None:
        self._data = untrusted_data
        head = bytes(untrusted_data[:564])
        version = int.from_bytes(head[10:12], "little")
        if head[:4] != b"!BDN" or len(head) < 564 or version not in (14, 15, 23):
            raise ValueError("no mailbox of this kind")
        self._layout = layout = _Layout(wide=version == 23)
        self._crypt = head[layout.crypt]
        if self._crypt not in (PLAIN, PERMUTED):
            raise ValueError("an encoding that is not read")
        self._nodes, self._blocks = (
            int.from_bytes(head[at : at + layout.size], "little") for at in layout.roots
        )

    def node(self, number: int) -> Node | None:
        """The node of the mailbox with that number, such as an item's."""
        entry = self._leaf(self._nodes, number, whole=True)
        if entry is None:
            return None
        _, data, inner = struct.unpack_from(f"<3{self._layout.word}", entry)
        return Node(data, inner)

    def blocks(self, node: Node) -> list[bytes]:
        """The blocks of a node's data, decoded.

        Raises:
            ValueError: One of them is not there, or there are too many.
        """
        return list(self._data_blocks(node.data, 0)) if node.data else []

    def inner(self, node: Node) -> dict[int, Node]:
        """The nodes inside a node by their number.

        Raises:
            ValueError: They are damaged, or there are too many.
        """
        found: dict[int, Node] = {}
        if node.inner:
            self._add_inner(node.inner, found, 0)
        return found

    # -- inside -----------------------------------------------------------------------------------

    def _leaf(self, page_at: int, key: int, *, whole: bool = False) -> bytes | None:
        """The entry of a tree for a key; of a key only its low 32 bits count for nodes.

        Source: MS-PST 2.2.2.7.7.
        """
        layout = self._layout
        for _ in range(_DEEPEST):
            page = bytes(self._data[page_at : page_at + _PAGE])
            if len(page) < _PAGE:
                return None
            count, _, size, level = page[layout.counts : layout.counts + 4]
            if size < 2 * layout.size or count * size > layout.counts:
                return None
            entries = [page[at : at + size] for at in range(0, count * size, size)]
            keys = [int.from_bytes(entry[: layout.size], "little") for entry in entries]
            if whole:
                keys = [each & 0xFFFFFFFF for each in keys]
            below = [n for n, each in enumerate(keys) if each <= key]
            if not below:
                return None
            entry = entries[below[-1]]
            if not level:
                fits = keys[below[-1]] == key and len(entry) >= 3 * layout.size - 4
                return entry if fits else None
            page_at = int.from_bytes(entry[2 * layout.size : 3 * layout.size], "little")
        return None

    def _raw(self, block: int) -> bytes:
        """The bytes of a block as they stand.

        Source: MS-PST 2.2.2.7.7.3, 2.2.2.8.
        """
        layout = self._layout
        entry = self._leaf(self._blocks, block & ~1) or self._leaf(self._blocks, block)
        if entry is None:
            raise ValueError("a block is missing")
        at = int.from_bytes(entry[layout.size : 2 * layout.size], "little")
        size = int.from_bytes(entry[2 * layout.size : 2 * layout.size + 2], "little")
        found = bytes(self._data[at : at + size])
        if len(found) != size:
            raise ValueError("a block is cut off")
        return found

    def _data_blocks(self, block: int, depth: int) -> Iterator[bytes]:
        raw = self._raw(block)
        if not block & 2:  # not internal: the data itself
            yield raw.translate(_ORDER) if self._crypt == PERMUTED else raw
            return
        if len(raw) < 8 or raw[0] != 1 or depth > 2:
            raise ValueError("no list of blocks")
        count = int.from_bytes(raw[2:4], "little")
        ids = struct.unpack_from(f"<{count}{self._layout.word}", raw.ljust(8 + 8 * count, b"\0"), 8)
        left = MAX_BLOCKS
        for each in ids:
            for piece in self._data_blocks(each, depth + 1):
                left -= 1
                if left < 0:
                    raise ValueError("too many blocks")
                yield piece

    def _add_inner(self, block: int, found: dict[int, Node], depth: int) -> None:
        raw = self._raw(block)
        layout = self._layout
        if len(raw) < layout.inner_head or raw[0] != 2 or depth > 2:
            raise ValueError("no list of nodes")
        level, count = raw[1], int.from_bytes(raw[2:4], "little")
        width = 2 if level else 3
        for index in range(count):
            at = layout.inner_head + index * width * layout.size
            if at + width * layout.size > len(raw) or len(found) >= MAX_INNER:
                raise ValueError("a list of nodes is cut off or too long")
            values = struct.unpack_from(f"<{width}{layout.word}", raw, at)
            if level:
                self._add_inner(values[1], found, depth + 1)
            else:
                found[values[0] & 0xFFFFFFFF] = Node(values[1], values[2])
