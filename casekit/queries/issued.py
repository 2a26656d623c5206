"""The register of issued versions: what was frozen, to whom it went, when and how, and what changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from casekit.queries.items import bates_number
from casekit.store.tables import production, sending


@dataclass(frozen=True, slots=True)
class Sending:
    """That an issued version went to somebody; `sent` is a day such as 2026-03-14."""

    id: int
    recipient: str
    role: str
    how: str
    sent: str
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class Issued:
    """One issued version.

    Attributes:
        number: By which it is named here, from 1 on.
        kind: `dossier`, `volume` or what else is frozen.
        sha256: Hex digest of the PDF, or of a volume's manifest.
        ranges: Its Bates numbers, ranges apart by commas.
        before: Number of the version of the same name before it, 0 for none.
        added, removed: Items that the version before did not hold, or that this one holds no more.
        redactions_changed: Something in both is redacted otherwise.
        recipients: For whom it was made, each as `NAME, ROLE`; `sendings` says to whom it went.
    """

    number: int
    kind: str
    title: str
    at_us: int
    sha256: str
    pages: int
    profile: str
    ranges: str
    items: int
    before: int
    added: tuple[int, ...]
    removed: tuple[int, ...]
    redactions_changed: bool
    sendings: tuple[Sending, ...]
    recipients: tuple[str, ...] = ()


def issued(s: Connection) -> list[Issued]:
    """Every issued version, oldest first."""
    went: dict[int, list[Sending]] = {}
    for r in s.execute(select(sending).order_by(sending.c.sent, sending.c.id)):
        made = Sending(r.id, r.recipient, r.role or "", r.how, r.sent, r.note or "", r.by)
        went.setdefault(r.production_id, []).append(made)
    last: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
    found = []
    for r in s.execute(select(production).order_by(production.c.id)):
        plan = orjson.loads(r.plan)
        before, old = last.get((r.kind, r.title), (0, {}))
        mine, theirs = _produced(plan), _produced(old)
        found.append(
            Issued(
                number=r.id, kind=r.kind, title=r.title, at_us=r.at_us, sha256=r.pdf_sha256.hex(),
                pages=r.pages, profile=str(plan.get("profile", "")), ranges=_ranges(plan),
                items=len(mine), before=before,
                added=tuple(sorted(mine.keys() - theirs.keys())) if before else (),
                removed=tuple(sorted(theirs.keys() - mine.keys())) if before else (),
                redactions_changed=bool(before) and _redacted(plan, old),
                sendings=tuple(went.get(r.id, ())), recipients=tuple(plan.get("recipients", ())),
            )
        )  # fmt: skip
        last[r.kind, r.title] = (r.id, plan)
    return found


def _produced(plan: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    return {int(one["item_id"]): one for one in plan.get("produced", ())}


def _redacted(plan: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether the log of redactions says another thing, or of a volume's documents another is redacted."""

    def marks(of: Mapping[str, Any]) -> dict[int, tuple[str, str]]:
        fields = {i: one.get("fields", {}) for i, one in _produced(of).items()}
        return {i: (f.get("REDACTED", ""), f.get("REDACTREASON", "")) for i, f in fields.items()}

    mine, theirs = marks(plan), marks(old)
    both = mine.keys() & theirs.keys()
    return plan.get("redactions") != old.get("redactions") or any(
        mine[i] != theirs[i] for i in both
    )


def _ranges(plan: Mapping[str, Any]) -> str:
    """The numbers of a plan, what follows on without a gap as one range."""
    runs: list[tuple[str, int, int]] = []
    for one in sorted(plan.get("produced", ()), key=lambda one: (one["prefix"], one["first"])):
        if not one["prefix"]:
            continue
        if runs and runs[-1][0] == one["prefix"] and one["first"] <= runs[-1][2] + 1:
            runs[-1] = (one["prefix"], runs[-1][1], max(runs[-1][2], one["last"]))
        else:
            runs.append((one["prefix"], one["first"], one["last"]))
    texts = []
    for prefix, first, last in runs:
        one = bates_number(prefix, first)
        texts.append(one if first == last else f"{one} – {bates_number(prefix, last)}")
    return ", ".join(texts)
