"""A page to read: evidence text laid out as plain characters, with marked passages and exact places.

No markup of the evidence is ever interpreted: text goes in by cursor, so nothing in it can load, run or
hide. Characters that steer the direction or are invisible are shown by name. Every character on the page
knows its part and its place in it, so that a selection can be cited.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTableFormat,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from casekit.i18n import tr
from casekit.queries.unseen import UNSEEN, count, lookalikes
from casekit.ui import fonts, theme
from casekit.ui.margin import Margin, MarginNote, width_for

LONGEST_PASSAGE = 60_000
MEASURE = 760
_UNDER = QTextCharFormat.UnderlineStyle
UNDERLINES = {
    "solid": _UNDER.SingleUnderline,
    "dashed": _UNDER.DashUnderline,
    "dotted": _UNDER.DotLine,
    "wavy": _UNDER.WaveUnderline,
    "dash-dot": _UNDER.DashDotLine,
    "dash-dot-dot": _UNDER.DashDotDotLine,
    "over-and-under": _UNDER.SingleUnderline,
}
BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `stop` of a part, marked; equal numbers belong together.

    Attributes:
        colour: Token of its ground; `pattern`: how it is underlined, a key of `UNDERLINES`.
        owner: Whose mark it is: empty for the search's, else what alone can be walked through.
        label: What stands behind the passage; empty for its number.
        first: Whether the passage begins here, and `last` whether it ends here: others may cover its rest.
    """

    start: int
    stop: int
    number: int
    colour: str = "hit"
    pattern: str = "solid"
    owner: str = ""
    label: str = ""
    first: bool = True
    last: bool = True


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of the page that shows characters of a part: its place on the page in UTF-16 units."""

    at: int
    part: str
    start: int
    text: str

    @property
    def width(self) -> int:
        return utf16(self.text)


def utf16(text: str) -> int:
    """Length in the units that Qt counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class ReadingPage(QTextBrowser):
    """The page; it tells which link was followed, which passage marked, which note of its margin chosen."""

    def __init__(
        self,
        on_link: Callable[[str], None] | None = None,
        on_marked: Callable[[tuple[str, int, int] | None], None] | None = None,
        on_note: Callable[[int], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("reading")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self._runs: list[_Run] = []
        self._hits: list[tuple[int, int, str]] = []
        self._hit = -1
        self._only: str | None = None
        self._whole: set[str] = set()
        self.reveal = True  # whether unseen characters stand by their code points
        self.unseen: Counter[str] = Counter()
        self.withheld: Mapping[str, Sequence[tuple[int, int]]] = {}
        self._on_marked = on_marked
        self._on_link = on_link
        self._on_note = on_note
        self.measure = MEASURE
        self.margin = Margin()
        flags = self.textInteractionFlags() | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.setTextInteractionFlags(flags)
        self.anchorClicked.connect(self._follow)
        self.selectionChanged.connect(self._tell_marked)

    def loadResource(self, _kind: int, _name: QUrl | str) -> None:
        """Nothing is ever loaded: evidence text cannot reach a file or the network."""
        return

    # -- writing ----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start an empty page."""
        self.setUpdatesEnabled(False)
        self._runs, self._hits, self._hit = [], [], -1
        self.unseen = Counter()
        self.setExtraSelections([])
        self.clear()
        frame = self.document().rootFrame()
        shape = QTextFrameFormat()
        shape.setLeftMargin(16)
        shape.setTopMargin(12)
        shape.setBottomMargin(32)
        shape.setRightMargin(max(self._margin_width(), self.viewport().width() - self.measure - 16))
        frame.setFrameFormat(shape)
        self._cursor = self.textCursor()
        self._cursor.beginEditBlock()
        self._fresh, self._begun = True, False

    def end(self) -> None:
        """Show the page from its top."""
        self._cursor.endEditBlock()
        self.setUpdatesEnabled(True)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    def section(self, text: str, quiet: str = "") -> None:
        """A head in small capitals, with a quiet remark beside it."""
        self._block(above=18 if self._begun else 2, below=4)
        self._cursor.insertText(text.upper(), self._form("ink2", fonts.label()))
        if quiet:
            self._cursor.insertText("   " + quiet, self._form("ink2", fonts.sans(12)))

    def line(self, *parts: tuple[str, str], above: int = 0, below: int = 0) -> None:
        """One line of (text, style): `ink`, `quiet`, `bold`, `mono`, `warn`, `hot`, `link:…`."""
        self._block(above=above, below=below, height=150)
        for text, style in parts:
            self._cursor.insertText(shown(text), self._style(style))

    def fields(self, rows: Sequence[tuple[str, str]], *, mono: bool = False) -> None:
        """Names and values in two columns."""
        if not rows:
            return
        self._block()
        shape = QTextTableFormat()
        shape.setBorder(0)
        shape.setCellPadding(2)
        shape.setCellSpacing(0)
        shape.setLeftMargin(-2)
        shape.setBottomMargin(10)
        shape.setColumnWidthConstraints(
            [
                QTextLength(QTextLength.Type.FixedLength, 132),
                QTextLength(QTextLength.Type.VariableLength, 0),
            ]
        )
        table = self._cursor.insertTable(len(rows), 2, shape)
        for number, (name, value) in enumerate(rows):
            table.cellAt(number, 0).firstCursorPosition().insertText(name, self._style("quiet"))
            style = self._style("mono" if mono else "ink")
            table.cellAt(number, 1).firstCursorPosition().insertText(shown(value), style)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._fresh = True

    def passage(
        self,
        part: str,
        text: str,
        spans: Sequence[Span] = (),
        *,
        face: QFont | None = None,
        quotes: Sequence[tuple[int, int, str]] = (),
    ) -> None:
        """Text of a part with marked spans; very long text ends in a link that shows the rest.

        Args:
            part: The part's name, for citing.
            text: All of it.
            spans: Marked passages, in order and apart from each other.
            face: Another face than the reading one.
            quotes: Stretches that somebody else wrote, in order: lines that begin in one are drawn quietly.
        """
        font = face or fonts.sans(14)
        limit = len(text) if part in self._whole else LONGEST_PASSAGE
        self.unseen += count(text if len(text) <= limit else text[:limit])
        plain, quiet = self._form("ink", font), self._form("ink2", font)
        at = quote = 0
        for found in [*BREAK.finditer(text, 0, limit), None]:
            stop = found.start() if found else min(len(text), limit)
            self._block(height=155, below=0)
            while quote < len(quotes) and quotes[quote][1] <= at:
                quote += 1
            quoted = quote < len(quotes) and quotes[quote][0] <= at
            self._stretch(part, text, at, stop, spans, quiet if quoted else plain)
            at = found.end() if found else stop
        if limit < len(text):
            self.line(
                (tr("{n} more characters. ", n=len(text) - limit), "quiet"),
                (tr("Show all"), f"link:whole:{part}"), above=8,
            )  # fmt: skip

    def show_whole(self, part: str) -> None:
        """From the next writing on, a part is shown to its end."""
        self._whole.add(part)

    def forget_whole(self) -> None:
        """Long parts are cut again."""
        self._whole.clear()

    # -- places -----------------------------------------------------------------------------------

    @property
    def hits(self) -> int:
        """How many marked passages the page has, of those that are walked through."""
        return len(self._walked())

    def walk(self, owner: str | None) -> None:
        """From now on only the marks of one owner are walked through, or all."""
        self._only, self._hit = owner, -1

    def _walked(self) -> list[tuple[int, int]]:
        return [(at, end) for at, end, owner in self._hits if self._only in (None, owner)]

    def go_to_hit(self, step: int) -> int:
        """Bring the next (1) or previous (-1) marked passage into sight; returns its number from 1, or 0."""
        hits = self._walked()
        if not hits:
            return 0
        first = 0 if step > 0 else len(hits) - 1
        self._hit = (self._hit + step) % len(hits) if self._hit >= 0 else first
        cursor = self.textCursor()
        at, end = hits[self._hit]
        cursor.setPosition(at)
        self.setTextCursor(cursor)
        self._point_out(at, end)
        self.ensureCursorVisible()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect().top() - self.viewport().height() // 3)
        return self._hit + 1

    def _point_out(self, at: int, end: int) -> None:
        """Show which of the marked passages is meant, without selecting it."""
        pointed = QTextEdit.ExtraSelection()
        cursor = self.textCursor()
        cursor.setPosition(at)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(theme.current().colour("accent"))
        form.setForeground(theme.current().colour("on_accent"))
        pointed.cursor, pointed.format = cursor, form
        self.setExtraSelections([pointed])

    def go_to(self, part: str, start: int, stop: int) -> bool:
        """Select a passage and bring it into sight; whether the page shows it."""
        at, end = self.place_of(part, start), self.place_of(part, stop)
        if at is None or end is None:
            return False
        cursor = self.textCursor()
        cursor.setPosition(at)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect().top() - self.viewport().height() // 3)
        return True

    def place_of(self, part: str, at: int) -> int | None:
        """Where on the page a character of a part stands, in UTF-16 units; None where it is not shown."""
        for run in self._runs:
            if run.part == part and run.start <= at <= run.start + len(run.text):
                return run.at + utf16(run.text[: at - run.start])
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the page, and the notes in its margin."""
        super().paintEvent(event)
        if not self.margin.notes:
            return
        view = self.viewport().rect()
        room = self.document().rootFrame().frameFormat().rightMargin()
        area = QRect(0, 0, self._margin_width() - 8, view.height())
        area.moveLeft(view.width() - int(room) + 12)
        painter = QPainter(self.viewport())
        self.margin.draw(painter, area, self._top_of)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a note in the margin chooses it."""
        note = self.margin.note_at(event.position().toPoint())
        if note is not None and self._on_note is not None:
            self._on_note(note)
        else:
            super().mouseReleaseEvent(event)

    def _margin_width(self) -> int:
        return width_for(self.viewport().width()) + 16 if self.margin.notes else 16

    def _top_of(self, note: MarginNote) -> int | None:
        place = self.place_of(note.part, note.start)
        if place is None:
            return None
        cursor = QTextCursor(self.document())
        cursor.setPosition(place)
        return self.cursorRect(cursor).top()

    def marked(self) -> tuple[str, int, int] | None:
        """Part, first character and the one after the last of the selected text; None without one."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            return None
        low, high = cursor.selectionStart(), cursor.selectionEnd()
        inside = [r for r in self._runs if r.at < high and r.at + r.width > low]
        if not inside:
            return None
        part = inside[0].part
        inside = [r for r in inside if r.part == part]
        return part, _place(inside[0], low), _place(inside[-1], high)

    # -- inside -----------------------------------------------------------------------------------

    def _stretch(
        self, part: str, text: str, start: int, stop: int, spans: Sequence[Span],
        plain: QTextCharFormat,
    ) -> None:  # fmt: skip
        at = start
        for span in spans:
            if span.stop <= at or span.start >= stop:
                continue
            first, last = max(span.start, at), min(span.stop, stop)
            self._characters(part, text, at, first, plain)
            marked, here = self._marked(span, plain.font()), self._cursor.position()
            self._characters(part, text, first, last, marked)
            if span.start >= start and span.first:
                self._hits.append((here, self._cursor.position(), span.owner))
            if span.stop <= stop and span.last:
                self._number(span, marked)
            at = last
        self._characters(part, text, at, stop, plain)

    def _number(self, span: Span, marked: QTextCharFormat) -> None:
        """The number of a marked passage behind it: of a search's its own, else that of whose mark it is."""
        number = QTextCharFormat(marked)
        number.setFont(
            fonts.sans(max(11, marked.font().pixelSize() - 2), fonts.SEMIBOLD),
            QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll,
        )
        number.setUnderlineStyle(_UNDER.NoUnderline)
        if span.label:
            self._cursor.insertText(span.label, number)
        elif span.owner:
            number.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
            self._cursor.insertText(f"{span.number}", number)
        else:
            self._cursor.insertText(f"\u00a0[{span.number}]", number)

    def _characters(
        self, part: str, text: str, start: int, stop: int, form: QTextCharFormat
    ) -> None:
        """Characters of a part; those that are withheld are drawn inside out, and can be read here."""
        at = start
        for first, last in sorted(self.withheld.get(part, ())):
            first, last = max(first, at), min(last, stop)
            if first < last:
                self._plain(part, text, at, first, form)
                self._plain(part, text, first, last, _inside_out(form))
                at = last
        self._plain(part, text, at, stop, form)

    def _plain(self, part: str, text: str, start: int, stop: int, form: QTextCharFormat) -> None:
        marks = [(m.start(), 0) for m in UNSEEN.finditer(text, start, stop)]
        if (
            self.reveal
        ):  # a letter that looks like another stays, and its code point stands behind it
            marks = sorted([*marks, *((place, 1) for place in lookalikes(text, start, stop))])
        at = start
        for place, kept in [*marks, (stop, 0)]:
            if place + kept > at:
                piece = text[at : place + kept]
                self._runs.append(_Run(self._cursor.position(), part, at, piece))
                self._cursor.insertText(piece, form)
            if place < stop and self.reveal:
                name = self._form("ink2", fonts.mono(11))
                self._cursor.insertText(f"⟨U+{ord(text[place]):04X}⟩", name)
            at = place + 1

    def _block(self, *, above: int = 0, below: int = 0, height: int = 140) -> None:
        shape = QTextBlockFormat()
        shape.setBottomMargin(below)
        shape.setLineHeight(height, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        shape.setTopMargin(above)
        self._begun = True
        if self._fresh:
            self._cursor.setBlockFormat(shape)
            self._fresh = False
        else:
            self._cursor.insertBlock(shape)

    def _form(self, token: str, font: QFont) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setFont(font)
        form.setForeground(theme.current().colour(token))
        return form

    def _marked(self, span: Span, font: QFont) -> QTextCharFormat:
        form = self._form("hit_ink" if span.colour == "hit" else "ink", font)
        form.setBackground(theme.current().colour(span.colour))
        form.setUnderlineStyle(UNDERLINES[span.pattern])
        form.setFontOverline(span.pattern == "over-and-under")
        return form

    def _style(self, style: str) -> QTextCharFormat:
        if style.startswith("link:"):
            form = self._form("accent", fonts.sans(13))
            form.setAnchor(True)
            form.setAnchorHref(style.removeprefix("link:"))
            form.setFontUnderline(False)
            return form
        faces = {
            "bold": fonts.sans(13, fonts.SEMIBOLD),
            "mono": fonts.mono(12),
            "title": fonts.sans(17, fonts.SEMIBOLD),
        }
        token = {"quiet": "ink2", "bold": "ink", "mono": "ink", "title": "ink"}.get(style, style)
        return self._form(token, faces.get(style, fonts.sans(13)))

    def _follow(self, url: QUrl) -> None:
        if self._on_link is not None:
            self._on_link(url.toString())

    def _tell_marked(self) -> None:
        if self._on_marked is not None:
            self._on_marked(self.marked())


def _inside_out(form: QTextCharFormat) -> QTextCharFormat:
    tokens = theme.current()
    turned = QTextCharFormat(form)
    turned.setBackground(tokens.colour("ink"))
    turned.setForeground(tokens.colour("surface"))
    return turned


def shown(text: str) -> str:
    """Text for one line of our own layout: hidden characters by name, breaks as spaces."""
    named = UNSEEN.sub(lambda found: f"⟨U+{ord(found.group()):04X}⟩", text)
    return BREAK.sub(" ", named)


def _place(run: _Run, at: int) -> int:
    """The character of the part at a place of the page, held inside the run."""
    units = min(max(at - run.at, 0), run.width)
    before = run.text.encode("utf-16-le", "surrogatepass")[: 2 * units]
    return run.start + len(before.decode("utf-16-le", "ignore"))
