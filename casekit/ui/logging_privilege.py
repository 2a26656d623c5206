"""The privilege log from the window: what it is to say of an item, its format and its file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QDialog, QWidget

from casekit.i18n import tr, tr_count
from casekit.ui.asking import Form
from casekit.ui.asking_again import until_taken

if TYPE_CHECKING:
    from casekit.dossier.sections.withheld import Format
    from casekit.jobs.privilege_log import Written
    from casekit.progress import Progress
    from casekit.ui.asking_again import Again
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window

FORMATS = (
    ("document", "A row an item, with its description"),
    ("category", "A row a category, with its items"),
    ("metadata", "A row an item, by its metadata alone"),
)


class PrivilegeLog(Form):
    """Asks for the format of the log and its file."""

    def __init__(self, parent: QWidget | None, folder: Path) -> None:
        super().__init__(
            parent,
            tr("Privilege log"),
            tr("Every withheld item with its date, people, kind and basis; neither its title nor what it says. "
               "The description of each is the one written with “Describe for the log”."),
            tr("Write the log"),
        )  # fmt: skip
        self.format = self.choice(tr("Format"), [(name, tr(words)) for name, words in FORMATS])
        self.file = self.target(
            tr("File"), str(folder / "privilege log.xlsx"), "….xlsx, ….docx, ….csv"
        )

    def check(self) -> None:
        """The folder must be there, and the name say what is written."""
        path = Path(self.file.text())
        if not path.parent.is_dir():
            self.complain(tr("This folder is not there: choose another one."), self.file)
        elif path.suffix.lower() not in (".csv", ".xlsx", ".docx"):
            self.complain(
                tr("A privilege log is written as .csv, .xlsx or .docx: name the file so.")
            )
        else:
            self.accept()

    def answer(self) -> tuple[Format, Path] | None:
        """Format and file."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return cast("Format", self.format.currentData()), Path(self.file.text())


def write_log(window: Window) -> None:
    """Ask for format and file, and write the log."""
    shell = window.shell
    if shell is None:
        return
    folder = shell.case.folder.parent
    until_taken(window, lambda: window.ask.privilege_log(folder), partial(_write, window, shell))


def _write(window: Window, shell: Shell, asked: tuple[Format, Path], again: Again) -> None:
    form, out = asked
    case = shell.case

    def work(_progress: Progress) -> Any:
        from casekit.jobs import privilege_log

        return privilege_log.write(case, out, form)

    def done(written: Written) -> None:
        said = tr(
            "Privilege log written: {items}, {name}",
            items=tr_count("1 item", "{n} items", written.items),
            name=out.name,
        )
        if written.undescribed:
            said += " · ▲ " + tr_count(
                "1 item has no description yet", "{n} items have no description yet", written.undescribed
            )  # fmt: skip
        window.notice.show_text(said, "bad" if written.undescribed else "ok")

    shell.jobs.start(tr("Writing the privilege log"), work, done, again, lane="long")


def describe(window: Window) -> None:
    """Ask what the log says of the chosen withheld items, and write it down."""
    from casekit.ops import privilege

    shell = window.shell
    if shell is None or shell.selection.view is None:
        return
    if not shell.selection.view.privilege_basis:
        window.say(tr("This item is not withheld: press P first."))
        return
    about, ids = tr("What the log says of it, without telling what it holds"), shell.selection.ids()
    item_id = shell.selection.view.row.id

    def ask(held: str) -> None:
        until_taken(
            window,
            lambda: window.ask.text(tr("Describe for the log"), about, held),
            lambda text, again: shell.do(
                "describe",
                lambda s: privilege.describe(s, ids, text),
                lambda _changes: window.say(tr("Described for the privilege log")),
                again=again,
            ),
        )

    def query(s: Any) -> str:
        from casekit.queries import privilege_log

        return privilege_log.description(s, item_id)

    shell.read("description", query, ask)
