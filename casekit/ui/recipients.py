"""Rows to say who receives an export, each a name and a role that the order on confidentiality knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from casekit.i18n import tr
from casekit.ui.basics import Choice
from casekit.ui.chrome import tool

ROLES = (
    ("court", "Court"),
    ("own-counsel", "Own counsel"),
    ("own-party", "Own party"),
    ("opposing-counsel", "Opposing counsel"),
    ("opposing-party", "Opposing party"),
    ("expert", "Expert"),
    ("public", "The public"),
)
"""The roles of `queries.tiers.ROLES`, which the window reads later, with their words."""


@dataclass(slots=True)
class Row:
    """One recipient as it is being written."""

    whole: QWidget
    name: QLineEdit
    role: QComboBox

    def said(self) -> tuple[str, str]:
        """Name and role; either may be empty yet."""
        return " ".join(self.name.text().split()), str(self.role.currentData() or "")


class Recipients(QWidget):
    """Says `told` with all recipients that have both a name and a role, each as `NAME, ROLE`.

    Args:
        given: Those that there are.
    """

    told = Signal(tuple)
    grown = Signal()  # a row was added

    def __init__(self, given: Sequence[str] = ()) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._last = tuple(given)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.add = QPushButton(tr("Add a recipient"))
        self.add.setProperty("link", True)
        self.add.clicked.connect(self._add_and_write)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        for one in given:
            name, _, role = one.rpartition(", ")
            self._row(name, role)
        if not given:
            self._row("", "")
        self.setFocusProxy(self.rows[0].name)

    def recipients(self) -> tuple[str, ...]:
        """Those that are whole."""
        found = dict.fromkeys(f"{name}, {role}" for name, role in self._said() if name and role)
        return tuple(found)

    def open_row(self) -> Row | None:
        """The first one with a name and no role, or a role and no name."""
        return next((one for one in self.rows if sum(map(bool, one.said())) == 1), None)

    def written(self) -> list[tuple[str, str]]:
        """Name and role of every row, whole or not."""
        return self._said()

    def write(self, given: Sequence[tuple[str, str]]) -> None:
        """Write such rows again."""
        while len(self.rows) < len(given):
            self._row("", "")
        for row, (name, role) in zip(self.rows, given, strict=False):
            row.name.setText(name)
            row.role.setCurrentIndex(max(0, row.role.findData(role)))

    def _said(self) -> list[tuple[str, str]]:
        return [one.said() for one in self.rows]

    def _add_and_write(self) -> None:
        self._row("", "").name.setFocus()
        self.grown.emit()

    def _row(self, name: str, role: str) -> Row:
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        field = QLineEdit(name)
        field.setPlaceholderText(tr("Name, such as Jane Roe"))
        field.setAccessibleName(tr("Recipient"))
        field.setMaxLength(200)
        box = Choice()
        box.setAccessibleName(tr("Role of the recipient"))
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.addItem(tr("Role …"), "")
        for value, words in ROLES:
            box.addItem(tr(words), value)
        box.setCurrentIndex(max(0, box.findData(role)))
        row = Row(whole, field, box)
        line.addWidget(field, 1)
        line.addWidget(box)
        line.addWidget(tool("close", tr("Take this recipient out"), lambda: self._away(row)))
        field.textChanged.connect(lambda _t: self._changed())
        box.currentIndexChanged.connect(lambda _n: self._changed())
        self.rows.append(row)
        self._column.insertWidget(len(self.rows) - 1, whole)
        return row

    def _away(self, row: Row) -> None:
        if len(self.rows) == 1:  # one empty row stays to write in
            row.name.clear()
            row.role.setCurrentIndex(0)
            return
        self.rows.remove(row)
        row.whole.hide()
        row.whole.deleteLater()
        self.setFocusProxy(self.rows[0].name)
        self._changed()

    def _changed(self) -> None:
        for one in self.rows:
            name, role = one.said()
            for field, bad in (
                (one.name, bool(role and not name)),
                (one.role, bool(name and not role)),
            ):
                if field.property("bad") != bad:
                    field.setProperty("bad", bad)
                    field.style().unpolish(field)
                    field.style().polish(field)
        found = self.recipients()
        if found != self._last:
            self._last = found
            self.told.emit(found)
