"""Coding many items: how many have it already, and what would change, is shown before anything is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QStackedWidget, QWidget

from casekit.i18n import tr, tr_count
from casekit.ui.basics import Choice, Label
from casekit.ui.coding_fields import value_words
from casekit.ui.form import Form

if TYPE_CHECKING:
    from casekit.queries.templates import Code, Field
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window

Counted = list[tuple["Code", int, int, int]]
"""Codes, each with how many items have it, have another value, and lack its field."""


class CodeMany(Form):
    """Choose a field and a value, or see what a preset would do; then code all of them in one act."""

    def __init__(
        self,
        parent: QWidget,
        shell: Shell,
        ids: list[int],
        fields: Mapping[str, tuple[Field, tuple[str, ...]]],
        codes: Sequence[Code] = (),
        name: str = "",
    ) -> None:
        super().__init__(
            parent,
            tr_count("Code 1 item", "Code {n} items", len(ids)),
            tr("One act, which can be undone as one."),
            tr("Code them"),
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell, self._ids, self._fields, self._name = shell, ids, fields, name
        self._given = tuple(codes)
        self._asked = 0
        self.field_box = self.choice(
            tr("Field"), [(key, tr(of.label)) for key, (of, _) in fields.items()]
        )
        self.value_box, self.text = Choice(), QLineEdit()
        for box in (self.value_box, self.text):
            box.setAccessibleName(tr("Value"))
        self.values = QStackedWidget()
        self.values.addWidget(self.value_box)
        self.values.addWidget(self.text)
        self.form.addRow(tr("Value"), self.values)
        self.said = Label()
        self.said.setWordWrap(True)
        self.form.addRow("", self.said)
        self.off = QPushButton(tr("Take it off"))
        self.off.clicked.connect(lambda: self._do(on=False))
        self.form.addRow("", self.off)
        if self._given:
            for widget in (self.field_box, self.values, self.off):
                self.form.setRowVisible(widget, False)
            self._preview()
        else:
            self.field_box.currentIndexChanged.connect(self._offer_values)
            self.value_box.currentIndexChanged.connect(self._preview)
            self.text.textChanged.connect(self._preview)
            self._offer_values()

    def check(self) -> None:
        """Code them."""
        self._do(on=True)

    def codes(self, *, on: bool = True) -> list[Code]:
        """What is chosen."""
        from casekit.queries.templates import Code

        if self._given:
            return list(self._given)
        of, _ = self._fields[self.field_box.currentData()]
        free = " ".join(self.text.text().split())
        value = free if of.kind == "text" else str(self.value_box.currentData() or "")
        return [Code(of.name, value, on)] if value else []

    def _offer_values(self) -> None:
        of, choices = self._fields[self.field_box.currentData()]
        self.values.setCurrentIndex(1 if of.kind == "text" else 0)
        self.value_box.blockSignals(True)
        self.value_box.clear()
        for value in choices:
            self.value_box.addItem(value_words(of, value), value)
        self.value_box.blockSignals(False)
        self.form.setRowVisible(self.off, of.kind in {"many", "tags", "flag"})
        self._preview()

    def _preview(self) -> None:
        wanted, ids = self.codes(), self._ids
        self._asked += 1
        asked = self._asked
        self.ok.setEnabled(False)
        self.off.setEnabled(False)
        if not wanted:
            self.said.setText(tr("Choose a field and a value."))
            return

        def query(s: Any) -> Counted:
            from casekit.queries import coding

            found = []
            for each in wanted:
                same, other, without = coding.having(s, ids, each, wanted)
                found.append((each, len(same), len(other), len(without)))
            return found

        def counted(found: Counted) -> None:
            if asked == self._asked:
                self._say(found)

        self._shell.read("preview", query, counted)

    def _say(self, found: Counted) -> None:
        number = len(self._ids)
        lines = []
        for code, same, other, without in found:
            head = f"{code.field}: {code.value} – " if len(found) > 1 else ""
            lines.append(head + counts_text(number, same, other, without))
        self.said.setText("\n".join(lines))
        self.ok.setEnabled(any(same + without < number for _, same, _, without in found))
        self.off.setEnabled(found[0][1] > 0)
        if self._given:
            self.ok.setFocus()  # what could not be pressed before the count had no focus

    def _do(self, *, on: bool) -> None:
        from casekit.ops import coding as ops

        wanted, ids, name, window = self.codes(on=on), self._ids, self._name, self._shell.window
        if wanted:
            self._shell.do(
                "code many",
                lambda s: ops.code(s, ids, wanted, name=name),
                lambda changes: window.say(changes.label),
            )
            self._shell.last_coded = ids[-1]
            self.accept()


def counts_text(number: int, same: int, other: int, without: int) -> str:
    """How many items have a code already, and what becomes of the others, in a few sentences."""
    rest = number - same - without
    if same == number:
        return tr_count("It has it already.", "All {n} have it already.", number)
    if without == number:
        return tr_count(
            "It does not have this field as it is coded now.",
            "None of the {n} has this field as it is coded now.",
            number,
        )
    if number == 1:
        said = tr("It gets it.")
    elif same == 0:
        said = tr("None has it; {rest} of {n} get it.", rest=rest, n=number)
    else:
        said = tr("{some} of {n} have it already; {rest} get it.", some=same, n=number, rest=rest)
    if other:
        said += " " + tr_count(
            "1 of these has another value, which it replaces.",
            "{n} of these have another value, which it replaces.",
            other,
        )
    if without:
        said += " " + tr_count(
            "1 does not have this field and stays as it is.",
            "{n} do not have this field and stay as they are.",
            without,
        )
    return said


def code_chosen(window: Window) -> None:
    """Choose a field and a value for all chosen items."""
    if window.shell is not None:
        code_many(window, window.shell.selection.ids(), (), "")


def code_many(window: Window, ids: list[int], codes: Sequence[Code], name: str) -> None:
    """Show what codes would change on many items, then set them in one act."""
    shell = window.shell
    if shell is None or not ids:
        return

    def query(s: Any) -> dict[str, tuple[Field, tuple[str, ...]]]:
        from casekit.queries import coding, templates

        held = templates.templates(s)
        found: dict[str, tuple[Field, tuple[str, ...]]] = {}
        for collection in sorted(set(coding.collections(s, ids).values())):
            template = held.get(collection)
            for of in template.fields if template else ():
                choices = coding.choices_of(s, template).get(of.name, ()) if template else ()
                known = found.get(of.name, (of, ()))
                found[of.name] = (known[0], tuple(dict.fromkeys((*known[1], *choices))))
        return found

    def opened(fields: dict[str, tuple[Field, tuple[str, ...]]]) -> None:
        if window.shell is not shell:
            return
        if not fields and not codes:
            window.say(tr("There is no coding template for these items yet: take the usual ones."))
            return
        CodeMany(window, shell, ids, fields, codes, name).open()

    shell.read("fields", query, opened)
