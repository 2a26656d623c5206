from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.chat import LOCAL
from casekit.ingest.parsed import Context, Exchange, Parsed
from casekit.ingest.readers import json_records, jsonl
from casekit.ingest.reading import format_of, read_any
from tests.ingest.records_case import items_in, read_all, texts

Record = dict[str, Any]

NEXT: Record = {
    "id": "n1", "topic": "Sky", "memoryPrompt": "", "lastUpdate": 1746093605000, "stat": {"charCount": 3},
    "messages": [
        {"id": "a", "date": "5/1/2025, 10:00:00 AM", "role": "user", "content": "Why?"},
        {"id": "b", "date": "5/1/2025, 10:00:05 AM", "role": "assistant", "content": "So.",
         "model": "gpt-4o-mini", "streaming": False}],
    "mask": {"name": "New", "context": [{"role": "system", "content": "Be short."}],
             "modelConfig": {"model": "gpt-4o", "providerName": "OpenAI", "temperature": 0.5}},
}  # fmt: skip
CHATBOX: Record = {
    "id": "x1", "name": "Sky", "type": "chat", "settings": {"provider": "openai"}, "messages": [
        {"id": "s", "role": "system", "content": "Be short."},
        {"id": "a", "role": "user", "contentParts": [{"type": "text", "text": "Why?"}],
         "timestamp": 1746093600000},
        {"id": "b", "role": "assistant", "timestamp": 1746093605000, "model": "gpt-4o-mini",
         "aiProvider": "openai", "contentParts": [{"type": "reasoning", "text": "Hm."},
                                                  {"type": "text", "text": "So."}],
         "usage": {"inputTokens": 9, "outputTokens": 3}, "firstTokenLatency": 70}],
}  # fmt: skip
TYPING: Record = {
    "chatID": "t1", "chatTitle": "Sky", "createdAt": "2025-05-01T10:00:00.000Z", "model": "gpt-4o",
    "modelInfo": {"title": "GPT-4o"}, "chatParams": {"systemMessage": "Be short."}, "messages": [
        {"uuid": "a", "role": "user", "content": [{"type": "text", "text": "Why?"}],
         "createdAt": "2025-05-01T10:00:01.000Z"},
        {"uuid": "b", "role": "assistant", "content": "So.", "model": "gpt-4o-mini",
         "createdAt": "2025-05-01T10:00:05.000Z", "usage": {"prompt_tokens": 9, "completion_tokens": 3}}],
}  # fmt: skip
CHAT_UI: Record = {
    "_id": {"$oid": "h1"}, "title": "Sky", "model": "gpt-4o", "preprompt": "Be short.",
    "createdAt": {"$date": "2025-05-01T10:00:00.000Z"}, "rootMessageId": "r", "messages": [
        {"id": "r", "from": "system", "content": "Be short.", "children": ["a"], "ancestors": []},
        {"id": "a", "from": "user", "content": "Why?", "ancestors": ["r"], "children": ["b", "c"]},
        {"id": "b", "from": "assistant", "content": "So.", "ancestors": ["r", "a"], "reasoning": "Hm.",
         "createdAt": {"$date": "2025-05-01T10:00:05.000Z"}, "score": 1,
         "routerMetadata": {"route": "x", "model": "gpt-4o-mini"}},
        {"id": "c", "from": "assistant", "content": "Thus.", "ancestors": ["r", "a"]}],
}  # fmt: skip
KEPT = [
    (NEXT, "NextChat", {"chat-next-web-store": {"sessions": [NEXT, NEXT]}, "app-config": {}}),
    (
        CHATBOX,
        "Chatbox",
        {"__exported_items": ["conversations"], "session:1": CHATBOX, "session:2": CHATBOX},
    ),
    (CHATBOX, "Chatbox", {"settings": {}, "chat-sessions": [CHATBOX, CHATBOX]}),
    (TYPING, "TypingMind", {"data": {"chats": [TYPING, TYPING], "folders": []}}),
    (CHAT_UI, "HuggingChat (chat-ui)", [CHAT_UI, CHAT_UI]),
]
TAVERN: list[Record] = [
    {"user_name": "Ann", "character_name": "Bot", "create_date": "2025-05-01@10h00m00s", "chat_metadata": {}},
    {"name": "Bot", "is_user": False, "is_system": False, "send_date": "May 1, 2025 10:00am", "mes": "Hello"},
    {"name": "Ann", "is_user": True, "is_system": False, "send_date": "May 1, 2025 12:01pm", "mes": "Why?"},
    {"name": "Bot", "is_user": False, "is_system": False, "send_date": "2025-5-1 @12h 2m 3s 45ms", "mes": "So.",
     "extra": {"api": "openai", "model": "gpt-4o", "reasoning": "Hm.", "token_count": 3}, "swipe_id": 1,
     "swipes": ["Thus.", "So."], "swipe_info": [
         {"gen_finished": "2025-05-01T10:01:30.000Z", "extra": {"model": "gpt-4", "reasoning": "Oh."}}, {}]},
    {"name": "Bot", "is_user": False, "is_system": True, "send_date": "May 1, 2025 12:03pm", "mes": "Saved.",
     "extra": {"type": "generic"}},
]  # fmt: skip


def told(item: Parsed) -> Exchange:
    assert item.exchange is not None
    return item.exchange


