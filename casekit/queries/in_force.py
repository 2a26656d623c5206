"""Documents in force by date: which version of terms, policy or contract was published, and who knew of it.

That a version was published says nothing of notice or acceptance: the evidence of those stands apart, or is
missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from casekit.queries.passages import part_text, quote_hash
from casekit.store.fact_tables import terms_assent, terms_clause, terms_document, terms_version

KINDS = ("terms", "policy", "contract", "other")
NOTICE, ACCEPTANCE = "notice", "acceptance"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a version: its label and the passage of the version's item.

    Attributes:
        quote: Its words, where they were asked for and can be read.
        intact: Whether they are what was marked; None: they were not asked for, or are not there.
    """

    id: int
    label: str
    part: str
    start: int
    stop: int
    quote: str = ""
    intact: bool | None = None


@dataclass(frozen=True, slots=True)
class Assent:
    """Evidence that a version was made known to an account (`notice`) or accepted by it (`acceptance`).

    Attributes:
        account: Whose; empty: of all.
        dated: As written, read in `zone`; `from_us` is its first instant.
    """

    id: int
    kind: str
    account: str
    item_id: int
    dated: str
    zone: str
    from_us: int
    note: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document.

    Attributes:
        item_id: Its text.
        published: As written, read in `zone`; so is `withdrawn`, empty where the next version ends it.
        from_us: Its first instant; `until_us` is the first at which it is no longer published, None: open.
    """

    id: int
    label: str
    item_id: int
    published: str
    withdrawn: str
    zone: str
    from_us: int
    until_us: int | None
    clauses: tuple[Clause, ...]
    assents: tuple[Assent, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its versions, the first published first."""

    id: int
    name: str
    kind: str
    party: str
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class InForce:
    """What was published of a document at a time.

    Attributes:
        version: None: none was.
        notices: Evidence that the account knew of that version by then; `acceptances` that it accepted it.
    """

    document: Document
    version: Version | None
    notices: tuple[Assent, ...]
    acceptances: tuple[Assent, ...]


def documents(s: Connection, *, quotes: bool = False) -> list[Document]:
    """All documents in order of name; a version without an end of its own ends when the next one begins.

    Args:
        s: Reading session.
        quotes: Read the words of the clauses too.
    """
    clauses: dict[int, list[Clause]] = {}
    of_version = terms_clause.c.version_id == terms_version.c.id
    marked = select(terms_clause, terms_version.c.item_id).join(terms_version, of_version)
    for r in s.execute(marked.order_by(terms_clause.c.id)).all():
        text = part_text(s, r.item_id, r.part) if quotes else None
        quote = "" if text is None else text[r.start : r.stop]
        intact = None if text is None else quote_hash(quote) == r.quote_sha256
        clauses.setdefault(r.version_id, []).append(
            Clause(r.id, r.label, r.part, r.start, r.stop, quote, intact)
        )
    assents: dict[int, list[Assent]] = {}
    for r in s.execute(select(terms_assent).order_by(terms_assent.c.from_us, terms_assent.c.id)):
        one = Assent(r.id, r.kind, r.account, r.item_id, r.dated, r.zone, r.from_us, r.note or "")
        assents.setdefault(r.version_id, []).append(one)
    below: dict[int, list[Version]] = {}
    order = (terms_version.c.document_id, terms_version.c.from_us.desc(), terms_version.c.id.desc())
    for r in s.execute(select(terms_version).order_by(*order)):
        later = below.setdefault(r.document_id, [])
        ends = [
            each for each in (r.until_us, later[0].from_us if later else None) if each is not None
        ]
        made = Version(
            r.id, r.label, r.item_id, r.published, r.withdrawn, r.zone, r.from_us, min(ends, default=None),
            tuple(clauses.get(r.id, ())), tuple(assents.get(r.id, ())),
        )  # fmt: skip
        later.insert(0, made)
    return [
        Document(r.id, r.name, r.kind, r.party or "", tuple(below.get(r.id, ())))
        for r in s.execute(select(terms_document).order_by(terms_document.c.name))
    ]


@dataclass(frozen=True, slots=True)
class Stood:
    """What was published of a document over a stretch of time: each version once, None where none was."""

    document: Document
    found: tuple[InForce, ...]


def stood(s: Connection, first_us: int, last_us: int, account: str = "") -> list[Stood]:
    """Of every document all that was published from a first to a last instant, for a time that is in doubt.

    The evidence of a version is what there is by the last instant at which it was published: of a record
    whose time is in doubt, it may be later than the record.

    Args:
        s: Reading session.
        first_us: Microseconds since 1970 UTC; `last_us` is not before it.
        last_us: See there.
        account: As `in_force` takes it.
    """
    known = documents(s)
    ends = {
        end - 1 for one in known for each in one.versions
        for end in (each.from_us, each.until_us) if end is not None and first_us < end <= last_us
    }  # fmt: skip
    per: list[dict[int, InForce]] = [{} for _ in known]
    for at_us in sorted({first_us, *ends, last_us}):
        for found, each in zip(per, _published(known, at_us, account), strict=True):
            found[each.version.id if each.version else 0] = each
    return [Stood(one, tuple(found.values())) for one, found in zip(known, per, strict=True)]


def in_force(s: Connection, at_us: int, account: str = "") -> list[InForce]:
    """Of every document the version published at an instant, and what shows notice or acceptance of it.

    Args:
        s: Reading session.
        at_us: Microseconds since 1970 UTC.
        account: Whose notice and acceptance is asked for; empty: what concerns everybody.
    """
    return _published(documents(s), at_us, account)


def _published(entered: list[Document], at_us: int, account: str) -> list[InForce]:
    found = []
    for each in entered:
        version = next(
            (
                one for one in each.versions
                if one.from_us <= at_us and (one.until_us is None or at_us < one.until_us)
            ),
            None,
        )  # fmt: skip
        known = [
            one for one in (version.assents if version else ())
            if one.from_us <= at_us and one.account in ("", account)
        ]  # fmt: skip
        kinds = {
            kind: tuple(one for one in known if one.kind == kind) for kind in (NOTICE, ACCEPTANCE)
        }
        found.append(InForce(each, version, kinds[NOTICE], kinds[ACCEPTANCE]))
    return found
