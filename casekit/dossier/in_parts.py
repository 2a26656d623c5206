"""A dossier that is longer than a court takes in one file, written as several that are each below the limit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casekit.dossier.assemble import About, Drawn, Entry, assemble
from casekit.dossier.attached import with_room
from casekit.dossier.draw import Drawing
from casekit.dossier.filling import Filling
from casekit.dossier.flow import PAPERS, Page
from casekit.dossier.glyphs import Glyphs
from casekit.dossier.layout import Layout, lay_contents
from casekit.dossier.limits import MEGABYTE
from casekit.dossier.part_sheet import goes_on, lay_sheet, outline_of
from casekit.dossier.parting import Span, Stretch, cut, stretches, weigh
from casekit.dossier.pdfa import Native
from casekit.dossier.sheet import DossierPlan
from casekit.dossier.wording import Wording
from casekit.errors import CaseKitError
from casekit.progress import Progress

_AROUND = 120_000  # bytes guessed for what a part has besides its pages: sheet, fonts of the sheet, colours
_SPARE = 4_000
_TRIES = 40


@dataclass(frozen=True, slots=True)
class PartFile:
    """One part, finished.

    Attributes:
        span: Which of how many, and the pages of the whole that it holds.
        places: Page of the file (from 1) by destination.
        sheet: How many pages its sheet has, which stands behind the first `before` pages.
        natives: Names of the files attached to it.
    """

    span: Span
    path: Path
    places: Mapping[str, int]
    before: int = 0
    sheet: int = 0
    natives: tuple[str, ...] = ()

    def page(self, no: int) -> int:
        """The page of the file for a page of the whole that it holds; both from 1."""
        own = no - self.span.first + 1
        return own if own <= self.before else own + self.sheet


@dataclass(frozen=True, slots=True)
class Whole:
    """A dossier laid out and drawn, and assembled as one file that is too large.

    Attributes:
        plan: As it was laid out; of one of two copies the one plan of both, with cells.
        folder: Where its parts are written.
        outline: Its lines as they are printed.
        filling: What one of two copies prints in its cells.
        natives: Gives attached files by their names.
    """

    plan: DossierPlan
    layout: Layout
    faces: Mapping[str, Glyphs]
    words: Wording
    about: About
    drawn: Sequence[Drawn]
    made: Path
    folder: Path
    outline: Sequence[Entry]
    filling: Filling | None = None
    natives: Callable[[Collection[str]], Iterable[Native]] = lambda _: ()


def write_parts(wholes: Sequence[Whole], progress: Progress) -> list[list[PartFile]]:
    """Write the parts into each one's folder, each below the plan's limit as it lies on the disk.

    They are cut by what their pages take; where that was too much for one of them, all are cut anew.

    Args:
        wholes: One dossier, or two copies of it whose pages are alike: they are cut at the same pages.
        progress: Told parts.

    Raises:
        CaseKitError: A page is larger than the limit all by itself.
    """
    layout, limit = wholes[0].layout, wholes[0].plan.limit
    front = {"COVER", "READING", "CONTENTS"}
    found = stretches(layout.outline, layout.places, len(layout.pages))
    starts = {stretch.first for stretch in found if stretch.dest not in front}
    weighed = [weigh(whole.made) for whole in wholes]
    room = float(limit - _AROUND)
    for _ in range(_TRIES):
        begins = {label: page for label, (page, _) in layout.chapters.items()}
        carried = with_room(weighed, begins, wholes[0].plan, room)
        for each in weighed:
            each.carried = {
                page: sum(each.natives[n] for n in own) for page, own in carried.items()
            }
        spans = cut(weighed, starts, room)
        made = [_made(whole, spans, carried, progress) for whole in wholes]
        every = [part for parts in made for part in parts]
        over = [(part, size) for part in every if (size := part.path.stat().st_size) > limit]
        if not over:
            return made
        for part, size in over:
            if part.span.first == part.span.last and not part.natives:
                raise _too_large(layout.pages[part.span.first - 1], size, limit)
        room -= max(size for _, size in over) - limit + _SPARE
    raise CaseKitError(
        "The dossier could not be cut into files of {mb} MB: choose a larger limit.",
        mb=f"{limit / MEGABYTE:g}",
    )


def _too_large(page: Page, size: int, limit: int) -> CaseKitError:
    where = f"{page.chapter}, page {page.part}" if page.chapter else "no exhibit"
    return CaseKitError(
        "Page {no} of the dossier ({where}) takes {size} bytes by itself with its fonts, and one file may "
        "have {limit}: choose a lower resolution of other people’s pages, a larger limit, or leave it out.",
        no=page.no, where=where, size=f"{size:,}", limit=f"{limit:,}",
    )  # fmt: skip


def _made(
    whole: Whole, spans: Sequence[Span], carried: Mapping[int, Sequence[str]], progress: Progress
) -> list[PartFile]:
    plan, words, layout, folder = whole.plan, whole.words, whole.layout, whole.folder
    found = stretches(layout.outline, layout.places, len(layout.pages))
    printed = stretches(whole.outline, layout.places, len(layout.pages))
    natives = [
        tuple(n for no in range(span.first, span.last + 1) for n in carried.get(no, ()))
        for span in spans
    ]
    sheets = [lay_sheet(plan, whole.faces, words, span, spans, found, natives) for span in spans]
    drawn_sheets = _draw(whole, [page for sheet in sheets for page in sheet], folder / "sheets.pdf")
    at, count = layout.contents
    index: list[Page] = []
    if count:
        parts = {s.dest: words("parts.short", no=_part_of(s, spans).no) for s in found}
        index = lay_contents(plan, whole.faces, words, at + 1, layout.places, parts)
    drawn_index = _draw(whole, index, folder / "index.pdf")
    pages = [*layout.pages[:at], *index, *layout.pages[at + count :]]
    made, sheet_at = [], 0
    for span, sheet in zip(spans, sheets, strict=True):
        progress.step(span.no - 1, span.of, f"putting part {span.no} together")
        lead = _before_sheet(layout, span)
        drawn = [
            *_of(whole.drawn, span.first - 1, lead),
            Drawn(drawn_sheets, sheet_at, len(sheet)),
            *_with_index(whole.drawn, span.first - 1 + lead, span.last, (at, count), drawn_index),
        ]
        own = [*pages[span.first - 1 : span.first - 1 + lead], *sheet]
        own += pages[span.first - 1 + lead : span.last]
        if span.no > 1:  # what began before goes on here
            height = PAPERS[plan.paper].height - 24
            begin = own[len(sheet)]
            own[len(sheet)] = replace(begin, dests={**begin.dests, goes_on(span): height})
        title = words("parts.title", title=whole.about.title, no=span.no, of=span.of)
        about = replace(whole.about, title=title, sheet=words("parts.label", no=span.no))
        outline = outline_of(whole.outline, span, spans, printed, words)
        path = folder / f"part-{span.no}.pdf"
        held = natives[span.no - 1]
        assemble(drawn, own, outline, about, path, whole.natives(held))
        places = {dest: n for n, page in enumerate(own, 1) for dest in page.dests}
        made.append(PartFile(span, path, places, lead, len(sheet), held))
        sheet_at += len(sheet)
    return made


def _part_of(stretch: Stretch, spans: Sequence[Span]) -> Span:
    return next(span for span in spans if span.first <= stretch.first <= span.last)


def _before_sheet(layout: Layout, span: Span) -> int:
    """How many pages of a part stand before its sheet: the cover, in the first one."""
    places = layout.places
    if span.no > 1 or places.get("COVER") != 1:
        return 0
    others = [no for dest, no in places.items() if dest != "COVER"]
    return min(min(others, default=2) - 1, span.last - 1) or 1


def _draw(whole: Whole, pages: Sequence[Page], target: Path) -> Path:
    """Draw pages that are known only once it is known where the dossier is cut."""
    if pages:
        plan, words = whole.plan, whole.words
        draft = words("draft.head") if plan.draft else ""
        head = plan.head
        if whole.filling is not None:
            left, middle, right = map(whole.filling.text, head)
            head = left, middle, right
        drawing = Drawing(target, PAPERS[plan.paper], whole.faces, head, draft, whole.filling)
        for page in pages:
            drawing.page(page, len(whole.layout.pages), lambda _: "", words("foot.page"))
            page.keep_links()
        drawing.save()
    return target


def _of(drawn: Sequence[Drawn], start: int, count: int) -> Iterator[Drawn]:
    """`count` pages from page `start` (from 0) of what was drawn."""
    begins = 0
    for each in drawn:
        first, last = max(start, begins), min(start + count, begins + each.count)
        if first < last:
            yield Drawn(each.path, each.start + first - begins, last - first)
        begins += each.count


def _with_index(
    drawn: Sequence[Drawn], start: int, stop: int, contents: tuple[int, int], index: Path
) -> Iterator[Drawn]:
    """Pages `start` to `stop` (exclusive, from 0) with the index that says the parts in place of the other."""
    at, count = contents
    first, last = max(start, at), min(stop, at + count)
    if first >= last:
        yield from _of(drawn, start, stop - start)
        return
    yield from _of(drawn, start, first - start)
    yield Drawn(index, first - at, last - first)
    yield from _of(drawn, last, stop - last)
