"""How far a rewriting of the subject's answers hides a lineage, or makes one: every model, rule and strength.

Run: python -m tests.bench.bench_rewriting FOLDER WORDNET [washed]

FOLDER holds one `MODEL.json.gz` a model and `lineage.csv`, WORDNET the files of WordNet 3.0. Every student and
every stranger is the subject once for each rule of `rewordings`, measured as `casekit finding lineage` measures
it, its family left out of everything. With `washed` all texts (subject's, sources', controls') lose their
layout alike before they are compared: the remedy that was tried. No times; the same folders give the same.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from numpy.typing import NDArray

from casekit.analysis import closeness, lineage_run, population
from casekit.analysis.calibration import auc, cap_of, cllr, fit, fused
from casekit.analysis.population import Member
from casekit.progress import Silent
from casekit.queries import exchanges
from casekit.store.case import Case, create_case
from tests.analysis import worlds
from tests.bench import rewordings
from tests.bench.rewordings import Rule

Floats = NDArray[np.float64]
OF_LAYOUT = (  # what is told where all texts lose their layout
    "as answered", "frame taken away", "layout and frame taken away", "all of these in full, no layout",
)  # fmt: skip


def main() -> None:
    """Print a line a rule, and a line a model and rule."""
    if len(sys.argv) < 3 or not Path(sys.argv[1], "lineage.csv").is_file():
        sys.exit("name the folder of the models' answers, and that of WordNet's files")
    folder, wash = Path(sys.argv[1]), rewordings.unlaid if "washed" in sys.argv[3:] else None
    members = population.read(folder / "lineage.csv")
    rules = rewordings.rules(Path(sys.argv[2]))
    if wash:
        rules = {name: rules[name] for name in OF_LAYOUT}
    with tempfile.TemporaryDirectory() as made, create_case(Path(made, "Case"), "A v. B") as case:
        worlds.answered(case, folder, Path(made))
        yes, ratios, caps = everybody(case, members, list(rules.values()), wash)
    for k, name in enumerate(rules):
        print(f"{name}: {summary(yes, ratios[:, k], caps)}", flush=True)


def everybody(
    case: Case, members: Sequence[Member], rules: Sequence[Rule], wash: Rule | None
) -> tuple[NDArray[np.bool_], Floats, Floats]:
    """Whether each model is a student; its log10 ratio before the cap by rule; its cap."""
    sides = population.sort(members, worlds.OPENAI)
    yes: list[bool] = []
    ratios: list[Floats] = []
    caps: list[float] = []
    for side, known in ((sides.students, True), (sides.strangers, False)):
        for family, models in side.items():
            found, cap = of_family(case, members, family, models, rules, wash)
            for model, row in zip(models, found, strict=True):
                print(
                    f"{'student' if known else 'other'} {model}: {np.round(row, 2).tolist()}",
                    flush=True,
                )
                yes.append(known)
                ratios.append(row)
                caps.append(cap)
    return np.array(yes), np.array(ratios), np.array(caps)


def of_family(
    case: Case, members: Sequence[Member], family: str, models: Sequence[str], rules: Sequence[Rule],
    wash: Rule | None,
) -> tuple[Floats, float]:  # fmt: skip
    """Models x rules: the log10 ratios before the cap; and the cap. All variants are measured at once."""
    with case.read() as s:
        run, why = lineage_run.prepare(s, None, family, worlds.OPENAI, members, Silent())
        if run is None:
            sys.exit(why)
        own = {m: exchanges.by_prompt(s, m) for m in models}
    names = [f"{m} {k}" for m in models for k in range(len(rules))]
    values = measured(run, names, own, rules, wash)
    scores = [np.nanmean(habit, axis=1) for habit in values]
    n, weights = len(run.trials.family), run.trials.weights()
    score = fused(scores, np.append(weights, np.zeros(len(names))))
    mapped = fit(score[:n], run.trials.yes, weights)(score[n:])
    return mapped.reshape(len(models), len(rules)), cap_of(len(run.trials.families(yes=False)))


def measured(
    run: lineage_run.Run,
    names: Sequence[str],
    own: dict[str, Any],
    rules: Sequence[Rule],
    wash: Rule | None,
) -> Floats:
    """Closeness by habit, row and prompt: first the trials, then every variant of every subject."""
    washed = wash or (lambda text: text)
    field = closeness.Field.of(run.sides, names)
    rows = [*run.measured.models, *names]
    values = np.full((len(lineage_run.HABITS), len(rows), len(run.prompts)), np.nan)
    for n, prompt in enumerate(run.prompts):
        texts = {m: a[prompt].output for m, a in run.answers.items() if prompt in a}
        for model, given in own.items():
            if prompt in given:
                said = given[prompt].output
                texts |= {f"{model} {k}": rule(said) for k, rule in enumerate(rules)}
        texts = {m: washed(text) for m, text in texts.items()}
        asked = next(a[prompt].prompt for a in run.answers.values() if prompt in a)
        for h, habit in enumerate(lineage_run.HABITS.values()):
            values[h, :, n] = closeness.of_prompt(asked, texts, field, rows, habit)
    return values


def summary(yes: NDArray[np.bool_], ratios: Floats, caps: Floats) -> str:
    """What a rule leaves of the figures."""
    capped = np.clip(ratios, -caps, caps)

    def above(side: NDArray[np.bool_], cut: float) -> str:
        return f"{int((capped[side] > np.log10(cut)).sum())} of {int(side.sum())}"

    return (
        f"students above 1 {above(yes, 1)}, above 3 {above(yes, 3)}; others above 1 {above(~yes, 1)}, above 3 "
        f"{above(~yes, 3)}, highest before the cap {ratios[~yes].max():.2f}; median students "
        f"{np.median(ratios[yes]):.2f}, others {np.median(ratios[~yes]):.2f}; AUC {auc(ratios, yes):.3f}, "
        f"Cllr {cllr(capped, yes):.3f}"
    )


if __name__ == "__main__":
    main()
