from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.parsed import Context, When
from casekit.ingest.readers import csv_records, jsonl
from casekit.ingest.sniff import identify
from tests.ingest.chat_case import facts, messages, people, text, thread
from tests.ingest.records_case import read_all

POST = {"type": "post", "post": {
    "team": "t", "channel": "town", "user": "ann", "type": None, "message": "Hello", "props": {"a": 1},
    "create_at": 1705311011123, "edit_at": 1705311019000,
    "reactions": [{"user": "bob", "create_at": 1705311012000, "emoji_name": "+1"}],
    "replies": [{"user": "bob", "message": "Hi", "create_at": 1705311013000, "reactions": None}],
    "attachments": [{"path": "data/x/pic.png"}]}}  # fmt: skip
DIRECT = {"type": "direct_post", "direct_post": {
    "channel_members": ["ann", "bob"], "user": "bob", "message": "psst", "create_at": 1705311014000,
}}  # fmt: skip
EXPORT = [
    {"type": "version", "version": 1}, {"type": "channel", "channel": {"team": "t", "name": "town"}},
    {"type": "direct_channel", "direct_channel": {"members": ["ann", "bob"]}},
    {"type": "user", "user": {"username": "ann", "email": "ann@a.example", "first_name": "Ann"}}, POST, DIRECT,
]  # fmt: skip


def lines(*records: Any) -> bytes:
    return b"\n".join(json.dumps(each).encode() for each in records) + b"\n"


def test_a_mattermost_export_is_read_line_by_line() -> None:
    items, problems, _ = read_all(jsonl.read, lines(*EXPORT))
    assert problems == []
    assert [(item.kind, item.collection, item.title) for item in items] == [
        ("record", "correspondence", "version"),
        ("record", "correspondence", "channel: town"),
        ("record", "correspondence", "direct_channel"),
        ("contact", "correspondence", "Ann"),
        ("message", "correspondence", "Hello"),
        ("message", "correspondence", "psst"),
    ]
    post, direct = items[4:]
    assert post.when == When(1_705_311_011_123_000, "1705311011123", "create_at", "explicit", 1000)
    assert (people(post), people(direct)) == (
        [("from", "", "ann"), ("to", "#town", "")],
        [("from", "", "bob"), ("to", "", "ann")],
    )
    assert facts(post) == {
        "service": "Mattermost", "chat": "town", "channel": "town", "team": "t", "edited": 1705311019000,
        "reactions": [{"reaction": "+1", "by": ["bob"], "at": "1705311012000"}],
        "attachments": [{"name": "data/x/pic.png"}], "extra": {"props": {"a": 1}},
    }  # fmt: skip


def test_replies_hang_below_their_post() -> None:
    items, _, _ = read_all(jsonl.read, lines(POST))
    (reply,) = items[0].children
    assert (text(reply), people(reply), facts(reply)["channel"]) == (
        "Hi", [("from", "", "bob"), ("to", "#town", "")], "town",
    )  # fmt: skip


COMPLIANCE = (
    b"Post Creation Time,Team Id,Team Name,Team Display Name,Channel Id,Channel Name,Channel Display Name,"
    b"Channel Type,User Id,User Email,Username,Post Id,Edited By Post Id,Replied to Post Id,Post Message,"
    b"Post Type,User Type,Previews Post Id\n"
    b"1705311011123,t1,t,Team,c1,town,Town,public,u1,ann@a.example,ann,p2,p3,p1,Hello,message,user,\n"
    b"1705311011124,t1,t,Team,c1,town,Town,public,u1,ann@a.example,ann,p2,,,files/p2/x.png,attachment,user,\n"
    b"1705311010000,t1,t,Team,c1,town,Town,public,u2,bob@a.example,bob,,,,User joined,enter,user,\n"
)
HOLD = (
    b"TeamName,TeamDisplayName,ChannelName,ChannelDisplayName,ChannelType,UserUsername,UserEmail,UserNickname,"
    b"UserType,PostId,PostCreateAt,PostUpdateAt,PostDeleteAt,PostRootId,PostOriginalId,PostMessage,PostType,"
    b"PostProps,PostHashtags,PostFileIds\n"
    b"t,Team,town,Town,O,ann,ann@a.example,Annie,user,p2,2024-01-15T10:30:11+01:00,,2024-01-16T00:00:00Z,p1,,Hi,,{},"
    b",f1 f2\n"
)


