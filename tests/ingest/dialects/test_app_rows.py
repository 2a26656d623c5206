from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.parsed import Context, Exchange, Parsed
from casekit.ingest.readers import csv_records, json_records, jsonl
from casekit.ingest.readers.sqlite import read
from casekit.ingest.rows import take_row
from tests.ingest.records_case import items_in, read_all, texts
from tests.ingest.sqlite_case import database

ANYTHING: dict[str, Any] = {
    "id": 7, "prompt": "Why?", "response": "So.", "sent_at": "2025-05-01T10:00:00.000Z", "attachments": [],
    "workspace": "W", "username": "ann", "rating": "GOOD",
}  # fmt: skip
SAID = {"text": "So.", "sources": [{"title": "a"}], "metrics": {
    "prompt_tokens": 9, "completion_tokens": 3, "model": "gpt-4o", "outputTps": 5.5}}  # fmt: skip
CHATS = database(
    "CREATE TABLE workspace_chats (id INTEGER PRIMARY KEY AUTOINCREMENT, workspaceId INTEGER, prompt TEXT, "
    "response TEXT, include BOOLEAN, user_id INTEGER, createdAt DATETIME, thread_id INTEGER)",
    ("INSERT INTO workspace_chats VALUES (7, 2, 'Why?', ?, 1, 3, 1746093600000, 4)", [(json.dumps(SAID),)]),
)  # fmt: skip
LLM: dict[str, Any] = {
    "id": "01", "model": "gpt-4o", "prompt": "Why?", "system": "Be short.", "prompt_json": None,
    "options_json": '{"temperature":0}', "response": '{"a":1}', "response_json": None, "conversation_id": "c",
    "duration_ms": 812, "datetime_utc": "2025-05-01T10:00:00.123456", "input_tokens": 9, "output_tokens": 3,
    "resolved_model": "gpt-4o-2024-08-06",
}  # fmt: skip
LOGS = database(
    f"CREATE TABLE responses ({', '.join(f'[{each}] TEXT' for each in LLM)})",
    (f"INSERT INTO responses VALUES ({', '.join('?' * len(LLM))})", [tuple(LLM.values())]),
)
WEBUI = database(
    "CREATE TABLE chat (id TEXT PRIMARY KEY, user_id TEXT, title TEXT, chat JSON, created_at BIGINT)",
    ("INSERT INTO chat VALUES ('c', 'u', 'Sky', ?, 1735689600)", [(json.dumps({"history": {"messages": {
        "a": {"id": "a", "parentId": None, "role": "user", "content": "Why?"},
        "b": {"id": "b", "parentId": "a", "role": "assistant", "content": "So.", "model": "m"}}}}),)]),
)  # fmt: skip


def first(data: bytes) -> Parsed:
    found = [each for each in read(data, Context(name="x.db")) if isinstance(each, Parsed)]
    assert take_row(data, found[0].steps[0])
    return found[0]


def told(item: Parsed) -> Exchange:
    assert item.exchange is not None
    return item.exchange


@pytest.mark.parametrize("item", [items_in([ANYTHING])[0], first(CHATS)])
def test_a_chat_of_anythingllm(item: Parsed) -> None:
    assert (item.kind, texts(item)) == ("exchange", {"prompt": "Why?", "output": "So."})
    assert item.when is not None
    assert (item.when.us, item.when.zone) == (1_746_093_600_000_000, "explicit")
    assert told(item).request_id == "7"


def test_what_else_anythingllm_says_of_a_chat() -> None:
    exported, kept = told(items_in([ANYTHING])[0]), told(first(CHATS))
    assert (exported.account, exported.project, kept.account, kept.project) == (
        "ann",
        "W",
        "3",
        "2",
    )
    assert (kept.model, kept.input_tokens, kept.output_tokens, kept.conversation_id) == (
        "gpt-4o",
        9,
        3,
        "4",
    )
    assert '"rating":"GOOD"' in exported.extra
    assert '"sources":[{"title":"a"}]' in kept.extra
    table = (
        b'id,workspace,prompt,response,sent_at\n"7","W","Why?","So.","2025-05-01T10:00:00.000Z"\n'
    )
    (row,), _, _ = read_all(csv_records.read, table)
    assert (texts(row)["output"], told(row).project) == ("So.", "W")


def test_the_log_of_llm() -> None:
    assert recognise(LLM) == "llm (command), log"
    item = first(LOGS)
    assert texts(item) == {"system": "Be short.", "prompt": "Why?", "output": '{"a":1}'}
    answer = told(item)
    assert (answer.model, answer.model_requested) == ("gpt-4o-2024-08-06", "gpt-4o")
    assert (answer.latency_ms, answer.input_tokens, answer.parameters) == (
        812,
        9,
        '{"temperature":0}',
    )
    assert item.when is not None
    assert (item.when.raw, item.when.zone) == ("2025-05-01T10:00:00.123456", "explicit")


def test_a_row_of_open_webuis_database_is_a_chat() -> None:
    head = first(WEBUI)
    (answer,) = head.children
    assert (head.title, texts(answer)["prompt"], texts(answer)["output"]) == ("Sky", "Why?", "So.")
    assert (told(answer).model, answer.size) == ("m", head.size)


@pytest.mark.parametrize("spoiled", [
    {"prompt": None}, {"response": 5}, {"response": "{"}, {"response": ""}, {"id": []}, {"sent_at": "x"},
    {"include": 1, "response": '{"text": 5, "metrics": [1]}'}, {"datetime_utc": 5, "options_json": [1]},
    {"model": 5, "resolved_model": None}, {"username": 7, "thread_id": {}},
])  # fmt: skip
@pytest.mark.parametrize("record", [ANYTHING, LLM])
def test_a_hostile_row_costs_no_other(record: dict[str, Any], spoiled: dict[str, Any]) -> None:
    rows = [record, record | spoiled, record]
    items, _, _ = read_all(json_records.read, json.dumps(rows).encode())
    assert [texts(each).get("output") for each in items].count(record["response"]) >= 2
    lines = b"\n".join(json.dumps(each).encode() for each in rows)
    cut, _, _ = read_all(jsonl.read, lines[: len(lines) - 20])
    assert texts(cut[0])["output"] == record["response"]
