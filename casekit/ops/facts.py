"""Facts: statements that cite what they rest on, are dated as far as anybody knows, and go to elements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries import items, sequestered
from casekit.queries.facts import MATERIAL, STANCES, STATUSES, SUPPORTS, UNSURE
from casekit.queries.moments import When
from casekit.queries.passages import part_text, quote_hash
from casekit.queries.zones import DAY_US
from casekit.store.fact_tables import element, fact, fact_cite, fact_element, fact_person
from casekit.store.tables import finding, item

MOST_CHARACTERS = 4_000
_MOST_QUOTED = 1_000
_SECOND_US = 1_000_000


MOST_CITED = 500
"""One act cites at most so many places in a fact: a fact that rests on more rests on a list."""


@dataclass(frozen=True, slots=True)
class NewCite:
    """On what a fact rests: a finding, or an item as a whole, one page of it, or a passage of one of its parts.

    Attributes:
        start: First character of the passage; `stop` is the one after its last.
        page: From 1.
        stance: `supports` or `contradicts`.
    """

    item_id: int | None = None
    part: str | None = None
    start: int | None = None
    stop: int | None = None
    page: int | None = None
    finding_id: int | None = None
    stance: str = SUPPORTS
    note: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a fact would say, and when it was."""

    text: str
    when: When


def add_fact(
    s: Connection, text: str, *, status: str = UNSURE, disputed_by: str = "", material: str = UNSURE,
    when: When | None = None, people: Sequence[str] = (), cites: Sequence[NewCite] = (),
    elements: Sequence[int] = (),
) -> tuple[int, Changes]:  # fmt: skip
    """Write a fact, with what it cites and the elements it goes to; returns its number with the changes.

    Args:
        s: A writing session.
        text: The statement.
        status: A word of `queries.facts.STATUSES`.
        disputed_by: Who disputes it, in words.
        material: A word of `queries.facts.MATERIAL`.
        when: Its date; None: it has none.
        people: Who is in it, a name each.
        cites: On what it rests.
        elements: Numbers of elements that it supports.

    Raises:
        CaseKitError: The statement is empty or too long, a word or date is none of those known, or something
            cited is not there, or more is cited than `MOST_CITED`.
    """
    _refuse_many(cites)
    act = Act(s, "fact.add", "Fact written")
    values = {
        **_worded(text=text, status=status, material=material),
        "disputed_by": disputed_by.strip() or None,
        **_dated(when or When()),
    }
    fact_id = int(act.insert(fact, {**values, "by": s.info["actor"], "at_us": clock.now_us()}))
    _set_people(act, fact_id, people)
    cited = [_cite(act, fact_id, each) for each in cites]
    _link(act, [fact_id], elements, SUPPORTS)
    return fact_id, act.record({"facts"}, _items(cited))


def fact_from(
    s: Connection, item_id: int, part: str, start: int, stop: int, *, text: str = ""
) -> tuple[int, Changes]:  # fmt: skip
    """Make a fact of a passage, which it cites; returns its number with the changes.

    The statement is the passage itself unless `text` is given. It is dated as the item is: on its second or
    day, or about its day where the zone of the item's time is in doubt.

    Raises:
        CaseKitError: There is no such passage, or its item is sequestered.
    """
    cite = NewCite(item_id, part, start, stop)
    given = draft(s, cite)
    return add_fact(s, text or given.text, when=given.when, cites=[cite])


def draft(s: Connection, place: NewCite) -> Draft:
    """What a fact that cites something would say and when it was, for a person to change; writes nothing.

    Of a passage it is the passage itself, of a page or a whole item nothing.

    Raises:
        CaseKitError: What is cited is not there, or is sequestered.
    """
    _checked(s, place)
    text = " ".join(_quoted(s, place).split()) if place.part is not None else ""
    if len(text) > _MOST_QUOTED:
        text = text[: _MOST_QUOTED - 2].rstrip() + " …"
    return Draft(text, When() if place.item_id is None else _when_of(s, place.item_id))


