"""How far a lineage ratio moves where a part of what it rests on is left out: no part of the result.

Nothing is measured anew. A family that is left out calibrates nothing, as in validation and in the interval,
but still stands among those by which others are measured. Rows that lie together do not say that the ratio is
right, only that it hangs on no single part of what was compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekit.analysis.calibration import cap_of, capped
from casekit.analysis.lineage_run import HABITS, LEAST_PROMPTS, Floats, Run, fitted, rises

HALVES = 40  # draws
MOST_TASKS = 100  # those with the most prompts


def rows(run: Run, seed: int, tasks: Mapping[bytes, str]) -> list[dict[str, Any]]:
    """The ratio of the subject without each part in turn, in a fixed order.

    Args:
        run: What was measured, the subject last.
        seed: Of the halves.
        tasks: To which task prompts belong, by the prompt's SHA-256 (32 bytes), where that is told.

    Returns:
        Rows of `without` (`stranger_family`, `student_family`, `habit`, `task` or `half`), the `name` of what
        is left out, the capped `log10_lr` (None where it would fall with nearness, so that there is none), its
        `cap` (log10) and the number of `prompts`.
    """
    return [*_families(run), *_habits(run), *_tasks(run, tasks), *_halves(run, seed)]


def _families(run: Run) -> Iterator[dict[str, Any]]:
    scores = run.measured.scores()
    for what, yes in (("stranger_family", False), ("student_family", True)):
        for left in run.trials.families(yes=yes):
            yield _row(run, what, left, scores, {f: float(f != left) for f in run.trials.family})


def _habits(run: Run) -> Iterator[dict[str, Any]]:
    for left, name in enumerate(HABITS):
        scores = [s for k, s in enumerate(run.measured.scores()) if k != left]
        yield _row(run, "habit", name, scores)


def _tasks(run: Run, tasks: Mapping[bytes, str]) -> Iterator[dict[str, Any]]:
    """Without the prompts of each task; not where those that are left would be too few for a finding."""
    told = [tasks.get(prompt, "") for prompt in run.prompts]
    size = Counter(filter(None, told))
    for name in sorted(sorted(size, key=lambda task: (-size[task], task))[:MOST_TASKS]):
        kept = np.array([k for k, task in enumerate(told) if task != name], dtype=np.intp)
        if len(kept) >= LEAST_PROMPTS:
            yield _row(run, "task", name, _over(run, kept), prompts=len(kept))


def _halves(run: Run, seed: int) -> Iterator[dict[str, Any]]:
    rng = np.random.Generator(np.random.PCG64(seed))
    half = (len(run.prompts) + 1) // 2
    for draw in range(1, HALVES + 1):
        kept = np.sort(rng.choice(len(run.prompts), half, replace=False))
        yield _row(run, "half", str(draw), _over(run, kept), prompts=half)


def _over(run: Run, kept: NDArray[np.intp]) -> list[Floats]:
    """The scores over some prompts; none where a model shows nothing there that others show."""
    known = ~np.isnan(run.measured.values[:, :, kept])
    return run.measured.scores(kept) if known.any(axis=2).all() else []


def _row(
    run: Run, what: str, name: str, scores: Sequence[Floats], counts: dict[str, float] | None = None,
    prompts: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The ratio by some scores and families, each as often as `counts` says, once if that is not given."""
    strangers = [f for f in run.trials.families(yes=False) if counts is None or counts[f]]
    value = None
    if scores:
        score, mapped = fitted(scores, run, counts)
        if rises(mapped):
            value = round(float(capped(mapped(np.array([score])), len(strangers))[0]), 4) + 0.0
    return {
        "without": what, "name": name, "log10_lr": value, "cap": round(cap_of(len(strangers)), 4),
        "prompts": len(run.prompts) if prompts is None else prompts,
    }  # fmt: skip
