"""A7 and A8: prompts that ask for the reasoning behind an answer, and prompts that have answers graded.

By lists of phrases, which are printed with the finding: what they miss is missed, and what they match was
asked by people too.
"""

from __future__ import annotations

from typing import Any

import ibis

from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import Frame

VERSION = "2026-11"
REASONING = (
    r"step[- ]by[- ]step", r"chain[- ]of[- ]thought", r"(internal|complete|full|detailed|underlying) reasoning",
    r"(show|explain|write out|articulate|describe) (all )?(of )?(your|the|every|each) "
    r"((internal|complete|full|whole) )?(reasoning|thinking|thought process|working)",
    r"think (out loud|aloud|carefully before)", r"reasoning (behind|trace|process|steps)", r"let'?s think",
    r"before (answering|you answer)", r"schritt für schritt", r"pas à pas", r"étape par étape",
    r"paso a paso", r"passo a passo", r"пошагово", r"шаг за шагом", r"一步一步", r"逐步", r"思考过程",
    r"推理过程",
    r"ステップバイステップ", r"段階的に", r"단계별로",
)  # fmt: skip
GRADING = (
    r"(grade|score|rate|evaluate|judge|assess|rank|mark)\b.{0,80}"
    r"(response|answer|output|reply|completion|essay|solution)s?\b",
    r"(as|act as|you are) an? (impartial |strict |expert )?(judge|grader|evaluator)",
    r"which (response|answer|output) is better", r"bewerte", r"évalue[zr]?", r"evalúa", r"оцени", r"评分",
    r"打分", r"採点", r"평가",
)  # fmt: skip
SCALE = (
    r"(from|of|on a scale of|scale from) ?\d+ ?(to|-|–|through) ?\d+", r"\bout of \d+",
    r"\b[01] ?(-|–|to) ?10+\b", r"rubric", r"criteria", r"\bjson\b",
    r"\bonly (a |the )?(number|score|integer|letter)", r"\[\[",
    r"1 ?到 ?\d+",
)  # fmt: skip


def reasoning(frame: Frame) -> list[Measure] | str:
    """The share of each account's prompts that ask for reasoning."""
    if why := frame.lacking("prompt"):
        return why
    said = frame.texts.prompt.lower()
    query = _counted(frame, said.re_search("|".join(REASONING)))
    hits, of = frame.by_account(query, "hits", "total")
    what = "share of prompts that ask for the reasoning behind an answer"
    return [Measure.share("A7", "reasoning", what, hits, of, frame.sql(query))]


def grading(frame: Frame) -> list[Measure] | str:
    """The share of each account's prompts that have an answer graded, by a scale, criteria or form."""
    if why := frame.lacking("prompt"):
        return why
    said = frame.texts.prompt.lower()
    both = said.re_search("|".join(GRADING)) & said.re_search("|".join(SCALE))
    query = _counted(frame, both)
    hits, of = frame.by_account(query, "hits", "total")
    what = "share of prompts that have an answer graded"
    return [Measure.share("A8", "grading", what, hits, of, frame.sql(query))]


def _counted(frame: Frame, condition: Any) -> Any:
    marked = frame.texts.select("account", "prompt", hit=condition)
    asked = marked.filter(marked.prompt.notnull())
    return asked.group_by("account").aggregate(hits=ibis._.hit.sum(), total=ibis._.count())
