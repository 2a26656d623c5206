from __future__ import annotations

from typing import Any

import orjson

from casekit.ingest.parsed import Context, When
from casekit.ingest.readers import json_records
from tests.ingest.chat_case import facts, messages, people, read_json, text, thread
from tests.ingest.records_case import read_all

DAY = "2024-03-09.json"
BESIDE = orjson.dumps(
    [
        {"U0ANN": "Ann Lee", "U0BOB": "Bob"},
        {
            "general": ["C0GEN", "channel", "general", []],
            "D0XYZ": ["D0XYZ", "direct messages", "", ["U0ANN", "U0BOB"]],
        },
    ]
).decode()
ROOT = {"type": "message", "user": "U0ANN", "text": "Who took <@U0BOB>'s key?  ", "ts": "1709977571.123456",
        "thread_ts": "1709977571.123456", "reply_count": 1}  # fmt: skip
REPLY = {
    "type": "message",
    "user": "U0BOB",
    "text": "I did",
    "ts": "1710077571.000100",
    "thread_ts": "1709977571.123456",
    "edited": {"user": "U0BOB", "ts": "1710077600.000000"},
    "reactions": [{"name": "eyes", "users": ["U0ANN"], "count": 1}],
    "files": [{"id": "F1", "name": "key.txt", "mimetype": "text/plain", "size": 9,
               "url_private": "https://files.slack.com/key.txt"}],
}  # fmt: skip


def test_a_message_has_sender_channel_time_and_words() -> None:
    (item,) = messages([ROOT], name=f"export/general/{DAY}", folder="general", beside=BESIDE)
    assert (item.kind, item.collection, item.title) == (
        "message", "correspondence", "Who took <@U0BOB>'s key?",
    )  # fmt: skip
    assert text(item) == ROOT["text"]
    assert people(item) == [("from", "Ann Lee", "U0ANN"), ("to", "#general", "C0GEN")]
    assert item.when == When(1709977571123456, "1709977571.123456", "ts", "explicit", 1_000_000)
    assert facts(item) == {
        "service": "Slack", "chat": "general", "channel": "general", "channel_id": "C0GEN",
        "room": "channel", "id": ROOT["ts"], "thread": ROOT["ts"], "mentions": {"U0BOB": "Bob"},
        "extra": {"reply_count": 1},
    }  # fmt: skip
    assert thread(item) == (f"Slack/C0GEN/{ROOT['ts']}", ())


def test_a_reply_knows_its_thread_edits_reactions_and_files() -> None:
    (item,) = messages([REPLY], name=DAY, folder="general", beside=BESIDE)
    told = facts(item)
    assert told["reply_to"] == told["thread"] == ROOT["ts"]
    assert told["edited"] == REPLY["edited"]
    assert told["reactions"] == [{"reaction": "eyes", "by": ["Ann Lee"], "count": "1"}]
    assert told["attachments"] == [
        {"id": "F1", "name": "key.txt", "type": "text/plain", "size": "9",
         "link": "https://files.slack.com/key.txt"}
    ]  # fmt: skip
    assert thread(item)[1] == (f"Slack/C0GEN/{ROOT['ts']}",)


def test_in_a_conversation_the_others_are_named() -> None:
    (item,) = messages([ROOT], name=DAY, folder="D0XYZ", beside=BESIDE)
    assert people(item) == [("from", "Ann Lee", "U0ANN"), ("to", "Bob", "U0BOB")]


def test_without_the_list_of_people_ids_stay_and_the_folder_is_the_channel() -> None:
    (item,) = messages([ROOT], name=DAY, folder="random")
    assert people(item) == [("from", "", "U0ANN"), ("to", "#random", "")]
    (item,) = messages([{**ROOT, "user_profile": {"real_name": "Ann L."}}], name="else.json")
    assert people(item) == [("from", "Ann L.", "U0ANN")]


