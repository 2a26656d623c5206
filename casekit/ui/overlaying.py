"""What has changed since documents were handed over, sent after them as an overlay from the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QDialog, QWidget

from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.ui import conflicting, producing
from casekit.ui.asking_again import until_taken
from casekit.ui.form import Form
from casekit.ui.long_work import show_folder

if TYPE_CHECKING:
    from casekit.dossier.load_file import Encoding
    from casekit.dossier.overlay import Overlay
    from casekit.progress import Progress
    from casekit.queries.matter import MatterRow
    from casekit.ui.asking_again import Again
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which documents an overlay is made, what they bear now, and where it goes."""

    query: str
    designation: str
    encoding: Encoding
    recipients: tuple[str, ...]
    folder: Path


class WriteOverlay(Form):
    """Asks for which documents changed fields are sent, and how."""

    def __init__(self, parent: QWidget | None, query: str, matter: MatterRow, folder: Path) -> None:
        super().__init__(
            parent,
            tr("Overlay of a production"),
            tr("A load file of the fields that have changed since documents were handed over, such as "
               "designations and families, for the program that holds them. You see what it would change "
               "before anything is written."),
            tr("See what it would change"),
        )  # fmt: skip
        self.query = self.field(tr("Documents"), query, tr("a search, such as tag:responsive"))
        self.designation = self.field(tr("Designation"), matter.designation)
        self.encoding = self.choice(tr("Load file"), producing.ENCODINGS)
        self.recipients = self.ask_recipients()
        self.folder = self.target(tr("Folder"), str(folder), folder=True)

    def check(self) -> None:
        """Documents and a folder must make sense."""
        if not self.query.text().strip():
            self.complain(tr("Say which documents go: a search, or * for all."), self.query)
        elif not Path(self.folder.text()).is_dir():
            self.complain(tr("This folder is not there: choose another one."), self.folder)
        elif self.recipients_are_whole(self.recipients):
            self.accept()

    def answer(self) -> Wanted | None:
        """What is to be written."""
        return self.wanted() if self.exec() == QDialog.DialogCode.Accepted else None

    def wanted(self) -> Wanted:
        """What the fields say."""
        return Wanted(
            self.query.text().strip(), self.designation.text().strip(),
            cast("Encoding", self.encoding.currentData()), self.recipients.recipients(),
            Path(self.folder.text()),
        )  # fmt: skip


class SureOfOverlay(producing.Sure):
    """Shows what an overlay would change before it is written."""

    def __init__(self, parent: QWidget | None, lines: list[tuple[str, str]]) -> None:
        super().__init__(
            parent,
            tr("Write the overlay?"),
            tr("It is written into the log as what the documents bear from now on; that cannot be undone."),
            tr("Write the overlay"), lines,
        )  # fmt: skip


def summary(planned: Overlay) -> list[tuple[str, str]]:
    """What a planned overlay would change, line by line."""
    first, last = planned.rows[0]["BEGBATES"], planned.rows[-1]["BEGBATES"]
    lines = [
        (tr("Overlay"), planned.title),
        (tr("Documents"), f"{len(planned.rows):,}"),
        (tr("Numbers"), f"{first} – {last}"),
        (tr("Fields that change"), ", ".join(planned.fields[1:])),
    ]
    if planned.recipients:
        lines.append((tr("Who receives it"), "; ".join(planned.recipients)))
    if planned.unknown:
        lines.append((tr("▲ Left out"), tr_count(
            "1 item was never handed over in a volume, or is withheld",
            "{n} items were never handed over in a volume, or are withheld", planned.unknown,
        )))  # fmt: skip
    return lines


def write_overlay(window: Window) -> None:
    """Ask of which documents, plan it, show the plan, and write it."""
    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None or workspace.contents is None:
        return
    query, matter = producing.listed_query(workspace), workspace.contents.matter
    folder = shell.case.folder.parent
    until_taken(
        window,
        lambda: window.ask.form(WriteOverlay(window, query, matter, folder)),
        partial(_plan, window, shell),
    )


def _plan(window: Window, shell: Shell, wanted: Wanted, again: Again) -> None:
    case, stopped = shell.case, conflicting.stopped(window, again)

    def work(_progress: Progress) -> Any:
        from casekit.jobs import overlay

        return overlay.plan(
            case, wanted.query, designation=wanted.designation, encoding=wanted.encoding,
            recipients=wanted.recipients,
        )  # fmt: skip

    def planned(found: Overlay) -> None:
        if window.ask.form(SureOfOverlay(window, summary(found))):
            _write(window, found, wanted.folder, stopped)
        else:
            again(None)

    shell.jobs.start(tr("Planning the overlay"), work, planned, stopped, lane="long")


def _write(
    window: Window, planned: Overlay, folder: Path, stopped: Callable[[CaseKitError], None]
) -> None:
    shell = window.shell
    if shell is None:
        return
    case = shell.case

    def work(_progress: Progress) -> Any:
        from casekit.jobs import overlay

        return overlay.write(case, planned, folder)

    def done(path: Path) -> None:
        if window.workspace is not None:
            window.workspace.refresh()
        count = len(planned.rows)
        said = tr_count("1 document in the overlay", "{n} documents in the overlay", count)
        window.notice.show_text(
            f"{said} · {path.name}", "ok", offer=tr("Show the folder"),
            run=lambda: show_folder(path),
        )  # fmt: skip

    shell.jobs.start(tr("Writing the overlay"), work, done, stopped, lane="long")
