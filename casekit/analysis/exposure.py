"""Exposure: does the subject repeat the answers that were served to the attributed accounts more than others?

The claimant's log names prompts whose answers went to the accused accounts (exposed) and like prompts whose
answers went only to others (unexposed). The subject is asked all of them. Style, capability and common
sources strike both arms alike and cancel; what remains is what the subject can have from the answers
themselves. Labels are permuted within strata of prompt length and of the day of serving, so that the test
has its size exactly where exposure within a stratum is as good as random; whether it is must be argued, and
the balance table and the placebo runs on models that cannot have seen the answers are there to argue from.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

import casekit
from casekit.analysis.overlap import apart
from casekit.analysis.stats import upper_bound
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import exchanges, matching
from casekit.queries.exchanges import Served
from casekit.search.runs import shared_runs
from casekit.store import canonical

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RUN = 5  # words in a row that count as shared
LEAST = 30  # prompts in each arm, in strata that have both
DRAWS = 9_999
SEED = 20260101
LENGTHS = 3  # classes of prompt length
DAYS = 4  # classes of the day of serving
BLOCK = 500  # permutations held at once
POWER_RUNS = 100
POWER_DRAWS = 999
POWER_SHARES = (0.05, 0.1, 0.25, 0.5)
LEVEL = 0.05

LIMITATIONS = (
    "The test is exact where, within a stratum, it was as good as random which prompts the accounts asked; "
    "prompts that they chose for a reason that also moves the subject's answers would bias it.",
    "Prompts whose answers stand in public places must be left out: the subject could have them from there.",
    "It says nothing of who stood behind the accounts.",
    "A result that is not significant clears nobody: see the power.",
)
INNOCENT = (
    "The accounts' answers may have been published, and the subject may have read them there.",
    "The prompts of the accounts may be of a kind on which all models answer more alike.",
    "The subject may have been trained on another model's data that contains these answers.",
)


@dataclass(frozen=True, slots=True)
class Arms:
    """Prompts of both arms in strata that have both; arrays run over prompts.

    Attributes:
        prompts: SHA-256 of each.
        served: The source's answer to each, in the arm that it stands for.
        exposed: Whether it was served to an attributed account.
        strata: Number of its stratum.
        alone: Prompts left out because their stratum has one arm only.
    """

    prompts: tuple[bytes, ...]
    served: tuple[Served, ...]
    exposed: Bools
    strata: NDArray[np.int64]
    alone: int


def compare(
    s: Connection, *, subject: str, source: str, accounts: Sequence[str], controls: Sequence[str],
    seed: int = SEED, draws: int = DRAWS, progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The body of an exposure finding.

    Args:
        s: A reading session.
        subject: Model examined, with answers in the case to prompts that were served.
        source: Model of the log whose answers were served.
        accounts: The attributed accounts.
        controls: Models that cannot have seen the served answers, asked the same prompts; at least one.
        seed: Of the permutations.
        draws: Permutations.
        progress: Told the models done.

    Raises:
        CaseKitError: No control, no account, a model in two parts or without answers, or too few prompts in
            an arm.
    """
    if not controls or not accounts:
        raise CaseKitError(
            "An exposure finding needs at least one account and one control model: name them."
        )
    accounts, controls = sorted(set(accounts)), list(dict.fromkeys(controls))
    apart(subject, source, controls)
    progress = progress or Silent()
    models = {name: exchanges.by_prompt(s, name) for name in [subject, *controls]}
    for name, answers in models.items():
        if not answers:
            raise CaseKitError("There are no answers of a model “{name}” in this case.", name=name)
    common = set.intersection(*(set(answers) for answers in models.values()))
    arms = arms_of(exchanges.served(s, source, common), set(accounts))
    near: dict[str, Floats] = {}
    for done, name in enumerate(models):
        progress.step(done, len(models), f"comparing {name} with what was served")
        near[name] = np.array(
            [
                nearness(models[name][p].output, one.output, one.prompt)
                for p, one in zip(arms.prompts, arms.served, strict=True)
            ]
        )
    progress.step(len(models), len(models), "permuting")
    result, placebo = _result(near, subject, controls, arms, seed, draws)
    inputs = [
        _input(
            m, "subject" if m == subject else "control", [models[m][p].digest for p in arms.prompts]
        )
        for m in models
    ]
    inputs.append(_input(source, "source", [one.digest for one in arms.served]))
    parameters = {
        "subject": subject, "source": source, "accounts": accounts, "models": controls,
        "run_words": RUN, "least": LEAST, "length_classes": LENGTHS, "day_classes": DAYS, "draws": draws,
    }  # fmt: skip
    return _body(parameters, inputs, placebo, result, seed)