def test_what_programs_post_is_read_from_boxes_and_blocks() -> None:
    posted: dict[str, Any] = {
        "type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "ci",
        "ts": "1709977571.000001", "text": "",
        "attachments": [{"pretext": "built", "fields": [{"title": "ok", "value": "yes"}]},
                                    {"fallback": "plain"}],
    }  # fmt: skip
    rich = {**posted, "attachments": [], "blocks": [{"elements": [{"elements": [
        {"type": "text", "text": "Hi "}, {"type": "user", "user_id": "U0ANN"}]}]}]}  # fmt: skip
    boxed, blocks = messages([posted, rich])
    assert (text(boxed), text(boxed, "attachment")) == ("", "built\nok: yes\nplain")
    assert (text(blocks), facts(blocks)["text_from"]) == ("Hi U0ANN", "blocks")
    assert people(boxed)[0] == ("from", "ci", "B1")


def test_an_answer_of_the_interface_is_read_message_by_message() -> None:
    answer = {"ok": True, "channel_id": "C0GEN", "name": "general", "messages": [ROOT, REPLY]}
    first, second = messages(answer, name="C0GEN.json")
    assert people(first) == [("from", "", "U0ANN"), ("to", "#general", "C0GEN")]
    assert thread(second)[1] == (f"Slack/C0GEN/{ROOT['ts']}",)


def test_changed_and_deleted_messages_say_so() -> None:
    changed = {
        "type": "message", "subtype": "message_changed", "ts": "1709977600.000100",
        "message": {"user": "U0ANN", "text": "new", "ts": "1709977571.123456"},
        "previous_message": {"text": "old"},
    }  # fmt: skip
    gone = {"type": "message", "subtype": "tombstone", "text": "This message was deleted.",
            "ts": "1709977700.000100"}  # fmt: skip
    first, second = messages([changed, gone])
    assert (text(first), text(first, "previous")) == ("new", "old")
    assert facts(first)["edited"] == "1709977600.000100"
    assert facts(first)["id"] == "1709977571.123456"
    assert facts(second)["deleted"] is True


def test_people_rooms_and_integrations_are_items_too() -> None:
    (person,) = messages([{"id": "U0ANN", "name": "ann", "profile": {
        "real_name": "Ann Lee", "email": "ann@example.org"}}])  # fmt: skip
    assert (person.kind, person.title) == ("contact", "Ann Lee")
    assert people(person) == [
        ("contact", "Ann Lee", "U0ANN"),
        ("contact", "Ann Lee", "ann@example.org"),
    ]
    (room,) = messages(
        [{"id": "C0GEN", "name": "general", "created": 1709977571, "members": ["U0ANN"]}]
    )
    assert (room.kind, room.collection, room.title) == ("record", "correspondence", "general")
    (log,) = messages([{"user_id": "U1", "user_name": "a", "date": "1458969700", "change_type": "added",
                        "service_type": "CI"}])  # fmt: skip
    assert (log.kind, log.title) == ("record", "added: CI")


def test_a_cut_off_day_keeps_what_comes_before() -> None:
    data = orjson.dumps([ROOT, REPLY])[:-40]
    items, problems, _ = read_all(json_records.read, data, Context(name=DAY))
    assert [each.title for each in items] == [ROOT["text"].strip()]
    assert [each.kind for each in problems] == ["truncated", "truncated"]


def test_hostile_values_cost_nothing_but_themselves() -> None:
    deep: Any = {"text": "x"}
    for _ in range(100):
        deep = [deep]
    odd = {"type": "message", "ts": "1709977571.000001", "text": {"a": 1}, "user": 7, "edited": 3,
           "reactions": {"a": 1},
           "files": ["x", {"name": []}], "blocks": deep, "attachments": "no", "thread_ts": []}  # fmt: skip
    items, problems, _ = read_json([ROOT, odd, {"type": "message", "ts": "nine"}])
    assert [text(each) for each in items] == [ROOT["text"], "x"]
    assert [each.kind for each in problems] == ["unknown-record"]
