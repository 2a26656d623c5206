"""The fields of a coding template in the right pane: what is chosen, what is missing, and by which key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.basics import Choice, Label
from casekit.ui.time_words import minute_text
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.coding import Coded
    from casekit.queries.templates import Code, Field

MOST_CHIPS = 5
LONGEST_CHIPS = 44  # letters of all options together that fit beside each other in two lines
VALUE_WORDS = {
    "privileged": "Privileged", "not-privileged": "Not privileged", "attorney-client": "Attorney–client",
    "work-product": "Work product", "common-interest": "Common interest", "other": "Other basis",
}  # fmt: skip
"""Values of the case's own fields; an option of a template is shown as it was written."""


CODED_WORDS = {
    "privilege": "Privilege", "privilege-note": "Privilege: for the log", "tier": "Tier"
}  # fmt: skip


def value_words(of: Field, value: str) -> str:
    """A value as it is shown."""
    words = VALUE_WORDS.get(value, "") if of.kind in {"privilege", "basis"} else ""
    return tr(words) if words else tr(value)


def coded_words(field: str) -> str:
    """What was coded, a name of `queries.whole_coding`, as a reviewer knows it."""
    kind, _, name = field.partition(":")
    if kind == "tag":
        return tr("Tag “{name}”", name=shown(name))
    if kind == "field":
        return shown(tr(name[:1].upper() + name[1:]))
    return tr(CODED_WORDS[kind]) if kind in CODED_WORDS else shown(field)


def coded_value_words(field: str, value: str | None) -> str:
    """A value of what was coded."""
    if not value:
        return tr("nothing")
    if field == "privilege":
        return tr(VALUE_WORDS.get(value, value))
    return tr("yes") if field.startswith("tag:") else shown(value)


