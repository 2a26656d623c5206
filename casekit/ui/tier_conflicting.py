"""What recipients of an export may not see, listed with the reason, and what is decided of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QTableWidget, QWidget

from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.ui.asking_again import until_taken
from casekit.ui.form import Form
from casekit.ui.recipients import ROLES
from casekit.ui.tables import choosing_table, put_row
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.queries.items import ItemRow
    from casekit.queries.tiers import Barred
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

HEADS = ("Item", "Title", "May not be seen by", "Why")
WIDTHS = (64, 250, 230, 330)
SHOW, GIVE, PASS = "show", "give", "pass"
_WIDTH, _HEIGHT = 940, 280


class DecideTiers(Form):
    """Shows what a recipient may not see, and asks what is done with the rows that are chosen."""

    def __init__(
        self, parent: QWidget | None, barred: Sequence[Barred], rows: Mapping[int, ItemRow]
    ) -> None:
        number = len({each.item_id for each in barred if each.item_id})
        super().__init__(
            parent,
            tr_count("1 item may not go to a recipient", "{n} items may not go to a recipient", number),
            tr("Nothing was written. Take these items out, name other recipients, or decide here what becomes "
               "of items that only tell of what has a stricter tier."),
            tr("Go on"),
        )  # fmt: skip
        self.setMinimumWidth(_WIDTH)
        self._barred = barred
        self.table = self._filled(rows)
        self.form.addRow(self.table)
        self.decision = self.choice(
            tr("Decision"),
            [
                (SHOW, tr("Show the item")),
                (GIVE, tr("Give them the stricter tier too")),
                (PASS, tr("Let them go where their own tier lets them")),
            ],
        )
        self.reason = self.field(tr("Because"), hint=tr("Published by the other side on 3 March …"))
        self.decision.currentIndexChanged.connect(lambda _n: self._show_reason())
        self._show_reason()

    def chosen(self) -> list[Barred]:
        """The rows chosen."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self._barred[row] for row in rows]

    def check(self) -> None:
        """Rows are needed that the decision can be taken of, and a reason to let something pass."""
        chosen, decision = self.chosen(), self.decision.currentData()
        if not chosen:
            self.complain(tr("Choose at least one row."))
        elif decision == SHOW and not chosen[0].item_id:
            self.complain(tr("This is no item: change the designation of the whole."))
        elif decision != SHOW and not all(each.why for each in chosen):
            self.complain(
                tr("An item that has the tier itself can only be left out, or given another tier.")
            )
        elif decision == PASS and not self.reason.text().strip():
            self.complain(tr("Say why these items may pass: the decision keeps its reason."))
        else:
            self.accept()

    def answer(self) -> tuple[list[Barred], str, str] | None:
        """Rows, what is decided of them, and why."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return self.chosen(), str(self.decision.currentData()), self.reason.text().strip()

    def _show_reason(self) -> None:
        self.trouble.hide()
        self.form.setRowVisible(self.reason, self.decision.currentData() == PASS)

    def _filled(self, rows: Mapping[int, ItemRow]) -> QTableWidget:
        table = choosing_table(tr("What may not be seen"), len(self._barred), HEADS, WIDTHS)
        table.setMinimumHeight(_HEIGHT)
        for number, each in enumerate(self._barred):
            row = rows.get(each.item_id)
            title = shown(row.title or row.name) if row else tr("the whole, by its designation")
            cells = (
                str(each.item_id or "–"), title, _who(each.recipient), why_words(each)
            )  # fmt: skip
            put_row(table, number, cells)
        return table


def why_words(one: Barred) -> str:
    """Why something may not be seen."""
    from casekit.ui.conflicting import WHY_WORDS

    if not one.why:
        return tr("has the tier {tier}", tier=shown(one.tier))
    values = {"why": tr(WHY_WORDS[one.why]), "id": one.of, "tier": shown(one.tier)}
    return tr("{why} · item {id}, {tier}", **values)


def _who(recipient: str) -> str:
    name, _, role = recipient.rpartition(", ")
    return f"{shown(name)} · {tr(dict(ROLES)[role])}"


def decide(window: Window, barred: Sequence[Barred]) -> None:
    """Show what may not be seen, and do what is decided of it."""
    from casekit.queries import items

    shell = window.shell
    if shell is None:
        return
    ids = sorted({each.item_id for each in barred if each.item_id})

    def arrived(rows: list[ItemRow]) -> None:
        until_taken(
            window,
            lambda: window.ask.form(DecideTiers(window, barred, {row.id: row for row in rows})),
            lambda asked, again: _do(window, *asked, again=again),
        )

    shell.read("barred", lambda s: items.rows(s, ids), arrived)


def _do(
    window: Window, chosen: Sequence[Barred], decision: str, reason: str, *, again: Again
) -> None:
    from casekit.ops import tiers

    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None:
        return
    if decision == SHOW:
        workspace.open_item(chosen[0].item_id)
        return
    ids = sorted({each.item_id for each in chosen})
    op: Any = partial(tiers.pass_tiers, item_ids=ids, reason=reason)
    if decision == GIVE:
        op = partial(_give, chosen)

    def said(changes: Changes) -> None:
        window.say(changes.label)

    shell.do("tiers", op, said, again=again)


def _give(chosen: Sequence[Barred], s: Any) -> Changes:
    """Give the items the tier of what they tell of; of several, the strictest."""
    from casekit.ops import tiers
    from casekit.queries.tiers import order

    known = order(s)
    ranks = {one.name: one.rank for one in known.tiers}
    names = {each.tier for each in chosen}
    if not names <= ranks.keys():
        raise CaseKitError("The order has changed since: write it again and decide then.")
    strictest = max(names, key=lambda name: ranks[name])
    return tiers.give_tier(s, sorted({each.item_id for each in chosen}), strictest, family=False)
