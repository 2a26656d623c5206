"""Writing a page to read: evidence text as plain characters, each of which knows its part and its place.

No markup of the evidence is ever interpreted: text goes in by cursor, so nothing in it can load, run or
hide. Characters that steer the direction or are invisible are shown by name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTableFormat,
)
from PySide6.QtWidgets import QTextBrowser, QWidget

from casekit.i18n import tr, tr_count
from casekit.queries.unseen import UNSEEN, count, lookalikes
from casekit.ui import fonts, theme
from casekit.ui.margin import Margin, width_for
from casekit.ui.portions import Portions

LONGEST_PASSAGE = 200_000
LONGEST_WHOLE = 2_000_000  # so long a passage is written to its end where something in it is marked
LONGEST_BLOCK = 20_000  # Qt lays a paragraph out in one go: a longer line goes on in another
_COST_OF_RUN = 60  # what a stretch of one look takes to lay out, in characters
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
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
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
class Run:
    """A stretch of the page that shows characters of a part: its place on the page in UTF-16 units."""

    at: int
    part: str
    start: int
    text: str

    @property
    def width(self) -> int:
        """How much of the page it takes, in UTF-16 units."""
        return utf16(self.text)


def utf16(text: str) -> int:
    """Length in the units that Qt counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class WrittenPage(QTextBrowser):
    """The half of a reading page that writes it, a portion a turn of the loop; its places are kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reading")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self._runs: list[Run] = []
        self._hits: list[tuple[int, int, str]] = []
        self._hit = -1
        self._whole: set[str] = set()
        self.reveal = True  # whether unseen characters stand by their code points
        self.unseen: Counter[str] = Counter()
        self.withheld: Mapping[str, Sequence[tuple[int, int]]] = {}
        self.measure = MEASURE
        self.margin = Margin()
        self._portions = Portions(self._open, self._close, self)
        flags = self.textInteractionFlags() | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.setTextInteractionFlags(flags)

    def loadResource(self, _kind: int, _name: QUrl | str) -> None:
        """Nothing is ever loaded: evidence text cannot reach a file or the network."""
        return

    # -- writing ----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start an empty page."""
        self._portions.begin()
        self.setUpdatesEnabled(False)
        self._runs, self._hits, self._hit = [], [], -1
        self.unseen = Counter()
        self.setExtraSelections([])
        self.clear()
        self._fit()
        frame = self.document().rootFrame()
        shape = QTextFrameFormat()
        shape.setLeftMargin(16)
        shape.setTopMargin(12)
        shape.setBottomMargin(32)
        shape.setRightMargin(self._right())
        frame.setFrameFormat(shape)
        self._cursor = self.textCursor()
        self._cursor.beginEditBlock()
        self._fresh, self._begun = True, False

    def _right(self) -> int:
        """Pixels at the right of the text: it is no wider than can be read well, whatever the pane is."""
        return max(self._margin_width(), self._room() - self.measure - 16)

    def _room(self) -> int:
        """Pixels beside a bar at the right, whether it stands there or not.

        A page is so laid out once: its bar goes when it is emptied and comes when it is filled.
        """
        return self.width() - self.verticalScrollBar().sizeHint().width()

    def _fit(self) -> None:
        if self.lineWrapColumnOrWidth() != self._room():
            self.setLineWrapColumnOrWidth(self._room())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The text keeps its measure where there is room, and has all the room where there is less."""
        self._fit()
        super().resizeEvent(event)
        frame = self.document().rootFrame()
        shape = frame.frameFormat()
        if not self.document().isEmpty() and int(shape.rightMargin()) != self._right():
            shape.setRightMargin(self._right())
            frame.setFrameFormat(shape)

    def end(self) -> None:
        """Show the page from its top; what of it is long is written in the next turns of the loop."""
        self._cursor.endEditBlock()
        self.setUpdatesEnabled(True)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)
        self._portions.end()

    def _open(self) -> None:
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._cursor.beginEditBlock()

    def _close(self) -> None:
        self._cursor.endEditBlock()

    @property
    def writing(self) -> bool:
        """Whether more of the page is still to come."""
        return self._portions.pending

    def afterwards(self, wish: Callable[[], object]) -> None:
        """Do something once the page is written, unless another one is begun before."""
        self._portions.afterwards(wish)

    def finish(self) -> None:
        """Write what is still to come now: somebody wants all of it."""
        self._portions.finish()

    def section(self, text: str, quiet: str = "") -> None:
        """A head in small capitals, with a quiet remark beside it."""
        self._portions.add(self._section(text, quiet))

    def _section(self, text: str, quiet: str) -> Iterator[int]:
        self._block(above=18 if self._begun else 2, below=4)
        self._cursor.insertText(text.upper(), _form("ink2", fonts.label()))
        if quiet:
            self._cursor.insertText("   " + quiet, _form("ink2", fonts.sans(12)))
        yield _COST_OF_RUN + len(text) + len(quiet)

    def line(self, *parts: tuple[str, str], above: int = 0, below: int = 0) -> None:
        """One line of (text, style): `ink`, `quiet`, `bold`, `mono`, `warn`, `hot`, `link:…`."""
        self._portions.add(self._line(parts, above, below))

    def _line(self, parts: Sequence[tuple[str, str]], above: int, below: int) -> Iterator[int]:
        self._block(above=above, below=below, height=150)
        for text, style in parts:
            self._cursor.insertText(shown(text), _style(style))
        yield sum(_COST_OF_RUN + len(text) for text, _style in parts)

    def fields(self, rows: Sequence[tuple[str, str]], *, mono: bool = False) -> None:
        """Names and values in two columns."""
        if rows:
            self._portions.add(self._fields(rows, mono))

    def _fields(self, rows: Sequence[tuple[str, str]], mono: bool) -> Iterator[int]:
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
        left = QTextBlockFormat()  # also what is read from the right: it stands beside its name
        left.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        for number, (name, value) in enumerate(rows):
            table.cellAt(number, 0).firstCursorPosition().insertText(name, _style("quiet"))
            style = _style("mono" if mono else "ink")
            cell = table.cellAt(number, 1).firstCursorPosition()
            cell.setBlockFormat(left)
            cell.insertText(shown(value), style)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._fresh = True
        yield sum(3 * _COST_OF_RUN + len(name) + len(value) for name, value in rows)

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
        limit = len(text) if part in self._whole else LONGEST_PASSAGE
        self.unseen += count(text if len(text) <= limit else text[:limit])
        self._portions.add(self._lines(part, text[:limit], spans, face or fonts.sans(14), quotes))
        if limit < len(text):
            self.line(
                (tr_count("1 more character. ", "{n} more characters. ", len(text) - limit), "quiet"),
                (tr("Show all"), f"link:whole:{part}"), above=8,
            )  # fmt: skip

    def show_whole(self, part: str) -> None:
        """From the next writing on, a part is shown to its end."""
        self._whole.add(part)

    def forget_whole(self) -> None:
        """Long parts are cut again."""
        self._whole.clear()

    # -- inside -----------------------------------------------------------------------------------

    def _lines(
        self, part: str, text: str, spans: Sequence[Span], font: QFont,
        quotes: Sequence[tuple[int, int, str]],
    ) -> Iterator[int]:  # fmt: skip
        plain, quiet = _form("ink", font), _form("ink2", font)
        stops = [span.stop for span in spans]
        at = quote = shown_to = 0
        for found in chain(BREAK.finditer(text), (None,)):
            stop = found.start() if found else len(text)
            while quote < len(quotes) and quotes[quote][1] <= at:
                quote += 1
            quoted = quote < len(quotes) and quotes[quote][0] <= at
            for first, last in _blocks(text, at, stop):
                runs = len(self._runs)
                self._block(height=155, below=0)
                here = spans[bisect_right(stops, first) :]
                following = found.end() if found and last == stop else last
                whole = (shown_to, following)  # a mark may begin or end at the break of a line
                self._stretch(part, text, (first, last), whole, here, quiet if quoted else plain)
                shown_to = last
                yield _COST_OF_RUN * max(1, len(self._runs) - runs) + last - first
            at = found.end() if found else stop

    def _stretch(
        self, part: str, text: str, line: tuple[int, int], whole: tuple[int, int],
        spans: Sequence[Span], plain: QTextCharFormat,
    ) -> None:  # fmt: skip
        at, stop = line
        for span in spans:
            if span.start >= stop:
                break
            first, last = max(span.start, at), min(span.stop, stop)
            self._characters(part, text, at, first, plain)
            marked, here = self._marked(span, plain.font()), self._cursor.position()
            self._characters(part, text, first, last, marked)
            if span.start >= whole[0] and span.first:
                self._hits.append((here, self._cursor.position(), span.owner))
            if span.stop <= whole[1] and span.last:
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
        if self.reveal:  # a letter that looks like another stays, its code point behind it
            marks = sorted([*marks, *((place, 1) for place in lookalikes(text, start, stop))])
        at = start
        for place, kept in [*marks, (stop, 0)]:
            if place + kept > at:
                piece = text[at : place + kept]
                self._runs.append(Run(self._cursor.position(), part, at, piece))
                self._cursor.insertText(piece, form)
            if place < stop and self.reveal:
                name = _form("ink2", fonts.mono(11))
                self._cursor.insertText(f"⟨U+{ord(text[place]):04X}⟩", name)
            at = place + 1

    def _margin_width(self) -> int:
        return width_for(self._room()) + 16 if self.margin.notes else 16

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

    def _marked(self, span: Span, font: QFont) -> QTextCharFormat:
        form = _form("hit_ink" if span.colour == "hit" else "ink", font)
        form.setBackground(theme.current().colour(span.colour))
        form.setUnderlineStyle(UNDERLINES[span.pattern])
        form.setFontOverline(span.pattern == "over-and-under")
        return form


def _form(token: str, font: QFont) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setFont(font)
    form.setForeground(theme.current().colour(token))
    return form


def _style(style: str) -> QTextCharFormat:
    """The look of a word of our own; a style of each is made once a theme, for making one takes 20 µs."""
    name, _, target = style.partition(":")
    form = _style_of(name, theme.name())
    if target:
        form = QTextCharFormat(form)
        form.setAnchorHref(target)
    return form


@lru_cache(maxsize=64)
def _style_of(name: str, _theme: str) -> QTextCharFormat:
    faces = {
        "bold": fonts.sans(13, fonts.SEMIBOLD),
        "mono": fonts.mono(12),
        "title": fonts.sans(17, fonts.SEMIBOLD),
    }
    token = {"quiet": "ink2", "bold": "ink", "mono": "ink", "title": "ink", "link": "accent"}
    form = QTextCharFormat()
    form.setFont(faces.get(name, fonts.sans(13)))
    form.setForeground(theme.current().colour(token.get(name, name)))
    if name == "link":
        form.setAnchor(True)
        form.setFontUnderline(False)
    return form


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


def in_a_row(parts: Iterable[str]) -> str:
    """Parts with dots between; one with letters from right to left keeps its place and turns no other."""
    return " · ".join(f"\u2068{p}\u2069" if _RIGHT_TO_LEFT.search(p) else p for p in parts if p)


def _blocks(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """A line as stretches that are each laid out in one go, parted after a blank where there is one."""
    while stop - start > LONGEST_BLOCK:
        blank = text.rfind(" ", start + LONGEST_BLOCK // 2, start + LONGEST_BLOCK)
        at = blank + 1 if blank >= 0 else start + LONGEST_BLOCK
        yield start, at
        start = at
    yield start, stop
