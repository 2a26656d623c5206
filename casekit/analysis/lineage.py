"""Lineage: was the subject trained on answers of the source? A likelihood ratio, calibrated on whole families.

Two statistics, chosen on the 59 models named in the method paper and frozen: how answers are laid out
and how their sentences begin (`habits`), each as closeness to the lineage of the source rather than to
strangers (`closeness`). Their mean is turned into a likelihood ratio by models whose training is documented,
none of them of the subject's family (`calibration`), and capped by the number of stranger families.
The unit is the family: there is no p-value over prompts, because such a one accuses every model.
"""

from __future__ import annotations

import itertools
import platform
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

import casekit
from casekit.analysis import bare, closeness, habits, naming, population, shipped
from casekit.analysis.calibration import (
    Trials,
    cap_of,
    capped,
    fit,
    fused,
)
from casekit.analysis.population import Member, Sides
from casekit.analysis.shipped import Shipped
from casekit.analysis.stats import conformal_p, upper_bound
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import exchanges
from casekit.queries.exchanges import Answer
from casekit.store import canonical

Floats = NDArray[np.float64]
Answers = dict[str, dict[bytes, Answer]]

HABITS: Mapping[str, closeness.Habit] = {"layout": habits.layout, "openings": habits.openings}
LEAST_PROMPTS = 100
LEAST_STRANGERS = 5  # families, the subject's own not counted
LEAST_STUDENTS = 3
MISSING = 0.02  # of the prompts; a model that misses more is not used
LEAST_KNOWN = 25  # prompts on which a model shows a habit that others show
DRAWS = 400  # of the bootstrap
SEED = 20260101

LIMITATIONS = (
    "A likelihood ratio says how much better one proposition explains these answers than the other; it is "
    "not the probability of either.",
    "It is capped by the number of stranger families: what is rarer than they can show is not claimed.",
    "The habits compared, layout and the beginnings of sentences, change with a system prompt or by rewriting; "
    "that they are absent clears nobody.",
    "Answers that were stripped of their layout or rewritten after they were given can look like a student's "
    "without being one: compare answers as the models gave them, all collected in the same way.",
    "Which models were trained on whose answers is taken from documents, some of which will be wrong.",
    "The models that calibrate are of the years in which they were published; a later one may be unlike all.",
    "One answer a prompt was used; prompts were not drawn at random from all possible prompts.",
    "Nothing here speaks of intent, of access, of volume, or of a breach of terms.",
)
UNLISTED = "The population does not list the subject: nothing of its own family was left out."
NO_FAMILY = "The population names no family of the subject: nothing of its own family was left out."
SHIPPED = (
    "The controls are those that come with CaseKit, as figures made from public outputs of 2023 and 2024; the "
    "other side can make them again from these outputs, whose hashes are told."
)
NO_NEARER = (
    "the habits of the documented students are no nearer to the source's than those of other models"
)
INNOCENT = (
    "The subject may have been trained on public collections that contain the source's answers.",
    "It may have learned from another model that was itself trained on the source's answers.",
    "People who wrote or rated its training data may prefer the same manner of writing.",
    "Text published by users of the source may have reached its training data unnoticed.",
)


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


