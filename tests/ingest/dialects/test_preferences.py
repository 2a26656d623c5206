from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.preferences import (
    read_answers,
    read_battle,
    read_completion,
    read_preference,
)
from casekit.ingest.parsed import Context, Parsed
from tests.ingest.records_case import texts

USER = {"role": "user", "content": "Why?"}
GOOD = {"role": "assistant", "content": " So. "}
BAD = {"role": "assistant", "content": "No."}


def drafted(record: dict[str, Any]) -> Draft:
    return Draft(json.dumps(record).encode(), Context())


def cut(draft: Draft, child: Parsed) -> Any:
    (step,) = child.steps
    return json.loads(draft.raw[step.offset : step.offset + step.length])


@pytest.mark.parametrize(
    "record",
    [
        {"prompt": "Why?", "chosen": " So. ", "rejected": "No."},
        {"prompt": [USER], "chosen": [GOOD], "rejected": [BAD]},
        {"chosen": [USER, GOOD], "rejected": [USER, BAD]},
        {"prompt": "Why?", "chosen": [USER, GOOD], "rejected": [USER, BAD]},
        {"question": "Why?", "chosen": " So. ", "rejected": "No."},
        {"instruction": "Why?", "input": "", "chosen": " So. ", "rejected": "No."},
        {"input": {"messages": [USER]}, "preferred_output": [GOOD], "non_preferred_output": [BAD]},
        {"chosen_messages": [USER, GOOD], "rejected_messages": [USER, BAD]},
        {
            "conversations": [{"from": "human", "value": "Why?"}],
            "chosen": {"from": "gpt", "value": " So. "},
            "rejected": {"from": "gpt", "value": "No."},
        },
    ],
)
def test_a_pair_is_two_outputs_of_one_prompt(record: dict[str, Any]) -> None:
    draft = drafted(record)
    assert read_preference(record, draft)
    assert (draft.prompt, draft.output) == ("Why?", " So. ")
    (child,) = draft.children
    assert texts(child) == {"prompt": "Why?", "output": "No."}
    assert cut(draft, child) == list(record.values())[-1]
    assert draft.extra["preference"] == "chosen"
    assert child.exchange is not None
    assert json.loads(child.exchange.extra) == {"preference": "rejected"}
    assert recognise(record) == "preference pair (DPO)"


def test_a_pair_without_a_prompt_is_split_at_its_last_turn() -> None:
    start = "\n\nHuman: Hi\n\nAssistant: Yes?\n\nHuman: Why?\n\nAssistant:"
    record = {"chosen": start + " So.", "rejected": start + " No."}
    draft = drafted(record)
    assert read_preference(record, draft)
    assert (draft.prompt, draft.output) == (start, " So.")
    assert texts(draft.children[0]) == {"prompt": start, "output": " No."}


def test_models_scores_and_several_rejected_answers_are_kept() -> None:
    record = {
        "prompt": "Why?", "system": "S", "chosen": "a", "rejected": ["b", "c"], "chosen_model": "m1",
        "rejected_model": "m2", "score_chosen": 9, "id": "x",
    }  # fmt: skip
    draft = drafted(record)
    assert read_preference(record, draft)
    assert (draft.system, draft.fields["model"]) == ("S", "m1")
    assert draft.extra == {"preference": "chosen", "score_chosen": 9}
    assert [texts(child)["output"] for child in draft.children] == ["b", "c"]
    assert [cut(draft, child) for child in draft.children] == ["b", "c"]
    assert {child.exchange.model for child in draft.children if child.exchange} == {"m2"}
    assert {child.exchange.conversation_id for child in draft.children if child.exchange} == {"x"}


@pytest.mark.parametrize(
    "record",
    [
        {"chosen": "a"},
        {"chosen": None, "rejected": "b"},
        {"chosen": [], "rejected": "b"},
        {"chosen": [1], "rejected": "b"},
        {"prompt": 7, "chosen": "a", "rejected": "b"},
    ],
)
def test_what_is_no_pair_is_left_alone(record: dict[str, Any]) -> None:
    draft = drafted(record)
    assert not read_preference(record, draft)
    assert (draft.prompt, draft.output, draft.extra, draft.fields) == ("", "", {}, {})


