"""What is asked before a dossier is written: its title, what it is for, where it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QWidget

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui.asking import Form
from casekit.ui.limit_box import LimitBox
from casekit.ui.sealed_copy import SealedCopy

if TYPE_CHECKING:
    from casekit.dossier.pdfa import Profile
    from casekit.dossier.spec import DossierSpec, Section


class Dossier(Form):
    """Asks what the dossier is called, whether it is issued, and where it goes."""

    def __init__(self, parent: QWidget, title: str, folder: Path) -> None:
        super().__init__(
            parent, tr("Dossier"),
            tr("A draft says DRAFT on every page and uses up no number. Issuing allocates the Bates "
               "numbers for good and is written into the log."),
            tr("Make the dossier"),
        )  # fmt: skip
        self.setMinimumWidth(600)  # two columns of boxes
        self.title_ = self.field(tr("Title"), title)
        self.profile = self.choice(
            tr("Purpose"),
            [
                ("filing", tr("To file or to serve: PDF/A, nothing attached")),
                ("bundle", tr("A bundle for an English court: page numbers in the outline")),
                (
                    "archive",
                    tr("To keep, or for an expert: native records attached, keys unmasked"),
                ),
                ("accessible", tr("For screen readers: tagged, PDF/UA, nothing attached")),
            ],
        )
        self.limit = LimitBox()
        self.limit.setAccessibleName(tr("Largest file"))
        self.form.addRow(tr("Largest file"), self.limit)
        self.recipients = self.ask_recipients()
        self.more = self._sections()
        self.file = self.target(tr("File"), str(folder / "dossier.pdf"))
        self.sealed = SealedCopy(self.form, self.file)
        self.sealed.wanted.toggled.connect(lambda _on: self._make_room())
        self.issue = QCheckBox(tr("Issue it: number it for good"))
        self.form.addRow("", self.issue)
        self.machine = QCheckBox(tr("Print what a machine read in pictures, as an aid"))
        self.form.addRow("", self.machine)

    def _sections(self) -> dict[Section, QCheckBox]:
        """A box for each section that a dossier does not have unless it is asked for."""
        asked: list[tuple[Section, str]] = [
            ("trial", tr("Trial exhibit list")),
            ("parties", tr("Parties, persons and accounts")),
            ("claims", tr("Claims and their elements")),
            ("facts", tr("Chronology of the facts")),
            ("chronology", tr("Chronology of the exhibits")),
            ("collection", tr("How the evidence was collected")),
            ("method", tr("Method of the findings")),
            ("privilege", tr("Privilege log")),
            ("imports", tr("Import reports")),
            ("issued", tr("Issued versions")),
            ("versions", tr("Versions of the tools")),
            ("glossary", tr("Glossary")),
        ]
        boxes = {name: QCheckBox(text) for name, text in asked}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        for n, box in enumerate(boxes.values()):
            grid.addWidget(box, n // 2, n % 2)
        self.form.addRow(tr("Also print"), grid)
        return boxes

    def check(self) -> None:
        """The folder must be there, and the limit a size."""
        try:
            self.limit.megabytes()
        except CaseKitError as error:
            self.complain(error)
            return
        if not self.recipients_are_whole(self.recipients):
            return
        if not Path(self.file.text()).parent.is_dir():
            self.complain(tr("This folder is not there: choose another one."), self.file)
        elif trouble := self.sealed.trouble():
            self.complain(trouble)
        else:
            self.accept()

    def answer(self) -> tuple[DossierSpec, bool, Path, Path | None] | None:
        """What it shall hold, issued or draft, file, and that of a sealed copy if there is to be one."""
        from casekit.dossier.spec import SECTIONS, USUAL, DossierSpec

        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        wanted = {*USUAL, *(name for name, box in self.more.items() if box.isChecked())}
        spec = DossierSpec(
            sections=tuple(name for name in SECTIONS if name in wanted),
            title=self.title_.text().strip(),
            profile=cast("Profile", self.profile.currentData()),
            machine_texts=self.machine.isChecked(),
            limit_mb=self.limit.megabytes(),
            recipients=self.recipients.recipients(),
        )
        return spec, self.issue.isChecked(), Path(self.file.text()), self.sealed.path()
