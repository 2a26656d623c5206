from __future__ import annotations

import json
from typing import Any

from casekit.ingest.dialects import Reading, recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.oasst import read_tree
from casekit.ingest.parsed import Context
from casekit.ingest.readers.jsonl import read as read_lines
from tests.ingest.records_case import read_all, texts


def message(name: str, role: str, text: str, *replies: dict[str, Any]) -> dict[str, Any]:
    return {"message_id": name, "role": role, "text": text, "lang": "de", "replies": list(replies)}


TREE = {
    "message_tree_id": "t",
    "tree_state": "ready",
    "prompt": message(
        "t", "prompter", "q1",
        message("a", "assistant", "a1", message("b", "prompter", "q2", message("c", "assistant", "a2"))),
        message("d", "assistant", "a3") | {"model_name": "m", "synthetic": True},
    ),
}  # fmt: skip


def test_every_way_from_the_question_to_an_answer_is_an_exchange() -> None:
    draft = Draft(json.dumps(TREE, indent=1).encode(), Context())
    assert read_tree(TREE, draft)
    assert (draft.prompt, draft.output, draft.language) == ("q1", "a1", "de")
    assert draft.fields == {"request_id": "a", "conversation_id": "t", "sample": 0}
    assert draft.extra == {"tree_state": "ready"}
    assert [texts(child) for child in draft.children] == [
        {"prompt": "user: q1\n\nassistant: a1\n\nuser: q2", "output": "a2"},
        {"prompt": "q1", "output": "a3"},
    ]
    first, second = draft.children
    assert (first.exchange is not None, second.exchange is not None) == (True, True)
    assert second.exchange is not None
    assert (second.exchange.model, second.exchange.sample) == ("m", 1)
    for child, name in ((first, "c"), (second, "d")):
        (step,) = child.steps
        cut = draft.raw[step.offset : step.offset + step.length]
        assert json.loads(cut)["message_id"] == name
    assert recognise(TREE) == "Open Assistant tree"


def test_a_bare_tree_and_a_question_without_answers() -> None:
    draft = Draft(b"", Context())
    assert read_tree(TREE["prompt"], draft)  # type: ignore[arg-type]
    assert (draft.output, len(draft.children)) == ("a1", 2)
    alone = Draft(b"", Context())
    assert read_tree(message("x", "prompter", "q"), alone)
    assert (alone.kind, alone.prompt, alone.output) == ("message", "q", "")
    assert not read_tree({"text": "a", "role": "prompter"}, Draft(b"", Context()))


def test_rows_of_a_tree_are_put_behind_each_other() -> None:
    rows = [
        ("t", None, "prompter", "q1", "t"),
        ("a", "t", "assistant", "a1", "t"),
        ("b", "a", "prompter", "q2", "t"),
        ("c", "b", "assistant", "a2", "t"),
        ("d", "t", "assistant", "a3", "t"),
        ("y", "gone", "assistant", "a4", "u"),
    ]
    names = ("message_id", "parent_id", "role", "text", "message_tree_id")
    reading = Reading(Context())
    drafts = []
    for row in rows:
        record = dict(zip(names, row, strict=True)) | {
            "created_date": "2023-02-05T14:23:50.983374+00:00"
        }
        reading.draft(record, b"")  # a record may be read twice
        drafts.append(reading.draft(record, b""))
    found = [(each.kind, each.prompt, each.output) for each in drafts if each]
    assert found == [
        ("message", "q1", ""),
        ("exchange", "q1", "a1"),
        ("message", "user: q1\n\nassistant: a1\n\nuser: q2", ""),
        ("exchange", "user: q1\n\nassistant: a1\n\nuser: q2", "a2"),
        ("exchange", "q1", "a3"),
        ("exchange", "", "a4"),
    ]
    last = drafts[-1]
    assert last is not None
    assert last.missing == ("earlier-turns-elsewhere",)
    assert last.when is not None


def test_a_question_by_itself_shows_its_words() -> None:
    row = {"message_id": "x", "parent_id": None, "role": "prompter", "text": "Why?", "message_tree_id": "x",
           "user_id": "u", "lang": "en", "labels": {"name": ["spam"], "value": [0]}}  # fmt: skip
    items, _, _ = read_all(read_lines, (json.dumps(row) + "\n").encode())
    assert (items[0].kind, texts(items[0])) == ("message", {"body": "Why?"})
    assert items[0].title == "Why?"
    assert json.loads(items[0].facts)["labels"] == row["labels"]
    tree = {
        "message_tree_id": "x",
        "tree_state": "ready",
        "prompt": {k: v for k, v in row.items() if k != "parent_id"},
    }
    items, _, _ = read_all(read_lines, (json.dumps(tree) + "\n").encode())
    assert texts(items[0]) == {"body": "Why?"}
