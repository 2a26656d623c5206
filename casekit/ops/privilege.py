"""Privilege: asserted over an item and its family, which then leave no export, or found not to be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.queries import clearance
from casekit.queries.conflicts import conflicts, withheld
from casekit.queries.items import in_families
from casekit.store.tables import item, privilege, privilege_cleared, privilege_pass

BASES = ("attorney-client", "work-product", "common-interest", "other")
_AT_ONCE = 10_000


def assert_privilege(
    s: Connection, item_ids: Sequence[int], basis: str | None = None, *, note: str = ""
) -> Changes:
    """Withhold items with their whole families (a message and its attachments) on a stated basis.

    What is withheld already changes its basis, and its note if there is a new one.

    Args:
        s: Writing session.
        item_ids: One of a family stands for all of it.
        basis: A word of `BASES`; None: the one an item has, `attorney-client` if it has none.
        note: What the log is to say.

    Raises:
        CaseKitError: There is no such basis.
    """
    if basis is not None and basis not in BASES:
        raise CaseKitError("The basis of privilege must be one of {bases}.", bases=", ".join(BASES))
    family = family_of(s, item_ids)
    act = Act(
        s,
        "privilege.assert",
        f"Privilege asserted over {_count(len(family))}",
        args={"basis": basis or BASES[0]},
    )
    withhold(act, family, basis, note)
    return act.record({"privilege", "items"}, family)


def withhold(act: Act, family: Sequence[int], basis: str | None = None, note: str = "") -> None:
    """What `assert_privilege` does, as part of an act, to items that are whole families."""
    held = withheld(act.s).intersection(family)
    for item_id in sorted(_cleared(act.s).intersection(family)):
        act.delete(privilege_cleared, {"item_id": item_id})
    fresh = [i for i in family if i not in held]
    values = {
        "basis": basis or BASES[0],
        "note": note or None,
        "by": act.s.info["actor"],
        "at_us": clock.now_us(),
    }
    act.insert_many(privilege, [{"item_id": i, **values} for i in fresh])
    new = ({"basis": basis} if basis else {}) | ({"note": note} if note else {})
    for item_id in sorted(held) if new else ():
        act.update(privilege, {"item_id": item_id}, new)


def describe(s: Connection, item_ids: Sequence[int], note: str) -> Changes:
    """Write what the privilege log says of withheld items and their families; nothing else of them changes.

    Raises:
        CaseKitError: One of the items is not withheld.
    """
    for item_id in sorted({int(i) for i in item_ids} - withheld(s)):
        raise CaseKitError(
            "Item {id} is not withheld: choose withheld items alone, or withhold it first.",
            id=item_id,
        )
    return assert_privilege(s, item_ids, note=note)


def release_privilege(s: Connection, item_ids: Sequence[int]) -> Changes:
    """Take the assertion back for items and their families; whether they may leave is then undecided again."""
    family = family_of(s, item_ids)
    act = Act(s, "privilege.release", f"Privilege released for {_count(len(family))}")
    for item_id in family:
        act.delete(privilege, {"item_id": item_id})
    return act.record({"privilege", "items"}, family)


def pass_items(s: Connection, item_ids: Sequence[int], reason: str) -> Changes:
    """Decide that items are not privileged though each gives a withheld item away; they may leave then.

    The decision counts against the withheld items that each is like now: what is withheld later asks again.

    Raises:
        CaseKitError: There is no reason, an item is withheld itself, or is like nothing withheld.
    """
    if not reason.strip():
        raise CaseKitError("Say why these items are not privileged: the decision keeps its reason.")
    ids = sorted({int(i) for i in item_ids})
    for item_id in sorted(withheld(s).intersection(ids)):
        raise CaseKitError("Item {id} is withheld as privileged: release it first.", id=item_id)
    found = conflicts(s, ids)
    act = Act(s, "privilege.pass", f"{_count(len(ids))} decided to be not privileged")
    for item_id in sorted(set(ids) - {conflict.item_id for conflict in found}):
        raise CaseKitError(
            "Item {id} is like nothing that is withheld: there is nothing to decide.", id=item_id
        )
    values = {"reason": reason.strip(), "by": s.info["actor"], "at_us": clock.now_us()}
    rows = [{"item_id": k.item_id, "withheld_id": k.withheld_id, "why": k.why} for k in found]
    act.insert_many(privilege_pass, [{**row, **values} for row in rows])
    clear(act, [item_id for item_id, _ in clearance.undecided(s, ids)])
    return act.record({"privilege", "items"}, ids)


def clear_items(s: Connection, item_ids: Sequence[int], *, families: bool = False) -> Changes:
    """Decide that items are not privileged, so that they may leave; what was decided before stays as it is.

    Args:
        s: Writing session.
        item_ids: The items.
        families: Decide the same of all items of their families.

    Raises:
        CaseKitError: One of them is withheld as privileged.
    """
    ids = family_of(s, item_ids) if families else sorted({int(i) for i in item_ids})
    for item_id in sorted(withheld(s).intersection(ids)):
        raise CaseKitError("Item {id} is withheld as privileged: release it first.", id=item_id)
    act = Act(s, "privilege.clear", f"{_count(len(ids))} decided to be not privileged")
    clear(act, ids)
    return act.record({"privilege", "items"}, ids)


def reopen_items(s: Connection, item_ids: Sequence[int], *, families: bool = False) -> Changes:
    """Take back what was decided of items: whether they are privileged is undecided again."""
    ids = family_of(s, item_ids) if families else sorted({int(i) for i in item_ids})
    act = Act(s, "privilege.reopen", f"Privilege of {_count(len(ids))} undecided again")
    for item_id in sorted(_cleared(s).intersection(ids)):
        act.delete(privilege_cleared, {"item_id": item_id})
    return act.record({"privilege", "items"}, ids)


def clear(act: Act, item_ids: Sequence[int]) -> None:
    """Decide, as part of an act, that items are not privileged which are not withheld."""
    known = _cleared(act.s)
    values = {"by": act.s.info["actor"], "at_us": clock.now_us()}
    fresh = [{"item_id": i, **values} for i in item_ids if i not in known]
    act.insert_many(privilege_cleared, fresh)


def _cleared(s: Connection) -> set[int]:
    return set(s.execute(select(privilege_cleared.c.item_id)).scalars())


def family_of(s: Connection, item_ids: Sequence[int]) -> list[int]:
    """All items of the families that the given items belong to, in order of id."""
    ids = sorted({int(i) for i in item_ids})
    roots: set[int] = set()
    for some in _chunks(ids):
        roots.update(s.execute(select(item.c.root_id).where(item.c.id.in_(some))).scalars())
    family: set[int] = set()
    for some in _chunks(sorted(roots)):
        family.update(s.execute(select(item.c.id).where(in_families(some))).scalars())
    return sorted(family)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Ids in groups that a statement has room for: a query may choose a million."""
    return (ids[n : n + _AT_ONCE] for n in range(0, len(ids), _AT_ONCE))


def _count(number: int) -> str:
    return f"{number:,} item{'s' if number != 1 else ''}"
