"""Whether a subject's answers are what a lineage asks for: as its model gave them, and its own.

Taking the layout away makes whoever wrote the answers look like a student of the plainest writers (measured,
see the method paper), so a ratio must not be computed of such answers. It shows in long ones: those of a model
break into lines nearly always, and stripped ones never do. The bar is far from all 59 public models (of the
long answers of none more than 62 % stand on one line); no ratio had a part in setting it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casekit.analysis import habits
from casekit.analysis.shipped import Figures, hashed
from casekit.queries.exchanges import Answer

BARE = 0.9  # of the long answers on one line
LEAST_LONG = 25  # answers
COPIED = 0.5  # of the answers
LONG = 18  # class of length in `habits.layout`: 511 characters or more


def share(answers: Mapping[bytes, Answer], asked: Mapping[bytes, str]) -> float | None:
    """The share of one-line answers among the long ones, or None if these are too few.

    Args:
        answers: By prompt, as texts or as the figures of a population that has none.
        asked: The prompts' texts; only those of one line count, because what a prompt shows counts for nobody.
    """
    long = one_line = 0
    for prompt, answer in answers.items():
        if "\n" in asked.get(prompt, "\n").strip():
            continue
        shown = _shown(answer.output, prompt)
        if any(f"n{size}" in shown for size in range(LONG, habits.HALF_OCTAVES + 1)):
            long += 1
            one_line += not any(f"l{lines}" in shown for lines in range(2, habits.LINES + 1))
    return one_line / long if long >= LEAST_LONG else None


def refusal(subject: str, own: float | None, others: Mapping[str, float | None]) -> str:
    """Why there is no ratio, if the subject's answers look stripped and no other model's do; else empty."""
    highest = max((value for value in others.values() if value is not None), default=0.0)
    if own is None or own < BARE or own <= highest:
        return ""
    return (
        f"{100 * own:.0f} % of the long answers of {subject} stand on one line, of any other model at most "
        f"{100 * highest:.0f} %: their layout seems to have been taken away, and such answers look like a "
        "student's whoever wrote them; compare answers as they were given"
    )


def copied(
    subject: str, answers: Mapping[str, Mapping[bytes, Answer]], sources: Sequence[str],
    prompts: Sequence[bytes],
) -> str:  # fmt: skip
    """Why there is no ratio, if half of the subject's answers are a source's, word for word; else empty.

    Of a model that learned from answers, such a share has never been seen; the two are one model then, or one
    file is a copy of the other. Of a population without texts this cannot be told.
    """
    for source in sources:
        same = sum(
            answers[subject][p].output.split() == answers[source][p].output.split()
            for p in prompts if not isinstance(answers[source][p].output, Figures)
        )  # fmt: skip
        if same > COPIED * len(prompts):
            share_of = f"{100 * same / len(prompts):.0f} % of the answers of {subject}"
            return (
                f"{share_of} are those of {source}, word for word: they come from the same model, or are "
                "copies, and neither is what a lineage asks"
            )
    return ""


def _shown(text: str, prompt: bytes) -> frozenset[str]:
    """The features of size and lines, whether the answer is a text or figures."""
    if not isinstance(text, Figures):
        return habits.extent(text)
    known = text.features["layout"]
    sizes = [f"n{size}" for size in range(LONG, habits.HALF_OCTAVES + 1)]
    lines = [f"l{lines}" for lines in range(2, habits.LINES + 1)]
    return frozenset(f for f in (*sizes, *lines) if f"{hashed(f, prompt):08x}" in known)
