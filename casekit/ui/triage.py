"""Similarity hits judged by keyboard: same, unsure or different, and on to the next that is not judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton

from casekit.i18n import tr, tr_count
from casekit.ui.basics import Label
from casekit.ui.compare import VERDICT_WORDS
from casekit.ui.form import Form
from casekit.ui.tables import choosing_table, put_row
from casekit.ui.time_words import when_text

if TYPE_CHECKING:
    from casekit.queries.items import ItemRow
    from casekit.queries.judgements import JudgementRow
    from casekit.ui.window import Window

HEADS = ("Item", "Title", "Other", "Its title", "Verdict", "By", "When (UTC)")
WIDTHS = (60, 230, 60, 230, 110, 100, 130)


def verdict(word: str) -> Callable[[Window], None]:
    """The action that judges the pair that is shown."""

    def run(window: Window) -> None:
        judge(window, word)

    return run


def judge(window: Window, word: str) -> None:
    """Judge the item and the similar one beside it, and show the next that is not judged."""
    from casekit.ops import judgements

    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None:
        return
    pair = workspace.compare.pair
    if pair is None or workspace.viewer.tab != "similar":
        window.say(tr("Open Similar first (S): it shows items to be judged, one after the other."))
        return
    item_id, other_id = pair.left.view.row.id, pair.right.view.row.id
    last = (
        pair.judged + (not any(row.by == shell.case.actor for row in pair.verdicts)) == pair.ranks
    )

    def done(_changes: object) -> None:
        if last:
            window.say(tr_count("The one similar item is judged.", "All {n} similar items are judged.",
                                pair.ranks))  # fmt: skip
        window.long.similar(window, 1, unjudged=True)

    shell.do("judge", lambda s: judgements.judge(s, item_id, other_id, word), done)


class Judgements(Form):
    """Lists every judgement; leads to a pair, or lists all items judged the same."""

    def __init__(
        self, window: Window, rows: Sequence[JudgementRow], known: dict[int, ItemRow]
    ) -> None:
        super().__init__(
            window, tr("Judgements on similar items"),
            tr("What people said of pairs that a search found alike. They are no findings."), tr("Close"),
        )  # fmt: skip
        self.setMinimumWidth(980)
        self._window, self._rows = window, rows
        from casekit.queries.judgements import disputed

        torn = disputed(list(rows))
        self.table = choosing_table(tr("Judgements on similar items"), len(rows), HEADS, WIDTHS)
        self.table.setMinimumHeight(300)
        self.table.cellActivated.connect(lambda _row, _column: self.go())
        for number, row in enumerate(rows):
            word, _, sign = VERDICT_WORDS[row.verdict]
            mark = " ▲" if (row.item_id, row.other_id) in torn else ""
            titles = [known[i].title if i in known else "" for i in (row.item_id, row.other_id)]
            cells = (str(row.item_id), titles[0], str(row.other_id), titles[1],
                     f"{sign} {tr(word)}{mark}", row.by, when_text(row.at_us)[:16])  # fmt: skip
            put_row(self.table, number, cells)
        self.form.addRow(self.table)
        line = QHBoxLayout()
        line.setSpacing(8)
        for words, run in (
            (tr("Go there"), self.go),
            (tr("List the items judged the same"), self.list_same),
        ):
            button = QPushButton(words)
            button.setAutoDefault(False)
            button.setEnabled(bool(rows))
            button.clicked.connect(lambda _on=False, run=run: run())
            line.addWidget(button)
        said = tr_count("1 judgement", "{n} judgements", len(rows))
        if torn:
            said += "   ▲ " + tr_count("1 pair is disputed", "{n} pairs are disputed", len(torn))
        quiet = Label(said)
        quiet.setProperty("quiet", True)
        line.addWidget(quiet)
        line.addStretch(1)
        self.form.addRow(line)
        if rows:
            self.table.selectRow(0)

    def go(self) -> None:
        """Open the first item of the chosen pair."""
        at = self.table.currentRow()
        if 0 <= at < len(self._rows) and self._window.workspace is not None:
            self.accept()
            self._window.workspace.open_item(self._rows[at].item_id)

    def list_same(self) -> None:
        """List all items that somebody judged the same as another, to be worked on or exported."""
        same = {i for r in self._rows if r.verdict == "same" for i in (r.item_id, r.other_id)}
        if self._window.workspace is not None:
            self.accept()
            self._window.workspace.show_items(tr("Judged the same"), sorted(same))


def list_judgements(window: Window) -> None:
    """List the judgements."""
    from casekit.queries import items, judgements

    shell = window.shell
    if shell is None:
        return

    def query(s: Any) -> tuple[list[JudgementRow], dict[int, ItemRow]]:
        rows = judgements.judgements(s)
        ids = sorted({i for row in rows for i in (row.item_id, row.other_id)})
        return rows, {row.id: row for row in items.rows(s, ids)}

    shell.read("judgements", query, lambda found: Judgements(window, *found).open())
