from __future__ import annotations

from typing import Any

import orjson
import pytest

from casekit.ingest.dialects.chat import LOCAL
from casekit.ingest.dialects.telegram import is_telegram, plain_text
from casekit.ingest.parsed import Context, When
from casekit.ingest.readers import json_records
from tests.ingest.chat_case import facts, messages, people, read_json, text, thread
from tests.ingest.records_case import read_all

SAID: dict[str, Any] = {
    "id": 12, "type": "message", "date": "2024-03-09T11:46:11", "date_unixtime": "1709977571",
    "edited": "2024-03-09T12:00:00", "edited_unixtime": "1709978400", "from": "Ann", "from_id": "user1",
    "reply_to_message_id": 11, "file": "files/a.pdf", "file_name": "a.pdf", "mime_type": "application/pdf",
    "reactions": [{"type": "emoji", "count": 1, "emoji": "👍", "recent": [{"from": "Bob"}]}],
    "text": ["see ", {"type": "text_link", "text": "this", "href": "https://x.example"}, "\n now "],
}  # fmt: skip
EVENT = {"id": 11, "type": "service", "date": "2024-03-09T11:46:10", "actor": "Bob", "actor_id": "user2",
         "action": "invite_members", "members": ["Ann"], "text": ""}  # fmt: skip
CHAT = {"name": "Plans", "type": "private_group", "id": 77, "messages": [EVENT, SAID]}


def test_one_chat_is_read_message_by_message() -> None:
    event, said = messages(CHAT)
    assert text(said) == "see this\n now "
    assert said.when == When(1709977571000000, "1709977571", "date_unixtime")
    assert people(said) == [("from", "Ann", "user1"), ("to", "Plans", "77")]
    told = facts(said)
    assert told["links"] == ["https://x.example"]
    assert told["attachments"] == [
        {"name": "a.pdf", "link": "files/a.pdf", "type": "application/pdf"}
    ]
    assert told["reactions"] == [{"type": "emoji", "count": 1, "emoji": "👍", "by": ["Bob"]}]
    assert (told["edited"], told["room"]) == ("2024-03-09T12:00:00", "private group")
    assert thread(said) == ("Telegram/77/12", ("Telegram/77/11",))
    assert (event.title, facts(event)["extra"]) == ("(invite_members)", {"members": ["Ann"]})
    assert event.when is not None
    assert event.when.zone == LOCAL


def test_of_a_whole_account_no_chat_is_lost() -> None:
    account = {
        "about": "…",
        "contacts": {"list": []},
        "left_chats": {"list": [{**CHAT, "name": "Old"}]},
        "chats": {"about": "", "list": [CHAT, {**CHAT, "type": "saved_messages", "name": None}]},
    }
    assert [facts(each)["chat"] for each in messages(account)] == [
        "Old", "Old", "Plans", "Plans", "(saved messages)", "(saved messages)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a", "a"), (["a ", {"text": "b"}, 7, {"x": 1}], "a b"), (None, ""), ({"text": "a"}, "")],
)
def test_pieces_of_text_are_joined_as_they_stand(value: Any, expected: str) -> None:
    assert plain_text(value) == expected


def test_other_records_are_left_alone() -> None:
    assert not is_telegram({"type": "message", "text": "a", "ts": "1"})
    assert not is_telegram([1])
    assert not is_telegram({"role": "user", "content": "a"})


def test_of_a_cut_off_export_the_whole_messages_are_read() -> None:
    data = orjson.dumps(CHAT)[:-30]
    items, problems, _ = read_all(json_records.read, data, Context(name="result.json"))
    assert {each.kind for each in items} == {"message"}
    assert [each.kind for each in problems if each.length] == ["truncated"]


def test_hostile_values_cost_nothing_but_themselves() -> None:
    odd = {
        **SAID,
        "id": [],
        "text": [None, {"text": {}}],
        "reactions": "x",
        "file": {},
        "from": {},
        "edited": 1,
    }
    items, problems, _ = read_json({**CHAT, "name": 3, "messages": [odd, 5, SAID]})
    assert [each.title for each in items] == ["(no text)", "see this"]
    assert [each.kind for each in problems] == ["unknown-record"]
