"""Templates and keys: what is coded of each kind of evidence, by which keys, and how codes spread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.basics import Choice, Label
from casekit.ui.form import Form
from casekit.ui.sidebar import COLLECTIONS

if TYPE_CHECKING:
    from casekit.queries.facets import TagRow
    from casekit.queries.templates import Field, Preset, SetUp, Template
    from casekit.ui.window import Window

FIELD_HEADS = ("Name", "Label", "Kind", "Options", "Required", "Only while")
PRESET_HEADS = ("Key", "Name", "Codes")
KIND_WORDS = (
    ("one", "one of the options"), ("many", "any of the options"), ("text", "free text"),
    ("flag", "the tag of its name"), ("tags", "tags below its name"), ("privilege", "privilege"),
    ("basis", "basis of privilege"), ("tier", "confidentiality tier"),
)  # fmt: skip
POLICY_WORDS = (
    ("ask", "offer it each time"), ("always", "always, with a notice and undo"), ("never", "never"),
)  # fmt: skip
EVIDENCE = tuple((name, label) for name, label, _ in COLLECTIONS)


class CodingSetUp(Form):
    """Three tabs: fields of each kind of evidence, keys, and how codes spread."""

    def __init__(
        self,
        parent: QWidget,
        held: SetUp,
        tags: Sequence[TagRow],
        taken: set[str],
        keep: Callable[[SetUp, dict[str, str]], None],
    ) -> None:
        super().__init__(
            parent, tr("Templates and keys"),
            tr("What is coded of each kind of evidence. What was coded stays, whatever you change here."),
            tr("Save"),
        )  # fmt: skip
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(940, 560)
        self._keep, self._taken, self._tags = keep, taken, list(tags)
        self._templates = dict(held.templates)
        self._shown = ""
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.addTab(self._fields_tab(), tr("Fields"))
        tabs.addTab(self._keys_tab(held), tr("Keys and presets"))
        tabs.addTab(self._spread_tab(held), tr("Family and copies"))
        self.form.addRow(tabs)
        self._show_template(str(self.evidence.currentData()))
        self.evidence.currentIndexChanged.connect(self._other_evidence)

    def check(self) -> None:
        """Everything must be as it can be kept; else say what is wrong."""
        from casekit.queries.templates import SetUp

        try:
            self._take_template()
            presets = self._presets()
            self._refuse_clashes(presets)
        except CaseKitError as error:
            self.complain(error)
            return
        made = SetUp(
            self._templates, tuple(presets), str(self.families.currentData()), str(self.copies.currentData())
        )  # fmt: skip
        self._keep(made, {tag.name: self._tag_key(tag.name) for tag in self._tags})
        self.accept()

    # -- fields -----------------------------------------------------------------------------------

    def _fields_tab(self) -> QWidget:
        page, column = _page()
        head = QHBoxLayout()
        self.evidence = Choice()
        self.evidence.setAccessibleName(tr("Kind of evidence"))
        for name, label in EVIDENCE:
            self.evidence.addItem(tr(label), name)
        self.complete = QCheckBox(tr("Save and next leaves an item only when it is complete"))
        head.addWidget(self.evidence)
        head.addWidget(self.complete, 1)
        column.addLayout(head)
        self.fields = _table(tr("Fields"), FIELD_HEADS, (120, 130, 196, 190, 76))
        column.addWidget(self.fields, 1)
        column.addWidget(
            _quiet(
                tr("Options are divided by semicolons. “Only while” names a field above and its values: "
                   "responsive=yes; unsure.")
            )
        )  # fmt: skip
        column.addLayout(
            _buttons(
                (tr("Add a field"), self._add_field),
                (tr("Take out"), lambda: self._drop(self.fields)),
                (tr("Up"), lambda: self._move(-1)),
                (tr("Down"), lambda: self._move(1)),
            )
        )
        return page

    def _other_evidence(self) -> None:
        try:
            self._take_template()
        except CaseKitError as error:
            self.complain(error)
            self.evidence.blockSignals(True)
            self.evidence.setCurrentIndex(self.evidence.findData(self._shown))
            self.evidence.blockSignals(False)
            return
        self.trouble.hide()
        self._show_template(str(self.evidence.currentData()))

    def _show_template(self, collection: str) -> None:
        self._shown = collection
        template = self._templates.get(collection)
        self.complete.setChecked(template is not None and template.complete)
        self.fields.setRowCount(0)
        for each in template.fields if template is not None else ():
            self._put_field(self.fields.rowCount(), each)

    def _put_field(self, row: int, of: Field | None) -> None:
        self.fields.insertRow(row)
        texts = ("", "", None, "", None, "")
        if of is not None:
            when = f"{of.when}={'; '.join(of.values)}" if of.when else ""
            texts = (of.name, of.label, None, "; ".join(of.options), None, when)
        for column, text in enumerate(texts):
            if text is not None:
                self.fields.setItem(row, column, QTableWidgetItem(text))
        kind = Choice()
        kind.setAccessibleName(tr("Kind"))
        for value, words in KIND_WORDS:
            kind.addItem(tr(words), value)
        kind.setCurrentIndex(kind.findData(of.kind) if of is not None else 0)
        required = QCheckBox()
        required.setAccessibleName(tr("Required"))
        required.setChecked(of is not None and of.required)
        self.fields.setCellWidget(row, 2, kind)
        self.fields.setCellWidget(row, 4, required)

    def _field(self, row: int) -> Field:
        from casekit.queries.templates import Field

        name, label, options, when = (_text(self.fields, row, n) for n in (0, 1, 3, 5))
        other, sign, values = when.partition("=")
        if when and not sign:
            raise CaseKitError(
                "“Only while” names a field and its values, such as responsive=yes: not “{given}”.",
                given=when,
            )
        kind, required = self.fields.cellWidget(row, 2), self.fields.cellWidget(row, 4)
        return Field(
            name.lower(), label or name, kind.currentData(), _split(options), required.isChecked(),  # type: ignore[attr-defined]
            other.strip().lower(), _split(values),
        )  # fmt: skip

    def _take_template(self) -> None:
        from casekit.queries.templates import Template, check_template

        made: Template = Template(
            self._shown,
            tuple(self._field(row) for row in range(self.fields.rowCount())),
            self.complete.isChecked(),
        )
        self._templates[self._shown] = check_template(made)

    def _add_field(self) -> None:
        row = self.fields.rowCount()
        self._put_field(row, None)
        self.fields.setCurrentCell(row, 0)
        _edit(self.fields, row, 0)

    def _move(self, step: int) -> None:
        row = self.fields.currentRow()
        self.trouble.hide()
        if row >= 0 and 0 <= row + step < self.fields.rowCount():
            try:
                moved = self._field(row)
            except CaseKitError as error:
                self.complain(error)
                return
            self.fields.removeRow(row)
            self._put_field(row + step, moved)
            self.fields.setCurrentCell(row + step, 0)

    @staticmethod
    def _drop(table: QTableWidget) -> None:
        if table.currentRow() >= 0:
            table.removeRow(table.currentRow())

    # -- keys -------------------------------------------------------------------------------------

    def _keys_tab(self, held: SetUp) -> QWidget:
        page, column = _page()
        self.presets = _table(tr("Presets"), PRESET_HEADS, (80, 240))
        for preset in held.presets:
            self._put_preset((preset.key, preset.name, "; ".join(map(str, preset.codes))))
        column.addWidget(self.presets, 2)
        column.addWidget(
            _quiet(
                tr("A preset sets one code or several: responsive=yes; hot=yes. tag=NAME puts on any tag. "
                   "Keys are digits, free letters, Alt or Shift with a letter, F2 to F12; off while you "
                   "write text.")
            )
        )  # fmt: skip
        column.addLayout(
            _buttons(
                (tr("Add a preset"), lambda: self._put_preset(("", "", ""), edit=True)),
                (tr("Take out"), lambda: self._drop(self.presets)),
            )
        )
        self.tag_keys = _table(tr("Keys of tags"), ("Key", "Tag"), (80,))
        for tag in self._tags:
            row = self.tag_keys.rowCount()
            self.tag_keys.insertRow(row)
            self.tag_keys.setItem(row, 0, QTableWidgetItem(tag.key))
            name = QTableWidgetItem(tag.name)
            name.setFlags(name.flags() & ~Qt.ItemFlag.ItemIsEditable)
            self.tag_keys.setItem(row, 1, name)
        self.tag_keys.setVisible(bool(self._tags))
        column.addWidget(self.tag_keys, 1)
        return page

    def _put_preset(self, texts: tuple[str, str, str], *, edit: bool = False) -> None:
        row = self.presets.rowCount()
        self.presets.insertRow(row)
        for column, text in enumerate(texts):
            self.presets.setItem(row, column, QTableWidgetItem(text))
        if edit:
            self.presets.setCurrentCell(row, 1)
            _edit(self.presets, row, 1)

    def _presets(self) -> list[Preset]:
        from casekit.queries.templates import Preset, checked_key, parse_code

        found = []
        for row in range(self.presets.rowCount()):
            key, name, codes = (_text(self.presets, row, n) for n in range(3))
            if not (key or name or codes):
                continue
            if not name or not codes:
                raise CaseKitError("A preset needs a name and codes, such as responsive=yes.")
            made = tuple(parse_code(code) for code in _split(codes))
            found.append(Preset(name, checked_key(key), made))
        return found

    def _tag_key(self, name: str) -> str:
        for row in range(self.tag_keys.rowCount()):
            if _text(self.tag_keys, row, 1) == name:
                return _text(self.tag_keys, row, 0)
        return ""

    def _refuse_clashes(self, presets: Sequence[Preset]) -> None:
        used: dict[str, str] = {}
        keys = [(p.key, p.name) for p in presets]
        keys += [(self._tag_key(tag.name), tag.name) for tag in self._tags]
        for key, name in keys:
            if not key:
                continue
            if key in used:
                raise CaseKitError(
                    "The key {key} is given twice: to “{one}” and to “{other}”.",
                    key=key, one=used[key], other=name,
                )  # fmt: skip
            if key in self._taken:
                raise CaseKitError(
                    "The key {key} belongs to the window: take another one, such as a digit.",
                    key=key,
                )
            used[key] = name

    # -- spreading --------------------------------------------------------------------------------

    def _spread_tab(self, held: SetUp) -> QWidget:
        page, column = _page()
        self.families, self.copies = Choice(), Choice()
        for words, box, value in (
            (tr("Code the family too (a mail and its attachments)"), self.families, held.families),
            (tr("Code copies too (the same bytes, or the same mail)"), self.copies, held.copies),
        ):
            label = Label(words)
            label.setBuddy(box)
            box.setAccessibleName(words)
            for each, said in POLICY_WORDS:
                box.addItem(tr(said), each)
            box.setCurrentIndex(box.findData(value))
            column.addWidget(label)
            column.addWidget(box)
        column.addWidget(
            _quiet(
                tr("Free texts never spread, and nothing that spreads releases a privilege. Privilege itself "
                   "always holds for the whole family.")
            )
        )  # fmt: skip
        column.addStretch(1)
        return page


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(12, 12, 12, 12)
    column.setSpacing(8)
    return page, column


def _table(name: str, heads: Sequence[str], widths: Sequence[int]) -> QTableWidget:
    table = QTableWidget(0, len(heads))
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels([tr(head) for head in heads])
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(34)
    table.setShowGrid(False)
    table.setFont(fonts.sans())
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(True)
    for column, width in enumerate(widths):
        table.setColumnWidth(column, width)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(len(heads) - 1, QHeaderView.ResizeMode.Stretch)
    return table


def _buttons(*wanted: tuple[str, Callable[[], None]]) -> QHBoxLayout:
    row = QHBoxLayout()
    for words, run in wanted:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False, go=run: go())
        row.addWidget(button)
    row.addStretch(1)
    return row


def _quiet(text: str) -> QLabel:
    label = Label(text)
    label.setProperty("quiet", True)
    label.setFont(fonts.sans(12))
    label.setWordWrap(True)
    return label


def _edit(table: QTableWidget, row: int, column: int) -> None:
    cell = table.item(row, column)
    if cell is not None:
        table.editItem(cell)


def _text(table: QTableWidget, row: int, column: int) -> str:
    cell = table.item(row, column)
    return " ".join(cell.text().split()) if cell is not None else ""


def _split(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(";") if each.strip())


def set_up(window: Window) -> None:
    """Show templates and keys, and keep what is changed."""
    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None or workspace.contents is None:
        return
    contents = workspace.contents
    digits = set("123456789")
    taken = {a.shortcut().toString() for a in window.qactions.values() if a.shortcut().toString()}

    def keep(made: SetUp, tag_keys: dict[str, str]) -> None:
        def op(s: Any) -> Any:
            from casekit.ops import templates

            return templates.change_all(s, made, tag_keys)

        shell.do("templates", op, lambda changes: window.say(changes.label))

    CodingSetUp(window, contents.coding, contents.tags, taken - digits, keep).open()
