"""The figures of the methods that the README gives, on the answers of public models to the same prompts.

Run: python -m tests.bench.bench_findings FOLDER [RUNS]

FOLDER holds one `MODEL.json.gz` a model and `lineage.csv`. Prints

- the lineage of every model of known training without its family, and of families whose sides are drawn by lot;
- the same with each family left out of everything, as one subject is computed;
- how many of each model's answers to prompts that name no lab claim to be another lab's (models with none are
  left out);
- the power of the test on canaries by the rate at which answers repeat them;
- how often the exposure test is below 0.05 where exposure is drawn by lot (RUNS times, 500 if not given), and
  how often it finds a model of whose exposed answers a share is replaced.

Nothing here is a time; the same folder gives the same figures.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from numpy.typing import NDArray

from casekit.analysis import canaries, exposure, identity, lineage, population, validation
from casekit.analysis.calibration import auc, cllr
from casekit.analysis.population import Member
from casekit.queries import exchanges
from casekit.store.case import Case, create_case
from tests.analysis import worlds

Floats = NDArray[np.float64]
SERVED = "gpt-3.5-turbo-0301"
INNOCENT = ("guanaco-65b", "llama-2-70b-chat-hf", "claude-2.1", "gemini-pro")
STUDENT = "vicuna-13b-v1.5"
SHARES = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)
LOTS = 20
DRAWS = 499


def main() -> None:
    """Print all figures."""
    if len(sys.argv) < 2 or not Path(sys.argv[1], "lineage.csv").is_file():
        sys.exit("name the folder that holds the models' answers and lineage.csv")
    folder, runs = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 500
    members = population.read(folder / "lineage.csv")
    with tempfile.TemporaryDirectory() as made, create_case(Path(made, "Case"), "A v. B") as case:
        worlds.answered(case, folder, Path(made))
        print("lineage:", validated(case, members))
        print("lineage, families by lot, mean area:", round(by_lot(case, members), 3))
        print("lineage, families left out of everything:", anew(case, members))
        for line in named(case, members):
            print(line)
    print("canaries:", canary_power())
    for line in exposed(folder, runs):
        print(line)


def named(case: Case, members: Sequence[Member]) -> list[str]:
    """Of each model that claims a lab's name unasked: how often, by lab."""
    finder = identity.Claims("openai")
    lines = []
    for member in members:
        with case.read() as s:
            answers = exchanges.answers(s, member.model)
        unasked = [a for a in answers if not finder.named(a.prompt)]
        labs = Counter(lab for a in unasked for lab in {c.lab for c in finder.claims(a.output)})
        if labs:
            lines.append(
                f"identity: {member.model} of {len(unasked)}: {dict(sorted(labs.items()))}"
            )
    return lines


def canary_power() -> str:
    """The chance that 1,000 answers show canaries (10 served, 990 decoys) at 0.05, by rate."""
    rates = (0.0001, 0.001, 0.01)
    return ", ".join(
        f"1 in {1 / rate:,.0f}: {canaries.power(1_000, rate, 10, 990):.2f}" for rate in rates
    )


def validated(case: Case, members: Sequence[Member]) -> str:
    """The sentence of the validation, and its figures with every family weighing the same."""
    with case.read() as s:
        body = validation.validate(s, sources=worlds.OPENAI, members=members)
    r = body["result"]
    highest = max(row["log10_lr"] for row in body["controls"])
    return (
        f"{body['sentence']} By family {r['auc_by_family']:.3f} and {r['cllr_by_family']:.3f}; "
        f"highest ratio of a stranger {10**highest:.2f}"
    )


def by_lot(case: Case, members: Sequence[Member]) -> float:
    """The mean area where the sides of the families are drawn by lot, as many on each side as there are."""
    sides = population.sort(members, worlds.OPENAI)
    families = [*sides.students, *sides.strangers]
    areas = []
    for seed in range(LOTS):
        random.Random(seed).shuffle(families)
        yes = set(families[: len(sides.students)])
        drawn = [
            lot(m, yes, set(families))
            for m in members
            if m.model in {*worlds.OPENAI, *sides.models}
        ]
        with case.read() as s:
            body = validation.validate(s, sources=worlds.OPENAI, members=drawn)
        areas.append(body["result"]["auc"])
    return float(np.mean(areas))


