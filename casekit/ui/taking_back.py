"""Clawback from the window: a notice received, what it sequestered and its release, and what we take back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QPlainTextEdit, QTableWidgetItem, QWidget

from casekit.clock import iso
from casekit.i18n import tr, tr_count
from casekit.sentences import translated
from casekit.ui.asking import Form
from casekit.ui.asking_again import until_taken
from casekit.ui.coding import BASES, BASIS_WORDS
from casekit.ui.tables import choosing_table
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.ops.clawback import Notice
    from casekit.ops.journal import Changes
    from casekit.progress import Progress
    from casekit.queries.sequestered import SequesterRow
    from casekit.ui.asking_again import Again
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window

HEADS = ("Item", "Since", "By", "Notice of", "Reference")
_WIDTHS = (70, 110, 150, 200, 180)


class ReceiveNotice(Form):
    """Asks whose notice it is and what it names."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(
            parent,
            tr("Clawback notice received"),
            tr("All that the notice names is sequestered at once, with families and copies: nobody can read, "
               "find or export it until a named person releases it. The log keeps who did what."),
            tr("Sequester"),
        )  # fmt: skip
        self.party = self.field(tr("Notice of"), hint=tr("The party or its counsel"))
        self.dated = self.field(tr("Dated"))
        self.reference = self.field(tr("Reference"), hint=tr("Letter, mail or docket number"))
        self.named = QPlainTextEdit()
        self.named.setAccessibleName(tr("What it names"))
        self.named.setPlaceholderText(
            tr("A line each: a Bates number, a range FIRST..LAST, a SHA-256, or an item’s number")
        )
        self.named.setTabChangesFocus(True)
        self.form.addRow(tr("It names"), self.named)

    def check(self) -> None:
        """Whose, by which letter, and what are needed."""
        if not self.party.text().strip() or not self.named.toPlainText().strip():
            self.complain(tr("Say whose notice it is and what it names."))
        elif not self.reference.text().strip():
            self.complain(tr("Say by which letter or mail the notice came."), self.reference)
        else:
            self.accept()

    def answer(self) -> Notice | None:
        """The notice."""
        from casekit.ops.clawback import Notice

        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        named = tuple(self.named.toPlainText().splitlines())
        return Notice(self.party.text(), named, self.dated.text(), self.reference.text())


