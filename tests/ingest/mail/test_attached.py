from __future__ import annotations

import struct
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.mail import attached as attached_module
from casekit.ingest.mail.attached import Attached
from casekit.ingest.mail.bundle import INCOMPLETE, Bundle, write_tree
from casekit.ingest.mail.mapi import stream_name
from casekit.ingest.mail.nodes import Nodes
from casekit.ingest.mail.outlook import read_outlook
from casekit.ingest.mail.pst import item_bytes
from casekit.ingest.parsed import Context, Parsed, sha256
from tests.ingest.mail.mailbox import BINARY, OBJECT, attachment, context, mailbox, table, text

ITEM, FIRST, MESSAGE, OLE = 0x200024, 0x8025, 0x8044, 0x8064
BODY = "Nothing to hide. " * 2000  # lies in nodes of its own
STORAGE = b"\xd0\xcf\x11\xe0" + bytes(range(256)) * 40
A, B = "a@x.example".encode("utf-16-le"), "b@x.example".encode("utf-16-le")


def message(subject: str, body: int = 0x813F) -> bytes:
    values = {0x001A: text("IPM.Note"), 0x0037: text(subject), 0x1000: (0x001F, body)}
    return context(values)


def tree(matrix: int = 0) -> dict[int, Any]:
    """An item with an attached message, which has recipients, an OLE object and another message attached."""
    recipients, rows = table([(1, A), (2, B)], matrix)
    long = {0x813F: (BODY.encode("utf-16-le"), {})}
    deepest = (message("Deepest"), dict(long))
    inside = {
        **long,
        0x692: (recipients, {matrix: (rows, {})} if matrix else {}),
        0x8025: (attachment(6, OLE), {OLE: (STORAGE, {})}),
        0x8045: (attachment(5, MESSAGE), {MESSAGE: deepest}),
    }
    return {ITEM: (b"", {FIRST: (attachment(5, MESSAGE), {MESSAGE: (message("Inside"), inside)})})}


def attached(data: bytes) -> Attached:
    nodes = Nodes(data)
    item = nodes.node(ITEM)
    assert item is not None
    return Attached(nodes, nodes.inner(item)[FIRST])


def read(data: bytes) -> Parsed:
    found = attached(data).message()
    assert found is not None
    made = write_tree(found)
    return read_outlook(
        Bundle(made), Context(), steps=(), digest=sha256(made), size=len(made), head=24
    )


def test_an_attached_message_is_read_with_all_that_hangs_on_it() -> None:
    for data in (mailbox(tree()), mailbox(tree(0x8081)), mailbox(tree(), wide=False)):
        item = read(data)
        assert (item.title, dict(item.texts)["body"]) == ("Inside", BODY)
        assert [(p.role, p.address or p.name) for p in item.parties] == [
            ("to", "a@x.example"), ("cc", "b@x.example"),
        ]  # fmt: skip
        ole, deepest = item.children
        assert (ole.sha256, ole.size) == (sha256(STORAGE), len(STORAGE))
        assert (deepest.title, dict(deepest.texts)["body"]) == ("Deepest", BODY)
        assert [p.kind for each in (item, deepest) for p in each.problems] == ["no-date", "no-date"]


def test_what_is_missing_of_it_is_told() -> None:
    whole = tree()
    inside = whole[ITEM][1][FIRST][1][MESSAGE][1]
    del inside[0x813F]
    inside[0x8025] = (attachment(6, OLE), {})
    item = read(mailbox(whole))
    assert "partly-read" in [p.kind for p in item.problems]
    assert [p.kind for p in item.children[0].problems] == ["empty", "partly-read"]
    assert (item.title, len(item.children)) == ("Inside", 2)


def test_the_bytes_of_an_object_are_kept_and_no_message_is_none() -> None:
    made = mailbox({ITEM: (b"", {FIRST: (attachment(6, OLE), {OLE: (STORAGE, {})})})})
    assert attached(made).data() == STORAGE
    assert attached(made).message() is None
    empty = mailbox({ITEM: (b"", {FIRST: (context({}), {})})})
    assert (attached(empty).data(), attached(empty).message()) == (None, None)


