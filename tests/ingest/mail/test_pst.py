from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from casekit.ingest.mail.bundle import Bundle
from casekit.ingest.mail.mapi import Names
from casekit.ingest.mail.pst import Found, has_password, item_bytes, items, names, open_pst, taken
from casekit.ingest.parsed import Step


class Broken:
    """An object of libpff on a damaged mailbox: every getter raises."""

    def __getattr__(self, name: str) -> Any:
        raise OSError("libpff_item: unable to read")


def entry(number: int, kind: int, data: bytes) -> SimpleNamespace:
    return SimpleNamespace(entry_type=number, value_type=kind, data=data)


def rows(*sets: list[SimpleNamespace], **more: Any) -> SimpleNamespace:
    made = [SimpleNamespace(number_of_entries=len(one), get_entry=one.__getitem__) for one in sets]
    return SimpleNamespace(number_of_record_sets=len(sets), get_record_set=made.__getitem__, **more)


def folder(name: str, number: int, messages: list[Any], inner: list[Any]) -> SimpleNamespace:
    def message(index: int) -> Any:
        if messages[index] is None:
            raise OSError
        return messages[index]

    return SimpleNamespace(
        name=name,
        identifier=number,
        number_of_sub_messages=len(messages),
        get_sub_message=message,
        number_of_sub_folders=len(inner),
        get_sub_folder=inner.__getitem__,
    )


def test_items_come_in_folder_order_with_what_cannot_be_opened_and_what_was_deleted() -> None:
    first, second = SimpleNamespace(identifier=11), SimpleNamespace(identifier=12)
    sent = folder("Sent/2026", 3, [second], [])
    inbox = folder("Inbox", 2, [first, None], [sent])
    deleted = SimpleNamespace(identifier=13)
    file = SimpleNamespace(
        root_folder=folder("", 1, [], [inbox, folder("Broken", 4, [], []), Broken()]),
        number_of_orphan_items=1,
        get_orphan_item=lambda _: deleted,
    )
    assert list(items(file)) == [
        Found(11, "Inbox", False, first),
        Found(0, "Inbox", False, None),
        Found(12, "Inbox/Sent∕2026", False, second),
        Found(13, "", True, deleted),
    ]
    assert list(items(Broken())) == []


def test_an_item_is_written_with_its_people_and_attachments() -> None:
    subject = entry(0x37, 0x1F, "Hi".encode("utf-16-le"))
    attachment = rows(
        [entry(0x3705, 3, b"\1\0\0\0")], size=4, read_buffer=lambda size: b"data"[:size]
    )
    item = rows(
        [subject, Broken()],
        recipients=rows([entry(0x3001, 0x1F, b"A\0")], [entry(0x3001, 0x1F, b"B\0")]),
        number_of_attachments=3,
        get_attachment=[attachment, Broken(), rows([], size=9)].__getitem__,
    )
    found = Bundle(item_bytes(item))
    assert found.stream("__substg1.0_0037001F") == subject.data
    assert [name for name in found.folders() if name.startswith("__recip")] == [
        "__recip_version1.0_#00000000",
        "__recip_version1.0_#00000001",
    ]
    held = found.folder("__attach_version1.0_#00000000")
    assert held.stream("__substg1.0_37010102") == b"data"
    assert found.folder("__attach_version1.0_#00000001").names() == []
    assert found.folder("__attach_version1.0_#00000002").names() == ["casekit-incomplete"]
    assert Bundle(item_bytes(Broken())).names() == []


def test_named_properties_and_a_password_are_found() -> None:
    table = rows([entry(3, 0x0102, b"\x0d\x82\0\0\6\0\5\0")])
    known: Names = {0x820D: 0x8005}
    assert names(SimpleNamespace(name_to_id_map=table)) == known
    assert names(Broken()) == {}
    store = rows([entry(0x67FF, 3, b"\1\2\3\4")])
    assert has_password(SimpleNamespace(message_store=store))
    assert not has_password(Broken())


def test_a_file_that_is_no_mailbox_is_not_opened() -> None:
    pytest.importorskip("pypff", reason="libpff-python is not installed")
    assert open_pst(b"!BDN" + b"\0" * 2000) is None
    with pytest.raises(ValueError, match="any more"):
        taken(b"!BDN" + b"\0" * 2000, Step("pst", number=5))