def sentence(body: Mapping[str, Any]) -> str:
    """The result in plain words, with what the placebo models show."""
    r = body["result"]
    points = f"{100 * abs(r['difference']):.2f}"
    side = (
        f"{points} percentage points more"
        if r["difference"] > 0
        else f"{points} percentage points less"
        if r["difference"]
        else "no more"
    )
    return (
        f"Of the subject's words, {side} stand in runs "
        f"shared with the served answer on the {r['exposed']:,} exposed prompts than on the "
        f"{r['unexposed']:,} others, beyond the control models (p = {r['p']:.4f}, {r['draws']:,} "
        f"permutations within {r['strata']} strata). Of {len(body['controls'])} placebo models "
        f"{r['placebo_below_level']} would be called exposed at {r['level']:.2f}."
    )


def nearness(text: str, served: str, prompt: str) -> float:
    """The share of a text's words, 0 to 1, in runs of `RUN` words that the served answer shares.

    Runs that stand in the prompt do not count.
    """
    words = sum(1 for _ in matching.atoms(text))
    if not words:
        return 0.0
    asked = {tuple(group) for group in _windows([atom.folded for atom in matching.atoms(prompt)])}
    shared = 0
    for run in shared_runs(served, text, RUN):
        piece = [atom.folded for atom in matching.atoms(text[run.b_start : run.b_stop])]
        covered = [False] * len(piece)
        for k, group in enumerate(_windows(piece)):
            if tuple(group) not in asked:
                covered[k : k + RUN] = [True] * RUN
        shared += sum(covered)
    return shared / words


def arms_of(served: Iterable[Served], accounts: set[str]) -> Arms:
    """The prompts of both arms, in strata of prompt length and day of serving.

    A prompt that any attributed account was served is exposed, by the first answer to such an account;
    another is represented by the first answer to anybody.

    Raises:
        CaseKitError: An arm has fewer than `LEAST` prompts in strata that have both arms.
    """
    first: dict[bytes, Served] = {}
    exposed: dict[bytes, bool] = {}
    for one in served:
        inside = one.account in accounts
        if one.prompt_sha256 not in first or (inside and not exposed[one.prompt_sha256]):
            first[one.prompt_sha256], exposed[one.prompt_sha256] = one, inside
    prompts = sorted(first)
    lengths = _classes([len(first[p].prompt) for p in prompts], LENGTHS)
    days = _classes([first[p].sent_us or 0 for p in prompts], DAYS)
    strata = lengths * DAYS + days
    labels = np.array([exposed[p] for p in prompts], dtype=bool)
    both = [k for k in set(strata.tolist()) if len(set(labels[strata == k].tolist())) == 2]
    kept = np.isin(strata, both)
    arms = ((True, "served to the accounts"), (False, "served to others only"))
    there = {inside: int((labels == inside).sum()) for inside, _ in arms}
    for inside, which in arms:
        if there[inside] < LEAST:
            raise CaseKitError(
                "Only {n} prompts that were {which} were answered by all models; at least {least} are needed.",
                n=there[inside], which=which, least=LEAST,
            )  # fmt: skip
    for inside, which in arms:
        if (left := int((labels[kept] == inside).sum())) < LEAST:
            raise CaseKitError(
                "Of {n} prompts that were {which} only {left} have others of like length and day beside them; "
                "at least {least} are needed.",
                n=there[inside], which=which, left=left, least=LEAST,
            )  # fmt: skip
    names = [p for p, keep in zip(prompts, kept, strict=True) if keep]
    return Arms(
        tuple(names), tuple(first[p] for p in names), labels[kept], strata[kept], int((~kept).sum())
    )


