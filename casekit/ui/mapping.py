"""The mapping assistant: shows a file's columns, lets each be said to be something, tries it at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui.asking import Form
from casekit.ui.basics import Choice, Label

if TYPE_CHECKING:
    from casekit.ingest.preview import Preview

JOINED = ("prompt", "output", "system", "reasoning")
BETWEEN = "\n\n"
FIRST = (
    "prompt", "output", "time", "model", "account", "api_key", "ip", "request_id", "conversation_id",
    "system", "reasoning",
)  # fmt: skip
ZONES = (
    "", "UTC", "America/New_York", "America/Los_Angeles", "Europe/London", "Europe/Berlin",
    "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo",
)  # fmt: skip
ROW_HEIGHT = 36
_WIDTH, _ROWS_SHOWN = 920, 8


class MapFields(Form):
    """Asks what the columns of a file of unknown records are.

    Args:
        parent: The window.
        name: The file's name.
        seen: What was seen of the file without a mapping.
        targets: What a column may become.
        look: Called with a mapping (JSON) to be tried; `show_rows` is to be called with what it makes.
        use: Called with name, columns and mapping (JSON) when the user is content.
    """

    def __init__(
        self,
        parent: QWidget | None,
        name: str,
        seen: Preview,
        targets: tuple[str, ...],
        look: Callable[[str], None],
        use: Callable[[str, tuple[str, ...], str], None],
    ) -> None:
        super().__init__(
            parent,
            tr("Map the fields of {name}", name=name),
            tr("Say what each column is. Columns left alone are kept with the record. Several columns may "
               "become one text; they are joined in their order."),
            tr("Save and import"),
        )  # fmt: skip
        self.setMinimumWidth(_WIDTH)
        self._seen, self._look, self._use = seen, look, use
        self.choices: dict[str, QComboBox] = {}
        self.columns = self._columns_table(targets)
        self.form.addRow(self.columns)
        self.zone = Choice()
        self.zone.setEditable(True)
        self.zone.addItems(list(ZONES))
        self.zone.setAccessibleName(tr("Time zone of times without one"))
        self.zone.currentTextChanged.connect(self.try_it)
        self.form.addRow(tr("Time zone"), self.zone)
        self.time_form = self._line(
            tr("Form of times"), tr("Only if they are not read: %d.%m.%Y %H:%M")
        )
        self.model = self._line(tr("Model"), tr("Of every record, where no column says it"))
        self.rows = self._rows_table()
        self.form.addRow(self.rows)
        self.said = Label()
        self.said.setProperty("quiet", True)
        self.form.addRow(self.said)
        self.template = self.field(tr("Save as"), name.partition(".")[0])
        self._suggest()
        self.try_it()

    def mapping(self) -> str:
        """The mapping as chosen, as JSON."""
        by_target: dict[str, list[str]] = {}
        for column, choice in self.choices.items():
            if choice.currentData():
                by_target.setdefault(str(choice.currentData()), []).append(column)
        made: dict[str, Any] = {}
        for target, columns in by_target.items():
            joined = target in JOINED and len(columns) > 1
            made[target] = {"join": columns, "with": BETWEEN} if joined else columns[0]
        if "time" in made and (self.zone.currentText() or self.time_form.text()):
            rule = {"zone": self.zone.currentText(), "format": self.time_form.text()}
            made["time"] = {"column": made["time"], **{k: v for k, v in rule.items() if v}}
        if self.model.text().strip() and "model" not in made:
            made["model"] = {"const": self.model.text().strip()}
        return json.dumps(made, ensure_ascii=False)

    def try_it(self, *_: object) -> None:
        """Have the mapping tried, once it names a prompt or an output."""
        self.trouble.hide()
        if twice := self._twice():
            self.complain(twice)
            return
        if not {"prompt", "output"} & json.loads(self.mapping()).keys():
            self.rows.setRowCount(0)
            self.said.setText(
                tr("Choose the column that is the prompt, and the one that is the output.")
            )
            return
        self._look(self.mapping())

    def show_rows(self, found: Preview) -> None:
        """Show what the mapping makes of the first records."""
        self.rows.setRowCount(min(len(found.rows), _ROWS_SHOWN))
        for at, row in enumerate(found.rows[:_ROWS_SHOWN]):
            zone = "" if row.zone == "explicit" else row.zone.removeprefix("assumed:")
            who = " · ".join(row.fields.get(k, "") for k in ("model", "account") if k in row.fields)
            when = f"{row.when} ({zone})" if zone else row.when
            for column, text in enumerate((str(row.line), when, who, row.prompt, row.output)):
                self.rows.setItem(at, column, _cell(text))
        said = tr(
            "{n} of the first {m} records fit.", n=found.records - found.unfit, m=found.records
        )
        self.said.setText(said if not found.unfit else "▲ " + said)

    def refuse(self, error: CaseKitError) -> None:
        """Say why a mapping could not be tried."""
        self.complain(error)

    def check(self) -> None:
        """A mapping needs a prompt or an output, and a name."""
        if not {"prompt", "output"} & json.loads(self.mapping()).keys():
            self.complain(tr("Choose at least the column of the prompt or of the output."))
            return
        if twice := self._twice():
            self.complain(twice)
            return
        try:
            self._use(self.template.text().strip(), self._seen.shape, self.mapping())
        except CaseKitError as error:
            self.complain(error)
            return
        self.accept()

    # -- inside -----------------------------------------------------------------------------------

    def _twice(self) -> str:
        """What is wrong where several columns became a field that can be only one, or empty."""
        chosen: dict[str, list[str]] = {}
        for column, choice in self.choices.items():
            chosen.setdefault(str(choice.currentData() or ""), []).append(column)
        for target, columns in chosen.items():
            if target and target not in JOINED and len(columns) > 1:
                return tr(
                    "Only one column can be the {field}, and these are: {columns}. Leave the others alone: "
                    "they are kept with the record.",
                    field=target.replace("_", " "),
                    columns=", ".join(columns),
                )
        return ""

    def _line(self, name: str, hint: str) -> QLineEdit:
        edit = self.field(name, hint=hint)
        edit.editingFinished.connect(self.try_it)
        return edit

    def _columns_table(self, targets: tuple[str, ...]) -> QTableWidget:
        names = (tr("Column"), tr("Filled"), tr("Samples"), tr("Becomes"))
        table = _table(names, tr("Columns of the file"), (150, 64, 0, 200))
        table.setRowCount(len(self._seen.columns))
        ordered = [*FIRST, *(t for t in targets if t not in FIRST)]
        for at, column in enumerate(self._seen.columns):
            table.setItem(at, 0, _cell(column.name))
            table.setItem(at, 1, _cell(str(column.filled)))
            table.setItem(at, 2, _cell(" | ".join(column.samples)))
            choice = Choice()
            choice.setAccessibleName(tr("What {column} becomes", column=column.name))
            choice.addItem(tr("kept with the record"), "")
            for target in ordered:
                choice.addItem(target.replace("_", " "), target)
            choice.currentIndexChanged.connect(self.try_it)
            table.setCellWidget(at, 3, choice)
            self.choices[column.name] = choice
        table.setMinimumHeight(min(8, len(self._seen.columns) + 1) * ROW_HEIGHT)
        return table

    def _rows_table(self) -> QTableWidget:
        names = (tr("Line"), tr("When"), tr("From"), tr("Prompt"), tr("Output"))
        table = _table(
            names, tr("The first records as the mapping reads them"), (52, 230, 130, 0, 0)
        )
        table.setMinimumHeight(190)
        return table

    def _suggest(self) -> None:
        """Begin with what the columns' names suggest."""
        suggested: dict[str, str] = json.loads(self._seen.guess) if self._seen.guess else {}
        for target, column in suggested.items():
            choice = self.choices.get(column)
            if choice is not None:
                choice.blockSignals(True)
                choice.setCurrentIndex(choice.findData(target))
                choice.blockSignals(False)


def _table(names: tuple[str, ...], accessible: str, widths: tuple[int, ...]) -> QTableWidget:
    """A table to look at; columns without a width share the rest."""
    table = QTableWidget(0, len(names))
    table.setAccessibleName(accessible)
    table.setHorizontalHeaderLabels(list(names))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setWordWrap(False)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, width in enumerate(widths):
        if width:
            table.setColumnWidth(column, width)
        else:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    return table


def _cell(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text.replace("\n", " "))
    item.setToolTip(text)
    return item
