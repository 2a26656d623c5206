"""Lists for a word processor or a spreadsheet, from the window: which one, how, and where."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QDialog, QWidget

from casekit.i18n import tr, tr_count
from casekit.ui import conflicting
from casekit.ui.asking import Form
from casekit.ui.asking_again import until_taken
from casekit.ui.logging_privilege import FORMATS

if TYPE_CHECKING:
    from casekit.dossier.companion import Kind
    from casekit.dossier.sections.withheld import Format
    from casekit.jobs.companion import Written
    from casekit.progress import Progress
    from casekit.ui.asking_again import Again
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window

KINDS = (
    ("index", "Index of exhibits"),
    ("claims", "Claims and their elements"),
    ("facts", "Chronology of the facts"),
    ("chronology", "Chronology of the exhibits"),
    ("trial", "Trial exhibit list"),
    ("privilege", "Privilege log"),
    ("redactions", "Redaction log"),
    ("issued", "Register of issued versions"),
)
ENDINGS = ((".docx", "Word (DOCX)"), (".xlsx", "Spreadsheet (XLSX)"))


class WriteList(Form):
    """Asks which list is written, as what, and into which file."""

    def __init__(self, parent: QWidget | None, folder: Path) -> None:
        super().__init__(
            parent,
            tr("Lists for Word and spreadsheets"),
            tr("The rows that the dossier prints, under the matter's caption, to be edited elsewhere. What "
               "blocks a dossier blocks them too: nothing withheld or redacted is in them."),
            tr("Write the list"),
        )  # fmt: skip
        self.kind = self.choice(tr("List"), [(name, tr(words)) for name, words in KINDS])
        self.ending = self.choice(tr("Written as"), [(end, tr(words)) for end, words in ENDINGS])
        self.format = self.choice(tr("Rows"), [(name, tr(words)) for name, words in FORMATS])
        self.recipients = self.ask_recipients()
        self.file = self.target(tr("File"))
        self._folder = folder
        self.kind.currentIndexChanged.connect(self._name)
        self.ending.currentIndexChanged.connect(self._name)
        self._name()

    def _name(self) -> None:
        """Name the file after the list, in the folder chosen last."""
        if self.file.text():
            self._folder = Path(self.file.text()).parent
        name = dict(KINDS)[self.kind.currentData()].lower() + self.ending.currentData()
        self.file.setText(str(self._folder / name))
        is_log = self.kind.currentData() == "privilege"
        self.form.setRowVisible(self.format, is_log)

    def check(self) -> None:
        """The folder must be there, and the name say what is written."""
        path = Path(self.file.text())
        if not path.parent.is_dir():
            self.complain(tr("This folder is not there: choose another one."), self.file)
        elif path.suffix.lower() not in dict(ENDINGS):
            self.complain(
                tr("This list is written as .docx or .xlsx: name the file so."), self.file
            )
        elif not self.recipients_are_whole(self.recipients):
            return
        else:
            self.accept()

    def answer(self) -> tuple[Kind, Format, Path, tuple[str, ...]] | None:
        """List, format of a privilege log, file, and who receives it."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        form = cast("Format", self.format.currentData())
        kind = cast("Kind", self.kind.currentData())
        return kind, form, Path(self.file.text()), self.recipients.recipients()


def write_list(window: Window) -> None:
    """Ask which list and where, and write it."""
    shell = window.shell
    if shell is None:
        return
    folder = shell.case.folder.parent
    until_taken(window, lambda: window.ask.companion(folder), partial(_write, window, shell))


def _write(
    window: Window, shell: Shell, asked: tuple[Kind, Format, Path, tuple[str, ...]], again: Again
) -> None:
    kind, form, out, recipients = asked
    case = shell.case

    def work(progress: Progress) -> Any:
        from casekit.dossier.spec import DossierSpec
        from casekit.jobs import companion

        spec = DossierSpec(privilege_format=form, recipients=recipients)
        return companion.write(case, kind, out, spec, progress)

    def done(written: Written) -> None:
        rows = tr_count("1 row", "{n} rows", written.rows)
        said = tr("{rows} written to {name}", rows=rows, name=out.name)
        if written.undescribed:
            said += " · ▲ " + tr_count(
                "1 item has no description yet", "{n} items have no description yet", written.undescribed
            )  # fmt: skip
        window.notice.show_text(said, "bad" if written.undescribed else "ok")

    stopped = conflicting.stopped(window, again)
    shell.jobs.start(tr("Writing the list"), work, done, stopped, lane="long")
