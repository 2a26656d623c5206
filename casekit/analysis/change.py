"""Before and after: did the subject move towards the source, more than towards rivals and than others did?

With the habits of lineage and the Jaccard index J of two answers' features, on one prompt,

    difference = [J(after, source) - J(before, source)] - mean over rivals [J(after, rival) - J(before, rival)],

averaged over habits and prompts: a difference in differences. What moves towards every assistant alike, as
any fine-tuning does, cancels. Each rival is also put in the source's place, and every placebo, a pair of
checkpoints without the source's answers, in the subject's. The unit of error is the pair of models: the
interval over prompts says how exactly the move was measured, and is never turned into a p-value.

Variants are the subject asked again by other ways (a system prompt, paraphrased answers), kept as models of
their own: what is left of the move under them is the measure of how easily it is hidden.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

import casekit
from casekit.analysis import habits
from casekit.analysis.stats import conformal_p, upper_bound
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import exchanges
from casekit.queries.exchanges import Answer
from casekit.store import canonical

Floats = NDArray[np.float64]
Pair = tuple[str, str]  # after, before

HABITS = (habits.layout, habits.openings)
LEAST_PROMPTS = 100
LEAST_RIVALS = 2
LEAST_PLACEBOS = 5
MISSING = 0.02
DRAWS = 1000
SEED = 20260101

LIMITATIONS = (
    "A move towards the source says that the later answers are made more like the source's, not by what means.",
    "The interval is over prompts: it says how exactly the move was measured, not how often a model "
    "without the source's answers moves as far. The placebo pairs say that, as far as there are any.",
    "Models without the source's answers were seen to move towards it by as much as students do: without "
    "placebo pairs of the same kind the figure does not speak for either proposition.",
    "The habits compared, layout and the beginnings of sentences, change with a system prompt or by rewriting; "
    "the variants measured show how much, others may hide more.",
    "Other things changed between the two checkpoints as well: data, method, system prompt, the date.",
    "Nothing here speaks of intent, of access, of volume, or of a breach of terms.",
)
INNOCENT = (
    "The later checkpoint may have been trained on public collections that contain the source's answers.",
    "It may have learned from another model that was itself trained on the source's answers.",
    "People who wrote or rated its later training data may prefer the same manner of writing as the source's.",
    "Its maker may have asked for another layout of answers, which happens to be the source's.",
)


def compare(
    s: Connection, *, subject: str, before: str, source: str, rivals: Sequence[str],
    placebos: Sequence[Pair] = (), variants: Sequence[str] = (), seed: int = SEED,
    progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The body of a finding on before and after.

    Args:
        s: A reading session.
        subject: Model examined, as it answers after.
        before: Its earlier checkpoint.
        source: Model whose answers it may have been trained on between the two.
        rivals: Other labs' models, at least two.
        placebos: Pairs (after, before) of models that had none of the source's answers.
        variants: The subject asked by other ways, as models of their own.
        seed: Of the bootstrap.
        progress: Told the prompts done.

    Raises:
        CaseKitError: A model has no answers, or has two parts in the comparison.

    Returns:
        The body; where the data cannot support a figure `result.refused` says why.
    """
    names = [subject, before, source, *rivals, *variants, *(m for pair in placebos for m in pair)]
    if len(set(names)) < len(names):
        raise CaseKitError(
            "Subject, its earlier checkpoint, source, rivals, variants and placebos are all different models."
        )
    answers = {name: exchanges.by_prompt(s, name) for name in names}
    for name, given in answers.items():
        if not given:
            raise CaseKitError("There are no answers of a model “{name}” in this case.", name=name)
    prompts, refused = _prompts(answers, [subject, before, source, *rivals], rivals)
    asked = {
        "subject": subject, "before": before, "source": source, "rivals": list(rivals),
        "placebos": [list(pair) for pair in placebos], "variants": list(variants),
        "least_prompts": LEAST_PROMPTS, "least_rivals": LEAST_RIVALS, "least_placebos": LEAST_PLACEBOS,
        "draws": DRAWS,
    }  # fmt: skip
    if refused:
        return _body(asked, seed, answers, [], {"difference": None, "refused": refused}, [], [])
    shown = _shown(answers, prompts, progress or Silent())
    moved = _moves(shown, (subject, before), source, rivals)
    towards_rivals = [
        {"model": one, "role": "rival in the source's place",
         "difference": _mean(_moves(shown, (subject, before), one, [m for m in (source, *rivals) if m != one]))}
        for one in rivals
    ]  # fmt: skip
    null, left = _others(shown, placebos, source, rivals)
    asked_otherwise, also_left = _others(shown, [(v, before) for v in variants], source, rivals)
    result = _result(moved, towards_rivals, [row["difference"] for row in null], seed)
    result["towards_source"] = _mean(_moves(shown, (subject, before), source, ()))
    controls = [*towards_rivals, *null]
    rows = [{"model": row["model"], "difference": row["difference"]} for row in asked_otherwise]
    return _body(asked, seed, answers, prompts, result, controls, [*left, *also_left], rows)


