"""The left pane of the dossier window: its purpose, its sections and exhibits in order, each with its state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr, tr_count
from casekit.ui import fonts, theme
from casekit.ui.basics import Choice, Label
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.dossier.gaps import Gap
    from casekit.dossier.spec import DossierSpec
    from casekit.queries.exhibits import ExhibitRow

SECTION_WORDS = {
    "cover": "Cover and caption",
    "reading": "How to read and verify",
    "contents": "Index of exhibits",
    "trial": "Trial exhibit list",
    "parties": "Parties, persons and accounts",
    "claims": "Claims and their elements",
    "facts": "Chronology of the facts",
    "chronology": "Chronology of the exhibits",
    "collection": "How the evidence was collected",
    "method": "Method of the findings",
    "exhibits": "Exhibits",
    "findings": "Findings",
    "redactions": "Redaction log",
    "privilege": "Privilege log",
    "custody": "Chain of custody",
    "certificates": "Certificates",
    "hashes": "Hash manifest",
    "imports": "Import reports",
    "issued": "Issued versions",
    "versions": "Versions of the tools",
    "glossary": "Glossary",
}
_EXHIBITS = "Made from the exhibits. Say as what counsel offers this table."
_FACTS = (
    "Made from the facts that somebody has evaluated and that rest on evidence. One that cites what is "
    "withheld is not in it. Say as what counsel offers this table."
)
TABLES = {"parties": _EXHIBITS, "claims": _FACTS, "facts": _FACTS, "chronology": _EXHIBITS}
"""What is said of a section that is a table, which may be offered as something."""
NOTHING = {
    "reading": "Says how to read and verify the dossier. CaseKit writes it; there is nothing to fill in.",
    "contents": "Made from the exhibits and their pages; there is nothing to fill in.",
    "redactions": "Made from the case’s redactions; printed only where there are some.",
    "custody": "Made from the custody log; there is nothing to fill in.",
    "hashes": "Made from the files as received; there is nothing to fill in.",
    "issued": "Made from the register. It says for whom each was made and to whom it went: look it through.",
    "imports": "Made from the reports of all imports; there is nothing to fill in.",
    "": "Made from the case; there is nothing to fill in.",
    "versions": "Made from the programs that plan the dossier; there is nothing to fill in.",
}
"""What is said of a section in which nothing can be filled in."""
PURPOSES = (
    ("filing", "To file or to serve", "PDF/A with nothing attached, as filing systems ask"),
    ("bundle", "A bundle for an English court", "PDF/A with page numbers in the outline"),
    (
        "archive", "To keep, or for an expert",
        "PDF/A with every native record attached, in which keys stand unmasked",
    ),
    ("accessible", "For readers who use a screen reader", "Tagged PDF/UA with nothing attached"),
)  # fmt: skip
NAME, STATE, TOKEN = 256, 257, 258
_ROW = 30
_TICK = 48


def section_title(name: str) -> str:
    """A section's name in the window's language."""
    return tr(SECTION_WORDS.get(name, name.capitalize()))


class _Rows(QStyledItemDelegate):
    """Rows with their state at the right, by shape and word."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the row with room for its state at the right."""
        super().paint(painter, option, index)
        state = str(index.data(STATE) or "")
        if state:
            painter.save()
            painter.setFont(fonts.sans(11, fonts.MEDIUM))
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            token = "select_ink" if chosen else str(index.data(TOKEN) or "ink2")
            painter.setPen(theme.current().colour(token))
            painter.drawText(
                option.rect.adjusted(0, 0, -8, 0),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, state,
            )  # fmt: skip
            painter.restore()

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Cut the words where the state begins."""
        super().initStyleOption(option, index)
        metrics = option.fontMetrics
        state = str(index.data(STATE) or "")
        taken = _TICK + (metrics.horizontalAdvance(state) + 12 if state else 0)
        option.text = metrics.elidedText(
            option.text, Qt.TextElideMode.ElideRight, max(40, option.rect.width() - taken)
        )

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Rows of one height."""
        return QSize(super().sizeHint(option, index).width(), _ROW)


