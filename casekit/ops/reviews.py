"""Review sets: made from a list or a drawn sample, given out in batches, done item by item, reviewed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.ops.privilege import family_of
from casekit.ops.whole_coding import set_field
from casekit.queries import batching, sequestered
from casekit.queries.agreement import fields_of, last_done, same_person
from casekit.queries.clearance import CLEARED
from casekit.queries.offered import Offered
from casekit.queries.reviews import set_items
from casekit.queries.whole_coding import PRIVILEGE, whole_coding
from casekit.store import canonical
from casekit.store.review_tables import (
    review_batch,
    review_conflict,
    review_done,
    review_item,
    review_set,
)
from casekit.store.tables import privilege

KINDS = frozenset({"reviews"})
BATCH = 50
DECISIONS = ("ours", "theirs")


def make_set(
    s: Connection, name: str, item_ids: Sequence[int], *, query: str = "", batch_size: int = BATCH,
    sample: int | None = None, seed: int | None = None,
) -> Changes:  # fmt: skip
    """Make a review set of items in their order, or of a sample drawn from them.

    Families, mail threads and conversations stay together in a batch, also where one is larger than that.

    Args:
        s: Writing session.
        name: As the sidebar shows it.
        item_ids: The population, in the order in which it is to be read.
        query: What found it, as it was asked, to be kept on record.
        batch_size: Items a batch.
        sample: How many to draw, each equally likely; None takes all.
        seed: What draws them; recorded, so that anyone can draw the same.

    Raises:
        CaseKitError: The name is empty or taken, there are no items, or the numbers make no sense.
    """
    population = batching.digests(s, [int(i) for i in item_ids])
    sequestered.refuse(s, list(population))
    if not population:
        raise CaseKitError("There are no items for this review set: search for some first.")
    if sample is not None and not 0 < sample <= len(population):
        raise CaseKitError(
            "A sample of {sample} cannot be drawn from {n} items: choose a number from 1 to {n}.",
            sample=sample, n=len(population),
        )  # fmt: skip
    if (sample is None) != (seed is None):
        raise CaseKitError(
            "A sample needs both its size and a seed, a whole number of your choice."
        )
    chosen = (
        list(population)
        if sample is None or seed is None
        else batching.draw(population, sample, seed)
    )
    return _make(
        s, name, chosen, population, query=query, batch_size=batch_size, sample=sample, seed=seed
    )


def draw_second(
    s: Connection, set_id: int, share: int, seed: int, reviewer: str, *, name: str = ""
) -> Changes:
    """Draw a share of a set to be reviewed once more by somebody else, who does not see the first coding.

    Args:
        s: Writing session.
        set_id: The set.
        share: Percent of its items, from 1 to 100; at least one item is drawn.
        seed: What draws them.
        reviewer: Whose it is; nobody who reviews the set itself.
        name: Of the second review; else that of the set with “second review” behind it.

    Raises:
        CaseKitError: The set is a second review itself, or reviewer and share do not fit.
    """
    row = _set(s, set_id)
    if row["second_of"] is not None:
        raise CaseKitError(
            "“{name}” is a second review itself: draw from the first.", name=row["name"]
        )
    if not 1 <= share <= 100:
        raise CaseKitError("The share of a second review is 1 to 100 percent.")
    reviewer = " ".join(reviewer.split())
    if not reviewer:
        raise CaseKitError("Say who reviews a second time, by name.")
    refuse_first_reviewers(s, set_id, [reviewer])
    held = sequestered.held(s)
    ids = [int(i) for i in set_items(s, set_id) if int(i) not in held]
    population = batching.digests(s, ids)
    size = max(1, -(-len(ids) * share // 100))
    name = name or f"{row['name']}, second review"
    return _make(
        s, name, batching.draw(population, size, seed), population, query=row["query"],
        batch_size=row["batch_size"], sample=size, seed=seed, second_of=set_id, reviewer=reviewer,
    )  # fmt: skip


def assign(
    s: Connection, set_id: int, reviewers: Sequence[str], batches: Iterable[int] = ()
) -> Changes:
    """Give batches of a set to reviewers, evenly by items, in order.

    Args:
        s: Writing session.
        set_id: The set.
        reviewers: By name; none takes the batches back.
        batches: Numbers of the batches; none stands for all that nobody has, or with no reviewers for all.

    Raises:
        CaseKitError: There is no such batch, or a second review would go to who did the first.
    """
    row = _set(s, set_id)
    names = [n for n in dict.fromkeys(" ".join(r.split()) for r in reviewers) if n]
    rows = s.execute(
        select(review_batch.c.id, review_batch.c.no, review_batch.c.reviewer, func.count().label("items"))
        .join(review_item, review_item.c.batch_id == review_batch.c.id)
        .where(review_batch.c.set_id == set_id)
        .group_by(review_batch.c.id)
        .order_by(review_batch.c.no)
    ).all()  # fmt: skip
    wanted = set(batches)
    for no in sorted(wanted - {r.no for r in rows}):
        raise CaseKitError("There is no batch {no} in “{name}”.", no=no, name=row["name"])
    chosen = [r for r in rows if (r.no in wanted if wanted else not names or r.reviewer is None)]
    if not chosen:
        raise CaseKitError(
            "Every batch of “{name}” has a reviewer: name the batches to give to another.",
            name=row["name"],
        )
    if row["second_of"] is not None:
        refuse_first_reviewers(s, row["second_of"], names)
    load = {n: sum(r.items for r in rows if r.reviewer == n and r not in chosen) for n in names}
    whom = ", ".join(names) or "nobody"
    label = f"{len(chosen):,} batch{'es' if len(chosen) != 1 else ''} of “{row['name']}” given to {whom}"
    act = Act(s, "review.assign", label, args={"set": set_id, "reviewers": names})
    for batch in chosen:
        reviewer = min(names, key=lambda n: (load[n], names.index(n))) if names else None
        if reviewer is not None:
            load[reviewer] += batch.items
        act.update(review_batch, {"id": batch.id}, {"reviewer": reviewer})
    return act.record(KINDS)


def mark_done(s: Connection, set_id: int, item_ids: Sequence[int]) -> Changes:
    """Say that you are done with items of a set; how they are coded now is kept with it.

    Where somebody has reviewed them a second time, what differs from that goes to the list of conflicts.

    Raises:
        CaseKitError: One is not in the set, or the set is a second review, which is done in its package.
    """
    row, ids = _open_items(s, set_id, item_ids)
    reviewer, at_us = s.info["actor"], clock.now_us()
    act = Act(s, "review.done", f"{_count(len(ids))} of “{row['name']}” done", args={"set": set_id})
    for item_id, coding in whole_coding(s, ids).items():
        record_done(act, set_id, item_id, reviewer, coding, at_us)
    for second in s.execute(
        select(review_set.c.id).where(review_set.c.second_of == set_id)
    ).scalars():
        compare(act, set_id, int(second), ids)
    return act.record({*KINDS, "items"}, ids)


def mark_not_done(s: Connection, set_id: int, item_ids: Sequence[int]) -> Changes:
    """Say that you are not done with items of a set after all."""
    row, ids = _open_items(s, set_id, item_ids)
    label = f"{_count(len(ids))} of “{row['name']}” not done"
    act = Act(s, "review.not_done", label, args={"set": set_id})
    for item_id in ids:
        act.delete(review_done, {"set_id": set_id, "item_id": item_id, "reviewer": s.info["actor"]})
    return act.record({*KINDS, "items"}, ids)


def record_done(
    act: Act, set_id: int, item_id: int, reviewer: str, coding: dict[str, str], at_us: int
) -> None:
    """Put on record within an act that a reviewer is done with an item that is coded like this."""
    key = {"set_id": set_id, "item_id": item_id, "reviewer": reviewer}
    values = {"coding": canonical.encode(coding).decode(), "at_us": at_us}
    if read_row(act.s, review_done, key) is None:
        act.insert_many(review_done, [{**key, **values}])
    else:
        act.update(review_done, key, values)


def compare(act: Act, set_id: int, second_id: int, item_ids: Sequence[int]) -> None:
    """Put into the list of conflicts what a second review coded otherwise, once both are done with an item.

    What was found before stays as it is, also once it is decided.
    """
    mine, theirs = last_done(act.s, set_id), last_done(act.s, second_id)
    known = {
        (r.item_id, r.field, r.ours, r.theirs)
        for r in act.s.execute(select(review_conflict).where(review_conflict.c.set_id == second_id))
    }
    for item_id in item_ids:
        if item_id not in mine or item_id not in theirs:
            continue
        (first_by, first), (second_by, second) = mine[item_id], theirs[item_id]
        if same_person(first_by, second_by):
            continue
        for field in fields_of(first, second):
            ours, other = first.get(field), second.get(field)
            if ours != other and (item_id, field, ours, other) not in known:
                add_conflict(act, second_id, item_id, field, (ours, first_by), (other, second_by))


def add_conflict(
    act: Act, set_id: int, item_id: int, field: str, ours: tuple[str | None, str],
    theirs: tuple[str | None, str], package_id: int | None = None,
) -> None:  # fmt: skip
    """Put a difference into the list of conflicts: each side a value and whose it is."""
    values: dict[str, Any] = {
        "set_id": set_id,
        "item_id": item_id,
        "field": field,
        "package_id": package_id,
    }
    values |= {
        "ours": ours[0],
        "ours_by": ours[1] or None,
        "theirs": theirs[0],
        "theirs_by": theirs[1],
    }
    empty = dict.fromkeys(("decided", "reason", "decided_by", "decided_us"))
    act.insert(review_conflict, {**values, **empty, "at_us": clock.now_us()})


def decide(s: Connection, conflict_ids: Sequence[int], keep: str, reason: str = "") -> Changes:
    """Decide conflicts: `ours` leaves the item as it is coded, `theirs` codes it as the other did.

    Both versions stay on record. Privilege decided for is asserted over the whole family.

    Raises:
        CaseKitError: There is no such open conflict, its item is sequestered, or the case has no such value.
    """
    if keep not in DECISIONS:
        raise CaseKitError("Decide for ours or for theirs.")
    ids = list(dict.fromkeys(int(i) for i in conflict_ids))
    rows = []
    for conflict_id in ids:
        row = read_row(s, review_conflict, {"id": conflict_id})
        if row is None or row["decided"] is not None:
            raise CaseKitError("There is no open conflict {id}.", id=conflict_id)
        rows.append(row)
    items = [row["item_id"] for row in rows]
    sequestered.refuse(s, items)
    present, offered = whole_coding(s, items), Offered(s, items)
    for row in rows if keep == "theirs" else ():
        if not offered(row["item_id"], row["field"], row["theirs"]):
            raise CaseKitError(
                "Conflict {conflict}: “{value}” is no value that this case offers for {field} of item {id}: "
                "add it to the template or the order first, or decide for ours.",
                conflict=row["id"], value=row["theirs"].replace("\n", ", "), field=row["field"],
                id=row["item_id"],
            )  # fmt: skip
        now = present[row["item_id"]].get(PRIVILEGE)
        frees = row["field"] == PRIVILEGE and row["theirs"] in (None, CLEARED)
        if frees and now not in (None, CLEARED, row["ours"]):
            raise CaseKitError(
                "Item {id} is withheld ({now}), which neither side of conflict {conflict} knew: release it "
                "first, or decide for ours.",
                id=row["item_id"], conflict=row["id"], now=now,
            )  # fmt: skip
    label = f"{len(rows):,} conflict{'s' if len(rows) != 1 else ''} of coding decided for {keep}"
    act = Act(s, "review.decide", label, args={"keep": keep, "reason": reason.strip()})
    at_us, actor = clock.now_us(), s.info["actor"]
    for row in sorted(rows, key=lambda r: r["field"]):  # a privilege before the words on it
        if keep == "theirs":
            set_field(act, row["item_id"], row["field"], row["theirs"], row["theirs_by"], at_us)
            if row["field"] == PRIVILEGE and row["theirs"] not in (None, CLEARED):
                items += withhold_families(act, [row["item_id"]], row["theirs"], row["theirs_by"])
        told = {"decided": keep, "reason": reason.strip() or None}
        act.update(
            review_conflict, {"id": row["id"]}, {**told, "decided_by": actor, "decided_us": at_us}
        )
    return act.record({*KINDS, "items", "tags", "privilege"}, dict.fromkeys(items))


def withhold_families(act: Act, item_ids: Sequence[int], basis: str, by: str) -> list[int]:
    """Withhold what else belongs to the families of withheld items, so that none leaves by half; returns it."""
    family = family_of(act.s, item_ids)
    held = set(act.s.execute(select(privilege.c.item_id)).scalars())
    others = [i for i in family if i not in held]
    for item_id in others:
        set_field(act, item_id, PRIVILEGE, basis, by, clock.now_us())
    return others


def _make(
    s: Connection, name: str, chosen: Sequence[int], population: dict[int, bytes], *, query: str,
    batch_size: int, sample: int | None, seed: int | None, second_of: int | None = None, reviewer: str = "",
) -> Changes:  # fmt: skip
    name = " ".join(name.split())
    if not name:
        raise CaseKitError("A review set needs a name.")
    if s.execute(select(review_set.c.id).where(review_set.c.name == name)).first():
        raise CaseKitError("There is already a review set “{name}”.", name=name)
    if batch_size < 1:
        raise CaseKitError("A batch holds one item at least.")
    values = {
        "name": name, "query": query, "population": len(population),
        "population_sha256": batching.population_hash(population), "seed": seed, "sample": sample,
        "batch_size": batch_size, "second_of": second_of, "by": s.info["actor"], "at_us": clock.now_us(),
    }  # fmt: skip
    what = "Second review" if second_of else "Review set"
    act = Act(
        s, "review.make", f"{what} “{name}” of {_count(len(chosen))} made", args={"name": name}
    )
    set_id = act.insert(review_set, values)
    put_batches(act, set_id, batching.batches(batching.together(s, chosen), batch_size), reviewer)
    return act.record(KINDS)


def put_batches(
    act: Act, set_id: int, batches: Sequence[Sequence[int]], reviewer: str = ""
) -> None:
    """Put the items of a set into its batches, numbered from 1, within an act."""
    position = 0
    for no, some in enumerate(batches, 1):
        values = {"set_id": set_id, "no": no, "reviewer": reviewer or None}
        batch_id = act.insert(review_batch, values)
        rows = [
            {"set_id": set_id, "item_id": item_id, "position": position + n, "batch_id": batch_id}
            for n, item_id in enumerate(some, 1)
        ]
        act.insert_many(review_item, rows)
        position += len(rows)


def refuse_first_reviewers(s: Connection, first: int, names: Sequence[str]) -> None:
    """A second review by who did the first would say nothing."""
    done = select(review_done.c.reviewer).where(review_done.c.set_id == first).distinct()
    given = select(review_batch.c.reviewer).where(
        review_batch.c.set_id == first, review_batch.c.reviewer.is_not(None)
    )
    theirs = {*s.execute(done).scalars(), *s.execute(given).scalars()}
    for name in names:
        if any(same_person(name, other) for other in theirs):
            raise CaseKitError(
                "{name} reviews “{set}” already: a second review is somebody else's.",
                name=name, set=_set(s, first)["name"],
            )  # fmt: skip


def _set(s: Connection, set_id: int) -> dict[str, Any]:
    row = read_row(s, review_set, {"id": set_id})
    if row is None:
        raise CaseKitError("This review set is no longer there.")
    return row


def _open_items(
    s: Connection, set_id: int, item_ids: Sequence[int]
) -> tuple[dict[str, Any], list[int]]:
    row = _set(s, set_id)
    if row["second_of"] is not None:
        raise CaseKitError(
            "“{name}” is reviewed blind: pack it for its reviewer, since here the first coding shows.",
            name=row["name"],
        )
    ids = [int(i) for i in dict.fromkeys(item_ids)]
    sequestered.refuse(s, ids)
    query = select(review_item.c.item_id).where(review_item.c.set_id == set_id)
    for item_id in sorted(set(ids) - set(s.execute(query).scalars())):
        raise CaseKitError(
            "Item {id} is not in the review set “{name}”.", id=item_id, name=row["name"]
        )
    return row, ids


def _count(number: int) -> str:
    return f"{number:,} item{'s' if number != 1 else ''}"
