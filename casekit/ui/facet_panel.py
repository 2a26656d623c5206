"""The filters: every field's values in the list with their counts; a click puts one into the search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from casekit.errors import Cancelled, CaseKitError, QueryError
from casekit.i18n import tr
from casekit.sentences import translated
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.narrowing import chosen_values, with_value, without_value
from casekit.ui.nav import NavRow
from casekit.ui.sidebar import COLLECTIONS, head_label

if TYPE_CHECKING:
    from casekit.progress import Progress
    from casekit.search.facet_counts import Facet, Value
    from casekit.store.case import Case
    from casekit.ui.jobs import Job, Jobs
    from casekit.ui.searching import Outcome

FIELD_WORDS = {
    "in": "Collection", "kind": "Kind", "type": "File type", "date": "Month", "model": "Model",
    "account": "Account", "key": "API key", "status": "Status", "conversation": "Conversation",
    "ip": "IP address", "language": "Language", "custodian": "Custodian", "role": "Role", "tag": "Tag",
    "privilege": "Privilege", "has": "Has", "cluster": "Named cluster", "topic": "Topic",
    "near": "Near-duplicates", "hidden": "Hidden characters",
}  # fmt: skip
HIDDEN_WORDS = {
    "tag": "tag characters", "zero-width": "zero-width characters", "bidi": "direction marks",
    "soft-hyphen": "soft hyphens", "selector": "variation selectors", "filler": "fillers",
    "control": "control characters", "other": "other unseen characters",
    "lookalike": "words of look-alike letters",
}  # fmt: skip
FEW, MANY = 6, 200


class FacetPanel(QWidget):
    """Counts of the list; `on_query` is told the search as it is to be from now on."""

    def __init__(self, case: Case, jobs: Jobs, on_query: Callable[[str], None]) -> None:
        super().__init__()
        self._case, self._jobs, self._on_query = case, jobs, on_query
        self._outcome: Outcome | None = None
        self._stale = True
        self._asked = 0
        self._job: Job[list[Facet]] | None = None
        self._long: set[str] = set()
        self.rows: dict[str, NavRow] = {}
        self._said = Label()
        self._said.setProperty("quiet", True)
        self._said.setWordWrap(True)
        self._said.setContentsMargins(16, 8, 12, 8)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._said)
        column.addWidget(self._area, 1)

    def show_list(self, outcome: Outcome) -> None:
        """Take another list; it is counted at once where the filters are in sight, else when they are."""
        self._outcome, self._stale = outcome, True
        if self.isVisible():
            self.count()

    def shown(self) -> None:
        """The filters have come into sight."""
        if self._stale:
            self.count()

    def count(self) -> None:
        """Count the values of the list anew; only the last list that was asked for is shown."""
        outcome = self._outcome
        if self._job is not None:
            self._job.cancel()
        self._asked += 1
        if outcome is None:
            return
        self._stale = False
        if outcome.ranked or outcome.wanted.kind not in {"items", "ids"}:
            self._show([])
            self._tell(
                tr("Counts are of what is found by words. A list of ranks has none.")
                if outcome.ranked
                else tr("Counts are of lists of items.")
            )
            return
        asked, case, wanted, ids = self._asked, self._case, outcome.wanted, outcome.ids
        parts = (
            f"({wanted.scope})" if wanted.scope else "",
            f"({wanted.text})" if wanted.text else "",
        )
        query = "" if wanted.kind == "ids" else " ".join(filter(None, parts))
        self._tell(tr("Counting …") if not self.rows else "")

        def work(progress: Progress) -> list[Facet]:
            from casekit.search.facet_counts import FIELDS, count_facets

            few = [name for name in FIELDS if name not in self._long]
            ordered = np.sort(ids)
            found = count_facets(case, query, ids=ordered, fields=few, limit=FEW, progress=progress)
            if self._long:
                found += count_facets(
                    case, query, ids=ordered, fields=sorted(self._long), limit=MANY
                )
            return sorted(found, key=lambda facet: FIELDS.index(facet.field))

        def arrived(found: list[Facet]) -> None:
            if asked == self._asked:
                self._job = None
                self._tell("")
                self._show(found)

        self._job = self._jobs.start("facets", work, arrived, self._failed)

    def _tell(self, text: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def _failed(self, error: CaseKitError) -> None:
        if not isinstance(error, Cancelled):
            self._tell("▲ " + translated(error))

    def _show(self, found: Sequence[Facet]) -> None:
        place = self._area.verticalScrollBar().value()
        focused = next((key for key, row in self.rows.items() if row.hasFocus()), None)
        inside = QWidget()
        inside.setObjectName("inside")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(10, 4, 10, 12)
        layout.setSpacing(0)
        self.rows = {}
        text = self._outcome.wanted.text if self._outcome is not None else ""
        for facet in found:
            if facet.values:
                self._section(layout, facet, chosen_values(text, facet.field))
        layout.addStretch(1)
        self._area.setWidget(inside)
        self._area.verticalScrollBar().setValue(place)
        if focused in self.rows:
            self.rows[focused].setFocus()

    def _section(self, layout: QVBoxLayout, facet: Facet, chosen: Sequence[str]) -> None:
        if layout.count():
            layout.addSpacing(10)
        head = head_label(tr(FIELD_WORDS[facet.field]))
        head.setContentsMargins(10, 0, 0, 4)
        layout.addWidget(head)
        low = {value.lower() for value in chosen}
        for value in facet.values:
            told = value.label if facet.field == "topic" else value_words(facet.field, value.text)
            row = NavRow(told, partial(self._choose, value.query))
            row.setToolTip(value.query)
            row.set_count(value.count)
            row.setChecked(value.text.lower() in low)
            row.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            row.customContextMenuRequested.connect(partial(self._menu, row, value))
            self.rows[value.query] = row
            layout.addWidget(row)
        if facet.more:
            more = NavRow(tr("{n} more", n=facet.more), partial(self._lengthen, facet.field))
            more.setCheckable(False)
            more.setFont(fonts.sans(12))
            layout.addWidget(more)

    def _menu(self, row: NavRow, value: Value, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Only these, or no longer"), partial(self._choose, value.query))
        menu.addAction(tr("All but these"), partial(self.leave_out, value.query))
        menu.popup(row.mapToGlobal(place))

    def _choose(self, query: str) -> None:
        self._change(lambda text: with_value(text, query))

    def leave_out(self, query: str) -> None:
        """List what does not have a value."""
        self._change(lambda text: without_value(text, query))

    def _change(self, made: Callable[[str], str]) -> None:
        if self._outcome is None:
            return
        try:
            self._on_query(made(self._outcome.wanted.text))
        except QueryError:
            self._tell(tr("▲ Mend the search first: it cannot be read."))

    def _lengthen(self, name: str) -> None:
        self._long.add(name)
        self.count()


def value_words(name: str, value: str) -> str:
    """A value as the panel shows it."""
    if name == "in":
        return next((tr(label) for known, label, _ in COLLECTIONS if known == value), value)
    if name == "hidden":
        return tr(HIDDEN_WORDS.get(value, value))
    return tr("Has any") if name == "near" else value
