"""Deciding who is who: uniting values as one person, splitting them again, linking accounts and keys.

Nothing here changes evidence, and every act can be taken back. Labels of acts tell no names: they stay in
lists of acts where an item has been sequestered since.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.queries import items, people, sequestered
from casekit.queries.people import EXCLUSIVE, KINDS, PERSON_KINDS, PersonRow
from casekit.store.people_tables import person, person_alias

LONGEST = 400
Value = tuple[str, str]


def unite(
    s: Connection, values: Sequence[Value], name: str = "", *, persons: Sequence[int] = (),
    kind: str = "person", reason: str = "", item_id: int | None = None,
) -> Changes:  # fmt: skip
    """Decide that values, and the persons that some of them are already, are one person.

    The first of those persons keeps its number; the others give it all they have and are gone.

    Args:
        s: Writing session.
        values: Kind and value of each.
        name: What the person is called; empty keeps the first person's name, or takes the first value.
        persons: Further persons that are the same.
        kind: Of a new person, one of `PERSON_KINDS`.
        reason: On what the decision rests.
        item_id: The item that says so.

    Raises:
        CaseKitError: There is nothing to unite, a value is none, or there is no such person or item.
    """
    wanted = [_checked(each, value) for each, value in values]
    _check(s, kind, item_id)
    known = {row.id: row for row in people.persons(s)}
    for number in persons:
        if number not in known:
            raise CaseKitError("There is no person {n} in this case.", n=number)
    owners = {
        (a.kind, a.value): p.id for p in known.values() for a in p.aliases if a.kind in EXCLUSIVE
    }
    meant = list(dict.fromkeys([*persons, *(owners[v] for v in wanted if v in owners)]))
    if not wanted and len(meant) < 2:
        raise CaseKitError("Choose values or persons that are one.")
    act = Act(s, "person.unite", "Decided who is who")
    at = {"by": s.info["actor"], "at_us": clock.now_us()}
    if meant:
        number = meant[0]
        if name:
            act.update(person, {"id": number}, {"name": _named(name)})
        for other in meant[1:]:
            _give(act, known[other], known[number])
    else:
        title = _named(name or wanted[0][1])
        number = int(act.insert(person, {"name": title, "kind": kind, "note": None, **at}))
    has = {(a.kind, a.value) for n in meant for a in known[n].aliases}
    for each, value in dict.fromkeys(wanted):
        if (each, value) not in has:
            act.insert(person_alias, {"person_id": number, "kind": each, "value": value,
                                      "item_id": item_id, "reason": reason.strip(), **at})  # fmt: skip
    return act.record({"people"})


def split(s: Connection, number: int, aliases: Sequence[int], name: str = "") -> Changes:
    """Decide that some of what a person appears as is somebody else.

    Args:
        s: Writing session.
        number: The person.
        aliases: Numbers of what goes to the new one.
        name: What that is called; empty takes its first value.

    Raises:
        CaseKitError: There is no such person, it has none of those, or nothing would be left of it.
    """
    row = people.one(s, number)
    moved = [a for a in row.aliases if a.id in set(aliases)]
    if not moved or len(moved) != len(set(aliases)):
        raise CaseKitError("Choose what of person {n} is somebody else.", n=number)
    if len(moved) == len(row.aliases):
        raise CaseKitError("Something must stay with the person: rename it instead.")
    act = Act(s, "person.split", "Decided who is somebody else", args={"person": number})
    at = {"by": s.info["actor"], "at_us": clock.now_us()}
    title = _named(name or moved[0].value)
    other = act.insert(person, {"name": title, "kind": row.kind, "note": None, **at})
    for alias in moved:
        act.update(person_alias, {"id": alias.id}, {"person_id": other})
    return act.record({"people"})


def rename(
    s: Connection, number: int, name: str, *, kind: str = "", note: str | None = None
) -> Changes:
    """Call a person otherwise, or say what it is.

    Raises:
        CaseKitError: There is no such person, or a value is none.
    """
    row = people.one(s, number)
    _check(s, kind or row.kind, None)
    act = Act(s, "person.rename", "Person described", args={"person": number})
    said = row.note if note is None else note.strip()
    act.update(person, {"id": number}, {"name": _named(name or row.name), "kind": kind or row.kind,
                                        "note": said or None})  # fmt: skip
    return act.record({"people"})


def remove(s: Connection, number: int, aliases: Sequence[int] = ()) -> Changes:
    """Take some of what a person appears as away, or, with none named, the whole decision.

    Raises:
        CaseKitError: There is no such person, or it has none of those.
    """
    row = people.one(s, number)
    gone = [a for a in row.aliases if not aliases or a.id in set(aliases)]
    if aliases and len(gone) != len(set(aliases)):
        raise CaseKitError("Person {n} does not appear as that.", n=number)
    act = Act(s, "person.remove", "Decision on who is who taken away", args={"person": number})
    for alias in gone:
        act.delete(person_alias, {"id": alias.id})
    if not aliases:
        act.delete(person, {"id": number})
    return act.record({"people"})


def _give(act: Act, giver: PersonRow, taker: PersonRow) -> None:
    """Everything that a person has goes to another, what both have once; the giver is gone."""
    has = {(a.kind, a.value) for a in taker.aliases}
    query = select(person_alias.c.id, person_alias.c.kind, person_alias.c.value)
    for found in act.s.execute(query.where(person_alias.c.person_id == giver.id)).all():
        if (found.kind, found.value) in has:
            act.delete(person_alias, {"id": found.id})
        else:
            act.update(person_alias, {"id": found.id}, {"person_id": taker.id})
    act.delete(person, {"id": giver.id})


def _check(s: Connection, kind: str, item_id: int | None) -> None:
    if kind not in PERSON_KINDS:
        raise CaseKitError("The kind must be one of {kinds}.", kinds=", ".join(PERSON_KINDS))
    if item_id is not None:
        sequestered.refuse(s, [item_id])
        if not items.rows(s, [item_id]):
            raise sequestered.missing(s, item_id)


def _checked(kind: str, value: str) -> Value:
    value = people.folded(kind, value)
    if kind not in KINDS:
        raise CaseKitError("The kind must be one of {kinds}.", kinds=", ".join(KINDS))
    if not value:
        raise CaseKitError("A person cannot appear as nothing: give a value.")
    return kind, value


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise CaseKitError("A person needs a name of up to {n} characters.", n=LONGEST)
    return name