def test_prompt_and_completion_may_be_messages() -> None:
    record = {"prompt": [USER], "completion": [GOOD], "label": True}
    draft = drafted(record)
    assert read_completion(record, draft)
    assert (draft.prompt, draft.output, draft.extra) == ("Why?", " So. ", {"label": True})
    assert not read_completion({"prompt": "a", "completion": "b"}, drafted({}))


def test_each_of_several_answers_is_an_output_with_its_model() -> None:
    record = {
        "instruction": "Why?",
        "completions": [
            {"model": "m1", "response": "a", "annotations": {"help": 5}},
            {"model": "m2", "response": "b"},
        ],
        "source": "s",
    }
    draft = drafted(record)
    assert read_answers(record, draft)
    assert (draft.output, draft.fields["model"]) == ("a", "m1")
    assert draft.extra == {"annotations": {"help": 5}, "source": "s"}
    (child,) = draft.children
    assert (texts(child)["output"], cut(draft, child)) == ("b", record["completions"][1])
    assert child.exchange is not None
    assert (child.exchange.model, child.exchange.sample) == ("m2", 1)
    plain = {"prompt": "q", "responses": ["a", "b"], "models": ["m1", "m2"]}
    draft = drafted(plain)
    assert read_answers(plain, draft)
    assert draft.children[0].exchange is not None
    assert draft.children[0].exchange.model == "m2"
    assert not read_answers({"question": "q", "answers": [7]}, drafted({}))


TALK_A = [USER, GOOD]
TALK_B = [USER, BAD]


@pytest.mark.parametrize(
    "record",
    [
        {"instruction": "Why?", "output_1": " So. ", "generator_1": "m1", "output_2": "No.",
         "generator_2": "m2", "preference": 2},
        {"conversation_a": TALK_A, "conversation_b": TALK_B, "model_a": "m1", "model_b": "m2",
         "preference": 2},
        {"prompt": '["Why?"]', "response_a": '[" So. "]', "response_b": '["No."]', "model_a": "m1",
         "model_b": "m2", "preference": 2},
        {"prompt": "Why?", "response_1": " So. ", "response_2": "No.", "model_1": "m1", "model_2": "m2",
         "preference": 2},
    ],
)  # fmt: skip
def test_two_models_side_by_side_are_two_outputs(record: dict[str, Any]) -> None:
    draft = drafted(record)
    assert read_battle(record, draft)
    assert (draft.prompt, draft.output, draft.fields["model"]) == ("Why?", " So. ", "m1")
    (child,) = draft.children
    assert texts(child) == {"prompt": "Why?", "output": "No."}
    assert child.exchange is not None
    assert (child.exchange.model, draft.extra) == ("m2", {"preference": 2})
    assert cut(draft, child) in ("No.", '["No."]', TALK_B)
    assert recognise(record) == "pairwise comparison"


def test_turns_of_a_battle_follow_each_other() -> None:
    record = {"prompt": ["a", "c"], "response_a": ["b", "d"], "response_b": ["B", "D"]}
    draft = drafted(record)
    assert read_battle(record, draft)
    assert (draft.prompt, draft.output) == ("user: a\n\nassistant: b\n\nuser: c", "d")
    assert texts(draft.children[0])["output"] == "D"
    for broken in ({**record, "response_a": ["b"]}, {"response_a": 1, "response_b": 2}):
        assert not read_battle(broken, drafted(broken))


def test_a_battle_with_an_answer_that_never_came_is_kept() -> None:
    record = {"id": 7, "model_a": "m1", "model_b": "m2", "prompt": '["p1","p2"]', "response_a": '["a1",null]',
              "response_b": '["b1","b2"]', "winner_tie": 0}  # fmt: skip
    draft = Draft(json.dumps(record).encode(), Context())
    assert read_battle(record, draft)
    assert (draft.fields["model"], draft.output) == ("m1", "")
    assert "a1" in draft.prompt
    assert dict(draft.children[0].texts)["output"] == "b2"
