from __future__ import annotations

from typing import Any

import orjson

from casekit.ingest.dialects.signal import is_signal_row
from casekit.ingest.parsed import Context, When
from casekit.ingest.readers import jsonl
from tests.ingest.chat_case import facts, messages, people, text, thread
from tests.ingest.records_case import read_all

AT = 1709977571123
SAID: dict[str, Any] = {
    "envelope": {
        "source": "+491", "sourceNumber": "+491", "sourceUuid": "u-1", "sourceName": "Ann", "sourceDevice": 1,
        "timestamp": AT,
        "dataMessage": {"timestamp": AT, "message": "yes ", "groupInfo": {"groupId": "g=", "type": "DELIVER"},
                        "quote": {"id": AT - 5, "author": "+492", "text": "shall we?"},
                        "attachments": [{"contentType": "image/png", "filename": "a.png", "size": 5}]},
    },
    "account": "+493",
}  # fmt: skip


def test_what_signal_cli_receives_is_read() -> None:
    (item,) = messages([SAID])
    assert text(item) == "yes "
    assert people(item) == [("from", "Ann", "+491"), ("to", "", "g=")]
    assert item.when == When(1709977571123000, str(AT), "timestamp", "explicit", 1000)
    told = facts(item)
    assert (told["chat_id"], told["quoted"]) == ("g=", "shall we?")
    assert told["attachments"] == [{"name": "a.png", "type": "image/png", "size": "5"}]
    assert thread(item) == (f"Signal/g=/{AT}", (f"Signal/g=/{AT - 5}",))


def test_sent_changed_deleted_messages_and_signs_are_told_apart() -> None:
    head = {"source": "+491", "timestamp": AT}
    sent = {"envelope": {**head, "syncMessage": {"sentMessage": {"destination": "+492", "message": "hi",
                                                                 "timestamp": AT}}}}  # fmt: skip
    changed = {"targetSentTimestamp": AT - 9, "dataMessage": {"message": "new", "timestamp": AT}}
    edit = {"envelope": {**head, "editMessage": changed}}
    gone = {"method": "receive", "params": {"envelope": {**head, "dataMessage": {
        "remoteDelete": {"timestamp": AT - 9}}}}}  # fmt: skip
    typing = {"envelope": {**head, "typingMessage": {"action": "STARTED"}}}
    reaction = {"envelope": {**head, "dataMessage": {"reaction": {"emoji": "👍",
                                                                  "targetSentTimestamp": AT - 9}}}}  # fmt: skip
    found = messages([sent, edit, gone, typing, reaction])
    assert [text(each) for each in found] == ["hi", "new", "", "", "👍"]
    assert people(found[0]) == [("from", "", "+491"), ("to", "", "+492")]
    assert (facts(found[1])["id"], facts(found[1])["edited"]) == (str(AT - 9), str(AT))
    assert facts(found[2])["deleted"] == str(AT - 9)
    assert [facts(each).get("event") for each in found[3:]] == ["typingMessage", "reaction"]


def test_rows_and_exports_of_signal_desktop_are_read() -> None:
    row = {"id": "r1", "conversationId": "c1", "type": "outgoing", "body": "out", "sent_at": AT}
    (item,) = messages({"messages": [row]})
    assert (text(item), people(item)) == ("out", [("from", "(this account)", ""), ("to", "", "c1")])
    chat = {"chatItem": {"chatId": "1", "authorId": "2", "dateSent": str(AT), "incoming": {},
                         "standardMessage": {"text": {"body": "in"}},
                         "revisions": [{"standardMessage": {"text": {"body": "on"}}}]}}  # fmt: skip
    (item,) = messages([chat])
    assert (text(item), text(item, "previous")) == ("in", "on")
    assert people(item) == [("from", "", "recipient 2"), ("to", "", "chat 1")]
    saved = {"date": "2024-03-09T10:46:11", "sender": "Me", "body": "b", "quote": "", "sticker": "",
             "reactions": [["Ann", "👍"]], "attachments": [{"name": "a", "path": "media/a"}]}  # fmt: skip
    (item,) = messages([saved], folder="Ann")
    assert people(item) == [("from", "Me", ""), ("to", "Ann", "")]
    assert facts(item)["attachments"] == [{"name": "a", "link": "media/a"}]


def test_people_and_chats_named_by_earlier_lines_are_told_to_later_ones() -> None:
    ann = {
        "id": "2",
        "contact": {"e164": "491", "profileGivenName": "Ann", "profileFamilyName": "Lee"},
    }
    club = {"id": "3", "group": {"snapshot": {"title": {"title": "Club"}}}}
    item = {
        "chatId": "1",
        "authorId": "2",
        "dateSent": str(AT),
        "standardMessage": {"text": {"body": "in"}},
    }
    lines = [{"account": {"profileKey": "x"}}, {"recipient": ann}, {"recipient": club},
             {"recipient": {"id": "4", "self": {}}}, {"chat": {"id": "1", "recipientId": "3"}},
             {"chatItem": item}]  # fmt: skip
    data = b"".join(orjson.dumps(each) + b"\n" for each in lines)
    found, problems, _ = read_all(jsonl.read, data, Context(name="main.jsonl"))
    assert problems == []
    assert [(each.kind, each.title) for each in found] == [
        ("record", "account"), ("contact", "Ann Lee"), ("contact", "Club"), ("contact", "(this account)"),
        ("record", "Club"), ("message", "in"),
    ]  # fmt: skip
    assert people(found[1]) == [("contact", "Ann Lee", "+491")]
    assert people(found[5]) == [("from", "Ann Lee", "recipient 2"), ("to", "Club", "chat 1")]


def test_other_records_are_left_alone() -> None:
    assert not is_signal_row({"type": "incoming", "body": "x"})
    assert not is_signal_row(None)


def test_a_cut_off_file_keeps_what_comes_before() -> None:
    data = (orjson.dumps(SAID) + b"\n") * 2
    items, problems, _ = read_all(jsonl.read, data[:-20], Context(name="s.jsonl"))
    assert [each.title for each in items] == ["yes"]
    assert len(problems) == 1


def test_hostile_values_cost_nothing_but_themselves() -> None:
    odd = {
        "envelope": {
            "source": [],
            "timestamp": "x",
            "dataMessage": {"attachments": [1], "quote": 3},
        }
    }
    row = {"conversationId": {}, "type": 3, "body": None, "sent_at": "x", "reactions": 3}
    found = messages([odd, row])
    assert [(each.title, each.when) for each in found] == [("(no text)", None), ("(3)", None)]