class Ordered(QListWidget):
    """Ticked rows whose order can be changed by dragging or with Alt and the arrow keys.

    Args:
        name: What it is called for those who hear it.
        changed: Told when a tick or the order has changed by the user.
    """

    def __init__(self, name: str, changed: Callable[[], None]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setItemDelegate(_Rows(self))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._changed = changed
        self._filling = False
        self.itemChanged.connect(lambda _i: self._tell())
        self.model().rowsMoved.connect(lambda *_: self._tell())

    def fill(self, rows: Iterable[tuple[str, str, bool]]) -> None:
        """Show rows: value, words, ticked; the current one stays current."""
        wanted = list(rows)
        if [(n, self.words(n)) for n, _ in self.rows()] == [(v, w) for v, w, _ in wanted]:
            self._filling = True
            for at, (_, _, on) in enumerate(wanted):
                self.item(at).setCheckState(_check(on))
            self._filling = False
            return
        current = self.value()
        self._filling = True
        self.clear()
        for value, words, on in wanted:
            item = QListWidgetItem(words)
            item.setData(NAME, value)
            item.setToolTip(words)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsDragEnabled
            )
            item.setCheckState(_check(on))
            self.addItem(item)
        self.choose(current)
        self._filling = False

    def rows(self) -> list[tuple[str, bool]]:
        """Value and tick of each row, in order."""
        found = [self.item(n) for n in range(self.count())]
        return [(str(i.data(NAME)), i.checkState() == Qt.CheckState.Checked) for i in found]

    def words(self, value: str) -> str:
        """What a row says."""
        found = self._row_of(value)
        return "" if found is None else found.text()

    def ticked(self) -> tuple[str, ...]:
        """The values of the ticked rows."""
        return tuple(value for value, on in self.rows() if on)

    def value(self) -> str:
        """The value of the current row."""
        item = self.currentItem()
        return "" if item is None else str(item.data(NAME))

    def choose(self, value: str) -> None:
        """Make a row the current one, if it is there."""
        found = self._row_of(value)
        if found is not None:
            self.setCurrentItem(found)

    def mark(self, value: str, state: str, token: str) -> None:
        """Write a row's state."""
        found = self._row_of(value)
        if found is not None:
            filling, self._filling = self._filling, True
            found.setData(STATE, state)
            found.setData(TOKEN, token)
            found.setToolTip(f"{found.text()}: {state}" if state else found.text())
            self._filling = filling

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and an arrow move the current row."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(step)
            return
        super().keyPressEvent(event)

    def _move(self, step: int) -> None:
        row = self.currentRow()
        if row < 0 or not 0 <= row + step < self.count():
            return
        self._filling = True
        item = self.takeItem(row)
        self.insertItem(row + step, item)
        self.setCurrentRow(row + step)
        self._filling = False
        self._tell()

    def _row_of(self, value: str) -> QListWidgetItem | None:
        for n in range(self.count()):
            if self.item(n).data(NAME) == value:
                return self.item(n)
        return None

    def _tell(self) -> None:
        if not self._filling:
            self._changed()


