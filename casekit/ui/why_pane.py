"""Why two items are called similar, below them: sentences nearest in meaning and rare words that both have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTableWidget, QVBoxLayout, QWidget

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.sentences import translated
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.tables import choosing_table, put_row
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.search.why import Why
    from casekit.ui.compare import Pair
    from casekit.ui.window import Window

SENTENCE_HEADS = ("Cosine", "Sentence of this item", "Sentence of the similar item")
WORD_HEADS = ("Word that both have", "Items")
LEAST = 150
NARROW = 900  # pixels of width
NO_FINDING = (
    "Sentences are compared by themselves; their cosines are no parts of the likeness. Texts on one subject "
    "have likeness, words and sentences in common: none of this is a finding."
)


class WhyPane(QWidget):
    """Hidden until it is asked for; then it follows the pair that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences = choosing_table(
            tr("Sentences nearest in meaning"), 0, SENTENCE_HEADS, (70, 300, 300)
        )
        self.words = choosing_table(tr("Rare words that both have"), 0, WORD_HEADS, (170, 110))
        for table in (self.sentences, self.words):
            table.setWordWrap(True)
            table.horizontalHeader().setHighlightSections(False)
        self.words.horizontalHeader().setStretchLastSection(True)
        self.words.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.sentences.horizontalHeader()
        header.setStretchLastSection(False)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.said = Label()
        self.said.setProperty("quiet", True)
        self.said.setWordWrap(True)
        self.said.setFont(fonts.sans(12))
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addWidget(self.sentences, 1)
        both.addWidget(self.words)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addLayout(both, 1)
        self.column.addWidget(self.said)
        self.setMinimumHeight(LEAST)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow pane the sentences keep most of the width."""
        narrow = self.width() < NARROW
        self.words.setFixedWidth(212 if narrow else 300)
        self.words.setColumnWidth(0, 128 if narrow else 170)
        self.sentences.setColumnWidth(0, 64 if narrow else 70)
        self.said.setContentsMargins(*((8, 3, 8, 4) if narrow else (16, 6, 16, 8)))
        super().resizeEvent(event)
        self.sentences.resizeRowsToContents()
        self._say(self.said.text())

    def _say(self, text: str) -> None:
        """Below the tables, with room for every line of it: it says what none of them is."""
        self.said.setText(text)
        self.said.setFixedHeight(max(0, self.said.heightForWidth(self.width())))
        self.column.activate()

    def say(self, text: str) -> None:
        """Show a sentence and nothing else, while it is being read or where it cannot be."""
        self.sentences.setRowCount(0)
        self.words.setRowCount(0)
        self._say(text)

    def show_why(self, found: Why) -> None:
        """Show what two items have in common."""
        a = found.left.text(found.comparison.left_part)
        b = found.right.text(found.comparison.right_part)
        _fill(self.sentences, [
            (f"{p.cosine:.2f}", shown(a[slice(*p.left)]), shown(b[slice(*p.right)])) for p in found.pairs
        ])  # fmt: skip
        _fill(self.words, [
            (shown(w.word) + (f"  ({tr('prompt')})" if w.in_prompt else ""), f"{w.items:,} / {found.total:,}")
            for w in found.words
        ])  # fmt: skip
        self._say(why_sentence(found))


def why_sentence(found: Why) -> str:
    """What the likeness is, what was compared, and what all of it is not."""
    if found.likeness is None:
        parts = [tr("One of the two has no vector: there is no likeness by meaning.")]
    else:
        parts = [
            tr("Likeness {score}: the cosine between the means of both texts’ passages ({model}).",
               score=f"{found.likeness:.3f}", model=found.model or tr("another model"))
        ]  # fmt: skip
    if not found.pairs:
        parts.append(
            tr("No sentences are near to each other.")
            if found.model
            else tr("Sentences cannot be compared here.")
        )
    elif found.cut:
        parts.append(tr("The first sentences of each were compared."))
    if not found.words:
        parts.append(tr("They have no rare word in common."))
    return " ".join([*parts, tr(NO_FINDING)])


def toggle(window: Window) -> None:
    """Show or hide why the pair is called similar."""
    workspace = window.workspace
    if workspace is None:
        return
    compare = workspace.compare
    if compare.pair is None or workspace.viewer.tab != "similar":
        window.say(tr("Open Similar first (S): it shows two items beside each other."))
        return
    pane = compare.why
    pane.setVisible(pane.isHidden())
    compare.fit()
    if pane.isVisible():
        compare.on_pair = lambda pair: _read(window, pair)
        _read(window, compare.pair)
    else:
        compare.on_pair = None


def _read(window: Window, pair: Pair) -> None:
    """Read why, off the window's thread; only the pair that is shown is answered."""
    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None:
        return
    compare, case = workspace.compare, shell.case
    left, right = pair.left.view.row.id, pair.right.view.row.id
    compare.why.say(tr("Comparing sentences and words …"))

    def work(_progress: Any) -> Why:
        from casekit.search import why

        return why.explain(case, left, right)

    def done(found: Why) -> None:
        if compare.pair is pair:
            compare.why.show_why(found)

    def failed(error: CaseKitError) -> None:
        if compare.pair is pair:
            compare.why.say("▲ " + translated(error))

    shell.jobs.start("why", work, done, failed)


def _fill(table: QTableWidget, rows: list[tuple[str, ...]]) -> None:
    table.setRowCount(len(rows))
    for number, cells in enumerate(rows):
        put_row(table, number, [" ".join(cell.split()) for cell in cells])
    table.resizeRowsToContents()
