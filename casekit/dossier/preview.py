"""A draft's pages one at a time: laid out as far as they are asked for, kept from one edit to the next.

The pages are those that `render` would draw. What has not changed since the draft before is not set again.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Mapping
from typing import Any

from casekit.dossier.draw import Drawing
from casekit.dossier.flow import PAPERS, Flow, Page, Picture
from casekit.dossier.fonts import prepare
from casekit.dossier.glyphs import Glyphs, glyphs
from casekit.dossier.layout import blocks_of, lay_chapter, lay_contents, lay_section, root_of
from casekit.dossier.render import Originals, Pictures, characters_of, raw_text
from casekit.dossier.sheet import Chapter, DossierPlan, Raw
from casekit.dossier.wording import wording
from casekit.progress import Progress

SCREEN_DPI = 110  # of other people's pages: more is not seen on a screen
UNKNOWN = "…"
_CHAPTERS = ("exhibits", "findings")


class Sheets:
    """The pages of one draft.

    Args:
        plan: The draft.
        originals: Gives the bytes and pages that the plan names.
        progress: Told each part; may cancel.
        before: The draft before, of which what is the same is taken over; it cannot be used any more.
    """

    def __init__(
        self, plan: DossierPlan, originals: Originals, progress: Progress,
        before: Sheets | None = None,
    ) -> None:  # fmt: skip
        self.plan = plan
        self.pages: list[Page] = []
        self.firsts: dict[str, int] = {}
        self._words = wording(plan.words)
        self._originals = originals
        self._pictures = Pictures(originals, self._words)
        self.raws = self._texts(before, progress)
        self.characters, self.faces = self._faces(before, progress)
        self.kept: dict[str, tuple[Any, Flow]] = (
            before.kept if before is not None and before.faces is self.faces else {}
        )
        self._now: dict[str, tuple[Any, Flow]] = {}
        self._parts: list[tuple[str, Chapter | None]] = [
            (section, chapter) for section in plan.sections for chapter in _parts_of(plan, section)
        ]
        self._laid = 0
        self._contents: tuple[int, int] | None = None

    @property
    def whole(self) -> bool:
        """Whether every page is laid out, so that their number is known."""
        return self._laid == len(self._parts)

    def reach(self, until: int | str, progress: Progress) -> int:
        """Lay out as much as is needed for a page, from 1, or for a section or the label of a chapter.

        Returns its page; of what is not there, the nearest.
        """
        while not self.whole and not self._has(until):
            self._lay_next(progress)
        if isinstance(until, str):
            return self.firsts.get(until, 1)
        return min(max(until, 1), max(1, len(self.pages)))

    def lay_all(self, progress: Progress) -> None:
        """Lay out every page."""
        while not self.whole:
            self._lay_next(progress)

    def section_of(self, page: int) -> str:
        """The section in which a page that is laid out stands."""
        named = [(first, name) for name, first in self.firsts.items() if name in self.plan.sections]
        before = [(first, name) for first, name in named if first <= page]
        return max(before)[1] if before else ""

    def draw(self, page: int) -> bytes:
        """A PDF of one page that is laid out."""
        made = io.BytesIO()
        draft = self._words("draft.head") if self.plan.draft else ""
        drawing = Drawing(made, PAPERS[self.plan.paper], self.faces, self.plan.head, draft)
        total = len(self.pages) if self.whole else UNKNOWN
        drawing.page(self.pages[page - 1], total, self._picture, self._words("foot.page"))
        drawing.save()
        return made.getvalue()

    # -- inside -----------------------------------------------------------------------------------

    def _has(self, until: int | str) -> bool:
        return until in self.firsts if isinstance(until, str) else len(self.pages) >= until

    def _picture(self, picture: Picture) -> bytes | str:
        return self._pictures.fetch(dataclasses.replace(picture, dpi=min(picture.dpi, SCREEN_DPI)))

    def _texts(self, before: Sheets | None, progress: Progress) -> dict[tuple[Any, ...], str]:
        """The records printed as received, those of the draft before without reading them again."""
        known = before.raws if before is not None else {}
        found = {}
        for done, chapter in enumerate(self.plan.exhibits):
            progress.step(done, len(self.plan.exhibits), f"reading {chapter.over}")
            for block in chapter.blocks:
                if isinstance(block, Raw):
                    key = (block.item_id, block.sha256, block.secret)
                    found[key] = (
                        known[key]
                        if key in known
                        else raw_text(block, chapter.label, self._originals)
                    )
        return found

    def _fetch(self, raw: Raw) -> str:
        return self.raws[raw.item_id, raw.sha256, raw.secret]

    def _faces(
        self, before: Sheets | None, progress: Progress
    ) -> tuple[set[str], Mapping[str, Glyphs]]:
        wanted = characters_of(self.plan, self._words, self.raws.values())
        if before is not None and wanted <= before.characters:
            return before.characters, before.faces
        if before is not None:
            wanted |= before.characters
        return wanted, glyphs(prepare(wanted, progress))

    def _lay_next(self, progress: Progress) -> None:
        section, chapter = self._parts[self._laid]
        name = section if chapter is None else chapter.label
        progress.step(self._laid, len(self._parts), f"setting {name}")
        first = len(self.pages) + 1
        self.firsts.setdefault(section, first)
        self.firsts[name] = first
        if section in _CHAPTERS and chapter is None:  # it has none
            pages: list[Page] = []
        elif section == "contents":
            pages = self._index(first)
            self._contents = (len(self.pages), len(pages))
        else:
            pages = self._flow(section, chapter, first).pages
        self.pages += pages
        self._laid += 1
        if self.whole:
            self._finish()

    def _finish(self) -> None:
        """Set the index again, now that all pages are known, and forget what nothing needs any more."""
        self.kept.clear()
        self.kept.update(self._now)
        if self._contents is not None:
            start, length = self._contents
            self.pages[start : start + length] = self._index(start + 1)

    def _flow(self, section: str, chapter: Chapter | None, first: int) -> Flow:
        """A part's pages, taken from the draft before if it is the same, with their numbers."""
        known: dict[str, str] = {}
        if chapter is not None and chapter.kind == "pair":
            say = self._words
            known = {dest: say("pair.at_page", page=n) for dest, n in self._places().items()}
        name = section if chapter is None else f"{section}/{chapter.label}"
        plan = self.plan
        source = (self._content(section) if chapter is None else chapter, plan.paper, plan.words,
                  plan.profile == "accessible", known)  # fmt: skip
        found = self._now.get(name) or self.kept.get(name)
        if found is not None and found[0] == source:
            flow = found[1]
            for number, page in enumerate(flow.pages, first):
                page.no = number
        elif chapter is None:
            flow = self._set(section, first)
        else:
            flow = lay_chapter(
                chapter, plan.paper, self.faces, self._fetch, first, known, root_of(plan),
                self._words("figure.alt"),
            )  # fmt: skip
        self._now[name] = self.kept[name] = (source, flow)
        return flow

    def _content(self, section: str) -> Any:
        if section in {"cover", "reading"}:
            return getattr(self.plan, section)
        return blocks_of(self.plan, section)

    def _set(self, section: str, first: int) -> Flow:
        flow = Flow(PAPERS[self.plan.paper], self.faces, first, tag=root_of(self.plan))
        lay_section(section, self.plan, flow, self._words, self._fetch)
        return flow

    def _index(self, first: int) -> list[Page]:
        return lay_contents(self.plan, self.faces, self._words, first, self._places())

    def _places(self) -> dict[str, int]:
        return {dest: page.no for page in self.pages for dest in page.dests}


def _parts_of(plan: DossierPlan, section: str) -> tuple[Chapter | None, ...]:
    chapters = {"exhibits": plan.exhibits, "findings": plan.findings}.get(section, ())
    return chapters or (None,)