def _check(on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked


@dataclass(frozen=True, slots=True)
class OutlineWants:
    """What the pane asks of its window: another purpose, sections or exhibits; a part to be shown."""

    purpose: Callable[[str], None]
    sections: Callable[[tuple[str, ...]], None]
    exhibits: Callable[[tuple[str, ...]], None]
    chosen: Callable[[str], None]


class Outline(QWidget):
    """Purpose, sections and exhibits of one dossier."""

    def __init__(self, wants: OutlineWants) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self._wants = wants
        self._known: tuple[str, ...] = ()
        self.purpose = Choice()
        self.purpose.setAccessibleName(tr("What is it for?"))
        self.purpose.setMinimumContentsLength(12)
        self.purpose.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for value, words, _ in PURPOSES:
            self.purpose.addItem(tr(words), value)
        self.means = Label()
        self.means.setProperty("quiet", True)
        self.means.setFont(fonts.sans(11))
        self.means.setWordWrap(True)
        self.purpose.activated.connect(lambda _n: wants.purpose(str(self.purpose.currentData())))
        self.sections = Ordered(tr("Sections"), lambda: wants.sections(self.sections.ticked()))
        self.exhibits = Ordered(tr("Exhibits"), lambda: wants.exhibits(self.exhibits.ticked()))
        self.sections.currentItemChanged.connect(lambda *_: self._choose(self.sections))
        self.sections.itemClicked.connect(lambda _i: self._choose(self.sections))
        self.exhibits.currentItemChanged.connect(lambda *_: self._choose(self.exhibits))
        self.exhibits.itemClicked.connect(lambda _i: self._choose(self.exhibits))
        self.setFocusProxy(self.sections)
        self.add = QPushButton(tr("Add section"))
        self.add.setProperty("link", True)
        self.more = QMenu(self.add)
        self.more.aboutToShow.connect(self._fill_menu)
        self.add.setMenu(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 8, 8)
        column.setSpacing(6)
        column.addWidget(_head(tr("What is it for?")))
        column.addWidget(self.purpose)
        column.addWidget(self.means)
        column.addSpacing(8)
        column.addWidget(_head(tr("Sections")))
        column.addWidget(self.sections, 3)
        column.addWidget(self.add)
        column.addSpacing(4)
        column.addWidget(_head(tr("Exhibits")))
        column.addWidget(self.exhibits, 2)
        hint = Label(tr("Drag to reorder, or Alt with the arrow keys; Space ticks."))
        hint.setProperty("quiet", True)
        hint.setFont(fonts.sans(11))
        hint.setWordWrap(True)
        column.addWidget(hint)

    def show_spec(self, spec: DossierSpec, exhibits: Sequence[ExhibitRow]) -> None:
        """Show what a spec holds; a section that was taken out stays listed, unticked, where it was."""
        from casekit.dossier.spec import SECTIONS

        self._known = SECTIONS
        self.purpose.setCurrentIndex(max(0, self.purpose.findData(spec.profile)))
        self.means.setText(tr(next((m for v, _, m in PURPOSES if v == spec.profile), "")))
        listed = [name for name, _ in self.sections.rows()]
        order = _merged(spec.sections, listed)
        self.sections.fill((n, section_title(n), n in spec.sections) for n in order)
        titles = {row.label: shown(f"{row.label}  {row.title}") for row in exhibits}
        chosen = titles.keys() if spec.exhibits is None else spec.exhibits
        for label in chosen:
            titles.setdefault(label, label)
        labels = _merged(tuple(chosen), list(titles))
        inside = set(chosen)
        self.exhibits.fill((n, titles[n], n in inside) for n in labels)

    def show_states(self, gaps: Sequence[Gap]) -> None:
        """Write beside each section whether it is complete."""
        for name, on in self.sections.rows():
            mine = [gap for gap in gaps if gap.section == name]
            self.sections.mark(name, *(_state(mine) if on else ("", "ink2")))

    def _choose(self, among: Ordered) -> None:
        other = self.exhibits if among is self.sections else self.sections
        if among.hasFocus() and other.currentRow() >= 0:
            other.setCurrentRow(-1)
        if among.value():
            self._wants.chosen(among.value())

    def _fill_menu(self) -> None:
        self.more.clear()
        inside = set(self.sections.ticked())
        for name in self._known:
            if name not in inside:
                self.more.addAction(section_title(name), partial(self._add, name))
        if self.more.isEmpty():
            self.more.addAction(tr("Every section is in.")).setEnabled(False)

    def _add(self, name: str) -> None:
        """Put a section where a dossier usually has it."""
        order = {each: n for n, each in enumerate(self._known)}
        ticked = list(self.sections.ticked())
        at = next((n for n, each in enumerate(ticked) if order[each] > order[name]), len(ticked))
        ticked.insert(at, name)
        self._wants.sections(tuple(ticked))
        self.sections.setFocus()
        self.sections.choose(name)


def _state(gaps: Sequence[Gap]) -> tuple[str, str]:
    """State in words, and the colour it has besides."""
    if any(gap.kind == "refusal" for gap in gaps):
        return "■ " + tr("blocked"), "hot"
    missing = sum(gap.kind == "gap" for gap in gaps)
    if missing:
        return "▲ " + tr_count("1 gap", "{n} gaps", missing), "warn"
    if gaps:
        return "– " + tr_count("1 note", "{n} notes", len(gaps)), "ink2"
    return "✓ " + tr("complete"), "ok"


def _merged(wanted: Sequence[str], listed: Sequence[str]) -> list[str]:
    """The wanted values in their order, with the others where they stand now."""
    found = list(wanted)
    for at, value in enumerate(listed):
        if value not in found:
            before = [each for each in listed[:at] if each in found]
            found.insert(found.index(before[-1]) + 1 if before else 0, value)
    return found


def _head(text: str) -> QLabel:
    label = Label(text.upper())
    label.setFont(fonts.label())
    label.setProperty("quiet", True)
    return label
