from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.parsed import Parsed, Problem
from casekit.ingest.readers.json_records import read
from casekit.ingest.reading import format_of
from tests.ingest.records_case import read_all, texts

Record = dict[str, Any]


def turn(who: str, text: Any, time: str = "2025-10-23T13:11:59.692Z", chat: str = "c") -> Record:
    sender = {"value": "1", "name": who.title(), "originalName": who}
    return {"grokChatItem": {"accountId": "1", "chatId": chat, "createdAt": time, "sender": sender,
                             "message": text, "grokMode": {"originalName": "NORMAL"}}}  # fmt: skip


TALK = [turn("USER", "Why?"), turn("AGENT", "So.")]
SAID: Record = {"messageCreate": {
    "id": "9", "senderId": "1", "recipientId": "2", "text": "Hi", "createdAt": "2023-01-01T10:00:00.000Z",
    "reactions": [{"senderId": "2", "reactionKey": "like"}], "urls": [{"url": "u", "expanded": "https://x.y"}],
    "mediaUrls": ["https://x.y/a.jpg"], "editHistory": []}}  # fmt: skip
JOINED = {
    "participantsJoin": {
        "initiatingUserId": "1",
        "userIds": ["3"],
        "createdAt": "2023-01-01T10:01:00.000Z",
    }
}
MAIL = [{"dmConversation": {"conversationId": "1-2", "messages": [SAID, JOINED]}}]


def archive(name: str, value: Any) -> bytes:
    return f"window.YTD.{name}.part0 = {json.dumps(value, indent=1)}".encode()


def found(data: bytes) -> tuple[list[Parsed], list[Problem]]:
    items, problems, books = read_all(read, data)
    assert books.quarantined == sum(each.length or 0 for each in problems)
    return items, problems


def test_a_talk_with_grok_in_an_archive() -> None:
    assert recognise(TALK[0]) == "Grok in an archive of X"
    data = archive("grok_chat_item", [*TALK, turn("AGENT", "Else.", chat="d")])
    assert format_of(data, "grok-chat-item.js") == "json-records"
    (asks, answer, alone), problems = found(data)
    assert problems == []
    assert (asks.kind, texts(asks), texts(answer)) == (
        "request", {"prompt": "Why?"}, {"prompt": "Why?", "output": "So."}
    )  # fmt: skip
    assert texts(alone) == {"output": "Else."}
    assert answer.exchange is not None
    assert (answer.exchange.provider, answer.exchange.account, answer.exchange.conversation_id) == (
        "xai", "1", "c"
    )  # fmt: skip
    assert answer.when is not None
    assert (answer.when.raw, answer.when.zone) == ("2025-10-23T13:11:59.692Z", "explicit")


def test_a_question_that_came_later_is_not_the_answers() -> None:
    (_, answer), _ = found(archive("grok_chat_item", [
        turn("USER", "Why?", "2025-10-24T00:00:00.000Z"), turn("AGENT", "So.")]))  # fmt: skip
    assert texts(answer) == {"output": "So."}


def test_direct_messages_and_what_happened_between_them() -> None:
    (said, joined), problems = found(archive("direct_messages", MAIL))
    assert (problems, said.kind, texts(said)) == ([], "message", {"body": "Hi"})
    assert [(each.role, each.address) for each in said.parties] == [("from", "1"), ("to", "2")]
    facts = json.loads(said.facts)
    assert (facts["service"], facts["chat_id"], facts["id"]) == ("X", "1-2", "9")
    assert (facts["links"], facts["attachments"]) == (
        ["https://x.y"],
        [{"link": "https://x.y/a.jpg"}],
    )
    assert facts["reactions"] == [{"sign": "like", "by": "2"}]
    happened = json.loads(joined.facts)
    assert (happened["event"], happened["people"]) == ("participants join", ["3"])
    assert [(each.role, each.address) for each in joined.parties] == [("from", "1"), ("to", "1-2")]


@pytest.mark.parametrize(
    "data", [archive("grok_chat_item", TALK * 3), archive("direct_messages", MAIL * 3)]
)
def test_a_truncated_archive_gives_what_came_before(data: bytes) -> None:
    whole = [texts(each) for each in found(data)[0]]
    for cut in range(40, len(data), 61):
        items, _, _ = read_all(read, data[:cut])
        if items and items[0].kind != "document":
            assert [texts(each) for each in items] == whole[: len(items)]


@pytest.mark.parametrize("spoiled", [
    turn("USER", None), {"grokChatItem": []}, {"grokChatItem": {"message": "x", "sender": 3, "chatId": [1]}},
    {"dmConversation": {"messages": [{"messageCreate": 3}, {"participantsJoin": {"userIds": 1}}]}},
    {"dmConversation": {"messages": {}}},
])  # fmt: skip
def test_a_hostile_element_costs_no_other(spoiled: Record) -> None:
    for name, good in (("grok_chat_item", TALK[1]), ("direct_messages", MAIL[0])):
        items, _, _ = read_all(read, archive(name, [good, spoiled, good]))
        words = [list(texts(each).values()) for each in items]
        assert words.count(["So."]) == 2 or words.count(["Hi"]) == 2


@pytest.mark.parametrize(
    "text",
    ["window.YTD = [", "window.YTD.a.partx = []", "var a = [{}]", "window.YTD.a.part0 = f()"],
)
def test_other_scripts_are_no_records(text: str) -> None:
    assert format_of(text.encode(), "x.js") == "text"