def lot(member: Member, yes: set[str], families: set[str]) -> Member:
    """A member on the side that the lot gives its family."""
    if member.family not in families:
        return member
    if member.family in yes:
        return replace(member, role="student", teachers=("oai-chatgpt",), lab="openai")
    return replace(member, role="nonstudent", teachers=(), lab="")


def anew(case: Case, members: Sequence[Member]) -> str:
    """Area, cost and ratios above 1 of every model of known training as a subject of its own."""
    sides = population.sort(members, worlds.OPENAI)
    yes, ratios = [], []
    for side, is_student in ((sides.students, True), (sides.strangers, False)):
        for model in (m for family in side.values() for m in family):
            with case.read() as s:
                body = lineage.compare(s, subject=model, sources=worlds.OPENAI, members=members)
            yes.append(is_student)
            ratios.append(body["result"]["log10_lr"])
    known, found = np.array(yes), np.array(ratios)
    above = [int((found[side] > 0).sum()) for side in (known, ~known)]
    return (
        f"AUC {auc(found, known):.3f}, Cllr {cllr(found, known):.3f}, above 1 {above[0]} of {known.sum()} "
        f"students and {above[1]} of {(~known).sum()} others"
    )


def exposed(folder: Path, runs: int) -> list[str]:
    """Size for every model, and power for a model that learned from a student's or the served answers."""
    texts = {name: answers(folder, name) for name in (SERVED, *INNOCENT, STUDENT)}
    prompts = sorted(set.intersection(*(set(t) for t in texts.values())))
    near = {
        name: np.array([exposure.nearness(texts[name][p], texts[SERVED][p], p) for p in prompts])
        for name in (*INNOCENT, STUDENT)
    }
    strata = np.searchsorted(
        np.quantile([len(p) for p in prompts], [1 / 3, 2 / 3]), [len(p) for p in prompts]
    )
    rng = np.random.Generator(np.random.PCG64(1))
    lines = []
    for name in (*INNOCENT, STUDENT):
        excess = near[name] - np.mean([near[c] for c in INNOCENT if c != name], axis=0)
        below = np.array([tested(excess, strata, rng) for _ in range(runs)])
        lines.append(f"exposure by lot, {name}: below 0.05 {np.mean(below <= 0.05):.3f}, "
                     f"below 0.01 {np.mean(below <= 0.01):.3f}")  # fmt: skip
    others = np.mean([near[c] for c in INNOCENT[1:]], axis=0)
    for what, learned in (
        ("a student's answers", near[STUDENT]),
        ("the served answers", np.ones(len(prompts))),
    ):
        for share in SHARES:
            found = [
                found_at(near[INNOCENT[0]], learned, others, strata, share, rng)
                for _ in range(runs // 5)
            ]
            lines.append(f"power, {what}, {share:.0%} of the exposed: {np.mean(found):.2f}")
    return lines


def tested(excess: Floats, strata: NDArray[Any], rng: np.random.Generator) -> float:
    """p where exposure is drawn by lot."""
    return float(
        exposure.permuted(excess[None], rng.random(len(excess)) < 0.5, strata, rng, DRAWS)[1][0]
    )


def found_at(
    own: Floats,
    learned: Floats,
    others: Floats,
    strata: NDArray[Any],
    share: float,
    rng: np.random.Generator,
) -> bool:
    """Whether a model is found at 0.05 that has a share of its exposed answers from elsewhere."""
    arm = rng.random(len(own)) < 0.5
    places = np.flatnonzero(arm)
    taken = rng.choice(places, max(1, int(share * len(places))), replace=False)
    mixed = own.copy()
    mixed[taken] = learned[taken]
    return bool(exposure.permuted((mixed - others)[None], arm, strata, rng, DRAWS)[1][0] <= 0.05)


def answers(folder: Path, model: str) -> dict[str, str]:
    """A model's answers by prompt."""
    rows = json.loads(gzip.decompress((folder / f"{model}.json.gz").read_bytes()))
    return {row["instruction"]: row["output"] for row in rows}


if __name__ == "__main__":
    main()
