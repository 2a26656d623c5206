"""What hangs on an item of a mailbox and lies in nodes of its own: attached messages whole, and objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casekit.ingest.mail.bundle import INCOMPLETE, MAX_NESTING, Tree
from casekit.ingest.mail.heap import Outer, read_context, read_table
from casekit.ingest.mail.mapi import BINARY, INTEGER32, OBJECT, Values, stream_name
from casekit.ingest.mail.nodes import Node, Nodes

MAX_ATTACHED = 10_000
"""Attachments of one message that are read."""
MAX_NODES = 20_000
"""Messages and attachments in one attachment that are read: one may hold itself."""
MOST_BYTES = 512 * 1024 * 1024
"""Bytes of values of one attachment, with all that hangs on it, that are read."""

_DATA, _METHOD, _EMBEDDED = 0x3701, 0x3705, 5
_RECIPIENTS = 0x0692
_ATTACHMENT = 0x05
"""Kind of a node that is an attachment, told by the last five bits of its number."""


class Attached:
    """The node of an attachment."""

    def __init__(self, nodes: Nodes, node: Node) -> None:
        self._nodes = nodes
        self._node = node
        self._left = MOST_BYTES
        self._more = MAX_NODES

    def message(self) -> Tree | None:
        """The message attached, as a storage; None where there is none that can be read."""
        found = self._object(self._node)
        return self._message(found, 1) if found is not None else None

    def data(self) -> bytes | None:
        """The bytes of an object attached, such as an OLE storage; None where there are none."""
        found = self._object(self._node)
        try:
            return b"".join(self._blocks(found)) if found is not None else None
        except ValueError:
            return None

    # -- inside -----------------------------------------------------------------------------------

    def _object(self, node: Node) -> Node | None:
        """The node that an attachment's data are (MS-PST 2.3.3.5)."""
        context = self._context(node)
        if context is None:
            return None
        kind, value = context[0].get(_DATA, (0, b""))
        if kind != OBJECT or len(value) < 4:
            return None
        return context[2].get(int.from_bytes(value[:4], "little"))

    def _context(self, node: Node) -> tuple[Values, bool, Mapping[int, Node]] | None:
        """A node's properties, whether they are all, and the nodes inside it."""
        self._more -= 1
        if self._more < 0:
            return None
        try:
            inner = self._nodes.inner(node)
            found = read_context(self._blocks(node), self._outer(inner))
        except ValueError:
            return None
        return (*found, inner) if found is not None else None

    def _blocks(self, node: Node) -> list[bytes]:
        blocks = self._nodes.blocks(node)
        self._left -= sum(map(len, blocks))
        if self._left < 0:
            raise ValueError("more than may be read")
        return blocks

    def _outer(self, inner: Mapping[int, Node]) -> Outer:
        def blocks(number: int) -> Sequence[bytes]:
            try:
                return self._blocks(inner[number]) if number in inner else ()
            except ValueError:
                return ()

        return blocks

    def _message(self, node: Node, depth: int) -> Tree | None:
        context = self._context(node)
        if context is None:
            return None
        values, whole, inner = context
        tree: dict[str, Any] = _streams(values)
        if _RECIPIENTS in inner:
            rows, all_of_them = self._rows(inner[_RECIPIENTS])
            whole = whole and all_of_them
            for index, row in enumerate(rows):
                tree[f"__recip_version1.0_#{index:08X}"] = _streams(row)
        attached = sorted(number for number in inner if number & 0x1F == _ATTACHMENT)
        for index, number in enumerate(attached[:MAX_ATTACHED]):
            tree[f"__attach_version1.0_#{index:08X}"] = self._attachment(inner[number], depth + 1)
        if not whole or len(attached) > MAX_ATTACHED:
            tree[INCOMPLETE] = b""
        return tree

    def _rows(self, node: Node) -> tuple[list[Values], bool]:
        try:
            return read_table(self._blocks(node), self._outer(self._nodes.inner(node)))
        except ValueError:
            return [], False

    def _attachment(self, node: Node, depth: int) -> Tree:
        context = self._context(node)
        if context is None:
            return {INCOMPLETE: b""}
        values, whole, inner = context
        tree: dict[str, Any] = _streams(values)
        kind, value = values.get(_DATA, (0, b""))
        if kind == OBJECT:
            del tree[stream_name(_DATA, OBJECT)]
            held = inner.get(int.from_bytes(value[:4], "little"))
            method = int.from_bytes(values.get(_METHOD, (INTEGER32, b""))[1], "little")
            found: Tree | bytes | None = None
            if held is not None and method == _EMBEDDED:
                found = self._message(held, depth) if depth < MAX_NESTING // 2 else None
            elif held is not None:
                found = b"".join(self._outer(inner)(int.from_bytes(value[:4], "little")))
            if isinstance(found, bytes):
                tree[stream_name(_DATA, BINARY)] = found
            elif found is not None:
                tree[stream_name(_DATA, OBJECT)] = found
            whole = whole and bool(found)
        if not whole:
            tree[INCOMPLETE] = b""
        return tree


def _streams(values: Values) -> dict[str, Any]:
    return {stream_name(number, kind): value for number, (kind, value) in values.items()}
