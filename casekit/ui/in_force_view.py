"""Documents in force as the page of facts shows them: versions, clauses, and who is shown to have known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QTableWidget

from casekit.i18n import tr, tr_count
from casekit.ui import fonts
from casekit.ui.columns import Columns
from casekit.ui.fact_words import short
from casekit.ui.in_force_forms import ASSENT_WORDS, KIND_WORDS
from casekit.ui.tables import choosing_table, put_row
from casekit.ui.time_words import when_text

if TYPE_CHECKING:
    from casekit.queries.in_force import Assent, Clause, Document, Version
    from casekit.ui.reading import ReadingPage

HEADS = ("Document", "In force", "Notice", "Acceptance", "Item")
WIDTHS = (380, 200, 80, 96, 70)  # the document takes what is left
QUOTED = 600
SIGNS = {"notice": "○", "acceptance": "●"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what it is, its number, and what it stands for."""

    what: str
    number: int
    document: Document
    version: Version | None = None
    clause: Clause | None = None
    assent: Assent | None = None


def lines_of(documents: Sequence[Document]) -> list[Line]:
    """Every document, below it its versions, below each its clauses and the evidence."""
    found = []
    for one in documents:
        found.append(Line("document", one.id, one))
        for version in one.versions:
            found.append(Line("version", version.id, one, version))
            found += [Line("clause", c.id, one, version, clause=c) for c in version.clauses]
            found += [Line("evidence", a.id, one, version, assent=a) for a in version.assents]
    return found


class InForceView(QStackedWidget):
    """The table of documents in force; what is chosen is told to the page beside it."""

    def __init__(self, chosen: Callable[[Line | None], None], empty: ReadingPage) -> None:
        super().__init__()
        self._chosen = chosen
        self.lines: list[Line] = []
        self.table = choosing_table(tr("Documents in force"), 0, HEADS, WIDTHS)
        Columns(self.table, 0, dict(enumerate(WIDTHS[1:], 1)), {4: 600})
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.currentCellChanged.connect(lambda row, *_: self._show(row))
        self._empty = empty
        empty.setAccessibleName(tr("Documents in force"))
        empty.begin()
        empty.section(tr("Documents in force"))
        empty.line(
            (
                tr(
                    "Which terms, policies and contracts were in force when? Open the item that holds a "
                    "version and choose “Version of a document …” in the menu Facts; mark the words of a "
                    "clause and choose “Clause …”; say with “Notice or acceptance …” which items show "
                    "that somebody knew of it. Every record of the API log then says what was in force at "
                    "its time."
                ),
                "quiet",
            ),
            above=4,
        )
        empty.end()
        self.addWidget(self.table)
        self.addWidget(empty)

    def show_documents(self, documents: Sequence[Document]) -> None:
        """Fill the table; what is chosen stays chosen."""
        now = self.line()
        self.lines = lines_of(documents)
        self.setCurrentIndex(0 if self.lines else 1)
        self.table.blockSignals(True)
        self.table.setRowCount(len(self.lines))
        for row, line in enumerate(self.lines):
            put_row(self.table, row, _words(line))
            cell = self.table.item(row, 0)
            if line.what == "document" and cell is not None:
                cell.setFont(fonts.sans(13, fonts.SEMIBOLD))
        self.table.blockSignals(False)
        keys = [(line.what, line.number) for line in self.lines]
        again = keys.index((now.what, now.number)) if now and (now.what, now.number) in keys else -1
        self.table.setCurrentCell(again, 0)

    def line(self) -> Line | None:
        """The chosen line."""
        row = self.table.currentRow()
        return self.lines[row] if 0 <= row < len(self.lines) else None

    def _show(self, row: int) -> None:
        self._chosen(self.lines[row] if 0 <= row < len(self.lines) else None)


