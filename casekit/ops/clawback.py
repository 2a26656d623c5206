"""Clawback both ways: sequestering what the other side takes back, and taking back what has left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.ops.privilege import BASES, family_of
from casekit.queries import clawback as clawback_queries
from casekit.queries import sequestered
from casekit.store.tables import clawback, item, notice, privilege, privilege_cleared, sequester


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as received.

    Attributes:
        party: Who takes something back.
        named: What the notice names, see `queries.sequestered.find`.
        dated: The notice's own date, as written.
        reference: Letter, mail or docket number by which it can be found again.
        item_id: The notice itself, where it is an item of the case.
    """

    party: str
    named: Sequence[str]
    dated: str = ""
    reference: str = ""
    item_id: int | None = None


def receive_notice(s: Connection, told: Notice) -> tuple[Changes, list[str]]:
    """Sequester at once all that a notice names, with its families and every copy of the same bytes.

    Returns what was done, and what of the named was not found: that is kept with the notice.

    Raises:
        CaseKitError: The notice names nothing or nobody, or what it names holds the notice itself.
    """
    named = [name.strip() for name in told.named if name.strip()]
    if not told.party.strip() or not named:
        raise CaseKitError("Say whose notice it is and what it names: numbers, hashes or items.")
    if not told.reference.strip() and told.item_id is None:
        raise CaseKitError("Say by which letter or mail the notice came, or which item it is.")
    by_name = {name: clawback_queries.find(s, name) for name in named}
    ids = sorted({i for found in by_name.values() for i in found})
    copies = clawback_queries.copies(s, family_of(s, ids)) if ids else set()
    family = family_of(s, sorted(copies)) if copies else []
    if told.item_id is not None:
        known = s.execute(select(item.c.id).where(item.c.id == told.item_id)).scalar()
        if known is None:
            raise CaseKitError("There is no item {id} in this case.", id=told.item_id)
        if told.item_id in family:
            raise CaseKitError("Item {id} is the notice itself: name what it takes back.", id=known)
    now, by = clock.now_us(), s.info["actor"]
    hidden = sequestered.held(s)
    fresh = [i for i in family if i not in hidden]
    label = f"{_count(len(fresh))} sequestered on the notice of {told.party.strip()}"
    act = Act(s, "clawback.notice", label, act_class="custody", args={"named": named})
    values = {
        "party": told.party.strip(), "dated": told.dated.strip(), "by": by, "at_us": now,
        "reference": told.reference.strip() or f"item {told.item_id}", "item_id": told.item_id,
        "named": orjson.dumps(named).decode(),
    }  # fmt: skip
    notice_id = act.insert(notice, values)
    for item_id in fresh:
        _hide(act, item_id, notice_id)
    changes = act.record({"items", "hidden", "privilege", "exhibits", "tags"}, undoable=False)
    return changes, [name for name, found in by_name.items() if not found]


def sequester_arrivals(act: Act, first_id: int) -> None:
    """Sequester, with their families, items just received that are copies or more of what is sequestered.

    The notice goes on to hold for them.

    Args:
        act: The act that receives them.
        first_id: The first of the items received; all after it came with it.
    """
    s = act.s
    by_root: dict[int, int] = {}
    by_hash: dict[bytes, int] = {}
    query = (
        select(sequester.c.notice_id, item.c.root_id, item.c.sha256, item.c.size)
        .join(item, item.c.id == sequester.c.item_id)
        .where(sequester.c.released_us.is_(None))
    )
    for row in s.execute(query):
        by_root.setdefault(row.root_id, row.notice_id)
        if row.size:
            by_hash.setdefault(row.sha256, row.notice_id)
    if not by_root:
        return
    arrived = select(item.c.id, item.c.root_id, item.c.sha256).where(item.c.id >= first_id)
    found: dict[int, int] = {}
    for one in s.execute(arrived):
        notice_id = by_root.get(one.root_id) or by_hash.get(one.sha256)
        if notice_id is not None:
            found.setdefault(one.root_id, notice_id)
    known = sequestered.held(s)
    for root_id, notice_id in found.items():
        for item_id in family_of(s, [root_id]):
            if item_id not in known:
                _hide(act, item_id, notice_id)


