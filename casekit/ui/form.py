"""The shape of every small dialog: a head, fields with names beside them, two buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.sentences import original, translated
from casekit.ui import asking_again, folders, fonts
from casekit.ui.basics import Choice, Label
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.ui.recipients import Recipients


class Form(QDialog):
    """A small dialog: a head, fields with names beside them, two buttons."""

    def __init__(self, parent: QWidget | None, title: str, about: str, ok: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(520)
        head = Label(title)
        head.setFont(fonts.sans(17, fonts.SEMIBOLD))
        words = Label(about)
        words.setProperty("quiet", True)
        words.setWordWrap(True)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(16)
        self.form.setVerticalSpacing(9)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.trouble = Label()
        self.trouble.setProperty("bad", True)
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self.ok = QPushButton(ok)
        self.ok.setProperty("primary", True)
        self.ok.setDefault(True)
        self.ok.clicked.connect(self._begin)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.ok)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(12)
        column.addWidget(head)
        if about:
            column.addWidget(words)
        column.addLayout(self.form)
        column.addWidget(self.trouble)
        column.addStretch(1)
        column.addLayout(buttons)

    def field(self, name: str, given: str = "", hint: str = "") -> QLineEdit:
        """Add a line to write in."""
        edit = QLineEdit(given)
        edit.setPlaceholderText(hint)
        edit.setAccessibleName(name)
        self.form.addRow(name, edit)
        return edit

    def target(
        self, name: str, given: str = "", hint: str = "", *, folder: bool = False
    ) -> QLineEdit:
        """Add a line for the file or folder that is written to, with a button to choose it by mouse."""

        def ask(begin: str) -> str:
            if folder:
                return QFileDialog.getExistingDirectory(self, name, begin)
            return QFileDialog.getSaveFileName(self, name, begin)[0]

        return self._with_button(name, given, hint, ask)

    def source(self, name: str, kinds: str, begin: Path) -> QLineEdit:
        """Add a line for a file that is read, with a button to choose it by mouse.

        Args:
            name: Beside it.
            kinds: Of files to choose from, as Qt writes them.
            begin: The folder shown first.
        """

        def ask(at: str) -> str:
            return QFileDialog.getOpenFileName(self, name, at, kinds)[0]

        return self._with_button(name, "", "", ask, begin)

    def _with_button(
        self, name: str, given: str, hint: str, choose_from: Callable[[str], str],
        begin: Path | None = None,
    ) -> QLineEdit:  # fmt: skip
        edit = QLineEdit(given)
        edit.setPlaceholderText(hint)
        edit.setAccessibleName(name)
        choose = QPushButton(tr("Choose …"))
        choose.setAccessibleName(f"{tr('Choose …')} {name}")
        choose.setAutoDefault(False)

        def ask() -> None:
            found = choose_from(edit.text().strip() or str(begin or folders.begin()))
            if folders.chosen(found):
                edit.setText(found)

        choose.clicked.connect(ask)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(edit, 1)
        row.addWidget(choose)
        self.form.addRow(name, row)
        return edit

    def choice(self, name: str, entries: Iterable[tuple[str, str]]) -> QComboBox:
        """Add a box to choose from, as wide as a line to write in.

        Args:
            name: Beside it.
            entries: Of each its value, which is the box's `currentData`, and its words.
        """
        box = Choice()
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        box.setAccessibleName(name)
        for value, words in entries:
            box.addItem(words, value)
        self.form.addRow(name, box)
        return box

    def show_row(self, field: QWidget, on: bool) -> None:
        """Show or hide the row of a field, also of one that stands beside its button."""
        self.form.setRowVisible(self._row_of(field), on)

    def several(self, name: str, entries: Iterable[str], height: int) -> QListWidget:
        """Add a list of which any can be ticked, so many pixels high; `ticked` tells which are."""
        box = QListWidget()
        box.setAccessibleName(name)
        box.setFixedHeight(height)
        for text in entries:
            entry = QListWidgetItem(text, box)
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            entry.setCheckState(Qt.CheckState.Unchecked)
        self.form.addRow(name, box)
        return box

    def ask_recipients(self, given: Sequence[str] = ()) -> Recipients:
        """Add rows to say who receives what is written."""
        from casekit.ui.recipients import Recipients

        rows = Recipients(given)
        rows.setAccessibleName(tr("Who receives it"))
        rows.grown.connect(self._make_room)
        self.form.addRow(tr("Who receives it"), rows)
        return rows

    def recipients_are_whole(self, rows: Recipients) -> bool:
        """Whether every recipient has a name and a role; says so in the dialog if not."""
        half = rows.open_row()
        if half is not None:
            self.complain(tr("A recipient needs a name and a role."), rows)
            half.name.setFocus()
        return half is None

    def exec(self) -> int:
        """Ask; the dialog goes once its answer has been read, else its window would keep every one."""
        kept = asking_again.taken()
        if kept is not None:
            kept.put_back(self)
        done = super().exec()
        if kept is not None and done == QDialog.DialogCode.Accepted:
            kept.keep(self)
        self.deleteLater()
        return done

    def showEvent(self, event: QShowEvent) -> None:
        """It opens as high as its words need, and what is typed goes into the first field."""
        if not event.spontaneous():
            self._begin_at_first()
        super().showEvent(event)
        self._make_room()

    def event(self, event: QEvent) -> bool:
        """Words that come while it is open, such as a count, make it higher too."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._make_room()
        return done

    def _begin_at_first(self) -> None:
        """Put the two buttons behind the fields; unless a field was chosen, begin at the first."""
        fields = list(self._tabbed())
        if not fields:
            first = self.cancel if self.cancel.isDefault() else self.ok
            first.setFocus()  # or Qt begins at Cancel
            return
        for before, after in pairwise((fields[-1], self.cancel, self.ok)):
            QWidget.setTabOrder(before, after)
        typed = [field for field in fields if not isinstance(field, QAbstractItemView)]
        if typed and self.focusWidget() in (None, self.ok, self.cancel):
            typed[0].setFocus()  # a list would choose its first row by it

    def _tabbed(self) -> Iterator[QWidget]:
        """All of the form that can be typed into or chosen, in the order of the Tab key."""
        seen = self.nextInFocusChain()
        while seen is not None and seen is not self:
            takes = seen.focusPolicy() & Qt.FocusPolicy.TabFocus
            if takes and seen.isVisibleTo(self) and seen not in (self.ok, self.cancel):
                yield seen
            seen = seen.nextInFocusChain()

    def _make_room(self) -> None:
        layout = self.layout()
        if layout is not None:
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def complain(self, text: str | CaseKitError, at: QWidget | None = None) -> None:
        """Say what is missing or why it was refused, in the dialog.

        Args:
            text: The reason.
            at: The field that it is of: it is said below it, and the field gets the keys. None: of the whole.
        """
        self._move_trouble(at)
        if at is not None:
            at.setFocus()
        self.trouble.setText("▲ " + (text if isinstance(text, str) else translated(text)))
        self.trouble.setToolTip("" if isinstance(text, str) else shown(original(text)))
        self.trouble.show()
        self._make_room()

    def field_of(self, why: CaseKitError) -> QWidget | None:
        """The field that a refusal is of; None: it is of the whole."""
        return asking_again.field_named(self, why)

    def _begin(self) -> None:
        """Begin the work; what was refused before is said no more."""
        self.trouble.hide()
        self.check()

    def _move_trouble(self, at: QWidget | None) -> None:
        """Put the reason below a field, or below all fields."""
        row = self._row_of(self.trouble)
        if row >= 0:
            self.form.takeRow(row)
        row = -1 if at is None else self._row_of(at)
        if row >= 0:
            self._column.removeWidget(self.trouble)
            self.form.insertRow(row + 1, self.trouble)
        elif self._column.indexOf(self.trouble) < 0:
            self._column.insertWidget(self._column.indexOf(self.form) + 1, self.trouble)

    def _row_of(self, widget: QWidget) -> int:
        """The row of the form in which a widget stands, by itself or beside others; -1: in none."""
        for row in range(self.form.rowCount()):
            for role in (QFormLayout.ItemRole.FieldRole, QFormLayout.ItemRole.SpanningRole):
                held = self.form.itemAt(row, role)
                inner = held.layout() if held is not None else None
                if held is not None and held.widget() is widget:
                    return row
                if inner is not None and inner.indexOf(widget) >= 0:
                    return row
        return -1

    def check(self) -> None:
        """Accept if everything needed is there; overridden where something is needed."""
        self.accept()


def ticked(box: QListWidget) -> tuple[str, ...]:
    """The ticked entries of a list."""
    entries = [box.item(row) for row in range(box.count())]
    return tuple(e.text() for e in entries if e.checkState() == Qt.CheckState.Checked)
