"""The saved searches in the window: what each says and found last; counted again, changed, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from casekit.i18n import tr, tr_count
from casekit.ui import fonts
from casekit.ui.asking_again import until_taken
from casekit.ui.basics import Label
from casekit.ui.chrome import verbs
from casekit.ui.form import Form
from casekit.ui.tables import choosing_table, put_row
from casekit.ui.time_words import when_text
from casekit.ui.top_bar import MODE_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from casekit.queries.saved_searches import SearchCount, SearchRow
    from casekit.ui.asking_again import Again
    from casekit.ui.window import Window

HEADS = (
    "Name",
    "Search",
    "Hits",
    "With family",
    "Counted (UTC)",
    "Saved by",
    "Saved (UTC)",
    "Note",
)
WIDTHS = (160, 280, 80, 90, 130, 110, 130, 120)


class SaveSearch(Form):
    """Asks for the name of a search, its text, its way of searching and a note."""

    def __init__(
        self, window: Window, query: str, mode: str, row: SearchRow | None = None, name: str = ""
    ) -> None:
        title = tr("Save this search") if row is None else tr("Change a saved search")
        about = tr(
            "Other searches can hold it as saved:NAME. Work product: no dossier or production shows it."
        )
        super().__init__(window, title, about, tr("Save"))
        self.name = self.field(tr("Name"), row.name if row else name)
        self.query = self.field(tr("Search"), query)
        self.mode = self.choice(
            tr("Search by"), [(value, tr(words)) for value, words in MODE_WORDS.items()]
        )
        self.mode.setCurrentIndex(self.mode.findData(mode))
        self.note = QPlainTextEdit(row.note if row else "")
        self.note.setAccessibleName(tr("Note"))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(76)
        self.form.addRow(tr("Note"), self.note)
        self.name.selectAll()

    def check(self) -> None:
        """A saved search has a name and finds something."""
        if not self.name.text().strip():
            self.complain(tr("A saved search needs a name."), self.name)
        elif not self.query.text().strip():
            self.complain(
                tr("A search without a word finds everything: write what it is to find."),
                self.query,
            )
        else:
            self.accept()

    def answer(self) -> Mapping[str, str] | None:
        """Name, query, mode and note."""
        if self.exec() != QDialog.DialogCode.Accepted:
            return None
        return {
            "name": self.name.text().strip(), "query": self.query.text().strip(),
            "mode": str(self.mode.currentData()), "note": self.note.toPlainText().strip(),
        }  # fmt: skip


class SavedSearches(QDialog):
    """A window beside the main one with the saved searches of the case."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Saved searches"))
        self.resize(1160, 480)
        self._window = window
        self._closed = False
        self.rows: list[SearchRow] = []
        self.table = choosing_table(tr("Saved searches"), 0, HEADS, WIDTHS)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.cellDoubleClicked.connect(lambda _row, _column: self.list_now())
        head = Label(tr("Saved searches"))
        head.setFont(fonts.sans(17, fonts.SEMIBOLD))
        self.said = Label()
        self.said.setProperty("quiet", True)
        self.said.setWordWrap(True)
        buttons = verbs(
            (
                (tr("List"), self.list_now), (tr("Count again"), self.count),
                (tr("Count all again"), self.count_all), (tr("Change …"), self.change),
                (tr("Take away"), self.remove),
            )
        )  # fmt: skip
        buttons.addStretch(1)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.close)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(12)
        for widget in (head, self.said):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)
        if window.shell is not None:
            window.shell.bus.changed.connect(self._changed)
        self.read()

    def done(self, result: int) -> None:
        """What is still being read has no place to be shown."""
        self._closed = True
        super().done(result)

    def read(self) -> None:
        """Read the saved searches again."""
        from casekit.queries.saved_searches import saved_searches

        if self._window.shell is not None:
            self._window.shell.read("saved searches", saved_searches, self.show_rows)

    def show_rows(self, rows: list[SearchRow]) -> None:
        """Fill the table; the chosen row stays."""
        if self._closed:
            return
        at = max(self.table.currentRow(), 0)
        self.rows = rows
        self.table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            mode = "" if row.mode == "words" else f"  ({tr(row.mode)})"
            c = row.count
            counts = (
                (f"{c.hits:,}", f"{c.with_family:,}", when_text(c.at_us)[:16])
                if c
                else ("", "", "")
            )
            saved = when_text(row.at_us)[:16] if row.at_us else ""
            put_row(
                self.table, number, (row.name, row.query + mode, *counts, row.by, saved, row.note)
            )  # fmt: skip
        if rows:
            self.table.selectRow(min(at, len(rows) - 1))
        self.said.setText(
            tr(
                "Counts are kept as they were found; a changed search has none until it is counted again."
            )
            if rows
            else tr("Nothing is saved yet: search for something, then press Ctrl+S.")
        )

    def list_now(self) -> None:
        """List what the chosen search finds now."""
        row, workspace = self._chosen(), self._window.workspace
        if row is not None and workspace is not None:
            from casekit.ui.pages import REVIEW

            self._window.show_page(REVIEW)
            workspace.run_saved(row)
            self.close()

    def count(self) -> None:
        """Count the chosen search again, and keep the count."""
        row = self._chosen()
        if row is not None:
            self._count([row])

    def count_all(self) -> None:
        """Count every search that goes by words."""
        self._count([row for row in self.rows if row.mode == "words"])

    def _count(self, rows: list[SearchRow]) -> None:
        shell = self._window.shell
        if shell is None or not rows:
            return
        case, before = shell.case, {row.id: row.count for row in rows}

        def work(progress: Any) -> list[tuple[SearchRow, SearchCount]]:
            from casekit.search.again import count_saved

            return [(row, count_saved(case, row, progress)) for row in rows]

        def arrived(found: list[tuple[SearchRow, SearchCount]]) -> None:
            self._window.say("  ".join(_told(row, now, before[row.id]) for row, now in found[:3]))
            if self._window.workspace is not None:
                self._window.workspace.read_contents()
            self.read()

        self.said.setText(tr("Counting …"))
        shell.jobs.start("count saved searches", work, arrived, self._refused)

    def _refused(self, error: Any) -> None:
        self._window.refuse(error)
        self.read()

    def change(self) -> None:
        """Change name, text or note of the chosen search."""
        row = self._chosen()
        if row is not None:
            change(self._window, row)

    def remove(self) -> None:
        """Take the chosen search away."""
        from casekit.search.again import delete_saved

        row, shell = self._chosen(), self._window.shell
        if row is not None and shell is not None:
            shell.do(
                "saved search away", lambda s: delete_saved(s, row), lambda c: self._window.say(c.label)
            )  # fmt: skip

    def _chosen(self) -> SearchRow | None:
        at = self.table.currentRow()
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def _changed(self, changes: Any) -> None:
        if "searches" in changes.kinds and not self._closed:
            self.read()


