from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.cursor import read_cursor, reading_order
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context, Exchange, Parsed, sha256
from casekit.ingest.pointer import TAKERS
from casekit.ingest.readers.sqlite import read
from casekit.ingest.reading import format_of
from casekit.ingest.rows import take_row
from tests.ingest.records_case import texts
from tests.ingest.sqlite_case import database

KV = "CREATE TABLE cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)"
INTO = "INSERT INTO cursorDiskKV VALUES (?, ?)"
ANSWER: dict[str, Any] = {
    "type": 2, "bubbleId": "b2", "text": "So.", "thinking": {"text": "Hm.", "signature": "s"},
    "createdAt": "2025-05-01T10:00:05.000Z", "tokenCount": {"inputTokens": 9, "outputTokens": 3},
}  # fmt: skip
CALL = {
    "type": 2, "bubbleId": "b3", "text": "", "createdAt": "2025-05-01T10:00:06.000Z",
    "toolFormerData": {"name": "read_file", "rawArgs": "{\"path\":\"a\"}", "result": "x"},
    "tokenCount": {"inputTokens": 0, "outputTokens": 0},
}  # fmt: skip
ASKED = {"type": 1, "bubbleId": "b1", "text": "Why?", "modelInfo": {"modelName": "claude-4"}}
TALK = {
    "composerId": "c", "name": "Sky", "createdAt": 1746093600000, "modelConfig": {"modelName": "default"},
    "fullConversationHeadersOnly": [{"bubbleId": each, "type": 2} for each in ("b1", "b2", "b3", "b4")],
}  # fmt: skip
OLD = {
    "composerId": "o",
    "name": "Old",
    "createdAt": 1746093600000,
    "conversation": [ASKED, ANSWER],
}
KEPT = [
    ("bubbleId:c:b4", {"type": 2, "bubbleId": "b4", "thinking": {"text": "Oh."}}),
    ("bubbleId:c:b3", CALL),
    ("bubbleId:c:b2", ANSWER),
    ("agentKv:x", 1),
    ("bubbleId:c:b1", ASKED),
    ("composerData:c", TALK),
    ("composerData:o", OLD),
]
DATA = database(KV, (INTO, [(key, json.dumps(value).encode()) for key, value in KEPT]))


def items(data: bytes) -> list[Parsed]:
    found = list(read(data, Context(name="state.vscdb")))
    return [each for each in found if isinstance(each, Parsed)]


def told(item: Parsed) -> Exchange:
    assert item.exchange is not None
    return item.exchange


def test_answers_follow_their_questions_in_whatever_order_they_were_written() -> None:
    assert format_of(DATA, "x") == "sqlite"
    talk, old, asks, answer, call, thought, rest = items(DATA)
    assert [each.kind for each in (talk, asks, answer, call, thought, rest)] == [
        "record", "request", "exchange", "exchange", "record", "document"
    ]  # fmt: skip
    assert texts(answer) == {"prompt": "Why?", "output": "So.", "reasoning": "Hm."}
    assert (told(answer).model, told(answer).conversation_id) == ("claude-4", "c")
    assert (told(answer).input_tokens, told(answer).output_tokens) == (9, 3)
    assert answer.when is not None
    assert (answer.when.raw, answer.when.zone) == ("2025-05-01T10:00:05.000Z", "explicit")
    assert texts(call)["output"].endswith('read_file] {"path":"a"}')
    assert (told(call).input_tokens, '"result":"x"' in told(call).extra) == (None, True)
    assert texts(thought)["reasoning"] == "Oh."
    assert "agentKv:x" in texts(rest)["body"]
    (one,) = old.children
    assert (old.title, texts(one)["prompt"], texts(one)["output"]) == ("Old", "Why?", "So.")


def test_every_row_is_found_again_by_its_pointer() -> None:
    assert "row" in TAKERS
    for item in items(DATA)[:-1]:
        (step,) = item.steps
        assert step.how == "row"
        piece = take_row(DATA, step)
        assert sha256(piece) == item.sha256
        for child in item.children:
            inner = piece[child.steps[0].offset : child.steps[0].offset + child.size]
            assert sha256(inner) == child.sha256
            assert b"So." in inner


@pytest.mark.parametrize("value", [
    "", "[]", "{", "{}", None,
    json.dumps({"type": 2, "text": 5, "thinking": [], "tokenCount": 3, "toolFormerData": "x"}),
    json.dumps({"conversation": [{"type": "x"}, 3], "fullConversationHeadersOnly": [1, {"bubbleId": []}]}),
])  # fmt: skip
@pytest.mark.parametrize("key", ["bubbleId:", "bubbleId:c:b9", "composerData:", "composerData:c"])
def test_hostile_values_cost_no_other_row(key: str, value: str | None) -> None:
    found = items(database(KV, (INTO, [*((k, json.dumps(v)) for k, v in KEPT[:5]), (key, value)])))
    assert "So." in [texts(each).get("output") for each in found]
    draft = Draft(b"", Context())
    assert read_cursor({"key": key, "value": value}, draft) == (
        value is not None and value[:2] in ("{}", '{"')
    )


def test_other_rows_of_keys_and_values_are_none() -> None:
    assert recognise({"key": "workbench.x", "value": "{}"}) == ""
    assert reading_order([(0, {"key": 5, "value": 1}), (1, None)]) == ([], [0, 1])
