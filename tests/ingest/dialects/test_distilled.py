from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.distilled import read_templated, read_traced
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context


def test_reasoning_kept_in_a_column_of_its_own_is_read_as_such() -> None:
    record = {"question": "Q", "solution": "S", "cot_type": "math", "thinking_trajectories": ["t1", "t2"],
              "attempt": "A"}  # fmt: skip
    draft = Draft(b"", Context())
    assert recognise(record) == "reasoning traces"
    assert read_traced(record, draft)
    assert (draft.prompt, draft.reasoning, draft.output) == ("Q", "t1\n\nt2", "A")
    assert draft.extra == {"solution": "S", "cot_type": "math"}


def test_each_models_answer_is_an_exchange() -> None:
    record = {"question": "Q", "gemini_thinking_trajectory": "gt", "gemini_attempt": "ga",
              "deepseek_thinking_trajectory": "dt", "deepseek_attempt": "da",
              "gemini_grade": "Yes"}  # fmt: skip
    draft = Draft(json.dumps(record).encode(), Context())
    assert read_traced(record, draft)
    assert (draft.fields["model"], draft.reasoning, draft.output) == ("gemini", "gt", "ga")
    assert draft.extra == {"gemini_grade": "Yes"}
    (other,) = draft.children
    assert dict(other.texts) == {"prompt": "Q", "output": "da", "reasoning": "dt"}
    assert other.exchange is not None
    assert other.exchange.model == "deepseek"


def test_a_problem_with_a_models_reasoning_and_the_true_solution() -> None:
    record = {
        "problem": "P",
        "deepseek_reasoning": "r",
        "deepseek_solution": "s",
        "ground_truth_solution": "g",
    }
    draft = Draft(b"", Context())
    assert recognise(record) == "reasoning traces"
    assert read_traced(record, draft)
    assert (draft.prompt, draft.reasoning, draft.output) == ("P", "r", "s")
    assert draft.extra == {"ground_truth_solution": "g"}


def test_what_a_judge_thought_of_an_answer_is_not_the_answer() -> None:
    judged = {"question": "Q", "answer": "A", "judge_reasoning": "r", "judge_answer": "7"}
    assert not read_traced(judged, Draft(b"", Context()))


TEMPLATED = [
    ("<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n A\n<|im_end|>\n",
     "S", "Q", " A\n", "ChatML"),
    ("<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nQ<|eot_id|>"
     "<|start_header_id|>assistant<|end_header_id|>\n\nA<|eot_id|>", "", "Q", "A", "Llama 3"),
    ("<bos><start_of_turn>user\nQ<end_of_turn>\n<start_of_turn>model\nA<end_of_turn>", "", "Q", "A", "Gemma"),
    ("<|user|>\nQ</s>\n<|assistant|>\nA</s>", "", "Q", "A", "Zephyr"),
    ("<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nQ [/INST] A </s>", "S", "Q", "A", "Llama 2"),
    ("### Human: Q### Assistant: A", "", "Q", "A", "Alpaca"),
    ("Below is a task.\n\n### Instruction:\nQ\n\n### Response:\nA\n", "Below is a task.", "Q", "A\n", "Alpaca"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "system", "prompt", "output", "name"), TEMPLATED)
def test_a_talk_in_a_chat_template(
    text: str, system: str, prompt: str, output: str, name: str
) -> None:
    draft = Draft(b"", Context())
    assert recognise({"text": text, "source": "x"}) == "text in a chat template"
    assert read_templated({"text": text, "source": "x"}, draft)
    assert (draft.system, draft.prompt, draft.output) == (system, prompt, output)
    assert draft.extra == {"source": "x", "template": name}


@pytest.mark.parametrize(
    "record",
    [
        {"text": "Plain words."},
        {"text": "He wrote <|im_start|>user\nQ<|im_end|><|im_start|>assistant\nA<|im_end|> there."},
        {"text": "<|im_start|>user\nQ<|im_end|> and more <|im_start|>assistant\nA<|im_end|>"},
        {"text": "<|im_start|>user\nOnly a question<|im_end|>"},
        {"text": 7},
    ],
)
def test_a_text_that_is_no_talk_throughout_is_left_alone(record: dict[str, Any]) -> None:
    assert not read_templated(record, Draft(b"", Context()))


def test_a_chat_message_that_quotes_a_template_stays_a_message() -> None:
    quoted = {"type": "message", "user": "U1", "ts": "1704067200.000100", "text": TEMPLATED[0][0]}
    assert recognise(quoted) == "Slack message"
