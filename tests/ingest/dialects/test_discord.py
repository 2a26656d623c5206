from __future__ import annotations

from typing import Any

import orjson

from casekit.ingest.dialects.discord import is_discord
from casekit.ingest.parsed import Context, When
from casekit.ingest.readers import csv_records, json_records
from tests.ingest.chat_case import facts, messages, people, read_json, text, thread
from tests.ingest.records_case import read_all

ANN = {"id": "100", "name": "ann", "nickname": "Ann L", "isBot": False}
ROOT: dict[str, Any] = {"id": "1", "type": "Default", "timestamp": "2024-03-09T10:46:11.123+01:00",
        "timestampEdited": None, "isPinned": True, "content": "ping <@100> ", "author": ANN,
        "attachments": [{"id": "9", "url": "https://cdn.example/a.txt", "fileName": "a.txt",
                         "fileSizeBytes": 3}],
        "embeds": [{"title": "T", "description": "D", "fields": [{"name": "n", "value": "v"}]}],
        "reactions": [{"emoji": {"name": "👍"}, "count": 2, "users": [{"name": "bob"}]}],
        "mentions": [{"id": "100", "name": "ann", "nickname": "Ann L"}]}  # fmt: skip
REPLY = {**ROOT, "id": "2", "type": "Reply", "reference": {"messageId": "1", "channelId": "7"},
         "timestampEdited": "2024-03-09T11:00:00+01:00"}  # fmt: skip
JOIN = {
    **ROOT,
    "id": "3",
    "type": "GuildMemberJoin",
    "content": "",
    "attachments": [],
    "embeds": [],
}
CHANNEL = {
    "guild": {"id": "5", "name": "Lab"},
    "channel": {"id": "7", "type": "GuildTextChat", "category": "Work", "name": "general"},
    "messages": [ROOT, REPLY, JOIN],
    "messageCount": 3,
}


def test_a_channel_is_read_message_by_message() -> None:
    root, reply, join = messages(CHANNEL)
    assert (text(root), text(root, "attachment")) == ("ping <@100> ", "T\nD\nn: v")
    assert root.when == When(
        1709977571123000, "2024-03-09T10:46:11.123+01:00", "timestamp", "explicit", 1000
    )
    assert people(root) == [("from", "Ann L", "100"), ("to", "#general", "7")]
    told = facts(root)
    assert (told["team"], told["channel"], told["category"]) == ("Lab", "general", "Work")
    assert told["attachments"] == [
        {"name": "a.txt", "link": "https://cdn.example/a.txt", "size": "3"}
    ]
    assert told["reactions"] == [{"reaction": "👍", "count": "2", "by": ["bob"]}]
    assert (told["mentions"], told["extra"]) == ({"100": "Ann L"}, {"isPinned": True})
    assert thread(reply) == ("Discord/7/2", ("Discord/7/1",))
    assert facts(reply)["edited"] == "2024-03-09T11:00:00+01:00"
    assert (join.title, facts(join)["event"]) == ("(GuildMemberJoin)", "GuildMemberJoin")


def test_the_data_package_is_read_from_json_and_csv() -> None:
    row = {
        "ID": 12,
        "Timestamp": "2024-03-09 10:46:11",
        "Contents": "mine",
        "Attachments": "https://a https://b",
    }
    (item,) = messages([row], name="messages.json", folder="c123")
    assert (text(item), people(item)) == ("mine", [("to", "c123", "")])
    assert facts(item)["attachments"] == [{"link": "https://a"}, {"link": "https://b"}]
    data = b"ID,Timestamp,Contents,Attachments\n12,2024-03-09 10:46:11.5+00:00,mine,\n"
    (again,), problems, _ = read_all(csv_records.read, data, Context(name="messages.csv"))
    assert (again.kind, text(again), problems) == ("message", "mine", [])


def test_a_channel_exported_as_csv_is_read() -> None:
    data = (
        b"AuthorID,Author,Date,Content,Attachments,Reactions\n"
        b'"100","ann","2024-03-09T10:46:11.1230000+01:00","a, b","https://a,https://b","x (2)"\n'
    )
    name = Context(name="Lab - general [7].csv")
    (item,), problems, _ = read_all(csv_records.read, data, name)
    assert (item.kind, text(item), problems) == ("message", "a, b", [])
    assert people(item) == [("from", "ann", "100"), ("to", "Lab - general [7]", "")]
    assert facts(item)["attachments"] == [{"link": "https://a"}, {"link": "https://b"}]
    assert item.when is not None
    assert item.when.us == 1709977571123000


def test_other_records_are_left_alone() -> None:
    assert not is_discord({"id": "1", "author": "x", "timestamp": 1, "content": "a", "type": "x"})
    assert not is_discord("x")


def test_of_a_cut_off_export_the_whole_messages_are_read() -> None:
    data = orjson.dumps(CHANNEL)[:-60]
    items, problems, _ = read_all(json_records.read, data, Context(name="x.json"))
    assert {each.kind for each in items} == {"message"}
    assert [each.kind for each in problems if each.length] == ["truncated"]


def test_hostile_values_cost_nothing_but_themselves() -> None:
    odd = {
        **ROOT,
        "id": {},
        "timestamp": "never",
        "content": 5,
        "reactions": [{"emoji": 1}],
        "embeds": [1],
    }
    items, problems, _ = read_json(
        {"channel": [], "guild": 3, "messages": [odd, {"a": 1}, "x", ROOT]}
    )
    assert [text(each) for each in items] == ["5", ROOT["content"]]
    assert items[0].when is None
    assert [each.kind for each in problems] == ["unknown-record", "unknown-record"]
