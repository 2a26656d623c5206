"""The handbook in the window: its pages by section, searched and linked, translated where they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QTextBrowser,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from casekit import i18n, paths
from casekit.i18n import tr, tr_count
from casekit.ui import actions, fonts, theme

if TYPE_CHECKING:
    from casekit.ui.window import Window

PAGES = ("reviewing", "dossiers", "collecting", "methods", "command-line")
PLACES = {
    "review": "reviewing#coding",
    "overview": "reviewing#coding",
    "timeline": "reviewing#times-without-a-zone",
    "people": "reviewing#searching-and-reading",
    "facts": "command-line#claims-documents-in-force-facts",
    "findings": "methods",
    "collect": "collecting",
    "sets": "reviewing#review-sets",
    "clusters": "reviewing#clusters",
    "dossier": "dossiers",
}
"""Where each page of a case, and the window of its dossiers, is told of."""

_ROW = 26
_MOST_COLUMNS = 5  # of a table in letters of the text's size
_SECTION = Qt.ItemDataRole.UserRole
_AWAY = re.compile(r"\[([^\]]+)\]\((?:\.\./)+README[^)]*\)")  # the README does not come along


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the handbook.

    Attributes:
        page: The name of its file, without ending.
        place: As links name it: the page, and `#` and the anchor of its English heading below the first.
        own: The same with the anchor of the heading in the language shown.
        title: Its heading.
        text: Markdown, heading included.
    """

    page: str
    place: str
    own: str
    title: str
    text: str


def sections(language: str) -> list[Section]:
    """All sections in order; a page without a translation is English.

    The pages are CaseKit's own. A translated page has the headings of the English one, in their order.
    """
    found: list[Section] = []
    for page in PAGES:
        english = _parts(paths.resource("handbook", f"{page}.md").read_text("utf-8"))
        folder = paths.resource("handbook") / language
        translated = folder / f"{page}.md"
        spoken = _parts(translated.read_text("utf-8")) if translated.is_file() else english
        found += _sections(page, english, spoken)
    keys = _parts(f"# {tr('Keys and actions')}\n\n{actions.as_markdown()}")
    return [*found, *_sections("keys", keys, keys)]


def _sections(
    page: str, english: list[tuple[str, str]], spoken: list[tuple[str, str]]
) -> Iterator[Section]:
    for number, ((named, _), (title, text)) in enumerate(zip(english, spoken, strict=True)):
        place, own = (f"{page}#{anchor(each)}" if number else page for each in (named, title))
        yield Section(page, place, own, title, _AWAY.sub(r"\1", text))