def _words(line: Line) -> tuple[str, ...]:
    version = line.version
    if version is None:
        whose = f", {line.document.party}" if line.document.party else ""
        count = tr_count("1 version", "{n} versions", len(line.document.versions))
        return f"{line.document.name}{whose}", count, "", "", ""
    if line.clause is not None:
        return f"        § {line.clause.label}   {short(line.clause.quote, 60)}", "", "", "", ""
    if line.assent is not None:
        one = line.assent
        words = f"        {SIGNS[one.kind]} {tr(one.kind)}, {one.account or tr('all accounts')}"
        return words, one.dated, "", "", str(one.item_id)
    kinds = [one.kind for one in version.assents]
    counts = (
        str(kinds.count(kind) or "") or "▲ " + tr("none") for kind in ("notice", "acceptance")
    )
    return (f"    {version.label}", span_text(version), *counts, str(version.item_id))


def span_text(version: Version) -> str:
    """From when to when a version was published."""
    if version.until_us is None:
        return tr("from {date}", date=version.published)
    until = version.withdrawn or when_text(version.until_us)[:10]
    return tr("{a} to {b}", a=version.published, b=until)


def lay_line(page: ReadingPage, line: Line | None) -> None:
    """Write what is chosen; its links are `item:ID` and `passage:ITEM:START:STOP:PART`."""
    page.begin()
    if line is None:
        page.line((tr("Choose a version to read its clauses and who is shown to know of it."), "quiet"),
                  above=8)  # fmt: skip
        page.end()
        return
    page.section(tr(KIND_WORDS[line.document.kind]))
    page.line((line.document.name, "title"), (f"   {line.document.party}", "quiet"), below=6)
    versions = line.document.versions if line.version is None else (line.version,)
    for version in versions:
        _lay_version(page, version, line)
    if not versions:
        page.line(("▲ " + tr("It has no version yet."), "warn"))
    page.end()


def _lay_version(page: ReadingPage, version: Version, line: Line) -> None:
    page.section(tr("Version {label}", label=version.label))
    page.line(
        (tr("item {n}", n=str(version.item_id)), f"link:item:{version.item_id}"),
        (f"   {span_text(version)}, {version.zone}", "quiet"),
    )  # fmt: skip
    for clause in version.clauses:
        if line.clause in (None, clause) and line.assent is None:
            _lay_clause(page, version, clause)
    if line.clause is not None:
        return
    page.line((tr("Who is shown to have known"), "bold"), above=8)
    if not version.assents:
        words = tr("No evidence of notice or acceptance. That it was published shows neither.")
        page.line(("▲ " + words, "warn"))
    told = [one for one in version.assents if line.assent in (None, one)]
    for (kind, item_id, dated, note), each in groupby(told, _shown):
        whose = ", ".join(one.account or tr("all accounts") for one in each)
        page.line(
            (f"{SIGNS[kind]} {tr('It shows')} {tr(ASSENT_WORDS[kind])}  ", "ink"),
            (tr("item {n}", n=str(item_id)), f"link:item:{item_id}"), (f"   {dated}", "quiet"), above=4,
        )  # fmt: skip
        page.line((whose, "ink"))
        if note:
            page.line((note, "quiet"))


def _shown(one: Assent) -> tuple[str, int, str, str]:
    """What evidence of several accounts has in common, so that it is told once."""
    return one.kind, one.item_id, f"{one.dated} {one.zone}", one.note


def _lay_clause(page: ReadingPage, version: Version, clause: Clause) -> None:
    place = f"{version.item_id}:{clause.start}:{clause.stop}:{clause.part}"
    page.line((f"§ {clause.label}", f"link:passage:{place}"), above=8)
    if clause.quote:
        page.line((f"“{short(clause.quote, QUOTED)}”", "ink"))
    if clause.intact is False:
        page.line(("▲ " + tr("The passage is no longer what was marked."), "warn"))
    elif clause.intact is None:
        page.line(("▲ " + tr("Its text cannot be read now."), "warn"))
