from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.parsed import Parsed
from casekit.ingest.readers.json_records import read
from tests.ingest.records_case import items_in, read_all, texts

Record = dict[str, Any]
SAID = {"Date": "2024-03-14 07:26:46", "From": "bob", "Content": "Hi"}
BACK = {"Date": "2024-03-14 07:27:46", "From": "ann", "Content": "Yo", "Link": "https://x.y"}
CHATS = {"Chat History with bob:": [SAID, BACK], "Chat History with eve:": [], "Note": 3}
TIKTOK = {"Activity": {}, "Direct Message": {"Direct Messages": {"ChatHistory": CHATS}}}
EARLIER = {"Direct Messages": {"Chat History": {"ChatHistory": CHATS}}}
SNAPCHAT = {
    "Received Saved Chat History": [
        {"From": "bob", "Media Type": "TEXT", "Created": "2023-01-01 10:00:00 UTC", "Text": "Hi"}],
    "Sent Saved Chat History": [
        {"To": "bob", "Media Type": "IMAGE", "Created": "2023-01-01 10:01:00 UTC"}],
}  # fmt: skip


def people(item: Parsed) -> list[tuple[str, str]]:
    return [(each.role, each.name) for each in item.parties]


@pytest.mark.parametrize("record", [TIKTOK, EARLIER])
def test_messages_of_tiktok(record: Record) -> None:
    said, back = items_in(record)
    assert (said.kind, said.collection, texts(said)) == (
        "message",
        "correspondence",
        {"body": "Hi"},
    )
    assert (people(said), people(back)) == ([("from", "bob")], [("from", "ann"), ("to", "bob")])
    assert said.when is not None
    assert said.when.raw == "2024-03-14 07:26:46"
    assert said.when.zone.startswith("assumed:")
    assert json.loads(back.facts) == {
        "service": "TikTok",
        "chat": "bob",
        "extra": {"Link": "https://x.y"},
    }


def test_messages_of_snapchat() -> None:
    said, sent = items_in(SNAPCHAT)
    assert (texts(said), people(said), people(sent)) == (
        {"body": "Hi"},
        [("from", "bob")],
        [("to", "bob")],
    )
    assert json.loads(sent.facts)["event"] == "image"
    assert said.when is not None
    assert (said.when.raw, said.when.zone) == ("2023-01-01 10:00:00 UTC", "explicit")


@pytest.mark.parametrize("record", [TIKTOK, EARLIER, SNAPCHAT])
def test_a_truncated_file_gives_the_messages_before_its_end(record: Record) -> None:
    data = json.dumps(record).encode()
    whole = [texts(each) for each in items_in(record)]
    for cut in range(data.index(b'"Hi"') + 40, len(data), 17):
        found, _, _ = read_all(read, data[:cut])
        assert [texts(each) for each in found] == whole[: len(found)]


@pytest.mark.parametrize("spoiled", [
    {"Date": 5, "From": [], "Content": {}}, {}, 7, {"From": "x", "Media Type": [], "Created": None, "Text": 5},
])  # fmt: skip
def test_a_hostile_message_costs_no_other(spoiled: Any) -> None:
    chats = {"Chat History with bob:": [SAID, spoiled, BACK]}
    (said,), (sent,) = SNAPCHAT.values()
    lists = (
        {"Direct Messages": {"Chat History": {"ChatHistory": chats}}},
        {"Received Saved Chat History": [said, spoiled, sent]},
    )
    for record in lists:
        found, _, books = read_all(read, json.dumps(record).encode())
        assert texts(found[0]) == {"body": "Hi"}
        assert len(found) + bool(books.quarantined) == 3
