"""Documents in force: their versions, clauses, and the evidence of notice and acceptance."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes, read_row
from casekit.queries import sequestered
from casekit.queries.in_force import ACCEPTANCE, KINDS, NOTICE
from casekit.queries.moments import stretch
from casekit.queries.passages import part_text, quote_hash
from casekit.store.fact_tables import terms_assent, terms_clause, terms_document, terms_version
from casekit.store.tables import item

TABLES = {
    "document": terms_document, "version": terms_version, "clause": terms_clause, "evidence": terms_assent,
}  # fmt: skip


def add_document(
    s: Connection, name: str, *, kind: str = "terms", party: str = ""
) -> tuple[int, Changes]:
    """Add a document that is or was in force in versions; returns its number with the changes.

    Raises:
        CaseKitError: The name is empty or taken, or the kind is none.
    """
    wanted = _named(s, name, kind)
    act = Act(s, "terms.add", f"Document “{wanted}” added")
    values = {"name": wanted, "kind": kind, "party": party.strip() or None}
    return int(act.insert(terms_document, values)), act.record({"terms"})


def add_version(
    s: Connection, document_id: int, item_id: int, label: str, published: str, *, withdrawn: str = "",
    zone: str = "UTC",
) -> tuple[int, Changes]:  # fmt: skip
    """Say that an item is a version of a document, and when it was published; returns its number.

    Args:
        s: A writing session.
        document_id: The document.
        item_id: The text of the version.
        label: Such as `1 October 2025`.
        published: The first day or instant, as `queries.moments.stretch` reads it.
        withdrawn: The first day or instant at which it was no longer published; empty: until the next one.
        zone: In which both are read.

    Raises:
        CaseKitError: Document or item is not there, or a date is none or before the other.
    """
    _known(s, terms_document, document_id, "document")
    _check_item(s, item_id)
    dated = _dated(label, published, withdrawn, zone)
    act = Act(s, "terms.version", f"Version “{dated['label']}” added to document {document_id}")
    values = {
        "document_id": document_id, "item_id": item_id, **dated, "by": s.info["actor"],
        "at_us": clock.now_us(),
    }  # fmt: skip
    return int(act.insert(terms_version, values)), act.record({"terms"}, [item_id])


def add_clause(
    s: Connection, version_id: int, label: str, part: str, start: int, stop: int
) -> Changes:
    """Say where a clause stands in a version, fixed by the SHA-256 of its passage.

    Raises:
        CaseKitError: The version or the passage is not there, or there is no label.
    """
    row = _known(s, terms_version, version_id, "version")
    _check_item(s, row["item_id"])
    text = part_text(s, row["item_id"], part)
    if text is None or not 0 <= start < stop <= len(text) or not label.strip():
        raise CaseKitError("A clause needs a label and a passage of the version’s text.")
    act = Act(s, "terms.clause", f"Clause {label.strip()} marked in version {version_id}")
    digest = quote_hash(text[start:stop])
    place = {"label": label.strip(), "part": part, "start": start, "stop": stop}
    act.insert(terms_clause, {"version_id": version_id, **place, "quote_sha256": digest})
    return act.record({"terms"}, [row["item_id"]])


def add_assent(
    s: Connection, version_id: int, kind: str, item_id: int, dated: str, *, account: str = "",
    zone: str = "UTC", note: str = "",
) -> Changes:  # fmt: skip
    """Say that an item shows notice of a version, or its acceptance, on a date, by an account or by all.

    Raises:
        CaseKitError: Version or item is not there, or kind or date is none.
    """
    row = _known(s, terms_version, version_id, "version")
    _check_item(s, item_id)
    _check_item(s, row["item_id"])
    if kind not in (NOTICE, ACCEPTANCE):
        raise CaseKitError("An item shows notice or acceptance: say which.")
    from_us, until_us = stretch(dated, zone)
    act = Act(s, "terms.assent", f"Evidence of {kind} added to version {version_id}")
    values = {
        "version_id": version_id, "kind": kind, "account": account.strip(), "item_id": item_id,
        "dated": dated.strip(), "zone": zone, "from_us": from_us, "until_us": until_us,
        "note": note.strip() or None, "by": s.info["actor"], "at_us": clock.now_us(),
    }  # fmt: skip
    act.insert(terms_assent, values)
    return act.record({"terms"}, [item_id])


def change_document(
    s: Connection, document_id: int, *, name: str, kind: str, party: str = ""
) -> Changes:
    """Change name, kind or party of a document.

    Raises:
        CaseKitError: It is not there, the name is empty or taken, or the kind is none.
    """
    _known(s, terms_document, document_id, "document")
    wanted = _named(s, name, kind, document_id)
    act = Act(s, "terms.change", f"Document “{wanted}” changed")
    values = {"name": wanted, "kind": kind, "party": party.strip() or None}
    act.update(terms_document, {"id": document_id}, values)
    return act.record({"terms"})


def change_version(
    s: Connection, version_id: int, *, label: str, published: str, withdrawn: str = "", zone: str = "UTC"
) -> Changes:  # fmt: skip
    """Change label and dates of a version; its item, clauses and evidence stay.

    Raises:
        CaseKitError: It is not there, has no label, or a date is none or before the other.
    """
    row = _known(s, terms_version, version_id, "version")
    _check_item(s, row["item_id"])
    values = _dated(label, published, withdrawn, zone)
    act = Act(s, "terms.change", f"Version “{values['label']}” changed")
    act.update(terms_version, {"id": version_id}, values)
    return act.record({"terms"}, [row["item_id"]])


def take_away(s: Connection, what: str, number: int) -> Changes:
    """Take a document, a version, a clause or a piece of evidence away, with what is below it.

    Args:
        s: A writing session.
        what: `document`, `version`, `clause` or `evidence`.
        number: Its number.

    Raises:
        CaseKitError: It is not there, or is no such thing.
    """
    table = TABLES.get(what)
    if table is None:
        raise CaseKitError("Taken away can be: {kinds}.", kinds=", ".join(TABLES))
    row = _known(s, table, number, what)
    label = str(row.get("name") or row.get("label") or row.get("kind"))
    act = Act(s, "terms.take_away", f"{what.capitalize()} “{label}” taken away")
    versions = [number] if what == "version" else []
    if what == "document":
        below = select(terms_version.c.id).where(terms_version.c.document_id == number)
        versions = [int(each) for each in s.scalars(below)]
    for version_id in versions:
        for part in (terms_clause, terms_assent):
            found = select(part.c.id).where(part.c.version_id == version_id)
            for each in s.scalars(found).all():
                act.delete(part, {"id": int(each)})
        if what == "document":
            act.delete(terms_version, {"id": version_id})
    act.delete(table, {"id": number})
    return act.record({"terms"})


def _named(s: Connection, name: str, kind: str, own: int = 0) -> str:
    wanted = " ".join(name.split())
    if not wanted or kind not in KINDS:
        raise CaseKitError("A document needs a name and a kind: {kinds}.", kinds=", ".join(KINDS))
    taken = select(terms_document.c.id).where(terms_document.c.name == wanted)
    if s.scalar(taken.where(terms_document.c.id != own)) is not None:
        raise CaseKitError(
            "There is already a document “{name}”: add a version to it.", name=wanted
        )
    return wanted


def _dated(label: str, published: str, withdrawn: str, zone: str) -> dict[str, Any]:
    if not label.strip():
        raise CaseKitError("A version needs a label, such as its date.")
    from_us = stretch(published, zone)[0]
    until_us = stretch(withdrawn, zone)[0] if withdrawn.strip() else None
    if until_us is not None and until_us <= from_us:
        raise CaseKitError("A version cannot end before it was published: change one of its dates.")
    return {
        "label": label.strip(), "published": published.strip(), "withdrawn": withdrawn.strip(),
        "zone": zone, "from_us": from_us, "until_us": until_us,
    }  # fmt: skip


def _known(s: Connection, table: Any, number: int, what: str) -> dict[str, Any]:
    row = read_row(s, table, {"id": number})
    if row is None:
        raise CaseKitError("There is no {what} {id} in this case.", what=what, id=number)
    return row


def _check_item(s: Connection, item_id: int) -> None:
    if read_row(s, item, {"id": item_id}) is None:
        raise CaseKitError("There is no item {id} in this case.", id=item_id)
    sequestered.refuse(s, [item_id])
