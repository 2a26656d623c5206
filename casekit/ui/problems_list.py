"""Trouble with single files, by stage and cause: what happened, where, its bytes, and reading it again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr
from casekit.sentences import both, original, translated
from casekit.ui import fonts
from casekit.ui.basics import Choice, Label
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.facets import Count
    from casekit.queries.problems import ProblemFilter, ProblemRow

HEADS = ("Stage", "Cause", "What happened", "File", "Line", "Byte")
SHOWN_BYTES = 2_000
TYPING_MS = 250
MOST_LISTED = 20_000


@dataclass(frozen=True, slots=True)
class Listed:
    """Problems as they are shown.

    Attributes:
        rows: The first of them, in the order in which they were met.
        total: How many there are.
        stages: How many are of which stage, whatever stage is chosen; so are `kinds`, of the stage chosen.
    """

    rows: Sequence[ProblemRow]
    total: int
    stages: list[Count]
    kinds: list[Count]


def read_problems(s: Any, wanted: ProblemFilter) -> Listed:
    """The problems that are wanted, in one snapshot."""
    from casekit.queries import problems

    any_stage = dataclasses.replace(wanted, stage="", kind="")
    return Listed(
        problems.problems(s, wanted, limit=MOST_LISTED),
        problems.count(s, wanted),
        problems.by(s, "stage", any_stage),
        problems.by(s, "kind", dataclasses.replace(wanted, kind="")),
    )


@dataclass(frozen=True, slots=True)
class ProblemWants:
    """What the pane asks for: an item to be shown, or none, a list, the bytes of a place, a reading again."""

    on_item: Callable[[int | None], None]
    on_filter: Callable[[], None]
    on_bytes: Callable[[ProblemRow], None]
    on_again: Callable[[], None]


class ProblemsModel(QAbstractTableModel):
    """Rows of problems in the order in which they were met."""

    def __init__(self, rows: Sequence[ProblemRow] = ()) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of problems."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Stage, cause, sentence, file, line, byte."""
        return 0 if parent.isValid() else len(HEADS)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Text of a cell."""
        if not index.isValid() or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return None
        row = self.rows[index.row()]
        said = translated(row.text)
        if role == Qt.ItemDataRole.ToolTipRole:
            said = both(row.text)
        cells = (
            translated(row.stage),
            "▲ " + row.kind,
            shown(said),
            shown(row.path),
            "" if row.line is None else f"{row.line:,}",
            "" if row.offset is None else f"{row.offset:,}",
        )
        return cells[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Heads of the columns."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole:
            return fonts.sans(12, fonts.SEMIBOLD)
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return tr(HEADS[section])
        return None


class ProblemsPane(QWidget):
    """The filters, the table, and below it what is known of the problem that is chosen."""

    def __init__(self, wants: ProblemWants) -> None:
        super().__init__()
        self._wants = wants
        self._stage = self._choice(tr("Stage"))
        self._kind = self._choice(tr("Cause"))
        self._path = QLineEdit()
        self._path.setPlaceholderText(tr("File"))
        self._path.setAccessibleName(tr("File"))
        self._path.setClearButtonEnabled(True)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(TYPING_MS)
        self._typed.timeout.connect(wants.on_filter)
        self._path.textChanged.connect(lambda _text: self._typed.start())
        self._settled = QCheckBox(tr("Settled ones too"))
        self._settled.toggled.connect(lambda _on: wants.on_filter())
        self.again = QPushButton(tr("Read these again"))
        self.again.setToolTip(
            tr(
                "Read their files again from the vault; what the case has already is not filed twice"
            )
        )
        self.again.clicked.connect(lambda _on: wants.on_again())
        row = QHBoxLayout()
        row.setContentsMargins(16, 4, 8, 6)
        row.setSpacing(8)
        for widget in (self._stage, self._kind, self._path, self._settled, self.again):
            row.addWidget(widget, 1 if widget is self._path else 0)
        self._model = ProblemsModel()
        self.table = _table(self._model)
        self.table.selectionModel().currentRowChanged.connect(self._current)
        self._place = Label()
        self._place.setProperty("quiet", True)
        self._place.setWordWrap(True)
        self._place.setContentsMargins(16, 4, 16, 2)
        self._bytes = QPlainTextEdit()
        self._bytes.setReadOnly(True)
        self._bytes.setFont(fonts.mono())
        self._bytes.setAccessibleName(tr("Bytes of the place"))
        self._bytes.setFixedHeight(58)
        self._place.setMinimumHeight(40)  # always there, so that the chosen row does not move away
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addWidget(self._place)
        column.addWidget(self._bytes)
        self._say("")

    @property
    def wanted(self) -> ProblemFilter:
        """The problems that the filters let through."""
        from casekit.queries.problems import ProblemFilter

        return ProblemFilter(
            stage=self._stage.currentData() or "",
            kind=self._kind.currentData() or "",
            path=self._path.text().strip(),
            settled=self._settled.isChecked(),
        )

    def show_listed(self, listed: Listed) -> None:
        """Show these problems, and how many of each stage and cause there are."""
        for choice, every, counts, words in (
            (self._stage, tr("Every stage"), listed.stages, translated),
            (self._kind, tr("Every cause"), listed.kinds, str),
        ):
            _fill(choice, every, counts, words)
        self._model.beginResetModel()
        self._model.rows = listed.rows
        self._model.endResetModel()
        self.again.setEnabled(bool(listed.rows))
        self._say("")
        if listed.total > len(listed.rows):
            self._place.setText(tr("The first {n} of {m}.", n=len(listed.rows), m=listed.total))
            self._place.show()

    def show_bytes(self, row: ProblemRow, data: bytes | None, why: str = "") -> None:
        """Show the bytes of a problem's place, or why there are none, if it is still the one chosen."""
        if self._chosen() is row:
            none = why or tr("The bytes of this place cannot be cut out by themselves.")
            self._bytes.setPlainText(none if data is None else visible(data))

    def _choice(self, name: str) -> QComboBox:
        choice = Choice()
        choice.setAccessibleName(name)
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        choice.activated.connect(lambda _n: self._wants.on_filter())
        return choice

    def _chosen(self) -> ProblemRow | None:
        index = self.table.currentIndex()
        return self._model.rows[index.row()] if index.isValid() else None

    def _current(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        row = self._model.rows[index.row()]
        self._say(_told(row), original(row.text))
        self._wants.on_item(row.item_id)
        if row.item_id is None and row.offset is not None and row.original_sha256:
            self._wants.on_bytes(row)
        elif row.item_id is None:
            self._bytes.setPlainText(tr("It has no place in the bytes that could be shown."))

    def _say(self, text: str, english: str = "") -> None:
        self._place.setText(text)
        self._place.setToolTip(shown(english))
        self._bytes.clear()


def visible(untrusted_data: bytes) -> str:
    """Bytes as one line of text: what is no UTF-8 or no visible character is spelt."""
    return shown(untrusted_data.decode("utf-8", "backslashreplace"))


def _told(row: ProblemRow) -> str:
    places = [shown(row.path)]
    if row.line is not None:
        places.append(tr("line {n}", n=row.line))
    if row.offset is not None and row.length:
        last = row.offset + row.length - 1
        places.append(tr("bytes {first} to {last}", first=row.offset, last=last))
    elif row.offset is not None:
        places.append(tr("byte {n}", n=row.offset))
    from casekit.queries.problems import COUNTED

    if counted := COUNTED.get(row.counted):
        places.append(tr(counted))
    places.append(tr("import {n}", n=row.run_id))
    return f"{shown(translated(row.text))}\n{' · '.join(places)}"


def _fill(choice: QComboBox, every: str, counts: list[Count], words: Callable[[str], str]) -> None:
    """Offer the values with their numbers; what was chosen stays chosen, though there are none of it left."""
    chosen = choice.currentData() or ""
    choice.blockSignals(True)
    choice.clear()
    choice.addItem(every, "")
    for count in counts:
        choice.addItem(f"{words(count.value)}  {count.count:,}", count.value)
    if chosen and choice.findData(chosen) < 0:
        choice.addItem(f"{words(chosen)}  0", chosen)
    choice.setCurrentIndex(max(0, choice.findData(chosen)))
    choice.blockSignals(False)


def _table(model: ProblemsModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(tr("Problems"))
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setCornerButtonEnabled(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(32)
    header = table.horizontalHeader()
    header.setFont(fonts.sans(12, fonts.SEMIBOLD))
    header.setFixedHeight(32)
    header.setHighlightSections(False)
    header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
    for column, width in ((0, 84), (1, 160), (3, 180), (4, 60), (5, 80)):
        table.setColumnWidth(column, width)
    return table
