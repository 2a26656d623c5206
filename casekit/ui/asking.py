"""Every question the window asks, in one place that tests can answer instead of the user."""

from __future__ import annotations

import logging
import platform
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from casekit import __version__, paths
from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui import folders, fonts
from casekit.ui.basics import Label
from casekit.ui.export_questions import ExportQuestions
from casekit.ui.form import Form
from casekit.ui.in_force_forms import TermsQuestions
from casekit.ui.making_facts import FactQuestions
from casekit.ui.new_case import NewCase

if TYPE_CHECKING:
    from casekit.dossier.sections.withheld import Format
    from casekit.ops.clawback import Notice
    from casekit.queries.annotations import AnnotationRow
    from casekit.queries.conflicts import Conflict
    from casekit.queries.highlights import HighlightSet
    from casekit.queries.items import ItemRow
    from casekit.queries.matter import MatterRow
    from casekit.queries.sequestered import SequesterRow
    from casekit.queries.times import TimeGroup
    from casekit.queries.translations import TranslationRow
    from casekit.queries.trial import TrialRow
    from casekit.ui.boxing import BoxWhy
    from casekit.ui.new_case import Wanted
    from casekit.ui.signing import Asked, State
    from casekit.ui.translating import Said
    from casekit.ui.window import Window

__all__ = ["ROLES", "Ask", "Form", "crash_text"]
log = logging.getLogger("casekit.ui")
ROLES = (
    ("", "not model outputs, or unknown"),
    ("subject", "subject: the model examined"),
    ("source", "source: the model whose outputs it may carry"),
    ("control", "control: a model without a link"),
    ("other", "other"),
)


