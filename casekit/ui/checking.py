"""Checking what others have redacted: lists it with the words it withholds, and approves or rejects it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidget

from casekit.i18n import tr, tr_count
from casekit.ui.asking import Form
from casekit.ui.tables import choosing_table, put_row
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.queries.checks import Checked
    from casekit.ui.window import Window

HEADS = ("No.", "Item", "What is withheld", "Made by", "State")
WIDTHS = (110, 70, 330, 130, 220)
STATE_WORDS = {
    "waiting": "▲ not checked",
    "approved": "● approved by {by}",
    "rejected": "■ rejected by {by}: {reason}",
}
APPROVE, REJECT = "approve", "reject"
_WIDTH, _HEIGHT = 940, 300
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Line:
    """One redaction with the words that it withholds; of a box that nobody could read, its page."""

    row: Checked
    words: str


class CheckRedactions(Form):
    """Asks which redactions are approved or rejected, and why."""

    def __init__(self, window: Window, lines: Sequence[Line], *, needed: bool) -> None:
        waiting = sum(line.row.state != "approved" for line in lines)
        asked = (
            tr("The matter asks that a second person approves each before anything is issued.")
            if needed
            else tr("The matter does not ask for it: set “Redactions checked by” in Matter to change that.")
        )  # fmt: skip
        super().__init__(
            window, tr_count("1 redaction not approved", "{n} redactions not approved", waiting),
            asked + " " + tr("A redaction that is changed must be checked again, and nobody checks their own."),
            tr("Write it down"),
        )  # fmt: skip
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._window, self._lines = window, lines
        self.table = self._filled()
        self.form.addRow(self.table)
        self.verdict = self.choice(
            tr("Decision"), [(APPROVE, tr("Approve")), (REJECT, tr("Reject"))]
        )
        self.reason = self.field(tr("Because"), hint=tr("Too much, too little, another reason …"))

    def refs(self) -> list[str]:
        """The redactions of the rows chosen."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self._lines[row].row.ref for row in rows]

    def check(self) -> None:
        """Write it; rows are needed, and a reason to reject."""
        from casekit.ops import checks

        refs, reason, shell = self.refs(), self.reason.text().strip(), self._window.shell
        rejects = self.verdict.currentData() == REJECT
        if not refs:
            self.complain(tr("Choose at least one row."))
            return
        if rejects and not reason:
            self.complain(tr("Say why: who made it must know what to change."), self.reason)
            return
        window = self._window

        def op(s: Any) -> Changes:
            if rejects:
                return checks.reject(s, refs, reason)
            return checks.approve(s, refs, reason=reason)

        def said(changes: Changes) -> None:
            window.say(changes.label)

        if shell is not None:
            shell.do("check", op, said)
        self.accept()

    def _filled(self) -> QTableWidget:
        table = choosing_table(tr("Redactions"), len(self._lines), HEADS, WIDTHS)
        table.setMinimumHeight(_HEIGHT)
        for number, line in enumerate(self._lines):
            row = line.row
            state = tr(STATE_WORDS[row.state], by=row.by, reason=row.reason)
            item = str(row.item_id) if row.item_id else "–"
            cells = (row.ref, item, shown(line.words), ", ".join(row.made_by), state)
            put_row(table, number, cells)
        return table


def check_redactions(window: Window) -> None:
    """List all that is redacted, and ask for decisions."""
    if window.shell is None:
        return

    def arrived(found: tuple[bool, list[Line]]) -> None:
        needed, lines = found
        if lines:
            CheckRedactions(window, lines, needed=needed).open()
        else:
            window.say(tr("Nothing is redacted in this case, and there is no pseudonym."))

    window.shell.read("checks", _listed, arrived)


def _listed(s: Any) -> tuple[bool, list[Line]]:
    from casekit.queries.boxes import boxes
    from casekit.queries.checks import checks, is_needed
    from casekit.queries.pseudonyms import pseudonyms
    from casekit.queries.redactions import withheld_texts
    from casekit.queries.spacing import joined

    words: dict[tuple[str, int], str] = {}
    words |= {("redaction", row.id): text for row, text in withheld_texts(s)}
    words |= {("pseudonym", row.id): " | ".join(row.values) for row in pseudonyms(s)}
    for box in boxes(s):
        text = joined(word.text for word in box.words) or "?"
        words["box", box.id] = (
            tr("page {n}: all but a part", n=box.page)
            if box.kind == "keep"
            else tr("page {n}: {words}", n=box.page, words=text)
        )
    lines = [Line(row, words.get((row.kind, row.id), "")[:_LONGEST]) for row in checks(s)]
    return is_needed(s), sorted(lines, key=lambda line: line.row.state == "approved")
