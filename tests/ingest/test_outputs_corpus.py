"""The real model outputs of the corpus: how many exchanges each file holds, and what is filled in each.

The numbers were counted by hand in the files. Files are read without the endings of their names.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from casekit.ingest import pointer
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step
from casekit.ingest.reading import format_of, read_any

pytestmark = pytest.mark.corpus

ALWAYS = {"prompt_sha256"}


class Expected(NamedTuple):
    """Exchanges by themselves, exchanges below them, parts and fields that every one of them has, problems."""

    form: str
    top: int
    below: int
    texts: set[str]
    fields: set[str]
    problems: tuple[str, ...] = ()


ASKED = {"prompt", "output"}
TREE = {"request_id", "parent_request", "conversation_id", "sample", "extra", "completeness"}
INSPECT = {"model", "model_requested", "extra", "trace_id", "sample"}
CALLED = INSPECT | {
    "provider", "endpoint", "finish_reason", "input_tokens", "output_tokens",
}  # fmt: skip
FILES = {
    "alpaca/seed_tasks.jsonl": Expected(
        "jsonl", 5, 0, ASKED, {"conversation_id", "sample", "extra", "completeness"}, ("no-model",)
    ),
    "alpaca_eval/gpt4_1106_preview_model_outputs_head.json": Expected(
        "json-records", 3, 0, ASKED, {"model", "extra", "completeness"}
    ),
    "arena_hard/gpt-4-0613.jsonl": Expected(
        "jsonl", 3, 0, ASKED, {"model", "request_id", "conversation_id", "messages"}
    ),
    "arena_hard_v2/o3-mini-2025-01-31.jsonl": Expected(
        "jsonl", 3, 0, ASKED, {"model", "request_id", "conversation_id", "messages", "extra"}
    ),
    "dpo/dpo_en_demo_head.json": Expected(
        "json-records", 2, 2, ASKED, {"extra", "completeness"}, ("no-model",)
    ),
    "inspect/log_formats.json": Expected(
        "json-records", 1, 0, {"system", *ASKED}, CALLED | {"temperature", "parameters"}
    ),
    "inspect/log_tool_call_error.json": Expected(
        "json-records", 1, 0, {"prompt"}, INSPECT | {"messages", "completeness"}
    ),
    "inspect/log_formats.eval": Expected(
        "inspect-eval", 1, 0, {"system", *ASKED}, CALLED | {"temperature", "parameters"}
    ),
    "inspect/log_read_sample.eval": Expected(
        "inspect-eval", 1, 0, {"system", *ASKED}, CALLED | {"request_id", "latency_ms", "messages"}
    ),
    "llamafactory/v1_dpo_demo.jsonl": Expected(
        "jsonl", 3, 3, {"system", *ASKED}, {"messages", "extra", "completeness"}, ("no-model",)
    ),
    "llamafactory/v1_sft_demo.jsonl": Expected(
        "jsonl", 3, 0, ASKED, {"messages", "completeness"}, ("no-model",)
    ),
    "mt_bench/gpt-4.jsonl": Expected(
        "jsonl", 5, 0, {"output"}, {"model", "request_id", "messages", "extra", "completeness"}
    ),
    "mt_bench/question.jsonl": Expected(
        "jsonl", 5, 0, {"prompt"}, {"messages", "extra", "completeness"}
    ),
    "oasst/en_100_message.jsonl": Expected("jsonl", 4, 22, ASKED, TREE),
    "oasst/en_100_tree.jsonl": Expected("jsonl", 2, 7, ASKED, TREE),
    "sharegpt/dummy_conversation_head.json": Expected(
        "json-records", 3, 0, ASKED, {"conversation_id", "completeness"}, ("no-model",)
    ),
    "sharegpt/glaive_toolcall_en_head.json": Expected(
        "json-records", 2, 0, ASKED, {"messages", "extra", "completeness"}, ("no-model",)
    ),
}  # fmt: skip


def family(item: Parsed, above: tuple[Step, ...] = ()) -> Iterator[tuple[Parsed, tuple[Step, ...]]]:
    steps = (*above, *item.steps)
    yield item, steps
    for child in item.children:
        yield from family(child, steps)


def filled(item: Parsed) -> set[str]:
    assert item.exchange is not None
    found = item.exchange
    return {
        name for name in found.__struct_fields__ if getattr(found, name) not in ("", None, b"", ())
    }


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_gives_its_exchanges(corpus: Path, name: str) -> None:
    path, expected = corpus / "api" / name, FILES[name]
    data = path.read_bytes()
    form = format_of(data, "head")
    found = list(read_any(data, Context(name="head"), form))
    items = [e for e in found if isinstance(e, Parsed) and e.kind != "document"]
    assert {item.kind for item in items} == {"exchange"}
    every = [each for item in items for each in family(item)]
    told = tuple(each.kind for each in found if isinstance(each, Problem))
    common = set.intersection(*(filled(item) for item, _ in every)) - ALWAYS
    parts = set.intersection(*(set(dict(item.texts)) for item, _ in every))
    made = Expected(form, len(items), len(every) - len(items), parts, common, told)
    assert made == expected
    for item, steps in every:
        assert item.collection == "outputs"
        assert len(pointer.resolve(io.BytesIO(data), steps)) == item.size
    books = found[-1]
    assert isinstance(books, Books)
    assert (books.total, books.quarantined) == (len(data), 0)


def exchanges(corpus: Path, name: str) -> list[Parsed]:
    data = (corpus / "api" / name).read_bytes()
    found = read_any(data, Context(name="head"), format_of(data, "head"))
    top = [each for each in found if isinstance(each, Parsed)]
    return [item for each in top for item, _ in family(each) if item.kind == "exchange"]


def test_a_branching_talk_is_read_along_every_branch(corpus: Path) -> None:
    found = exchanges(corpus, "oasst/en_100_tree.jsonl")
    assert [item.exchange.request_id[:8] for item in found if item.exchange] == [
        "fa783ef0", "03334b2a", "8f5fa95e",
        "2318748d", "24e027d1", "4a7f68b2", "8a325ada", "d4aaa7f1", "0b39aac7",
    ]  # fmt: skip
    assert {item.language for item in found} == {"en"}
    deep = found[4].exchange
    assert deep is not None
    turns = json.loads(deep.messages)
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]
    assert turns[2]["content"] == "Are blue light blocking glasses also effective?"
    assert turns[1]["content"] == dict(found[3].texts)["output"]
    assert dict(found[4].texts)["output"].startswith("There is no scientific research to prove")
    assert [item.exchange.model for item in found if item.exchange] == ["chip20b"] * 3 + [""] * 6


def test_times_and_models_are_those_of_the_files(corpus: Path) -> None:
    arena = exchanges(corpus, "arena_hard/gpt-4-0613.jsonl")
    assert [item.when.raw[:14] for item in arena if item.when] == [
        "1711076966.371", "1711076876.501", "1711077050.166",
    ]  # fmt: skip
    assert [dict(item.texts)["prompt"] for item in arena][
        2
    ] == "How can I print to textbox in pyqt6?"
    judged = exchanges(corpus, "mt_bench/gpt-4.jsonl")
    assert [item.exchange.model for item in judged if item.exchange] == ["gpt-4"] * 5
    (log,) = exchanges(corpus, "inspect/log_read_sample.eval")
    assert log.exchange is not None
    assert log.when is not None
    assert (dict(log.texts)["output"], log.when.raw) == (
        "Yes\n",
        "2025-07-05T09:59:48.958317-04:00",
    )
    assert (log.exchange.input_tokens, log.exchange.output_tokens) == (66, 3)
    assert json.loads(log.exchange.extra)["scores"] == {
        "match": {"value": "C", "answer": "Yes", "explanation": "Yes\n"}
    }


def test_what_was_rejected_hangs_below_what_was_chosen(corpus: Path) -> None:
    found = exchanges(corpus, "llamafactory/v1_dpo_demo.jsonl")
    told = [json.loads(item.exchange.extra)["preference"] for item in found if item.exchange]
    assert told == ["chosen", "rejected"] * 3
    good, bad = (dict(item.texts) for item in found[2:4])
    assert good["output"] == "D: considerate"
    assert bad["output"].startswith(" Based on the context, the best answer")
    assert (good["prompt"], good["system"]) == (bad["prompt"], bad["system"])
