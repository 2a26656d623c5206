"""Where exhibits or a volume come from, written for other forensic tools from the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QWidget

from casekit.i18n import tr, tr_count
from casekit.ui import conflicting
from casekit.ui.asking_again import until_taken
from casekit.ui.form import Form
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.jobs.provenance import Written
    from casekit.progress import Progress
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

ENDINGS = (".jsonld", ".json")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is told of: a volume by its name, or the exhibits (empty); into which file, and for whom."""

    volume: str
    file: Path
    recipients: tuple[str, ...]


class WriteOrigins(Form):
    """Asks whose provenance is written, into which file, and who receives it."""

    def __init__(self, parent: QWidget | None, volumes: Sequence[str], folder: Path) -> None:
        super().__init__(
            parent,
            tr("Write the provenance"),
            tr("For other forensic tools, in the words of CASE and UCO (JSON-LD): each item with its original, "
               "its exact place and hashes, and its custody. What is withheld is left out, and nothing that is "
               "redacted is told."),
            tr("Write it"),
        )  # fmt: skip
        self._folder = folder
        self.volume = self.choice(
            tr("Of"), [("", tr("The exhibits")), *((name, shown(name)) for name in volumes)]
        )
        self.recipients = self.ask_recipients()
        self.file = self.target(tr("File"))
        self.volume.currentIndexChanged.connect(lambda _n: self._name())
        self._name()

    def _name(self) -> None:
        if self.file.text():
            self._folder = Path(self.file.text()).parent
        name = self.volume.currentData() or "exhibits"
        self.file.setText(str(self._folder / f"{name} provenance{ENDINGS[0]}"))

    def check(self) -> None:
        """The folder must be there, and the name say what is written."""
        path = Path(self.file.text())
        if not path.parent.is_dir():
            self.complain(tr("This folder is not there: choose another one."), self.file)
        elif path.suffix.lower() not in ENDINGS:
            self.complain(
                tr("The provenance is written as .jsonld or .json: name the file so."), self.file
            )
        elif self.recipients_are_whole(self.recipients):
            self.accept()

    def answer(self) -> Wanted | None:
        """What is to be written."""
        return self.wanted() if self.exec() == QDialog.DialogCode.Accepted else None

    def wanted(self) -> Wanted:
        """What the fields say."""
        volume = str(self.volume.currentData())
        return Wanted(volume, Path(self.file.text()), self.recipients.recipients())


def write_origins(window: Window) -> None:
    """Ask whose provenance is wanted, and write it."""
    shell = window.shell
    if shell is None:
        return

    def query(s: Any) -> list[str]:
        from casekit.queries import productions

        return productions.volume_names(s)

    def arrived(volumes: list[str]) -> None:
        folder = shell.case.folder.parent
        until_taken(
            window,
            lambda: window.ask.form(WriteOrigins(window, volumes, folder)),
            lambda wanted, again: _write(window, wanted, again),
        )

    shell.read("volumes", query, arrived)


def _write(window: Window, wanted: Wanted, again: Again) -> None:
    shell = window.shell
    if shell is None:
        return
    case = shell.case

    def work(progress: Progress) -> Any:
        from casekit.dossier.spec import DossierSpec
        from casekit.jobs import provenance

        if wanted.volume:
            return provenance.write_volume(
                case, wanted.volume, wanted.file, wanted.recipients, progress
            )
        return provenance.write(
            case, wanted.file, DossierSpec(recipients=wanted.recipients), progress
        )

    def done(written: Written) -> None:
        count = written.exhibits
        told = (
            tr_count("1 document", "{n} documents", count)
            if wanted.volume
            else tr_count("1 exhibit", "{n} exhibits", count)
        )
        said = tr("Provenance of {told} written to {name}", told=told, name=wanted.file.name)
        if written.left_out:
            said += " · ◆ " + tr_count(
                "1 document is left out: withheld or sequestered by now",
                "{n} documents are left out: withheld or sequestered by now", written.left_out,
            )  # fmt: skip
        window.notice.show_text(said, "ok")

    stopped = conflicting.stopped(window, again)
    shell.jobs.start(tr("Writing the provenance"), work, done, stopped, lane="long")