def test_a_compliance_export_is_read_row_by_row() -> None:
    items, problems, _ = read_all(csv_records.read, COMPLIANCE)
    assert problems == []
    said, file, came = items
    assert (text(said), people(said), thread(said)) == (
        "Hello", [("from", "ann", "ann@a.example"), ("to", "#town", "")],
        ("Mattermost/c1/p2", ("Mattermost/c1/p1",)),
    )  # fmt: skip
    assert said.when is not None
    assert (said.when.us, said.when.zone) == (1_705_311_011_123_000, "explicit")
    assert (facts(said)["replaced_by"], facts(said)["chat"], facts(said)["team"]) == (
        "p3",
        "Town",
        "Team",
    )
    assert (text(file), facts(file)["attachments"]) == ("", [{"name": "files/p2/x.png"}])
    assert (text(came), facts(came)["event"]) == ("User joined", "enter")


def test_a_legal_hold_has_other_columns() -> None:
    (item,) = read_all(csv_records.read, HOLD)[0]
    assert item.when is not None
    assert (item.when.raw, item.when.us) == ("2024-01-15T10:30:11+01:00", 1_705_311_011_000_000)
    assert (text(item), people(item)[0], thread(item)[1]) == (
        "Hi", ("from", "ann", "ann@a.example"), ("Mattermost/town/p1",),
    )  # fmt: skip
    assert facts(item)["deleted"] == "2024-01-16T00:00:00Z"
    assert facts(item)["attachments"] == [{"name": "f1"}, {"name": "f2"}]
    for data in (COMPLIANCE, HOLD):
        assert identify(data, len(data), "evidence").id == "csv"


def test_a_row_with_too_few_fields_is_quarantined() -> None:
    items, problems, _ = read_all(csv_records.read, COMPLIANCE[: -len(",enter,user,\n")])
    assert len(items) == 2
    assert [(each.kind, each.line) for each in problems] == [("field-count", 4)]


ROCKET = {
    "_id": "a3", "rid": "GENERAL", "tmid": "a1", "msg": "see", "ts": {"$date": "2024-01-15T09:32:11.123Z"},
    "u": {"_id": "u2", "username": "bob", "name": "Bob"},
    "file": {"_id": "f", "name": "x.png", "type": "image/png"},
    "attachments": [{"title": "x.png", "title_link": "/f/x.png"}, {"message_link": "https://a/"}],
    "reactions": {":+1:": {"usernames": ["ann"]}}, "mentions": [{"username": "ann"}],
    "editedAt": {"$date": {"$numberLong": "1705311200000"}},
}  # fmt: skip


