"""Facts as lists, pages and paper show them: each with its citations, the people in it and its elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from casekit.errors import CaseKitError
from casekit.queries import items, sequestered
from casekit.queries.items import ItemRow
from casekit.queries.moments import When
from casekit.queries.passages import part_text, quote_hash
from casekit.store.fact_tables import claim, element, fact, fact_cite, fact_element, fact_person
from casekit.store.tables import finding

UNSURE = "unsure"
STATUSES = ("undisputed", "disputed-by-them", "disputed-by-us", "prospective", UNSURE)
"""Whether a fact is agreed: the last but one is to be shown yet, of the last nobody has said."""
DISPUTED = frozenset({"disputed-by-them", "disputed-by-us"})
MATERIAL = ("yes", "no", UNSURE)
SUPPORTS, CONTRADICTS = "supports", "contradicts"
STANCES = (SUPPORTS, CONTRADICTS)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class CiteRow:
    """One citation.

    Attributes:
        item: The item cited; None for a finding.
        start: First character of the passage; `stop` is the one after its last.
        quote: The passage as it is now, where it was asked for.
        intact: Whether it is still what was cited; None where it was not asked for or is no passage.
        finding: The finding's title.
    """

    id: int
    fact_id: int
    item: ItemRow | None
    part: str
    start: int | None
    stop: int | None
    page: int | None
    finding_id: int | None
    finding: str
    stance: str
    note: str
    by: str
    at_us: int
    quote: str = ""
    intact: bool | None = None


@dataclass(frozen=True, slots=True)
class FactLink:
    """An element to which a fact goes, with its claim, and whether it speaks for it or against it."""

    element_id: int
    element: str
    claim_id: int
    claim: str
    stance: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact.

    Attributes:
        status: One of `STATUSES`; `disputed_by` says in words who disputes it.
        material: One of `MATERIAL`.
        when: Its date as written.
        from_us: The first instant that it may be; `until_us` the first that it can no longer be; None: open.
        cites: Those that support it first.
    """

    id: int
    text: str
    status: str
    disputed_by: str
    material: str
    when: When
    from_us: int | None
    until_us: int | None
    people: tuple[str, ...]
    cites: tuple[CiteRow, ...]
    links: tuple[FactLink, ...]
    by: str
    at_us: int

    @property
    def is_unevaluated(self) -> bool:
        """Whether nobody has said how it stands, or whether it matters."""
        return UNSURE in (self.status, self.material)

    @property
    def is_supported(self) -> bool:
        """Whether anything supports it."""
        return any(each.stance == SUPPORTS for each in self.cites)

    @property
    def sort_us(self) -> int | None:
        """Where it stands in a chronology; None without a date."""
        return self.until_us if self.from_us is None else self.from_us


def facts(
    s: Connection, fact_ids: Sequence[int] | None = None, *, item_id: int | None = None, quotes: bool = False
) -> list[FactRow]:  # fmt: skip
    """Facts in order of time, those without a date last.

    Args:
        s: Reading session.
        fact_ids: Only these; None: all.
        item_id: Only those that cite this item.
        quotes: Read the passages that are cited, and compare them with what was cited.
    """
    query = select(fact)
    if item_id is not None:
        query = query.where(
            fact.c.id.in_(select(fact_cite.c.fact_id).where(fact_cite.c.item_id == item_id))
        )
    found = list(_of(s, query, fact.c.id, fact_ids))
    ids = [r.id for r in found]
    people, links, cites = _people(s, ids), _links(s, ids), _cites(s, ids, quotes=quotes)
    made = [
        FactRow(
            id=r.id, text=r.text, status=r.status, disputed_by=r.disputed_by or "", material=r.material,
            when=When(r.date_kind, r.date_from, r.date_to, r.zone), from_us=r.from_us, until_us=r.until_us,
            people=tuple(people.get(r.id, ())), cites=tuple(cites.get(r.id, ())),
            links=tuple(links.get(r.id, ())), by=r.by, at_us=r.at_us,
        )
        for r in found
    ]  # fmt: skip
    return sorted(made, key=lambda row: (row.sort_us is None, row.sort_us or 0, row.id))