class Release(Form):
    """Lists what is sequestered and asks what is released, by whom and why."""

    def __init__(self, parent: QWidget | None, rows: Sequence[SequesterRow]) -> None:
        super().__init__(
            parent,
            tr("Sequestered"),
            tr("Nothing of these items can be seen. Choose rows to release them, once the claim is withdrawn "
               "or decided; who did it and why is kept for good."),
            tr("Release"),
        )  # fmt: skip
        self.setMinimumWidth(780)
        self._rows = rows
        self.table = choosing_table(tr("Sequestered"), len(rows), HEADS, _WIDTHS)
        for line, row in enumerate(rows):
            cells = (str(row.item_id), iso(row.at_us)[:10], row.by, row.party, row.reference)
            for column, text in enumerate(cells):
                self.table.setItem(line, column, QTableWidgetItem(shown(text)))
        self.table.setMinimumHeight(200)
        self.form.addRow(self.table)
        self.by = self.field(tr("Released by"))
        self.reason = self.field(tr("Because"), hint=tr("The order or letter that ended the claim"))

    def check(self) -> None:
        """Rows, a name and a reason are needed."""
        if not self.table.selectedIndexes():
            self.complain(tr("Choose at least one row."))
        elif not self.by.text().strip() or not self.reason.text().strip():
            self.complain(tr("Say who releases the items and why: both are kept for good."))
        else:
            self.accept()

    def answer(self) -> tuple[list[int], str, str] | None:
        """Items, who and why."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        lines = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self._rows[n].item_id for n in lines], self.by.text(), self.reason.text()


class TakeBack(Form):
    """Asks on which basis what has left is taken back, and how it came to be produced."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(
            parent,
            tr("Take back what has left"),
            tr("The chosen items and their families are withheld from now on, and the register shows them as "
               "taken back. “Clawback letter …” then writes the facts for the letter."),
            tr("Take back"),
        )  # fmt: skip
        self.basis = self.choice(tr("Basis"), [(b, tr(BASIS_WORDS[b])) for b in BASES])
        self.reason = self.field(tr("Because"), hint=tr("How it came to be produced"))

    def check(self) -> None:
        """A reason is needed."""
        if self.reason.text().strip():
            self.accept()
        else:
            self.complain(
                tr("Say how it came to be produced: the letter and the log need it."), self.reason
            )

    def answer(self) -> tuple[str, str] | None:
        """Basis and reason."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return str(self.basis.currentData()), self.reason.text()


def receive_notice(window: Window) -> None:
    """Ask for a notice and sequester what it names."""
    if window.shell is not None:
        until_taken(window, window.ask.notice, partial(_receive, window, window.shell))


def _receive(window: Window, shell: Shell, told: Notice, again: Again) -> None:
    case = shell.case

    def work(_progress: Progress) -> Any:
        from casekit.jobs import clawback

        return clawback.receive(case, told)

    def done(found: tuple[Changes, list[str]]) -> None:
        changes, missing = found
        _refresh(window)
        if missing:
            names = ", ".join(missing[:8])
            said = translated(changes.label) + " · ▲ " + tr("Not found: {names}", names=names)
            window.notice.show_text(said, "bad")
        else:
            window.notice.show_text(translated(changes.label), "ok")

    shell.jobs.start(tr("Sequestering"), work, done, again, lane="long")


def release(window: Window) -> None:
    """List what is sequestered; release what is chosen."""
    shell = window.shell
    if shell is None:
        return
    case = shell.case

    def query(s: Any) -> list[SequesterRow]:
        from casekit.queries import sequestered

        return sequestered.sequestered(s)

    def ask(rows: list[SequesterRow]) -> None:
        if not rows:
            window.say(tr("Nothing is sequestered."))
            return
        until_taken(window, lambda: window.ask.release(rows), act)

    def act(asked: tuple[list[int], str, str], again: Again) -> None:
        def work(_progress: Progress) -> Any:
            from casekit.jobs import clawback

            return clawback.release(case, *asked)

        def done(changes: Changes) -> None:
            _refresh(window)
            window.notice.show_text(translated(changes.label), "ok")

        shell.jobs.start(tr("Releasing"), work, done, again, lane="long")

    shell.read("sequestered", query, ask)


def take_back(window: Window) -> None:
    """Ask for basis and reason, and take the chosen items back."""
    from casekit.ops import clawback

    shell = window.shell
    if shell is None or shell.selection.view is None:
        return
    ids = shell.selection.ids()
    until_taken(
        window,
        window.ask.take_back,
        lambda asked, again: shell.do(
            "take back",
            lambda s: clawback.take_back(s, ids, *asked),
            lambda changes: window.say(changes.label),
            again=again,
        ),
    )


def write_letter(window: Window) -> None:
    """Ask for a file and write the facts of the letter."""
    shell = window.shell
    if shell is None:
        return
    given = shell.case.folder.parent / f"{shell.case.name} clawback letter.docx"
    out = window.ask.save_file(tr("Clawback letter …"), given, "DOCX (*.docx);;TXT (*.txt)")
    if out is None:
        return
    case = shell.case

    def work(_progress: Progress) -> Any:
        from casekit.jobs import clawback

        return clawback.write_letter(case, out)

    def done(number: int) -> None:
        said = tr(
            "Letter written: {items}, {name}",
            items=tr_count("1 item", "{n} items", number),
            name=out.name,
        )
        window.notice.show_text(said, "ok")

    shell.jobs.start(tr("Writing the letter"), work, done, window.refuse, lane="long")


def _refresh(window: Window) -> None:
    if window.workspace is not None:
        window.workspace.refresh()
