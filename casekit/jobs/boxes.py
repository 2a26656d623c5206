"""Boxes on pages with the words under them, found by the confined worker, and the proof on finished files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from casekit.confine import Worker, WorkerFault
from casekit.dossier.behind import Spot
from casekit.dossier.boxes import (
    Painted,
    located,
    placed,
    refuse_seen,
    told_inside,
    unflat,
)
from casekit.dossier.redact import refuse
from casekit.errors import CaseKitError
from casekit.ingest.ocr import UsualEngine, usual_name
from casekit.ingest.ocr.engine import Engine, label
from casekit.ingest.pages import PageImage
from casekit.ingest.views import PRELOAD, render_page, words_of_page
from casekit.jobs.originals import raw_bytes
from casekit.ops.boxes import Kind, NewBox
from casekit.progress import Progress, Silent
from casekit.queries import items
from casekit.queries.boxes import WHOLE, BoxWord, Rect, touches
from casekit.queries.redactions import WithheldWords
from casekit.queries.spacing import joint
from casekit.store.case import Case

READ_DPI = 300
PROOF_DPI = 200
_AT_ONCE = 256 * 1024 * 1024
_READ = "as a machine reads it"
"""Bytes of a finished PDF that the worker opens once for all pages; a larger one is opened for each."""
_AIR = 0.12
"""How much a box over found words is larger than they are, in shares of their shorter side."""
_GAP = 3
"""Words of a line that are further apart than so many times its height have a box each."""

Find = Callable[[str], list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Sight:
    """The words of a page and where they stand; `source` is `text`, an engine, or empty where nobody knows."""

    words: tuple[BoxWord, ...] = ()
    source: str = ""


@dataclass(slots=True)
class Looking:
    """Looks at pages of a case's items; what was seen of an item is kept until another one is asked for."""

    case: Case
    worker: Worker
    language: str = "eng"
    eyes: UsualEngine = field(default_factory=UsualEngine)
    _item: int = 0
    _data: bytes = b""
    _view: items.ItemView | None = None
    _seen: dict[int, Sight] = field(default_factory=dict)

    def view(self, item_id: int) -> items.ItemView:
        """The item whole."""
        if self._view is None or self._item != item_id:
            with self.case.read() as s:
                self._view = items.view(s, item_id)
            self._item, self._data, self._seen = item_id, b"", {}
        return self._view

    def given(self, item_id: int, data: bytes) -> None:
        """Take an item's bytes that somebody has at hand: the worker is not sent the same ones again."""
        self.view(item_id)
        self._data = data

    def own(self, item_id: int, page: int) -> Sight | None:
        """The words of a PDF's page by its own text; None where it has none.

        Raises:
            CaseKitError: There is no such item, or its bytes are damaged.
        """
        view = self.view(item_id)
        if page in self._seen:
            return self._seen[page] if self._seen[page].source == "text" else None
        self._data = self._data or raw_bytes(self.case, item_id)
        found = self._own(view, page)
        if found is not None:
            self._seen[page] = found
        return found

    def page(self, item_id: int, page: int) -> Sight:
        """The words of a page: its own, or where it has none, what an installed engine reads.

        Raises:
            CaseKitError: There is no such item, or its bytes are damaged.
        """
        own = self.own(item_id, page)
        if own is None and page not in self._seen:
            self._seen[page] = self._read(self.view(item_id), page)
        return self._seen[page]

    def _own(self, view: items.ItemView, page: int) -> Sight | None:
        if view.row.media_type != "application/pdf":
            return None
        try:
            found = words_of_page(self.worker, self._data, page)
        except CaseKitError:
            return None
        if not found.words or not (found.width > 0 and found.height > 0):
            return None
        return Sight(
            located(_shares(found.words, found.width, found.height), view.text(f"page/{page}")),
            "text",
        )

    def _read(self, view: items.ItemView, page: int) -> Sight:
        """What an engine reads; nothing where there is none, or the page cannot be drawn."""
        dpi = READ_DPI if view.row.media_type == "application/pdf" else 0
        try:
            engine = self.eyes.get()
            image = render_page(
                self.worker, self._data, view.row.media_type, page, float(dpi or 96)
            )
            words = engine.read(image.png, self.language, dpi).words
        except (CaseKitError, WorkerFault):
            return Sight()
        spots = _shares(words, image.width, image.height)
        return Sight(tuple(map(placed, spots)), label(engine))


@contextmanager
def looking(case: Case, language: str = "eng") -> Iterator[Looking]:
    """Looks with a worker of its own, which ends with the block."""
    with Worker(preload=PRELOAD) as worker, closing(UsualEngine()) as eyes:
        yield Looking(case, worker, language, eyes)


def box_at(look: Looking, item_id: int, page: int, rect: Rect, kind: Kind = "hide") -> NewBox:
    """A rectangle of a page with the words that it may withhold."""
    sight = look.page(item_id, page)
    words = sight.words if kind == "keep" else tuple(w for w in sight.words if touches(rect, w))
    return NewBox(item_id, page, rect, kind, words, sight.source)


