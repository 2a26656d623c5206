"""Old office containers (OLE compound files): their storages, and a stream's bytes by its path."""

from __future__ import annotations

from typing import Any

from casekit.ingest.containers import Data, DataFile
from casekit.ingest.mail.bundle import Bundle, write_bundle
from casekit.ingest.olefiles import bounded_reader
from casekit.ingest.parsed import Step

MAX_ENTRIES = 50_000
"""Streams and storages of one file that are looked at."""
_MOST_BYTES = 512 * 1024 * 1024


class OleStorage:
    """A storage of a compound file; a `bundle.Storage`.

    Attributes:
        damaged: Whether a stream could not be read whole, here or in a storage inside.
    """

    def __init__(self, file: Any, tree: dict[str, Any], root: Any) -> None:
        self._file = file
        self._tree = tree  # names to further trees, or to olefile's entries of streams
        self._root = root or self
        self.damaged = False

    def names(self) -> list[str]:
        """Names of its streams."""
        return [name for name, held in self._tree.items() if not isinstance(held, dict)]

    def folders(self) -> list[str]:
        """Names of the storages in it."""
        return [name for name, held in self._tree.items() if isinstance(held, dict)]

    def folder(self, name: str) -> OleStorage:
        """A storage in it; an empty one where there is none."""
        held = self._tree.get(name)
        return OleStorage(self._file, held if isinstance(held, dict) else {}, self._root)

    def stream(self, name: str) -> bytes:
        """Bytes of a stream; empty where there is none or it cannot be read."""
        entry = self._tree.get(name)
        if entry is None or isinstance(entry, dict):
            return b""
        try:
            # by its entry: olefile's way by name looks through all names of a storage each time
            stream = self._file._open(entry.isectStart, entry.size)  # noqa: SLF001
            data: bytes = stream.read(_MOST_BYTES)
        except Exception:  # noqa: BLE001 - olefile raises whatever a broken sector leads to
            self._root.damaged = True
            return b""
        if len(data) < min(entry.size, _MOST_BYTES):
            self._root.damaged = True
        return data

    def whole(self, name: str) -> tuple[bytes, Bundle]:
        """See `bundle.Storage`."""
        data = write_bundle(self.folder(name))
        return data, Bundle(data)

    def place(self, name: str) -> None:
        """Streams lie in scattered sectors: no one place."""


def open_ole(untrusted_data: Data) -> OleStorage | None:
    """The outermost storage of a compound file; None if it cannot be opened at all.

    Source: MS-CFB.
    """
    import olefile

    try:
        file = bounded_reader()(DataFile(untrusted_data))
        tree, whole = _tree(file.root, olefile.STGTY_STREAM)
    except Exception:  # noqa: BLE001 - olefile raises whatever a broken directory leads to
        return None
    storage = OleStorage(file, tree, None)
    storage.damaged = not whole
    return storage


def _tree(root: Any, stream: int) -> tuple[dict[str, Any], bool]:
    """The directory as names to trees and entries, and whether all of it is there."""
    tree: dict[str, Any] = {}
    waiting = [(root, tree)]
    count, whole = 0, True
    while waiting:
        storage, held = waiting.pop()
        for entry in storage.kids:
            count += 1
            # in a damaged directory the outermost storage may lie in itself
            if count > MAX_ENTRIES or entry is root or not _is_text(entry.name):
                whole = False
            elif entry.entry_type == stream:
                held.setdefault(entry.name, entry)
            else:
                inner = held.setdefault(entry.name, {})
                if isinstance(inner, dict):
                    waiting.append((entry, inner))
    return tree, whole


def _is_text(name: str) -> bool:
    """Whether a name can be written down; half a surrogate pair is no name that Outlook gives."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def taken(untrusted_data: bytes, step: Step) -> bytes:
    """The bytes of an `ole` step: a stream as it is, a storage as `bundle` writes it.

    Args:
        untrusted_data: The compound file.
        step: `name` is the path, its parts joined by `/`; with an `offset`, the `length` bytes of the stream
            from there on.

    Raises:
        ValueError: There is no such stream or storage.
    """
    storage = open_ole(untrusted_data)
    if storage is None:
        raise ValueError("the file cannot be opened any more")
    *folders, name = step.name.split("/")
    for folder in folders:
        storage = storage.folder(folder)
    if name in storage.folders():
        return write_bundle(storage.folder(name))
    if name not in storage.names():
        raise ValueError("the stream is not there any more")
    data = storage.stream(name)
    return data[step.offset : step.offset + step.length] if step.offset else data
