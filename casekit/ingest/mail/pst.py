"""Outlook mailboxes (PST, OST) by way of libpff: their items in folder order, each written as bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from casekit.ingest.containers import Data, DataFile
from casekit.ingest.mail.attached import Attached
from casekit.ingest.mail.bundle import INCOMPLETE, MAGIC, Bundle, Storage, Tree, write_tree
from casekit.ingest.mail.heap import read_heap
from casekit.ingest.mail.mapi import BINARY, OBJECT, Names, names_of, read_properties, stream_name
from casekit.ingest.mail.nodes import Nodes
from casekit.ingest.parsed import Step, sha256

MAX_FOLDERS = 100_000
MAX_ROWS = 10_000
"""Recipients and attachments of one item that are read, and properties of each."""

_MOST_BYTES = 512 * 1024 * 1024
_DEEPEST = 100
_EMBEDDED = 5
_PASSWORD = 0x67FF
_QUIET_SECONDS = 120.0


class NeedsPackage(Exception):
    """libpff is not installed."""


@dataclass(frozen=True, slots=True)
class Found:
    """An item of a mailbox.

    Attributes:
        number: Its identifier in the mailbox.
        folder: Names of the folders it lies in, joined by `/`.
        recovered: It lies in no folder: it was deleted, and its bytes are there still.
        item: libpff's object; None where there is an item that cannot be opened.
    """

    number: int
    folder: str
    recovered: bool
    item: Any


def open_pst(untrusted_data: Data) -> Any:
    """Libpff's file; None where it cannot be opened.

    Raises:
        NeedsPackage: libpff is not installed.
    """
    try:
        import pypff
    except ImportError:
        raise NeedsPackage from None
    file = pypff.file()
    try:
        file.open_file_object(DataFile(untrusted_data))
    except (OSError, ValueError, MemoryError):
        return None
    return file


def nodes_of(untrusted_data: Data) -> Nodes | None:
    """The mailbox's nodes; None where it is of a kind whose nodes are not read."""
    try:
        return Nodes(untrusted_data)
    except ValueError:
        return None


def items(file: Any) -> Iterator[Found]:
    """All items: those of the folders, a folder's own before its subfolders', then the recovered ones."""
    root = _got(file, "root_folder")
    waiting: list[tuple[Any, str, int]] = [] if root is None else [(root, "", 0)]
    seen: set[int] = set()
    while waiting and len(seen) < MAX_FOLDERS:
        folder, path, depth = waiting.pop()
        number = _got(folder, "identifier") or 0
        if number in seen or depth > _DEEPEST:
            continue
        seen.add(number)
        for index in range(_got(folder, "number_of_sub_messages") or 0):
            item = _got(folder, "get_sub_message", index)
            own = _got(item, "identifier") or 0 if item is not None else 0
            yield Found(own, path, False, item)
        inner = []
        for index in range(_got(folder, "number_of_sub_folders") or 0):
            one = _got(folder, "get_sub_folder", index)
            if one is not None:
                name = str(_got(one, "name") or "").replace("/", "∕")
                inner.append((one, f"{path}/{name}" if path else name, depth + 1))
        waiting += reversed(inner)
    for index in range(_got(file, "number_of_orphan_items") or 0):
        item = _got(file, "get_orphan_item", index)
        if item is not None:
            yield Found(_got(item, "identifier") or 0, "", True, item)


def _got(thing: Any, name: str, *arguments: int) -> Any:
    """An attribute, or what a method gives; None where it raises, as any may on a damaged mailbox."""
    try:
        found = getattr(thing, name)
        return found(*arguments) if arguments else found
    except (OSError, AttributeError, ValueError, MemoryError, OverflowError, UnicodeError):
        return None


def names(file: Any) -> Names:
    """Ids of the mailbox's named properties by their number."""
    table = _got(file, "name_to_id_map")
    return names_of(_streams(table).get(stream_name(0x0003, BINARY), b""))


def has_password(file: Any) -> bool:
    """Whether Outlook would ask for a password; it is a checksum and protects nothing."""
    store = _got(file, "message_store")
    value = _storage_of(_streams(store))
    return bool(read_properties(value, 0).number(_PASSWORD))


def _storage_of(tree: Tree) -> Storage:
    return Bundle(write_tree(tree))


# -- an item as bytes -----------------------------------------------------------------------------


