"""Pinpoint cites: on which page and lines of an exhibit a passage stands, `Ex. A-17 at 3:5–9`."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from casekit.dossier.fonts import prepare
from casekit.dossier.glyphs import glyphs
from casekit.dossier.layout import lay_chapter
from casekit.dossier.sheet import Chapter, DossierPlan
from casekit.dossier.spelling import drawn_characters
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.store import canonical


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """A passage's place: pages of the exhibit and numbered lines on them, both from 1."""

    label: str
    page: int
    line: int
    last_page: int
    last_line: int

    def __str__(self) -> str:
        """As lawyers write it."""
        start = f"Ex. {self.label} at {self.page}:{self.line}"
        if (self.page, self.line) == (self.last_page, self.last_line):
            return start
        if self.page == self.last_page:
            return f"{start}–{self.last_line}"
        return f"{start}–{self.last_page}:{self.last_line}"


def pinpoint(
    plan: DossierPlan,
    item_id: int,
    part: str,
    start: int,
    stop: int,
    progress: Progress | None = None,
) -> Pinpoint:
    """Where characters `start` to `stop` (exclusive) of an item's part are printed in this plan.

    Raises:
        CaseKitError: The passage is in no exhibit of the plan, or not printed as numbered lines.
    """
    for chapter in plan.exhibits:
        if any(
            getattr(b, "item_id", 0) == item_id and getattr(b, "part", "") == part
            for b in chapter.blocks
        ):
            return _in_chapter(
                plan, chapter, (item_id, part), start, max(stop, start + 1), progress
            )
    raise CaseKitError(
        "Item {id} has no numbered lines in the dossier: mark it as an exhibit first.", id=item_id
    )


def _in_chapter(
    plan: DossierPlan, chapter: Chapter, source: tuple[int, str], start: int, stop: int,
    progress: Progress | None,
) -> Pinpoint:  # fmt: skip
    drawn = drawn_characters(canonical.encode(msgspec.to_builtins(chapter)).decode())
    faces = glyphs(prepare(drawn, progress or Silent()))
    flow = lay_chapter(chapter, plan.paper, faces, lambda _: "")
    lines = [c for c in flow.cited if (c.item_id, c.part) == source]
    on = [c for c in lines if c.start < stop and c.stop > start] or [
        c for c in lines if c.start <= start
    ][-1:]
    if not on:
        raise CaseKitError("The passage is not printed in Exhibit {label}.", label=chapter.label)
    return Pinpoint(chapter.label, on[0].page, on[0].line, on[-1].page, on[-1].line)