class Ask(FactQuestions, TermsQuestions, ExportQuestions):
    """The questions; each returns the answer, or None if the user thought better of it."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def new_case(self) -> Wanted | None:
        """Which case is to be made."""
        return NewCase(self._window).answer()

    def case_folder(self) -> Path | None:
        """A case folder to open."""
        name = QFileDialog.getExistingDirectory(
            self._window, tr("Open a folder that ends in .casekit"), folders.begin()
        )
        return folders.chosen(name)

    def sources(self) -> list[Path] | None:
        """Files to import; an empty choice asks for a folder instead."""
        return Sources(self._window).answer()

    def one_file(self) -> Path | None:
        """A file of records."""
        kinds = tr("Records (*.csv *.tsv *.json *.jsonl *.gz);;All files (*)")
        return self.old_file(tr("A file of records"), kinds)

    def text(self, title: str, label: str, given: str = "", empty: bool = False) -> str | None:
        """One line of text; an empty one only where it means something."""
        return OneLine(self._window, title, label, given, empty=empty).answer()

    def recognition(self, items: int) -> tuple[str, str] | None:
        """In which language and by which engine text is recognised; raises where none is installed."""
        from casekit.ingest.ocr import NONE, installed, usual_name
        from casekit.ui.recognising import RecogniseText

        engines = installed()
        if not engines:
            raise CaseKitError(NONE)
        return RecogniseText(self._window, items, engines, usual_name()).answer()

    def provenance(self, files: list[Path]) -> dict[str, str] | None:
        """What is known of files that are to be imported."""
        return Provenance(self._window, files).answer()

    def matter(self, present: MatterRow) -> dict[str, str] | None:
        """Changed values of the matter."""
        from casekit.ui.matter import Matter

        return Matter(self._window, present).answer()

    def redaction(self, passage: str) -> tuple[str, str] | None:
        """Why a passage is withheld: reason, and rule or order."""
        from casekit.ui.redacting import Why

        return Why(self._window, passage).answer()

    def box(self, about: str, given: BoxWhy) -> BoxWhy | None:
        """Why a box is withheld, by which rule, and whether its words may be shown elsewhere."""
        from casekit.ui.boxing import WhyBox

        return WhyBox(self._window, about, given).answer()

    def conflicts(
        self, found: Sequence[Conflict], rows: Mapping[int, ItemRow]
    ) -> tuple[list[int], str, str] | None:
        """Which items that would give a withheld one away are withheld too or may pass, and why."""
        from casekit.ui.conflicting import DecideConflicts

        return DecideConflicts(self._window, found, rows).answer()

    def notice(self) -> Notice | None:
        """A notice of clawback as received."""
        from casekit.ui.taking_back import ReceiveNotice

        return ReceiveNotice(self._window).answer()

    def annotation(self, row: AnnotationRow) -> tuple[str, str] | None:
        """Note and colour of an annotation; an empty colour takes it away."""
        from casekit.ui.annotating import WriteNote

        return WriteNote(self._window, row).answer()

    def highlights(self, one: HighlightSet | None) -> dict[str, Any] | None:
        """Name, looks and terms of a set of highlights, new or changed."""
        from casekit.ui.highlighting import EditHighlights

        return EditHighlights(self._window, one).answer()

    def release(self, rows: Sequence[SequesterRow]) -> tuple[list[int], str, str] | None:
        """Which sequestered items are released, by whom and why."""
        from casekit.ui.taking_back import Release

        return Release(self._window, rows).answer()

    def review_set(self, total: int) -> tuple[str, int, int | None, int | None] | None:
        """Name, batch size, sample and seed of a review set of so many items."""
        from casekit.ui.review_sets import MakeSet

        return MakeSet(self._window, total).answer()

    def take_back(self) -> tuple[str, str] | None:
        """On which basis something that has left is taken back, and how it came to leave."""
        from casekit.ui.taking_back import TakeBack

        return TakeBack(self._window).answer()

    def privilege_log(self, folder: Path) -> tuple[Format, Path] | None:
        """Format and file of a privilege log."""
        from casekit.ui.logging_privilege import PrivilegeLog

        return PrivilegeLog(self._window, folder).answer()

    def translation(self, ids: Sequence[int], known: Sequence[TranslationRow]) -> Said | None:
        """What is said of an item's translation."""
        from casekit.ui.translating import Pair

        return Pair(self._window, ids, known).answer()

    def trial_list(self, rows: Sequence[TrialRow]) -> Mapping[str, Mapping[str, str]] | None:
        """What was written into the trial exhibit list, by exhibit and field."""
        from casekit.ui.trial import TrialList

        return TrialList(self._window, rows).answer()

    def times(
        self, groups: Sequence[TimeGroup], current: int | None
    ) -> tuple[list[int], str, str, bool] | None:
        """Which groups of times are read how, why, and whether day and month are exchanged."""
        from casekit.ui.deciding import DecideTimes

        return DecideTimes(self._window, groups, current).answer()

    def new_dossier(self, name: str, templates: Sequence[str]) -> tuple[str, str] | None:
        """Name of a dossier to begin, and the template that it begins with."""
        from casekit.ui.beginning import NewDossier

        return NewDossier(self._window, name, templates).answer()

    def compare_with(self, names: Sequence[str]) -> str | None:
        """With what a dossier is compared: a saved one, or nothing for the one issued last."""
        from casekit.ui.beginning import CompareWith

        return CompareWith(self._window, names).answer()

    def spec_file(self) -> Path | None:
        """A file with the spec of a dossier."""
        kinds = tr("Spec (*.json);;All files (*)")
        return self.old_file(tr("A spec of a dossier"), kinds)

    def signing(self, folder: Path) -> Asked | None:
        """Which dossier shall be signed, with which key and level."""
        from casekit.ui.signing import SignDossier

        return SignDossier(self._window, folder).answer()

    def checkpoint(self, folder: Path) -> State | None:
        """With what the state of the custody log shall be signed."""
        from casekit.ui.signing import SignState

        return SignState(self._window, folder).answer()

    def save_file(self, title: str, given: Path, kind: str) -> Path | None:
        """Where to write a file."""
        name, _ = QFileDialog.getSaveFileName(self._window, title, str(given), kind)
        return Path(name) if name else None

    def report(self, title: str, head: str, lines: list[tuple[str, str]], text: str = "") -> None:
        """Show an outcome with its figures and, below, what can be copied; does not block."""
        Report(self._window, title, head, lines, text).open()

    def legend(self) -> None:
        """Show every key; does not block."""
        from casekit.ui.palette import Legend

        Legend(self._window).open()

    def handbook(self, page: str) -> None:
        """Show the handbook where it tells of a page of the case; does not block."""
        from casekit.ui.handbook import PLACES, Handbook

        Handbook(self._window, PLACES.get(page, "")).show()

    def about(self) -> None:
        """Show version and places."""
        lines = [
            (tr("Version"), __version__),
            (tr("Settings and log"), str(paths.config_folder())),
            (tr("Licence"), "Apache-2.0"),
        ]
        said = tr(
            "Evidence in disputes over AI models: kept whole, searchable, and ready for court."
        )
        self.report(tr("About CaseKit"), "CaseKit", lines, said)

    def bug(self, error: BaseException) -> None:
        """Show what went wrong inside CaseKit, without evidence in it; does not block."""
        log.error("unexpected", exc_info=(type(error), error, error.__traceback__))
        Crash(self._window, crash_text(error)).open()

    def excepthook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """For `sys.excepthook`: refusals are shown plainly, all else is a bug."""
        if isinstance(error, CaseKitError):
            self._window.refuse(error)
        elif not issubclass(kind, KeyboardInterrupt):
            self.bug(error.with_traceback(trace))


def crash_text(error: BaseException) -> str:
    """A report of a bug: versions, the places in the code and the kind of error, never its message.

    The message is left out because it may quote evidence.
    """
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    head = f"CaseKit {__version__}, Python {platform.python_version()}, {platform.platform()}"
    return "\n".join([head, type(error).__name__, *lines])


class OneLine(Form):
    """Asks for one line of text below what it is."""

    def __init__(self, parent: QWidget, title: str, label: str, given: str, *, empty: bool) -> None:
        super().__init__(parent, title, "", tr("OK"))
        what = Label(label)
        what.setWordWrap(True)
        self.line = QLineEdit(given)
        self.line.setAccessibleName(label)
        self.line.selectAll()
        self.form.addRow(what)
        self.form.addRow(self.line)
        if not empty:
            self.line.textChanged.connect(self._offer)
            self._offer(given)

    def field_of(self, _why: CaseKitError) -> QWidget:
        """There is but one."""
        return self.line

    def _offer(self, text: str) -> None:
        self.ok.setEnabled(bool(text.strip()))

    def answer(self) -> str | None:
        """What was written, without blanks around it."""
        return self.line.text().strip() if self.exec() == QDialog.DialogCode.Accepted else None


