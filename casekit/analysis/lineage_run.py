"""Lineage measured once: who takes part, how near each stands to the source, and the ratio of a score.

Two statistics, chosen on the 59 models named in the method paper and frozen: how answers are laid out
and how their sentences begin (`habits`), each as closeness to the lineage of the source rather than to
strangers (`closeness`). Their mean is turned into a likelihood ratio by models whose training is documented,
none of them of the subject's family (`calibration`), and capped by the number of stranger families.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from casekit.analysis import closeness, habits, naming, population, shipped
from casekit.analysis.calibration import Trials, capped, fit, fused
from casekit.analysis.population import Member, Sides
from casekit.analysis.shipped import Shipped
from casekit.progress import Progress
from casekit.queries import exchanges
from casekit.queries.exchanges import Answer

Floats = NDArray[np.float64]
Answers = dict[str, dict[bytes, Answer]]

HABITS: Mapping[str, closeness.Habit] = {"layout": habits.layout, "openings": habits.openings}
LEAST_PROMPTS = 100
LEAST_STRANGERS = 5  # families, the subject's own not counted
LEAST_STUDENTS = 3
MISSING = 0.02  # of the prompts; a model that misses more is not used
LEAST_KNOWN = 25  # prompts on which a model shows a habit that others show


@dataclass(frozen=True, slots=True)
class Measured:
    """Closeness of every model to the lineage: habits x models x prompts."""

    models: tuple[str, ...]
    values: Floats

    def scores(self, prompts: NDArray[np.intp] | None = None) -> list[Floats]:
        """Mean of each habit by model, over the prompts given by place, or over all."""
        picked = self.values if prompts is None else self.values[:, :, prompts]
        return [np.nanmean(habit, axis=1) for habit in picked]

    def alone(self) -> set[str]:
        """The models that on nearly all prompts show nothing that others show: they have no mean."""
        known = (~np.isnan(self.values)).sum(axis=2).min(axis=0)
        return {m for m, n in zip(self.models, known, strict=True) if n < LEAST_KNOWN}


@dataclass(frozen=True, slots=True)
class Run:
    """All that one question needs, read and measured once; `trials` are the first of the measured models."""

    members: tuple[Member, ...]
    sources: tuple[str, ...]
    sides: Sides
    answers: Answers
    prompts: list[bytes]
    measured: Measured
    trials: Trials


def prepare(
    s: Connection, subject: str | None, own: str | None, sources: Sequence[str],
    members: Sequence[Member], progress: Progress, reference: Shipped | None = None,
) -> tuple[Run | None, str]:  # fmt: skip
    """What the question needs, or why it cannot be answered."""
    sides = population.sort(members, sources, own)
    same_lab = subject and sides.aside.get(subject) == population.OWN_LAB
    sides = population.without_family(sides, own)
    named = [*sources, *([subject] if subject else [])]
    answers = {
        m: (reference.answers(m) if reference and m != subject else exchanges.by_prompt(s, m))
        for m in dict.fromkeys([*named, *sides.models])
    }
    for name in named:
        if not answers[name]:
            raise naming.absent(name, naming.there(s, reference))
    if same_lab:
        return None, f"{subject} is of the source's own lab"
    asked = _asked(answers, named)
    prompts = sorted(p for p in asked if all(p in answers[name] for name in named))
    if len(prompts) < LEAST_PROMPTS:
        return None, (
            f"only {len(prompts)} prompts were answered by the subject, all sources and most other models; "
            f"at least {LEAST_PROMPTS} are needed"
        )
    for name in named:
        lacking = sum(p not in answers[name] for p in asked) / len(asked)
        if lacking > MISSING:
            return (
                None,
                f"{name} lacks {100 * lacking:.1f} % of the answers; at most {100 * MISSING:.0f} % may",
            )
    mixed = [m for m in named if _mixed(answers[m], prompts)]
    if mixed:
        return None, f"the answers of {mixed[0]} were made with different temperatures"
    short = {
        m for m in sides.models
        if m not in named and sum(p not in answers[m] for p in prompts) > MISSING * len(prompts)
    }  # fmt: skip
    sides = _without(sides, short, "it lacks answers to these prompts")
    while not (few := _too_few(sides)):
        measured = _measure(sides, subject, answers, prompts, progress, reference)
        alone = measured.alone()
        if not alone:
            break
        if subject in alone:
            return None, f"{subject} shows too few habits that any other model shows"
        sides = _without(sides, alone, "it shows too few habits that any other model shows")
    if few:
        return None, few
    rows = [(m, f) for side in (sides.students, sides.strangers) for f in side for m in side[f]]
    trials = Trials(np.array([f in sides.students for _, f in rows]), tuple(f for _, f in rows))
    return Run(tuple(members), tuple(sources), sides, answers, prompts, measured, trials), ""


def _too_few(sides: Sides) -> str:
    for side, least, what in (
        (sides.strangers, LEAST_STRANGERS, "families of models without such training"),
        (sides.students, LEAST_STUDENTS, "families of documented students of the source"),
    ):
        if len(side) < least:
            return (
                f"the population has {len(side)} {what}, the subject's own not counted; at least {least} "
                "are needed"
            )
    return ""


def _mixed(answers: Mapping[bytes, Answer], prompts: Sequence[bytes]) -> bool:
    return len({answers[p].temperature for p in prompts if answers[p].temperature is not None}) > 1


def _without(sides: Sides, models: set[str], why: str) -> Sides:
    """The sides without some models."""

    def kept(side: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        left = {f: tuple(m for m in ours if m not in models) for f, ours in side.items()}
        return {f: ours for f, ours in left.items() if ours}

    aside = sides.aside | dict.fromkeys(sorted(models), why)
    return Sides(kept(sides.sources), kept(sides.students), kept(sides.strangers), aside)


def _asked(answers: Answers, named: Sequence[str]) -> set[bytes]:
    """The prompts of the comparison: answered by half, or more, of the models named and of the others.

    What one model alone was asked besides is missing from nobody.
    """
    asked: set[bytes] | None = None
    for models in (named, [m for m in answers if m not in named and answers[m]]):
        count = Counter(itertools.chain.from_iterable(answers[m] for m in models))
        often = {p for p, n in count.items() if 2 * n >= len(models)}
        asked = often if asked is None or not models else asked & often
    return asked or set()


def _measure(
    sides: Sides,
    subject: str | None,
    answers: Answers,
    prompts: Sequence[bytes],
    progress: Progress,
    reference: Shipped | None = None,
) -> Measured:
    rows = [m for side in (sides.students, sides.strangers) for f in side for m in side[f]]
    if subject:
        rows.append(subject)
    field = closeness.Field.of(sides, [subject] if subject else ())
    values = np.empty((len(HABITS), len(rows), len(prompts)))
    for n, prompt in enumerate(prompts):
        progress.step(n, len(prompts), "comparing the habits of the answers")
        texts = {m: answers[m][prompt].output for m in field.models if prompt in answers[m]}
        asked = next(
            (a[prompt].prompt for a in answers.values() if prompt in a and a[prompt].prompt), ""
        )
        for h, (name, habit) in enumerate(HABITS.items()):
            read = shipped.reading(name, habit, prompt) if reference else habit
            values[h, :, n] = closeness.of_prompt(asked, texts, field, rows, read)
    progress.step(len(prompts), len(prompts), "habits compared")
    return Measured(tuple(rows), values)


def trial_rows(run: Run) -> list[tuple[str, str]]:
    """Model and family of every trial."""
    return list(zip(run.measured.models, run.trials.family, strict=False))


def fitted(
    scores: Sequence[Floats], run: Run, counts: dict[str, float] | None = None
) -> tuple[float, Callable[[Floats], Floats]]:
    """The score of the subject, which is the last measured, and the map to ratios by all trials."""
    n, weights = len(run.trials.family), run.trials.weights(counts)
    score = fused(scores, np.append(weights, 0.0))
    return float(score[-1]), fit(score[:n], run.trials.yes, weights)


def ratio(scores: Sequence[Floats], run: Run, counts: dict[str, float] | None = None) -> float:
    """The capped log10 ratio of the subject."""
    score, mapped = fitted(scores, run, counts)
    return float(capped(mapped(np.array([score])), len(run.trials.families(yes=False)))[0])


def rises(mapped: Callable[[Floats], Floats]) -> bool:
    """Whether a ratio rises with nearness: else it would speak against whoever is unlike the source."""
    low, high = mapped(np.array([0.0, 1.0]))
    return bool(high > low)


def uncapped(run: Run) -> float:
    """The log10 ratio of the subject before the cap: never said of a case, but it shows what a change does."""
    score, mapped = fitted(run.measured.scores(), run)
    return float(mapped(np.array([score]))[0])


def left_out(run: Run) -> tuple[Floats, Floats]:
    """The log10 ratios of all trials, each by the families other than its own: capped, and not."""
    scores = run.measured.scores()
    trials, n = run.trials, len(run.trials.family)
    family = np.array(trials.family)
    ratios, uncapped = np.zeros(n), np.zeros(n)
    for held in sorted(set(trials.family)):
        outside = family != held
        known = Trials(trials.yes[outside], tuple(family[outside]))
        weights = np.zeros(len(scores[0]))
        weights[:n][outside] = known.weights()
        score = fused(scores, weights)[:n]
        uncapped[~outside] = fit(score[outside], known.yes, known.weights())(score[~outside])
        ratios[~outside] = capped(uncapped[~outside], len(known.families(yes=False)))
    return ratios, uncapped


def drawn(trials: Trials, rng: np.random.Generator) -> dict[str, float]:
    """How often each family is drawn, as many as there are on each side, never one side empty."""
    counts: dict[str, float] = {}
    for yes in (True, False):
        families = trials.families(yes=yes)
        for k in rng.integers(0, len(families), len(families)):
            counts[families[k]] = counts.get(families[k], 0.0) + 1.0
    return counts
