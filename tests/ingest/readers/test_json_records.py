from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from casekit.ingest.parsed import Context
from casekit.ingest.readers.json_records import read
from tests.ingest.records_case import DATA, read_all, texts


def test_outputs_carry_their_generator_and_exact_texts() -> None:
    items, problems, _ = read_all(read, (DATA / "outputs.json").read_bytes())
    assert problems == []
    assert [(item.kind, item.collection, item.title) for item in items] == [
        ("exchange", "outputs", "Name a colour."),
        ("exchange", "outputs", 'Say "yes".'),
    ]
    assert texts(items[0]) == {
        "prompt": "Name a colour.\nOnly one.",
        "output": "Blue – like the sky.",
    }
    exchange = items[0].exchange
    assert exchange is not None
    assert (exchange.model, exchange.completeness) == ("meridian-7b", ("no-time",))
    assert json.loads(exchange.extra) == {"dataset": "helpful_base", "datasplit": "eval"}


def test_pairs_of_three_apis_become_the_same_kind_of_exchange() -> None:
    items, problems, _ = read_all(read, (DATA / "pairs.json").read_bytes())
    assert problems == []
    assert [texts(item) for item in items] == [
        {"system": "Answer in French.", "prompt": "Hello", "output": "Bonjour"},
        {
            "system": "Be kind.",
            "prompt": "Write a haiku.",
            "output": "Old pond",
            "reasoning": "Counting.",
        },
        {
            "system": "Use tools.",
            "prompt": "user: Weather?\n\nassistant: Where?\n\nuser: Bern",
            "output": 'Let me look.\n[tool_use weather] {"place":"Bern"}',
            "reasoning": "I need\nthe tool.",
        },
    ]
    first, _, last = (item.exchange for item in items)
    assert first is not None
    assert last is not None
    assert (first.model, first.model_requested, first.request_id) == (
        "gpt-4o-2024-08-06",
        "gpt-4o",
        "chatcmpl-1",
    )
    assert (first.seed, first.temperature, first.input_tokens, first.output_tokens) == (
        7,
        0.0,
        19,
        2,
    )
    assert items[0].when is not None
    assert (items[0].when.raw, items[0].when.field) == ("1741569952", "created")
    assert '"signature":"c2ln"' in last.extra


def test_a_conversation_is_one_exchange() -> None:
    items, _, _ = read_all(read, (DATA / "conversations.json").read_bytes())
    assert [texts(item) for item in items] == [
        {"prompt": "Who are you?", "output": "A model."},
        {
            "system": "Be Vicuna.",
            "prompt": "user: Hi\n\nassistant: Hello!\n\nuser: Bye",
            "output": "Goodbye!",
        },
    ]
    exchange = items[1].exchange
    assert exchange is not None
    assert [each["content"] for each in json.loads(exchange.messages)][-1] == "Still there?"
    assert exchange.conversation_id == "c2"


def test_every_way_to_cut_the_file_off_adds_up() -> None:
    data = (DATA / "outputs.json").read_bytes()
    for size in range(len(data)):
        read_all(read, data[:size])


def test_a_damaged_element_costs_itself() -> None:
    data = (DATA / "outputs.json").read_bytes().replace(b"helpful_base", b"help\xffful")
    items, problems, _ = read_all(read, data)
    assert [item.title for item in items] == ['Say "yes".']
    assert [(each.kind, each.line, each.offset) for each in problems] == [("bad-utf8", 2, 4)]


def test_wide_encodings_are_read_too() -> None:
    data = '{"instruction":"é","output":"b"}'.encode("utf-16")
    items, _, _ = read_all(read, data, Context(name="wide.json"))
    assert texts(items[0]) == {"prompt": "é", "output": "b"}


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null", b'"text"', b"[1,2", b"\xff\xfe", b"{" * 2000]
)
def test_what_holds_no_record_is_one_document(data: bytes) -> None:
    items, _, books = read_all(read, data)
    assert [item.kind for item in items] == ["document"]
    assert books.good == len(data)


@pytest.mark.corpus
def test_the_outputs_of_real_models_are_read_whole(corpus: Path) -> None:
    files = sorted((corpus / "model_outputs").glob("*.json.gz"))[::6]
    assert files
    for path in files:
        data = gzip.decompress(path.read_bytes())
        records = json.loads(data)
        items, problems, _ = read_all(read, data, Context(model=path.name.removesuffix(".json.gz")))
        assert problems == []
        assert [texts(item).get("prompt", "") for item in items] == [
            each["instruction"] for each in records
        ]
        assert [texts(item).get("output", "") for item in items] == [
            each["output"] for each in records
        ]
        assert {item.exchange.model for item in items if item.exchange} == {
            path.name.removesuffix(".json.gz")
        }


@pytest.mark.corpus
def test_hostile_json_ends_in_a_clear_state(corpus: Path) -> None:
    for path in sorted((corpus / "hostile" / "json").iterdir()):
        items, _, books = read_all(read, path.read_bytes(), Context(name=path.name))
        assert len(items) == 1
        assert books.quarantined == 0
        if path.name.startswith("test_parsing_n"):
            assert items[0].problems