@pytest.mark.parametrize(("record", "name", "file"), KEPT)
def test_each_answer_of_a_program_is_an_exchange_of_its_own(
    record: Record, name: str, file: Any
) -> None:
    assert recognise(record) == name
    heads = items_in(file)
    assert [each.title for each in heads] == ["Sky", "Sky"]
    answer = next(each for each in heads[0].children if each.kind == "exchange")
    assert texts(answer) | {"reasoning": ""} == {
        "system": "Be short.", "prompt": "Why?", "output": "So.", "reasoning": ""
    }  # fmt: skip
    assert (told(answer).model, told(answer).request_id) == ("gpt-4o-mini", "b")
    (step,) = answer.steps
    piece = json.dumps(record).encode()[step.offset : step.offset + step.length]
    assert json.loads(piece)["role" if "role" in piece.decode() else "from"] == "assistant"


def test_what_else_is_said_of_an_answer_has_its_place() -> None:
    chatbox, typing, tree = (
        items_in(each)[0].children for each in ([CHATBOX], [TYPING], [CHAT_UI])
    )
    assert (texts(chatbox[0])["reasoning"], told(chatbox[0]).ttft_ms) == ("Hm.", 70)
    assert told(chatbox[0]).provider == "openai"
    assert (told(typing[0]).input_tokens, told(typing[0]).output_tokens) == (9, 3)
    for answer, said in ((chatbox[0], "1746093605000"), (typing[0], "2025-05-01T10:00:05.000Z"),
                         (tree[0], "2025-05-01T10:00:05.000Z")):  # fmt: skip
        assert answer.when is not None
        assert (answer.when.raw, answer.when.zone) == (said, "explicit")
    assert [texts(each)["output"] for each in tree] == ["So.", "Thus."]
    assert texts(tree[0])["reasoning"] == "Hm."
    (next_,) = items_in([NEXT])[0].children
    assert next_.when is None
    assert '"date":"5/1/2025, 10:00:05 AM"' in told(next_).extra


def test_a_chat_of_sillytavern_with_the_answer_that_was_put_aside() -> None:
    assert recognise(TAVERN[2]) == "SillyTavern"
    data = b"\n".join(json.dumps(each).encode() for each in TAVERN)
    assert format_of(data, "x.jsonl") == "jsonl"
    items, problems, _ = read_all(jsonl.read, data)
    assert problems == []
    assert [each.kind for each in items] == ["record", "record", "request", "exchange", "record"]
    answer = items[3]
    assert texts(answer) == {"prompt": "Why?", "output": "So.", "reasoning": "Hm."}
    assert (told(answer).model, told(answer).provider) == ("gpt-4o", "openai")
    (aside,) = answer.children
    assert texts(aside) == {"prompt": "Why?", "output": "Thus.", "reasoning": "Oh."}
    assert (told(aside).model, told(aside).sample) == ("gpt-4", 0)
    step = aside.steps[0]
    assert json.dumps(TAVERN[3])[step.offset : step.offset + step.length] == '"Thus."'
    whens = [each.when for each in (items[0], items[2], answer, aside)]
    assert [(each.raw, each.zone, each.us % 86_400_000_000 // 60_000_000) for each in whens if each] == [
        ("2025-05-01@10h00m00s", LOCAL, 600), ("May 1, 2025 12:01pm", LOCAL, 721),
        ("2025-5-1 @12h 2m 3s 45ms", LOCAL, 722), ("2025-05-01T10:01:30.000Z", "explicit", 601),
    ]  # fmt: skip


@pytest.mark.parametrize("file", [each[2] for each in KEPT])
def test_a_truncated_export_gives_the_chats_before_the_end(file: Any) -> None:
    data = json.dumps(file).encode()
    whole = len(items_in(file))
    for cut in range(len(data) // 2, len(data), 97):
        found = list(read_any(data[:cut], Context(), "json-records"))
        assert sum(isinstance(each, Parsed) for each in found) <= whole
        read_all(json_records.read, data[:cut])


@pytest.mark.parametrize(
    "spoiled",
    [
        {"messages": [{}]}, {"messages": [{"role": 7, "content": {"a": []}, "usage": [], "ancestors": [[]]}]},
        {"mask": [], "modelInfo": 1, "settings": "x", "createdAt": {"$date": []}},
        {"messages": [{"id": "a", "from": "assistant", "content": 1, "ancestors": ["a"], "contentParts": 3}]},
    ],
)  # fmt: skip
@pytest.mark.parametrize("record", [each[0] for each in KEPT] + TAVERN[2:4])
def test_hostile_records_are_read_or_left(record: Record, spoiled: Record) -> None:
    data = json.dumps([record | spoiled, record]).encode()
    read_all(json_records.read, data)


@pytest.mark.parametrize("spoiled", [
    {"swipes": 3, "swipe_id": "x"}, {"swipes": [None, 5, "x"], "swipe_info": {"a": 1}}, {"extra": [1]},
    {"send_date": "9999-99-99 @99h 99m 99s", "gen_finished": 5}, {"mes": ""}, {"name": None, "is_user": 1},
])  # fmt: skip
def test_hostile_lines_of_a_chat_cost_no_other(spoiled: Record) -> None:
    rows = [*TAVERN[:3], TAVERN[3] | spoiled, *TAVERN[2:4]]
    items, _, _ = read_all(jsonl.read, b"\n".join(json.dumps(each).encode() for each in rows))
    assert texts(items[-1])["output"] == "So."
    assert len(items) == len(rows)
