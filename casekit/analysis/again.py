"""Findings computed again from what they say of themselves, and their results in words, by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from casekit.analysis import (
    canaries,
    exposure,
    identity,
    lineage,
    overlap,
    own,
    population,
    validation,
)
from casekit.errors import CaseKitError
from casekit.progress import Progress
from casekit.queries.findings import FindingRow
from casekit.store import canonical
from casekit.store.case import Case

Body = Mapping[str, Any]

SENTENCES: Mapping[str, Callable[[Body], str]] = {
    "overlap": overlap.sentence,
    "lineage": lineage.sentence,
    "validation": validation.sentence,
    "exposure": exposure.sentence,
    "identity": identity.sentence,
    "usage": lambda body: str(body["sentence"]),
    "canaries": canaries.sentence,
    "own": own.sentence,
}


def sentence(kind: str, body: Body) -> str:
    """The result in plain words; empty for a kind that this version does not know."""
    make = SENTENCES.get(kind)
    return make(body) if make else ""


def compute(
    s: Connection, row: FindingRow, progress: Progress | None = None, *, case: Case | None = None,
    method: own.Method | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The body that the same question has on the evidence as it is now.

    Args:
        s: A reading session.
        row: The finding.
        progress: Told what is done.
        case: The open case, which findings on usage read as a whole.
        method: The expert's method, from its file, for a finding by one.

    Raises:
        CaseKitError: This version cannot compute that kind, or the evidence no longer allows it.
    """
    body, seed = row.body, row.body.get("seed", 0)
    asked = body.get("parameters", {})
    if row.kind == "overlap":
        roles = [(i["role"], i["model"]) for i in body["inputs"]]
        return overlap.compare(
            s, subject=_of(roles, "subject"), source=_of(roles, "source"),
            controls=[model for role, model in roles if role == "control"],
            min_words=asked["min_words"], seed=seed, progress=progress,
        )  # fmt: skip
    if row.kind == "exposure":
        return exposure.compare(
            s, subject=asked["subject"], source=asked["source"], accounts=asked["accounts"],
            controls=asked["models"], seed=seed, draws=asked["draws"], progress=progress,
        )  # fmt: skip
    if row.kind == "own" and body.get("program"):
        roles = [(i["role"], i["model"]) for i in body["inputs"]]
        return own.compare(
            s, chosen=own.same(method, body), subject=_of(roles, "subject"), seed=seed,
            controls=[model for role, model in roles if role == "control"],
        )  # fmt: skip
    if row.kind == "canaries":
        roles = [(i["role"], i["model"]) for i in body["inputs"]]
        return canaries.compare(
            s, name=asked["set"], subject=_of(roles, "subject"),
            controls=[model for role, model in roles if role == "control"], progress=progress,
        )  # fmt: skip
    if row.kind == "identity":
        roles = [(i["role"], i["model"]) for i in body["inputs"]]
        return identity.compare(
            s, subject=_of(roles, "subject"), lab=asked["lab"], names=asked["names"],
            controls=[model for role, model in roles if role == "control"], seed=seed, progress=progress,
        )  # fmt: skip
    if row.kind == "usage" and case is not None:
        from casekit.analysis.usage import finding as usage

        return usage.compare(case, seed=seed, progress=progress)
    if row.kind not in {"lineage", "validation"}:
        raise CaseKitError("Findings of the kind {kind} cannot be computed again.", kind=row.kind)
    members, sources = population.from_rows(body["population"]), asked["sources"]
    if row.kind == "validation":
        return validation.validate(
            s, sources=sources, members=members, seed=seed, progress=progress
        )
    return lineage.compare(
        s, subject=asked["subject"], sources=sources, members=members, seed=seed, progress=progress
    )


def differences(kept: Body, made: Body) -> list[str]:
    """The parts of two bodies that are not the same bytes, by name."""
    return [
        key
        for key in sorted(set(kept) | set(made))
        if canonical.encode([kept.get(key)]) != canonical.encode([made.get(key)])
    ]


def _of(roles: list[tuple[str, str]], wanted: str) -> str:
    return next(model for role, model in roles if role == wanted)
