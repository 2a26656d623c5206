"""A tick in a dialog for a second copy under seal, with its file, which is named after the public one."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit

from casekit.i18n import tr

ENDING = "-SEALED"
_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


class SealedCopy:
    """Two rows of a form: whether there is a sealed copy, and its file.

    Args:
        form: The form that they are added to.
        file: The line with the file of the public copy.
    """

    def __init__(self, form: QFormLayout, file: QLineEdit) -> None:
        self._public = file
        self._form = form
        self._own = False  # the user has named it
        self.wanted = QCheckBox(tr("A sealed copy for the court too"))
        self.wanted.setToolTip(
            tr("The public copy is redacted; in the sealed one the court reads what is withheld, but for what "
               "is privileged. Where recipients are named, one must be the court.")
        )  # fmt: skip
        form.addRow("", self.wanted)
        self.file = QLineEdit()
        self.file.setAccessibleName(tr("Sealed copy"))
        form.addRow(tr("Sealed copy"), self.file)
        form.setRowVisible(self.file, False)
        self.file.textEdited.connect(lambda _t: self._name(own=True))
        file.textChanged.connect(lambda _t: self._name())
        self.wanted.toggled.connect(self._show)
        self._name()

    def path(self) -> Path | None:
        """The file of the sealed copy; None if there is to be none."""
        return with_ending(self.file.text()) if self.wanted.isChecked() else None

    def trouble(self) -> str:
        """What is wrong with the file, or nothing."""
        path = self.path()
        if path is None:
            return ""
        if not path.parent.is_dir():
            return tr("This folder is not there: choose another one.")
        if path.stem == with_ending(self._public.text()).stem:
            return tr("The public and the sealed copy need different names.")
        return ""

    def _show(self, on: bool) -> None:
        self._form.setRowVisible(self.file, on)

    def _name(self, *, own: bool = False) -> None:
        self._own = self._own or own
        if not self._own:
            path = with_ending(self._public.text())
            self.file.setText(str(path.with_name(path.stem + ENDING + path.suffix)))


def with_ending(text: str) -> Path:
    """The file that a line names, with the ending of a PDF; of a folder, `dossier.pdf` in it."""
    path = Path(text.strip())
    if not path.name or text.strip().endswith(
        _SEPARATORS
    ):  # "/" has no name that an ending could go to
        path /= "dossier.pdf"
    return path if path.suffix.lower() == ".pdf" else path.with_name(path.name + ".pdf")
