"""The persons that were decided, each with what it appears as, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr
from casekit.ui.asking_again import until_taken
from casekit.ui.basics import Label
from casekit.ui.event_table import button_of
from casekit.ui.people_words import KIND_WORDS
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.people import AliasRow, PersonRow
    from casekit.ui.shell import Shell

_ROW = Qt.ItemDataRole.UserRole


class PersonTree(QWidget):
    """Persons with their aliases below; `on_open` lists the items of one."""

    def __init__(self, shell: Shell, on_open: Callable[[PersonRow], None]) -> None:
        super().__init__()
        self.shell, self._on_open = shell, on_open
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(tr("Who is who"))
        self.tree.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.tree.itemSelectionChanged.connect(self._selected)
        self.empty = Label(
            tr("Nobody is decided yet. Choose values at the left and say that they are one.")
        )
        self.empty.setProperty("quiet", True)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(16, 12, 16, 12)
        self.open = button_of(
            tr("Items"), tr("List the items in which the person appears"), self._open
        )
        self.name = button_of(tr("Rename …"), tr("Call the person otherwise"), self.rename)
        self.split = button_of(
            tr("Split off"), tr("What is chosen below a person is somebody else"), self.split_off
        )
        self.remove = button_of(
            tr("Take away"), tr("Take the decision, or what is chosen of it, away"), self.take_away
        )
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(6)
        row.addStretch(1)
        for button in (self.open, self.name, self.split, self.remove):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.empty)
        column.addWidget(self.tree, 1)
        column.addLayout(row)
        self._selected()

    def show_persons(self, rows: Sequence[PersonRow]) -> None:
        """Fill the tree anew."""
        self.tree.clear()
        self.empty.setVisible(not rows)
        for row in rows:
            top = QTreeWidgetItem([shown(row.name)])
            top.setData(0, _ROW, row)
            for alias in row.aliases:
                source = (
                    " · " + tr("item {n}", n=alias.item_id) if alias.item_id is not None else ""
                )
                below = QTreeWidgetItem(
                    [f"{tr(KIND_WORDS[alias.kind])}: {shown(alias.value)}{source}"]
                )
                below.setData(0, _ROW, alias)
                below.setToolTip(0, shown(alias.reason))
                top.addChild(below)
            self.tree.addTopLevelItem(top)
            top.setExpanded(True)
        self._selected()

    def person(self) -> PersonRow | None:
        """The one person that is chosen, or of which something is."""
        tops = {id(t): t for t in (item.parent() or item for item in self.tree.selectedItems())}
        if len(tops) != 1:
            return None
        found: PersonRow = next(iter(tops.values())).data(0, _ROW)
        return found

    def aliases(self) -> list[AliasRow]:
        """What is chosen below a person."""
        return [
            item.data(0, _ROW) for item in self.tree.selectedItems() if item.parent() is not None
        ]

    def _selected(self) -> None:
        row, aliases = self.person(), self.aliases()
        for button in (self.open, self.name, self.remove):
            button.setEnabled(row is not None)
        self.split.setEnabled(row is not None and 0 < len(aliases) < len(row.aliases))

    def _open(self) -> None:
        row = self.person()
        if row is not None:
            self._on_open(row)

    def rename(self) -> None:
        """Ask for a name."""
        from casekit.ops import people

        row = self.person()
        if row is None:
            return
        window, do = self.shell.window, self.shell.do
        until_taken(
            window,
            lambda: window.ask.text(tr("Rename"), tr("Name"), row.name),
            lambda name, again: do("rename", lambda s: people.rename(s, row.id, name), again=again),
        )

    def split_off(self) -> None:
        """Ask what the other one is called, and split."""
        from casekit.ops import people

        row, aliases = self.person(), self.aliases()
        if row is None or not aliases:
            return
        window, do, numbers = self.shell.window, self.shell.do, [a.id for a in aliases]
        until_taken(
            window,
            lambda: window.ask.text(tr("Split off"), tr("Name"), aliases[0].value),
            lambda name, again: do(
                "split", lambda s: people.split(s, row.id, numbers, name), again=again
            ),
        )

    def take_away(self) -> None:
        """Take away what is chosen; undo puts it back."""
        from casekit.ops import people

        row = self.person()
        if row is None:
            return
        numbers = [a.id for a in self.aliases()]
        self.shell.do(
            "remove person", lambda s: people.remove(s, row.id, numbers),
            lambda _c: self.shell.window.say(tr("Taken away. Undo puts it back.")),
        )  # fmt: skip
