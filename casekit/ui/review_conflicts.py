"""Codings that two reviewers made differently, side by side, and the decision of a person for one of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QTableWidget, QWidget

from casekit.i18n import tr, tr_count
from casekit.ui.coding_fields import VALUE_WORDS
from casekit.ui.form import Form
from casekit.ui.reading import shown
from casekit.ui.tables import choosing_table, put_row

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.queries.agreement import ConflictRow
    from casekit.ui.window import Window

HEADS = ("Item", "Title", "Set", "Field", "As it is coded", "As the other coded it")
WIDTHS = (58, 240, 130, 110, 190, 190)
SHOW, OURS, THEIRS = "show", "ours", "theirs"
_WIDTH, _HEIGHT = 960, 300


class DecideCodings(Form):
    """Shows both versions of each coding, and asks for which one it is decided."""

    def __init__(self, parent: QWidget | None, rows: Sequence[ConflictRow]) -> None:
        super().__init__(
            parent,  # type: ignore[arg-type]
            tr_count("1 coding differs between reviewers", "{n} codings differ between reviewers", len(rows)),
            tr("Choose rows, look at their items, and decide. Both versions stay on record, with who decided "
               "and why. Privilege that is decided for withholds the whole family."),
            tr("Go on"),
        )  # fmt: skip
        self.setMinimumWidth(_WIDTH)
        self._rows = rows
        self.table = self._filled()
        self.form.addRow(self.table)
        self.decision = self.choice(
            tr("Decision"),
            [
                (SHOW, tr("Show the item")),
                (OURS, tr("Leave it as it is coded")),
                (THEIRS, tr("Code it as the other did")),
            ],
        )
        self.reason = self.field(tr("Because"), hint=tr("May be empty; it stays on record"))
        self.decision.currentIndexChanged.connect(lambda _n: self._show_reason())
        self._show_reason()

    def chosen(self) -> list[ConflictRow]:
        """The rows chosen."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self._rows[row] for row in rows]

    def check(self) -> None:
        """A row is needed."""
        if self.chosen():
            self.accept()
        else:
            self.complain(tr("Choose at least one row."))

    def answer(self) -> tuple[list[ConflictRow], str, str] | None:
        """Rows, what is decided of them, and why."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return self.chosen(), str(self.decision.currentData()), self.reason.text().strip()

    def _show_reason(self) -> None:
        self.trouble.hide()
        self.form.setRowVisible(self.reason, self.decision.currentData() != SHOW)

    def _filled(self) -> QTableWidget:
        table = choosing_table(tr("Codings that differ"), len(self._rows), HEADS, WIDTHS)
        table.setMinimumHeight(_HEIGHT)
        for number, row in enumerate(self._rows):
            cells = (
                str(row.item_id), shown(row.title), shown(row.set_name), shown(row.field),
                _version(row.ours, row.ours_by), _version(row.theirs, row.theirs_by),
            )  # fmt: skip
            put_row(table, number, cells)
        return table


def _version(value: str | None, by: str) -> str:
    words = tr("nothing") if value is None else shown(tr(VALUE_WORDS.get(value, value)))
    return f"{words} ({shown(by)})" if by else words


def decide(window: Window) -> None:
    """Show what was coded differently, and do what is decided of it."""
    shell = window.shell
    if shell is None:
        return

    def query(s: object) -> list[ConflictRow]:
        from casekit.queries import agreement

        return agreement.conflicts(s)  # type: ignore[arg-type]

    def arrived(rows: list[ConflictRow]) -> None:
        if not rows:
            window.say(tr("No coding differs between reviewers."))
            return
        asked = window.ask.form(DecideCodings(window, rows))
        if asked is not None:
            _do(window, *asked)

    shell.read("conflicts", query, arrived)


def _do(window: Window, chosen: Sequence[ConflictRow], decision: str, reason: str) -> None:
    from casekit.ops import reviews
    from casekit.ui.pages import REVIEW

    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None:
        return
    if decision == SHOW:
        window.show_page(REVIEW)
        workspace.show_items(
            tr("Codings that differ"), list(dict.fromkeys(r.item_id for r in chosen))
        )
        return
    op = partial(
        reviews.decide, conflict_ids=[row.id for row in chosen], keep=decision, reason=reason
    )

    def said(changes: Changes) -> None:
        window.say(changes.label)

    shell.do("decide codings", op, said)
