"""The table of analytics: what each asks, what it is consistent with, and what innocently explains it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from casekit.analysis.usage import (
    asking,
    bursts,
    geography,
    keys,
    length,
    release,
    retries,
    rhythm,
)
from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import Frame


@dataclass(frozen=True, slots=True)
class Analytic:
    """One analytic that compares a figure of every account.

    Attributes:
        id: As in the method, such as `A5`.
        name: In words.
        family: Analytics of one family see the same conduct from several sides: together they count once; empty
            for those that rest on the traits that link accounts, which count for nothing more.
        reads_as: What a high figure is consistent with.
        innocent: What else explains it.
        measures: Computes it, or says why this log cannot support it.
    """

    id: str
    name: str
    family: str
    reads_as: str
    innocent: tuple[str, ...]
    measures: Callable[[Frame], list[Measure] | str]


ANALYTICS = (
    Analytic(
        "A2", "Shared keys", "", "a key that several people or machines use",
        ("A service behind one key serves people in many places.",
         "A mobile network or a private network of the customer changes its addresses."),
        keys.measures,
    ),
    Analytic(
        "A5", "Daily rhythm", "timing", "work that runs round the clock without people",
        ("Batch jobs, monitoring and products with customers in all time zones run day and night.",),
        rhythm.measures,
    ),
    Analytic(
        "A6", "Bursts", "timing", "requests sent by a program as fast as it may",
        ("Batch jobs and evaluations are sent in bursts.", "A product may have its own busy minutes."),
        bursts.measures,
    ),
    Analytic(
        "A7", "Reasoning elicitation", "asking", "collection of reasoning rather than of answers",
        ("To ask for steps makes answers better, and is taught in public guides.",
         "Researchers and teachers ask for reasoning."),
        asking.reasoning,
    ),
    Analytic(
        "A8", "Grading use", "asking", "use of the model as a judge of answers, as for a reward model",
        ("Evaluations, schools and quality control have answers graded.",),
        asking.grading,
    ),
    Analytic(
        "A9", "Output maximisation", "length", "asking for as much text as can be had",
        ("Long documents, code and synthetic data are ordered lawfully.",
         "Many programs set the highest limit and never think of it again."),
        length.measures,
    ),
    Analytic(
        "A10", "Release pivot", "release", "traffic that is turned to a new model by one decision",
        ("Evaluations look at a new model at once.", "A product may name the newest model by default."),
        release.measures,
    ),
    Analytic(
        "A11", "Retries", "retries", "collection of several answers to one question",
        ("Health checks, tests and programs that try again after an error repeat their prompts.",),
        retries.measures,
    ),
    Analytic(
        "A13", "Geography", "", "networks that hide where their users are",
        ("Companies, clouds and private networks serve several countries from one block.",
         "People travel."),
        geography.measures,
    ),
)  # fmt: skip
"""Infrastructure (A1) and scripts (A3) stand apart: they say who belongs together, not how somebody acts."""
