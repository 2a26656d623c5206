"""Productions: a rendered dossier or a volume frozen, with the Bates numbers it gave to items for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection, func, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries import sequestered, tiers
from casekit.queries.checks import refuse_unchecked
from casekit.queries.clearance import refuse_undecided
from casekit.queries.productions import OVERLAY, VOLUME, next_overlay, next_volume
from casekit.store import custody
from casekit.store.tables import (
    bates,
    item_tier,
    privilege,
    privilege_cleared,
    privilege_pass,
    production,
    pseudonym,
    pseudonym_value,
    redaction,
    redaction_box,
    redaction_check,
    sequester,
    tier,
    tier_pass,
)

SEALED = "sealed"
"""The kind of the copy of a dossier that is filed under seal."""


class Numbered(Protocol):
    """A produced item with its range; `new` says that this plan proposes it."""

    @property
    def item_id(self) -> int: ...  # noqa: D102
    @property
    def prefix(self) -> str: ...  # noqa: D102
    @property
    def first(self) -> int: ...  # noqa: D102
    @property
    def last(self) -> int: ...  # noqa: D102
    @property
    def new(self) -> bool: ...  # noqa: D102


class Plan(Protocol):
    """What of a plan is frozen; the plan itself belongs to the layer above."""

    @property
    def draft(self) -> bool: ...  # noqa: D102
    @property
    def recipients(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def custody_seq(self) -> int: ...  # noqa: D102
    @property
    def produced(self) -> Sequence[Numbered]: ...  # noqa: D102
    def encoded(self) -> bytes: ...  # noqa: D102
    def digest(self) -> bytes: ...  # noqa: D102


class Rendered(Protocol):
    """What was made of the plan: of a volume its manifest stands for it; `sha256` is 64 hex digits."""

    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def pages(self) -> int: ...  # noqa: D102


def issue(
    s: Connection, plan: Plan, rendered: Rendered, *, kind: str = "dossier",
    slips: Sequence[Numbered] = (),
) -> Changes:  # fmt: skip
    """Freeze a plan as a production and fix the numbers it proposes; neither can be undone.

    Args:
        s: Writing session.
        plan: A dossier's, or that of a volume for a review program.
        rendered: What was made of it.
        kind: `dossier`, `volume`, `sealed` for the sealed copy of a dossier that was issued just before, or
            `overlay`, which hands over nothing and fixes no number.
        slips: Withheld items that are not handed over and whose slip sheets bear their numbers.

    Raises:
        CaseKitError: The plan is a draft, an item in it has been withheld or a passage redacted since it
            was made, or another production took its numbers.
        Undecided: Nobody has decided whether an item in it is privileged.
        TierConflict: The matter has an order on confidentiality and nobody said who receives it.
        Unchecked: The matter asks for it, and no second person has approved a redaction in it.
    """
    if plan.draft:
        raise CaseKitError("A draft cannot be issued: plan it for issue first.")
    _check_withheld(s, [p.item_id for p in plan.produced])
    sequestered.refuse(s, [p.item_id for p in plan.produced])
    refuse_unchecked(s, [p.item_id for p in plan.produced])  # before: it says who rejected, and why
    _check_decided(s, plan.custody_seq)
    tiers.order(s).refuse_unnamed(plan.recipients)
    refuse_undecided(s, [p.item_id for p in plan.produced])
    if kind == VOLUME and plan.title.partition("-")[0] != next_volume(s):
        raise CaseKitError(
            "Another production took the name {name} meanwhile: plan this one again.",
            name=plan.title,
        )
    if kind == OVERLAY and plan.title != next_overlay(s):
        raise CaseKitError("Another overlay was made meanwhile: plan this one again.")
    labels = {SEALED: f"Sealed copy of “{plan.title}” issued"}
    labels |= {VOLUME: f"Production {plan.title} made", OVERLAY: f"Overlay {plan.title} made"}
    label = labels.get(kind, f"Dossier “{plan.title}” issued")
    told = {"recipients": list(plan.recipients)} if plan.recipients else {}
    args = {"pages": rendered.pages, **told}
    act = Act(s, "production.issue", label, act_class="custody", args=args)
    values = {
        "kind": kind, "title": plan.title, "at_us": clock.now_us(), "custody_seq": plan.custody_seq,
        "plan_sha256": plan.digest(), "pdf_sha256": bytes.fromhex(rendered.sha256),
        "pages": rendered.pages, "plan": plan.encoded().decode(),
    }  # fmt: skip
    production_id = act.insert(production, values)
    numbered = sorted([*plan.produced, *slips], key=lambda one: one.first)
    for one in numbered:
        _fix(act, int(production_id), one)
    return act.record({"exhibits", "items"}, [p.item_id for p in numbered], undoable=False)


def next_number(s: Connection, prefix: str) -> int:
    """The first Bates number of a prefix that was never given, from 1."""
    highest = s.execute(select(func.max(bates.c.last)).where(bates.c.prefix == prefix)).scalar()
    return int(highest or 0) + 1


def _fix(act: Act, production_id: int, one: Numbered) -> None:
    known = read_row(act.s, bates, {"item_id": one.item_id})
    if known is not None:
        if (known["prefix"], known["first"], known["last"]) != (one.prefix, one.first, one.last):
            raise CaseKitError(
                "Item {id} was given another Bates number since this was planned: plan it again.",
                id=one.item_id,
            )
        return
    if not one.new or one.first < next_number(act.s, one.prefix) or one.last < one.first:
        raise CaseKitError(
            "The Bates number of item {id} is no longer free: plan this again.",
            id=one.item_id,
        )
    act.insert(
        bates,
        {
            "item_id": one.item_id, "production_id": production_id, "prefix": one.prefix,
            "first": one.first, "last": one.last,
        },
    )  # fmt: skip


def _check_withheld(s: Connection, item_ids: Sequence[int]) -> None:
    held = set(s.execute(select(privilege.c.item_id)).scalars())
    found = sorted(held.intersection(item_ids))
    if found:
        raise CaseKitError(
            "Item {id} has been withheld as privileged since this was planned: plan it again.",
            id=found[0],
        )


def _check_decided(s: Connection, planned_at: int) -> None:
    """Refuse where redactions or privilege changed since, of any item: its words may stand on any page."""
    acts = custody.details(s, after=planned_at)
    changes = [change for act in acts for change in act.body.get("changes", ())]
    changed = {change["table"] for change in changes}
    if changed & {redaction.name, redaction_box.name}:
        raise CaseKitError(
            "A passage has been redacted or shown again since this was planned: plan it again."
        )
    verdicts = [each.get("after", {}) for each in changes if each["table"] == redaction_check.name]
    if any(after.get("verdict") != "approve" for after in verdicts):
        raise CaseKitError(
            "A redaction has been rejected, or its approval taken back, since this was planned: plan it again."
        )
    if sequester.name in changed:
        raise CaseKitError(
            "Something has been sequestered or released since this was planned: plan it again."
        )
    if changed & {tier.name, item_tier.name, tier_pass.name}:
        raise CaseKitError(
            "A confidentiality tier has been given or changed since this was planned: plan it again."
        )
    if changed & {pseudonym.name, pseudonym_value.name}:
        raise CaseKitError(
            "A pseudonym has been given or lifted since this was planned: plan it again."
        )
    if changed & {privilege.name, privilege_pass.name, privilege_cleared.name}:
        raise CaseKitError(
            "Privilege has been decided of an item since this was planned: plan it again."
        )
