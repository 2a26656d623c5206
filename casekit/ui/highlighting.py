"""Highlights in the window: their legend over the text, the list of sets with counts, and one set to edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.ui import fonts, theme
from casekit.ui.asking_again import until_taken
from casekit.ui.basics import Label
from casekit.ui.chrome import tool, verbs
from casekit.ui.form import Form
from casekit.ui.marking import Marks, owner_of, read_marks
from casekit.ui.passage_menu import ask_to_mark
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.highlights import HighlightSet
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

COLOUR_WORDS = {
    "green": "green", "blue": "blue", "rose": "rose", "violet": "violet", "orange": "orange", "teal": "teal",
}  # fmt: skip
PATTERN_WORDS = {
    "dashed": "dashed", "dotted": "dotted", "wavy": "wavy", "dash-dot": "dash and dot",
    "dash-dot-dot": "dash and two dots", "over-and-under": "a line over and under",
}  # fmt: skip
PENS = {
    "dashed": Qt.PenStyle.DashLine, "dotted": Qt.PenStyle.DotLine, "dash-dot": Qt.PenStyle.DashDotLine,
    "dash-dot-dot": Qt.PenStyle.DashDotDotLine,
}  # fmt: skip
HEADS = ("Sets and their terms", "In this item", "Items in the case")
_SWATCH = QSize(24, 18)
_MOST_NAME = 24


def swatch(one: HighlightSet) -> QIcon:
    """A set's number on its colour, underlined in its way."""
    scale = 2
    picture = QPixmap(_SWATCH * scale)
    picture.setDevicePixelRatio(scale)
    tokens = theme.current()
    picture.fill(tokens.colour(f"mark_{one.colour}"))
    painter = QPainter(picture)
    painter.setFont(fonts.sans(11, fonts.SEMIBOLD))
    painter.setPen(tokens.colour("ink"))
    painter.drawText(0, 0, _SWATCH.width(), 13, Qt.AlignmentFlag.AlignCenter, str(one.number))
    painter.setPen(QPen(tokens.colour("ink"), 1.5, PENS.get(one.pattern, Qt.PenStyle.SolidLine)))
    low, right = _SWATCH.height() - 3, _SWATCH.width() - 2
    if one.pattern == "wavy":
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for x in range(2, right - 3, 4):
            painter.drawLine(x, low + 1, x + 2, low - 1)
            painter.drawLine(x + 2, low - 1, x + 4, low + 1)
    else:
        painter.drawLine(2, low, right, low)
    if one.pattern == "over-and-under":
        painter.drawLine(2, 1, right, 1)
    painter.end()
    return QIcon(picture)


