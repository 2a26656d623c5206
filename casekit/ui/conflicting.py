"""Deciding what would give a withheld item away: lists it with the reason, withholds it too or lets it pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import (
    QDialog,
    QTableWidget,
    QWidget,
)

from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.ui.asking import Form
from casekit.ui.asking_again import until_taken
from casekit.ui.tables import choosing_table, put_row
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.progress import Progress
    from casekit.queries.conflicts import Conflict
    from casekit.queries.items import ItemRow
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

HEADS = ("Item", "Title", "Why", "Withheld item", "Its title")
WIDTHS = (64, 250, 270, 110, 200)
WHY_WORDS = {
    "bytes": "the same file",
    "content": "says the same, to the same people at the same time",
    "message-id": "the same Message-ID",
    "translation": "its translation, or what it translates",
    "near": "nearly the same text",
    "forward": "forwards it",
    "quote": "quotes it",
    "reply": "answers it, with a quotation",
    "passage": "has a passage of it",
    "carries": "holds an attachment that tells of it",
    "belongs": "belongs to a copy of it",
}
WITHHOLD, PASS = "withhold", "pass"
_WIDTH, _HEIGHT = 960, 300


class DecideConflicts(Form):
    """Asks which items are withheld too, or decided to be not privileged, and why."""

    def __init__(
        self, parent: QWidget | None, conflicts: Sequence[Conflict], rows: Mapping[int, ItemRow]
    ) -> None:
        number = len({each.item_id for each in conflicts})
        super().__init__(
            parent,
            tr_count("1 item would give a withheld item away", "{n} items would give a withheld item away",
                     number),
            tr("No dossier and no list with one of them is written until it is decided. Choose rows and "
               "withhold the items too, or say why they are not privileged. An item in which the passage is "
               "redacted needs no decision."),
            tr("Decide"),
        )  # fmt: skip
        self.setMinimumWidth(_WIDTH)
        self._conflicts = conflicts
        self.table = self._filled(rows)
        self.form.addRow(self.table)
        self.decision = self.choice(
            tr("Decision"),
            [
                (WITHHOLD, tr("Withhold them too, with their families")),
                (PASS, tr("Not privileged: let them leave")),
            ],
        )
        self.reason = self.field(tr("Because"), hint=tr("Sent to the other side on 3 March …"))
        self.decision.currentIndexChanged.connect(self._show_reason)
        self._show_reason()

    def ids(self) -> list[int]:
        """The items of the rows chosen, each once."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return list(dict.fromkeys(self._conflicts[row].item_id for row in rows))

    def check(self) -> None:
        """Rows are needed, and a reason to let something pass."""
        if not self.ids():
            self.complain(tr("Choose at least one row."))
        elif self.decision.currentData() == PASS and not self.reason.text().strip():
            self.complain(
                tr("Say why these items are not privileged: the decision keeps its reason.")
            )
        else:
            self.accept()

    def answer(self) -> tuple[list[int], str, str] | None:
        """Items, what is decided of them (`withhold` or `pass`), and why."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return self.ids(), str(self.decision.currentData()), self.reason.text().strip()

    def _show_reason(self) -> None:
        self.trouble.hide()
        self.form.setRowVisible(self.reason, self.decision.currentData() == PASS)

    def _filled(self, rows: Mapping[int, ItemRow]) -> QTableWidget:
        table = choosing_table(
            tr("What would give a withheld item away"), len(self._conflicts), HEADS, WIDTHS
        )
        table.setMinimumHeight(_HEIGHT)
        for number, each in enumerate(self._conflicts):
            cells = (
                str(each.item_id), _title(rows, each.item_id), tr(WHY_WORDS[each.why]),
                f"◆ {each.withheld_id}", _title(rows, each.withheld_id),
            )  # fmt: skip
            put_row(table, number, cells)
        return table


def _title(rows: Mapping[int, ItemRow], item_id: int) -> str:
    row = rows.get(item_id)
    return "" if row is None else shown(row.title or row.name)


def list_conflicts(window: Window) -> None:
    """Look through the whole case for what would give a withheld item away, and ask for decisions."""
    shell = window.shell
    if shell is None:
        return
    case = shell.case

    def work(progress: Progress) -> list[Conflict]:
        from casekit.queries import conflicts

        with case.read() as s:
            return conflicts.conflicts(s, progress=progress)

    def done(found: list[Conflict]) -> None:
        if found:
            decide(window, found)
        else:
            window.say(tr("Nothing in this case would give a withheld item away."))

    shell.jobs.start(tr("Comparing with what is withheld"), work, done, window.refuse, lane="long")


def asked(window: Window, error: CaseKitError) -> bool:
    """Ask for decisions if the want of them is why something was refused; whether it is."""
    from casekit.queries.conflicts import PrivilegeConflict
    from casekit.queries.tiers import TierConflict
    from casekit.ui import tier_conflicting

    if isinstance(error, TierConflict) and error.barred:
        window.notice.show_text(
            tr("Nothing was written: a recipient may not see what is in it."), "bad"
        )
        tier_conflicting.decide(window, error.barred)
        return True
    if not isinstance(error, PrivilegeConflict):
        return False
    window.notice.show_text(
        tr("Nothing was written: something in it would give a withheld item away."), "bad"
    )
    decide(window, error.conflicts)
    return True


def stopped(window: Window, again: Again) -> Callable[[CaseKitError], None]:
    """What gives a withheld item away is shown to be decided; for all else it is asked again."""

    def told(error: CaseKitError) -> None:
        if not asked(window, error):
            again(error)

    return told


def decide(window: Window, found: Sequence[Conflict]) -> None:
    """Ask what is decided of some conflicts, and write it down."""
    from casekit.queries import items

    shell = window.shell
    if shell is None:
        return
    ids = sorted({n for each in found for n in (each.item_id, each.withheld_id)})

    def arrived(rows: list[ItemRow]) -> None:
        until_taken(
            window,
            lambda: window.ask.conflicts(found, {row.id: row for row in rows}),
            lambda told, again: _write(window, *told, again=again),
        )

    shell.read("conflicts", lambda s: items.rows(s, ids), arrived)


def _write(window: Window, ids: Sequence[int], decision: str, reason: str, *, again: Again) -> None:
    from casekit.ops import privilege

    def said(changes: Changes) -> None:
        window.say(changes.label)

    op: Any = partial(privilege.pass_items, item_ids=ids, reason=reason)
    if decision == WITHHOLD:
        op = partial(privilege.assert_privilege, item_ids=ids, basis="attorney-client")
    if window.shell is not None:
        window.shell.do("conflicts", op, said, again=again)