def get(s: Connection, fact_id: int) -> FactRow:
    """One fact with its passages.

    Raises:
        CaseKitError: There is no such fact.
    """
    found = facts(s, [fact_id], quotes=True)
    if not found:
        raise CaseKitError("There is no fact {id} in this case.", id=fact_id)
    return found[0]


def people(s: Connection) -> list[str]:
    """Everybody who is in a fact, in order."""
    return list(
        s.execute(select(fact_person.c.name).distinct().order_by(fact_person.c.name)).scalars()
    )


def sequestered_facts(s: Connection) -> set[int]:
    """The facts that are hidden because they cite what is sequestered."""
    from casekit.store import hiding

    with hiding.whole(s):
        query = select(fact_cite.c.fact_id, fact_cite.c.item_id)
        found = [(fact_id, item_id) for fact_id, item_id in s.execute(query)]
    held = sequestered.held(s)
    return {fact_id for fact_id, item_id in found if item_id in held}


def _people(s: Connection, fact_ids: Sequence[int]) -> dict[int, list[str]]:
    made: dict[int, list[str]] = {}
    query = select(fact_person).order_by(fact_person.c.name)
    for r in _of(s, query, fact_person.c.fact_id, fact_ids):
        made.setdefault(r.fact_id, []).append(r.name)
    return made


def _links(s: Connection, fact_ids: Sequence[int]) -> dict[int, list[FactLink]]:
    query = (
        select(
            fact_element, element.c.name.label("element"), claim.c.id.label("claim_id"),
            claim.c.name.label("claim"),
        )
        .join(element, element.c.id == fact_element.c.element_id)
        .join(claim, claim.c.id == element.c.claim_id)
        .order_by(claim.c.position, claim.c.id, element.c.position, element.c.id)
    )  # fmt: skip
    made: dict[int, list[FactLink]] = {}
    for r in _of(s, query, fact_element.c.fact_id, fact_ids):
        row = FactLink(r.element_id, r.element, r.claim_id, r.claim, r.stance)
        made.setdefault(r.fact_id, []).append(row)
    return made


def _cites(s: Connection, fact_ids: Sequence[int], *, quotes: bool) -> dict[int, list[CiteRow]]:
    query = (
        select(fact_cite, finding.c.title.label("finding"))
        .outerjoin(finding, finding.c.id == fact_cite.c.finding_id)
        .order_by(fact_cite.c.stance.desc(), fact_cite.c.id)
    )
    found = list(_of(s, query, fact_cite.c.fact_id, fact_ids))
    known = {row.id: row for row in items.rows(s, sorted({r.item_id for r in found if r.item_id}))}
    made: dict[int, list[CiteRow]] = {}
    for r in found:
        quote, intact = _passage(s, r) if quotes else ("", None)
        row = CiteRow(
            id=r.id, fact_id=r.fact_id, item=known.get(r.item_id or 0), part=r.part or "", start=r.start,
            stop=r.stop, page=r.page, finding_id=r.finding_id, finding=r.finding or "", stance=r.stance,
            note=r.note or "", by=r.by, at_us=r.at_us, quote=quote, intact=intact,
        )  # fmt: skip
        made.setdefault(r.fact_id, []).append(row)
    return made


def _passage(s: Connection, row: Any) -> tuple[str, bool | None]:
    """The passage that is cited, and whether it is what was cited."""
    if row.quote_sha256 is None:
        return "", None
    text = (part_text(s, row.item_id, row.part) or "")[row.start : row.stop]
    return text, quote_hash(text) == row.quote_sha256


def _of(
    s: Connection, query: Select[Any], column: Any, fact_ids: Iterable[int] | None
) -> Iterator[Any]:
    """Rows of a query, of some facts alone unless that is None."""
    if fact_ids is None:
        yield from s.execute(query)
        return
    wanted = sorted(set(fact_ids))
    for n in range(0, len(wanted), _CHUNK):
        yield from s.execute(query.where(column.in_(wanted[n : n + _CHUNK])))