def _told(row: SearchRow, now: SearchCount, before: SearchCount | None) -> str:
    """What a count found, and whether it found the same items as the one before."""
    said = tr(
        "“{name}”: {items}, {m} with family",
        name=row.name,
        items=tr_count("1 item", "{n} items", now.hits),
        m=now.with_family,
    )
    if before is None:
        return said + "."
    if before.hits_sha256 == now.hits_sha256:
        return said + tr(", the same items as last time.")
    return said + tr(", last time {n}.", n=before.hits)


def change(window: Window, row: SearchRow) -> None:
    """Ask for what a saved search is to say, and keep it."""
    from casekit.search.again import change_saved

    shell = window.shell
    if shell is None:
        return
    known = {"name": row.name, "query": row.query, "mode": row.mode, "note": row.note}

    def act(said: Mapping[str, str], again: Again) -> None:
        new = {field: text for field, text in said.items() if text != known[field]}
        if new:
            shell.do(
                "change saved search", lambda s: change_saved(s, row, **new),
                lambda c: window.say(c.label), again=again,
            )  # fmt: skip

    until_taken(window, lambda: window.ask.form(SaveSearch(window, row.query, row.mode, row)), act)


def save(window: Window, query: str, mode: str, name: str = "") -> None:
    """Ask for the name of a search and a note, and keep it."""
    from casekit.ops import searches

    shell = window.shell
    if shell is None:
        return
    until_taken(
        window,
        lambda: window.ask.form(SaveSearch(window, query, mode, name=name or query)),
        lambda said, again: shell.do(
            "save search",
            lambda s: searches.save_search(
                s, said["name"], said["query"], said["mode"], note=said["note"] or None
            ),
            lambda c: window.say(c.label),
            again=again,
        ),
    )


def show_saved(window: Window) -> None:
    """Open the saved searches beside the window."""
    if window.shell is not None:
        SavedSearches(window).show()


def menu_of(window: Window, row: SearchRow) -> tuple[tuple[str, Callable[[], None]], ...]:
    """What can be done with a saved search where it is listed."""
    return (
        (tr("Change …"), lambda: change(window, row)),
        (tr("All saved searches …"), lambda: show_saved(window)),
    )
