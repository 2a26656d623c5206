"""Annotations in the window: one key on marked text, the note to be written, and the list of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QPlainTextEdit,
    QPushButton,
)

from casekit.i18n import tr, tr_count
from casekit.ui.asking_again import until_taken
from casekit.ui.basics import Label
from casekit.ui.chrome import verbs
from casekit.ui.form import Form
from casekit.ui.highlighting import COLOUR_WORDS
from casekit.ui.passage_menu import ask_to_mark
from casekit.ui.reading import ReadingPage
from casekit.ui.tables import choosing_table, put_row
from casekit.ui.time_words import when_text
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.annotations import AnnotationRow
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

HEADS = ("Place", "Passage", "Note", "By", "When")
WIDTHS = (90, 270, 230, 110, 130)
CHANGED = "(the passage no longer says what was annotated)"
_SHOWN = 160
_last_colour = ["green"]


class WriteNote(Form):
    """Asks for the note on a passage and its colour; the annotation can be taken away here."""

    def __init__(self, window: Window, row: AnnotationRow) -> None:
        super().__init__(window, tr("Annotation"), quote_of(row), tr("Save"))
        self.gone = False
        self.note = QPlainTextEdit(row.text)
        self.note.setAccessibleName(tr("Note"))
        self.note.setTabChangesFocus(True)
        self.note.setMinimumHeight(110)
        self.form.addRow(tr("Note"), self.note)
        self.colour = self.choice(
            tr("Colour"), [(name, tr(words)) for name, words in COLOUR_WORDS.items()]
        )
        self.colour.setCurrentIndex(self.colour.findData(row.colour))
        away = QPushButton(tr("Take the annotation away"))
        away.setAutoDefault(False)
        away.clicked.connect(self._take_away)
        self.form.addRow("", away)
        self.note.setFocus()

    def _take_away(self) -> None:
        self.gone = True
        self.accept()

    def answer(self) -> tuple[str, str] | None:
        """Note and colour; an empty colour takes the annotation away."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return self.note.toPlainText().strip(), "" if self.gone else str(self.colour.currentData())


class Annotations(Form):
    """Lists annotations of the item that is shown or of the case; leads to each, changes it, takes it away."""

    def __init__(self, window: Window) -> None:
        super().__init__(
            window, tr("Annotations"),
            tr("Notes beside passages, for your side alone: no dossier or production shows them."), tr("Close"),
        )  # fmt: skip
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(880)
        self._window, self._closed = window, False
        self.rows: Sequence[AnnotationRow] = ()
        self.scope = self.choice(
            tr("Of"), [("item", tr("this item")), ("case", tr("the whole case"))]
        )
        view = window.shell.selection.view if window.shell else None
        self.scope.setCurrentIndex(0 if view is not None and _own(window) else 1)
        self.scope.currentIndexChanged.connect(lambda _n: self.read())
        self.table = choosing_table(tr("Annotations"), 0, HEADS, WIDTHS)
        self.table.setMinimumHeight(280)
        self.table.cellActivated.connect(lambda _row, _column: self.go())
        self.form.addRow(self.table)
        row = verbs(
            (
                (tr("Go there"), self.go),
                (tr("Change …"), self.change),
                (tr("Take away"), self.remove),
            )
        )
        self.said = Label()
        self.said.setProperty("quiet", True)
        row.addWidget(self.said)
        row.addStretch(1)
        self.form.addRow(row)
        if window.shell is not None:
            window.shell.bus.changed.connect(self._changed)
        self.read()

    def done(self, result: int) -> None:
        """What is still being read has no place to be shown."""
        self._closed = True
        super().done(result)

    def read(self) -> None:
        """Read the annotations again."""
        from casekit.queries import annotations

        shell = self._window.shell
        if shell is None:
            return
        current = shell.selection.current
        only = None if self.scope.currentData() == "case" or current is None else [current]
        shell.read("annotations", lambda s: annotations.annotations_of(s, only), self.show_rows)

    def show_rows(self, rows: Sequence[AnnotationRow]) -> None:
        """Fill the table."""
        if self._closed:
            return
        self.rows = rows
        at = self.table.currentRow()
        self.table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            words = (f"{row.item_id}{row.letter}", quote_of(row), shown(row.text), row.by,
                     when_text(row.at_us)[:16])  # fmt: skip
            put_row(self.table, number, words)
        if rows:
            self.table.selectRow(min(max(at, 0), len(rows) - 1))
        self.said.setText(
            tr_count("1 annotation", "{n} annotations", len(rows))
            if rows
            else tr("Mark text and press A to annotate it.")
        )

    def go(self) -> None:
        """Open the item at the passage."""
        row = self._chosen()
        if row is not None and self._window.workspace is not None:
            self.accept()
            self._window.workspace.open_passage(row.item_id, (row.part, row.start, row.stop))

    def change(self) -> None:
        """Change note or colour of the chosen one."""
        row = self._chosen()
        if row is not None:
            write(self._window, row)

    def remove(self) -> None:
        """Take the chosen one away."""
        row = self._chosen()
        if row is not None:
            _remove(self._window, row)

    def _chosen(self) -> AnnotationRow | None:
        at = self.table.currentRow()
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def _changed(self, changes: Any) -> None:
        if "annotations" in changes.kinds:
            self.read()


