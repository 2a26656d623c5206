"""The viewer: one item, by tabs as text, pages, details, raw bytes and beside similar items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr, tr_count
from casekit.ui import fonts, laying
from casekit.ui.basics import Label
from casekit.ui.chrome import Elided, choice, rule, tool
from casekit.ui.clearing import UNDECIDED, review_words
from casekit.ui.facet_panel import HIDDEN_WORDS
from casekit.ui.highlighting import Legend
from casekit.ui.marking import Marks, together
from casekit.ui.pages_view import PagesView, RawView, page_of
from casekit.ui.reading import ReadingPage
from casekit.ui.writing import LONGEST_PASSAGE, LONGEST_WHOLE, in_a_row, shown

if TYPE_CHECKING:
    from casekit.queries.items import ItemView
    from casekit.ui.box_paper import BoxEdits
    from casekit.ui.laying import Spans
    from casekit.ui.surroundings import Around, Surroundings

TABS = ("read", "pages", "details", "raw", "similar")
TAB_WORDS = {
    "read": "Read",
    "pages": "Pages",
    "details": "Details",
    "raw": "Raw",
    "similar": "Similar",
}


Place = tuple[str, int, int]
Kept = tuple[int, Place | None]


@dataclass(frozen=True, slots=True)
class Wants:
    """What the viewer asks the window for."""

    item: Callable[[int], None]
    page: Callable[[int], None]
    raw: Callable[[], None]
    similar: Callable[[], None]
    marked: Callable[[tuple[str, int, int] | None], None]
    highlights: Callable[[], None]
    note: Callable[[int], None]
    annotation: Callable[[int], None]
    boxes: BoxEdits | None = None
    around: Around | None = None
    words: Callable[[int], None] | None = None


class Viewer(QWidget):
    """The lower centre pane."""

    def __init__(self, wants: Wants, similar: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._wants = wants
        self._view: ItemView | None = None
        self._spans: Spans = {}
        self._laid: int | None = None
        self._around: tuple[ItemView, Surroundings] | None = None
        self._asking = False
        self.marks = Marks()
        self.tab = "read"
        self._title = Elided()
        self._title.setFont(fonts.sans(17, fonts.SEMIBOLD))
        self._meta = Elided()
        self._meta.setProperty("quiet", True)
        self._meta.setFont(fonts.sans(12))
        self._state = Label()
        self._state.setFont(fonts.sans(12, fonts.SEMIBOLD))
        self._hits = Label()
        self._hits.setProperty("quiet", True)
        self._hits.setFont(fonts.sans(12))
        self.page = ReadingPage(self._link, wants.marked, wants.note)
        self.page.setAccessibleName(tr("Text of the item"))
        self.pages = PagesView(
            wants.page, edits=wants.boxes, on_words=wants.words, on_marked=wants.marked
        )
        self.details = ReadingPage(self._link)
        self.details.setAccessibleName(tr("Details of the item"))
        self.details.measure = 1400
        self.raw = RawView()
        self.raw.setAccessibleName(tr("Bytes of the item"))
        self.legend = Legend(self._walk, lambda _on: self.show_marks(self.marks), wants.highlights)
        self.similar = similar
        self.stack = QStackedWidget()
        for widget in (self.page, self.pages, self.details, self.raw, similar):
            self.stack.addWidget(widget)
        self._empty = Label()
        self._empty.setProperty("quiet", True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._build()
        self.show_item(None, {})

    def _build(self) -> None:
        self._tabs = {
            name: choice(tr(TAB_WORDS[name]), "tab", partial(self.open_tab, name)) for name in TABS
        }
        self._back = tool("chevron-up", tr("Hit before"), lambda: self.next_hit(-1))
        self._on = tool("chevron-down", tr("Next hit"), lambda: self.next_hit(1))
        row = QHBoxLayout()
        row.setContentsMargins(16, 2, 12, 0)
        row.setSpacing(0)
        for button in self._tabs.values():
            row.addWidget(button)
        row.addStretch(1)
        self.hidden = QToolButton()
        self.hidden.setCheckable(True)
        self.hidden.setProperty("mode", True)
        self.hidden.setFont(fonts.sans(12, fonts.MEDIUM))
        self.hidden.setChecked(True)
        self.hidden.toggled.connect(self._reveal)
        for widget in (self.hidden, self._hits, self._back, self._on):
            row.addWidget(widget)
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        head.setContentsMargins(0, 10, 0, 0)
        head.setSpacing(2)
        for label in (self._title, self._meta):
            line = QHBoxLayout()
            line.setContentsMargins(16, 0, 16, 0)
            line.addWidget(label, 1)
            if label is self._meta:
                line.addWidget(self._state)
            head.addLayout(line)
        head.addLayout(row)
        head.addWidget(rule())
        head.addWidget(self.legend)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head)
        outer.addWidget(self.stack, 1)
        outer.addWidget(self._empty, 1)

    def show_item(
        self, view: ItemView | None, spans: Spans, why: str = "", marks: Marks | None = None
    ) -> None:
        """Show an item, in the tab that was open if the item has it; without one `why` there is none."""
        self._empty.setText(why or tr("Choose an item in the list to read it here."))
        fresh = view is None or self._view is None or view.row.id != self._view.row.id
        self._view, self._spans = view, spans
        self._take(marks or Marks())
        self._head.setVisible(view is not None)
        self.stack.setVisible(view is not None)
        self._empty.setVisible(view is None)
        if view is None:
            return
        self._show_head(view)
        self.pages.show_boxes(view.boxes)
        drawable = view.row.pages is not None or view.row.media_type.startswith("image/")
        self._tabs["pages"].setVisible(drawable)
        tab = self.tab
        if fresh:
            self.page.forget_whole()
            if (tab == "pages" and not drawable) or tab == "similar":
                tab = "read"
            if drawable and not (view.texts or view.read) and tab == "read":
                tab = "pages"
        elif tab in ("pages", "raw", "similar"):
            self._mark_pages()
            return
        self.open_tab(tab)

    def show_spans(self, spans: Spans) -> None:
        """Mark other passages on the item that is shown."""
        self._spans = spans
        if self._view is not None and self.tab == "read":
            self.open_tab("read")
        elif self.tab == "pages":
            self._mark_pages()

    def show_marks(self, marks: Marks) -> None:
        """Mark other highlights on the item that is shown; the place in the text is kept."""
        self._take(marks)
        if self._view is not None and self.tab == "read":
            self.open_tab("read")
        elif self.tab == "pages":
            self._mark_pages()

    def _take(self, marks: Marks) -> None:
        self.marks = marks
        self.page.walk(None)
        self.pages.walked = None
        self.legend.show_marks(marks)

    def _walk(self, owner: str | None) -> None:
        """Walk through one set of highlights alone, or through all marks."""
        self.page.walk(owner)
        self.pages.walked = owner
        self._say_hits()
        if owner is not None:
            self.next_hit(1)

    def open_tab(self, name: str) -> None:
        """Open one of `TABS` and have it filled."""
        view = self._view
        if view is None:
            return
        kept = self._place() if self.tab == name == "read" else None
        self.tab = name
        self._tabs[name].setChecked(True)
        self.stack.setCurrentIndex(TABS.index(name))
        if name == "read":
            spans = self._marked_spans()
            self.page.margin.notes = self.marks.notes
            for part, text in view.texts:
                behind = any(span.stop > LONGEST_PASSAGE for span in spans.get(part, ()))
                if behind and len(text) <= LONGEST_WHOLE:
                    self.page.show_whole(part)
            laying.lay_item(self.page, view, spans, self.marks.annotations)
            self._go_on(kept)
        elif name == "details":
            self._lay_details(view)
        elif name == "pages":
            self._mark_pages()
            self.pages.open(view.row.pages or 1)
        elif name == "raw":
            self._wants.raw()
        else:
            self._wants.similar()
        self.legend.setVisible(name == "read" and bool(self.marks.sets))
        self.legend.redress()
        self._say_hits()
        if name == "read" and self.page.writing:
            self.page.afterwards(self._say_hits)

    def _lay_details(self, view: ItemView) -> None:
        """Lay out what is known at once, and again when it was read what surrounds a record in time."""
        known = self._around
        mine = known is not None and known[0].row.id == view.row.id
        laying.lay_details(self.details, view, known[1] if known and mine else None)
        if not view.exchange or self._asking or self._wants.around is None:
            return
        if known is not None and known[0] is view:
            return
        self._asking = True

        def arrived(found: Surroundings) -> None:
            self._asking = False
            self._around = (view, found)
            if self._view is not None and self.tab == "details":
                bar = self.details.verticalScrollBar()
                at = bar.value()
                self._lay_details(self._view)
                self.details.afterwards(lambda: bar.setValue(at))

        self._wants.around.read(view, arrived)

    def _marked_spans(self) -> Spans:
        """What is marked in the item: hits, annotations, and sets of highlights where they are shown."""
        marks = self.marks.spans if self.legend.on else {}
        return together(self._spans, self.marks.annotated, marks)

    def _mark_pages(self) -> None:
        """Draw the same marks over the pixels."""
        self.pages.show_marks(self._marked_spans())
        self._say_hits()

    def _say_hits(self) -> None:
        self._say_hidden()
        hits = self._number_of_hits()
        said = tr_count("1 hit", "{n} hits", hits) if hits else ""
        if self.tab == "read" and self.page.hit:
            said = tr("{n} of {m} hits", n=self.page.hit, m=hits)
        self._hits.setText(said)
        self._back.setVisible(hits > 0)
        self._on.setVisible(hits > 0)

    def _reveal(self, on: bool) -> None:
        """Show unseen characters by their code points, or the text as it would be read without them."""
        self.page.reveal = on
        if self._view is not None and self.tab == "read":
            self.open_tab("read")

    def _say_hidden(self) -> None:
        """How many characters of the text nobody would see, of which kinds, and whether they are shown."""
        unseen = self.page.unseen if self.tab == "read" else {}
        number = sum(unseen.values())
        self.hidden.setVisible(number > 0)
        kinds = ", ".join(f"{tr(HIDDEN_WORDS[k])}: {n:,}" for k, n in sorted(unseen.items()))
        text = tr_count("1 hidden", "{n} hidden", number)
        self.hidden.setText("⟨ ⟩ " + text)
        state = (
            tr("Shown by their code points.")
            if self.page.reveal
            else tr("Left out of the text shown.")
        )
        self.hidden.setToolTip(f"{kinds}. {state}")
        self.hidden.setAccessibleName(f"{text}: {kinds}. {state}")

    def _number_of_hits(self) -> int:
        if self.tab == "pages":
            return len(self.pages.hits())
        return self.page.hits if self.tab == "read" else 0

    def go_to(self, place: Place) -> None:
        """Select a passage of the item that is shown: on its page where pages are shown, else in the text."""
        if self.tab == "pages" and page_of(place[0]) is not None:
            self.pages.go_to(place)
            return
        if self.tab != "read":
            self.open_tab("read")
        if not self.page.go_to(*place):
            self.page.afterwards(lambda: self._find(place))

    def _find(self, place: Place) -> None:
        """Select a passage of a page that is written, and has perhaps to be written to the part's end."""
        if not self.page.go_to(*place):
            self.page.show_whole(place[0])
            self.open_tab("read")
            self.page.afterwards(lambda: self.page.go_to(*place))

    def _place(self) -> Kept | None:
        """Where the reader is, if the page shows what it showed."""
        if self._view is None or self._laid != self._view.row.id:
            return None
        return self.page.verticalScrollBar().value(), self.page.marked()

    def _go_on(self, kept: Kept | None) -> None:
        """Go back to where the reader was before the page was laid anew."""
        self._laid = self._view.row.id if self._view is not None else None
        if kept is None:
            return
        at, marked = kept

        def back() -> None:
            if marked is not None:
                self.page.go_to(*marked)
            self.page.verticalScrollBar().setValue(at)
            self.page.setUpdatesEnabled(True)

        self.page.setUpdatesEnabled(not self.page.writing)  # else it is seen to jump
        self.page.afterwards(back)

    def next_hit(self, step: int) -> None:
        """Go to the next or previous marked passage."""
        on_pages = self.tab == "pages"
        if not on_pages and not self.page.knows_hit(step):
            self.page.afterwards(lambda: self.next_hit(step))
            return
        number = self.pages.next_hit(step) if on_pages else self.page.go_to_hit(step)
        if number:
            self._hits.setText(tr("{n} of {m} hits", n=number, m=self._number_of_hits()))

    def _show_head(self, view: ItemView) -> None:
        row = view.row
        title = shown(row.title or row.name or tr("(no title)"))
        self._title.setText(title)
        self._meta.setText(in_a_row(laying.meta_parts(view)))
        states = []
        if row.privileged:
            states.append("◆ " + tr("withheld as privileged"))
        elif review_words(row):
            states.append(("◇ " if row.review == UNDECIDED else "✓ ") + review_words(row))
        if row.problems:
            states.append("▲ " + tr_count("1 problem", "{n} problems", row.problems))
        self._state.setText("   ".join(states))
        self._state.setProperty("privileged", row.privileged)
        self._state.setProperty("warn", bool(row.problems) and not row.privileged)
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)

    def _link(self, href: str) -> None:
        kind, _, value = href.partition(":")
        if kind == "item" and value.isdecimal():
            self._wants.item(int(value))
        elif kind == "annotation" and value.isdecimal():
            self._wants.annotation(int(value))
        elif kind == "annotate" and value.isdecimal():
            self._wants.note(int(value))
        elif kind in ("passage", "touched"):
            around = self._wants.around
            item_id, start, stop, part = value.split(":", 3)
            if around is not None:
                want = around.passage if kind == "passage" else around.touched
                want(int(item_id), (part, int(start), int(stop)))
        elif kind == "whole":
            self.page.show_whole(value)
            self.open_tab("read")
