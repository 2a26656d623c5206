"""How good lineage ratios are: every model of known training measured without its family.

What is printed is what the models of the population give, with intervals over families; the upper bounds
count families, because models of one family err together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from casekit.analysis import naming
from casekit.analysis.calibration import auc, cap_of, cllr, cllr_min, fused
from casekit.analysis.lineage import DRAWS, SEED, body_of, span, told
from casekit.analysis.lineage_run import Run, drawn, left_out, prepare
from casekit.analysis.population import Member
from casekit.analysis.shipped import Shipped
from casekit.analysis.stats import upper_bound
from casekit.progress import Progress, Silent

Floats = NDArray[np.float64]

CUTS = (1, 3, 10)  # likelihood ratios at which error rates are told
CURVE = (25, 50, 100, 200, 400, 800)  # prompts
CURVE_DRAWS = 20
FIGURES = (  # what a validation that is refused does not have
    "auc", "auc_interval", "auc_by_family", "cllr", "cllr_interval", "cllr_by_family", "cllr_min", "cap",
    "null_families", "null_families_above_1", "false_positive_upper_bound", "rates", "curve",
)  # fmt: skip


def validate(
    s: Connection, *, sources: Sequence[str], members: Sequence[Member], seed: int = SEED,
    progress: Progress | None = None, reference: Shipped | None = None,
) -> dict[str, Any]:  # fmt: skip
    """How good the ratios are: every model of known training measured without its family.

    Args:
        s: A reading session.
        sources: Models of one lab.
        members: The population.
        seed: Of the bootstrap and of the draws of prompts.
        progress: Told the prompts done.
        reference: Stands for the answers of the models that it holds.

    Returns:
        The body; `controls` and `students` have a row a model, `result` the figures with intervals over
        families.
    """
    names = naming.in_case(s, None, sources, members, reference)
    run, refused = prepare(
        s, None, None, names.sources, names.members, progress or Silent(), reference
    )
    if run is None:
        result = dict.fromkeys(FIGURES) | {"refused": refused}
        made = body_of(None, None, sources, members, seed, result, None, reference, names)
        return told(made, sentence)
    ratios, uncapped = left_out(run)
    figures = _figures(run, ratios, uncapped, seed)
    made = body_of(run, None, sources, members, seed, figures, ratios, reference, names)
    return told(made, sentence)


def sentence(body: Mapping[str, Any]) -> str:
    """The figures in plain words."""
    result = body["result"]
    if result["refused"]:
        return f"No validation: {result['refused']}."
    return (
        f"Left out family by family, {result['students']} students and {result['strangers']} others: "
        f"AUC {result['auc']:.3f} {span(result['auc_interval'])}, Cllr {result['cllr']:.3f} "
        f"{span(result['cllr_interval'])}. Of {result['null_families']} families of models without such "
        f"training {result['null_families_above_1']} have a model above LR 1 (95 % upper bound "
        f"{100 * result['false_positive_upper_bound']:.0f} %)."
    )


def _figures(run: Run, ratios: Floats, uncapped: Floats, seed: int) -> dict[str, Any]:
    """What the left-out ratios are worth, with intervals over families."""
    trials = run.trials
    yes, families = trials.yes, np.array(trials.family)
    rng = np.random.Generator(np.random.PCG64(seed))
    draws: list[tuple[float, float]] = []
    for _ in range(DRAWS):
        counts = drawn(trials, rng)
        weights = np.array([counts.get(f, 0.0) for f in trials.family])
        draws.append((auc(ratios, yes, weights), cllr(ratios, yes, weights)))
    spans = np.quantile(np.array(draws), (0.025, 0.975), axis=0)
    strangers = trials.families(yes=False)
    above = sum(bool((ratios[families == f] > 0).any()) for f in strangers)
    even = trials.weights()
    return {
        "auc": round(auc(ratios, yes), 4),
        "auc_interval": [round(float(v), 4) for v in spans[:, 0]],
        "auc_by_family": round(auc(ratios, yes, even), 4),
        "cllr": round(cllr(ratios, yes), 4),
        "cllr_interval": [round(float(v), 4) for v in spans[:, 1]],
        "cllr_by_family": round(cllr(ratios, yes, even), 4),
        "cllr_min": round(cllr_min(uncapped, yes), 4),
        "cap": round(cap_of(len(strangers)), 4),
        "students": int(yes.sum()),
        "student_families": len(trials.families(yes=True)),
        "strangers": int((~yes).sum()),
        "null_families": len(strangers),
        "null_families_above_1": above,
        "false_positive_upper_bound": round(upper_bound(above, len(strangers)), 4),
        "rates": [_rates(ratios, yes, families, strangers, cut) for cut in CUTS],
        "curve": _curve(run, seed),
        "prompts": len(run.prompts),
        "refused": None,
    }


def _rates(
    ratios: Floats,
    yes: NDArray[np.bool_],
    families: NDArray[Any],
    strangers: Sequence[str],
    cut: int,
) -> dict[str, Any]:
    over = ratios > np.log10(cut)
    hit = sum(bool(over[families == f].any()) for f in strangers)
    return {
        "lr_above": cut,
        "students": f"{int(over[yes].sum())} of {int(yes.sum())}",
        "strangers": f"{int(over[~yes].sum())} of {int((~yes).sum())}",
        "stranger_families": f"{hit} of {len(strangers)}",
        "upper": round(upper_bound(hit, len(strangers)), 4),
    }


def _curve(run: Run, seed: int) -> list[dict[str, Any]]:
    """Mean AUC of the fused score over seeded draws of fewer prompts."""
    rng = np.random.Generator(np.random.PCG64(seed))
    n, rows = len(run.trials.family), []
    weights = np.zeros(len(run.measured.models))
    weights[:n] = run.trials.weights()
    for size in (k for k in CURVE if k < len(run.prompts)):
        values = []
        for _ in range(CURVE_DRAWS):
            picked = rng.choice(len(run.prompts), size, replace=False)
            values.append(auc(fused(run.measured.scores(picked), weights)[:n], run.trials.yes))
        rows.append({"prompts": size, "auc": round(float(np.mean(values)), 4)})
    return rows
