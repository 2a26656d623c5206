"""The tiers of the order on confidentiality, edited in one dialog; and the tier of the chosen items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.ui.asking_again import until_taken
from casekit.ui.chrome import verbs
from casekit.ui.form import Form
from casekit.ui.recipients import ROLES
from casekit.ui.tables import choosing_table
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.ops.tiers import Preset
    from casekit.queries.tiers import Order
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

Wanted = tuple[str, str, tuple[str, ...]]
HEADS = ("Tier", "On its pages", *(words for _, words in ROLES), "Items")
WIDTHS = (172, 260, 56, 66, 56, 76, 76, 60, 60)
_WIDTH, _HEIGHT = 980, 236
_ROLE = 2  # the first column of a role


class EditOrder(Form):
    """Asks for the tiers of the order: their names, what their pages bear, and who may see each.

    Args:
        parent: The window.
        order: As it is.
        presets: What one can begin with.
    """

    def __init__(
        self, parent: QWidget | None, order: Order, names: Sequence[str], presets: Sequence[Preset]
    ) -> None:
        super().__init__(
            parent,
            tr("Order on confidentiality"),
            tr("The tiers of the protective order, the mildest first. Tick who may see each: an export that "
               "names its recipients is refused where it holds what one of them may not see."),
            tr("Keep the order"),
        )  # fmt: skip
        self.setMinimumWidth(_WIDTH)
        self._presets = presets
        self._items = Counter(names)
        self.preset = self.choice(
            tr("Begin with"), [("", tr("As it is")), *((one.key, one.title) for one in presets)]
        )
        self.preset.activated.connect(self._begin_with)
        self.table = self._empty()
        self.form.addRow(self.table)
        self.form.addRow(self._buttons())
        for one in order.tiers:
            self._put(
                self.table.rowCount(),
                (one.name, one.stamp, tuple(r for r, _ in ROLES if r in one.sees)),
            )

    def wanted(self) -> list[Wanted]:
        """The tiers as they are written."""
        return [self._row(n) for n in range(self.table.rowCount())]

    def add(self) -> None:
        """Write another tier, as strict as any."""
        self._put(self.table.rowCount(), ("", "", ("court", "own-counsel")))
        at = self.table.rowCount() - 1
        self.table.setCurrentCell(at, 0)
        cell = self.table.item(at, 0)
        if cell is not None:
            self.table.editItem(cell)

    def remove(self) -> None:
        """Take out the tier that is chosen."""
        if self.table.currentRow() >= 0:
            self.table.removeRow(self.table.currentRow())

    def shift(self, step: int) -> None:
        """Make the tier that is chosen stricter or milder."""
        at = self.table.currentRow()
        to = at + step
        if at < 0 or not 0 <= to < self.table.rowCount():
            return
        held = self._row(at)
        self.table.removeRow(at)
        self._put(to, held)
        self.table.setCurrentCell(to, 0)

    def check(self) -> None:
        """What is written must be an order; it is tried as it would be kept."""
        from casekit.ops.tiers import checked

        try:
            made = checked(self.wanted())
        except CaseKitError as error:
            self.complain(error)
            return
        gone = next((name for name in self._items if made.named(name) is None), None)
        if gone is not None:
            self.complain(
                tr(
                    "Items have the tier “{name}”: give them another, or none, first.",
                    name=shown(gone),
                )
            )
            return
        self.accept()

    def answer(self) -> list[Wanted] | None:
        """The tiers, the mildest first."""
        return self.wanted() if self.exec() == QDialog.DialogCode.Accepted else None

    def _empty(self) -> QTableWidget:
        table = choosing_table(tr("Tiers"), 0, HEADS, WIDTHS)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        table.setMinimumHeight(_HEIGHT)
        table.setHorizontalHeaderLabels(
            [*map(tr, HEADS[:_ROLE]), *(tr(head).replace(" ", "\n", 1) for head in HEADS[_ROLE:])]
        )
        header = table.horizontalHeader()
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        table.setColumnWidth(len(HEADS) - 1, 56)
        return table

    def _buttons(self) -> QWidget:
        whole = QWidget()
        row = verbs(
            (
                (tr("Add a tier"), self.add), (tr("Take out"), self.remove),
                (tr("Milder"), lambda: self.shift(-1)), (tr("Stricter"), lambda: self.shift(1)),
            )
        )  # fmt: skip
        row.setContentsMargins(0, 0, 0, 0)
        whole.setLayout(row)
        row.addStretch(1)
        return whole

    def _begin_with(self, _n: int) -> None:
        key = self.preset.currentData()
        one = next((each for each in self._presets if each.key == key), None)
        if one is None:
            return
        self.table.setRowCount(0)
        for each in one.tiers:
            self._put(self.table.rowCount(), each)
        self.preset.setToolTip(tr("{source}, read on {day}", source=one.source, day=one.read))

    def _put(self, at: int, tier: Wanted) -> None:
        name, stamp, sees = tier
        self.table.insertRow(at)
        for column, text in enumerate((name, stamp)):
            self.table.setItem(at, column, QTableWidgetItem(text))
        for column, (role, words) in enumerate(ROLES, _ROLE):
            cell = QTableWidgetItem()
            cell.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsSelectable
            )
            cell.setCheckState(Qt.CheckState.Checked if role in sees else Qt.CheckState.Unchecked)
            cell.setToolTip(tr(words))
            self.table.setItem(at, column, cell)
        count = QTableWidgetItem(f"{self._items[name]:,}")
        count.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.table.setItem(at, len(HEADS) - 1, count)

    def _row(self, at: int) -> Wanted:
        name, stamp = (
            cell.text() if (cell := self.table.item(at, n)) is not None else "" for n in (0, 1)
        )
        sees = tuple(
            role
            for column, (role, _) in enumerate(ROLES, _ROLE)
            if (cell := self.table.item(at, column)) is not None
            and cell.checkState() == Qt.CheckState.Checked
        )
        return " ".join(name.split()), " ".join(stamp.split()), sees


class GiveTier(Form):
    """Asks which tier some items get."""

    def __init__(
        self, parent: QWidget | None, count: int, tiers: Sequence[tuple[str, str]], present: str
    ) -> None:
        super().__init__(
            parent,
            tr_count("Tier of 1 item", "Tier of {n} items", count),
            tr("Their pages bear its stamp, and nothing with them goes to whom the order does not let see it."),
            tr("Give the tier"),
        )  # fmt: skip
        entries = [("", tr("No tier"))]
        entries += [
            (name, name if name.upper() == stamp else f"{name} · {stamp}") for name, stamp in tiers
        ]
        self.tier: QComboBox = self.choice(tr("Tier"), entries)
        self.tier.setCurrentIndex(max(0, self.tier.findData(present)))
        self.family = QCheckBox(
            tr("With their families: mails with attachments, attachments with mails")
        )
        self.family.setChecked(True)
        self.form.addRow("", self.family)

    def answer(self) -> tuple[str, bool] | None:
        """Name of the tier, empty for none, and whether families go along."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return str(self.tier.currentData()), self.family.isChecked()


