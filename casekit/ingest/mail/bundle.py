r"""Outlook's storages written as plain bytes, so that an item without a file of its own has bytes to point at.

A message inside an MSG file is a folder of streams, one in a PST file a table of values: neither is a run
of bytes. This module writes them as one, always the same way, and everything inside is then a slice of it:

    casekit-storage-1\n, then for each member, in the order of the names' code points:
    `s` (stream) or `d` (storage) · length of the name in UTF-8 (4 bytes, little endian) · the name ·
    length of the content (8 bytes, little endian) · the content: the bytes, or a storage written likewise
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

MAGIC = b"casekit-storage-1\n"
INCOMPLETE = "casekit-incomplete"
"""Name of an empty stream in a storage that could not be read whole."""
MAX_NESTING = 40
"""Storages inside storages that are written."""

Tree = Mapping[str, "bytes | Tree"]
"""Names to what they hold."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something lies in a bundle: first byte and number of bytes."""

    offset: int
    length: int


class Storage(Protocol):
    """A folder of streams, wherever it lies."""

    def names(self) -> list[str]:
        """Names of its streams."""
        ...

    def stream(self, name: str) -> bytes:
        """Bytes of a stream; empty where there is none or it cannot be read."""
        ...

    def folders(self) -> list[str]:
        """Names of the storages in it."""
        ...

    def folder(self, name: str) -> Storage:
        """A storage in it; an empty one where there is none."""
        ...

    def whole(self, name: str) -> tuple[bytes, Storage]:
        """The bytes that stand for a storage in it, and the storage read from those bytes alone."""
        ...

    def place(self, name: str) -> Place | None:
        """Where a stream or storage lies in the bytes of the outermost one; None: at no one place."""
        ...


def write_bundle(storage: Storage, depth: int = 0) -> bytes:
    """The bytes that stand for a storage; what lies deeper than `MAX_NESTING` is left out."""
    members: list[tuple[str, bytes, bytes]] = [
        (name, b"s", storage.stream(name)) for name in storage.names()
    ]
    if depth < MAX_NESTING:
        members += [
            (name, b"d", write_bundle(storage.folder(name), depth + 1))
            for name in storage.folders()
        ]
    return _written(members)


def write_tree(tree: Tree) -> bytes:
    """The same for a tree of names and bytes."""
    return _written(
        [
            (name, b"s", held) if isinstance(held, bytes) else (name, b"d", write_tree(held))
            for name, held in tree.items()
        ]
    )


def _written(members: list[tuple[str, bytes, bytes]]) -> bytes:
    pieces = [MAGIC]
    for name, kind, content in sorted(members):
        label = name.encode("utf-8", "replace")
        pieces += (kind, len(label).to_bytes(4, "little"), label)
        pieces += (len(content).to_bytes(8, "little"), content)
    return b"".join(pieces)


class Bundle:
    """A storage read from its bytes.

    Args:
        data: What `write_bundle` or `write_tree` made, perhaps with more around it.
        offset: Where it begins.

    Raises:
        ValueError: These are no such bytes.
    """

    def __init__(self, data: bytes, offset: int = 0, end: int | None = None) -> None:
        self._data = data
        self._places: dict[tuple[str, str], Place] = {}
        stop = len(data) if end is None else end
        if not data.startswith(MAGIC, offset):
            raise ValueError("no storage written as bytes")
        at = offset + len(MAGIC)
        while at < stop:
            kind = data[at : at + 1].decode("latin-1")
            size = int.from_bytes(data[at + 1 : at + 5], "little")
            name = data[at + 5 : at + 5 + size].decode("utf-8", "replace")
            at += 5 + size
            length = int.from_bytes(data[at : at + 8], "little")
            at += 8
            if kind not in ("s", "d") or at + length > stop:
                raise ValueError("a storage written as bytes is cut short")
            self._places[kind, name] = Place(at, length)
            at += length

    def names(self) -> list[str]:
        """Names of its streams."""
        return [name for kind, name in self._places if kind == "s"]

    def folders(self) -> list[str]:
        """Names of the storages in it."""
        return [name for kind, name in self._places if kind == "d"]

    def stream(self, name: str) -> bytes:
        """Bytes of a stream; empty where there is none."""
        place = self._places.get(("s", name))
        return self._data[place.offset : place.offset + place.length] if place else b""

    def folder(self, name: str) -> Bundle:
        """A storage in it; an empty one where there is none."""
        place = self._places.get(("d", name))
        if place is None:
            return Bundle(MAGIC)
        return Bundle(self._data, place.offset, place.offset + place.length)

    def whole(self, name: str) -> tuple[bytes, Bundle]:
        """See `Storage`."""
        place = self._places.get(("d", name))
        data = self._data[place.offset : place.offset + place.length] if place else MAGIC
        return data, Bundle(data)

    def place(self, name: str) -> Place | None:
        """See `Storage`."""
        return self._places.get(("s", name)) or self._places.get(("d", name))