def permuted(
    values: Floats, exposed: Bools, strata: NDArray[np.int64], rng: np.random.Generator, draws: int
) -> tuple[Floats, Floats]:
    """Difference between the arms and its one-sided p, labels permuted within strata.

    Args:
        values: Rows of one value a prompt; every row is tested with the same permutations.
        exposed: Arm of each prompt.
        strata: Stratum of each prompt; each has both arms.
        rng: Source of the permutations.
        draws: How many.

    Returns:
        By row the difference of the means, strata weighing by their exposed prompts, and p.
    """
    seen = values @ _contrast(exposed, strata)
    as_high = np.zeros(len(values))
    for start in range(0, draws, BLOCK):
        rows = min(BLOCK, draws - start)
        contrasts = np.empty((rows, len(exposed)))
        for stratum in sorted(set(strata.tolist())):
            inside = np.flatnonzero(strata == stratum)
            order = rng.random((rows, len(inside))).argsort(axis=1)
            contrasts[:, inside] = _contrast(exposed, strata)[inside][order]
        as_high += (values @ contrasts.T >= seen[:, None] - 1e-12).sum(axis=1)
    return seen, (1 + as_high) / (1 + draws)


def _contrast(exposed: Bools, strata: NDArray[np.int64]) -> Floats:
    """The weights whose product with the values is the difference of the arms."""
    weights = np.zeros(len(exposed))
    for stratum in set(strata.tolist()):
        inside = strata == stratum
        there = int((inside & exposed).sum())
        share = there / exposed.sum()
        weights[inside & exposed] = share / there
        weights[inside & ~exposed] = -share / (int(inside.sum()) - there)
    return weights