def test_an_item_of_libpff_is_written_with_its_attached_message_whole() -> None:
    data = mailbox(tree())
    method = SimpleNamespace(entry_type=0x3705, value_type=3, data=struct.pack("<I", 5))
    row = SimpleNamespace(number_of_entries=1, get_entry=[method].__getitem__)
    one = SimpleNamespace(
        identifier=FIRST, number_of_record_sets=1, get_record_set=[row].__getitem__, size=0
    )
    item = SimpleNamespace(
        identifier=ITEM,
        number_of_record_sets=0,
        number_of_attachments=1,
        get_attachment=[one].__getitem__,
    )
    held = Bundle(item_bytes(item, Nodes(data))).folder("__attach_version1.0_#00000000")
    inside = held.folder(stream_name(0x3701, OBJECT))
    assert inside.stream("__substg1.0_1000001F").decode("utf-16-le") == BODY
    assert "__attach_version1.0_#00000001" in inside.folders()
    assert (
        inside.folder("__attach_version1.0_#00000000").stream(stream_name(0x3701, BINARY))
        == STORAGE
    )
    before = Bundle(item_bytes(item)).folder("__attach_version1.0_#00000000")
    assert before.folders() == []  # as an earlier version wrote it


def test_a_message_that_holds_itself_ends() -> None:
    inside = {0x8045: (attachment(5, MESSAGE), {MESSAGE: (message("Again"), {})})}
    data = bytearray(
        mailbox({ITEM: (b"", {FIRST: (attachment(5, MESSAGE), {MESSAGE: (message("A"), inside)})})})
    )
    nodes = Nodes(bytes(data))
    item = nodes.node(ITEM)
    assert item is not None
    outer = nodes.inner(nodes.inner(item)[FIRST])[MESSAGE]
    deepest = nodes.inner(nodes.inner(outer)[0x8045])[MESSAGE]
    listed = struct.pack("<QQQ", MESSAGE, deepest.data, deepest.inner)
    data[data.index(listed) : data.index(listed) + 24] = struct.pack(
        "<QQQ", MESSAGE, deepest.data, outer.inner
    )
    found = read(bytes(data))
    depth = 0
    while found.children:
        found, depth = found.children[0], depth + 1
    assert 1 < depth <= 20


@given(st.data())
def test_damage_costs_no_more_than_the_attachment(data: st.DataObject) -> None:
    hurt = bytearray(mailbox(tree()))
    for _ in range(data.draw(st.integers(1, 10))):
        hurt[data.draw(st.integers(1024, len(hurt) - 1))] = data.draw(st.integers(0, 255))
    nodes = Nodes(bytes(hurt))
    item = nodes.node(ITEM)
    try:
        inner = nodes.inner(item) if item is not None else {}
    except ValueError:
        return
    for node in inner.values():
        found = Attached(nodes, node)
        write_tree(found.message() or {})
        found.data()


def test_messages_that_hold_themselves_many_times_over_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached_module, "MAX_NODES", 300)
    inside: dict[int, Any] = {
        0x8025 + 32 * n: (attachment(5, MESSAGE), {MESSAGE: (message("Again"), {})})
        for n in range(8)
    }
    outermost = (attachment(5, MESSAGE), {MESSAGE: (message("A"), inside)})
    data = bytearray(mailbox({ITEM: (b"", {FIRST: outermost})}))
    nodes = Nodes(bytes(data))
    item = nodes.node(ITEM)
    assert item is not None
    outer = nodes.inner(nodes.inner(item)[FIRST])[MESSAGE]
    for node in nodes.inner(outer).values():
        deep = nodes.inner(node)[MESSAGE]
        listed = struct.pack("<QQQ", MESSAGE, deep.data, deep.inner)
        at = data.index(listed)
        data[at : at + 24] = struct.pack("<QQQ", MESSAGE, deep.data, outer.inner)
    found = attached(bytes(data)).message()
    assert found is not None
    assert write_tree(found).count(INCOMPLETE.encode()) > 8
