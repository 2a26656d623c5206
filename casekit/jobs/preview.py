"""The live preview of a dossier that is being edited: planned, laid out and drawn as an export would be.

It keeps the draft before, so that an edit costs little. But for `warm` it belongs to one thread.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from casekit.confine import Worker
from casekit.dossier.gaps import Gap, look, with_issue
from casekit.dossier.preview import Sheets
from casekit.dossier.spec import DossierSpec
from casekit.dossier.spelling import drawn_characters
from casekit.ingest import views
from casekit.jobs.dossier import CaseOriginals
from casekit.progress import Progress, Silent
from casekit.store.case import Case


@dataclass(frozen=True, slots=True)
class Seen:
    """One page of the draft.

    Attributes:
        page: Its number, from 1.
        total: Pages laid out so far; all of them if it is `whole`.
        section: The section in which it stands.
        png: The page in pixels; empty where there is no draft, which the gaps explain.
        firsts: First page by section, and by the label of an exhibit or finding, as far as they are known.
        chapters: Of the findings in the draft, label and title.
        gaps: What the spec lacks.
    """

    page: int
    total: int
    whole: bool
    section: str
    png: bytes
    firsts: Mapping[str, int] = field(default_factory=dict)
    chapters: tuple[tuple[str, str], ...] = ()
    gaps: tuple[Gap, ...] = ()


def warm_up() -> None:
    """Load what the first page of a first preview waits for: its modules, fonts, and the model of languages.

    It takes about a second of a core, once a process; a window does it after a case is opened, in the lane
    in which previews are drawn.
    """
    from casekit.dossier.fonts import prepare
    from casekit.dossier.glyphs import glyphs
    from casekit.search.tongues import tongue_of

    glyphs(prepare(drawn_characters(string.printable + "’“”–—·•…"), Silent()))
    tongue_of("lorem ipsum dolor sit amet, consectetur adipiscing elit")


class Preview:
    """The pages of the dossier that is being edited.

    Use it as a context manager, or call `close`.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self._worker = Worker(preload=views.PRELOAD)
        self._originals = CaseOriginals(case, self._worker)
        self._sheets: Sheets | None = None
        self._refused = False
        self._spec: DossierSpec | None = None
        self._gaps: tuple[Gap, ...] = ()
        self._starting = Lock()

    def __enter__(self) -> Preview:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self) -> None:
        """Start the confined worker: on another thread, while the first draft is being planned."""
        with self._starting:
            _ = self._worker.level

    def show(
        self, spec: DossierSpec, at: int | str, dpi: float, progress: Progress | None = None
    ) -> Seen:
        """Plan a changed spec and draw the page asked for.

        Args:
            spec: As it is being edited; it may have gaps.
            at: Page from 1, or a section, or the label of an exhibit or finding.
            dpi: Dots an inch.
            progress: Told each step; may cancel, and then the draft before is kept.
        """
        progress = progress or Silent()
        with self._case.read() as s:
            plan, self._gaps = look(s, spec, progress)
            if plan is not None:
                self.warm()
                self._sheets = Sheets(plan, self._originals, progress, self._sheets)
        self._refused, self._spec = plan is None, spec
        return self.page(at, dpi, progress)

    def page(self, at: int | str, dpi: float, progress: Progress | None = None) -> Seen:
        """Draw another page of the same draft."""
        sheets = self._sheets
        if sheets is None or self._refused:  # the pages before are not those of this spec
            return Seen(0, 0, False, "", b"", gaps=self._gaps)
        number = sheets.reach(at, progress or Silent())
        if not sheets.pages:
            return Seen(0, 0, sheets.whole, "", b"", gaps=self._gaps)
        pdf = sheets.draw(number)
        self.warm()
        image = views.render_page(self._worker, pdf, "application/pdf", 1, dpi)
        return Seen(
            number, len(sheets.pages), sheets.whole, sheets.section_of(number), image.png,
            dict(sheets.firsts), tuple((c.label, c.title) for c in sheets.plan.findings), self._gaps,
        )  # fmt: skip

    def finish(self, progress: Progress | None = None) -> None:
        """Lay out the pages that nobody has asked for yet, and see whether the dossier could be issued."""
        progress = progress or Silent()
        if self._sheets is not None:
            self._sheets.lay_all(progress)
        if self._spec is not None and not self._refused:
            with self._case.read() as s:
                self._gaps = with_issue(s, self._spec, self._gaps, progress)

    def close(self) -> None:
        """End the worker."""
        with self._starting:
            self._worker.close()