def boxes_over(
    look: Looking,
    item_ids: Sequence[int],
    finders: Iterable[Find],
    progress: Progress | None = None,
) -> list[NewBox]:
    """Boxes over all words of some items' pages that are looked for, a box a line.

    Args:
        look: Looks at the pages.
        item_ids: PDFs and pictures; others are passed over.
        finders: Each gives the places of what it looks for in a text.
        progress: Told the pages.
    """
    progress = progress or Silent()
    finders = list(finders)
    found: dict[tuple[int, int, Rect], NewBox] = {}
    for item_id in item_ids:
        view = look.view(item_id)
        if not (view.row.kind == "image" or view.row.media_type == "application/pdf"):
            continue
        pages = view.row.pages or 1
        for page in range(1, pages + 1):
            progress.step(page - 1, pages, f"looking at page {page:,} of item {item_id}")
            for rect in _found(look.page(item_id, page).words, finders):
                found.setdefault((item_id, page, rect), box_at(look, item_id, page, rect))
    return list(found.values())


def _found(words: Sequence[BoxWord], finders: Iterable[Find]) -> Iterator[Rect]:
    """Rectangles over the words that are looked for; a word of which a part is found is covered whole."""
    text, places = "", []
    for word in words:
        text += joint(text, word.text) if text else ""
        places.append((len(text), len(text) + len(word.text)))
        text += word.text
    for finder in finders:
        for start, stop in finder(text):
            line: list[BoxWord] = []
            for word, (a, b) in zip(words, places, strict=True):
                if a < stop and b > start:
                    if line and not _in_line(line[-1], word):
                        yield _round(line)
                        line = []
                    line.append(word)
            if line:
                yield _round(line)


def _in_line(one: BoxWord, other: BoxWord) -> bool:
    """Whether a word goes on with the line of the one before it, whichever way the line runs."""
    down, across = (other.top + other.bottom) // 2, (other.left + other.right) // 2
    if one.top < down < one.bottom:
        gap = max(other.left - one.right, one.left - other.right)
        return gap < _GAP * (one.bottom - one.top)
    upright = all(word.bottom - word.top > word.right - word.left for word in (one, other))
    if upright and one.left < across < one.right:
        gap = max(other.top - one.bottom, one.top - other.bottom)
        return gap < _GAP * (one.right - one.left)
    return False


def _round(line: Sequence[BoxWord]) -> Rect:
    top, bottom = min(w.top for w in line), max(w.bottom for w in line)
    left, right = min(w.left for w in line), max(w.right for w in line)
    air = round(_AIR * min(bottom - top, right - left))
    return Rect(
        max(0, left - air), max(0, top - air), min(WHOLE, right + air), min(WHOLE, bottom + air)
    )


def _shares(words: Iterable[object], wide: float, high: float) -> list[Spot]:
    return [
        Spot(w.text, w.left / wide, w.top / high, w.right / wide, w.bottom / high)  # type: ignore[attr-defined]
        for w in words
    ]


def prove(
    worker: Worker, made: Path, painted: Sequence[Painted], withheld: WithheldWords,
    progress: Progress, *, engine: Engine | None = None,
) -> None:  # fmt: skip
    """Draw every page of a finished PDF that has boxes, and refuse it if one does not hide what it should.

    Each painted area must be of its one colour but for the words set on it, and no word may stand in it, seen
    or unseen.

    Args:
        worker: Draws, as it would a file of the other side.
        made: The PDF.
        painted: From the renderer.
        withheld: The words of every redaction.
        progress: Told the pages.
        engine: Reads the pages too, and none of these words may be among what it reads.

    Raises:
        CaseKitError: A box does not hide, withheld words were read, or the engine could not read a page.
    """
    pages: dict[int, list[Painted]] = {}
    for one in painted:
        pages.setdefault(one.page, []).append(one)
    wrong: list[str] = []
    told: list[tuple[str, str]] = []
    with made.open("rb") as opened:
        at_once = made.stat().st_size <= _AT_ONCE
        file = opened.read() if at_once else opened.fileno()
        for done, (no, some) in enumerate(pages.items()):
            progress.step(done, len(pages), f"proving the boxes of page {no:,}")
            image: PageImage = render_page(worker, file, "application/pdf", no, PROOF_DPI)
            wrong += unflat(image.png, some)
            words = words_of_page(worker, file, no)
            wrong += told_inside(_shares(words.words, words.width, words.height), some)
            if engine is not None:
                where = f"page {no:,}, {_READ}"
                text = _read_again(engine, image.png, no)
                told += ((where, name) for _, _, name in withheld.places(text))
    refuse_seen(wrong)
    refuse(told)


def _read_again(engine: Engine, png: bytes, no: int) -> str:
    """What an engine reads of a finished page, which is not passed unread."""
    try:
        return engine.read(png, "eng", PROOF_DPI).text
    except WorkerFault as error:
        raise CaseKitError(
            "Page {page} of what was made could not be read for withheld words ({why}), so nothing was "
            "written: do the same again.",
            page=no,
            why=str(error),
        ) from error


def can_read_pixels() -> bool:
    """Whether an engine that reads pixels is installed and can be held in."""
    return bool(usual_name())