def _hide(act: Act, item_id: int, notice_id: int) -> None:
    """Sequester one item on a notice."""
    values = {
        "item_id": item_id, "notice_id": notice_id, "by": act.s.info["actor"], "at_us": clock.now_us(),
        "released_by": None, "released_reason": None, "released_us": None,
    }  # fmt: skip
    act.insert(sequester, values)


def release(s: Connection, item_ids: Sequence[int], by: str, reason: str) -> Changes:
    """End the sequestering of items with their families, by a named person and with a reason.

    Raises:
        CaseKitError: There is no name or no reason, or nothing of it is sequestered.
    """
    if not by.strip() or not reason.strip():
        raise CaseKitError("Say who releases the items and why: both are kept for good.")
    ids = set(family_of(s, item_ids))
    query = select(sequester.c.id, sequester.c.item_id).where(sequester.c.released_us.is_(None))
    rows = [row for row in s.execute(query) if row.item_id in ids]
    if not rows:
        raise CaseKitError("None of these items is sequestered.")
    label = f"{_count(len(rows))} released from sequestering by {by.strip()}"
    act = Act(s, "clawback.release", label, act_class="custody", args={"reason": reason.strip()})
    values = {
        "released_by": by.strip(),
        "released_reason": reason.strip(),
        "released_us": clock.now_us(),
    }
    for row in rows:
        act.update(sequester, {"id": row.id}, values)
    return act.record({"items", "hidden", "privilege", "exhibits", "tags"}, undoable=False)


def take_back(s: Connection, item_ids: Sequence[int], basis: str, reason: str) -> Changes:
    """Take back items of ours that have left, with their families: they are withheld from now on.

    Raises:
        CaseKitError: An item has not left under a number, there is no such basis or no reason.
    """
    if basis not in BASES:
        raise CaseKitError("The basis of privilege must be one of {bases}.", bases=", ".join(BASES))
    if not reason.strip():
        raise CaseKitError("Say how it came to be produced: the letter and the log need it.")
    wanted = sorted({int(i) for i in item_ids})
    gone = {one.item_id for one in clawback_queries.left(s, wanted)}
    for item_id in wanted:
        if item_id not in gone:
            raise CaseKitError(
                "Item {id} has not left under a number: withhold it as privileged instead.",
                id=item_id,
            )
    family = family_of(s, wanted)
    produced = [one.item_id for one in clawback_queries.left(s, family)]
    act = Act(s, "clawback.own", f"{_count(len(produced))} taken back", act_class="custody",
              args={"basis": basis})  # fmt: skip
    values = {"basis": basis, "by": s.info["actor"], "at_us": clock.now_us()}
    taken = set(s.execute(select(clawback.c.item_id)).scalars())
    for item_id in produced:
        if item_id not in taken:
            act.insert(clawback, {"item_id": item_id, "reason": reason.strip(), **values})
    held = set(s.execute(select(privilege.c.item_id)).scalars())
    cleared = set(s.execute(select(privilege_cleared.c.item_id)).scalars())
    for item_id in family:
        if item_id in cleared:
            act.delete(privilege_cleared, {"item_id": item_id})
        if item_id not in held:
            act.insert(privilege, {"item_id": item_id, "note": None, **values})
    return act.record({"items", "privilege", "exhibits"}, family)


def _count(number: int) -> str:
    return f"{number:,} item{'s' if number != 1 else ''}"


def named_items(s: Connection, named: Sequence[str]) -> list[int]:
    """The items that numbers, hashes or `item 12` name.

    Raises:
        CaseKitError: One names nothing.
    """
    found: set[int] = set()
    for name in named:
        ids = clawback_queries.find(s, name)
        if not ids:
            raise CaseKitError(
                "{name} names nothing in this case: give a number, a hash or an item.", name=name
            )
        found.update(ids)
    return sorted(found)
