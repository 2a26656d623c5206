"""What comes back from a review package, merged: a merge adds and overwrites nothing.

A value where the case has none is taken; the same value agrees; another value, one that this case does not
offer for the item, or a mark that was taken away there, goes to the list of conflicts with both versions. Each
reviewer's work is an act of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from casekit.ops.journal import Act, Changes, read_row
from casekit.ops.privilege import family_of
from casekit.ops.reviews import KINDS, add_conflict, compare, record_done
from casekit.ops.whole_coding import set_field
from casekit.queries import sequestered
from casekit.queries.agreement import last_done
from casekit.queries.clearance import CLEARED
from casekit.queries.offered import Offered
from casekit.queries.passages import part_text
from casekit.queries.whole_coding import PRIVILEGE, PRIVILEGE_NOTE, whole_coding
from casekit.store.review_tables import review_conflict, review_done, review_package, review_set
from casekit.store.tables import note, privilege, privilege_cleared

ALL_KINDS = frozenset({*KINDS, "items", "tags", "privilege", "notes", "coding"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A field of an item as a reviewer left it, changed since the package went out; None: taken away."""

    item_id: int
    field: str
    value: str | None
    by: str
    at_us: int
    colour: str = "accent"


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note that was written or changed there."""

    item_id: int
    part: str | None
    start: int | None
    stop: int | None
    text: str
    by: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Done:
    """A reviewer is done with an item, coded like this; None: not done any more."""

    item_id: int
    reviewer: str
    coding: dict[str, str] | None
    at_us: int
    by: str


@dataclass(frozen=True, slots=True)
class Back:
    """All that has come back since the last merge.

    Attributes:
        package_id: Its row here.
        last: Number of the last entry of its log.
        head_sha256: That entry's hash, hex.
        not_taken: What was done there and does not come back, in words, with how often.
    """

    package_id: int
    set_id: int
    second_of: int | None
    last: int
    head_sha256: str
    marks: Sequence[Mark]
    notes: Sequence[NewNote]
    done: Sequence[Done]
    not_taken: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Merged:
    """What a merge came to: fields taken, agreed and in conflict; notes; items done; acts, one a reviewer."""

    taken: int = 0
    agreed: int = 0
    conflicts: int = 0
    notes: int = 0
    done: int = 0
    waiting: int = 0
    not_taken: dict[str, int] = field(default_factory=dict)
    acts: list[Changes] = field(default_factory=list)


def merge(s: Connection, back: Back) -> Merged:
    """Bring back what was coded in a package; a second time the same changes nothing.

    Of a second review no field is taken: what it says is kept with its items' *done*, compared with the first,
    and what differs goes to the conflicts. Fields of items that are not done wait (`waiting`).

    Raises:
        CaseKitError: A field or value is none of this case.
    """
    found = Merged(not_taken=dict(back.not_taken))
    who = sorted(
        {m.by for m in back.marks} | {n.by for n in back.notes} | {d.by for d in back.done}
    )
    row = read_row(s, review_package, {"id": back.package_id})
    if row is None or row["merged"] >= back.last:
        return found
    for reviewer in who:
        act = Act(
            s, "review.merge", f"Review by {reviewer} merged",
            args={"reviewer": reviewer, "package": row["uuid"], "until": back.last, "head": back.head_sha256},
        )  # fmt: skip
        touched = _merge_one(act, back, reviewer, found)
        if reviewer == who[-1]:
            act.update(review_package, {"id": back.package_id}, {"merged": back.last})
        changes = act.record(ALL_KINDS, touched)
        if changes.kinds:
            found.acts.append(changes)
    if not who:  # nothing that comes back was done, and this too is on record
        act = Act(s, "review.merge", "Review package came back without marks")
        act.update(review_package, {"id": back.package_id}, {"merged": back.last})
        found.acts.append(act.record(KINDS))
    return found


def _merge_one(act: Act, back: Back, reviewer: str, found: Merged) -> list[int]:
    marks = [m for m in back.marks if m.by == reviewer]
    if back.second_of is None:
        _take_marks(act, back, marks, found)
    _take_notes(act, [n for n in back.notes if n.by == reviewer], found)
    done = [d for d in back.done if d.by == reviewer]
    for one in done:
        if one.coding is not None:
            record_done(act, back.set_id, one.item_id, one.reviewer, one.coding, one.at_us)
            found.done += 1
        else:
            key = {"set_id": back.set_id, "item_id": one.item_id, "reviewer": one.reviewer}
            act.delete(review_done, key)
    if back.second_of is not None:
        before = _count(act)
        compare(act, back.second_of, back.set_id, [d.item_id for d in done])
        found.conflicts += _count(act) - before
        said = {d.item_id for d in back.done} | set(last_done(act.s, back.set_id))
        found.waiting += len({m.item_id for m in marks} - said)
    else:
        seconds = [d.item_id for d in done if d.coding is not None]
        before = _count(act)
        _compare_seconds(act, back.set_id, seconds)
        found.conflicts += _count(act) - before
    return list(dict.fromkeys([*(m.item_id for m in marks), *(d.item_id for d in done)]))


def _take_marks(act: Act, back: Back, marks: Sequence[Mark], found: Merged) -> None:
    s = act.s
    present = whole_coding(s, [m.item_id for m in marks])
    held = sequestered.held(s)
    decided = _deciders(s)
    said = last_done(s, back.set_id)
    withheld: dict[int, Mark] = {}
    disputed: set[int] = set()
    offered = Offered(s, [m.item_id for m in marks])
    # A privilege comes before the words that describe it.
    for mark in sorted(marks, key=lambda m: (m.item_id, m.field)):
        ours = present[mark.item_id].get(mark.field)
        alone = mark.field == PRIVILEGE_NOTE and not _may_describe(s, mark.item_id, disputed)
        if ours == mark.value:
            found.agreed += 1
        elif (
            ours is None
            and mark.item_id not in held
            and not alone
            and offered(mark.item_id, mark.field, mark.value)
        ):
            set_field(act, mark.item_id, mark.field, mark.value, mark.by, mark.at_us, mark.colour)
            found.taken += 1
            if mark.field == PRIVILEGE and mark.value != CLEARED:
                withheld[mark.item_id] = mark
        elif not _known(s, back, mark):
            whose = said.get(mark.item_id, ("", {}))[0]
            if mark.field == PRIVILEGE:
                disputed.add(mark.item_id)
            if mark.field.startswith(PRIVILEGE):
                whose = decided.get(mark.item_id, whose)
            add_conflict(
                act, back.set_id, mark.item_id, mark.field, (ours, whose), (mark.value, mark.by),
                back.package_id,
            )  # fmt: skip
            found.conflicts += 1
    _withhold_rest(act, back, withheld, {m.item_id for m in marks}, found)


def _withhold_rest(
    act: Act, back: Back, withheld: dict[int, Mark], told: set[int], found: Merged
) -> None:
    """What the family of a newly withheld item has here and had not in the package is withheld with it."""
    for item_id, mark in withheld.items():
        rest = [i for i in family_of(act.s, [item_id]) if i not in told]
        for other, coding in whole_coding(act.s, rest).items():
            ours = coding.get(PRIVILEGE)
            if ours is None:
                set_field(act, other, PRIVILEGE, mark.value, mark.by, mark.at_us)
            elif ours == CLEARED:
                add_conflict(
                    act, back.set_id, other, PRIVILEGE, (ours, _deciders(act.s).get(other, "")),
                    (mark.value, mark.by), back.package_id,
                )  # fmt: skip
                found.conflicts += 1


def _take_notes(act: Act, notes: Sequence[NewNote], found: Merged) -> None:
    for one in notes:
        same = select(note.c.id).where(
            note.c.item_id == one.item_id, note.c.text == one.text, note.c.author == one.by,
            note.c.part.is_(one.part) if one.part is None else note.c.part == one.part,
        )  # fmt: skip
        if act.s.execute(same).first() is None:
            values = {"item_id": one.item_id, **_place(act.s, one)}
            act.insert(note, {**values, "text": one.text, "author": one.by, "at_us": one.at_us})
            found.notes += 1


def _place(s: Connection, one: NewNote) -> dict[str, str | int | None]:
    """Where a note stands; a place that the item has not is left out, and the words are kept."""
    text = part_text(s, one.item_id, one.part) if one.part else None
    if one.start is None or one.stop is None:
        return {"part": one.part if text is not None else None, "start": None, "stop": None}
    if text is not None and 0 <= one.start < one.stop <= len(text):
        return {"part": one.part, "start": one.start, "stop": one.stop}
    return {"part": None, "start": None, "stop": None}


def _compare_seconds(act: Act, set_id: int, item_ids: Sequence[int]) -> None:
    query = select(review_set.c.id).where(review_set.c.second_of == set_id)
    for second in act.s.execute(query).scalars().all():
        compare(act, set_id, int(second), item_ids)


def _may_describe(s: Connection, item_id: int, disputed: set[int]) -> bool:
    """Whether words that describe a privilege have one to describe that is not in dispute itself."""
    return item_id not in disputed and read_row(s, privilege, {"item_id": item_id}) is not None


def _known(s: Connection, back: Back, mark: Mark) -> bool:
    """Whether this difference is in the list already."""
    t = review_conflict.c
    query = select(t.theirs).where(
        t.set_id == back.set_id, t.item_id == mark.item_id, t.field == mark.field,
        t.theirs_by == mark.by, t.package_id == back.package_id, t.decided.is_(None),
    )  # fmt: skip
    return any(theirs == mark.value for theirs in s.execute(query).scalars())


def _deciders(s: Connection) -> dict[int, str]:
    found: dict[int, str] = {}
    for table in (privilege, privilege_cleared):
        found.update(map(tuple, s.execute(select(table.c.item_id, table.c.by))))
    return found


def _count(act: Act) -> int:
    return int(act.s.execute(select(func.count()).select_from(review_conflict)).scalar_one())