class Sources(Form):
    """Asks whether files or a folder are imported; dragging them is quicker."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            parent,
            tr("Import evidence"),
            tr("You can also drag files and folders onto the window."),
            tr("Go on"),
        )
        self._paths: list[Path] = []
        self._said = Label(tr("Nothing chosen yet."))
        self._said.setProperty("quiet", True)
        self._said.setWordWrap(True)
        row = QHBoxLayout()
        for words, run in ((tr("Files …"), self._files), (tr("A folder …"), self._folder)):
            button = QPushButton(words)
            button.clicked.connect(run)
            row.addWidget(button)
        row.addStretch(1)
        self.form.addRow(row)
        self.form.addRow(self._said)

    def _files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, tr("Files to import"), folders.begin())
        self._take([path for name in names if (path := folders.chosen(name))])

    def _folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Folder to import"), folders.begin())
        path = folders.chosen(name)
        self._take([path] if path else [])

    def _take(self, paths_: list[Path]) -> None:
        self._paths = list(dict.fromkeys([*self._paths, *paths_]))
        names = ", ".join(p.name for p in self._paths[:6])
        self._said.setText(tr("{n} chosen: {names}", n=len(self._paths), names=names))

    def check(self) -> None:
        """Something must be chosen."""
        if self._paths:
            self.accept()
        else:
            self.complain(tr("Choose at least one file or folder."))

    def answer(self) -> list[Path] | None:
        """The files and folders."""
        return self._paths if self.exec() == QDialog.DialogCode.Accepted else None


class Provenance(Form):
    """Asks what came before CaseKit."""

    def __init__(self, parent: QWidget, files: list[Path]) -> None:
        names = ", ".join(f.name for f in files[:4]) + (" …" if len(files) > 4 else "")
        super().__init__(
            parent, tr("Import {names}", names=names),
            tr("Write down what you know now; it is kept with every file and printed in the dossier. "
               "Empty fields are fine."),
            tr("Import"),
        )  # fmt: skip
        self.edits = {
            "custodian": self.field(tr("Custodian"), hint=tr("Who held it")),
            "received_from": self.field(tr("Received from"), hint=tr("Who handed it over")),
            "received_at": self.field(tr("Received on"), hint=tr("As the receipt says")),
            "medium": self.field(tr("Medium"), hint=tr("Encrypted disk, upload, mail …")),
            "collected_by": self.field(tr("Collected by"), hint=tr("Who made the copy")),
            "authority": self.field(
                tr("Authority"), hint=tr("Order, consent, discovery request …")
            ),
        }
        self.role = self.choice(
            tr("Model outputs of"), [(value, tr(words)) for value, words in ROLES]
        )
        self.edits["model"] = self.field(tr("Model"), hint=tr("Only if the files do not say"))

    def answer(self) -> dict[str, str] | None:
        """The values given."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        values = {name: edit.text().strip() for name, edit in self.edits.items()}
        return {k: v for k, v in {**values, "role": str(self.role.currentData())}.items() if v}


class Report(QDialog):
    """An outcome: figures in two columns, and text that can be copied."""

    def __init__(
        self, parent: QWidget, title: str, head: str, lines: list[tuple[str, str]], text: str
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumSize(560, 280)
        name = Label(head)
        name.setFont(fonts.sans(17, fonts.SEMIBOLD))
        name.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for number, (what, value) in enumerate(lines):
            label = Label(what)
            label.setProperty("quiet", True)
            said = Label(value)
            said.setWordWrap(True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(said, number, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(12)
        column.addWidget(name)
        column.addLayout(grid)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setFont(fonts.mono())
        self.text.setVisible(bool(text))
        column.addWidget(self.text, 1)
        if not text:
            column.addStretch(1)
        close = QPushButton(tr("Close"))
        close.setProperty("primary", True)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        copy = QPushButton(tr("Copy"))
        copy.setAutoDefault(False)  # it has the keys first, and Return is Close all the same
        everything = "\n".join([head, *(f"{a}: {b}" for a, b in lines), text])
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(everything))
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)


class Crash(Report):
    """A bug: what to do, and a report that holds no evidence."""

    def __init__(self, parent: QWidget, text: str) -> None:
        super().__init__(
            parent, tr("Something went wrong inside CaseKit"), tr("Something went wrong inside CaseKit"),
            [(tr("Your case"), tr("Everything saved so far is kept.")),
             (tr("What to do"), tr("Copy this report and send it to whoever looks after CaseKit. It "
                                   "holds no evidence."))],
            text,
        )  # fmt: skip


def key_text(keys: str) -> str:
    """A shortcut as this system writes it."""
    return (
        QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "↵")
    )
