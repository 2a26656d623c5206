from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.sets import (
    read_alpaca,
    read_alpaca_eval,
    read_conversation,
    read_mt_bench,
    read_sharegpt,
)
from casekit.ingest.parsed import Context


def draft() -> Draft:
    return Draft(b"", Context())


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"instruction": "a", "output": "b", "generator": "m"}, "AlpacaEval"),
        ({"dataset": "d", "instruction": "a", "output": "b"}, "AlpacaEval"),
        ({"instruction": "a", "input": "", "output": "b"}, "Alpaca"),
        ({"instruction": "a", "output": "b"}, "Alpaca"),
        ({"instruction": "a", "output": None}, ""),
        ({"instruction": "a", "input": 7, "output": "b"}, ""),
        ({"conversations": [{"from": "human", "value": "a"}]}, "ShareGPT"),
        ({"conversations": [{"from": "human"}]}, ""),
        ({"conversations": []}, ""),
        (
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]},
            "conversation",
        ),
        ({"conversation": [{"role": "user", "content": "a"}], "model": "m"}, "conversation"),
        ({"question_id": 1, "model_id": "m", "choices": [{"turns": ["a"]}]}, "MT-bench answers"),
        ({"question_id": 1, "choices": [{"turns": [7]}]}, ""),
    ],
)
def test_sets_are_told_by_their_keys(record: dict[str, Any], name: str) -> None:
    assert recognise(record) == name


def test_alpaca_puts_the_input_below_the_instruction() -> None:
    made = draft()
    assert read_alpaca(
        {"instruction": "Add.", "input": "1 2", "output": "3", "system": "S", "id": "x"}, made
    )
    assert (made.system, made.prompt, made.output) == ("S", "Add.\n\n1 2", "3")
    assert (made.extra, made.fields) == ({"input": "1 2"}, {"conversation_id": "x"})


def test_alpaca_eval_names_the_model() -> None:
    made = draft()
    assert read_alpaca_eval(
        {"instruction": "a", "output": "b", "generator": "m", "datasplit": "eval"}, made
    )
    assert (made.fields, made.extra) == ({"model": "m"}, {"datasplit": "eval"})


def test_a_conversation_ends_at_its_last_answer() -> None:
    made = draft()
    turns = [
        {"from": "human", "value": "a"},
        {"from": "function_call", "value": "f"},
        {"from": "gpt", "value": "b", "weight": 1},
        {"from": "human", "value": "c"},
    ]
    assert read_sharegpt({"conversations": turns, "system": "S", "tools": "t"}, made)
    assert (made.system, made.prompt, made.output) == ("S", "user: a\n\nfunction_call: f", "b")
    assert made.extra == {"tools": "t", "conversations": turns}


def test_other_conversations_carry_model_and_time() -> None:
    made = draft()
    messages = [{"role": "user", "content": "a"}, {"role": "assistant", "content": {"answer": "b"}}]
    assert read_conversation(
        {"uid": "u", "model": "m", "messages": messages, "tstamp": 1711076966.5}, made
    )
    assert (made.prompt, made.output) == ("a", "b")
    assert made.fields["model"] == "m"
    assert made.when is not None
    assert made.when.field == "tstamp"


def test_answers_without_questions_stand_below_each_other() -> None:
    made = draft()
    record = {
        "question_id": 1,
        "answer_id": "z",
        "model_id": "m",
        "choices": [{"turns": ["a", "b"]}],
        "tstamp": 1711076966,
    }
    assert read_mt_bench(record, made)
    assert (made.prompt, made.output, made.extra) == ("", "a\n\nb", {"question_id": 1})
    assert (made.fields["model"], made.fields["request_id"]) == ("m", "z")
