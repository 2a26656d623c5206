"""A list for a word processor or a spreadsheet: the rows that the dossier prints, under the same caption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from casekit.dossier.sections import trial
from casekit.dossier.sections.caption import withheld_lines
from casekit.dossier.sections.common import instant
from casekit.dossier.sections.withheld import table
from casekit.dossier.sheet import Block, Column, Cover, DossierPlan, Grid, Remark
from casekit.dossier.spec import DossierSpec, Section
from casekit.dossier.spelling import is_part_of_emoji, needs_spelling, spelt
from casekit.dossier.wording import Wording
from casekit.queries.privilege_log import LogEntry

Kind = Literal[
    "index", "claims", "facts", "chronology", "trial", "privilege", "redactions", "issued"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
SECTIONS: dict[Kind, tuple[Section, ...]] = {
    "index": ("exhibits", "findings"),
    "claims": ("claims", "exhibits", "findings"),
    "facts": ("facts", "exhibits", "findings"),
    "chronology": ("chronology", "exhibits"),
    "trial": ("exhibits",),
    "privilege": ("privilege",),
    "redactions": ("redactions", "exhibits"),
    "issued": ("issued",),
}
"""What a dossier holds whose rows a list takes."""

_ON_ITS_SIDE = frozenset({"privilege", "trial", "claims", "issued"})
_ALONE = frozenset({"privilege", "issued"})


@dataclass(frozen=True, slots=True)
class Companion:
    """A list with its head.

    Attributes:
        cover: The caption.
        head: Short caption, number, designation.
        before: What stands over the table, a paragraph each; `after` under it.
        state: On which custody entry it rests, with the date.
        at_us: The time of that entry.
        page: `Page {page} of {total}` in the words of the court.
        landscape: It is wide.
    """

    kind: Kind
    title: str
    cover: Cover
    head: tuple[str, str, str]
    before: tuple[str, ...]
    grid: Grid
    after: tuple[str, ...]
    state: str
    at_us: int
    page: str
    cut: str
    paper: Literal["letter", "a4"]
    language: str
    landscape: bool

    def texts(self) -> list[str]:
        """All that it says."""
        cover = [self.cover.court, self.cover.versus, self.cover.number, self.cover.judge]
        sides = [
            text for side in (self.cover.above, self.cover.below) for each in side for text in each
        ]
        columns = [column.title for column in self.grid.columns]
        cells = [cell for row in self.grid.rows for cell in row]
        return [
            self.title,
            *self.head,
            *cover,
            *sides,
            *self.before,
            *columns,
            *cells,
            *self.after,
            self.state,
        ]


def spec_of(kind: Kind, given: DossierSpec) -> DossierSpec:
    """A dossier that has the rows of a list and no more; which exhibits are in is as given.

    A privilege log and the register need no exhibit.
    """
    exhibits, findings = (given.exhibits, given.findings) if kind not in _ALONE else ((), ())
    return DossierSpec(
        title=given.title, sections=SECTIONS[kind], exhibits=exhibits, findings=findings,
        facts=given.facts, gaps=given.gaps, events=given.events,
        paper=given.paper, designation=given.designation, offered_by=given.offered_by, pairs=given.pairs,
        privilege_format=given.privilege_format, recipients=given.recipients,
    )  # fmt: skip


def companion(
    kind: Kind, plan: DossierPlan, words: Wording, entries: Sequence[LogEntry] = (),
    form: Literal["document", "category", "metadata"] = "document", of: trial.Written | None = None,
    register: Grid | None = None,
) -> Companion:  # fmt: skip
    """A list from a planned dossier.

    Args:
        kind: Which list.
        plan: Of a dossier with the sections in `SECTIONS`.
        words: The court's wording.
        entries: Of a privilege log, what it logs.
        form: Of a privilege log, its format.
        of: Of a trial exhibit list, what is written of each exhibit.
        register: Of the register of issued versions, its table.
    """
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    if kind == "index":
        grid, after = _index(plan, words), tuple(withheld_lines(plan.withheld, words))
    elif kind == "trial":
        grid = trial.table(plan.exhibits, of or {}, words)
    elif kind == "privilege":
        before = (words(f"withheld_log.intro_{form}"),)
        grid = table(entries, form, words)
    elif kind == "issued":
        before, after = (words("issued.intro_list"),), (words("issued.note"),)
        grid = register or Grid((), ())
    else:
        made = plan.redactions if kind == "redactions" else plan.further[kind]
        made = _without_drafts(made, words)
        before, grid, after = _parted(_joined(made, words) if kind == "claims" else made)
    return Companion(
        kind, words(f"companion.{kind}"), plan.cover, plan.head, before, grid, after,
        words("companion.state", seq=f"{plan.custody_seq:,}", date=instant(plan.at_us, 1_000_000),
              version=plan.version),
        plan.at_us, words("companion.page"), words("companion.cut"), plan.paper, plan.language,
        kind in _ON_ITS_SIDE or len(grid.columns) > 7,
    )  # fmt: skip


def visible(text: str) -> str:
    """A text as paper shows it: what nobody could see, or would turn the line round, by its code point."""
    if text.isascii() and text.isprintable():
        return text
    made: list[str] = []
    before = " "
    for character in text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    "):
        hidden = needs_spelling(character) and not is_part_of_emoji(before, character)
        made.append(spelt(character) if hidden else character)
        before = character
    return "".join(made)


def _index(plan: DossierPlan, words: Wording) -> Grid:
    columns = (
        Column(words("contents.label"), 8), Column(words("contents.what"), 40),
        Column(words("contents.date"), 13), Column(words("companion.source"), 16),
        Column(words("contents.bates"), 16), Column(words("companion.tier"), 18),
    )  # fmt: skip
    rows = tuple(
        (
            one.label, f"{one.title}\n{one.summary}".strip(), one.date, one.custodian,
            one.bates.replace(" – ", " –\n"), one.designation or plan.cover.designation,
        )
        for one in (*plan.exhibits, *plan.findings)
    )  # fmt: skip
    return Grid(columns, rows)


def _without_drafts(made: Sequence[Block], words: Wording) -> tuple[Block, ...]:
    """A section without what a draft of the dossier says to its makers alone: a list goes to others."""
    heads = {words("facts_table.left_out_head"), words("facts_table.elsewhere_head")}
    return tuple(each for each in made if not (isinstance(each, Remark) and each.heading in heads))


def _joined(made: Sequence[Block], words: Wording) -> tuple[Block, ...]:
    """The tables of a section, a claim each, as one table that names the claim in every row."""
    grids = [each for each in made if isinstance(each, Grid)]
    if not grids:
        return tuple(made)
    columns = (Column(words("companion.part"), 16), *grids[0].columns)
    rows = tuple((each.heading, *row) for each in grids for row in each.rows)
    at = made.index(grids[0])
    others = [each for each in made[at:] if not isinstance(each, Grid)]
    return (*made[:at], Grid(columns, rows), *others)


def _parted(made: Sequence[Block]) -> tuple[tuple[str, ...], Grid, tuple[str, ...]]:
    """The table of a section, what stands over it and what under it."""
    at = next((n for n, each in enumerate(made) if isinstance(each, Grid)), len(made))
    grid = made[at] if at < len(made) else None
    before = tuple(each.text for each in made[:at] if isinstance(each, Remark))
    after = tuple(each.text for each in made[at + 1 :] if isinstance(each, Remark))
    return before, grid if isinstance(grid, Grid) else Grid((), ()), after