class Legend(QWidget):
    """Over the text: each shown set with its hits in the item; one of them can be walked through alone."""

    def __init__(
        self,
        walk: Callable[[str | None], None],
        switched: Callable[[bool], None],
        edit: Callable[[], None],
    ) -> None:
        super().__init__()
        self._walk = walk
        self._switched = switched
        self.on = True
        self._chips: dict[str, QToolButton] = {}
        chips = QWidget()
        chips.setObjectName("legend")
        self._row = QHBoxLayout(chips)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._row.addStretch(1)
        self._area = QScrollArea()  # with many sets the chips are wider than the window
        self._area.setWidget(chips)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFixedHeight(32)
        for ground in (chips, self._area.viewport()):
            ground.setAutoFillBackground(False)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._said = Label()
        self._said.setProperty("quiet", True)
        self._said.setFont(fonts.sans(12))
        self._eye = tool("eye-outline", tr("Show or hide highlights"), self.switch)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 2, 12, 2)
        row.setSpacing(6)
        row.addWidget(self._area, 1)
        row.addWidget(self._said)
        row.addWidget(self._eye)
        row.addWidget(tool("pencil-outline", tr("Highlights …"), edit))

    def switch(self) -> None:
        """Show the highlights, or hide them in this window."""
        self.on = not self.on
        self._switched(self.on)

    def show_marks(self, marks: Marks) -> None:
        """Tell the sets that are shown and how often their terms stand in the item."""
        for chip in self._chips.values():
            self._row.removeWidget(chip)
            chip.deleteLater()
        listed = [one for one in marks.sets if one.shown] if self.on else []
        listed.sort(key=lambda one: not marks.count(one.id))  # those with hits are in sight first
        self._chips = {owner_of(one): self._chip(one, marks) for one in listed}
        for at, chip in enumerate(self._chips.values()):
            self._row.insertWidget(at, chip)
        hidden = sum(not one.shown for one in marks.sets)
        said = tr_count("1 set is hidden", "{n} sets are hidden", hidden) if hidden else ""
        self._said.setText(said if self.on else tr("Highlights are hidden."))

    def redress(self) -> None:
        """Draw the samples of the sets again in the colours of the present theme."""
        for chip in self._chips.values():
            chip.setIcon(swatch(chip.property("set")))

    def _chip(self, one: HighlightSet, marks: Marks) -> QToolButton:
        chip = QToolButton()
        name = one.name if len(one.name) <= _MOST_NAME else one.name[: _MOST_NAME - 1] + "…"
        chip.setProperty("set", one)
        chip.setText(f" {shown(name)}  {marks.count(one.id):,}")
        chip.setIcon(swatch(one))
        chip.setIconSize(_SWATCH)
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        chip.setCheckable(True)
        chip.setFont(fonts.sans(12))
        counts = zip(one.terms, marks.counts.get(one.id, ()), strict=False)
        told = "\n".join(f"{shown(term)}  {count:,}" for term, count in counts if count)
        chip.setToolTip(f"{shown(one.name)}\n{told}" if told else shown(one.name))
        chip.setAccessibleName(
            tr("Highlights {name}: {n} in this item", name=shown(one.name), n=marks.count(one.id))
        )
        chip.clicked.connect(partial(self._choose, chip, owner_of(one)))
        return chip

    def _choose(self, chosen: QToolButton, owner: str) -> None:
        on = chosen.isChecked()
        for name, chip in self._chips.items():
            chip.setChecked(on and name == owner)
        self._walk(owner if on else None)


