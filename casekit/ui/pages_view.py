"""Pages of documents as pixels, drawn one at a time in the confined worker, and the exact bytes as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr, tr_count
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.box_paper import WHOLE, BoxEdits, BoxPaper, Tool
from casekit.ui.chrome import tool

if TYPE_CHECKING:
    from casekit.jobs.page_text import PageText
    from casekit.queries.boxes import BoxRow
    from casekit.ui.page_layer import Place
    from casekit.ui.writing import Span

RAW_BYTES = 64 * 1024
WIDEST = 1_800  # pixels of a page: 900 points, of two pixels each on a fine screen
LONGEST_LINE = 1_000  # characters of bytes shown
DPI = 144
_PAGE = re.compile(r"(?:ocr/)?page/([0-9]{1,7})(?:~[0-9]+)?")
NAMES = {0x09: "→\t", 0x0D: "␍", 0x0A: "␊\n", 0x20: " "}


class PagesView(QWidget):
    """One page at a time, as wide as there is room; `on_page` is asked for a page from 1.

    `on_words` is asked to have the words of a page read where it has none of its own; `on_marked` is told which
    passage of which part is marked on the page.
    """

    def __init__(
        self,
        on_page: Callable[[int], None],
        parent: QWidget | None = None,
        edits: BoxEdits | None = None,
        on_words: Callable[[int], None] | None = None,
        on_marked: Callable[[Place | None], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_page, self._on_words, self._on_marked = on_page, on_words, on_marked
        self._spans: Mapping[str, Sequence[Span]] = {}
        self.walked: str | None = None  # the one set of highlights that is walked through
        self._wanted: Place | None = None
        self._reading = False
        self._said = ""
        self._edits = edits
        self._page, self._pages = 1, 1
        self._rows: tuple[BoxRow, ...] = ()
        self._picture = QPixmap()
        self._paper = BoxPaper(edits)
        self._paper.on_held = self._show_tools
        self._paper.layer.on_marked = self._tell_marked
        self._paper.layer.on_wanted = self._want_words
        self._paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._paper.setObjectName("paper")
        self._paper.setMinimumWidth(1)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._paper)
        self._back = tool("chevron-left", tr("Page before"), lambda: self._turn(-1))
        self._on = tool("chevron-right", tr("Next page"), lambda: self._turn(1))
        self._where = Label()
        self._where.setProperty("quiet", True)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 4, 12, 4)
        self._hint = Label()
        self._hint.setProperty("quiet", True)
        for widget in (self._back, self._where, self._on, self._hint):
            bar.addWidget(widget)
        bar.addStretch(1)
        self._tools = self._tool_buttons()
        for button in self._tools.values():
            bar.addWidget(button)
            if edits is None:  # `setVisible(True)` would make a window of what has no parent yet
                button.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(bar)
        outer.addWidget(self._area, 1)
        for button in self._tools.values():
            button.setVisible(edits is not None)  # last: without a parent it is a window of its own

    def _tool_buttons(self) -> dict[str, QToolButton]:
        made = {
            "hide": tool("marker-cancel", tr("Draw a box that no export shows"), lambda: self.take("hide")),
            "keep": tool("select-inverse", tr("Draw what alone exports show of the page"),
                         lambda: self.take("keep")),
            "page": tool("file-cancel-outline", tr("Withhold the whole page, or show it again"), self.whole),
            "lift": tool("eraser", tr("Show the chosen box again"), self._paper.lift),
        }  # fmt: skip
        for name in ("hide", "keep"):
            made[name].setCheckable(True)
        return made

    def take(self, name: Tool) -> None:
        """Take a tool to draw boxes with, or lay it down where it is in the hand already."""
        self._paper.take("" if self._paper.tool == name else name)

    def whole(self) -> None:
        """Withhold the whole page, or show it again."""
        if self._edits is None or not self.drawn:
            return
        found = [r.id for r in self._shown() if _is_whole(r)]
        if found:
            self._edits.lifted(found[0])
        else:
            self._edits.drawn(self._page, (0, 0, WHOLE, WHOLE), "hide")

    @property
    def number(self) -> int:
        """The page that is shown, from 1."""
        return self._page

    def show_boxes(self, rows: Sequence[BoxRow]) -> None:
        """Show the boxes of the item that is open."""
        self._rows = tuple(rows)
        self._paper.show_boxes(self._page, self._shown())

    def _shown(self) -> list[BoxRow]:
        return [row for row in self._rows if row.page == self._page]

    def _show_tools(self) -> None:
        for name in ("hide", "keep"):
            self._tools[name].setChecked(self._paper.tool == name)
        self._tools["lift"].setEnabled(bool(self._paper.held))
        self._where_text()

    def _where_text(self) -> None:
        text = tr("Page {n} of {m}", n=self._page, m=self._pages)
        count = len(self._shown())
        if count:
            text += "  ■ " + tr_count("1 box", "{n} boxes", count)
        hint = ""
        if self._paper.tool:
            hint = tr("Draw a box with the mouse, or press Enter and use the arrows.")
        elif self._paper.held:
            hint = tr("Arrows move it, Shift with arrows resizes it, Delete shows it again.")
        hint = hint or self._said
        self._hint.setText(hint)
        self._where.setText(text)

    # -- words ------------------------------------------------------------------------------------

    def show_words(self, page: int, words: PageText, *, read: bool = False) -> None:
        """Take the words of a page, unless another is shown by now; `read`: a machine was asked for them."""
        if page != self._page:
            return
        self._reading = False
        self._said = "" if words.words or not read else tr("No words were found on this page.")
        self._paper.layer.show(words)
        self._show_spans()
        if (
            not words.words
            and not read
            and any(spans and page_of(part) == page for part, spans in self._spans.items())
        ):
            self._want_words()  # a machine has read it before: its hits have to be found on the pixels
        elif self._wanted is not None:
            self.go_to(self._wanted)
        self._where_text()

    def show_marks(self, spans: Mapping[str, Sequence[Span]]) -> None:
        """Mark passages of the item that is shown, as its text has them marked."""
        self._spans = spans
        self._show_spans()

    def go_to(self, place: Place) -> None:
        """Turn to the page of a passage and mark its words; what is still being read is waited for."""
        page, self._wanted = page_of(place[0]), place
        if page is None or page > self._pages:
            self._wanted = None
        elif page != self._page:
            self._page = page
            self._ask()
        elif self._paper.layer.page is not None and self.drawn:
            self._wanted = None
            rect = self._paper.layer.mark_place(place)
            if rect is not None:
                at = rect.center().toPoint()
                self._area.ensureVisible(at.x(), at.y(), 40, 120)

    def hits(self) -> list[Place]:
        """The marked passages that lie on pages, in order."""
        found = [
            (page, span.start, part, span.stop)
            for part, spans in self._spans.items() if (page := page_of(part)) is not None
            for span in spans if span.first and self.walked in (None, span.owner)
        ]  # fmt: skip
        return [(part, start, stop) for _, start, part, stop in sorted(found)]

    def next_hit(self, step: int) -> int:
        """Go to the next or previous hit from what is marked or the page that is shown; its number from 1."""
        hits = self.hits()
        if not hits:
            return 0
        here = self._wanted or self._paper.layer.place()
        at = (page_of(here[0]) or 0, here[1]) if here is not None else (self._page, -1)
        places = [(page_of(part) or 0, start) for part, start, _ in hits]
        after = [n for n, place in enumerate(places) if place > at]
        before = [n for n, place in enumerate(places) if place < at]
        number = (
            (after[0] if after else 0) if step > 0 else (before[-1] if before else len(hits) - 1)
        )
        self.go_to(hits[number])
        return number + 1

    def _show_spans(self) -> None:
        page = self._paper.layer.page
        self._paper.layer.show_marks(self._spans.get(page.part, ()) if page is not None else ())

    def _tell_marked(self) -> None:
        layer = self._paper.layer
        place = layer.place()
        self._said = ""
        if layer.marked() is not None and place is None:
            self._said = tr(
                "These words can be copied; no text of the case says them to the letter."
            )
        self._where_text()
        if self._on_marked is not None:
            self._on_marked(place)

    def _want_words(self) -> None:
        """Somebody wants to mark where the page has no words of its own: a machine may read some."""
        if self._on_words is None or self._reading or not self.drawn:
            return
        layer = self._paper.layer
        if layer.page is not None and not layer.page.source:
            self._reading = True
            self._said = tr("Reading the words of this page …")
            self._where_text()
            self._on_words(self._page)

    @property
    def drawn(self) -> bool:
        """Whether the page wanted is on screen."""
        return not self._picture.isNull()

    def open(self, pages: int) -> None:
        """Show the first of so many pages."""
        self._pages = max(1, pages)
        self._page = 1
        self._ask()

    def show_picture(self, page: int, picture: QImage) -> None:
        """Show a page that has been drawn, unless another is wanted by now."""
        if page == self._page:
            self._picture = QPixmap.fromImage(picture)
            self._fit()
            if self._wanted is not None:
                self.go_to(self._wanted)

    def say(self, text: str) -> None:
        """Show a sentence in place of the page."""
        self._picture = QPixmap()
        self._paper.setPixmap(QPixmap())
        self._paper.setText(text)
        self._paper.setProperty("quiet", True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page into the new width."""
        super().resizeEvent(event)
        self._fit()

    def _turn(self, step: int) -> None:
        page = min(max(self._page + step, 1), self._pages)
        self._wanted = None
        if page != self._page:
            self._page = page
            self._ask()

    def _ask(self) -> None:
        self._paper.show_boxes(self._page, self._shown())
        self._paper.layer.show(None)
        self._reading, self._said = False, ""
        self._back.setEnabled(self._page > 1)
        self._on.setEnabled(self._page < self._pages)
        self.say(tr("Drawing the page …"))
        self._on_page(self._page)

    def _fit(self) -> None:
        if self._picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = min(self._area.viewport().width() - 48, WIDEST // 2)
        width = min(room, int(self._picture.width() / 1.2))
        shown = self._picture.scaledToWidth(
            max(64, int(width * ratio)), Qt.TransformationMode.SmoothTransformation
        )
        shown.setDevicePixelRatio(ratio)
        self._paper.setText("")
        self._paper.setPixmap(shown)
        self._area.verticalScrollBar().setValue(0)

    def minimumSizeHint(self) -> QSize:
        """May become small."""
        return QSize(200, 80)


def picture_of(png: bytes) -> QImage:
    """A page as drawn, no wider than it can be shown; off the window's thread, as a photograph takes 0.3 s."""
    picture = QImage.fromData(png)
    if picture.width() <= WIDEST:
        return picture
    return picture.scaledToWidth(WIDEST, Qt.TransformationMode.SmoothTransformation)


def page_of(part: str) -> int | None:
    """The page on which the text of a part stands; None where it stands on none."""
    found = _PAGE.fullmatch(part)
    return int(found[1]) if found else None


def _is_whole(row: BoxRow) -> bool:
    sides = (row.left, row.top, row.right, row.bottom)
    return row.kind == "hide" and sides == (0, 0, WHOLE, WHOLE)


class RawView(QPlainTextEdit):
    """The first bytes of an item, every hidden character shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("raw")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFont(fonts.mono())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setTabChangesFocus(True)

    def show_raw(self, raw: Raw) -> None:
        """Show the beginning of the bytes and say how many there are."""
        rest = ""
        if raw.total > RAW_BYTES:
            rest = "\n\n" + tr("[The first {n} of {m} bytes are shown.]", n=RAW_BYTES, m=raw.total)
        self.setPlainText(raw.text + rest)


@dataclass(frozen=True, slots=True)
class Raw:
    """The beginning of an item's bytes as `visible` text, and how many bytes there are."""

    text: str
    total: int

    @classmethod
    def of(cls, untrusted_bytes: bytes) -> Raw:
        """Of all bytes; best off the window's thread."""
        return cls(visible(untrusted_bytes[:RAW_BYTES]), len(untrusted_bytes))


def visible(untrusted_bytes: bytes) -> str:
    """Bytes as text in which nothing is hidden.

    UTF-8 is read where it is valid. Line ends, tabs and every other control, direction or zero-width
    character stand as signs or as their number; bytes that are no UTF-8 stand as `⟨xx⟩`. A line that does
    not end goes on in another: Qt lays out a line as a whole.
    """
    parts = []
    left = LONGEST_LINE
    for char in untrusted_bytes.decode("utf-8", "surrogateescape"):
        code = ord(char)
        if code in NAMES:
            parts.append(NAMES[code])
        elif 0xDC80 <= code <= 0xDCFF:
            parts.append(f"⟨{code - 0xDC00:02x}⟩")
        elif code < 0x20 or code == 0x7F:
            parts.append(chr(0x2400 + code) if code < 0x20 else "␡")
        elif not char.isprintable():
            parts.append(f"⟨U+{code:04X}⟩")
        else:
            parts.append(char)
        left = LONGEST_LINE if code == 0x0A else left - 1
        if not left:
            parts.append("\n")
            left = LONGEST_LINE
    return "".join(parts)
