"""Findings computed again from what they say of themselves, and their results in words, by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from casekit.analysis import (
    canaries,
    change,
    exposure,
    identity,
    lineage,
    overlap,
    own,
    population,
    sets,
    shipped,
    validation,
)
from casekit.errors import CaseKitError
from casekit.progress import Progress
from casekit.queries.findings import FindingRow
from casekit.store import canonical
from casekit.store.case import Case

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A finding to be computed again, with what it needs: its own record, the case, an expert's method."""

    s: Connection
    body: Body
    progress: Progress | None
    case: Case | None
    method: own.Method | None

    @property
    def parameters(self) -> Mapping[str, Any]:
        """As the finding keeps them."""
        found: Mapping[str, Any] = self.body.get("parameters", {})
        return found

    @property
    def seed(self) -> int:
        """As the finding keeps it."""
        return int(self.body.get("seed", 0))

    def models(self, role: str) -> list[str]:
        """The models that had a part."""
        return [one["model"] for one in self.body["inputs"] if one["role"] == role]

    def members(self) -> tuple[population.Member, ...]:
        """The population as it was."""
        return population.from_rows(self.body["population"])

    def reference(self) -> shipped.Shipped | None:
        """The population that comes with CaseKit, if that was used."""
        return shipped.same(self.parameters.get("reference"))


def _overlap(a: _Asked) -> dict[str, Any]:
    return overlap.compare(
        a.s, subject=a.models("subject")[0], source=a.models("source")[0], controls=a.models("control"),
        min_words=a.parameters["min_words"], seed=a.seed, progress=a.progress,
    )  # fmt: skip


def _identity(a: _Asked) -> dict[str, Any]:
    return identity.compare(
        a.s, subject=a.models("subject")[0], lab=a.parameters["lab"], names=a.parameters["names"],
        controls=a.models("control"), seed=a.seed, progress=a.progress,
    )  # fmt: skip


def _canaries(a: _Asked) -> dict[str, Any]:
    return canaries.compare(
        a.s, name=a.parameters["set"], subject=a.models("subject")[0], controls=a.models("control"),
        progress=a.progress,
    )  # fmt: skip


def _exposure(a: _Asked) -> dict[str, Any]:
    asked = a.parameters
    return exposure.compare(
        a.s, subject=asked["subject"], source=asked["source"], accounts=asked["accounts"],
        controls=asked["models"], seed=a.seed, draws=asked["draws"], progress=a.progress,
    )  # fmt: skip


def _lineage(a: _Asked) -> dict[str, Any]:
    return lineage.compare(
        a.s, subject=a.parameters["subject"], sources=a.parameters["sources"], members=a.members(),
        seed=a.seed, progress=a.progress, reference=a.reference(),
    )  # fmt: skip


def _change(a: _Asked) -> dict[str, Any]:
    asked = a.parameters
    return change.compare(
        a.s, subject=asked["subject"], before=asked["before"], source=asked["source"], rivals=asked["rivals"],
        placebos=[(after, before) for after, before in asked["placebos"]], variants=asked["variants"],
        seed=a.seed, progress=a.progress,
    )  # fmt: skip


def _validation(a: _Asked) -> dict[str, Any]:
    return validation.validate(
        a.s, sources=a.parameters["sources"], members=a.members(), seed=a.seed, progress=a.progress,
        reference=a.reference(),
    )  # fmt: skip


def _sets(a: _Asked) -> dict[str, Any]:
    asked = a.parameters
    models = [asked["subject"], *asked["controls"]]
    controls = sets.Controls(
        tuple(asked["controls"]), dict(zip(models, asked["families"], strict=True)),
        tuple(a.body["dropped"]),
    )  # fmt: skip
    return sets.compare(
        a.s, subject=asked["subject"], source=asked["source"], controls=controls, served=asked["served"],
        min_words=asked["min_words"], meaning=sets.engine() if asked["meaning"] else None, seed=a.seed,
        progress=a.progress,
    )  # fmt: skip


def _usage(a: _Asked) -> dict[str, Any]:
    from casekit.analysis.usage import finding as usage
    from casekit.analysis.usage import networks, prices

    if a.case is None:
        raise CaseKitError("A finding on usage is computed again from its case.")
    kept = a.body.get("prices")
    listed = prices.from_body(kept) if kept else None
    told = a.body.get("networks")
    return usage.compare(
        a.case, seed=a.seed, listed=listed, subject=a.parameters.get("subject", ""),
        models=a.parameters.get("models", ()), kinds=networks.from_body(told) if told else None,
        progress=a.progress,
    )  # fmt: skip


def _own(a: _Asked) -> dict[str, Any]:
    if not a.body.get("program"):
        raise CaseKitError("Scores of another program cannot be computed again here.")
    return own.compare(
        a.s, chosen=own.same(a.method, a.body), subject=a.models("subject")[0],
        controls=a.models("control"), seed=a.seed, progress=a.progress,
    )  # fmt: skip


_KINDS: Mapping[str, tuple[Callable[[Body], str], Callable[[_Asked], dict[str, Any]]]] = {
    "overlap": (overlap.sentence, _overlap),
    "sets": (sets.sentence, _sets),
    "identity": (identity.sentence, _identity),
    "canaries": (canaries.sentence, _canaries),
    "change": (change.sentence, _change),
    "lineage": (lineage.sentence, _lineage),
    "validation": (validation.sentence, _validation),
    "exposure": (exposure.sentence, _exposure),
    "usage": (lambda body: str(body["sentence"]), _usage),
    "own": (own.sentence, _own),
}


def sentence(kind: str, body: Body) -> str:
    """The result in plain words; empty for a kind that this version does not know."""
    return _KINDS[kind][0](body) if kind in _KINDS else ""


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
    if row.kind not in _KINDS:
        raise CaseKitError("Findings of the kind {kind} cannot be computed again.", kind=row.kind)
    return _KINDS[row.kind][1](_Asked(s, row.body, progress, case, method))


def differences(kept: Body, made: Body) -> list[str]:
    """The parts of two bodies that are not the same bytes, by name."""
    return [
        key
        for key in sorted(set(kept) | set(made))
        if canonical.encode([kept.get(key)]) != canonical.encode([made.get(key)])
    ]