def quote_of(row: AnnotationRow) -> str:
    """The passage on one line, cut where it is long."""
    if not row.quote:
        return tr(CHANGED)
    quote = " ".join(shown(row.quote).split())
    return f"“{quote[:_SHOWN]}{' …' if len(quote) > _SHOWN else ''}”"


def lay_annotations(page: ReadingPage, rows: Sequence[AnnotationRow]) -> None:
    """List an item's annotations below its text, each with links to its place and its note."""
    if not rows:
        return
    page.section(tr("Annotations"), tr_count("1 annotation", "{n} annotations", len(rows)))
    for row in rows:
        page.line(
            (f"[{row.letter}]", f"link:annotation:{row.id}"), (f"  {quote_of(row)}", "quiet"), above=4
        )  # fmt: skip
        for line in row.text.splitlines():
            page.line((line, "ink"))
        page.line(
            (f"{row.by}, {when_text(row.at_us)[:16]}   ", "quiet"),
            (tr("Change …"), f"link:annotate:{row.id}"),
        )


def annotate_marked(window: Window) -> None:
    """Annotate the marked passage at once; on one that is annotated already, write its note."""
    from casekit.ops import annotations

    shell = window.shell
    if shell is None or shell.selection.view is None:
        return
    place = shell.selection.cite
    if place is None:
        ask_to_mark(
            window,
            tr("Mark text under Read, then press A to annotate it and A again to write a note."),
        )
        return
    known = [row for row in _own(window) if (row.part, row.start, row.stop) == place]
    if known:
        write(window, known[-1])
        return
    item_id, (part, start, stop) = shell.selection.view.row.id, place
    colour = _last_colour[0]
    shell.do(
        "annotate",
        lambda s: annotations.annotate(s, item_id, part, start, stop, colour=colour)[1],
        lambda _c: window.say(tr("Annotated. Press A again to write a note on it.")),
    )


def edit(window: Window, annotation_id: int) -> None:
    """Write the note of an annotation of the item that is shown."""
    row = next((row for row in _own(window) if row.id == annotation_id), None)
    if row is not None:
        write(window, row)


def go_to(window: Window, annotation_id: int) -> None:
    """Show the passage of an annotation of the item that is shown."""
    row = next((row for row in _own(window) if row.id == annotation_id), None)
    if row is not None and window.workspace is not None:
        window.workspace.viewer.go_to((row.part, row.start, row.stop))


def write(window: Window, row: AnnotationRow) -> None:
    """Ask for note and colour of an annotation, and keep them."""
    from casekit.ops import annotations

    shell = window.shell
    if shell is None:
        return

    def act(asked: tuple[str, str], again: Again) -> None:
        text, colour = asked
        if not colour:
            _remove(window, row)
            return
        _last_colour[0] = colour
        shell.do(
            "annotate",
            lambda s: annotations.change_annotation(s, row.id, text=text, colour=colour),
            again=again,
        )

    until_taken(window, lambda: window.ask.annotation(row), act)


def list_annotations(window: Window) -> None:
    """List the annotations."""
    Annotations(window).open()


def _remove(window: Window, row: AnnotationRow) -> None:
    from casekit.ops import annotations

    if window.shell is not None:
        window.shell.do(
            "annotation away",
            lambda s: annotations.remove_annotation(s, row.id),
            lambda c: window.say(c.label),
        )


def _own(window: Window) -> Sequence[AnnotationRow]:
    return window.workspace.viewer.marks.annotations if window.workspace is not None else ()
