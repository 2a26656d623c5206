"""The finding on usage: every analytic over the API log of a case, and the accounts that they name together."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any

import numpy as np

import casekit
from casekit.analysis.usage import (
    asking,
    controls,
    engine,
    infrastructure,
    naming,
    prices,
    reading,
    running,
    scripts,
    shingles,
    synchrony,
    volume,
    worth,
)
from casekit.analysis.usage import frame as frames
from casekit.analysis.usage.analytics import ANALYTICS
from casekit.analysis.usage.prices import Prices
from casekit.analysis.usage.running import GROUPS_TESTED, Run
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.store import sidecar
from casekit.store.case import Case

SEED = 20260101
CARDS = 6
LEVEL = 0.05

LIMITATIONS = (
    "An account is named because independent figures point to it together. That is consistent with "
    "coordinated collection; it does not say who stood behind the account, nor why.",
    "Controls are accounts of the same log. Where much of the log is of the same conduct, they hide it.",
    "Who pays is taken from payment references or organisations: two customers of one owner look like two, "
    "and one owner’s team with several means of payment can look like several customers.",
    "A campaign of fewer accounts than the parameters say, of one customer, or without scripts names nobody.",
    "The families of conduct are not fully independent: long answers follow from asking for reasoning.",
    "Phrases are matched by printed lists; what these miss is not counted.",
    "Nothing here measures loss, or a breach of terms.",
)
INNOCENT = (
    "A company with several subsidiaries or cards may run one program through many accounts.",
    "A public tool may put the same sentences into the prompts of all who use it.",
    "Research, evaluation, synthetic data and resale show several of these figures lawfully.",
)


def compare(
    case: Case, *, seed: int = SEED, listed: Prices | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """The body of a usage finding on the API log of a case.

    Args:
        case: The open case; its Parquet files are brought up to date first.
        seed: Of all draws.
        listed: List prices, for the value of what was asked.
        progress: Told what is done.

    Raises:
        CaseKitError: The case has no API log, nothing in it says who asked, or an item that the prices cite
            is not in the case.
    """
    progress = progress or Silent()
    with case.read() as s:
        if listed is not None:
            prices.check_sources(s, listed)
    progress.step(0, None, "making the tables for analytics")
    parts = [part.path for part in sidecar.parts(case)]
    if not parts:
        raise CaseKitError("There is no API log in this case: import one first.")
    with case.read() as s:
        decided, joined, inputs = reading.decided(s), reading.joined(s), reading.inputs(s)
    with engine.opened(parts) as backend:
        frame = frames.build(backend, decided=decided, joined=joined)
        return body_of(running.analyse(frame, seed, progress), inputs, seed, listed)


def body_of(
    run: Run, inputs: Sequence[Mapping[str, Any]], seed: int, listed: Prices | None = None
) -> dict[str, Any]:
    """The body: what was asked, of what, how, with what result, and what it cannot say."""
    frame, who = run.frame, running.named(run)
    analytics = [_infrastructure(run), *_compared(run), _synchrony(run), _volume(run, listed)]
    analytics.sort(key=lambda a: int(str(a["id"])[1:]))
    result = {
        "exchanges": frame.rows,
        "without_account": frame.rows - int(frame.requests.sum()),
        "accounts_in_log": len(frame.accounts),
        "groups": len(run.groups),
        "named_accounts": len(who),
        "analytics_refused": len(run.refused) + int(len(run.traits.lacking) > 2),
        "refused": None,
    }
    body = {
        "v": 1,
        "question": {
            "h1": "Some accounts of this log were run together, to collect answers by script.",
            "h0": "The accounts of this log were run apart, or openly by one customer.",
        },
        "inputs": list(inputs),
        "parameters": parameters(frame.unit),
        "seed": seed,
        "versions": {
            "casekit": casekit.__version__, "python": platform.python_version(), "numpy": np.__version__,
            **{name: metadata.version(name) for name in ("duckdb", "ibis-framework", "pyarrow", "scipy")},
        },
        "controls": [],
        "result": result,
        "named": who,
        "groups": _groups(run),
        "analytics": analytics,
        "accounts_named": _evidence(run),
        "phrases": {
            "version": asking.VERSION, "reasoning": list(asking.REASONING),
            "grading": list(asking.GRADING), "scale": list(asking.SCALE),
        },
        "limitations": list(LIMITATIONS),
        "innocent": list(INNOCENT),
        "dropped": [f"{id_}: {why}." for id_, why in sorted(run.refused.items())],
    }  # fmt: skip
    if listed is not None:
        body["prices"] = prices.to_body(listed)
    return {**body, "sentence": sentence(body)}


def parameters(unit: str) -> dict[str, Any]:
    """What was fixed beforehand."""
    return {
        "unit": unit, "cell_level": infrastructure.LEVEL, "cell_lift": infrastructure.LIFT,
        "least_group": infrastructure.LEAST_GROUP, "rewirings": infrastructure.REWIRINGS,
        "alike": shingles.ALIKE, "script_level": scripts.LEVEL, "draws": controls.DRAWS,
        "classes": controls.CLASSES, "group_level": naming.LEVEL, "families": naming.FAMILIES,
        "least_customers": naming.LEAST_CUSTOMERS, "most_of_one_customer": naming.MOST_OF_ONE,
        "least_linked": naming.LEAST_LINKED, "least_unlinked": naming.LEAST_UNLINKED,
        "groups_tested": GROUPS_TESTED,
    }  # fmt: skip


def sentence(body: Mapping[str, Any]) -> str:
    """The result in plain words."""
    r = body["result"]
    whole = f"{r['exchanges']:,} exchanges by {r['accounts_in_log']:,} accounts"
    if not r["named_accounts"]:
        return (
            f"Over {whole}, no account is named: no group of accounts is linked, follows scripts of its own "
            "and acts unlike its controls, without being openly one customer."
        )
    groups = sum(bool(g["named"]) for g in body["groups"])
    return (
        f"Over {whole}, {r['named_accounts']:,} are named, in {groups} group{'s' if groups > 1 else ''}: they "
        "share traits that chance does not bring together, follow the same scripts as different customers, and "
        "act unlike accounts with as many requests. This is consistent with coordinated collection; what else "
        "explains it is said below."
    )


def _groups(run: Run) -> list[dict[str, Any]]:
    told = []
    for n, (group, verdict, own) in enumerate(zip(run.groups, run.verdicts, run.own, strict=False)):
        cards = sorted(own.clusters.tolist(), key=lambda c: (-int(run.scripts.size[c]), c))
        told.append(
            {
                "group": n + 1,
                "members": len(group.members),
                "requests": int(run.frame.requests[group.members].sum()),
                "linked_by": list(group.kinds),
                "cells": len(group.cells),
                "largest_cell_p": _rounded(max(cell.p for cell in group.cells)),
                "customers_of_scripted": verdict.customers,
                "follow_scripts": len(verdict.scripted),
                "unlike_controls": list(verdict.shown),
                "named": len(verdict.named),
                "not_named_because": verdict.why_not,
                "shared": infrastructure.shared(group, run.traits) if len(verdict.named) else [],
                "scripts": [scripts.card(run.frame, run.scripts, c) for c in cards[:CARDS]],
                "more_scripts": max(0, len(cards) - CARDS),
            }
        )
    return told


def _infrastructure(run: Run) -> dict[str, Any]:
    lacking = [frames.WORDS.get(kind, f"{kind}s") for kind in run.traits.lacking]
    kinds = len(infrastructure.KINDS) - len(lacking)
    largest, reached = len(run.groups[0].members) if run.groups else 0, int(run.rewired.max())
    as_large = int((run.rewired >= largest).sum()) if largest else len(run.rewired)
    refused = None if kinds > 1 else f"this log has no {' and no '.join(lacking)}"
    return {
        "id": "A1",
        "name": "Infrastructure",
        "refused": refused,
        "kinds_lacking": lacking,
        "groups": len(run.groups),
        "largest_group": largest,
        "largest_in_rewirings": reached,
        "rewirings": len(run.rewired),
        "p": _rounded((1 + as_large) / (1 + len(run.rewired))),
        "sentence": ""
        if refused
        else (
            f"{len(run.groups)} groups of {infrastructure.LEAST_GROUP} accounts or more share traits of two "
            f"kinds beyond chance; the largest has {largest}. In {len(run.rewired)} random re-assignments "
            f"of the traits the largest such group had {reached}."
        ),
        "consistent_with": "accounts that one hand runs",
        "innocent": [
            "An office, a campus or a hosting company lends many people the same addresses and programs.",
            "Accounts of one company share what it pays with.",
        ],
        "accounts": running.named(run),
        "others_showing": int((run.group_of >= 0).sum()) - len(running.named(run)),
        "query": run.traits.query,
    }


def _compared(run: Run) -> list[dict[str, Any]]:
    """What is said of every analytic that compares accounts."""
    heads = [("A3", "Template prompting", "prompts made by a program from sentences with blanks", (
        "Products, evaluations and teaching fill sentences with blanks too.",)),
        *((a.id, a.name, a.reads_as, a.innocent) for a in ANALYTICS)]  # fmt: skip
    told = []
    for id_, name, reads_as, innocent in heads:
        rows = [k for k, (_, c) in enumerate(run.compared) if c.measure.id == id_]
        showing = np.zeros(len(run.frame.accounts), dtype=bool)
        for k in rows:
            showing |= _shows(run, k)
        chosen = np.zeros(len(showing), dtype=bool)
        for verdict in run.verdicts:
            chosen[verdict.named] = True
        told.append(
            {
                "id": id_,
                "name": name,
                "refused": run.refused.get(id_),
                "measures": [_measure(run, k) for k in rows],
                "sentence": " ".join(_told(run, k) for k in rows),
                "consistent_with": reads_as,
                "innocent": list(innocent),
                "accounts": [run.frame.accounts[k] for k in np.flatnonzero(showing & chosen)],
                "others_showing": int((showing & ~chosen).sum()),
            }
        )
    return told


def _synchrony(run: Run) -> dict[str, Any]:
    who, rows, said = [], [], []
    for n, met in enumerate(run.together):
        if met is None:
            continue
        clusters, members = run.own[n].clusters, run.groups[n].members
        divided = synchrony.shared_out(run.scripts, clusters, members)
        rows.append(
            {
                "group": n + 1, "meetings": met.meetings, "expected": _rounded(met.expected),
                "p": _rounded(met.p), "q": _rounded(run.together_q[n]), "draws": met.draws, **divided,
            }
        )  # fmt: skip
        if not len(run.verdicts[n].named):
            continue
        if run.together_q[n] <= naming.LEVEL:
            who += [run.frame.accounts[k] for k in run.verdicts[n].named]
        said.append(
            f"Group {n + 1}: pairs of accounts were active in the same five minutes {met.meetings:,} times, "
            f"{met.expected:,.1f} times when each account’s times were moved at random (p = {met.p:.4f}, "
            f"corrected {run.together_q[n]:.4f}); of {divided['wordings']:,} wordings of its scripts, numbers "
            f"left out, {divided['asked_by_several']:,} were asked by several accounts."
        )
    return {
        "id": "A12",
        "name": "Synchrony",
        "refused": run.refused.get("A12"),
        "groups": rows,
        "sentence": " ".join(said),
        "consistent_with": "accounts that one timetable moves",
        "innocent": ["Jobs that start at the full hour meet without knowing of each other."],
        "accounts": sorted(who),
        "others_showing": sum(
            len(run.groups[n].members) - len(v.named)
            for n, v in enumerate(run.verdicts)
            if run.together_q[n] <= naming.LEVEL
        ),
        "query": run.together_query,
    }


def _volume(run: Run, listed: Prices | None) -> dict[str, Any]:
    """How much the log, its groups and its largest accounts asked, and what that is at list price."""
    frame = run.frame
    members = {
        str(n + 1): [frame.accounts[k] for k in group.members]
        for n, group in enumerate(run.groups[:GROUPS_TESTED])
    }
    told: dict[str, Any] = {
        "id": "A16",
        "name": "Volume and value",
        "refused": None,
        "value_refused": None,
        **volume.volume(frame, members),
        "sentence": f"{frame.rows:,} exchanges: a quantity, not a measure of loss.",
        "consistent_with": "use of any kind",
        "innocent": ["Large customers ask much."],
        "accounts": [],
        "others_showing": 0,
    }
    why = "no table of list prices was given" if listed is None else _no_value(frame)
    if listed is None or why:
        return {**told, "value_refused": why}
    value = worth.value(frame, listed, members)
    said = f"{frame.rows:,} exchanges. {worth.sentence(value, listed)}"
    return {**told, "sentence": said, "value": value}


def _no_value(frame: frames.Frame) -> str:
    """Why nothing can be valued; empty if something can."""
    lacking = frame.lacking("model", "us")
    return lacking or (frame.lacking("input_tokens") and frame.lacking("output_tokens"))


def _shows(run: Run, k: int) -> Any:
    """The accounts that stand out by themselves, or are above their controls in a group that does."""
    _, compared = run.compared[k]
    out = np.nan_to_num(run.account_q[k], nan=1.0) <= LEVEL
    above = np.nan_to_num(compared.measure.values - compared.expected, nan=-1.0) > 0
    for n, q in enumerate(run.group_q[k]):
        if q <= naming.LEVEL:
            out |= above & (run.group_of == n)
    return out


def _measure(run: Run, k: int) -> dict[str, Any]:
    _, compared = run.compared[k]
    m = compared.measure
    known = ~np.isnan(m.values)
    outside = known & (run.group_of < 0)
    groups = [
        {
            "group": n + 1, "members": t.members, "mean": _rounded(t.mean), "controls": t.controls,
            "control_mean": _rounded(t.control_mean), "p": _rounded(t.p), "q": _rounded(q),
        }
        for n, (t, q) in enumerate(zip(compared.groups, run.group_q[k], strict=True)) if t is not None
    ]  # fmt: skip
    return {
        "key": m.key,
        "what": m.what,
        "accounts_measured": int(known.sum()),
        "ungrouped_median": _rounded(np.median(m.values[outside])) if outside.any() else None,
        "p_below_level": int((np.nan_to_num(compared.p, nan=1.0) <= LEVEL).sum()),
        "q_below_level": int((np.nan_to_num(run.account_q[k], nan=1.0) <= LEVEL).sum()),
        "level": LEVEL,
        "groups": groups,
        "query": m.query,
    }


def _told(run: Run, k: int) -> str:
    """A measure in words, for the groups that are named; for none, what the controls show."""
    _, compared = run.compared[k]
    said = []
    for n, (test, verdict) in enumerate(zip(compared.groups, run.verdicts, strict=False)):
        if test is not None and len(verdict.named):
            said.append(
                f"Group {n + 1}, {compared.measure.what}: {_rounded(test.mean):,} on average over "
                f"{test.members:,} accounts, {_rounded(test.control_mean):,} over {test.controls:,} controls "
                f"(p = {test.p:.4f}, corrected {run.group_q[k][n]:.4f})."
            )
    return " ".join(said)


def _evidence(run: Run) -> list[dict[str, Any]]:
    """Every named account with the exact counts behind it."""
    told = []
    for n, verdict in enumerate(run.verdicts):
        for a in verdict.named:
            figures = {
                f"{c.measure.id} {c.measure.key}": [
                    int(c.measure.hits[a]), int(c.measure.of[a]), _rounded(c.measure.values[a]),
                    _rounded(c.p[a]), _rounded(run.account_q[k][a]),
                ]
                for k, (_, c) in enumerate(run.compared)
            }  # fmt: skip
            told.append(
                {
                    "account": run.frame.accounts[a], "group": n + 1,
                    "requests": int(run.frame.requests[a]),
                    "scripted": int(run.own[n].requests[a]), "figures": figures,
                }
            )  # fmt: skip
    return sorted(told, key=lambda row: (row["group"], row["account"]))


def _rounded(value: float) -> float | None:
    """Six significant digits, so that machines agree; None for what is no number."""
    number = float(value)
    return None if np.isnan(number) else float(f"{number:.6g}")
