"""The people page: everybody and everything that appears, who is who, and what may be one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QTableWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr, tr_count
from casekit.ui import fonts
from casekit.ui.asking_again import until_taken
from casekit.ui.basics import Choice, Label
from casekit.ui.columns import Columns as Heads
from casekit.ui.event_table import button_of
from casekit.ui.form import Form
from casekit.ui.people_graph import LinksPane
from casekit.ui.people_words import KIND_WORDS, PERSON_WORDS, ROLE_WORDS
from casekit.ui.person_tree import PersonTree
from casekit.ui.tables import COUNT_WIDTH, choosing_table, put_row
from casekit.ui.time_words import when_text
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.queries.people import Appearance, PersonRow, Suggestion, Who
    from casekit.store.arrays import Columns
    from casekit.ui.shell import Shell

REASON_WORDS = {
    "same-name": "the same name", "same-mailbox": "the same mailbox",
    "account-is-address": "an account called like an address",
}  # fmt: skip
HEADS = ("Items", "What", "Value", "Names", "Roles", "First (UTC)", "Last (UTC)", "Person")
COUNT, WHAT, VALUE, NAMES, ROLES, FIRST, LAST, PERSON = range(len(HEADS))
WIDTHS = (COUNT_WIDTH, 104, 222, 124, 98, 102, 102, 100)
NEEDS = {ROLES: 880, FIRST: 780, WHAT: 680, PERSON: 560}  # below so many pixels it is not shown
SUGGESTED = ("May be one", "Values", "Because")
SUGGESTED_WIDTHS = (130, 230, 120)
MOST_OF_ONE, MOST_OF_EACH = 500, 60
_TYPED_MS = 250


class Unite(Form):
    """Asks what a person is called, why the values are one, and which item says so."""

    def __init__(
        self, parent: QWidget, name: str, values: Sequence[tuple[str, str]], reason: str
    ) -> None:
        what = "\n".join(f"{tr(KIND_WORDS[kind])}: {shown(value)}" for kind, value in values[:12])
        super().__init__(
            parent, tr("These are one"),
            tr("The evidence stays as it is; undo takes the decision back.") + "\n" + what, tr("Decide"),
        )  # fmt: skip
        self.name = self.field(tr("Name"), name)
        self.kind = self.choice(
            tr("Kind"),
            [(value, tr(words)) for value, words in PERSON_WORDS],
        )
        self.reason = self.field(
            tr("Because"), reason, tr("Signature of the mail, the account’s record …")
        )
        self.item = self.field(tr("Item that says so"), "", tr("its number"))

    def check(self) -> None:
        """A name is needed, and an item is a number."""
        if not self.name.text().strip():
            self.complain(tr("Give the person a name."), self.name)
        elif self.item.text().strip() and not self.item.text().strip().isdecimal():
            self.complain(tr("An item is named by its number."), self.item)
        else:
            self.accept()

    def answer(self) -> dict[str, Any] | None:
        """What was asked; None if the user thought better of it."""
        return self.values() if self.exec() == QDialog.DialogCode.Accepted else None

    def values(self) -> dict[str, Any]:
        """What is written in the fields."""
        number = self.item.text().strip()
        return {
            "name": self.name.text().strip(), "kind": str(self.kind.currentData()),
            "reason": self.reason.text().strip(), "item_id": int(number) if number else None,
        }  # fmt: skip


class PeoplePage(QWidget):
    """All that appears at the left; at the right who is who, and what may be one."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setObjectName("centre")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.shell = shell
        self.columns: Columns | None = None
        self.who: Who | None = None
        self.listed: list[Appearance] = []
        self._order = (-1, False)  # as they are given: kind by kind, the most frequent first
        self.suggestions: Sequence[Suggestion] = ()
        self._stale, self._asked = True, 0
        self._found: tuple[str, str] | None = None
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(_TYPED_MS)
        self._typed.timeout.connect(self.read)
        self._lay_out()
        shell.bus.changed.connect(self._changed)
        shell.bus.refreshed.connect(self._refreshed)

    def _lay_out(self) -> None:
        self.table = choosing_table(tr("All that appears"), 0, HEADS, WIDTHS)
        if (head := self.table.horizontalHeaderItem(COUNT)) is not None:
            head.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.heads = Heads(
            self.table, VALUE, {n: w for n, w in enumerate(WIDTHS) if n != VALUE}, NEEDS
        )
        self.heads.on_sort = self._sort_by
        self.table.itemSelectionChanged.connect(self._selected)
        self.table.itemActivated.connect(lambda _cell: self.open_in_review())
        self.open = button_of(
            tr("Open in Review"),
            tr("List the items in which these appear (Enter)"),
            self.open_in_review,
        )
        self.join = button_of(
            tr("These are one …"),
            tr("Decide that the chosen values are one person, or belong to one"),
            self.unite,
        )
        self.linked = button_of(
            tr("Links"),
            tr("Show what stands in the same records as the first chosen value"),
            self.show_links,
        )
        self.held = Label()
        self.held.setProperty("quiet", True)
        self.panes = QSplitter(Qt.Orientation.Horizontal, self)
        self.panes.setHandleWidth(1)
        self.panes.setChildrenCollapsible(False)
        left = _with_foot(self.panes, self.table, self.held, self.linked, self.open, self.join)
        self.tree = PersonTree(self.shell, self._open_person)
        self.tabs = QTabWidget(self.panes)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName(tr("Who is who"))
        self.tabs.addTab(self.tree, tr("Who is who"))
        self.tabs.addTab(self._suggestions(), tr("Suggestions"))
        self.links = LinksPane(self.shell, self._open_value)
        self.tabs.addTab(self.links, tr("Links"))
        self.panes.addWidget(left)
        self.panes.addWidget(self.tabs)
        self.panes.setStretchFactor(0, 1)
        self.panes.setSizes([980, 360])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._head())
        outer.addWidget(self.panes, 1)

    def _head(self) -> QHBoxLayout:
        title = Label(tr("People and accounts"))
        title.setFont(fonts.sans(17, fonts.SEMIBOLD))
        self.said = Label(tr("Reading times and names …"))
        self.said.setProperty("quiet", True)
        self.sought = QLineEdit()
        self.sought.setPlaceholderText(tr("Find a name, address, account, key …"))
        self.sought.setAccessibleName(tr("Find a name, address, account, key …"))
        self.sought.setMaximumWidth(320)
        self.sought.textEdited.connect(lambda _text: self._typed.start())
        self.kind = Choice()
        self.kind.setAccessibleName(tr("What"))
        self.kind.addItem(tr("Everything"), "")
        for value, words in KIND_WORDS.items():
            self.kind.addItem(tr(words), value)
        self.kind.currentIndexChanged.connect(lambda _n: self.read())
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 12, 6)
        head.setSpacing(6)
        head.addWidget(title)
        head.addSpacing(12)
        head.addWidget(self.said, 1)
        head.addWidget(self.sought)
        head.addWidget(self.kind)
        return head

    def _suggestions(self) -> QWidget:
        self.suggested = choosing_table(tr("Suggestions"), 0, SUGGESTED, SUGGESTED_WIDTHS)
        self.suggested.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.suggested.itemSelectionChanged.connect(self._selected)
        self.suggested.itemActivated.connect(lambda _cell: self.take())
        self.taking = button_of(tr("They are one …"), tr("Decide what is suggested"), self.take)
        about = Label(tr("Nothing is united unless you say so."))
        about.setProperty("quiet", True)
        return _with_foot(self.tabs, self.suggested, about, self.taking)

    # -- reading ----------------------------------------------------------------------------------

    def shown(self) -> None:
        """Read what has changed since the page was looked at."""
        if self._stale:
            self._stale, self.columns = False, None
            self.read()

    def go_to(self, kind: str, value: str) -> None:
        """Show one value, with what hangs together with it."""
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self.kind.blockSignals(False)
        self.sought.setText(value)
        self._found = (kind, value)
        if not self._stale:  # else it is read when it is shown
            self.read()

    def read(self) -> None:
        """Read all that appears, off the window's thread; only the newest question is answered."""
        self._asked += 1
        asked, case, known = self._asked, self.shell.case, self.columns
        kind, text = str(self.kind.currentData()), self.sought.text().strip()

        def work(progress: Any) -> Any:
            from casekit.queries import people
            from casekit.store import arrays

            columns = known if known is not None else arrays.read(case, progress)
            with case.read() as s:
                most = MOST_OF_ONE if kind else MOST_OF_EACH
                found = people.who(s, columns, kind=kind, text=text, most=most)
                suggested = people.suggestions(people.who(s, columns)) if known is None else None
            return columns, found, suggested

        def arrived(found: Any) -> None:
            if asked == self._asked:
                self.columns, self.who = found[0], found[1]
                self._show(found[1])
                self._choose_found()
                if found[2] is not None:
                    self._show_suggestions(found[2])

        self.shell.jobs.start("people", work, arrived, self.shell.window.refuse)

    def _show(self, who: Who) -> None:
        self._list()
        more = sum(who.left_out.values())
        said = tr_count("1 value", "{n} values", len(who.appearances))
        if more:
            said += " · " + tr(
                "{n} less frequent ones not shown: choose a kind or find them", n=more
            )
        if not who.appearances and not self.sought.text():
            said = tr("Nobody appears yet: import mails, messages or API logs.")
        self.said.setText(said)
        self.tree.show_persons(who.persons)
        self._selected()

    def _list(self) -> None:
        """Fill the table in the order that was asked for; what is chosen stays chosen."""
        if self.who is None:
            return
        chosen = {(row.kind, row.value) for row in self.chosen()}
        names = {row.id: row.name for row in self.who.persons}
        lines = [(row, _cells(row, names)) for row in self.who.appearances]
        self.heads.without = frozenset() if names else frozenset({PERSON})  # else it stands empty
        self.heads.follow()
        column, falling = self._order
        if column >= 0:
            lines.sort(key=lambda line: _key(line[0], line[1], column), reverse=falling)
        self.listed = [row for row, _ in lines]
        self.table.blockSignals(True)
        self.table.clearSelection()
        self.table.setRowCount(len(lines))
        marks = self.table.selectionModel()
        for number, (row, words) in enumerate(lines):
            put_row(self.table, number, words)
            if (count := self.table.item(number, COUNT)) is not None:
                count.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if (row.kind, row.value) in chosen:
                marks.select(
                    self.table.model().index(number, COUNT),
                    marks.SelectionFlag.Select | marks.SelectionFlag.Rows,
                )
        self.table.blockSignals(False)
        self._selected()

    def _sort_by(self, column: int) -> None:
        """By the column whose head was clicked: counts and times first from the top, words from A."""
        before, falling = self._order
        self._order = (column, not falling if column == before else column in (COUNT, FIRST, LAST))
        self.heads.mark(column, falling=self._order[1])
        self._list()

    def _choose_found(self) -> None:
        """Choose the row that was gone to."""
        wanted, self._found = self._found, None
        rows = [n for n, row in enumerate(self.listed) if (row.kind, row.value) == wanted]
        if rows:
            self.table.selectRow(rows[0])
            self.show_links()

    def _show_suggestions(self, found: Sequence[Suggestion]) -> None:
        self.suggestions = found
        self.suggested.setRowCount(len(found))
        for number, each in enumerate(found):
            values = " · ".join(shown(value) for _, value in each.values)
            reason = f"{tr(REASON_WORDS[each.reason])}: {shown(each.about)}"
            put_row(self.suggested, number, (shown(each.name), values, reason))
        self.tabs.setTabText(
            1, tr("Suggestions ({n})", n=len(found)) if found else tr("Suggestions")
        )
        self._selected()

    # -- doing ------------------------------------------------------------------------------------

    def chosen(self) -> list[Appearance]:
        """The values that are selected."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self.listed[n] for n in rows if n < len(self.listed)]

    def _selected(self) -> None:
        number = len(self.chosen())
        self.held.setText(tr_count("1 chosen", "{n} chosen", number) if number else "")
        for button in (self.open, self.join, self.linked):
            button.setEnabled(number > 0)
        self.taking.setEnabled(bool(self.suggested.selectedIndexes()))

    def open_in_review(self) -> None:
        """List the items in which the chosen values appear."""
        rows = self.chosen()
        if rows:
            label = ", ".join(shown(row.value) for row in rows[:3])
            self._open(label, [(row.kind, row.value) for row in rows])

    def show_links(self) -> None:
        """Draw what hangs together with the first chosen value."""
        rows = self.chosen()
        if rows and self.columns is not None:
            self.tabs.setCurrentWidget(self.links)
            self.links.show_around(self.columns, (rows[0].kind, rows[0].value))

    def _open_value(self, label: str, values: Sequence[tuple[str, str]]) -> None:
        """List the items of values, of a person those of all that it appears as."""
        found: list[tuple[str, str]] = []
        persons = {str(row.id): row for row in self.who.persons} if self.who is not None else {}
        for kind, value in values:
            row = persons.get(value) if kind == "person" else None
            found += [(a.kind, a.value) for a in row.aliases] if row else [(kind, value)]
        self._open(label, found)

    def _open_person(self, row: PersonRow) -> None:
        self._open(shown(row.name), [(a.kind, a.value) for a in row.aliases])

    def _open(self, label: str, values: Sequence[tuple[str, str]]) -> None:
        columns, workspace = self.columns, self.shell.window.workspace
        if columns is None or workspace is None:
            return

        def work(_progress: object) -> list[int]:
            from casekit.queries import people

            found: list[int] = people.items_of(columns, values).tolist()
            return found

        self.shell.jobs.start(
            "items of people", work, lambda ids: workspace.show_items(label, ids), lane="quick"
        )

    def unite(self) -> None:
        """Ask who the chosen values are, and decide it."""
        rows = self.chosen()
        if not rows or self.who is None:
            return
        best = max(rows, key=lambda row: row.items)
        persons = {row.id: row.name for row in self.who.persons}
        known = next((persons[r.person_id] for r in rows if r.person_id in persons), "")
        name = known or (best.names[0] if best.names else best.value)
        self._decide(name, [(row.kind, row.value) for row in rows], "")

    def take(self) -> None:
        """Decide what the chosen suggestion says, after asking."""
        places = sorted({index.row() for index in self.suggested.selectedIndexes()})
        if places and places[0] < len(self.suggestions):
            each = self.suggestions[places[0]]
            reason = f"{tr(REASON_WORDS[each.reason])}: {each.about}"
            self._decide(each.name, list(each.values), reason)

    def _decide(self, name: str, values: Sequence[tuple[str, str]], reason: str) -> None:
        from casekit.ops import people

        window = self.shell.window
        until_taken(
            window,
            lambda: window.ask.form(Unite(window, name, values, reason)),
            lambda given, again: self.shell.do(
                "unite", lambda s: people.unite(s, values, **given),
                lambda _c: window.say(tr("Decided. Undo takes it back.")), again=again,
            ),
        )  # fmt: skip

    # -- hearing ----------------------------------------------------------------------------------

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & {"people", "times", "privilege"}:
            self._refreshed()

    def _refreshed(self) -> None:
        self._stale = True
        if self.isVisible():
            self.shown()


def _cells(row: Appearance, names: Mapping[int, str]) -> tuple[str, ...]:
    """What the table says of a value, in the order of `HEADS`."""
    person = "" if row.person_id is None else names.get(row.person_id, "")
    return (
        f"{row.items:,}", tr(KIND_WORDS[row.kind]), shown(row.value), shown(" · ".join(row.names)),
        ", ".join(tr(ROLE_WORDS.get(role, role)) for role in row.roles),
        when_text(row.first_us)[:10], when_text(row.last_us)[:10], shown(person),
    )  # fmt: skip


def _key(row: Appearance, words: Sequence[str], column: int) -> tuple[int, str]:
    """What rows are sorted by: numbers and times as such, the rest by their words."""
    numbers = {COUNT: row.items, FIRST: row.first_us, LAST: row.last_us}
    if column in numbers:
        return numbers[column] or 0, ""
    return 0, words[column].casefold()


def _with_foot(parent: QWidget, table: QWidget, words: QLabel, *buttons: QWidget) -> QWidget:
    """A table with a line below it: words and what can be done."""
    row = QHBoxLayout()
    row.setContentsMargins(16, 6, 12, 6)
    row.setSpacing(6)
    row.addWidget(words, 1)
    for button in buttons:
        row.addWidget(button)
    made = QWidget(parent)
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(table, 1)
    column.addLayout(row)
    return made