def test_a_message_of_rocket_chat() -> None:
    (item,) = messages([ROCKET])
    assert (text(item), people(item)) == ("see", [("from", "Bob", "bob"), ("to", "", "GENERAL")])
    assert item.when is not None
    assert (item.when.raw, item.when.zone) == ("2024-01-15T09:32:11.123Z", "explicit")
    assert thread(item) == ("Rocket.Chat/GENERAL/a3", ("Rocket.Chat/GENERAL/a1",))
    assert facts(item) == {
        "service": "Rocket.Chat", "chat": "GENERAL", "chat_id": "GENERAL", "id": "a3", "thread": "a1",
        "edited": "1705311200000", "reactions": [{"reaction": ":+1:", "by": ["ann"]}], "mentions": ["ann"],
        "attachments": [{"name": "x.png", "type": "image/png", "link": "/f/x.png"},
                        {"link": "https://a/"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "expected"), [("uj", ("uj", None)), ("rm", (None, True)), ("", (None, None))]
)
def test_what_happened_and_what_was_deleted(kind: str, expected: tuple[Any, Any]) -> None:
    (item,) = messages({"messages": [{**ROCKET, "t": kind, "ts": 1705311011123}], "success": True})
    assert (facts(item).get("event"), facts(item).get("deleted")) == expected
    assert item.when is not None
    assert item.when.us == 1_705_311_011_123_000


def event(
    kind: str, content: dict[str, Any], number: str, sender: str = "@ann:a", **more: Any
) -> Any:
    return {"type": kind, "sender": sender, "content": content, "origin_server_ts": 1705311011123,
            "event_id": number, "room_id": "!r:a", **more}  # fmt: skip


def room(*events: Any) -> list[Any]:
    return messages({"room_name": "Town", "export_date": "1/20/2024", "messages": list(events)})


def test_events_of_a_matrix_room() -> None:
    said = {"msgtype": "m.text", "body": "Hello", "format": "x", "formatted_body": "<b>Hello</b>"}
    joined, spoke = room(
        event(
            "m.room.member", {"membership": "join", "displayname": "Ann"}, "$1", state_key="@ann:a"
        ),
        event("m.room.message", said, "$2"),
    )
    assert (facts(joined)["event"], people(joined)[0]) == (
        "m.room.member",
        ("actor", "Ann", "@ann:a"),
    )
    assert (text(spoke), text(spoke, "html")) == ("Hello", "<b>Hello</b>")
    assert people(spoke) == [("from", "Ann", "@ann:a"), ("to", "Town", "!r:a")]
    assert spoke.when == When(
        1_705_311_011_123_000, "1705311011123", "origin_server_ts", "explicit", 1000
    )


def test_matrix_answers_changes_reactions_and_files() -> None:
    image = {"msgtype": "m.image", "body": "x.png", "url": "mxc://a/b",
             "info": {"mimetype": "image/png", "size": 3},
             "m.relates_to": {"m.in_reply_to": {"event_id": "$1"}}}  # fmt: skip
    changed = {"msgtype": "m.text", "body": "* new", "m.new_content": {"msgtype": "m.text", "body": "new"},
               "m.relates_to": {"rel_type": "m.replace", "event_id": "$1"}}  # fmt: skip
    liked = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$1", "key": "👍"}}
    below = {
        "body": "below",
        "msgtype": "m.text",
        "m.relates_to": {"rel_type": "m.thread", "event_id": "$1"},
    }
    file, edit, reaction, answer = room(
        event("m.room.message", image, "$2"), event("m.room.message", changed, "$3"),
        event("m.reaction", liked, "$4"), event("m.room.message", below, "$5"),
    )  # fmt: skip
    assert (text(file), facts(file)["attachments"], thread(file)[1]) == (
        "", [{"name": "x.png", "link": "mxc://a/b", "type": "image/png", "size": "3"}], ("Matrix/!r:a/$1",),
    )  # fmt: skip
    assert (text(edit), facts(edit)["replaces"]) == ("new", "$1")
    assert (text(reaction), facts(reaction)["event"], thread(reaction)[1]) == (
        "👍", "m.reaction", ("Matrix/!r:a/$1",),
    )  # fmt: skip
    assert facts(answer)["thread"] == "$1"


def test_a_file_may_have_words_and_an_invited_person_gets_the_name() -> None:
    shown = {"msgtype": "m.file", "filename": "x.pdf", "body": "as agreed", "url": "mxc://a/b"}
    _, file, answer = room(
        event(
            "m.room.member",
            {"membership": "invite", "displayname": "Bob"},
            "$1",
            state_key="@bob:a",
        ),
        event("m.room.message", shown, "$2"),
        event("m.room.message", {"msgtype": "m.text", "body": "Hi"}, "$3", sender="@bob:a"),
    )
    assert (text(file), facts(file)["attachments"][0]["name"]) == ("as agreed", "x.pdf")
    assert (people(file)[0][1], people(answer)[0][1]) == ("", "Bob")


def test_what_matrix_keeps_secret_or_took_back_is_told() -> None:
    secret, gone = room(
        event("m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2"}, "$1"),
        event("m.room.message", {}, "$2", unsigned={"redacted_because": {"event_id": "$3"}}),
    )
    assert (facts(secret)["encrypted"], facts(secret)["event"]) == (True, "m.room.encrypted")
    assert facts(gone)["deleted"] is True


@pytest.mark.parametrize(
    "record",
    [{"type": "post", "post": "x"}, {"type": "team", "team": {"id": 1}},
     {"type": "post", "post": {"message": "x"}},
     {"type": "version", "version": "1"},
     {"type": "post", "post": {"user": "a", "message": "m", "create_at": 1}, "a": 1, "b": 2},
     {"_id": "a", "rid": "r", "msg": "m", "ts": 1, "u": "bob"},
     {"type": "m.room.message", "sender": "@a:a", "content": "x", "event_id": "$1", "origin_server_ts": 1}],
)  # fmt: skip
def test_other_records_are_left_alone(record: dict[str, Any]) -> None:
    assert recognise(record) == ""


def test_a_damaged_line_costs_that_line() -> None:
    data = lines(POST)[:-40] + b"\n" + lines(DIRECT)
    items, problems, _ = read_all(jsonl.read, data, Context(name="f"))
    assert [text(item) for item in items] == ["psst"]
    assert [(each.kind, each.line) for each in problems] == [("bad-json", 1)]