class Highlights(Form):
    """Lists every set with its terms and how often each stands here and in the case."""

    def __init__(self, window: Window, marks: Marks, *, has_item: bool) -> None:
        super().__init__(
            window, tr("Highlights"),
            tr("Terms that are marked in every text you read. The evidence itself stays as it is."),
            tr("Close"),
        )  # fmt: skip
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(680)
        self._window, self._marks, self._has_item = window, marks, has_item
        self._filling, self._closed = False, False
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([tr(head) for head in HEADS])
        self.tree.setAccessibleName(tr("Sets of highlights"))
        self.tree.setIconSize(_SWATCH)
        self.tree.setMinimumHeight(300)
        self.tree.setColumnWidth(0, 360)
        self.tree.header().setStretchLastSection(False)
        for column in (1, 2):
            self.tree.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
            self.tree.setColumnWidth(column, 128)
        self.tree.itemChanged.connect(self._ticked)
        self.tree.itemActivated.connect(lambda _item, _column: self.change())
        self.form.addRow(self.tree)
        row = verbs(
            (
                (tr("New set …"), self.new),
                (tr("Change …"), self.change),
                (tr("Take away"), self.remove),
            )
        )
        row.addStretch(1)
        self.form.addRow(row)
        self._said = Label()
        self._said.setProperty("quiet", True)
        self._said.setWordWrap(True)
        self.form.addRow(self._said)
        shell = window.shell
        if shell is not None:
            shell.bus.changed.connect(self._changed)
        self._fill()

    def done(self, result: int) -> None:
        """What is still being read has no place to be shown."""
        self._closed = True
        super().done(result)

    def new(self) -> None:
        """Make a set."""
        self._ask(None)

    def change(self) -> None:
        """Change the chosen set."""
        one = self._chosen()
        if one is not None:
            self._ask(one)

    def remove(self) -> None:
        """Take the chosen set away."""
        from casekit.ops import highlights

        one, shell = self._chosen(), self._window.shell
        if one is not None and shell is not None:
            shell.do("highlights", lambda s: highlights.remove_highlights(s, one.name))

    def show_marks(self, marks: Marks) -> None:
        """Show other counts."""
        if not self._closed:
            self._marks = marks
            self._fill()

    def _chosen(self) -> HighlightSet | None:
        # What has the focus alone is seen by nobody as chosen.
        chosen = self.tree.selectedItems()
        if not chosen:
            self.complain(tr("Choose a set in the list first."))
            return None
        self.trouble.hide()
        top = chosen[0].parent() or chosen[0]
        found: HighlightSet = top.data(0, Qt.ItemDataRole.UserRole)
        return found

    def _ask(self, one: HighlightSet | None) -> None:
        window = self._window
        until_taken(window, lambda: window.ask.highlights(one), self._write)

    def _write(self, asked: dict[str, Any], again: Again | None = None) -> None:
        from casekit.ops import highlights

        shell = self._window.shell
        self.trouble.hide()
        if shell is not None:
            shell.do(
                "highlights", lambda s: highlights.set_highlights(s, **asked),
                failed=None if again else self._refused, again=again,
            )  # fmt: skip

    def _refused(self, error: CaseKitError) -> None:
        if not self._closed:
            self.complain(error)

    def _ticked(self, item: QTreeWidgetItem, _column: int) -> None:
        if self._filling or item.parent() is not None:
            return
        one: HighlightSet = item.data(0, Qt.ItemDataRole.UserRole)
        wanted = item.checkState(0) == Qt.CheckState.Checked
        if wanted != one.shown:
            self._write({"name": one.name, "shown": wanted})

    def _changed(self, changes: Any) -> None:
        if "highlights" in changes.kinds:
            self.read()

    def read(self) -> None:
        """Read the sets and their counts again."""
        shell = self._window.shell
        if shell is None:
            return
        view = shell.selection.view

        def query(s: Any) -> Marks:
            from casekit.queries.highlights import highlight_sets

            return read_marks(s, view) if view is not None else Marks(tuple(highlight_sets(s)))

        shell.read("highlights", query, self.show_marks)

    def _fill(self) -> None:
        self._filling = True
        chosen = self.tree.selectedItems()
        was = chosen[0].text(0) if chosen else ""
        self.tree.clear()
        for one in self._marks.sets:
            top = self._line(shown(one.name), self._marks.count(one.id), "")
            top.setIcon(0, swatch(one))
            top.setData(0, Qt.ItemDataRole.UserRole, one)
            top.setFlags(top.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            top.setCheckState(0, Qt.CheckState.Checked if one.shown else Qt.CheckState.Unchecked)
            counts = self._marks.counts.get(one.id, [0] * len(one.terms))
            for term, count in zip(one.terms, counts, strict=True):
                top.addChild(self._line(shown(term), count, "…"))
            self.tree.addTopLevelItem(top)
            top.setExpanded(True)
            if top.text(0) == was:
                self.tree.setCurrentItem(top)
        if not self._marks.sets:
            self._said.setText(
                tr("Make a set for the names, models or words that matter: one term a line.")
            )
        self._filling = False
        self._count_in_case()

    def _line(self, name: str, here: int, everywhere: str) -> QTreeWidgetItem:
        line = QTreeWidgetItem([name, f"{here:,}" if self._has_item else "–", everywhere])
        for column in (1, 2):
            line.setTextAlignment(
                column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )
        line.setSizeHint(0, QSize(0, 26))
        return line

    def _count_in_case(self) -> None:
        shell, marks = self._window.shell, self._marks
        terms = [term for one in marks.sets for term in one.terms]
        if shell is None or not terms:
            return
        case = shell.case

        def work(_progress: object) -> Sequence[int]:
            from casekit.search import items_with

            return items_with(case, terms)

        def counted(numbers: Sequence[int]) -> None:
            if marks is self._marks and not self._closed:
                self._show_counts(numbers)

        shell.jobs.start("count highlights", work, counted, self._refused, lane="read")

    def _show_counts(self, numbers: Sequence[int]) -> None:
        left = iter(numbers)
        for at in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(at)
            for n in range(top.childCount() if top else 0):
                top.child(n).setText(2, f"{next(left):,}")  # type: ignore[union-attr]
        self._said.setText(
            tr("Items are counted as a search counts them, with titles and names of people.")
        )


class EditHighlights(Form):
    """Asks for name, colour, pattern and terms of a set."""

    def __init__(self, parent: QWidget, one: HighlightSet | None) -> None:
        super().__init__(
            parent, tr("Highlights"),
            tr("One word or phrase a line. With * at its end, such as distil*, its last word may go on."),
            tr("Save"),
        )  # fmt: skip
        self._one = one
        self.name = self.field(
            tr("Name"), one.name if one else "", tr("People, models, key words …")
        )
        self.colour = self.choice(
            tr("Colour"), [("", tr("one that is free")), *_words(COLOUR_WORDS)]
        )
        self.pattern = self.choice(
            tr("Underlined"), [("", tr("as no other set is")), *_words(PATTERN_WORDS)]
        )
        if one is not None:
            for box, value in ((self.colour, one.colour), (self.pattern, one.pattern)):
                box.removeItem(0)
                box.setCurrentIndex(box.findData(value))
        self.terms = QPlainTextEdit("\n".join(one.terms) if one else "")
        self.terms.setAccessibleName(tr("Terms"))
        self.terms.setMinimumHeight(160)
        self.terms.setTabChangesFocus(True)
        self.form.addRow(tr("Terms"), self.terms)

    def check(self) -> None:
        """A set needs a name and a term."""
        if not self.name.text().strip():
            self.complain(tr("A set of highlights needs a name."), self.name)
        elif not self.terms.toPlainText().strip():
            self.complain(tr("Write at least one term, a line each."), self.terms)
        else:
            self.accept()

    def answer(self) -> dict[str, Any] | None:
        """What `ops.highlights.set_highlights` takes."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        name = self.name.text().strip()
        given = {
            "name": self._one.name if self._one else name,
            "terms": self.terms.toPlainText().splitlines(),
            "colour": self.colour.currentData() or None,
            "pattern": self.pattern.currentData() or None,
        }
        return {**given, "new_name": name} if self._one else given


def _words(words: dict[str, str]) -> list[tuple[str, str]]:
    return [(value, tr(text)) for value, text in words.items()]


def edit_highlights(window: Window) -> None:
    """List the sets of highlights, to be made, changed, shown and hidden."""
    if window.workspace is None or window.shell is None:
        return
    has_item = window.shell.selection.view is not None
    dialog = Highlights(window, window.workspace.viewer.marks, has_item=has_item)
    dialog.read()
    dialog.open()


def switch_highlights(window: Window) -> None:
    """Show or hide all highlights in this window."""
    if window.workspace is not None:
        window.workspace.viewer.legend.switch()


def add_marked(window: Window) -> None:
    """Add the marked words to the set of highlights that was made last."""
    from casekit.ops import highlights

    shell = window.shell
    if shell is None or shell.selection.view is None or window.workspace is None:
        return
    place = shell.selection.cite
    text = ""
    if place is not None:
        view, (part, start, stop) = shell.selection.view, place
        read = {page.part: page.text for page in view.read}
        text = (view.text(part) or read.get(part, ""))[start:stop]
    if not text.strip():
        ask_to_mark(window, tr("Mark the words in the text that are to be highlighted everywhere."))
        return
    sets = window.workspace.viewer.marks.sets
    name = sets[-1].name if sets else tr("Marked words")
    shell.do(
        "highlights",
        lambda s: highlights.add_terms(s, name, [text]),
        lambda c: window.say(c.label),
    )