def _others(
    shown: Mapping[str, Sequence[tuple[frozenset[str], ...] | None]], pairs: Sequence[Pair], source: str,
    rivals: Sequence[str],
) -> tuple[list[dict[str, Any]], list[str]]:  # fmt: skip
    """The difference of other pairs in the subject's place, and which were left out for missing answers."""
    rows, left = [], []
    for after, earlier in pairs:
        values = _moves(shown, (after, earlier), source, rivals)
        if np.isnan(values).mean() > MISSING:
            left.append(f"{after}: it or {earlier} lacks answers to these prompts")
            continue
        rows.append(
            {"model": after, "role": f"placebo, before: {earlier}", "difference": _mean(values)}
        )
    return rows, left


def sentence(body: Mapping[str, Any]) -> str:
    """The result in plain words."""
    result = body["result"]
    if result["refused"]:
        return f"No figure: {result['refused']}."
    low, high = result["interval"]
    said = [
        f"Between the two checkpoints the subject moved towards the source by {result['difference']:+.3f} "
        f"[{low:.3f}, {high:.3f}] more than towards the rivals (0: alike; the interval is over "
        f"{result['prompts']} prompts). Put in the source's place, {result['rivals_at_least_as_high']} of "
        f"{result['rivals']} rivals give as much."
    ]
    if result["p"] is None:
        said.append(
            f"With {result['placebos']} placebo pairs there is no error rate; {LEAST_PLACEBOS} are needed."
        )
    else:
        said.append(
            f"Of {result['placebos']} pairs without the source's answers "
            f"{result['placebos_at_least_as_high']} moved as far: p = {result['p']:.3f}, which they cannot "
            f"bring below {result['p_floor']:.3f}; the error rate may be as high as "
            f"{100 * result['false_positive_upper_bound']:.0f} %."
        )
    moved = f"{result['towards_source']:+.3f}"
    said.append(
        f"To the source itself it moved by {moved}."
        if result["towards_source"] > 0
        else f"To the source itself it moved by {moved}: what is told is a move away from the rivals."
    )
    said += [
        f"Asked as {row['model']}, {row['difference']:+.3f} is left." for row in body["variants"]
    ]
    return " ".join((*said, "This does not show by which way the manner came."))


def _prompts(
    answers: Mapping[str, Mapping[bytes, Answer]], named: Sequence[str], rivals: Sequence[str]
) -> tuple[list[bytes], str]:
    """The prompts that all named models answered, or why there is nothing to compare."""
    if len(rivals) < LEAST_RIVALS:
        return [], f"{len(rivals)} rivals are named; at least {LEAST_RIVALS} are needed"
    prompts = sorted(set.intersection(*(set(answers[m]) for m in named)))
    if len(prompts) < LEAST_PROMPTS:
        return [], (
            f"only {len(prompts)} prompts were answered by subject, earlier checkpoint, source and rivals; at "
            f"least {LEAST_PROMPTS} are needed"
        )
    tempers = {
        answers[m][p].temperature for m in named[:2] for p in prompts
        if answers[m][p].temperature is not None
    }  # fmt: skip
    if len(tempers) > 1:
        return [], "subject and earlier checkpoint were asked with different temperatures"
    return prompts, ""