def change_facts(
    s: Connection, fact_ids: Sequence[int], *, text: str | None = None, status: str | None = None,
    disputed_by: str | None = None, material: str | None = None, when: When | None = None,
    people: Sequence[str] | None = None,
) -> Changes:  # fmt: skip
    """Change facts in one act; what is None stays as it is.

    Raises:
        CaseKitError: A fact is not there, or as `add_fact`.
    """
    _refuse_missing(s, fact_ids)
    act = Act(s, "fact.change", _label(fact_ids, "changed"))
    values = _worded(text=text, status=status, material=material)
    if disputed_by is not None:
        values["disputed_by"] = disputed_by.strip() or None
    if when is not None:
        values |= _dated(when)
    for fact_id in fact_ids:
        act.update(fact, {"id": fact_id}, values)
        if people is not None:
            _set_people(act, fact_id, people)
    return act.record({"facts"})


def delete_facts(s: Connection, fact_ids: Sequence[int]) -> Changes:
    """Take facts away with their citations; undo brings them back.

    Raises:
        CaseKitError: One is not there.
    """
    _refuse_missing(s, fact_ids)
    act = Act(s, "fact.delete", _label(fact_ids, "taken away"))
    cited: list[int | None] = []
    for fact_id in fact_ids:
        for table in (fact_person, fact_element, fact_cite):
            key = [c.name for c in table.primary_key.columns]
            for row in s.execute(select(table).where(table.c.fact_id == fact_id)).all():
                found = row._asdict()
                cited.append(found.get("item_id"))
                act.delete(table, {name: found[name] for name in key})
        act.delete(fact, {"id": fact_id})
    return act.record({"facts"}, _items(cited))


def cite(s: Connection, fact_id: int, cites: Sequence[NewCite]) -> Changes:
    """Say on what else a fact rests; what it cites already stays once, with the stance and note given now.

    Raises:
        CaseKitError: The fact or something cited is not there, or they are more than `MOST_CITED`.
    """
    _refuse_missing(s, [fact_id])
    _refuse_many(cites)
    what = "Citation" if len(cites) == 1 else f"{len(cites)} citations"
    act = Act(s, "fact.cite", f"{what} added to fact {fact_id}")
    return act.record({"facts"}, _items([_cite(act, fact_id, each) for each in cites]))


def _refuse_many(cites: Sequence[NewCite]) -> None:
    if len(cites) > MOST_CITED:
        raise CaseKitError(
            "One act cites at most {n} items in a fact, not {m}: choose fewer, those that show it best.",
            n=MOST_CITED, m=len(cites),
        )  # fmt: skip


def change_cite(
    s: Connection, cite_id: int, *, stance: str | None = None, note: str | None = None
) -> Changes:  # fmt: skip
    """Say that a citation supports or contradicts its fact, or write a note on it.

    Raises:
        CaseKitError: It is not there, or the stance is none.
    """
    row = _known_cite(s, cite_id)
    act = Act(s, "fact.change-cite", f"Citation of fact {row['fact_id']} changed")
    values: dict[str, Any] = (
        {} if stance is None else {"stance": _one_of("stance", stance, STANCES)}
    )
    if note is not None:
        values["note"] = note.strip() or None
    act.update(fact_cite, {"id": cite_id}, values)
    return act.record({"facts"}, _items([row["item_id"]]))


def uncite(s: Connection, cite_id: int) -> Changes:
    """Take a citation away; the fact stays.

    Raises:
        CaseKitError: It is not there.
    """
    row = _known_cite(s, cite_id)
    act = Act(s, "fact.uncite", f"Citation taken from fact {row['fact_id']}")
    act.delete(fact_cite, {"id": cite_id})
    return act.record({"facts"}, _items([row["item_id"]]))


def link(
    s: Connection, fact_ids: Sequence[int], element_ids: Sequence[int], stance: str = SUPPORTS
) -> Changes:  # fmt: skip
    """Say that facts go to elements, for them or against them; a link there already takes the new stance.

    Raises:
        CaseKitError: A fact or element is not there, or the stance is none.
    """
    _refuse_missing(s, fact_ids)
    act = Act(s, "fact.link", _label(fact_ids, "linked"))
    _link(act, fact_ids, element_ids, stance)
    return act.record({"facts"})