def edit_order(window: Window) -> None:
    """Show the tiers of the matter's order, and keep what is changed in one act."""
    shell = window.shell
    if shell is None:
        return

    def query(s: Any) -> tuple[Order, list[str], Sequence[Preset]]:
        from casekit.ops.tiers import presets
        from casekit.queries import tiers

        return tiers.order(s), list(tiers.assigned(s).values()), presets()

    def arrived(found: tuple[Order, list[str], Sequence[Preset]]) -> None:
        from casekit.ops import tiers

        if window.shell is not shell:
            return
        until_taken(
            window,
            lambda: window.ask.form(EditOrder(window, *found)),
            lambda wanted, again: shell.do(
                "order", lambda s: tiers.set_order(s, wanted), lambda c: window.say(c.label),
                again=again,
            ),
        )  # fmt: skip

    shell.read("order", query, arrived)


def give_tier(window: Window) -> None:
    """Ask which tier the chosen items get, and give it to them."""
    shell = window.shell
    if shell is None or shell.selection.view is None:
        return
    view, ids = shell.selection.view, shell.selection.ids()
    if not view.tiers:
        raise CaseKitError(
            "The matter has no order on confidentiality yet: write it under “Order on confidentiality …”."
        )
    until_taken(
        window,
        lambda: window.ask.form(GiveTier(window, len(ids), view.tiers, view.tier)),
        lambda asked, again: put_tier(window, *asked, again=again),
    )


def put_tier(window: Window, name: str, family: bool = True, *, again: Again | None = None) -> None:
    """Give the chosen items a tier, or none, with their families."""
    from casekit.ops import tiers

    shell = window.shell
    if shell is None:
        return
    ids = shell.selection.ids()

    def done(changes: Changes) -> None:
        window.say(changes.label)

    shell.do("tier", lambda s: tiers.give_tier(s, ids, name, family=family), done, again=again)