def _shown(
    answers: Mapping[str, Mapping[bytes, Answer]], prompts: Sequence[bytes], progress: Progress
) -> dict[str, list[tuple[frozenset[str], ...] | None]]:
    """Per model and prompt the features of its answer by habit, the prompt's own left out."""
    found: dict[str, list[tuple[frozenset[str], ...] | None]] = {m: [] for m in answers}
    for n, prompt in enumerate(prompts):
        progress.step(n, len(prompts), "comparing the habits of the answers")
        text = next(a[prompt].prompt for a in answers.values() if prompt in a)
        own = [habit(text) for habit in HABITS]
        for model, given in answers.items():
            answer = given.get(prompt)
            found[model].append(
                None if answer is None
                else tuple(h(answer.output) - o for h, o in zip(HABITS, own, strict=True))
            )  # fmt: skip
    progress.step(len(prompts), len(prompts), "habits compared")
    return found


def _moves(
    shown: Mapping[str, Sequence[tuple[frozenset[str], ...] | None]], pair: Pair, source: str,
    rivals: Sequence[str],
) -> Floats:  # fmt: skip
    """The difference on each prompt, or without rivals the move towards the source itself.

    NaN where a model of the pair has no answer.
    """
    after, before = shown[pair[0]], shown[pair[1]]
    found = np.full(len(after), np.nan)
    for n, (new, old) in enumerate(zip(after, before, strict=True)):
        if new is None or old is None:
            continue
        towards = [
            _alike(new, other) - _alike(old, other)
            for model in (source, *rivals)
            if (other := shown[model][n]) is not None
        ]
        found[n] = towards[0] - sum(towards[1:]) / max(1, len(towards[1:]))
    return found


def _alike(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> float:
    """The mean Jaccard index over the habits."""
    shares = [len(a & b) / len(a | b) if a | b else 1.0 for a, b in zip(one, other, strict=True)]
    return sum(shares) / len(shares)


def _result(
    moved: Floats, rivals: Sequence[Mapping[str, Any]], null: Sequence[float], seed: int
) -> dict[str, Any]:
    value = _mean(moved)
    rng = np.random.Generator(np.random.PCG64(seed))
    draws = moved[rng.integers(0, len(moved), (DRAWS, len(moved)))].mean(axis=1)
    low, high = np.quantile(draws, (0.025, 0.975))
    above = sum(one >= value for one in null)
    enough = len(null) >= LEAST_PLACEBOS
    return {
        "difference": value,
        "interval": [round(float(low), 4), round(float(high), 4)],
        "prompts": len(moved),
        "rivals": len(rivals),
        "rivals_at_least_as_high": sum(row["difference"] >= value for row in rivals),
        "placebos": len(null),
        "placebos_at_least_as_high": above,
        "p": round(conformal_p(value, list(null)), 4) if enough else None,
        "p_floor": round(1 / (1 + len(null)), 4) if enough else None,
        "false_positive_upper_bound": round(upper_bound(above, len(null)), 4) if enough else None,
        "refused": None,
    }


def _mean(values: Floats) -> float:
    return round(float(np.nanmean(values)), 4)


def _body(
    asked: dict[str, Any], seed: int, answers: Mapping[str, Mapping[bytes, Answer]], prompts: Sequence[bytes],
    result: dict[str, Any], controls: list[dict[str, Any]], left: list[str],
    variants: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:  # fmt: skip
    subject, before, source = asked["subject"], asked["before"], asked["source"]
    role = dict.fromkeys(asked["rivals"], "rival") | dict.fromkeys(asked["variants"], "variant")
    role |= {m: "placebo" for pair in asked["placebos"] for m in pair}
    role |= {subject: "subject", before: "before", source: "source"}
    body: dict[str, Any] = {
        "v": 1,
        "question": {
            "h1": f"Between {before} and {subject} the model was trained on answers of {source}.",
            "h0": f"It was trained without answers of {source}; its answers changed for other reasons.",
        },
        "inputs": [
            {
                "model": model, "role": role[model], "answers": sum(p in given for p in prompts),
                "root": canonical.root(given[p].digest for p in prompts if p in given).hex(),
            }
            for model, given in answers.items()
        ] if prompts else [],
        "parameters": asked, "seed": seed, "result": result, "controls": controls,
        "variants": list(variants), "limitations": list(LIMITATIONS), "innocent": list(INNOCENT),
        "dropped": left,
        "versions": {
            "casekit": casekit.__version__, "python": platform.python_version(), "numpy": np.__version__,
        },
    }  # fmt: skip
    return {**body, "sentence": sentence(body)}