def unlink(s: Connection, fact_ids: Sequence[int], element_ids: Sequence[int]) -> Changes:
    """Take the links of facts to elements away.

    Raises:
        CaseKitError: A fact is not there.
    """
    _refuse_missing(s, fact_ids)
    act = Act(s, "fact.unlink", _label(fact_ids, "unlinked"))
    for fact_id in fact_ids:
        for element_id in element_ids:
            act.delete(fact_element, {"fact_id": fact_id, "element_id": element_id})
    return act.record({"facts"})


def _link(act: Act, fact_ids: Iterable[int], element_ids: Sequence[int], stance: str) -> None:
    _one_of("stance", stance, STANCES)
    for element_id in element_ids:
        if read_row(act.s, element, {"id": element_id}) is None:
            raise CaseKitError(
                "There is no element {id}: look at the list of claims and their elements.",
                id=element_id,
            )
    for fact_id in fact_ids:
        for element_id in element_ids:
            key = {"fact_id": fact_id, "element_id": element_id}
            if read_row(act.s, fact_element, key) is None:
                act.insert(fact_element, {**key, "stance": stance})
            else:
                act.update(fact_element, key, {"stance": stance})


def _cite(act: Act, fact_id: int, new: NewCite) -> int | None:
    """Insert a citation, or change what is there; returns the item cited."""
    place: dict[str, Any] = {
        "fact_id": fact_id, "item_id": new.item_id, "part": new.part, "start": new.start, "stop": new.stop,
        "page": new.page, "finding_id": new.finding_id,
    }  # fmt: skip
    digest = _checked(act.s, new)
    said = {"stance": _one_of("stance", new.stance, STANCES), "note": new.note.strip() or None}
    same = [
        fact_cite.c[name].is_(None) if v is None else fact_cite.c[name] == v
        for name, v in place.items()
    ]
    known = act.s.execute(select(fact_cite.c.id).where(*same)).scalar()
    if known is not None:
        act.update(fact_cite, {"id": known}, said)
    else:
        made = {"quote_sha256": digest, "by": act.s.info["actor"], "at_us": clock.now_us()}
        act.insert(fact_cite, {**place, **said, **made})
    return new.item_id


def _checked(s: Connection, new: NewCite) -> bytes | None:
    """The hash of the passage that is cited; None of a page, a whole item or a finding.

    Raises:
        CaseKitError: What is cited is not there.
    """
    if (new.item_id is None) == (new.finding_id is None):
        raise CaseKitError("A citation names an item or a finding: give one of them.")
    if new.finding_id is not None:
        if read_row(s, finding, {"id": new.finding_id}) is None:
            raise CaseKitError("There is no finding {id} in this case.", id=new.finding_id)
        if (new.part, new.start, new.stop, new.page) != (None, None, None, None):
            raise CaseKitError("A finding is cited as a whole: leave part, passage and page out.")
        return None
    if new.part is not None:
        return quote_hash(_quoted(s, new))
    row = _item(s, new.item_id)
    if new.start is not None or new.stop is not None:
        raise CaseKitError("Say of which part of the item the passage is.")
    if new.page is not None and not 1 <= new.page <= (row["pages"] or 0):
        raise CaseKitError(
            "Item {id} has {n} pages: page {page} is none of them.",
            id=new.item_id, n=row["pages"] or 0, page=new.page,
        )  # fmt: skip
    return None


def _quoted(s: Connection, new: NewCite) -> str:
    """The passage that is cited."""
    _item(s, new.item_id)
    text = part_text(s, int(new.item_id or 0), new.part or "")
    if text is None:
        raise CaseKitError("Item {id} has no part “{part}”.", id=new.item_id, part=new.part)
    start, stop = new.start, new.stop
    if new.page is not None:
        raise CaseKitError("Cite a passage of a part, or a page: give one of them.")
    if start is None or stop is None or not 0 <= start < stop <= len(text):
        raise CaseKitError(
            "The part “{part}” of item {id} has characters 0 to {n}: the passage is not in it.",
            part=new.part, id=new.item_id, n=len(text),
        )  # fmt: skip
    return text[start:stop]


