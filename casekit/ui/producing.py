"""A production from the window: what goes, how, under which numbers, and a look before it is fixed."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QLabel, QLineEdit, QWidget

from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.ui import conflicting
from casekit.ui.asking import Form
from casekit.ui.asking_again import until_taken
from casekit.ui.basics import Choice, Label
from casekit.ui.long_work import show_folder

if TYPE_CHECKING:
    from casekit.dossier.imaged import Images
    from casekit.dossier.load_file import Encoding
    from casekit.dossier.volume import Table, Volume, Wish
    from casekit.jobs.production import Written
    from casekit.progress import Progress
    from casekit.queries.matter import MatterRow
    from casekit.ui.asking_again import Again
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window
    from casekit.ui.workspace import Workspace

IMAGES = (
    ("tiff", "TIFF, and JPEG where colour or grey matters"),
    ("tiff-only", "TIFF for all pages"),
    ("pdf", "A PDF a page"),
    ("none", "None, numbers go by document"),
)
ENCODINGS = (("utf-8", "UTF-8"), ("cp1252", "Windows cp1252"))
_MOST_NAMED = 12


class Produce(Form):
    """Asks what goes to the other side, and how."""

    def __init__(
        self, parent: QWidget | None, query: str, matter: MatterRow, prefix: str, folder: Path
    ) -> None:
        super().__init__(
            parent,
            tr("Produce a volume"),
            tr("For the other side's review program: pictures, natives, texts and load files. Families go "
               "whole; what is withheld stays. You see what it would hold before anything is written."),
            tr("See what it would hold"),
        )  # fmt: skip
        self.setMinimumWidth(600)
        self.query = self.field(tr("Documents"), query, tr("a search, such as tag:responsive"))
        self.replace = self.field(
            tr("Or replace"), "", tr("numbers handed over before, ABC-0000012, …")
        )
        self.reason = self.field(tr("Why replaced"))
        self.images = self._box(tr("Pictures"), IMAGES)
        self.natives = self._tick(tr("Natives, where nothing in them is redacted"), on=True)
        self.slips = self._tick(tr("A numbered sheet in the place of withheld items"))
        self.unread = self._tick(tr("Files too that were kept and not read"))
        self.prefix, self.start = QLineEdit(), QLineEdit()
        self.prefix.setPlaceholderText(prefix)
        self.start.setPlaceholderText(tr("the next that is free"))
        self._side_by_side((tr("Prefix"), self.prefix), (tr("First number"), self.start))
        self.designation = self.field(tr("Designation"), matter.designation)
        self.recipients = self.ask_recipients()
        self.encoding = Choice()
        for value, words in ENCODINGS:
            self.encoding.addItem(tr(words), value)
        self.csv, self.xlsx, self.lfp = QCheckBox("CSV"), QCheckBox("XLSX"), QCheckBox("LFP")
        self.rsmf = QCheckBox("RSMF")
        self.rsmf.setToolTip(
            tr("The chats, a file a conversation, for programs that show them as such")
        )
        self.lfp.setToolTip(tr("A list of the pictures for IPRO programs, beside the OPT file"))
        row = self._side_by_side((tr("Load file"), self.encoding), (tr("Also as"), self.csv))
        row.addWidget(self.xlsx)
        row.addWidget(self.lfp)
        row.addWidget(self.rsmf)
        self.folder = self.target(tr("Folder"), str(folder), folder=True)
        self.replace.textChanged.connect(self._fit)
        self._fit()

    def _tables(self) -> tuple[tuple[str, QCheckBox], ...]:
        return ("csv", self.csv), ("xlsx", self.xlsx), ("lfp", self.lfp), ("rsmf", self.rsmf)

    def _side_by_side(self, first: tuple[str, QWidget], second: tuple[str, QWidget]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        for name, widget in (first, second):
            widget.setAccessibleName(name)
        row.addWidget(first[1], 1)
        row.addWidget(Label(second[0]))
        row.addWidget(second[1], 1)
        self.form.addRow(first[0], row)
        return row

    def _box(self, name: str, entries: tuple[tuple[str, str], ...]) -> QComboBox:
        return self.choice(name, [(value, tr(words)) for value, words in entries])

    def _tick(self, words: str, *, on: bool = False) -> QCheckBox:
        box = QCheckBox(words)
        box.setChecked(on)
        self.form.addRow("", box)
        return box

    def _fit(self) -> None:
        """A replacement takes its documents, numbers and families from what was handed over."""
        replaces = bool(self.replace.text().strip())
        self.form.setRowVisible(self.reason, replaces)
        for one in (self.query, self.slips, self.unread, self.prefix, self.start):
            one.setEnabled(not replaces)

    def check(self) -> None:
        """Documents, a folder and a number must make sense."""
        replaces = self._numbers()
        start = self.start.text().strip()
        if not (replaces or self.query.text().strip()):
            self._wrong(self.query, tr("Say which documents go: a search, or * for all."))
        elif replaces and not self.reason.text().strip():
            self._wrong(
                self.reason, tr("Say why they are replaced: the register keeps the reason.")
            )
        elif start and not (start.isascii() and start.isdigit() and int(start[:12]) > 0):
            self._wrong(self.start, tr("The first number is a number, such as 1."))
        elif self.lfp.isChecked() and self.images.currentData() == "none":
            self.complain(tr("An LFP file lists pictures: choose pictures too, or leave it out."))
        elif not self.recipients_are_whole(self.recipients):
            return
        elif not Path(self.folder.text()).is_dir():
            self._wrong(self.folder, tr("This folder is not there: choose another one."))
        else:
            self.accept()

    def _wrong(self, field: QLineEdit, text: str) -> None:
        self.complain(text)
        field.setFocus()

    def _numbers(self) -> tuple[str, ...]:
        return tuple(each for each in re.split(r"[\s,;]+", self.replace.text()) if each)

    def answer(self) -> tuple[str, Wish, Path] | None:
        """The query, what is asked of the volume, and the folder it goes into."""
        from casekit.dossier.volume import Wish

        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        replace, start = self._numbers(), self.start.text().strip()
        tables = tuple(cast("Table", kind) for kind, box in self._tables() if box.isChecked())
        wish = Wish(
            prefix="" if replace else self.prefix.text().strip(),
            start=int(start) if start and not replace else None,
            designation=self.designation.text().strip(),
            encoding=cast("Encoding", self.encoding.currentData()),
            unread=self.unread.isChecked(), images=cast("Images", self.images.currentData()),
            natives=self.natives.isChecked(), slips=self.slips.isChecked(), tables=tables,
            replace=replace, reason=self.reason.text().strip() if replace else "",
            recipients=self.recipients.recipients(),
        )  # fmt: skip
        return ("" if replace else self.query.text().strip()), wish, Path(self.folder.text())


class Sure(Form):
    """Shows what would be written, line by line, before it is."""

    def __init__(
        self, parent: QWidget | None, title: str, about: str, ok: str, lines: list[tuple[str, str]]
    ) -> None:
        super().__init__(parent, title, about, ok)
        self.lines = lines
        for name, words in lines:
            self.form.addRow(name, self._words(words))

    def _words(self, text: str) -> QLabel:
        shown = Label(text)
        shown.setWordWrap(True)
        shown.setMinimumWidth(320)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return shown

    def answer(self) -> bool:
        """Whether it is to be written."""
        return self.exec() == QDialog.DialogCode.Accepted


class SureOfVolume(Sure):
    """Shows what a volume would hold before its numbers are fixed for good."""

    def __init__(self, parent: QWidget | None, lines: list[tuple[str, str]]) -> None:
        super().__init__(
            parent,
            tr("Produce it?"),
            tr("Its numbers are fixed for good and it is written into the log; that cannot be undone."),
            tr("Produce the volume"), lines,
        )  # fmt: skip
        self.cancel.setText(tr("Back"))
        self.cancel.setDefault(True)  # Return alone does nothing that cannot be undone
        self.cancel.setFocus()


def summary(volume: Volume, unjudged: list[str]) -> list[tuple[str, str]]:
    """What a planned volume would hold, line by line."""
    documents = volume.documents
    first, last = documents[0].fields["BEGBATES"], documents[-1].fields["ENDBATES"]
    lines = [
        (tr("Volume"), volume.title),
        (tr("Documents"), f"{len(documents):,}"),
        (tr("Numbers"), f"{first} – {last}"),
        (tr("Natives"), f"{sum(bool(one.native) for one in documents):,}"),
    ]
    if volume.recipients:
        lines.append((tr("Who receives it"), "; ".join(volume.recipients)))
    if pages := sum(one.pages for one in documents):
        lines.append((tr("Pages in pictures"), f"{pages:,}"))
    if volume.slips:
        lines.append((tr("Sheets for withheld"), f"{len(volume.slips):,}"))
    words = {"privileged": tr("Withheld"), "unread": tr("Not read, left out")}
    lines += [(words[each.why], f"{each.items:,}") for each in volume.left_out]
    if unjudged:
        named = ", ".join(unjudged[:_MOST_NAMED]) + " …" * (len(unjudged) > _MOST_NAMED)
        lines.append((tr("▲ Pictures nobody read"), named))
    if volume.odd:
        lines.append((tr("▲ Code points in it"), f"{len(volume.odd):,}"))
    return lines


def listed_query(workspace: Workspace) -> str:
    """What finds the list that is shown; a search by meaning finds no list."""
    wanted = workspace.wanted
    text = wanted.text if wanted.mode == "words" else ""
    return " ".join(
        f"({each})" if text and wanted.scope else each for each in (wanted.scope, text) if each
    )


def produce(window: Window) -> None:
    """Ask what goes, plan it, show the plan, and write it.

    A volume that is refused, or that somebody goes back from, is asked for again as it was written.
    """
    from casekit.dossier.sections.caption import prefix

    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None or workspace.contents is None:
        return
    matter, query = workspace.contents.matter, listed_query(workspace)
    folder = shell.case.folder.parent
    until_taken(
        window,
        lambda: window.ask.volume(query, matter, prefix(matter), folder),
        partial(_plan, window, shell),
    )


def _plan(window: Window, shell: Shell, asked: tuple[str, Wish, Path], again: Again) -> None:
    query, wish, folder = asked
    case, stopped = shell.case, conflicting.stopped(window, again)

    def work(progress: Progress) -> Any:
        from casekit.jobs import production

        volume = production.plan(case, query, wish, progress)
        return volume, production.unjudged(case, volume)

    def planned(found: tuple[Volume, list[str]]) -> None:
        volume, unjudged = found
        of = ", ".join(wish.replace) if wish.replace else query
        lines = [*summary(volume, unjudged), (tr("Search"), of), (tr("Folder"), str(folder))]
        if window.ask.sure_of_volume(lines):
            _write(window, volume, folder, stopped)
        else:
            again(None)

    shell.jobs.start(tr("Planning the volume"), work, planned, stopped, lane="long")


def _write(
    window: Window, volume: Volume, folder: Path, refused: Callable[[CaseKitError], None]
) -> None:
    shell = window.shell
    if shell is None:
        return
    case = shell.case

    def work(progress: Progress) -> Any:
        from casekit.jobs import production

        return production.write(case, volume, folder, progress)

    def done(written: Written) -> None:
        if window.workspace is not None:
            window.workspace.refresh()
        count = len(written.volume.documents)
        said = tr_count("1 document produced", "{n} documents produced", count)
        said += f" · {written.path.name}"
        if written.problems:
            said += " · ▲ " + tr_count(
                "1 page could not be shown", "{n} pages could not be shown", len(written.problems)
            )
        window.notice.show_text(
            said, "bad" if written.problems else "ok", offer=tr("Show the folder"),
            run=lambda: show_folder(written.path),
        )  # fmt: skip

    shell.jobs.start(tr("Producing the volume"), work, done, refused, lane="long")
