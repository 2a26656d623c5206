"""What counsel states: the facts in order of time, and each claim with the facts that go to its elements.

Facts are counsel's words on evidence, so they leave only by choice and only with it: one that nobody has
evaluated or that cites nothing stays, and one that cites what is withheld is nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from casekit.dossier.desk import Desk
from casekit.dossier.hidden import roots_of, withheld_families
from casekit.dossier.sections.common import bates_text
from casekit.dossier.sheet import Block, Chapter, Column, Grid, Remark
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import Wording
from casekit.errors import CaseKitError
from casekit.queries import claims
from casekit.queries import facts as fact_queries
from casekit.queries.claims import ClaimRow, MatrixRow
from casekit.queries.facts import SUPPORTS, CiteRow, FactRow
from casekit.queries.moments import When
from casekit.store.tables import bates

SECTIONS = frozenset({"claims", "facts"})
_LONGEST_QUOTE = 120


@dataclass(frozen=True, slots=True)
class Stated:
    """The facts that may be printed, in order of time.

    Attributes:
        rows: Numbered from 1 in this order.
        kept_back: How many cite what is withheld as privileged.
        open: How many nobody has evaluated, or cite nothing that supports them.
        quotable: The items of which a passage may be quoted: those that are printed whole.
        numbers: Bates numbers of the items cited, of those that were handed over before.
    """

    rows: tuple[FactRow, ...] = ()
    kept_back: int = 0
    open: int = 0
    quotable: frozenset[int] = frozenset()
    numbers: Mapping[int, str] = field(default_factory=dict)


def stated(desk: Desk, hidden: Iterable[int]) -> Stated:
    """The facts for the sections of a dossier; none where no section asks for them. What they cite is told.

    Args:
        desk: The dossier's, with what is produced.
        hidden: Items with redactions or pseudonyms, which are not quoted.

    Raises:
        CaseKitError: The spec names a fact that the case does not have.
    """
    chosen, known = _chosen(desk.s, desk.spec)
    held = desk.kept_back([i for row in known for i in _items(row)])
    rows = tuple(row for row in known if held.isdisjoint(_items(row)))
    quotable = frozenset(desk.produced) - frozenset(hidden)
    cited = {i for row in rows for i in _items(row)}
    desk.told.update(cited)
    numbers = _numbers(desk.s) if cited else {}
    return Stated(
        rows, len(known) - len(rows), len(chosen) - len(known), quotable,
        {i: numbers[i] for i in cited if i in numbers},
    )  # fmt: skip


def _numbers(s: Connection) -> dict[int, str]:
    return {r.item_id: bates_text(r.prefix, r.first, r.last) for r in s.execute(select(bates))}


def rests_on(s: Connection, spec: DossierSpec) -> set[int]:
    """The items on which the facts rest that a dossier of this spec may print."""
    _, known = _chosen(s, spec)
    ids = sorted({i for row in known for i in _items(row)})
    held = withheld_families(s) if ids else {}
    roots = roots_of(s, ids)
    return {i for i in ids if roots[i] not in held}


def _chosen(s: Connection, spec: DossierSpec) -> tuple[list[FactRow], list[FactRow]]:
    """The facts that a spec asks for, and those of them that may be printed if nothing is withheld."""
    if SECTIONS.isdisjoint(spec.sections):
        return [], []
    every = fact_queries.facts(s, quotes=True)
    wanted = None if spec.facts is None else set(spec.facts)
    for missing in sorted((wanted or set()) - {row.id for row in every}):
        raise CaseKitError("There is no fact {id} in this case.", id=missing)
    chosen = [row for row in every if wanted is None or row.id in wanted]
    evaluated = [row for row in chosen if wanted is not None or not row.is_unevaluated]
    return chosen, [row for row in evaluated if row.is_supported]


def chronology(
    facts: Stated, chapters: Sequence[Chapter], labels: Mapping[int, str], words: Wording, *, draft: bool
) -> tuple[Block, ...]:  # fmt: skip
    """A row a fact: when, what, on what it rests, how it stands.

    Args:
        facts: See `stated`.
        chapters: What the dossier holds, to link to.
        labels: Of the exhibit in which an item is printed, by item.
        words: The court's wording.
        draft: Say what was left out, and why.
    """
    dests = {each.label: each.dest for each in chapters}
    columns = (
        Column(words("facts_table.no"), 5), Column(words("facts_table.when"), 17),
        Column(words("facts_table.what"), 38), Column(words("facts_table.rests"), 26),
        Column(words("facts_table.standing"), 14),
    )  # fmt: skip
    rows, links = [], []
    for number, row in enumerate(facts.rows, 1):
        cited = [_cited(each, facts, labels, dests, words) for each in row.cites]
        rows.append(
            (str(number), _when(row.when, words), row.text, "\n".join(cited), _standing(row, words))
        )
        links.append(_first_dest(row, labels, dests))
    made: list[Block] = [Remark(words("facts_table.intro"))]
    made.append(
        Grid(columns, tuple(rows), links=tuple(links))
        if rows
        else Remark(words("facts_table.none"))
    )
    return (
        *made,
        *_left_out(facts, words, draft=draft),
        *_elsewhere(facts, labels, words, draft=draft),
    )


def claims_map(
    desk: Desk, facts: Stated, labels: Mapping[int, str], *, draft: bool
) -> tuple[Block, ...]:
    """A table a claim: its elements, with the facts for and against each by number.

    An element that rests on nothing is printed only where the spec asks for gaps.
    """
    words, spec = desk.words, desk.spec
    numbers = {row.id: number for number, row in enumerate(facts.rows, 1)}
    found: list[Block] = []
    for claim, below in claims.matrix(desk.s, facts.rows):
        grid = _claim(claim, below, numbers, labels, spec, words)
        if grid.rows:
            found.append(grid)
    if not found:
        return (Remark(words("claims_map.none")), *_left_out(facts, words, draft=draft))
    intro = Remark(words("claims_map.intro_gaps" if spec.gaps else "claims_map.intro"))
    return (intro, *found, *_left_out(facts, words, draft=draft))


def _claim(
    claim: ClaimRow, below: Sequence[MatrixRow], numbers: Mapping[int, int], labels: Mapping[int, str],
    spec: DossierSpec, words: Wording,
) -> Grid:  # fmt: skip
    columns = (
        Column(words("claims_map.element"), 28), Column(words("claims_map.supporting"), 36),
        Column(words("claims_map.against"), 22), Column(words("claims_map.exhibits"), 14),
    )  # fmt: skip
    rows = []
    for each in below:
        if not (spec.gaps or each.supporting or each.against):
            continue
        told = dict.fromkeys(
            labels[i]
            for row in (*each.supporting, *each.against)
            for i in _items(row)
            if i in labels
        )
        rows.append(
            (
                each.element.name,
                _facts(each.supporting, numbers) or words("claims_map.gap"),
                _facts(each.against, numbers) or "–",
                ", ".join(told) or "–",
            )
        )
    return Grid(columns, tuple(rows), claim.name)


def _facts(rows: Sequence[FactRow], numbers: Mapping[int, int]) -> str:
    return "\n".join(f"{numbers[row.id]}. {row.text}" for row in rows)


def _left_out(facts: Stated, words: Wording, *, draft: bool) -> tuple[Block, ...]:
    """What a draft says to its makers of facts that are not in; what is issued does not tell of them."""
    if not draft or not (facts.open or facts.kept_back):
        return ()
    text = words("facts_table.left_out", open=facts.open, kept_back=facts.kept_back)
    return (Remark(text, words("facts_table.left_out_head"), small=True),)


def _elsewhere(
    facts: Stated, labels: Mapping[int, str], words: Wording, *, draft: bool
) -> tuple[Block, ...]:  # fmt: skip
    """What a draft says to its makers of evidence to which a reader of the facts could not turn."""
    missing = sorted({i for row in facts.rows for i in _items(row)} - labels.keys())
    if not draft or not missing:
        return ()
    text = words("facts_table.elsewhere", items=", ".join(map(str, missing)))
    return (Remark(text, words("facts_table.elsewhere_head"), small=True),)


def _items(row: FactRow) -> list[int]:
    return [each.item.id for each in row.cites if each.item is not None]


def _first_dest(row: FactRow, labels: Mapping[int, str], dests: Mapping[str, str]) -> str:
    return next((dests[labels[i]] for i in _items(row) if labels.get(i) in dests), "")


def _cited(
    cite: CiteRow, facts: Stated, labels: Mapping[int, str], dests: Mapping[str, str], words: Wording
) -> str:  # fmt: skip
    """Where it stands: the exhibit, its page, and the words cited if they still are what they were."""
    if cite.finding_id is not None:
        label = f"F-{cite.finding_id}"
        text = label if label in dests else words("facts_table.finding_outside")
    elif cite.item is not None and cite.item.id in labels:
        text = _page(words("facts_table.exhibit", label=labels[cite.item.id]), cite, words)
        if cite.quote and cite.intact and cite.item.id in facts.quotable:
            text = words("facts_table.quote", place=text, words=_short(cite.quote))
    elif cite.item is not None and cite.item.id in facts.numbers:
        told = words("facts_table.handed_over", numbers=facts.numbers[cite.item.id])
        text = _page(told, cite, words)
    else:
        text = words("facts_table.outside")
    return text if cite.stance == SUPPORTS else words("facts_table.contradicts", place=text)


def _page(place: str, cite: CiteRow, words: Wording) -> str:
    return words("facts_table.page", exhibit=place, n=cite.page) if cite.page else place


def _short(quote: str) -> str:
    line = " ".join(quote.split())
    return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE].rsplit(' ', 1)[0]} …"


def _when(when: When, words: Wording) -> str:
    if when.kind == "none":
        return words("facts_table.undated")
    zone = f" {when.zone}" if len(when.first) > len("2026-01-14") or when.zone != "UTC" else ""
    return words(f"facts_table.{when.kind}", first=when.first, last=when.last) + zone


def _standing(row: FactRow, words: Wording) -> str:
    text = words(f"facts_table.status.{row.status}")
    return f"{text}: {row.disputed_by}" if row.disputed_by else text
