from __future__ import annotations

from typing import Any

import orjson

from casekit.ingest.dialects.teams import is_skype, is_teams
from casekit.ingest.parsed import Context, When
from casekit.ingest.readers import json_records
from tests.ingest.chat_case import facts, messages, people, read_json, text, thread
from tests.ingest.records_case import read_all

SAID: dict[str, Any] = {
    "id": "1616991463150", "replyToId": "1616990032035", "messageType": "message", "chatId": None,
    "createdDateTime": "2021-03-29T04:17:43.15Z", "lastEditedDateTime": "2021-03-29T05:00:00Z",
    "deletedDateTime": None, "subject": "Keys", "importance": "high", "webUrl": "https://teams.example/l/1",
    "from": {"application": None, "device": None,
             "user": {"id": "8ea0", "displayName": "Robin K", "userIdentityType": "aadUser"}},
    "body": {"contentType": "html", "content": "<p>Hello <at id=\"0\">Ann</at></p><p>bye</p>"},
    "channelIdentity": {"teamId": "fbe2", "channelId": "19:4a95@thread.tacv2"},
    "attachments": [{"id": "5", "contentType": "reference", "contentUrl": "https://sp.example/a.docx",
                     "name": "a.docx"}],
    "mentions": [{"id": 0, "mentionText": "Ann", "mentioned": {"user": {"id": "ef1c"}}}],
    "reactions": [{"reactionType": "like", "createdDateTime": "2021-03-29T04:18:00Z",
                   "user": {"user": {"id": "ef1c", "displayName": "Ann"}}}],
}  # fmt: skip
EVENT = {
    "Id": "17", "MessageType": "unknownFutureValue", "CreatedDateTime": "2025-10-09T13:01:01.194+00:00",
    "Body": {"ContentType": "html", "Content": "<systemEventMessage/>"}, "From": None, "ChatId": "19:9738",
    "EventDetail": {"@odata.type": "#microsoft.graph.membersAddedEventMessageDetail",
                    "Initiator": {"User": {"Id": "9bd4"}}},
}  # fmt: skip


def test_a_message_of_a_channel_is_read() -> None:
    (item,) = messages({"@odata.context": "x", "value": [SAID]})
    assert (text(item), item.title) == ("Hello Ann\nbye", "Hello Ann")
    assert text(item, "html") == SAID["body"]["content"]
    assert item.when == When(
        1616991463150000, "2021-03-29T04:17:43.15Z", "createdDateTime", "explicit", 10_000
    )
    assert people(item) == [
        ("from", "Robin K", "8ea0"),
        ("to", "19:4a95@thread.tacv2", "19:4a95@thread.tacv2"),
    ]
    told = facts(item)
    assert told["attachments"] == [
        {"name": "a.docx", "type": "reference", "link": "https://sp.example/a.docx"}
    ]
    assert told["reactions"] == [{"reaction": "like", "by": "Ann", "at": "2021-03-29T04:18:00Z"}]
    assert (told["edited"], told["subject"]) == ("2021-03-29T05:00:00Z", "Keys")
    assert told["mentions"] == [{"text": "Ann", "id": "ef1c"}]
    assert told["extra"] == {"importance": "high"}
    place = "Microsoft Teams/19:4a95@thread.tacv2"
    assert thread(item) == (f"{place}/1616991463150", (f"{place}/1616990032035",))


def test_an_event_has_no_sender_and_says_what_happened() -> None:
    (item,) = messages([EVENT])
    assert (item.kind, item.title, facts(item)["event"]) == (
        "message", "(membersAdded)", "membersAdded",
    )  # fmt: skip
    assert people(item) == [("actor", "", "9bd4"), ("to", "", "19:9738")]


def test_plain_text_stays_as_it_is() -> None:
    plain = {**SAID, "body": {"contentType": "text", "content": " <b>  \r\n"}}
    (item,) = messages([plain])
    assert item.texts == (("body", " <b>  \r\n"),)


def test_skype_conversations_are_read() -> None:
    account = {
        "userId": "8:ann", "exportDate": "2020-01-02T00:00",
        "conversations": [{"id": "8:bob", "displayName": "Bob", "MessageList": [
            {"id": "1", "displayName": None, "originalarrivaltime": "2020-01-01T10:00:00.5Z",
             "messagetype": "RichText", "content": "a <b>b</b>", "conversationid": "8:bob",
             "from": "8:ann", "properties": {"edittime": "1577872900000"}},
            {"id": "2", "displayName": "Bob", "originalarrivaltime": "2020-01-01T10:01:00Z",
             "messagetype": "Text", "content": "a < b", "conversationid": "8:bob",
             "from": "https://x.example/v1/users/ME/contacts/8:bob", "properties": None}]}],
    }  # fmt: skip
    first, second = messages(account)
    assert (text(first), text(second)) == ("a b", "a < b")
    assert people(first) == [("from", "", "8:ann"), ("to", "Bob", "8:bob")]
    assert people(second)[0] == ("from", "Bob", "8:bob")
    assert facts(first)["edited"] == "1577872900000"


def test_other_records_are_left_alone() -> None:
    assert not is_teams({"body": {"model": "m"}, "id": 1})
    assert not is_teams({"body": "x"})
    assert not is_skype({"content": "x", "from": "y"})


def test_a_cut_off_file_keeps_what_comes_before() -> None:
    data = orjson.dumps([EVENT, SAID])[:-40]
    items, problems, _ = read_all(json_records.read, data, Context(name="m.json"))
    assert [each.title for each in items] == ["(membersAdded)"]
    assert {each.kind for each in problems} == {"truncated"}


def test_hostile_values_cost_nothing_but_themselves() -> None:
    odd = {**SAID, "body": {"contentType": 7, "content": []}, "from": "x", "channelIdentity": 3, "id": {},
           "reactions": [{"user": 1}], "attachments": {}, "mentions": [{"mentioned": []}],
           "createdDateTime": "0000-99-99"}  # fmt: skip
    items, problems, _ = read_json([odd, EVENT])
    assert [each.title for each in items] == ["(no text)", "(membersAdded)"]
    assert items[0].when is None
    assert problems == []
