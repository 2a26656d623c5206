"""A search built of rows and groups: the same search as its text, which is shown and can be written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from casekit.errors import CaseKitError, QueryError
from casekit.i18n import tr
from casekit.search import building, language
from casekit.search.building import Group, NotShown, Row
from casekit.sentences import translated
from casekit.ui import fonts
from casekit.ui.basics import Choice
from casekit.ui.chrome import tool
from casekit.ui.form import Form

if TYPE_CHECKING:
    from casekit.ui.window import Window

    Offer = Callable[[str, str, Callable[[list[str]], None]], None]

JOINT_WORDS = {"all": "All of these", "any": "Any of these", "none": "None of these"}
RELATION_WORDS = {
    "is": "is", "like": "is like (* and ? stand for others)", "has": "has these words in a row",
    "starts": "has a word that starts with", "near": "has words near each other", "between": "lies between",
}  # fmt: skip
HINTS = {"near": "contract NEAR/5 breach", "between": "2026-01-01..2026-03-31", "like": "gpt-4*"}
_INDENT, _WIDTH, _HEIGHT = 24, 860, 460


class RowLine(QWidget):
    """One condition; tells `changed` of every change, and asks `offer` for values of its field."""

    def __init__(
        self, row: Row, changed: Callable[[], None], remove: Callable[[], None], offer: Offer
    ) -> None:
        super().__init__()
        self._changed, self._offer = changed, offer
        self.no = QCheckBox(tr("not"))
        self.no.setChecked(row.no)
        self.field = Choice()
        self.field.setAccessibleName(tr("Field"))
        self.field.addItem(tr("any text"), building.ANY_TEXT)
        for name in language.FIELDS:
            self.field.addItem(name, name)
        self.field.setCurrentIndex(max(0, self.field.findData(row.field)))
        self.relation = Choice()
        self.relation.setAccessibleName(tr("Relation"))
        self.relation.setFixedWidth(226)
        self._fill_relations(row.relation)
        self.value = QLineEdit(row.value)
        self.value.setAccessibleName(tr("Value"))
        self._offered = QStringListModel(self)
        completer = QCompleter(self._offered, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.value.setCompleter(completer)
        away = tool("close", tr("Take this condition out"), remove)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.no)
        line.addWidget(self.field)
        line.addWidget(self.relation)
        line.addWidget(self.value, 1)
        line.addWidget(away)
        self.no.toggled.connect(lambda _on: changed())
        self.field.activated.connect(lambda _n: self._other_field())
        self.relation.activated.connect(lambda _n: self._other_relation())
        self.value.textEdited.connect(self._typed)
        self._other_relation(tell=False)
        self._ask("")

    def row(self) -> Row:
        """The condition as it stands."""
        return Row(
            str(self.field.currentData()), self.relation.currentData(), self.value.text(), self.no.isChecked()
        )  # fmt: skip

    def mark(self, error: QueryError | None) -> None:
        """Show whether the value can be read."""
        self.value.setProperty("bad", error is not None)
        self.value.style().polish(self.value)
        self.value.setToolTip("" if error is None else translated(error))

    def _fill_relations(self, wanted: str = "") -> None:
        self.relation.clear()
        for name in building.relations(str(self.field.currentData())):
            self.relation.addItem(tr(RELATION_WORDS[name]), name)
        self.relation.setCurrentIndex(max(0, self.relation.findData(wanted)))

    def _other_field(self) -> None:
        self._fill_relations(str(self.relation.currentData()))
        self._other_relation(tell=False)
        self._ask(self.value.text())
        self._changed()

    def _other_relation(self, *, tell: bool = True) -> None:
        self.value.setPlaceholderText(HINTS.get(str(self.relation.currentData()), ""))
        if tell:
            self._changed()

    def _typed(self, text: str) -> None:
        self._ask(text)
        self._changed()

    def _ask(self, start: str) -> None:
        field = str(self.field.currentData())
        if field and self.relation.currentData() == "is":
            self._offer(field, start, self._offered.setStringList)


class GroupBox(QWidget):
    """Conditions of which all, any or none hold; groups within stand indented."""

    def __init__(
        self, group: Group, changed: Callable[[], None], offer: Offer, remove: Callable[[], None] | None = None
    ) -> None:  # fmt: skip
        super().__init__()
        self._changed, self._offer = changed, offer
        self.joint = Choice()
        self.joint.setAccessibleName(tr("How the conditions hold"))
        for name, words in JOINT_WORDS.items():
            self.joint.addItem(tr(words), name)
        self.joint.setCurrentIndex(self.joint.findData(group.joint))
        self.joint.activated.connect(lambda _n: changed())
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.joint)
        for words, part in (
            (tr("Add a condition"), Row()),
            (tr("Add a group"), Group("any", (Row(),))),
        ):
            button = QPushButton(words)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, part=part: self._add_and_tell(part))
            head.addWidget(button)
        head.addStretch(1)
        if remove is not None:
            head.addWidget(tool("close", tr("Take this group out"), remove))
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(_INDENT, 0, 0, 0)
        self._inner.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(self._inner)
        self.parts: list[RowLine | GroupBox] = []
        for part in group.parts:
            self._add(part)

    def group(self) -> Group:
        """The group as it stands."""
        joint: Any = self.joint.currentData()
        return Group(
            joint, tuple(p.row() if isinstance(p, RowLine) else p.group() for p in self.parts)
        )

    def lines(self) -> list[RowLine]:
        """Every condition in it, those of groups within too."""
        found: list[RowLine] = []
        for part in self.parts:
            found += [part] if isinstance(part, RowLine) else part.lines()
        return found

    def _add(self, part: Row | Group) -> RowLine | GroupBox:
        made: RowLine | GroupBox
        if isinstance(part, Row):
            made = RowLine(part, self._changed, lambda: self._take_out(made), self._offer)
        else:
            made = GroupBox(part, self._changed, self._offer, lambda: self._take_out(made))
        self.parts.append(made)
        self._inner.addWidget(made)
        return made

    def _add_and_tell(self, part: Row | Group) -> None:
        made = self._add(part)
        (made.value if isinstance(made, RowLine) else made.joint).setFocus()
        self._changed()

    def _take_out(self, part: RowLine | GroupBox) -> None:
        self.parts.remove(part)
        self._inner.removeWidget(part)
        part.hide()
        part.deleteLater()
        self._changed()


class QueryBuilder(Form):
    """Asks for a search: rows and text are one, and either changes the other."""

    def __init__(self, parent: QWidget | None, text: str, zone: dt.tzinfo, offer: Offer) -> None:
        super().__init__(
            parent,
            tr("Build a search"),
            tr("The rows and the text are the same search: change either. A search that has no rows stays "
               "as it is written."),
            tr("Search"),
        )  # fmt: skip
        self._zone, self._offer = zone, offer
        self.text = self.field(tr("Search"), text)
        self.text.setFont(fonts.mono())
        self.area = QScrollArea()
        self.area.setAccessibleName(tr("Conditions"))
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setMinimumSize(_WIDTH - 80, _HEIGHT - 160)
        self.form.addRow(self.area)
        self.setMinimumWidth(_WIDTH)
        self.root = GroupBox(Group("all", (Row(),)), self._built, offer)
        self.text.textEdited.connect(lambda _text: self._written())
        self._written()

    def check(self) -> None:
        """A search that cannot be read is not run."""
        self._tell()
        if not self.trouble.isVisible() or self._is_written_only():
            self.accept()

    def answer(self) -> str | None:
        """The search as text."""
        return self.text.text().strip() if self.exec() == QDialog.DialogCode.Accepted else None

    # -- inside -----------------------------------------------------------------------------------

    def _is_written_only(self) -> bool:
        """Whether the text can be searched for though it has no rows."""
        try:
            building.group_of(language.parse(self.text.text(), self._zone))
        except NotShown:
            return True
        except CaseKitError:
            return False
        return False

    def _built(self) -> None:
        """The rows have changed: so does the text."""
        for line in self.root.lines():
            line.mark(building.trouble(line.row(), self._zone))
        try:
            self.text.setText(building.text_of(self.root.group(), self._zone))
        except CaseKitError as error:
            self.complain(error)
            return
        self.trouble.hide()

    def _written(self) -> None:
        """The text has changed: so do the rows."""
        try:
            node = (
                language.parse(self.text.text(), self._zone) if self.text.text().strip() else None
            )
            group = building.group_of(node) if node is not None else Group("all", (Row(),))
        except CaseKitError:
            self._tell()
            self.area.setEnabled(False)
            return
        self.trouble.hide()
        self.area.setEnabled(True)
        self.root = GroupBox(group, self._built, self._offer)
        holder = QWidget()
        holder.setObjectName("inside")
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.root)
        column.addStretch(1)
        self.area.setWidget(holder)

    def _tell(self) -> None:
        """Say what the text lacks, if anything."""
        self.trouble.hide()
        if not self.text.text().strip():
            return
        try:
            building.group_of(language.parse(self.text.text(), self._zone))
        except CaseKitError as error:
            self.complain(error)


def build(window: Window) -> None:
    """Open the builder on the search in the field, and run what is built."""
    shell = window.shell
    if shell is None:
        return
    case = shell.case

    def offer(field: str, start: str, done: Callable[[list[str]], None]) -> None:
        def work(_progress: object) -> list[str]:
            from casekit.search import completing

            return [text for text, _ in completing.values(case, field, start, 200)]

        shell.jobs.start("values of a field", work, partial(_still, dialogs, done), lane="quick")

    dialogs: list[QueryBuilder] = []

    def arrived(zone: dt.tzinfo) -> None:
        dialog = QueryBuilder(window, window.search.edit.text(), zone, offer)
        dialogs.append(dialog)
        text = window.ask.form(dialog)
        dialogs.clear()
        if text is not None:
            window.search.put(text, "words")
            window.search.run()

    def query(s: Any) -> dt.tzinfo:
        from casekit.search import finding

        return finding.zone(s)

    shell.read("zone", query, arrived)


def _still(
    dialogs: list[QueryBuilder], done: Callable[[list[str]], None], found: list[str]
) -> None:
    """Hand values to a row whose dialog is still there."""
    if dialogs:
        try:
            done(found)
        except RuntimeError:  # the row was taken out meanwhile
            return