def item_bytes(item: Any, nodes: Nodes | None = None) -> bytes:
    """An item as `bundle` writes storages, in the shape of an MSG file.

    Its properties are streams `__substg1.0_` with id and type; recipients and attachments are storages
    as in MS-OXMSG, and so is an attached message, with its own recipients and attachments. What could not
    be read whole has an empty stream `casekit-incomplete`.

    Args:
        item: libpff's object.
        nodes: The mailbox's nodes; without them, as an earlier version wrote it, an attached message is only
            what its own bytes say.
    """
    tree: dict[str, Any] = dict(_streams(item))
    people = _got(item, "recipients")
    for index, row in enumerate(_sets(people)):
        tree[f"__recip_version1.0_#{index:08X}"] = row
    count = _got(item, "number_of_attachments") or 0
    for index in range(min(count, MAX_ROWS)):
        one = _got(item, "get_attachment", index)
        if one is not None:
            inside = _node_of(item, one, nodes) if nodes is not None else None
            tree[f"__attach_version1.0_#{index:08X}"] = _attachment(one, inside)
    return write_tree(tree)


def _node_of(item: Any, one: Any, nodes: Nodes) -> Attached | None:
    """An attachment's node, found by its number among those inside its item's."""
    try:
        own = nodes.node(_got(item, "identifier") or 0)
        inner = nodes.inner(own) if own is not None else {}
    except ValueError:
        return None
    node = inner.get(_got(one, "identifier") or 0)
    return Attached(nodes, node) if node is not None else None


def _attachment(one: Any, node: Attached | None) -> Tree:
    held: dict[str, Any] = dict(_streams(one))
    size = _got(one, "size") or 0
    data = _got(one, "read_buffer", size) if 0 < size <= _MOST_BYTES else None
    method = read_properties(_storage_of(held), 0).number(0x3705)
    if node is not None and method == _EMBEDDED and (message := node.message()) is not None:
        return {**held, stream_name(0x3701, OBJECT): message}
    if node is not None and data is None:
        data = node.data()
    if data is None and (size or (node is not None and stream_name(0x3701, OBJECT) in held)):
        held[INCOMPLETE] = b""
    held.pop(stream_name(0x3701, OBJECT), None)
    if method == _EMBEDDED and data is not None and (inner := read_heap(data)) is not None:
        values, whole = inner
        held[stream_name(0x3701, OBJECT)] = {
            stream_name(number, kind): value for number, (kind, value) in values.items()
        } | ({} if whole else {INCOMPLETE: b""})
    elif data is not None:
        held[stream_name(0x3701, BINARY)] = data
    return held


def _streams(item: Any) -> dict[str, bytes]:
    """The properties of an item's first record set."""
    return next(iter(_sets(item)), {})


def _sets(item: Any) -> Iterator[dict[str, bytes]]:
    for index in range(min(_got(item, "number_of_record_sets") or 0, MAX_ROWS)):
        row = _got(item, "get_record_set", index)
        found: dict[str, bytes] = {}
        for place in range(min(_got(row, "number_of_entries") or 0, MAX_ROWS)):
            entry = _got(row, "get_entry", place)
            number = _got(entry, "entry_type")
            kind = _got(entry, "value_type")
            if number is not None and kind is not None:
                data = _got(entry, "data")
                found[stream_name(number & 0xFFFF, kind & 0xFFFF)] = data or b""
        yield found


# -- the way back ---------------------------------------------------------------------------------


def taken(untrusted_data: bytes, step: Step) -> bytes:
    """The bytes of a `pst` step, as `item_bytes` writes them; libpff runs in a confined worker.

    Args:
        untrusted_data: The mailbox.
        step: `number` is the item's identifier.

    Raises:
        ValueError: There is no such item, or libpff is not installed.
    """
    from casekit.confine import Worker, WorkerFault

    with Worker() as worker:
        try:
            data = worker.call(
                "casekit.ingest.mail.pst:find_item",
                untrusted_data,
                f"{step.number} {step.sha256.hex()}".encode(),
                quiet_seconds=_QUIET_SECONDS,
            )
        except WorkerFault as error:
            raise ValueError("the mailbox cannot be read here") from error
    if not data.startswith(MAGIC):
        raise ValueError("the item is not in the mailbox any more")
    return data


def find_item(untrusted_data: Data, argument: bytes) -> bytes:
    """The bytes of an item, or none (a function for the worker).

    Args:
        untrusted_data: The mailbox.
        argument: The item's identifier and the SHA-256 of its bytes, which tells how they were written: an
            earlier version left out what attached messages have in nodes of their own.
    """
    file = open_pst(untrusted_data)
    if file is None:
        return b""
    number, _, digest = argument.decode().partition(" ")
    nodes = nodes_of(untrusted_data)
    for found in items(file):
        if found.number == int(number) and found.item is not None:
            data = item_bytes(found.item, nodes)
            if nodes is None or sha256(data).hex() == digest:
                return data
            return item_bytes(found.item)
    return b""