def _result(
    near: Mapping[str, Floats], subject: str, controls: list[str], arms: Arms, seed: int, draws: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The result on the subject, and the same test on every control; the power is computed first."""
    rng = np.random.Generator(np.random.PCG64(seed))
    power = _power(near, controls, arms, rng)
    rows = [_excess(near, c, [other for other in controls if other != c]) for c in controls]
    rows.append(_excess(near, subject, controls))
    differences, values = permuted(np.array(rows), arms.exposed, arms.strata, rng, draws)
    tested = [
        {"difference": round(float(d), 6), "p": round(float(p), 5)}
        for d, p in zip(differences, values, strict=True)
    ]
    below = sum(bool(p <= LEVEL) for p in values[:-1])
    result = {
        **tested[-1],
        "exposed": int(arms.exposed.sum()), "unexposed": int((~arms.exposed).sum()),
        "strata": len(set(arms.strata.tolist())), "left_out": arms.alone, "draws": draws,
        "p_floor": round(1 / (1 + draws), 5),
        "placebo_below_level": below, "level": LEVEL,
        "false_positive_upper_bound": round(upper_bound(below, len(controls)), 4),
        "power": power, "balance": _balance(arms), "refused": None,
    }  # fmt: skip
    return result, [{"model": c, **row} for c, row in zip(controls, tested[:-1], strict=True)]


def _body(
    parameters: dict[str, Any], inputs: list[dict[str, Any]], placebo: list[dict[str, Any]],
    result: dict[str, Any], seed: int,
) -> dict[str, Any]:  # fmt: skip
    subject, source = parameters["subject"], parameters["source"]
    body = {
        "v": 2,
        "question": {
            "h1": f"{subject} was trained on answers that {source} served to the attributed accounts.",
            "h0": f"{subject} was not; it answers exposed and unexposed prompts alike.",
        },
        "inputs": inputs,
        "parameters": parameters,
        "seed": seed,
        "versions": {
            "casekit": casekit.__version__, "python": platform.python_version(), "numpy": np.__version__,
        },
        "controls": placebo,
        "result": result,
        "limitations": list(LIMITATIONS),
        "innocent": list(INNOCENT),
        "dropped": [],
    }  # fmt: skip
    return {**body, "sentence": sentence(body)}


def _excess(near: Mapping[str, Floats], model: str, controls: Sequence[str]) -> Floats:
    """A model's nearness to what was served, beyond the mean of the controls."""
    if not controls:
        return near[model]
    return np.asarray(near[model] - np.mean([near[c] for c in controls], axis=0))


def _power(
    near: Mapping[str, Floats], controls: list[str], arms: Arms, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """How often the test would find a control that repeats a share of the exposed answers word for word.

    Computed from controls alone, before the subject is looked at.
    """
    base = _excess(near, controls[0], controls[1:])
    others = (
        np.mean([near[c] for c in controls[1:]], axis=0) if controls[1:] else np.zeros(len(base))
    )
    places = np.flatnonzero(arms.exposed)
    rows = []
    for share in POWER_SHARES:
        runs = np.empty((POWER_RUNS, len(base)))
        for run in runs:
            order = _shuffled(arms, rng)
            learned = rng.choice(places, max(1, round(share * len(places))), replace=False)
            run[:] = base[order]
            run[learned] = 1.0 - others[order][learned]
        _, p = permuted(runs, arms.exposed, arms.strata, rng, POWER_DRAWS)
        rows.append({"repeated": share, "found": round(float((p <= LEVEL).mean()), 2)})
    return rows


def _shuffled(arms: Arms, rng: np.random.Generator) -> NDArray[np.int64]:
    """Places of the prompts, shuffled within strata: a draw in which exposure means nothing."""
    order = np.arange(len(arms.prompts))
    for stratum in sorted(set(arms.strata.tolist())):
        inside = np.flatnonzero(arms.strata == stratum)
        order[inside] = rng.permutation(inside)
    return order


def _balance(arms: Arms) -> list[dict[str, Any]]:
    """Means of both arms and their standardised difference, for what is known of a prompt."""
    facts = {
        "prompt_characters": [len(one.prompt) for one in arms.served],
        "answer_characters": [len(one.output) for one in arms.served],
        "temperature": [
            one.temperature if one.temperature is not None else np.nan for one in arms.served
        ],
    }
    rows = []
    for name, values in facts.items():
        x = np.array(values, dtype=float)
        a, b = x[arms.exposed & ~np.isnan(x)], x[~arms.exposed & ~np.isnan(x)]
        if len(a) < 2 or len(b) < 2:
            continue
        spread = float(np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2))
        rows.append(
            {
                "fact": name, "exposed": round(float(a.mean()), 2), "unexposed": round(float(b.mean()), 2),
                "standardised": round(float(a.mean() - b.mean()) / spread, 3) if spread else 0.0,
            }
        )  # fmt: skip
    return rows


def _classes(values: Sequence[int], many: int) -> NDArray[np.int64]:
    """The class of each value, 0 to many - 1, by quantiles of all."""
    x = np.array(values, dtype=float)
    if not len(x):
        return np.zeros(0, dtype=np.int64)
    edges = np.quantile(x, [k / many for k in range(1, many)])
    return np.searchsorted(edges, x, side="left").astype(np.int64)


def _windows(words: Sequence[str]) -> Iterable[Sequence[str]]:
    return (words[k : k + RUN] for k in range(len(words) - RUN + 1))


def _input(model: str, role: str, digests: Sequence[bytes]) -> dict[str, Any]:
    return {
        "model": model, "role": role, "answers": len(digests), "root": canonical.root(digests).hex(),
    }  # fmt: skip