def compare(
    s: Connection, *, subject: str, sources: Sequence[str], members: Sequence[Member],
    seed: int = SEED, progress: Progress | None = None, reference: Shipped | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The body of a lineage finding on one subject.

    Args:
        s: A reading session.
        subject: Model examined; its whole family is left out of what it is measured by.
        sources: Models of one lab, whose answers it may have been trained on.
        members: The population.
        seed: Of the bootstrap.
        progress: Told the prompts done.
        reference: Stands for the answers of the models that it holds, the subject's excepted.

    Raises:
        CaseKitError: A name is not in the case or the population.

    Returns:
        The body. Where the data cannot support a ratio, `result.refused` says why, and the ratio is None.
    """
    names = naming.in_case(s, subject, sources, members, reference)
    examined = names.subject
    if examined in names.sources:
        raise CaseKitError("The subject {model} cannot be its own source.", model=subject)
    own = next((m.family for m in names.members if m.model == examined), None)
    run, refused = prepare(
        s, examined, own, names.sources, names.members, progress or Silent(), reference
    )
    refused = refused or _unfit(run, examined)
    if run is None or refused:
        made = body_of(
            None, subject, sources, members, seed, {"refused": refused}, None, reference, names
        )
        return told(made, sentence)
    value = _ratio(run.measured.scores(), run)
    ratios, _ = left_out(run)
    strangers = run.trials.families(yes=False)
    highest = [
        max(r for r, f in zip(ratios, run.trials.family, strict=True) if f == family)
        for family in strangers
    ]
    above = sum(bool(h > 0) for h in highest)
    result = {
        "log10_lr": round(value, 4),
        "lr": round(10**value, 2),
        "cap": round(cap_of(len(strangers)), 4),
        "interval": _interval(run, seed),
        "null_families": len(strangers),
        "student_families": len(run.trials.families(yes=True)),
        "prompts": len(run.prompts),
        "null_families_above_1": above,
        "false_positive_upper_bound": round(upper_bound(above, len(strangers)), 4),
        "p": round(p_by_family(value, highest), 4),
        "p_floor": round(1 / (1 + len(strangers)), 4),
        "refused": None,
    }
    made = body_of(run, subject, sources, members, seed, result, ratios, reference, names)
    return told(made, sentence)


def p_by_family(value: float, highest: Sequence[float]) -> float:
    """The share of stranger families, the subject counted, whose highest ratio reaches the subject's.

    A stranger's own ratio is capped by one family fewer: at that cap it reaches all that is above it too.
    """
    return conformal_p(min(value, cap_of(len(highest) - 1)), [float(h) for h in highest])


def sentence(body: Mapping[str, Any]) -> str:
    """The result in plain words, with what bounds it."""
    result = body["result"]
    if result["refused"]:
        return f"No likelihood ratio: {result['refused']}."
    side = (
        "that the subject was trained on answers of the source"
        if result["log10_lr"] > 0
        else "that it was not"
    )
    strength = 10 ** abs(result["log10_lr"])
    at_cap = [abs(v) >= result["cap"] - 1e-4 for v in (result["log10_lr"], *result["interval"])]
    bound = " (the most that these models can show)" if at_cap[0] else ""
    ends = {(True, True): ", capped at both ends", (True, False): ", capped at its lower end",
            (False, True): ", capped at its upper end"}.get((at_cap[1], at_cap[2]), "")  # fmt: skip
    return (
        f"The habits of the answers are {strength:.1f} times as likely if one supposes {side}{bound}; "
        f"log10 LR {result['log10_lr']:+.2f}, interval {span(result['interval'])}{ends}. Of "
        f"{result['null_families']} families of models without such training "
        f"{result['null_families_above_1']} reach a ratio above 1: the rate of such errors may be as high "
        f"as {100 * result['false_positive_upper_bound']:.0f} %."
    )


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


def _fitted(
    scores: Sequence[Floats], run: Run, counts: dict[str, float] | None = None
) -> tuple[float, Callable[[Floats], Floats]]:
    """The score of the subject, which is the last measured, and the map to ratios by all trials."""
    n, weights = len(run.trials.family), run.trials.weights(counts)
    score = fused(scores, np.append(weights, 0.0))
    return float(score[-1]), fit(score[:n], run.trials.yes, weights)


def _ratio(scores: Sequence[Floats], run: Run, counts: dict[str, float] | None = None) -> float:
    """The capped log10 ratio of the subject."""
    score, mapped = _fitted(scores, run, counts)
    return float(capped(mapped(np.array([score])), len(run.trials.families(yes=False)))[0])


def uncapped(run: Run) -> float:
    """The log10 ratio of the subject before the cap: never said of a case, but it shows what a change does."""
    score, mapped = _fitted(run.measured.scores(), run)
    return float(mapped(np.array([score]))[0])


def _unfit(run: Run | None, subject: str | None) -> str:
    """Why what was measured says nothing of this subject; empty if it does."""
    if run is None or subject is None:
        return ""
    if not _parts(run):
        return NO_NEARER
    if same := bare.copied(subject, run.answers, run.sources, run.prompts):
        return same
    asked = {p: run.answers[subject][p].prompt for p in run.prompts}
    shares = {
        m: bare.share({p: run.answers[m][p] for p in run.prompts if p in run.answers[m]}, asked)
        for m in (subject, *run.sides.models)
    }
    return bare.refusal(subject, shares.pop(subject), shares)


def _parts(run: Run) -> bool:
    """Whether the ratio rises with nearness: else it would speak against whoever is unlike the source."""
    low, high = _fitted(run.measured.scores(), run)[1](np.array([0.0, 1.0]))
    return bool(high > low)


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


def _interval(run: Run, seed: int) -> list[float]:
    """95 % interval of the ratio: families drawn anew, prompts drawn anew; the wider of the two."""
    rng = np.random.Generator(np.random.PCG64(seed))
    scores = run.measured.scores()
    by_family, by_prompt = [], []
    for _ in range(DRAWS):
        by_family.append(_ratio(scores, run, drawn(run.trials, rng)))
        prompts = rng.integers(0, len(run.prompts), len(run.prompts))
        by_prompt.append(_ratio(run.measured.scores(prompts), run))
    spans = [np.quantile(values, (0.025, 0.975)) for values in (by_family, by_prompt)]
    low, high = max(spans, key=lambda ends: float(ends[1] - ends[0]))
    return [round(float(low), 4), round(float(high), 4)]


def drawn(trials: Trials, rng: np.random.Generator) -> dict[str, float]:
    """How often each family is drawn, as many as there are on each side, never one side empty."""
    counts: dict[str, float] = {}
    for yes in (True, False):
        families = trials.families(yes=yes)
        for k in rng.integers(0, len(families), len(families)):
            counts[families[k]] = counts.get(families[k], 0.0) + 1.0
    return counts


def body_of(
    run: Run | None, subject: str | None, sources: Sequence[str], members: Sequence[Member],
    seed: int, result: dict[str, Any], ratios: Floats | None, reference: Shipped | None, names: naming.Names,
) -> dict[str, Any]:  # fmt: skip
    """The body of a finding or validation: what was asked, of what, how, and with what result."""
    named = " or ".join(sources)
    who = subject or "A model of this population"
    listed = next((m for m in names.members if m.model == names.subject), None)
    alone = [UNLISTED] if not listed else [NO_FAMILY] if not listed.family else []
    empty = {"log10_lr": None, "interval": None, "cap": None, "null_families": None,
             "false_positive_upper_bound": None}  # fmt: skip
    return {
        "v": 1,
        "question": {
            "h1": f"{who} was trained on answers of {named}.",
            "h0": f"{who} was trained without answers of {named}; its habits come from elsewhere.",
        },
        "inputs": _inputs(run, names.subject) if run else [],
        "parameters": {
            "subject": subject, "sources": list(sources), "habits": list(HABITS),
            "least_prompts": LEAST_PROMPTS, "least_strangers": LEAST_STRANGERS,
            "least_students": LEAST_STUDENTS, "missing": MISSING, "least_known": LEAST_KNOWN,
            "draws": DRAWS, **({"reference": reference.sha256} if reference else {}),
        },
        "population": population.as_rows(members),
        "seed": seed,
        "versions": {
            "casekit": casekit.__version__, "python": platform.python_version(), "numpy": np.__version__,
        },
        "controls": _controls(run, ratios, stranger=True) if run else [],
        "students": _controls(run, ratios, stranger=False) if run else [],
        "result": {**empty, **result} if result.get("refused") else result,
        "limitations": [
            *LIMITATIONS, *(alone if subject else []), *([SHIPPED] if reference else []),
            *naming.told(names.otherwise),
        ],
        "innocent": list(INNOCENT),
        "dropped": [
            f"{model}: {why}" for model, why in sorted(run.sides.aside.items()) if model != names.subject
        ] if run else [],
    }  # fmt: skip


def told(body: dict[str, Any], say: Callable[[Mapping[str, Any]], str]) -> dict[str, Any]:
    """The body with its result in words."""
    return {**body, "sentence": say(body)}


def _controls(run: Run, ratios: Floats | None, *, stranger: bool) -> list[dict[str, Any]]:
    if ratios is None:
        return []
    rows = [
        {"model": model, "family": family, "log10_lr": round(float(ratio), 4)}
        for (model, family), ratio, yes in zip(trial_rows(run), ratios, run.trials.yes, strict=True)
        if bool(yes) != stranger
    ]
    return sorted(rows, key=lambda row: (-row["log10_lr"], row["model"]))


def _inputs(run: Run, subject: str | None) -> list[dict[str, Any]]:
    role = dict.fromkeys(run.sources, "source")
    role |= {m: "student" for f in run.sides.students.values() for m in f}
    role |= {m: "stranger" for f in run.sides.strangers.values() for m in f}
    if subject:
        role[subject] = "subject"
    return [
        {
            "model": model,
            "role": role[model],
            "answers": sum(p in run.answers[model] for p in run.prompts),
            "root": canonical.root(
                run.answers[model][p].digest for p in run.prompts if p in run.answers[model]
            ).hex(),
        }
        for model in role
    ]


def span(values: Sequence[float]) -> str:
    """An interval in brackets, two decimals."""
    return f"[{values[0]:.2f}, {values[1]:.2f}]"
