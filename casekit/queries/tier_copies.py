"""What tells of an item that a recipient may not see, without its tier: copies, quotations, replies."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import Connection, select

from casekit.progress import Progress, Silent
from casekit.queries.conflicts import WHYS, Conflict, resembling
from casekit.queries.tiers import Barred, Order, Tier, TierConflict, order, split
from casekit.store.tables import tier_pass

_MOST_NAMED = 12


def refuse(
    s: Connection, known: Order, recipients: Sequence[str], item_ids: Collection[int], default: str = "",
    progress: Progress | None = None, *, shown: Collection[str] = (),
) -> None:  # fmt: skip
    """Go on only if every recipient may see the tier of all items and of what these tell of.

    Args:
        s: Reading session.
        known: The matter's order.
        recipients: As `tiers.parsed` gives them.
        item_ids: All items of which the export tells.
        default: The designation of the whole.
        progress: Told the items.
        shown: A passage that is redacted for one of these reasons is told all the same, as in a sealed copy.

    Raises:
        TierConflict: One may not; it lists the items, and says why where an item has no such tier itself.
    """
    known.refuse(recipients, item_ids, default)
    whole = known.named(default)
    roles = {split(each)[1] for each in recipients}
    barring = _held(known, lambda one: one != whole and not roles <= one.sees)
    leaving = set(item_ids)
    held = {item_id: one for item_id, one in barring.items() if item_id not in leaving}
    if not held or not recipients:
        return
    found = _found(s, sorted(item_ids), held, progress, shown=shown, decided=False)
    barred = [
        Barred(recipient, each.item_id, barring[each.withheld_id].name, each.why, each.withheld_id)
        for recipient in recipients
        for each in found
        if split(recipient)[1] not in barring[each.withheld_id].sees
    ]
    if barred:
        once = list(dict.fromkeys(_sentence(each) for each in barred))
        more = f"; and {len(once) - _MOST_NAMED} more" if len(once) > _MOST_NAMED else ""
        names = dict.fromkeys("{} ({})".format(*split(each.recipient)) for each in barred)
        raise TierConflict(
            "Nothing was written, because it would tell {who} what the order does not let them see: "
            "{told}{more}. Give these items the tier too, leave them out, redact the passage, or decide that "
            "they may pass.",
            barred, who=", ".join(names), told="; ".join(once[:_MOST_NAMED]), more=more,
        )  # fmt: skip


def copies(
    s: Connection, item_ids: Sequence[int] | None = None, progress: Progress | None = None,
    *, decided: bool = False,
) -> list[tuple[Conflict, str, str]]:  # fmt: skip
    """What tells of an item that fewer may see than may see itself: of some items, or of all.

    Returns:
        Of each what it tells of and why, its own tier (empty: none), and that of the other, in order of item.

    Args:
        s: Reading session.
        item_ids: Which items; None: every one.
        progress: Told the items.
        decided: Also what a person has let pass.
    """
    known = order(s)
    made: list[tuple[Conflict, str, str]] = []
    for one in known.tiers:  # by tier: what has a milder one may tell of a stricter one
        of = {item_id: one for item_id in known.items if known.of(item_id) == one}
        for each in _found(s, item_ids, of, progress, decided=decided):
            own = known.of(each.item_id)
            if own is None or not own.sees <= one.sees:
                made.append((each, own.name if own else "", one.name))
    return sorted(made, key=lambda each: (each[0].item_id, each[0].withheld_id))


def _found(
    s: Connection, item_ids: Sequence[int] | None, held: Mapping[int, Tier], progress: Progress | None,
    *, decided: bool, shown: Collection[str] = (),
) -> list[Conflict]:  # fmt: skip
    passed = set[tuple[int, int]]() if decided else _passed(s, held)
    return resembling(s, item_ids, set(held), passed, progress or Silent(), shown=shown)


def _held(known: Order, wanted: Callable[[Tier], bool]) -> Mapping[int, Tier]:
    """The items of the tiers that are wanted."""
    tiers = ((item_id, known.of(item_id)) for item_id in known.items)
    return {item_id: one for item_id, one in tiers if one is not None and wanted(one)}


def _passed(s: Connection, held: Mapping[int, Tier]) -> set[tuple[int, int]]:
    """What was decided of items that still have the tier they had then."""
    query = select(tier_pass.c.item_id, tier_pass.c.tiered_id, tier_pass.c.tier)
    return {
        (row.item_id, row.tiered_id)
        for row in s.execute(query)
        if (now := held.get(row.tiered_id)) is not None and now.name == row.tier
    }


def _sentence(one: Barred) -> str:
    return f"item {one.item_id} {WHYS[one.why]} item {one.of} ({one.tier})"
