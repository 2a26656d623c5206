"""Pages as pixels and exact bytes for the viewer and the problems, fetched off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from casekit.errors import CaseKitError
from casekit.sentences import translated
from casekit.ui.pages_view import DPI, PagesView, Raw, RawView, picture_of
from casekit.ui.problems_list import SHOWN_BYTES, ProblemsPane

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from casekit.ingest.ocr import UsualEngine
    from casekit.jobs.boxes import Looking
    from casekit.jobs.page_text import PageText
    from casekit.queries.problems import ProblemRow
    from casekit.store.case import Case
    from casekit.ui.box_paper import Sides
    from casekit.ui.shell import Shell


class Sources:
    """Keeps one confined worker for drawing pages and unpacking; it is started when it is first needed."""

    def __init__(self) -> None:
        self._worker: Any = None
        self._drawn: tuple[object, bytes] = (None, b"")
        self._look: tuple[bytes, Looking] | None = None
        self._eyes: UsualEngine | None = None

    def draw_page(self, shell: Shell, pages: PagesView, page: int) -> None:
        """Draw a page of the item that is shown and hand it to the view."""
        view, case = shell.selection.view, shell.case
        if view is None:
            return
        item_id, media_type = view.row.id, view.row.media_type

        def work(_progress: object) -> QImage:
            from casekit.ingest import views

            data = self._bytes_of(case, item_id)
            png = views.render_page(self._started(), data, media_type, page, DPI).png
            return picture_of(png)

        def drawn(picture: QImage) -> None:
            if shell.selection.current == item_id:
                pages.show_picture(page, picture)
                self.read_words(shell, pages, page)

        def refused(error: CaseKitError) -> None:
            if shell.selection.current == item_id:
                pages.say(translated(error))

        shell.jobs.start("page", work, drawn, refused, lane="page")

    def read_words(self, shell: Shell, pages: PagesView, page: int, *, read: bool = False) -> None:
        """Find the words of a page that is shown and hand them to the view; `read`: by a machine if need be."""
        view, case = shell.selection.view, shell.case
        if view is None:
            return
        item_id = view.row.id

        def work(_progress: object) -> PageText:
            from casekit.jobs import boxes, page_text

            data = self._bytes_of(case, item_id)
            if self._look is None or self._look[0] is not data:
                self._look = (data, boxes.Looking(case, self._started(), eyes=self._sight()))
                self._look[1].given(item_id, data)
            return page_text.page_text(self._look[1], item_id, page, read=read)

        def found(words: PageText) -> None:
            if shell.selection.current == item_id:
                pages.show_words(page, words, read=read)

        shell.jobs.start("words", work, found, shell.window.refuse, lane="page")

    def read_raw(self, shell: Shell, raw: RawView) -> None:
        """Read the first bytes of the item that is shown and hand them to the view."""
        view, case = shell.selection.view, shell.case
        if view is None:
            return
        item_id = view.row.id

        def work(_progress: object) -> Raw:
            from casekit.jobs.originals import raw_bytes

            return Raw.of(raw_bytes(case, item_id))

        def read(found: Raw) -> None:
            if shell.selection.current == item_id:
                raw.show_raw(found)

        def refused(error: CaseKitError) -> None:
            raw.setPlainText("▲ " + translated(error))

        shell.jobs.start("raw", work, read, refused, lane="page")

    def read_problem(self, shell: Shell, pane: ProblemsPane, row: ProblemRow) -> None:
        """Read the bytes at the place of a problem and hand them to the pane."""
        case = shell.case

        def work(_progress: object) -> bytes | None:
            from casekit.jobs.originals import problem_bytes

            return problem_bytes(case, self._started(), row, SHOWN_BYTES)

        def refused(error: CaseKitError) -> None:
            pane.show_bytes(row, None, translated(error))

        shell.jobs.start(
            "bytes", work, lambda data: pane.show_bytes(row, data), refused, lane="page"
        )

    def look_at(
        self,
        shell: Shell,
        item_id: int,
        page: int,
        sides: Sides,
        kind: str,
        done: Callable[[Any], None],
    ) -> None:
        """Find the words under a box of a page, and hand on the box with them."""
        case = shell.case

        def work(_progress: object) -> Any:
            from casekit.jobs import boxes
            from casekit.queries.boxes import Rect

            look = boxes.Looking(case, self._started(), eyes=self._sight())
            return boxes.box_at(
                look, item_id, page, Rect(*sides), "keep" if kind == "keep" else "hide"
            )

        shell.jobs.start("box", work, done, shell.window.refuse, lane="page")

    def close(self) -> None:
        """End the worker, and what reads pixels."""
        self._drawn, self._look = (None, b""), None
        eyes, self._eyes = self._eyes, None
        if eyes is not None:
            eyes.close()
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _bytes_of(self, case: Case, item_id: int) -> bytes:
        """An item's bytes; those drawn last are the same object, which the worker is not sent again."""
        from casekit.jobs.originals import raw_bytes

        if self._drawn[0] != (case.uuid, item_id):
            self._drawn = ((case.uuid, item_id), raw_bytes(case, item_id))
        return self._drawn[1]

    def _sight(self) -> UsualEngine:
        if self._eyes is None:
            from casekit.ingest.ocr import UsualEngine

            self._eyes = UsualEngine()
        return self._eyes

    def _started(self) -> Any:
        if self._worker is None:
            from casekit.confine import Worker
            from casekit.ingest import pieces, views

            self._worker = Worker(preload=(*views.PRELOAD, *pieces.PRELOAD))
        return self._worker
