"""Claims and their elements: made from the wording of a law, then counsel's to change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries.claims import ClaimTemplate, templates
from casekit.store.fact_tables import claim, element, fact_element

_MOST = 400


def add_claim(
    s: Connection, name: str = "", *, kind: str = "", law: str = "neutral", note: str = ""
) -> tuple[int, Changes]:  # fmt: skip
    """Add a claim, from a template with its elements if `kind` is given; returns its number with the changes.

    Args:
        s: A writing session.
        name: What it is called; without one as the template has it.
        kind: A word of `queries.claims.KINDS`, or empty for a claim without elements.
        law: The wording of the template, such as `us-federal`.
        note: What counsel says of it; without one the template's source.

    Raises:
        CaseKitError: There is no such template, or no name.
    """
    template = _template(kind, law) if kind else None
    wanted = _named(name or (template.name if template else ""))
    act = Act(s, "claim.add", f"Claim “{wanted}” added")
    last = s.execute(select(func.max(claim.c.position))).scalar() or 0
    source = note.strip() or (template.source if template else "")
    values = {"name": wanted, "kind": kind, "law": law if kind else "", "note": source or None}
    claim_id = int(act.insert(claim, {**values, "position": last + 1}))
    for position, (title, about) in enumerate(template.elements if template else (), 1):
        row = {"claim_id": claim_id, "name": title, "note": about or None, "position": position}
        act.insert(element, row)
    return claim_id, act.record({"facts"})


def change_claim(
    s: Connection, claim_id: int, *, name: str | None = None, note: str | None = None
) -> Changes:  # fmt: skip
    """Give a claim another name or note.

    Raises:
        CaseKitError: It is not there, or the name is empty.
    """
    row = _known(s, claim_id)
    act = Act(s, "claim.change", f"Claim “{row['name']}” changed")
    act.update(claim, {"id": claim_id}, _words(name, note))
    return act.record({"facts"})


def delete_claim(s: Connection, claim_id: int) -> Changes:
    """Take a claim away with its elements and what links facts to them; the facts stay.

    Raises:
        CaseKitError: It is not there.
    """
    row = _known(s, claim_id)
    act = Act(s, "claim.delete", f"Claim “{row['name']}” taken away")
    for each in (
        s.execute(select(element.c.id).where(element.c.claim_id == claim_id)).scalars().all()
    ):
        _delete_element(act, each)
    act.delete(claim, {"id": claim_id})
    return act.record({"facts"})


def add_element(s: Connection, claim_id: int, name: str, *, note: str = "") -> tuple[int, Changes]:
    """Add an element at the end of a claim; returns its number with the changes.

    Raises:
        CaseKitError: The claim is not there, or the name is empty.
    """
    _known(s, claim_id)
    act = Act(s, "element.add", f"Element “{_named(name)}” added")
    query = select(func.max(element.c.position)).where(element.c.claim_id == claim_id)
    last = s.execute(query).scalar() or 0
    values = {"claim_id": claim_id, "name": _named(name), "note": note.strip() or None}
    element_id = int(act.insert(element, {**values, "position": last + 1}))
    return element_id, act.record({"facts"})


def change_element(
    s: Connection, element_id: int, *, name: str | None = None, note: str | None = None,
    position: int | None = None,
) -> Changes:  # fmt: skip
    """Give an element another name, note or place (from 1) in its claim.

    Raises:
        CaseKitError: It is not there, or the name is empty.
    """
    row = _known_element(s, element_id)
    act = Act(s, "element.change", f"Element “{row['name']}” changed")
    act.update(element, {"id": element_id}, _words(name, note))
    if position is not None:
        query = select(element.c.id).where(element.c.claim_id == row["claim_id"])
        order = list(s.execute(query.order_by(element.c.position, element.c.id)).scalars())
        order.remove(element_id)
        order.insert(min(max(position, 1), len(order) + 1) - 1, element_id)
        for place, each in enumerate(order, 1):
            act.update(element, {"id": each}, {"position": place})
    return act.record({"facts"})


def delete_element(s: Connection, element_id: int) -> Changes:
    """Take an element away with what links facts to it; the facts stay.

    Raises:
        CaseKitError: It is not there.
    """
    row = _known_element(s, element_id)
    act = Act(s, "element.delete", f"Element “{row['name']}” taken away")
    _delete_element(act, element_id)
    return act.record({"facts"})


def _delete_element(act: Act, element_id: int) -> None:
    query = select(fact_element.c.fact_id).where(fact_element.c.element_id == element_id)
    for fact_id in act.s.execute(query).scalars().all():
        act.delete(fact_element, {"fact_id": fact_id, "element_id": element_id})
    act.delete(element, {"id": element_id})


def _template(kind: str, law: str) -> ClaimTemplate:
    for each in templates():
        if (each.kind, each.law) == (kind, law):
            return each
    raise CaseKitError(
        "There is no template “{kind}” in the wording “{law}”: choose one from its list.",
        kind=kind, law=law,
    )  # fmt: skip


def _known(s: Connection, claim_id: int) -> dict[str, Any]:
    row = read_row(s, claim, {"id": claim_id})
    if row is None:
        raise CaseKitError("There is no claim {id} in this case.", id=claim_id)
    return row


def _known_element(s: Connection, element_id: int) -> dict[str, Any]:
    row = read_row(s, element, {"id": element_id})
    if row is None:
        raise CaseKitError("There is no element {id} in this case.", id=element_id)
    return row


def _words(name: str | None, note: str | None) -> dict[str, Any]:
    values: dict[str, Any] = {} if name is None else {"name": _named(name)}
    if note is not None:
        values["note"] = note.strip() or None
    return values


def _named(name: str) -> str:
    wanted = " ".join(name.split())
    if not wanted:
        raise CaseKitError("A claim or element needs a name: say what is claimed or must be shown.")
    if len(wanted) > _MOST:
        raise CaseKitError(
            "A name has at most {most} characters: put the rest in the note.", most=_MOST
        )
    return wanted
