"""Two texts side by side with the word runs they share, and the list of items most like one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.chrome import Elided, rule, tool
from casekit.ui.laying import meta_parts
from casekit.ui.reading import ReadingPage
from casekit.ui.time_words import when_text
from casekit.ui.why_pane import WhyPane
from casekit.ui.writing import Span, shown

if TYPE_CHECKING:
    from casekit.queries.items import ItemView
    from casekit.queries.judgements import JudgementRow

MIN_WORDS = 5
ROOM = 480  # pixels of height from which the texts and why they are similar stand below each other
MOST = 300  # pixels of height of why, where it does
GROUNDS = {
    "": ("hit", "solid", ""),
    "prompt": ("mark_grey", "dotted", "prompt"),
    "control": ("mark_amber", "wavy", "control"),
}
"""Colour, underline and word of a shared passage, by what else says it."""
VERDICT_WORDS = {
    "same": ("Same", "Y", "✓"), "unsure": ("Unsure", "H", "?"), "different": ("Different", "N", "✗"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One column: an item and the part of it that is compared."""

    view: ItemView
    part: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """An item beside one like it.

    Attributes:
        rank: Place of the other in the list of similar items, from 1.
        ranks: How many there are.
        score: Likeness as the search gave it, or None.
        words: Words of each shared run, in order of number.
        in_prompt: How many of the shared words a prompt says too; `by_control`: of the rest, a control.
        shared: How many words the runs have in all.
        controls: Models whose answers to the same prompts were compared.
        verdicts: What people said of the pair.
        judged: How many of the similar items the user has judged.
    """

    left: Side
    right: Side
    rank: int
    ranks: int
    score: float | None
    words: tuple[int, ...]
    in_prompt: int = 0
    by_control: int = 0
    shared: int = 0
    controls: tuple[str, ...] = ()
    verdicts: tuple[JudgementRow, ...] = ()
    judged: int = 0