def anchor(heading: str) -> str:
    """The anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _parts(text: str) -> list[tuple[str, str]]:
    """Heading and Markdown of every part that begins with a heading."""
    parts, fenced = [], False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        if not fenced and re.match(r"#{1,3} ", line):
            parts.append((line.lstrip("# "), [line]))
        else:
            parts[-1][1].append(line)
    return [(title, "\n".join(lines)) for title, lines in parts]


class Handbook(QDialog):
    """A window beside the main one: sections at the left, the chosen one at the right, a search above."""

    def __init__(self, window: Window, place: str = "") -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Handbook"))
        self.sections = sections(i18n.spoken())
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search the handbook"))
        self.search.setAccessibleName(tr("Search the handbook"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.narrow)
        self.search.returnPressed.connect(self.next_hit)
        self.contents = QTreeWidget()
        self.contents.setAccessibleName(tr("Sections of the handbook"))
        self.contents.setHeaderHidden(True)
        self.contents.setColumnCount(2)
        self.contents.currentItemChanged.connect(lambda _now, _before: self._show())
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("The section"))
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._follow)
        self._lay_out()
        self._fill()
        self.go(place or self.sections[0].place)

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(16, 16, 12, 16)
        column.setSpacing(10)
        column.addWidget(self.search)
        column.addWidget(self.contents, 1)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self.text)
        split.setSizes([340, 780])
        split.setStretchFactor(1, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(split)
        self.resize(1120, 740)

    def _fill(self) -> None:
        above: QTreeWidgetItem | None = None
        for number, section in enumerate(self.sections):
            row = QTreeWidgetItem([re.split("[:：]", section.title)[0], ""])
            row.setSizeHint(0, QSize(0, _ROW))
            row.setData(0, _SECTION, number)
            row.setToolTip(0, section.title)
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if above is None or section.page != self.sections[number - 1].page:
                row.setFont(0, fonts.sans(13, fonts.SEMIBOLD))
                self.contents.addTopLevelItem(row)
                above = row
            else:
                above.addChild(row)
        self.contents.expandAll()
        self.contents.header().setStretchLastSection(False)
        self.contents.header().setSectionResizeMode(0, self.contents.header().ResizeMode.Stretch)
        self.contents.header().resizeSection(1, 36)

    def rows(self) -> list[QTreeWidgetItem]:
        """The rows of the contents in their order, those out of sight included."""
        found = []
        for number in range(self.contents.topLevelItemCount()):
            page = self.contents.topLevelItem(number)
            assert page is not None
            below = (page.child(n) for n in range(page.childCount()))
            found += [page, *(row for row in below if row is not None)]
        return found

    def go(self, place: str) -> None:
        """Show the section that a link names, by its English heading or its own; else its page's first."""
        named = [n for n, s in enumerate(self.sections) if place in (s.place, s.own)]
        page = [n for n, s in enumerate(self.sections) if s.page == place.partition("#")[0]]
        if named or page:
            self.contents.setCurrentItem(self.rows()[(named or page)[0]])

    def narrow(self, text: str) -> None:
        """Keep the sections in sight that hold what was typed, each with how often, and mark it."""
        wanted = text.strip().casefold()
        rows, kept = self.rows(), []
        for row, section in zip(rows, self.sections, strict=True):
            hits = section.text.casefold().count(wanted) if wanted else 0
            row.setText(1, f"{hits:,}" if hits else "")
            row.setHidden(bool(wanted) and not hits)
            if hits:
                kept.append(row)
        for row in kept:
            if (page := row.parent()) is not None:
                page.setHidden(False)
        said = tr_count("one section", "{n} sections", len(kept)) if wanted else ""
        self.search.setToolTip(said or tr("Search the handbook"))
        self.contents.setAccessibleDescription(said)
        if kept and self.contents.currentItem() not in kept:
            self.contents.setCurrentItem(kept[0])
        self._mark()

    def next_hit(self) -> None:
        """Go to the next place of what is searched for, in this section or the next that has one."""
        wanted = self.search.text().strip()
        if not wanted or self.text.find(wanted):
            return
        rows = [row for row in self.rows() if row.text(1)]
        if rows:
            here = self.contents.currentItem()
            at = rows.index(here) if here in rows else -1
            self.contents.setCurrentItem(rows[(at + 1) % len(rows)])
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
            self.text.find(wanted)

    def changeEvent(self, event: QEvent) -> None:
        """Take colours anew after a change of theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._show()

    def _show(self) -> None:
        row = self.contents.currentItem()
        if row is None:
            return
        document = QTextDocument(self.text)
        document.setUndoRedoEnabled(False)
        document.setDefaultFont(fonts.sans(14))
        document.setDocumentMargin(28)
        document.setMarkdown(self.sections[row.data(0, _SECTION)].text)
        dress(document)
        document.setTextWidth(self.text.viewport().width())  # else it would be laid out twice
        self.text.setDocument(document)
        self._mark()

    def _mark(self) -> None:
        wanted, marks = self.search.text().strip(), []
        tokens, document = theme.current(), self.text.document()
        cursor = document.find(wanted) if wanted else QTextCursor()
        first = QTextCursor(cursor)
        while not cursor.isNull():
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            mark.format.setBackground(QColor(tokens.hit))
            mark.format.setForeground(QColor(tokens.hit_ink))
            marks.append(mark)
            cursor = document.find(wanted, cursor)
        self.text.setExtraSelections(marks)
        if not first.isNull():
            first.setPosition(first.selectionStart())
            self.text.setTextCursor(first)
            self.text.ensureCursorVisible()

    def _follow(self, link: QUrl) -> None:
        row = self.contents.currentItem()
        if row is None:
            return
        page = link.path().rpartition("/")[2].removesuffix(".md")
        here = self.sections[row.data(0, _SECTION)].page
        self.search.clear()
        self.go("#".join(filter(None, (page or here, link.fragment()))))


def dress(document: QTextDocument) -> None:
    """Give a document out of Markdown the window's faces, room between lines, and lines in its tables."""
    tokens = theme.current()
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    block = document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        shape = QTextBlockFormat()
        table = QTextCursor(block).currentTable()
        if table is not None:
            shape.setBottomMargin(0)
            shape.setNonBreakableLines(
                not block.text().strip("0123456789.,−-% ")
            )  # a figure stays whole
        elif _in_code(block):
            shape.setNonBreakableLines(False)
            shape.setBottomMargin(0 if _in_code(block.next()) else 14)
        else:
            shape.setBottomMargin(10)
        shape.setLineHeight(135, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor = QTextCursor(block)
        cursor.mergeBlockFormat(shape)
        if level:
            look = QTextCharFormat()
            look.setFont(fonts.sans({1: 24, 2: 19}.get(level, 15), fonts.SEMIBOLD))
            cursor.movePosition(
                QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
            )
            cursor.mergeCharFormat(look)
        elif table is not None and table.columns() > _MOST_COLUMNS:
            look = QTextCharFormat()
            look.setFont(
                fonts.figures(12),
                QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll,
            )
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(look)
        _dress_pieces(document, block.position(), fixed)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            lines = frame.format()
            lines.setBorder(1)
            lines.setBorderCollapse(True)
            lines.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            lines.setBorderBrush(QColor(tokens.line))
            lines.setCellPadding(6)
            lines.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
            frame.setFormat(lines)


def _in_code(block: QTextBlock) -> bool:
    return block.isValid() and block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)


def _dress_pieces(document: QTextDocument, at: int, fixed: str) -> None:
    """Set code in the window's own face, and links in its accent, in the block that begins there."""
    tokens = theme.current()
    pieces, place = [], document.findBlock(at).begin()
    while not place.atEnd():
        piece = place.fragment()
        pieces.append((piece.position(), piece.length(), piece.charFormat()))
        place += 1
    for start, length, given in pieces:
        look = QTextCharFormat()
        if given.fontFixedPitch() or fixed in (given.fontFamilies() or []):
            look.setFont(fonts.mono(12))
        if given.isAnchor():
            look.setForeground(QColor(tokens.accent))
        if look.isEmpty():
            continue
        cursor = QTextCursor(document)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(look)
