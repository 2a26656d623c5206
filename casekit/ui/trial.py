"""The trial exhibit list in the window: a table in which what is said of each exhibit is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QDialog, QTableWidget, QTableWidgetItem, QWidget

from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.ui.asking import Form
from casekit.ui.asking_again import until_taken
from casekit.ui.tables import choosing_table
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.progress import Progress
    from casekit.queries.trial import TrialRow
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

HEADS = ("Exhibit", "Description", "Sponsoring witness", "Purpose", "Basis for admission", "Objected by",
         "Objection", "Response", "Stipulated", "Offered", "Admitted")  # fmt: skip
WIDTHS = (70, 210, 130, 140, 140, 100, 140, 140, 90, 90, 90)
_FIXED = 2
_WIDTH, _HEIGHT = 1180, 380


class TrialList(Form):
    """Shows every exhibit with what is written of it, and lets the cells be changed."""

    def __init__(self, parent: QWidget | None, rows: Sequence[TrialRow]) -> None:
        super().__init__(
            parent,
            tr("Trial exhibit list"),
            tr("Write into the cells: who sponsors the exhibit, for what and on which ground, what was "
               "objected, and the dates such as 2026-03-14. What stays empty is left to the pen."),
            tr("Save"),
        )  # fmt: skip
        self.setMinimumWidth(_WIDTH)
        self._rows = rows
        self.table = self._filled()
        self.form.addRow(self.table)

    def changed(self) -> dict[str, dict[str, str]]:
        """What was written anew, by the exhibit's label and the field's name."""
        from casekit.queries.trial import FIELDS

        found: dict[str, dict[str, str]] = {}
        for n, row in enumerate(self._rows):
            for at, field in enumerate(FIELDS, _FIXED):
                cell = self.table.item(n, at)
                text = cell.text().strip() if cell is not None else ""
                if text != row.values[field]:
                    found.setdefault(row.exhibit.label, {})[field] = text
        return found

    def check(self) -> None:
        """Dates must be dates; the dialog stays until they are."""
        from casekit.ops import trial

        wanted = self.changed()
        try:
            for row in self._rows:
                if row.exhibit.label in wanted:
                    trial.check(row.exhibit.label, {**row.values, **wanted[row.exhibit.label]})
        except CaseKitError as error:
            self.complain(error)
            return
        self.accept()

    def answer(self) -> Mapping[str, Mapping[str, str]] | None:
        """What was written anew."""
        return self.changed() if self.exec() == QDialog.DialogCode.Accepted else None

    def _filled(self) -> QTableWidget:
        from casekit.queries.trial import FIELDS

        table = choosing_table(tr("Trial exhibit list"), len(self._rows), HEADS, WIDTHS)
        table.setMinimumHeight(_HEIGHT)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        for n, row in enumerate(self._rows):
            title = tr("Withheld") if row.exhibit.privileged else shown(row.exhibit.title)
            texts = (row.exhibit.label, title, *(row.values[field] for field in FIELDS))
            for at, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                if at < _FIXED:
                    cell.setFlags(cell.flags() & ~Qt.ItemFlag.ItemIsEditable)
                table.setItem(n, at, cell)
        if self._rows:
            table.setCurrentCell(0, _FIXED)
        return table


def edit_list(window: Window) -> None:
    """Show the trial exhibit list and keep what was written in it, as one act."""
    from casekit.ops import trial
    from casekit.queries import trial as queries

    shell = window.shell
    if shell is None:
        return
    case = shell.case

    def work(_progress: Progress) -> list[TrialRow]:
        with case.read() as s:
            return queries.trial_rows(s)

    def done(rows: list[TrialRow]) -> None:
        if not rows:
            window.say(tr("There is no exhibit yet: choose an item and press E."))
            return
        until_taken(window, lambda: window.ask.trial_list(rows) or None, act)

    def act(wanted: Mapping[str, Mapping[str, str]], again: Again) -> None:
        shell.do(
            "trial list", lambda s: trial.set_trial(s, wanted), lambda _: told(len(wanted)), again=again
        )  # fmt: skip

    def told(n: int) -> None:
        window.say(tr_count("Trial list: 1 exhibit changed", "Trial list: {n} exhibits changed", n))

    shell.jobs.start(tr("Trial exhibit list"), work, done, window.refuse)
