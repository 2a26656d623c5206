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
    coverage,
    engine,
    features,
    infrastructure,
    lifecycle,
    naming,
    networks,
    placebo,
    plots,
    prices,
    reading,
    reappear,
    retries,
    running,
    scripts,
    telling,
)
from casekit.analysis.usage import frame as frames
from casekit.analysis.usage.networks import Networks
from casekit.analysis.usage.prices import Prices
from casekit.analysis.usage.reappear import Models
from casekit.analysis.usage.running import GROUPS_TESTED, Run
from casekit.analysis.usage.telling import rounded
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.search import shingles
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
    "A campaign of fewer accounts than the parameters say, of one customer, without scripts, or whose accounts "
    "put the same questions letter for letter, names nobody; nor does one that asks for neither reasoning nor "
    "grading and keeps to few subjects.",
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
    case: Case, *, seed: int = SEED, listed: Prices | None = None, subject: str = "",
    models: Sequence[str] = (), kinds: Networks | None = None, progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The body of a usage finding on the API log of a case.

    Args:
        case: The open case; its Parquet files are brought up to date first.
        seed: Of all draws.
        listed: List prices, for the value of what was asked.
        subject: Model whose answers are looked through for answers of the log; none if empty.
        models: Controls of that: models that cannot have seen the log's answers; at least one.
        kinds: Of which kind networks are, as a table says.
        progress: Told what is done.

    Raises:
        CaseKitError: The case has no API log, nothing in it says who asked, an item that the prices cite
            is not in the case, or subject and controls cannot be compared.
    """
    progress = progress or Silent()
    with case.read() as s:
        if listed is not None:
            prices.check_sources(s, listed)
        asked = reading.models(s, subject, models)
    progress.step(0, None, "making the tables for analytics")
    parts = [part.path for part in sidecar.parts(case)]
    if not parts:
        raise CaseKitError("There is no API log in this case: import one first.")
    with case.read() as s:
        decided, joined = reading.decided(s), reading.joined(s)
        inputs, hidden = [*reading.inputs(s), *reading.inputs_of(asked)], reading.hidden(s)
    with engine.opened(parts) as backend:
        frame = frames.build(backend, decided=decided, joined=joined, hidden=hidden)
        run = running.analyse(frame, seed, progress, asked, kinds)
        return body_of(run, inputs, seed, listed)


def body_of(
    run: Run, inputs: Sequence[Mapping[str, Any]], seed: int, listed: Prices | None = None
) -> dict[str, Any]:
    """The body: what was asked, of what, how, with what result, and what it cannot say."""
    frame, who = run.frame, running.named(run)
    result = {
        "exchanges": frame.rows,
        "without_account": frame.rows - int(frame.requests.sum()),
        "times_set_aside": frame.stray,
        "copies_set_aside": frame.copies,
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
        "parameters": parameters(frame.unit, run.models),
        "seed": seed,
        "versions": {
            "casekit": casekit.__version__, "python": platform.python_version(), "numpy": np.__version__,
            **{name: metadata.version(name) for name in ("duckdb", "ibis-framework", "pyarrow", "scipy")},
        },
        "controls": [],
        "result": result,
        "named": who,
        "groups": _groups(run),
        "analytics": telling.analytics(run, listed),
        "accounts_named": _evidence(run),
        "plots": plots.plots(run),
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
    if run.networks is not None:
        body["networks"] = networks.to_body(run.networks, frame)
    return {**body, "sentence": sentence(body)}


def parameters(unit: str, models: Models | None) -> dict[str, Any]:
    """What was fixed beforehand."""
    named = {} if models is None else {"subject": models.subject, "models": list(models.controls)}
    return {
        **named,
        "unit": unit, "cell_level": infrastructure.LEVEL, "cell_lift": infrastructure.LIFT,
        "least_group": infrastructure.LEAST_GROUP, "rewirings": infrastructure.REWIRINGS,
        "alike": shingles.ALIKE, "script_level": scripts.LEVEL, "draws": controls.DRAWS,
        "classes": controls.CLASSES, "group_level": naming.LEVEL, "families": naming.FAMILIES,
        "least_customers": naming.LEAST_CUSTOMERS, "most_of_one_customer": naming.MOST_OF_ONE,
        "most_in_common": naming.MOST_IN_COMMON, "in_common_by": retries.SHARE_IN_COMMON,
        "least_dates": placebo.LEAST_DATES, "rephrased_within_us": retries.SOON_US,
        "least_linked": naming.LEAST_LINKED, "least_unlinked": naming.LEAST_UNLINKED,
        "groups_tested": GROUPS_TESTED,
        "coverage_prompts": coverage.MOST, "coverage_draws": coverage.DRAWS, "subjects": features.SUBJECTS,
        "kernel": f"gaussian {features.SHARPNESS}, {2 * features.FREQUENCIES} features of {features.BUCKETS} "
        "hashed words", "life_draws": lifecycle.DRAWS, "run_words": reappear.RUN,
    }  # fmt: skip


def sentence(body: Mapping[str, Any]) -> str:
    """The result in plain words."""
    r = body["result"]
    whole = f"{r['exchanges']:,} exchanges by {r['accounts_in_log']:,} accounts"
    if not r["named_accounts"]:
        return (
            f"Over {whole}, no account is named: there is no group, large enough, of accounts that "
            f"{naming.CONDITIONS}."
        )
    groups = sum(bool(g["named"]) for g in body["groups"])
    return (
        f"Over {whole}, {r['named_accounts']:,} are named, in {groups} group{'s' if groups > 1 else ''}: they "
        f"{naming.CONDITIONS}. This is consistent with coordinated collection; what else explains it is said "
        "below."
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
                "largest_cell_p": rounded(max(cell.p for cell in group.cells)),
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


def _evidence(run: Run) -> list[dict[str, Any]]:
    """Every named account with the exact counts behind it."""
    told = []
    for n, verdict in enumerate(run.verdicts):
        for a in verdict.named:
            figures = {
                f"{c.measure.id} {c.measure.key}": [
                    int(c.measure.hits[a]), int(c.measure.of[a]), rounded(c.measure.values[a]),
                    rounded(c.p[a]), rounded(run.account_q[k][a]),
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
