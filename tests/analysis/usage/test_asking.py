from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from casekit.analysis.usage import asking
from casekit.analysis.usage.frame import Frame
from tests.analysis.usage import logs
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]

REASONING = (
    "Solve it step by step.", "Please SHOW YOUR REASONING", "Articulate the internal reasoning behind it",
    "Explique étape par étape", "请一步一步地回答", "Let's think about it",
)  # fmt: skip
GRADING = (
    "Grade the following response from 1 to 10.",
    "Act as an impartial judge and give only a number: rate this answer",
    "Score both answers by this rubric",
)
NEITHER = (
    "What is the capital of France?", "Write a step for my dance", "I want a better grade in school",
    "How do I answer a judge?", "Rate this film for me",
)  # fmt: skip


@pytest.mark.parametrize(
    ("prompts", "expected"),
    [(REASONING, (1.0, 0.0)), (GRADING, (0.0, 1.0)), (NEITHER, (0.0, 0.0))],
)
def test_phrases_are_told_apart(
    framed: Framed, prompts: Sequence[str], expected: tuple[float, float]
) -> None:
    rng = random.Random(1)
    who = logs.account(rng, "a")
    frame = framed([logs.row(rng, who, logs.START_US, prompt) for prompt in prompts])
    (reasoning,), (grading,) = asking.reasoning(frame), asking.grading(frame)
    assert (reasoning.values[0], grading.values[0]) == expected  # type: ignore[union-attr]
    assert reasoning.of.tolist() == [len(prompts)]  # type: ignore[union-attr]


def test_a_log_without_prompts_is_refused(framed: Framed) -> None:
    rng = random.Random(1)
    row = logs.row(rng, logs.account(rng, "a"), logs.START_US, "x")
    frame = framed([{**row, "prompt": None}])
    assert asking.reasoning(frame) == asking.grading(frame) == "this log has no prompts"
