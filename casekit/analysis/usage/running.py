"""One run of every analytic over a frame: what the body of a finding on usage is written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from casekit.analysis.usage import controls, infrastructure, naming, scripts, synchrony
from casekit.analysis.usage.analytics import ANALYTICS, Analytic
from casekit.analysis.usage.controls import Compared
from casekit.analysis.usage.frame import Floats, Frame, Ints
from casekit.analysis.usage.infrastructure import Group, Traits
from casekit.analysis.usage.naming import Verdict
from casekit.analysis.usage.scripts import OfGroup, Scripts
from casekit.analysis.usage.synchrony import Together
from casekit.progress import Progress

GROUPS_TESTED = 30  # the largest; smaller ones are counted


@dataclass(frozen=True, slots=True)
class Run:
    """Every figure of a log, and who is named."""

    frame: Frame
    traits: Traits
    rewired: Ints
    groups: tuple[Group, ...]
    group_of: Ints
    scripts: Scripts
    own: tuple[OfGroup, ...]
    refused: Mapping[str, str]
    compared: tuple[tuple[Analytic | None, Compared], ...]
    account_q: tuple[Floats, ...]
    group_q: tuple[tuple[float, ...], ...]
    verdicts: tuple[Verdict, ...]
    together: tuple[Together | None, ...]
    together_q: tuple[float, ...]
    together_query: str


def analyse(frame: Frame, seed: int, progress: Progress) -> Run:
    """Compute every analytic over a frame, and who is named."""
    progress.step(0, None, "looking for shared traits")
    borne = infrastructure.traits(frame)
    found = tuple(infrastructure.groups(borne))
    tested = found[:GROUPS_TESTED]
    group_of = np.full(len(frame.accounts), -1, dtype=np.int64)
    for n, group in enumerate(found):
        group_of[group.members] = n
    read = scripts.read(frame, progress)
    own = tuple(
        scripts.of_group(read, g.members, frame.customer, naming.MOST_OF_ONE) for g in tested
    )
    refused: dict[str, str] = {}
    rows: list[tuple[Analytic | None, Compared]] = []
    if why := frame.lacking("prompt"):
        refused["A3"] = why
    else:
        made = scripts.measure(frame, read)
        rows.append((None, controls.compare(made, group_of, len(tested), seed)))
    for analytic in ANALYTICS:
        progress.step(0, None, f"computing {analytic.name.lower()}")
        measured = analytic.measures(frame)
        if isinstance(measured, str):
            refused[analytic.id] = measured
            continue
        for one in measured:
            rows.append((analytic, controls.compare(one, group_of, len(tested), seed)))
    account_q = (
        _split(controls.corrected(np.concatenate([c.p for _, c in rows])), len(rows))
        if rows
        else ()
    )
    flat = [np.nan if t is None else t.p for _, c in rows for t in c.groups]
    progress.step(0, None, "computing synchrony")
    met, together_query = _together(frame, tested, seed, refused)
    flat += [np.nan if t is None else t.p for t in met]
    *group_q, together_q = _split(controls.corrected(flat), len(rows) + 1)
    verdicts = []
    for n, group in enumerate(tested):
        shown = [
            (analytic.id, analytic.family)
            for (analytic, _), q in zip(rows, group_q, strict=True)
            if analytic is not None and analytic.family and q[n] <= naming.LEVEL
        ]
        requests = np.bincount(read.account, minlength=len(frame.accounts))
        verdicts.append(naming.judge(group, own[n], requests, frame.customer, shown))
    progress.step(0, None, "re-assigning traits at random")
    return Run(
        frame, borne, infrastructure.rewired(borne, seed), found, group_of, read, own, refused,
        tuple(rows), account_q, tuple(tuple(map(float, q)) for q in group_q), tuple(verdicts),
        met, tuple(map(float, together_q)), together_query,
    )  # fmt: skip


def named(run: Run) -> list[str]:
    """The accounts that are named, sorted."""
    return sorted(run.frame.accounts[k] for v in run.verdicts for k in v.named)


def _together(
    frame: Frame, groups: Sequence[Group], seed: int, refused: dict[str, str]
) -> tuple[tuple[Together | None, ...], str]:
    """Synchrony of each group, with the query; where the log cannot support it, why goes to `refused`."""
    found = synchrony.slots(frame)
    if isinstance(found, str):
        refused["A12"] = found
        return (None,) * len(groups), ""
    table, query = found
    account = frame.numbers(table["account"])
    slot = np.asarray(table["slot"], dtype=np.int64)
    return tuple(
        synchrony.together(account, slot, group.members, (seed, 12, n))
        for n, group in enumerate(groups)
    ), query


def _split(flat: Floats, many: int) -> tuple[Floats, ...]:
    return tuple(np.split(flat, many)) if many else ()
