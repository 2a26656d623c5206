"""The whole dossier on pages, before anything is drawn: page numbers, destinations and numbered lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casekit.dossier.assemble import Entry
from casekit.dossier.blocks import Fetch, set_block
from casekit.dossier.flow import PAPERS, Flow, Page
from casekit.dossier.front import (
    set_chapter_head,
    set_contents,
    set_cover,
    set_reading,
    set_section,
)
from casekit.dossier.glyphs import Glyphs
from casekit.dossier.sections.caption import withheld_lines
from casekit.dossier.sheet import Block, Chapter, DossierPlan
from casekit.dossier.tags import Tag
from casekit.dossier.wording import Wording
from casekit.progress import Progress


@dataclass(slots=True)
class Layout:
    """All pages in order, the outline, and where each chapter begins and how long it is.

    `contents` is where the pages of the index begin (0 is the first page), and how many they are.
    """

    pages: list[Page] = field(default_factory=list)
    outline: list[Entry] = field(default_factory=list)
    chapters: dict[str, tuple[int, int]] = field(default_factory=dict)
    contents: tuple[int, int] = (0, 0)

    @property
    def places(self) -> dict[str, int]:
        """Page by destination."""
        return {dest: page.no for page in self.pages for dest in page.dests}


def lay_out(
    plan: DossierPlan, faces: Mapping[str, Glyphs], words: Wording, fetch: Fetch, progress: Progress,
    *, packed: bool = False,
) -> Layout:  # fmt: skip
    """Set every section of a plan on pages.

    Chapters are packed if the caller unpacks each page before it is drawn.

    The index is set twice: once to learn its length, and again when all pages are known; its rows are
    as high with one number as with another.
    """
    layout = Layout()
    contents_at = -1
    for section in plan.sections:
        first = len(layout.pages) + 1
        if section == "contents":
            contents_at = len(layout.pages)
        if section in {"exhibits", "findings"}:
            _lay_chapters(plan, section, faces, words, fetch, layout, progress, packed)
            continue
        if section == "contents":
            layout.pages += lay_contents(plan, faces, words, first, layout.places)
        else:
            flow = Flow(PAPERS[plan.paper], faces, first, tag=root_of(plan))
            lay_section(section, plan, flow, words, fetch)
            layout.pages += flow.pages
        layout.outline += _outline(section, words)
    if contents_at >= 0:
        pages = lay_contents(plan, faces, words, contents_at + 1, layout.places)
        layout.contents = contents_at, len(pages)
        layout.pages[contents_at : contents_at + len(pages)] = pages
    return layout


def lay_contents(
    plan: DossierPlan, faces: Mapping[str, Glyphs], words: Wording, first: int,
    places: Mapping[str, int], parts: Mapping[str, str] | None = None,
) -> list[Page]:  # fmt: skip
    """The pages of the index from page `first`, as many whatever the numbers are.

    `parts` says by destination in which part of the dossier it is, if there are several.
    """
    flow = Flow(PAPERS[plan.paper], faces, first, tag=root_of(plan))
    others = [
        (name.upper(), words(f"section.{name}"))
        for name in plan.sections
        if name in {"reading", "redactions", "custody", "hashes", "imports", *plan.further}
    ]
    withheld = withheld_lines(plan.withheld, words)
    set_contents(flow, _listed(plan), others, places, words, withheld, parts or {})
    return flow.pages


def lay_chapter(
    chapter: Chapter, paper: str, faces: Mapping[str, Glyphs], fetch: Fetch, first: int = 1,
    known: Mapping[str, str] | None = None, tag: Tag | None = None, figure: str = "",
) -> Flow:  # fmt: skip
    """Set one exhibit or finding on pages of its own; tagged under `tag`, if it is given."""
    flow = Flow(
        PAPERS[paper], faces, first, chapter=chapter.over, bates=chapter.bates,
        designation=chapter.designation, known=known or {}, tag=tag, figure=figure,
        mark=chapter.mark,
    )  # fmt: skip
    set_chapter_head(flow, chapter)
    for block in chapter.blocks:
        set_block(flow, block, fetch)
    for page in flow.pages:
        page.parts = len(flow.pages)
    return flow


def _lay_chapters(
    plan: DossierPlan, section: str, faces: Mapping[str, Glyphs], words: Wording, fetch: Fetch,
    layout: Layout, progress: Progress, packed: bool,
) -> None:  # fmt: skip
    chapters = plan.exhibits if section == "exhibits" else plan.findings
    known = {d: words("pair.at_page", page=n) for d, n in layout.places.items()}
    under = []
    for done, chapter in enumerate(chapters):
        progress.step(done, len(chapters), f"setting {chapter.over}")
        first = len(layout.pages) + 1
        flow = lay_chapter(
            chapter, plan.paper, faces, fetch, first, known, root_of(plan), words("figure.alt")
        )
        if packed:
            for page in flow.pages:
                page.pack()
        layout.pages += flow.pages
        layout.chapters[chapter.label] = (first, len(flow.pages))
        title = chapter.title if len(chapter.title) <= 90 else chapter.title[:89] + "…"
        under.append(Entry(f"{chapter.label}  {title}", chapter.dest, label=chapter.label))
    if under:
        layout.outline.append(Entry(words(f"section.{section}"), under[0].dest, tuple(under)))


def lay_section(section: str, plan: DossierPlan, flow: Flow, words: Wording, fetch: Fetch) -> None:
    """Set one section other than index, exhibits and findings."""
    match section:
        case "cover":
            set_cover(flow, plan.cover)
            flow.page.dests["COVER"] = flow.paper.height
        case "reading":
            set_reading(flow, plan.reading, words)
        case _:
            set_section(flow, section.upper(), words(f"section.{section}"))
            for block in blocks_of(plan, section):
                set_block(flow, block, fetch)


def blocks_of(plan: DossierPlan, section: str) -> tuple[Block, ...]:
    """What a section holds that is made of blocks."""
    own: dict[str, tuple[Block, ...]] = {
        "custody": plan.custody, "hashes": plan.hashes, "imports": plan.imports,
        "redactions": plan.redactions, **plan.further,
    }  # fmt: skip
    return own[section]


def root_of(plan: DossierPlan) -> Tag | None:
    """The element of a chapter or section, if this profile has any."""
    return Tag("Sect") if plan.profile == "accessible" else None


def _listed(plan: DossierPlan) -> list[Chapter]:
    """The chapters of the sections that are drawn, in their order."""
    found: list[Chapter] = []
    for section in plan.sections:
        if section == "exhibits":
            found += plan.exhibits
        elif section == "findings":
            found += plan.findings
    return found


def _outline(section: str, words: Wording) -> list[Entry]:
    return [Entry(words(f"section.{section}"), section.upper())]
