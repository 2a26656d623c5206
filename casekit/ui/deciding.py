"""Deciding how times without a zone are read: lists them in groups, asks for a zone and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.ui.asking import Form
from casekit.ui.asking_again import until_taken
from casekit.ui.basics import Choice, Label
from casekit.ui.tables import COUNT_WIDTH, choosing_table
from casekit.ui.time_words import READINGS, decision_words, reading_words, when_text
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.times import TimeGroup
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

HEADS = ("File", "Field", "As written", "Assumed", "Items", "Decided")
WIDTHS = (150, 90, 190, 220, COUNT_WIDTH, 150)
_WIDTH, _HEIGHT = 960, 240


class DecideTimes(Form):
    """Asks for groups of times, how they are read, and why.

    Args:
        parent: The window.
        groups: All groups of the case.
        current: The group that is chosen at first, by its number; None: the only one that is undecided.
    """

    def __init__(
        self, parent: QWidget | None, groups: Sequence[TimeGroup], current: int | None = None
    ) -> None:
        super().__init__(
            parent,
            tr("Times to decide"),
            tr("These times were written without a zone and read as the rule says. Choose some and say in "
               "which zone they were written; until then no test that needs exact times uses them. The "
               "items stay as they are."),
            tr("Decide"),
        )  # fmt: skip
        self.setMinimumWidth(_WIDTH)
        self._groups = groups
        self.table = self._filled()
        self.form.addRow(self.table)
        self.reading = self._readings()
        self.form.addRow(tr("Read them in"), self.reading)
        self.swapped = QCheckBox(tr("Day and month are the other way round"))
        self.swapped.setVisible(False)
        self.form.addRow("", self.swapped)
        self.outcome = Label()
        self.outcome.setProperty("quiet", True)
        self.form.addRow("", self.outcome)
        self.reason = self.field(
            tr("Because"), hint=tr("The server’s settings, a witness, a second clock …")
        )
        self._choose_first(current)
        self.table.itemSelectionChanged.connect(self._show_outcome)
        self.reading.currentTextChanged.connect(self._show_outcome)
        self.swapped.toggled.connect(self._show_outcome)
        self._show_outcome()

    def numbers(self) -> list[int]:
        """The groups chosen."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self._groups[row].number for row in rows]

    def chosen_reading(self) -> str:
        """What is chosen or written as the reading."""
        text = self.reading.currentText().strip()
        at = self.reading.findText(text, Qt.MatchFlag.MatchFixedString)
        return str(self.reading.itemData(at)) if at >= 0 else text

    def check(self) -> None:
        """Groups, a reading that there is, and a reason are needed."""
        try:
            self._first()
        except CaseKitError as error:
            self.complain(error)
            return
        if not self.numbers():
            self.complain(tr("Choose at least one row."))
        elif not self.reason.text().strip():
            self.complain(
                tr("A decision on times needs a reason: it is printed beside them."), self.reason
            )
        else:
            self.accept()

    def answer(self) -> tuple[list[int], str, str, bool] | None:
        """Groups by their numbers, reading, reason, and whether day and month are exchanged."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        reason = self.reason.text().strip()
        return self.numbers(), self.chosen_reading(), reason, self._is_swapped()

    def _is_swapped(self) -> bool:
        return self.swapped.isVisibleTo(self) and self.swapped.isChecked()

    def _filled(self) -> QTableWidget:
        table = choosing_table(tr("Times to decide"), len(self._groups), HEADS, WIDTHS)
        table.setMinimumHeight(_HEIGHT)
        for number, group in enumerate(self._groups):
            for column, (text, tip) in enumerate(_cells(group)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(tip)
                table.setItem(number, column, cell)
        return table

    def _readings(self) -> QComboBox:
        from casekit.queries.zones import zone_names

        box = Choice()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setAccessibleName(tr("Read them in"))
        for value, words in READINGS:
            box.addItem(tr(words), value)
        for name in zone_names():
            box.addItem(name, name)
        box.setCurrentIndex(-1)
        edit = box.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(tr("Asia/Shanghai, +08:00, as assumed, or left out"))
        return box

    def _choose_first(self, current: int | None) -> None:
        undecided = [group.number for group in self._groups if group.decision is None]
        if current is None and len(undecided) == 1:
            current = undecided[0]
        for row, group in enumerate(self._groups):
            if group.number == current:
                self.table.selectRow(row)

    def _first(self) -> tuple[int, int] | None:
        """The first of the chosen times as it would be then, and how wide; None where it has none."""
        from casekit.queries.zones import LEFT_OUT, shifts, zone_of

        reading, numbers = self.chosen_reading(), self.numbers()
        if reading not in dict(READINGS):
            zone_of(reading)
        if reading == LEFT_OUT or not numbers:
            return None
        group = next(g for g in self._groups if g.number == numbers[0])
        us = group.first_us
        rule, swapped = f"assumed:{group.rule}", self._is_swapped()
        for shift in shifts(reading, rule, us, us, swapped=swapped):
            if shift.from_us <= us < shift.until_us:
                return us + shift.shift_us, shift.wide_us
        return None

    def _show_outcome(self) -> None:
        self.trouble.hide()
        chosen = [group for group in self._groups if group.number in self.numbers()]
        open_ = bool(chosen) and all(group.is_day_open for group in chosen)
        self.swapped.setVisible(open_ and self.chosen_reading() != "left-out")
        try:
            found = self._first()
        except CaseKitError:
            found = None  # still being written
        said = (
            "" if found is None else tr("The first is then {when} UTC.", when=when_text(found[0]))
        )
        self.outcome.setText(said)


def _cells(group: TimeGroup) -> tuple[tuple[str, str], ...]:
    """Text and tooltip of each cell of a group's row."""
    span = f"{when_text(group.first_us)} – {when_text(group.last_us)}"
    decided = group.decision
    return (
        (shown(group.path), f"{shown(group.path)}\n{group.sha256}"),
        (shown(group.field), shown(group.field)),
        ("  ·  ".join(map(shown, group.samples)), "\n".join(map(shown, group.samples))),
        (group.rule, f"{group.rule}\n{span}"),
        (f"{group.items:,}", span),
        (reading_words(decided), decision_words(decided)) if decided else ("▲ " + tr("no"), ""),
    )


def decide_times(window: Window) -> None:
    """Ask for groups of times, a reading and a reason, and write it down."""
    from casekit.queries import times

    shell = window.shell
    if shell is None:
        return

    def arrived(found: tuple[list[TimeGroup], int | None]) -> None:
        groups, current = found
        if not groups:
            window.say(tr("Every time in this case names its zone."))
            return
        until_taken(
            window,
            lambda: window.ask.times(groups, current),
            lambda asked, again: _decide(window, *asked, again=again),
        )

    current = shell.selection.current
    shell.read(
        "times",
        lambda s: (times.groups(s), times.group_of(s, current) if current is not None else None),
        arrived,
    )


def _decide(
    window: Window, numbers: list[int], reading: str, reason: str, swapped: bool, *, again: Again
) -> None:
    from casekit.ops import times

    if window.shell is None:
        return
    said = tr_count("1 group of times decided.", "{n} groups of times decided.", len(numbers))
    window.shell.do(
        "decide times",
        lambda s: times.decide_time(s, numbers, reading, reason, swapped=swapped),
        lambda _changes: window.say(said),
        again=again,
    )