def _item(s: Connection, item_id: int | None) -> dict[str, Any]:
    row = read_row(s, item, {"id": item_id})
    if row is None:
        raise CaseKitError("There is no item {id} in this case.", id=item_id)
    sequestered.refuse(s, [int(item_id or 0)])
    return row


def _when_of(s: Connection, item_id: int) -> When:
    """The date of a fact that is taken from an item."""
    (row,) = items.rows(s, [item_id])
    if row.sent_us is None:
        return When()
    resolution = s.execute(select(item.c.sent_resolution_us).where(item.c.id == item_id)).scalar()
    moment = clock.from_us(row.sent_us)
    if not row.time.is_sure:
        return When("about", f"{moment:%Y-%m-%d}")
    exact = f"{moment:%Y-%m-%d %H:%M:%S}"
    if resolution is not None and resolution > _SECOND_US:
        exact = f"{moment:%Y-%m-%d}" if resolution >= DAY_US else f"{moment:%Y-%m-%d %H:%M}"
    return When("on", exact)


def _known_cite(s: Connection, cite_id: int) -> dict[str, Any]:
    row = read_row(s, fact_cite, {"id": cite_id})
    if row is None:
        raise CaseKitError("There is no citation {id} in this case.", id=cite_id)
    _refuse_missing(s, [row["fact_id"]])
    return row


def _refuse_missing(s: Connection, fact_ids: Sequence[int]) -> None:
    for fact_id in fact_ids:
        if read_row(s, fact, {"id": fact_id}) is None:
            raise CaseKitError("There is no fact {id} in this case.", id=fact_id)
        cited = select(fact_cite.c.item_id).where(fact_cite.c.fact_id == fact_id)
        sequestered.refuse(s, _items(s.execute(cited).scalars()))


def _set_people(act: Act, fact_id: int, people: Sequence[str]) -> None:
    wanted = {" ".join(name.split()) for name in people} - {""}
    query = select(fact_person.c.name).where(fact_person.c.fact_id == fact_id)
    known = set(act.s.execute(query).scalars())
    for name in sorted(known - wanted):
        act.delete(fact_person, {"fact_id": fact_id, "name": name})
    for name in sorted(wanted - known):
        act.insert(fact_person, {"fact_id": fact_id, "name": name})


def _worded(*, text: str | None, status: str | None, material: str | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if text is not None:
        values["text"] = text.strip()
        if not values["text"]:
            raise CaseKitError("A fact needs a statement: say what happened.")
        if len(values["text"]) > MOST_CHARACTERS:
            raise CaseKitError(
                "A fact is one statement of at most {most} characters: make two of it.",
                most=MOST_CHARACTERS,
            )
    if status is not None:
        values["status"] = _one_of("status", status, STATUSES)
    if material is not None:
        values["material"] = _one_of("material", material, MATERIAL)
    return values


def _dated(when: When) -> dict[str, Any]:
    from_us, until_us = when.bounds()
    return {
        "date_kind": when.kind, "date_from": when.first.strip(), "date_to": when.last.strip(),
        "zone": when.zone or "UTC", "from_us": from_us, "until_us": until_us,
    }  # fmt: skip


def _one_of(what: str, word: str, known: Sequence[str]) -> str:
    if word not in known:
        raise CaseKitError(
            "“{word}” is no {what} of a fact: it is one of {known}.",
            word=word, what=what, known=", ".join(known),
        )  # fmt: skip
    return word


def _items(found: Iterable[int | None]) -> list[int]:
    return sorted({each for each in found if each is not None})


def _label(fact_ids: Sequence[int], done: str) -> str:
    n = len(fact_ids)
    return f"Fact {fact_ids[0]} {done}" if n == 1 else f"{n} facts {done}"
