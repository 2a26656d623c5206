"""Lineage: was the subject trained on answers of the source? A likelihood ratio, calibrated on whole families.

What is compared, and how a score becomes a ratio, is `lineage_run`'s; how far the ratio moves where something
is left out is `sensitivity`'s. The unit is the family: there is no p-value over prompts, because such a one
accuses every model.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection

import casekit
from casekit.analysis import bare, naming, population, sensitivity
from casekit.analysis.calibration import cap_of
from casekit.analysis.lineage_run import (
    HABITS,
    LEAST_KNOWN,
    LEAST_PROMPTS,
    LEAST_STRANGERS,
    LEAST_STUDENTS,
    MISSING,
    Floats,
    Run,
    drawn,
    fitted,
    left_out,
    prepare,
    ratio,
    rises,
    trial_rows,
)
from casekit.analysis.population import Member
from casekit.analysis.shipped import Shipped
from casekit.analysis.stats import conformal_p, upper_bound
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import exchanges
from casekit.store import canonical

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
    if run is None or examined is None or refused:
        made = body_of(
            None, subject, sources, members, seed, {"refused": refused}, None, reference, names
        )
        return told(made, sentence)
    value = ratio(run.measured.scores(), run)
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
    made["sensitivity"] = sensitivity.rows(run, seed, _tasks(s, run, examined))
    return told(made, sentence)


def _tasks(s: Connection, run: Run, subject: str) -> dict[bytes, str]:
    """To which task each prompt belongs, as the set of the subject's answers says."""
    return exchanges.tasks(s, {p: run.answers[subject][p].item_id for p in run.prompts})


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
    strength = 10 ** abs(result["log10_lr"])
    at_cap = [abs(v) >= result["cap"] - 1e-4 for v in (result["log10_lr"], *result["interval"])]
    side = {
        (True, False): "that the subject was trained on answers of the source",
        (True, True): "that the subject was trained on answers of the source (the most that these models can "
                      "show)",
        (False, False): "that it was not",
        (False, True): "that it was not (the most that these models can show)",
    }[result["log10_lr"] > 0, at_cap[0]]  # fmt: skip
    ends = span(result["interval"])
    interval = {
        (True, True): f"{ends}, capped at both ends", (True, False): f"{ends}, capped at its lower end",
        (False, True): f"{ends}, capped at its upper end",
    }.get((at_cap[1], at_cap[2]), ends)  # fmt: skip
    return (
        f"The habits of the answers are {strength:.1f} times as likely if one supposes {side}; "
        f"log10 LR {result['log10_lr']:+.2f}, interval {interval}. Of "
        f"{result['null_families']} families of models without such training "
        f"{result['null_families_above_1']} reach a ratio above 1: the rate of such errors may be as high "
        f"as {100 * result['false_positive_upper_bound']:.0f} %."
    )


def _unfit(run: Run | None, subject: str | None) -> str:
    """Why what was measured says nothing of this subject; empty if it does."""
    if run is None or subject is None:
        return ""
    if not rises(fitted(run.measured.scores(), run)[1]):
        return NO_NEARER
    if same := bare.copied(subject, run.answers, run.sources, run.prompts):
        return same
    asked = {p: run.answers[subject][p].prompt for p in run.prompts}
    shares = {
        m: bare.share({p: run.answers[m][p] for p in run.prompts if p in run.answers[m]}, asked)
        for m in (subject, *run.sides.models)
    }
    return bare.refusal(subject, shares.pop(subject), shares)


def _interval(run: Run, seed: int) -> list[float]:
    """95 % interval of the ratio: families drawn anew, prompts drawn anew; the wider of the two."""
    rng = np.random.Generator(np.random.PCG64(seed))
    scores = run.measured.scores()
    by_family, by_prompt = [], []
    for _ in range(DRAWS):
        by_family.append(ratio(scores, run, drawn(run.trials, rng)))
        prompts = rng.integers(0, len(run.prompts), len(run.prompts))
        by_prompt.append(ratio(run.measured.scores(prompts), run))
    spans = [np.quantile(values, (0.025, 0.975)) for values in (by_family, by_prompt)]
    low, high = max(spans, key=lambda ends: float(ends[1] - ends[0]))
    return [round(float(low), 4), round(float(high), 4)]


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
