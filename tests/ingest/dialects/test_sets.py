from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import Reading, recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.sets import (
    read_alpaca,
    read_alpaca_eval,
    read_contents,
    read_conversation,
    read_judgment,
    read_mt_bench,
    read_mt_question,
    read_seed_task,
    read_sharegpt,
)
from casekit.ingest.parsed import Context
from tests.ingest.records_case import texts


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


def test_earlier_turns_of_an_example_stand_before_its_question() -> None:
    made = draft()
    record = {
        "instruction": "c",
        "input": "",
        "output": "d",
        "history": [["a", "b"]],
        "system": "S",
    }
    assert read_alpaca(record, made)
    assert (made.system, made.output) == ("S", "d")
    assert made.prompt == "user: a\n\nassistant: b\n\nuser: c"
    assert "history" not in made.extra


def test_seed_tasks_give_each_instance() -> None:
    record = {
        "id": "s",
        "instruction": "Add.",
        "instances": [{"input": "1 2", "output": "3"}, {"input": "", "output": "4"}],
    }
    made = Draft(json.dumps(record).encode(), Context())
    assert read_seed_task(record, made)
    assert (made.prompt, made.output, made.fields["conversation_id"]) == ("Add.\n\n1 2", "3", "s")
    (child,) = made.children
    step = child.steps[0]
    cut = json.loads(made.raw[step.offset : step.offset + step.length])
    assert (cut, texts(child)) == (record["instances"][1], {"prompt": "Add.", "output": "4"})
    assert not read_seed_task({"instruction": "a", "instances": [{"output": 1}]}, draft())


def test_questions_are_prompts_without_an_output() -> None:
    made = draft()
    assert read_mt_question({"question_id": 81, "category": "w", "turns": ["a", "b"]}, made)
    assert (made.prompt, made.output, made.missing) == ("user: a\n\nuser: b", "", ("unjoined",))
    assert made.extra == {"question_id": 81, "category": "w"}


def test_further_choices_hang_below_the_first() -> None:
    record = {
        "question_id": 1, "answer_id": "z", "model_id": "m",
        "choices": [{"index": 0, "turns": ["a"]}, {"index": 1, "turns": ["b"]}],
    }  # fmt: skip
    made = Draft(json.dumps(record).encode(), Context())
    assert read_mt_bench(record, made)
    (child,) = made.children
    assert child.exchange is not None
    assert (texts(child)["output"], child.exchange.model, child.exchange.sample) == ("b", "m", 1)


def test_what_was_thought_stands_apart_from_the_answer() -> None:
    made = draft()
    messages = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": {"answer": "<think>b</think>c", "thought": "hm"}},
    ]
    assert read_conversation({"uid": "u", "model": "m", "messages": messages}, made)
    assert (made.output, made.reasoning) == ("<think>b</think>c", "hm")


WILD = {
    "conversation_hash": "h", "model": "gpt-4-0314", "timestamp": "2023-04-09T00:02:53+00:00",
    "conversation": [
        {"role": "user", "content": "Hi", "country": "US", "hashed_ip": "22fd", "language": "English",
         "header": {"accept-language": "en", "user-agent": "Moz"}, "redacted": True, "toxic": False},
        {"role": "assistant", "content": "Yes?", "country": None, "hashed_ip": None},
    ],
    "turn": 1, "language": "English", "openai_moderation": [{"flagged": False}],
    "detoxify_moderation": [{"toxicity": 0.1}], "toxic": False, "redacted": True,
}  # fmt: skip


@pytest.mark.parametrize(
    "above",
    [{}, {"hashed_ip": "22fd", "country": "US", "header": {"user-agent": "Moz"}, "state": "Texas"}],
)
def test_wildchat_says_who_asked_by_the_hash_of_the_address(above: dict[str, Any]) -> None:
    made = draft()
    assert read_conversation(WILD | above, made)
    fields = {k: v for k, v in made.fields.items() if k != "messages"}
    assert fields == {
        "conversation_id": "h", "model": "gpt-4-0314", "turn": 1, "ip": "22fd",
        "country": "US", "user_agent": "Moz",
    }  # fmt: skip
    assert (made.prompt, made.output, made.missing) == ("Hi", "Yes?", ("ip-masked", "redacted"))
    assert made.when is not None
    assert made.when.zone == "explicit"
    assert made.extra["openai_moderation"] == [{"flagged": False}]


def test_lmsys_chat_has_moderation_and_no_address() -> None:
    made = draft()
    record = {
        "conversation_id": "c", "model": "vicuna", "turn": 1, "language": "English", "redacted": False,
        "conversation": [{"content": "a", "role": "user"}, {"content": "b", "role": "assistant"}],
        "openai_moderation": [{"flagged": True}],
    }  # fmt: skip
    assert read_conversation(record, made)
    assert made.fields == {"conversation_id": "c", "model": "vicuna", "turn": 1}
    assert made.extra == {
        "language": "English", "redacted": False, "openai_moderation": [{"flagged": True}],
    }  # fmt: skip