class CodingFields(QWidget):
    """Rows of fields; tells by `code` what the user chose, with the item it was chosen for."""

    def __init__(
        self, code: Callable[[Sequence[Code], int], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._code = code
        self._coded: Coded | None = None
        self._item_id = 0
        self._made_of: object = None
        self.rows: dict[str, FieldRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(9)

    def show_item(self, item_id: int, coded: Coded | None) -> None:
        """Show the values of an item; without a template nothing."""
        if item_id != self._item_id:
            self.commit()  # a text that is being written belongs to the item it was written for
        self._item_id, self._coded = item_id, coded
        template = coded.template if coded is not None else None
        keys = _keys(coded)
        made_of = (template, coded and coded.choices, keys)
        if made_of != self._made_of:
            self._build(coded, keys)
            self._made_of = made_of
        self.setVisible(template is not None)
        if template is None or coded is None:
            return
        from casekit.queries.coding import applies

        lacking = {each.name for each in coded.missing}
        for each in template.fields:
            row = self.rows[each.name]
            row.setVisible(applies(template, each, coded.values))
            row.show_values(coded.values.get(each.name, ()), missing=each.name in lacking)
            mark = coded.marks.get(each.name)
            at = f"{minute_text(mark.at_us)} UTC" if mark else ""
            row.setToolTip(tr("{who}, {when}", who=shown(mark.by), when=at) if mark else "")

    @property
    def names(self) -> set[str]:
        """The fields that are there for this item, in sight."""
        return {name for name, row in self.rows.items() if not row.isHidden()}

    def commit(self) -> None:
        """Keep a text that is being written."""
        for row in self.rows.values():
            row.commit()

    def complain(self, names: Sequence[str]) -> None:
        """Point at what is missing, and go to the first of it."""
        for name, row in self.rows.items():
            row.point_out(name in names)
        first = next((row for name, row in self.rows.items() if name in names), None)
        if first is not None:
            first.take_focus()

    def _build(self, coded: Coded | None, keys: dict[tuple[str, str], str]) -> None:
        for row in self.rows.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {}
        template = coded.template if coded is not None else None
        for each in template.fields if template is not None and coded is not None else ():
            own = {value: key for (name, value), key in keys.items() if name == each.name}
            row = FieldRow(each, coded.choices.get(each.name, ()), own, self._chosen, self)  # type: ignore[union-attr]
            self.rows[each.name] = row
            self._column.addWidget(row)

    def _chosen(self, codes: Sequence[Code]) -> None:
        self._code(codes, self._item_id)


def _keys(coded: Coded | None) -> dict[tuple[str, str], str]:
    """The key of each value that a preset sets alone."""
    presets = coded.set_up.presets if coded is not None else ()
    return {
        (p.codes[0].field, p.codes[0].value): p.key for p in presets if p.key and len(p.codes) == 1
    }


class FieldRow(QWidget):
    """One field: its name, and what may be chosen."""

    def __init__(
        self,
        of: Field,
        choices: Sequence[str],
        keys: dict[str, str],
        code: Callable[[Sequence[Code]], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.of = of
        self._choices = tuple(choices)
        self._keys = keys
        self._code = code
        self._values: tuple[str, ...] = ()
        self._pointed = self._missing = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.head = Label(parent=self)
        self.head.setFont(fonts.sans(12, fonts.MEDIUM))
        self.head.setWordWrap(True)
        self.head.setVisible(of.kind != "flag")
        column.addWidget(self.head)
        self.buttons: dict[str, QPushButton] = {}
        self.boxes: dict[str, QCheckBox] = {}
        self.combo: QComboBox | None = None
        self.edit: QLineEdit | None = None
        self._make(column)
        self._say_head()

    def show_values(self, values: tuple[str, ...], *, missing: bool) -> None:
        """Show what is chosen, in the field's own shape."""
        self._values, self._missing = values, missing
        self._pointed = self._pointed and missing
        for value, button in self.buttons.items():
            on = value in values
            button.setChecked(on)
            button.setText(self._chip_text(value, on))
        for value, box in self.boxes.items():
            box.setChecked(value in values)
        if self.combo is not None:
            at = self.combo.findData(values[0]) if values else 0
            if at < 0:  # a value of before, which is no longer among the options
                self.combo.addItem(shown(values[0]), values[0])
                at = self.combo.count() - 1
            self.combo.setCurrentIndex(at)
        if self.edit is not None and not self.edit.isModified():
            self.edit.setText(shown(values[0]) if values else "")
        self._say_head()

    def point_out(self, on: bool) -> None:
        """Say in red that it is missing."""
        self._pointed = on
        self._say_head()

    def take_focus(self) -> None:
        """Go to the field."""
        for widget in (*self.buttons.values(), *self.boxes.values(), self.combo, self.edit):
            if widget is not None:
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def commit(self) -> None:
        """Keep the text that is being written."""
        if self.edit is not None and self.edit.isModified():
            self.edit.setModified(False)
            self._tell(" ".join(self.edit.text().split()))

    # -- inside -----------------------------------------------------------------------------------

    def _make(self, column: QVBoxLayout) -> None:
        kind, choices = self.of.kind, self._choices
        short = len(choices) <= MOST_CHIPS and sum(map(len, choices)) <= LONGEST_CHIPS
        if kind in {"one", "privilege"} and short:
            flow = FlowLayout()
            for value in choices:
                flow.addWidget(self._chip(value))
            column.addLayout(flow)
        elif kind in {"one", "privilege", "basis", "tier"}:
            column.addWidget(self._combo())
        elif kind == "text":
            self.edit = QLineEdit()
            self.edit.setAccessibleName(tr(self.of.label))
            self.edit.setMaxLength(2000)
            self.edit.editingFinished.connect(self.commit)
            column.addWidget(self.edit)
        else:
            for value in choices:
                column.addWidget(self._box(value))
            if not choices:
                none = Label(tr("No tag below “{name}” yet", name=self.of.name))
                none.setProperty("quiet", True)
                none.setFont(fonts.sans(12))
                none.setWordWrap(True)
                column.addWidget(none)

    def _chip(self, value: str) -> QPushButton:
        button = QPushButton(self._chip_text(value, on=False))
        button.setProperty("choice", True)
        button.setCheckable(True)
        button.setFont(fonts.sans(12))
        button.setAccessibleName(f"{tr(self.of.label)}: {value_words(self.of, value)}")
        button.clicked.connect(lambda _on, v=value: self._press(v))
        self.buttons[value] = button
        return button

    def _chip_text(self, value: str, on: bool) -> str:
        key = self._keys.get(value, "")
        words = value_words(self.of, value).replace("&", "&&")
        return f"{'✓ ' if on else ''}{words}{f'  {key}' if key else ''}"

    def _box(self, value: str) -> QCheckBox:
        key = self._keys.get(value, "")
        words = tr(self.of.label) if self.of.kind == "flag" else shown(value)
        box = QCheckBox(words.replace("&", "&&") + (f"   {key}" if key else ""))
        box.setFont(fonts.sans())
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        box.setAccessibleName(words if self.of.kind == "flag" else f"{tr(self.of.label)}: {words}")
        box.setToolTip(shown(value) if self.of.kind != "flag" else "")
        box.clicked.connect(lambda on, v=value: self._tell(v, on=on))
        self.boxes[value] = box
        return box

    def _combo(self) -> QComboBox:
        box = Choice()
        box.setAccessibleName(tr(self.of.label))
        box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )  # fmt: skip
        box.addItem(tr("Not chosen"), "")
        for value in self._choices:
            box.addItem(value_words(self.of, value), value)
        box.activated.connect(lambda n: self._tell(str(box.itemData(n))))
        self.combo = box
        return box

    def _press(self, value: str) -> None:
        """Choose it; a choice that is pressed again is emptied, but no privilege."""
        again = value in self._values and self.of.kind == "one"
        self.buttons[value].setChecked(value in self._values)
        self._tell("" if again else value)

    def _tell(self, value: str, *, on: bool = True) -> None:
        from casekit.queries.templates import Code

        self._code([Code(self.of.name, value, on)])

    def _say_head(self) -> None:
        label = tr(self.of.label)
        if self._pointed:
            text = "▲ " + tr("{field} is missing", field=label)
        elif self.of.required and self._missing:
            text = tr("{field} · required", field=label)
        else:
            text = label
        self.head.setText(text)
        for look in ("bad", "quiet"):
            self.head.setProperty(look, (look == "bad") == self._pointed)
        self.head.style().unpolish(self.head)
        self.head.style().polish(self.head)


class FlowLayout(QLayout):
    """Lays widgets beside each other, on as many lines as the width needs."""

    GAP = 5

    def __init__(self) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        """Take one more."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, at: int) -> QLayoutItem | None:
        """One of them; None beyond the last."""
        return self._items[at] if 0 <= at < len(self._items) else None

    def takeAt(self, at: int) -> QLayoutItem | None:
        """Take one out; None beyond the last."""
        return self._items.pop(at) if 0 <= at < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its lines."""
        return self._lay(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Put each in its place."""
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def sizeHint(self) -> QSize:
        """Of the widest alone: the pane decides."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Of the widest."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _lay(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.GAP, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), hint))
            x, line = x + hint.width() + self.GAP, max(line, hint.height())
        return y + line - rect.y()
