"""What is asked before a dossier is written from its window: where it goes, and what issuing means."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QWidget

from casekit.i18n import tr
from casekit.ui.form import Form
from casekit.ui.sealed_copy import SealedCopy, with_ending


class DossierFile(Form):
    """Asks for the file of a draft, or of a dossier that is issued."""

    def __init__(self, parent: QWidget, given: Path, *, issue: bool) -> None:
        draft = tr("A draft says DRAFT on every page and uses up no number.")
        final = tr("Issuing allocates the Bates numbers for good and is written into the log. It cannot be "
                   "undone.")  # fmt: skip
        super().__init__(
            parent,
            tr("Issue the dossier") if issue else tr("Write a draft"),
            final if issue else draft,
            tr("Issue it") if issue else tr("Write it"),
        )
        self._issue = issue
        self.file = self.target(tr("File"), str(given))
        self.sealed = SealedCopy(self.form, self.file)
        self.sealed.wanted.toggled.connect(lambda _on: self._make_room())

    def check(self) -> None:
        """The folder must be there, and an issued dossier replaces nothing."""
        file, sealed = with_ending(self.file.text()), self.sealed.path()
        if not file.parent.is_dir():
            self.complain(tr("This folder is not there: choose another one."), self.file)
        elif trouble := self.sealed.trouble():
            self.complain(trouble)
        elif self._issue and (file.exists() or (sealed and sealed.exists())):
            self.complain(
                tr("This file is there already: an issued dossier never replaces one."), self.file
            )
        else:
            self.accept()

    def answer(self) -> tuple[Path, Path | None] | None:
        """The file, and that of a sealed copy if there is to be one."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return with_ending(self.file.text()), self.sealed.path()