TURNS = [{"user": "a", "assistant": "b"}, {"user": "c", "assistant": "d"}]
ROLES = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]


@pytest.mark.parametrize(
    ("record", "name", "prompt", "output"),
    [
        ({"conversations": TURNS}, "ShareGPT", "user: a\n\nassistant: b\n\nuser: c", "d"),
        ({"conversations": ROLES, "system": "S"}, "conversation", "a", "b"),
        ({"dialogue": ROLES, "system": "S"}, "conversation", "a", "b"),
        ({"id": "7", "data": ["a", "b"]}, "UltraChat", "a", "b"),
        (
            {"instruction": "a", "input": "x", "output": ["b", "c"]},
            "several answers",
            "a\n\nx",
            "b",
        ),
    ],
)
def test_the_same_talk_is_written_in_many_ways(
    record: dict[str, Any], name: str, prompt: str, output: str
) -> None:
    assert recognise(record) == name
    made = Reading(Context()).draft(record, json.dumps(record).encode())
    assert made is not None
    assert (made.prompt, made.output, made.system) == (prompt, output, record.get("system", ""))
    assert "system" not in made.extra


def test_what_a_judge_said_of_answers() -> None:
    single = {"question_id": 81, "model": "m", "judge": ["j", "single-v1"], "user_prompt": "Rate it.",
              "judgment": "Rating: [[5]]", "score": 5, "tstamp": 1687222222.1}  # fmt: skip
    draft = Draft(b"", Context())
    assert read_judgment(single, draft)
    assert (draft.prompt, draft.output, draft.fields["model"]) == ("Rate it.", "Rating: [[5]]", "j")
    assert draft.extra == {"question_id": 81, "model": "m", "score": 5}
    games = [{"score": "A>B", "judgment": {"answer": "A."}, "prompt": [{"role": "user", "content": "Which?"}]},
             {"score": "B>A", "judgment": "B.", "user_prompt": "Which?"}]  # fmt: skip
    arena = {"uid": "u", "judge": "j", "model": "m", "baseline": "b", "games": games}
    raw = json.dumps(arena).encode()
    draft = Draft(raw, Context())
    assert read_judgment(arena, draft)
    assert (draft.prompt, draft.output, draft.extra["score"]) == ("Which?", "A.", "A>B")
    (other,) = draft.children
    assert dict(other.texts) == {"prompt": "Which?", "output": "B."}
    assert raw[other.steps[0].offset :].startswith(b'{"score": "B>A"')
    assert not read_judgment({"judge": "j", "games": []}, draft)


def test_a_line_for_fine_tuning_with_tools_ends_in_its_answer() -> None:
    """Not a request whose answer is missing: the set's last message is what the model is to say."""
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    record = {
        "messages": [
            {"role": "user", "content": "Ask."},
            {"role": "assistant", "tool_calls": [call]},
        ],
        "tools": [{"type": "function", "function": {"name": "f"}}],
        "parallel_tool_calls": False,
    }
    assert recognise(record) == "conversation"
    draft = Draft(b"", Context())
    assert read_conversation(record, draft)
    assert (draft.prompt, draft.output) == ("Ask.", "[function f] {}")
    assert {"tools", "parallel_tool_calls"} <= draft.extra.keys()
    assert recognise({**record, "max_tokens": 5, "model": "m"}) == "model request"


def test_a_conversation_to_tune_gemini_with_ends_with_the_answer() -> None:
    record = {
        "systemInstruction": {"parts": [{"text": "Be kind."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "Hi"}]},
            {"role": "model", "parts": [{"text": "Yo"}]},
        ],
    }
    assert recognise(record) == "conversation, Gemini's form"
    made = draft()
    assert read_contents(record, made)
    assert (made.system, made.prompt, made.output) == ("Be kind.", "Hi", "Yo")
    asked = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}
    assert not read_contents(asked, draft())


def test_a_system_in_parts_is_one() -> None:
    made = draft()
    talk = [
        {"role": "user", "content": [{"text": "Hi"}]},
        {"role": "assistant", "content": [{"text": "Yo"}]},
    ]
    assert read_conversation(
        {"schemaVersion": "s", "system": [{"text": "Be kind."}], "messages": talk}, made
    )
    assert (made.system, made.prompt, made.output) == ("Be kind.", "Hi", "Yo")
    assert made.extra == {"schemaVersion": "s"}


def test_answers_that_were_drawn_beside_that_of_the_conversation_are_shown() -> None:
    made = draft()
    talk = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yo"}]
    record = {"problem": "Hi", "generations": ["Yo", "Hey"], "messages": talk}
    assert read_conversation(record, made)
    assert (made.output, made.answers) == ("Yo", ("Hey",))
    assert made.extra["generations"] == ["Yo", "Hey"]
    other = draft()
    assert read_conversation({"responses": ["no answer of these"], "messages": talk}, other)
    assert other.answers == ()
