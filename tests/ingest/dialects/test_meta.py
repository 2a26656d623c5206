from __future__ import annotations

from typing import Any

import orjson
import pytest

from casekit.ingest.dialects.meta import is_meta, repaired
from casekit.ingest.parsed import Context, When
from casekit.ingest.readers import json_records
from tests.ingest.chat_case import facts, messages, people, read_json, text
from tests.ingest.records_case import read_all


def mangled(text: str) -> str:
    return text.encode().decode("latin-1")


SAID: dict[str, Any] = {
    "sender_name": mangled("José"), "timestamp_ms": 1709977571123, "content": mangled("schön 😀"),
    "type": "Generic", "is_geoblocked_for_viewer": False,
    "photos": [{"uri": "photos/1.jpg", "creation_timestamp": 1}],
    "reactions": [{"reaction": mangled("👍"), "actor": "Ann"}],
}  # fmt: skip
CHAT = {
    "participants": [{"name": "Ann"}, {"name": mangled("José")}],
    "messages": [SAID, {"sender_name": "Ann", "timestamp_ms": 1709977572000, "is_unsent": True}],
    "title": mangled("Café"),
    "thread_path": "inbox/cafe_1",
}


def test_a_conversation_is_read_and_its_broken_letters_put_right() -> None:
    said, gone = messages(CHAT)
    assert text(said) == "schön 😀"
    assert people(said) == [("from", "José", ""), ("to", "Ann", "")]
    assert said.when == When(1709977571123000, "1709977571123", "timestamp_ms", "explicit", 1000)
    told = facts(said)
    assert told["repaired"] == [
        "content", "participants", "reaction", "sender_name", "title",
    ]  # fmt: skip
    assert (told["chat"], told["chat_id"]) == ("Café", "inbox/cafe_1")
    assert told["reactions"] == [{"reaction": "👍", "by": ["Ann"]}]
    assert told["attachments"] == [{"type": "photos", "link": "photos/1.jpg"}]
    assert (gone.title, facts(gone)["deleted"]) == ("(deleted)", True)


def test_newer_downloads_and_old_ones_of_instagram_are_read() -> None:
    newer = {
        "participants": ["Ann", "Bob"], "threadName": "Bob_3",
        "messages": [{"senderName": "Bob", "text": "née", "timestamp": 1709977571123, "type": "text",
                      "isUnsent": False, "media": [{"uri": "./media/a.png"}], "reactions": []}],
    }  # fmt: skip
    (item,) = messages(newer)
    assert (text(item), people(item)) == ("née", [("from", "Bob", ""), ("to", "Ann", "")])
    assert facts(item)["attachments"] == [{"type": "media", "link": "./media/a.png"}]
    assert "repaired" not in facts(item)
    old = [
        {
            "participants": ["ann", "bob"],
            "conversation": [
                {"sender": "ann", "created_at": "2018-12-05T10:39:10.1+00:00", "text": "hi"}
            ],
        }
    ]
    (item,) = messages(old)
    assert (text(item), people(item)) == ("hi", [("from", "ann", ""), ("to", "bob", "")])


@pytest.mark.parametrize("text", ["", "plain", "é", "Ä 文", "naïve â", "\x80\xff"])
def test_what_is_no_broken_text_stays(text: str) -> None:
    assert repaired(text) == text


def test_other_records_are_left_alone() -> None:
    assert not is_meta({"sender": "a", "content": "b"})
    assert not is_meta(7)


def test_of_a_cut_off_export_the_whole_messages_are_read() -> None:
    data = orjson.dumps(CHAT)[:-100]
    items, problems, _ = read_all(json_records.read, data, Context(name="message_1.json"))
    assert {each.kind for each in items} == {"message"}
    assert [each.kind for each in problems if each.length] == ["truncated"]


def test_hostile_values_cost_nothing_but_themselves() -> None:
    odd = {
        "sender_name": [],
        "timestamp_ms": "soon",
        "content": {},
        "reactions": [3],
        "photos": "x",
        "share": 1,
    }
    items, problems, _ = read_json(
        {"participants": 3, "title": [], "messages": [SAID, odd, [], {}]}
    )
    assert [text(each) for each in items] == ["schön 😀", ""]
    assert [each.kind for each in problems] == ["unknown-record", "unknown-record"]
