"""One run of every analytic over a frame: what the body of a finding on usage is written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from casekit.analysis.usage import (
    controls,
    coverage,
    infrastructure,
    lifecycle,
    naming,
    networks,
    placebo,
    reappear,
    retries,
    scripts,
    synchrony,
)
from casekit.analysis.usage.analytics import ANALYTICS, Analytic
from casekit.analysis.usage.controls import Compared, Measure
from casekit.analysis.usage.frame import Floats, Frame, Ints
from casekit.analysis.usage.infrastructure import Group, Traits
from casekit.analysis.usage.lifecycle import Cycle
from casekit.analysis.usage.naming import Verdict
from casekit.analysis.usage.networks import Networks
from casekit.analysis.usage.placebo import Placebo
from casekit.analysis.usage.reappear import Models, Reappearing
from casekit.analysis.usage.scripts import OfGroup, Scripts
from casekit.analysis.usage.synchrony import Divided, Together
from casekit.progress import Progress

GROUPS_TESTED = 30  # the largest; smaller ones are counted
NO_SUBJECT = "no subject was named whose answers could be looked through"
Row = tuple[Analytic | None, Compared]


@dataclass(frozen=True, slots=True)
class Run:
    """Every figure of a log, and who is named.

    Attributes:
        divided: How each tested group divides its questions (A12), with the corrected p.
        spread: How each tested group's prompts lie over subjects (A4), empty without prompts.
        cycles: The life cycle of each tested group (A14), with the corrected p of its two counts.
        placebos: Each tested group's move to a new model beside days without one (A10), with the corrected p,
            the query, and why there is none.
        models: Whose answers were looked through (A15), and what re-appears in them.
        networks: Of which kind networks are (A13), None where nobody says.
    """

    frame: Frame
    traits: Traits
    rewired: Ints
    groups: tuple[Group, ...]
    group_of: Ints
    scripts: Scripts
    own: tuple[OfGroup, ...]
    refused: Mapping[str, str]
    compared: tuple[Row, ...]
    account_q: tuple[Floats, ...]
    group_q: tuple[tuple[float, ...], ...]
    verdicts: tuple[Verdict, ...]
    together: tuple[Together | None, ...]
    together_q: tuple[float, ...]
    together_query: str
    divided: tuple[Divided, ...]
    divided_q: tuple[float, ...]
    spread: tuple[Mapping[str, Any], ...]
    cycles: tuple[Cycle, ...]
    cycles_q: tuple[tuple[float, float], ...]
    placebos: tuple[Placebo | None, ...]
    placebos_q: tuple[float, ...]
    placebos_query: str
    placebos_refused: str
    models: Models | None
    reappearing: Reappearing | None
    networks: Networks | None


@dataclass(slots=True)
class _Work:
    """What one run gathers on its way."""

    frame: Frame
    seed: int
    progress: Progress
    tested: tuple[Group, ...]
    group_of: Ints
    refused: dict[str, str]
    rows: list[Row]

    def add(self, analytic: Analytic | None, measured: Sequence[Measure]) -> None:
        """Compare measures with their controls."""
        for one in measured:
            made = controls.compare(one, self.group_of, len(self.tested), self.seed)
            self.rows.append((analytic, made))


def analyse(
    frame: Frame, seed: int, progress: Progress, models: Models | None = None,
    listed: Networks | None = None,
) -> Run:  # fmt: skip
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
    work = _Work(frame, seed, progress, tested, group_of, {}, [])
    _plain(work, read, listed)
    spread = _coverage(work, read)
    cycles = _cycles(work, read, own)
    again = _reappearing(work, models)
    progress.step(0, None, "comparing releases with other days")
    at_release, release_query, no_days = placebo.compare(frame, group_of, len(tested))
    met, together_query = _together(work)
    divided = tuple(
        synchrony.divided(read, own[n].clusters, group.members, (seed, 12, n, 1))
        for n, group in enumerate(tested)
    )
    account_q, group_q, together_q, divided_q, cycles_q, release_q = _corrected(
        work, met, divided, cycles, at_release
    )
    progress.step(0, None, "deciding who is named")
    verdicts = _verdicts(work, read, own, group_q)
    progress.step(0, None, "re-assigning traits at random")
    rewired = infrastructure.rewired(borne, seed)
    return Run(
        frame, borne, rewired, found, group_of, read, own, work.refused, tuple(work.rows), account_q,
        group_q, verdicts, met, together_q, together_query, divided, divided_q, spread, cycles,
        cycles_q, at_release, release_q, release_query, no_days, models, again, listed,
    )  # fmt: skip


def named(run: Run) -> list[str]:
    """The accounts that are named, sorted."""
    return sorted(run.frame.accounts[k] for v in run.verdicts for k in v.named)


def _verdicts(
    work: _Work, read: Scripts, own: Sequence[OfGroup], group_q: Sequence[Sequence[float]]
) -> tuple[Verdict, ...]:
    """Who of each tested group is named; of one that would be, what its accounts ask in common is looked at."""
    made = []
    asked = np.bincount(read.account, minlength=len(work.frame.accounts))
    for n, group in enumerate(work.tested):
        below = [k for k, q in enumerate(group_q) if q[n] <= naming.LEVEL]
        shown = [
            (one.id, one.family) for one in (work.rows[k][0] for k in below) if one and one.family
        ]
        broad = any(work.rows[k][1].measure.key == "breadth" for k in below)
        verdict = naming.judge(group, own[n], asked, work.frame.customer, shown, broad=broad)
        if len(verdict.named):
            verdict = naming.spared(verdict, retries.in_common(work.frame, verdict.named))
        made.append(verdict)
    return tuple(made)


def _plain(work: _Work, read: Scripts, listed: Networks | None) -> None:
    """Scripts, and every analytic that is a figure of an account."""
    if why := work.frame.lacking("prompt"):
        work.refused["A3"] = why
    else:
        work.add(None, [scripts.measure(work.frame, read)])
    work.progress.step(0, None, "looking for questions put again")
    work.add(None, retries.rephrased(work.frame, read))
    work.progress.step(0, None, "looking at kinds of networks")
    kinds = networks.measure(work.frame, listed)
    work.add(None, [] if isinstance(kinds, str) else [kinds])
    for analytic in ANALYTICS:
        work.progress.step(0, None, f"computing {analytic.name.lower()}")
        measured = analytic.measures(work.frame)
        if isinstance(measured, str):
            work.refused[analytic.id] = measured
        else:
            work.add(analytic, measured)


def _coverage(work: _Work, read: Scripts) -> tuple[Mapping[str, Any], ...]:
    asked = coverage.read(work.frame, read, work.progress)
    if isinstance(asked, str):
        work.refused["A4"] = asked
        return ()
    made = coverage.compare(asked, work.group_of, len(work.tested), work.seed, work.progress)
    work.rows += [(None, one) for one in made]
    return tuple(coverage.spread(asked, read, group, work.group_of) for group in work.tested)


def _cycles(work: _Work, read: Scripts, own: Sequence[OfGroup]) -> tuple[Cycle, ...]:
    work.progress.step(0, None, "computing life cycles")
    known = lifecycle.lives(work.frame)
    if isinstance(known, str):
        work.refused["A14"] = known
        return ()
    work.add(None, [lifecycle.measure(work.frame, known)])
    return tuple(
        lifecycle.cycle(
            known, work.frame.requests, read, own[n], group, work.group_of, (work.seed, 14, n)
        )
        for n, group in enumerate(work.tested)
    )


def _reappearing(work: _Work, models: Models | None) -> Reappearing | None:
    found = reappear.read(work.frame, models, work.progress) if models else NO_SUBJECT
    if isinstance(found, str):
        work.refused["A15"] = found
        return None
    assert models is not None
    work.add(None, [reappear.measure(found, models)])
    return found


def _together(work: _Work) -> tuple[tuple[Together | None, ...], str]:
    """Synchrony of each group, with the query; where the log cannot support it, why goes to `refused`."""
    work.progress.step(0, None, "computing synchrony")
    found = synchrony.slots(work.frame)
    if isinstance(found, str):
        work.refused["A12"] = found
        return (None,) * len(work.tested), ""
    table, query = found
    account = work.frame.numbers(table["account"])
    slot = np.asarray(table["slot"], dtype=np.int64)
    return tuple(
        synchrony.together(account, slot, group.members, (work.seed, 12, n))
        for n, group in enumerate(work.tested)
    ), query


def _corrected(
    work: _Work, met: Sequence[Together | None], divided: Sequence[Divided], cycles: Sequence[Cycle],
    at_release: Sequence[Placebo | None],
) -> tuple[
    tuple[Floats, ...], tuple[tuple[float, ...], ...], tuple[float, ...], tuple[float, ...],
    tuple[tuple[float, float], ...], tuple[float, ...],
]:  # fmt: skip
    """The p of all accounts corrected together, and those of all groups: measures and what they alone have."""
    many, groups = len(work.rows), len(work.tested)
    accounts = [c.p for _, c in work.rows]
    account_q = np.split(controls.corrected(np.concatenate(accounts)), many) if many else []
    flat = [np.nan if t is None else t.p for _, c in work.rows for t in c.groups]
    flat += [np.nan if t is None else t.p for t in met]
    flat += [np.nan if one.p is None else one.p for one in divided]
    for one in ("together", "resumed"):
        counts = [getattr(cycle, one) for cycle in cycles] or [None] * groups
        flat += [np.nan if counted is None else counted.p for counted in counts]
    flat += [np.nan if one is None else one.p for one in at_release]
    parts = np.split(controls.corrected(flat), many + 5)
    *group_q, together, shares, born, resumed, dates = [tuple(map(float, part)) for part in parts]
    cycles_q = tuple(zip(born, resumed, strict=True))
    return tuple(account_q), tuple(group_q), together, shares, cycles_q, dates
