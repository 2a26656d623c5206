"""The matter's confidentiality order, chosen from a preset or edited, and the tier that items have."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.ops.privilege import family_of
from casekit.paths import resource
from casekit.queries import sequestered, tier_copies
from casekit.queries.tiers import ROLES, Order, Tier, assigned, order
from casekit.store.tables import item_tier, tier, tier_pass

NONE = "none"


@dataclass(frozen=True, slots=True)
class Preset:
    """An order as is common: `tiers` are (name, stamp, roles), the mildest first; `read`: its source, when."""

    key: str
    title: str
    source: str
    read: dt.date
    tiers: tuple[tuple[str, str, tuple[str, ...]], ...]


@cache
def presets() -> tuple[Preset, ...]:
    """The presets, in the order of their file."""
    held = tomllib.loads(resource("courts", "tiers.toml").read_text("utf-8"))
    return tuple(
        Preset(
            key, str(one["title"]), str(one["source"]), one["read"],
            tuple((str(t["name"]), str(t["stamp"]), tuple(t["sees"])) for t in one["tiers"]),
        )
        for key, one in held.items()
    )  # fmt: skip


def choose_order(s: Connection, key: str) -> Changes:
    """Take a preset as the matter's order in place of the one it has; `none` takes it away.

    Raises:
        CaseKitError: There is no such preset, or an item has a tier that it does not have.
    """
    known = {one.key: one for one in presets()}
    if key != NONE and key not in known:
        raise CaseKitError("The order must be one of {known}.", known=", ".join((*known, NONE)))
    wanted = known[key].tiers if key != NONE else ()
    label = (
        f"Order on confidentiality: {known[key].title}"
        if wanted
        else "Order on confidentiality taken away"
    )
    return _put(s, Act(s, "tier.order", label, act_class="custody", args={"preset": key}), wanted)


def set_order(s: Connection, wanted: Sequence[tuple[str, str, Sequence[str]]]) -> Changes:
    """Take these tiers as the matter's order, in place of what there is, in one act.

    Args:
        s: Writing session.
        wanted: Of each its name, its stamp (empty: the name in capitals) and the roles that may see it; the
            mildest first.

    Raises:
        CaseKitError: A name is missing or stands twice, a stamp is another's, nobody may see a tier, or an item
            has one that is not among them.
    """
    made = _written(wanted)
    label = f"Order on confidentiality set: {', '.join(name for name, _, _ in made) or 'none'}"
    return _put(s, Act(s, "tier.order", label, act_class="custody"), made)


def checked(wanted: Sequence[tuple[str, str, Sequence[str]]]) -> Order:
    """The order that `set_order` would make of these tiers.

    Raises:
        CaseKitError: As `set_order` says, but for the tiers that items have.
    """
    return _order(_written(wanted))


def _written(
    wanted: Sequence[tuple[str, str, Sequence[str]]],
) -> list[tuple[str, str, tuple[str, ...]]]:
    made: list[tuple[str, str, tuple[str, ...]]] = []
    for given, marked, sees in wanted:
        name = " ".join(given.split())
        stamp = " ".join(marked.split()) or name.upper()
        if not name:
            raise CaseKitError("A tier needs a name and a stamp.")
        if not sees or set(sees) - set(ROLES):
            raise CaseKitError(
                "Say who may see “{name}”: {roles}.", name=name, roles=", ".join(ROLES)
            )
        before = _order(made)
        if other := before.named(name) or before.named(stamp):
            raise CaseKitError(
                "“{name}” and “{other}” have the same name or stamp: give each its own.",
                name=name, other=other.name,
            )  # fmt: skip
        made.append((name, stamp, tuple(role for role in ROLES if role in sees)))
    return made


def _order(tiers: Iterable[tuple[str, str, Sequence[str]]]) -> Order:
    return Order(tuple(Tier(n, stamp, frozenset(), at) for at, (n, stamp, _) in enumerate(tiers)))


def _put(s: Connection, act: Act, wanted: Sequence[tuple[str, str, Sequence[str]]]) -> Changes:
    """Write the tiers in place of those that there are, unless an item has one that would be gone."""
    made, present = _order(wanted), order(s).tiers
    if [(t.name, t.stamp, t.sees) for t in present] == [(n, m, frozenset(r)) for n, m, r in wanted]:
        return act.record()
    for name in assigned(s).values():
        if made.named(name) is None:
            raise CaseKitError(
                "Items have the tier “{name}”, which that order does not have: give them another or "
                "none first.",
                name=name,
            )  # fmt: skip
    for row_id in s.execute(select(tier.c.id).order_by(tier.c.id)).scalars().all():
        act.delete(tier, {"id": row_id})
    for at, (name, stamp, sees) in enumerate(wanted, 1):
        act.insert(tier, {"name": name, "stamp": stamp, "sees": " ".join(sees), "position": at})
    return act.record({"matter", "items", "exhibits"})


def pass_tiers(s: Connection, item_ids: Sequence[int], reason: str) -> Changes:
    """Decide that items may go where their own tier lets them, though each tells of one of a stricter tier.

    The decision counts against the items that each tells of now, with the tiers that they have: what is given
    another one later asks again.

    Raises:
        CaseKitError: There is no reason, or an item tells of nothing that has a stricter tier.
    """
    if not reason.strip():
        raise CaseKitError("Say why these items may pass: the decision keeps its reason.")
    ids = sorted({int(i) for i in item_ids})
    sequestered.refuse(s, ids)
    found = {(k.item_id, k.withheld_id): (k.why, of) for k, _, of in tier_copies.copies(s, ids)}
    for item_id in sorted(set(ids) - {item_id for item_id, _ in found}):
        raise CaseKitError(
            "Item {id} tells of nothing that has a stricter tier: there is nothing to decide.",
            id=item_id,
        )
    what = f"{len(ids):,} item" if len(ids) == 1 else f"{len(ids):,} items"
    act = Act(s, "tier.pass", f"{what} let pass under the order on confidentiality")
    values = {"reason": reason.strip(), "by": s.info["actor"], "at_us": clock.now_us()}
    rows = []
    for (item_id, of), (why, name) in found.items():
        key = {"item_id": item_id, "tiered_id": of}
        act.delete(tier_pass, key)  # of a decision on another tier that it had
        rows.append({**key, "tier": name, "why": why, **values})
    act.insert_many(tier_pass, rows)
    return act.record({"items", "exhibits"}, ids)


def set_tier(
    s: Connection, name: str, *, stamp: str | None = None, sees: Sequence[str] | None = None,
    position: int | None = None,
) -> Changes:  # fmt: skip
    """Add a tier to the matter's order, or change the one of that name.

    Args:
        s: Writing session.
        name: Of the tier.
        stamp: What its pages bear; of a new one its name in capitals if None.
        sees: Roles that may see it; needed for a new one.
        position: Its place, from 1, the mildest; None: where it is, or a new one last.

    Raises:
        CaseKitError: A role is unknown, or the name or stamp is empty or another tier's.
    """
    name = " ".join(name.split())
    stamp = None if stamp is None else " ".join(stamp.split())
    if not name or stamp == "":
        raise CaseKitError("A tier needs a name and a stamp.")
    if sees is not None and (not sees or set(sees) - set(ROLES)):
        raise CaseKitError("Say who may see the tier: {roles}.", roles=", ".join(ROLES))
    rows = [r._asdict() for r in s.execute(select(tier).order_by(tier.c.position, tier.c.id))]
    known = order(s)
    same = known.named(name)
    if same is None and sees is None:
        raise CaseKitError("Say who may see the tier: {roles}.", roles=", ".join(ROLES))
    mine = same.name if same else name
    clash = known.named(stamp or "")
    if clash is not None and clash.name != mine:
        raise CaseKitError("The tier “{name}” has that stamp.", name=clash.name)
    others = [r for r in rows if r["name"] != mine]
    at = position if position is not None else next(
        (n for n, r in enumerate(rows, 1) if r["name"] == mine), len(rows) + 1
    )  # fmt: skip
    if not 1 <= at <= len(others) + 1:
        raise CaseKitError("The place must be 1 to {most}.", most=len(others) + 1)
    act = Act(s, "tier.set", f"Tier “{mine}” set", act_class="custody")
    values = {
        "stamp": stamp,
        "sees": None if sees is None else " ".join(r for r in ROLES if r in sees),
    }
    given = {k: v for k, v in values.items() if v is not None}
    for n, row in enumerate(others, 1):
        act.update(tier, {"id": row["id"]}, {"position": n + (n >= at)})
    found = next((r["id"] for r in rows if r["name"] == mine), None)
    if found is None:
        act.insert(tier, {"name": name, "stamp": name.upper(), **given, "position": at})
    else:
        act.update(tier, {"id": found}, {**given, "position": at})
    return act.record({"matter", "items", "exhibits"})


def remove_tier(s: Connection, name: str) -> Changes:
    """Take a tier out of the matter's order.

    Raises:
        CaseKitError: There is none of that name, or items have it.
    """
    found = _tier(s, name)
    if found.name in assigned(s).values():
        raise CaseKitError(
            "Items have the tier “{name}”: give them another, or none, first.", name=found.name
        )
    act = Act(s, "tier.remove", f"Tier “{found.name}” taken out", act_class="custody")
    for row_id in s.execute(select(tier.c.id).where(tier.c.name == found.name)).scalars().all():
        act.delete(tier, {"id": row_id})
    return act.record({"matter", "items", "exhibits"})


def give_tier(s: Connection, item_ids: Sequence[int], name: str, *, family: bool = True) -> Changes:
    """Give items a tier of the matter's order, or none with an empty name; their families go along.

    Raises:
        CaseKitError: The order has no such tier, or an item is sequestered.
    """
    sequestered.refuse(s, item_ids)
    found = _tier(s, name) if name else None
    ids = family_of(s, item_ids) if family else sorted({int(i) for i in item_ids})
    what = f"{len(ids):,} item" if len(ids) == 1 else f"{len(ids):,} items"
    label = f"Tier “{found.name}” given to {what}" if found else f"Tier taken off {what}"
    act = Act(s, "tier.give", label)
    changed = give(act, ids, found.name if found else "")
    return act.record({"items", "exhibits"}, changed)


def give(act: Act, ids: Sequence[int], name: str) -> list[int]:
    """Give items a tier, or none with an empty name, as part of an act; returns those that had another."""
    s = act.s
    held = assigned(s)
    mark = {"by": s.info["actor"], "at_us": clock.now_us()}
    changed = [i for i in ids if held.get(i) != (name or None)]
    for item_id in changed:
        if not name:
            act.delete(item_tier, {"item_id": item_id})
        elif item_id in held:
            act.update(item_tier, {"item_id": item_id}, {"tier": name, **mark})
    fresh = [i for i in changed if i not in held] if name else []
    act.insert_many(item_tier, [{"item_id": i, "tier": name, **mark} for i in fresh])
    return changed


def _tier(s: Connection, name: str) -> Tier:
    known = order(s)
    found = known.named(name)
    if found is None:
        names = ", ".join(each.name for each in known.tiers)
        raise CaseKitError(
            "The matter’s order has no tier “{name}”: it has {known}.",
            name=name,
            known=names or "none",
        )
    return found