class CompareView(QWidget):
    """Two columns and, below, what may be said of them; `on_step` is asked for another similar item."""

    def __init__(
        self,
        on_step: Callable[[int], None],
        on_open: Callable[[int], None],
        on_verdict: Callable[[str], None] | None = None,
        on_why: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self.pair: Pair | None = None
        self.on_pair: Callable[[Pair], None] | None = None
        self.why = WhyPane()
        self._on_open = on_open
        bar = self._bar(on_step, on_verdict, on_why)
        self.left, self.right = ReadingPage(), ReadingPage()
        self.left.setAccessibleName(tr("This item"))
        self.right.setAccessibleName(tr("Similar item"))
        self._texts = QWidget()
        columns = QHBoxLayout(self._texts)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.left, 1)
        columns.addWidget(self.right, 1)
        self._foot = Label()
        self._foot.setProperty("quiet", True)
        self._foot.setFont(fonts.sans(12))
        self._foot.setWordWrap(True)
        self._foot.setContentsMargins(16, 6, 16, 10)
        both = QWidget()
        inside = QVBoxLayout(both)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addLayout(bar)
        inside.addWidget(self._texts, 1)
        self._rule = rule()
        inside.addWidget(self._rule)
        inside.addWidget(self._foot)
        inside.addWidget(self.why, 1)
        self._said = Label()
        self._said.setProperty("quiet", True)
        self._said.setWordWrap(True)
        self._said.setContentsMargins(16, 16, 16, 16)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._said)
        self._stack.addWidget(both)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _bar(
        self, on_step: Callable[[int], None], on_verdict: Callable[[str], None] | None,
        on_why: Callable[[], None] | None,
    ) -> QHBoxLayout:  # fmt: skip
        """Which of the similar items it is, the verdicts, and the ways to the others."""
        self._where = Elided()
        self._where.setFont(fonts.sans(12))
        self._where.setProperty("quiet", True)
        self._open = tool("open-in-app", tr("Open the item on the right"), self._open_right)
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 4, 12, 4)
        bar.setSpacing(6)
        bar.addWidget(self._where, 1)
        self.verdicts = {}
        for verdict, (word, key, sign) in VERDICT_WORDS.items():
            button = QPushButton(f"{sign} {tr(word)}   {key}")
            button.setAccessibleName(tr(word))
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if on_verdict is None:
                button.hide()
            else:
                button.clicked.connect(partial(self._verdict, on_verdict, verdict))
            self.verdicts[verdict] = button
            bar.addWidget(button)
        if on_why is not None:
            words = tr("Why are these called similar? (Shift+S)")
            bar.addWidget(tool("help-circle-outline", words, on_why))
        self._tools = [
            tool("chevron-left", tr("More similar"), lambda: on_step(-1)),
            tool("chevron-right", tr("Less similar"), lambda: on_step(1)),
            self._open,
        ]
        for each in self._tools:
            bar.addWidget(each)
        return bar

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is asked for last keeps the room: see `fit`."""
        self.fit()
        super().resizeEvent(event)

    def fit(self) -> None:
        """Give why the place of the two texts where both would be too small to read."""
        alone = not self.why.isHidden() and self.height() < ROOM
        for one in (self._texts, self._rule, self._foot):
            one.setVisible(not alone)
        self.why.setMaximumHeight(ROOM if alone else MOST)

    def say(self, text: str) -> None:
        """Show a sentence instead of a pair."""
        self.pair = None
        self._said.setText(text)
        self._stack.setCurrentIndex(0)

    def show_pair(self, pair: Pair) -> None:
        """Show two items with their shared runs marked."""
        self.pair = pair
        self._stack.setCurrentIndex(1)
        self._tools[0].setEnabled(pair.rank > 1)
        self._tools[1].setEnabled(pair.rank < pair.ranks)
        self._show_verdicts(pair)
        for page, side in ((self.left, pair.left), (self.right, pair.right)):
            _lay(page, side)
        self._foot.setText(pair_sentence(pair))
        if self.on_pair is not None:
            self.on_pair(pair)

    def _show_verdicts(self, pair: Pair) -> None:
        """Show whose word is what; where people differ, that they do."""
        told = {row.verdict for row in pair.verdicts}
        for verdict, button in self.verdicts.items():
            button.setChecked(verdict in told)
        by = [
            f"{tr(VERDICT_WORDS[row.verdict][0])}: {row.by}, {when_text(row.at_us)[:16]}"
            for row in pair.verdicts
        ]
        where = [
            tr("Similar item {n} of {m}, most alike first", n=pair.rank, m=pair.ranks),
            tr("{n} judged", n=pair.judged),
        ]
        self._where.setText("   ·   ".join([*by, *where]) + ("   ▲" if len(told) > 1 else ""))

    def _verdict(self, on_verdict: Callable[[str], None], verdict: str) -> None:
        if self.pair is not None:
            self._show_verdicts(self.pair)  # the button shows what is kept, not what was pressed
            on_verdict(verdict)

    def _open_right(self) -> None:
        if self.pair is not None:
            self._on_open(self.pair.right.view.row.id)


def pair_sentence(pair: Pair) -> str:
    """What may be said of the pair on screen: counts and rank, and that they are no finding."""
    if pair.words:
        words = _listed([str(n) for n in pair.words])
        said = (
            tr("1 shared run of {words} words.", words=words)
            if len(pair.words) == 1
            else tr("{n} shared runs of {words} words.", n=len(pair.words), words=words)
        )
    else:
        said = tr("No run of {n} words or more is shared.", n=MIN_WORDS)
    grounds = []
    if pair.in_prompt:
        grounds.append(
            tr("{n} of these words stand in a prompt too (grey, dotted).", n=pair.in_prompt)
        )
    if pair.by_control:
        grounds.append(
            tr("{n} are in answers of controls to the same prompt (amber, wavy): {models}.",
               n=pair.by_control, models=", ".join(pair.controls))
        )  # fmt: skip
    elif pair.words and pair.controls:
        grounds.append(
            tr("No control says any of it in its answer to the same prompt: {models}.",
               models=", ".join(pair.controls))
        )  # fmt: skip
    likeness = tr("Likeness {score}.", score=f"{pair.score:.3f}") if pair.score is not None else ""
    rank = tr("Rank {n} of {m}: a search rank, not a finding.", n=pair.rank, m=pair.ranks)
    return " ".join(part for part in (said, *grounds, likeness, rank) if part)


def _lay(page: ReadingPage, side: Side) -> None:
    view = side.view
    page.begin()
    who = view.row.model or view.row.sender or view.row.account or view.row.name
    page.line(
        (shown(who), "bold"),
        ("   " + " · ".join(meta_parts(view, who=False)), "quiet"),
        below=6,
    )
    page.passage(side.part, view.text(side.part), side.spans)
    page.end()


def _listed(words: Sequence[str]) -> str:
    return (
        words[0]
        if len(words) == 1
        else tr("{some} and {last}", some=", ".join(words[:-1]), last=words[-1])
    )
