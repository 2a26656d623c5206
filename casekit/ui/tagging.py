"""Tagging many items: what it would change is shown before anything is changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from casekit.i18n import tr, tr_count
from casekit.ui.asking import Form
from casekit.ui.basics import Choice, Label

if TYPE_CHECKING:
    from casekit.queries.facets import TagRow
    from casekit.ui.shell import Shell


class TagMany(Form):
    """Choose a tag, read what it would do, put it on or take it off."""

    def __init__(
        self, parent: QWidget, shell: Shell, tags: Sequence[TagRow], ids: list[int], name: str
    ) -> None:
        super().__init__(
            parent,
            tr_count("Tag 1 item", "Tag {n} items", len(ids)),
            tr("One act, which can be undone as one."),
            tr("Put it on"),
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell, self._ids = shell, ids
        self._known = {tag.name: tag.id for tag in tags}
        self._asked = 0
        self.box = Choice()
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setAccessibleName(tr("Tag"))
        self.box.addItems(sorted(self._known))
        self.box.setCurrentText(name)
        self.box.currentTextChanged.connect(self._preview)
        self.form.addRow(tr("Tag"), self.box)
        self.said = Label()
        self.said.setWordWrap(True)
        self.form.addRow("", self.said)
        self.off = QPushButton(tr("Take it off"))
        self.off.clicked.connect(lambda: self._do(put_on=False))
        self.form.addRow("", self.off)
        self._preview(name)

    def check(self) -> None:
        """Put the tag on."""
        self._do(put_on=True)

    def _preview(self, name: str) -> None:
        from casekit.ops import tags

        name = name.strip()
        self._asked += 1
        asked, ids = self._asked, self._ids
        self.ok.setEnabled(bool(name))
        tag_id = self._known.get(name)
        if tag_id is None:
            self.off.setEnabled(False)
            self.said.setText(
                tr_count(
                    "A new tag; the item gets it.", "A new tag; all {n} items get it.", len(ids)
                )
                if name
                else tr("Choose a tag or type a new one.")
            )
            return

        def counted(having: set[int]) -> None:
            if asked == self._asked:
                self._say(len(having))

        self._shell.read("preview", lambda s: tags.tagged(s, ids, tag_id), counted)

    def _say(self, having: int) -> None:
        number = len(self._ids)
        if having == number:
            text = tr_count("It has it already.", "All {n} have it already.", number)
        elif having == 0:
            text = tr_count("It gets it.", "None of the {n} has it; all get it.", number)
        else:
            text = tr(
                "{some} of {n} have it already; {rest} get it.",
                some=having,
                n=number,
                rest=number - having,
            )
        self.said.setText(text)
        self.ok.setEnabled(having < number)
        self.off.setEnabled(having > 0)

    def _do(self, *, put_on: bool) -> None:
        from casekit.ops import tags

        name, ids = self.box.currentText().strip(), self._ids
        if not name:
            self.complain(tr("Choose a tag or type a new one."))
            return
        op = tags.add_tag if put_on else tags.remove_tag
        self._shell.do("tag many", lambda s: op(s, ids, name))
        self.accept()
