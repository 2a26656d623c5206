"""The line above the list: how much, of what, in which order, what was not searched, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from casekit.errors import QueryError
from casekit.i18n import tr, tr_count
from casekit.sentences import translated
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.items_model import TITLE, WHEN, WHO

if TYPE_CHECKING:
    from casekit.ui.columns import Columns
    from casekit.ui.searching import Outcome
    from casekit.ui.sidebar import Scope

MOST_PARTS, PART_CHARACTERS = 6, 36
ORDERS = (
    ("-date", "newest first"),
    ("date", "oldest first"),
    ("title", "title, A to Z"),
    ("-title", "title, Z to A"),
    ("model", "model"),
    ("account", "account"),
    ("size", "size"),
    ("id", "order received"),
)
BY_COLUMN = {TITLE: ("title", "-title"), WHO: ("model",), WHEN: ("-date", "date")}
KIND_NOUNS = {
    "": ("1 item", "{n} items"),
    "in:outputs": ("1 exchange", "{n} exchanges"),
    "in:api-log": ("1 request", "{n} requests"),
    "exhibits": ("1 exhibit", "{n} exhibits"),
}


class ListHead(QWidget):
    """Three lines at most; `on_order` is told another order, `on_all` that the scope is to be left.

    `on_part` is told the number of a part of the search that is to be taken away.
    """

    def __init__(
        self,
        on_order: Callable[[str], None],
        on_all: Callable[[], None],
        on_part: Callable[[int], None],
    ) -> None:
        super().__init__()
        self.setObjectName("listhead")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._on_order, self._on_part = on_order, on_part
        self._now = "-date"
        self._columns: Columns | None = None
        self._count = Label()
        self._count.setFont(fonts.sans(13, fonts.MEDIUM))
        self._scope = QPushButton()
        self._scope.setProperty("chip", True)
        self._scope.setFont(fonts.sans(12))
        self._scope.setToolTip(tr("Leave this part and list everything"))
        self._scope.clicked.connect(on_all)
        self._chosen = Label()
        self._chosen.setProperty("quiet", True)
        self._order = QToolButton()
        self._order.setProperty("quiet", True)
        self._order.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._order.setAccessibleName(tr("Order of the list"))
        menu = QMenu(self._order)
        self._orders: dict[str, QAction] = {}
        for order, words in ORDERS:
            action = menu.addAction(tr(words))
            action.triggered.connect(lambda _c=False, o=order: self._choose(o))
            self._orders[order] = action
        self._order.setMenu(menu)
        self._notice = Label()
        self._notice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._notice.setContentsMargins(16, 0, 16, 6)
        self._notice.hide()
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(10)
        for widget in (self._count, self._scope, self._chosen):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._order)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        self._parts = QHBoxLayout()
        self._parts.setContentsMargins(16, 0, 8, 6)
        self._parts.setSpacing(6)
        column.addLayout(self._parts)
        column.addWidget(self._notice)
        self.empty = Empty()
        self.choose_order("-date")

    def show_outcome(self, outcome: Outcome, scope: Scope, *, empty_case: bool) -> None:
        """Say what is listed and what could not be searched."""
        noun = KIND_NOUNS.get(scope.key, KIND_NOUNS[""])
        counted = tr_count(noun[0], noun[1], outcome.total) if outcome.whole else tr("Counting …")
        self._count.setText(counted)
        self._scope.setVisible(scope.key != "all")
        self._scope.setText(scope.label.replace("&", "&&") + "  ×")
        self.show_parts(outcome.parts)
        said = []
        if outcome.ranked:
            said.append(tr("Most alike first: a search rank, not a finding."))
        if outcome.by_assumption:
            said.append(
                tr_count(
                    "1 matches only by an assumed time zone.",
                    "{n} match only by an assumed time zone.",
                    outcome.by_assumption,
                )
            )
        if outcome.not_searched:
            number = sum(n for _, n in outcome.not_searched)
            several = len(outcome.not_searched) > 1
            reasons = ", ".join(
                (f"{n:,} " if several else "") + tr(reason) for reason, n in outcome.not_searched
            )
            said.append(tr("{n} not searched: {reasons}", n=number, reasons=reasons))
        doubtful = outcome.not_searched or outcome.by_assumption
        self._say(" ".join(said), "warn" if doubtful else "quiet")
        self.empty.show_reason(
            empty_case=empty_case, searched=bool(outcome.wanted.text), scope=scope
        )

    def show_parts(self, parts: Sequence[str]) -> None:
        """Show what the search asks for as chips that can be taken away one by one."""
        while self._parts.count():
            old = self._parts.takeAt(0)
            widget = old.widget() if old is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        shown = parts[:MOST_PARTS] if len(parts) > MOST_PARTS + 1 else parts
        for number, part in enumerate(shown):
            chip = QPushButton(_short(part).replace("&", "&&") + "  ×")
            chip.setProperty("chip", True)
            chip.setFont(fonts.sans(12))
            chip.setToolTip(tr("Take away: {part}", part=part))
            chip.setAccessibleName(tr("Take away: {part}", part=part))
            chip.clicked.connect(lambda _c=False, n=number: self._on_part(n))
            self._parts.addWidget(chip)
        if len(shown) < len(parts):
            rest = Label(tr("and {n} more", n=len(parts) - len(shown)))
            rest.setProperty("quiet", True)
            rest.setToolTip("\n".join(parts[len(shown) :]))
            self._parts.addWidget(rest)
        if parts:
            self._parts.addStretch(1)

    def show_problems(self, number: int) -> None:
        """Say how many problems the case has."""
        self._count.setText(tr_count("1 problem", "{n} problems", number))
        self._scope.setVisible(True)
        self._scope.setText(tr("Problems") + "  ×")
        self._order.setVisible(False)
        self.show_parts(())
        self._say("", "quiet")
        self.empty.say(tr("No problems: every file was read whole."), "")

    def show_chosen(self, number: int) -> None:
        """Say how many rows are selected, where there are several."""
        self._chosen.setText(tr("{n} chosen", n=number) if number > 1 else "")

    def show_query_error(self, error: QueryError) -> None:
        """Show the place in the query that could not be read."""
        sentence = translated(error)
        window = 70
        start = max(0, error.position - window)
        piece = error.query[start : error.position + window].replace("\n", " ")
        self._say(f"{sentence}\n{piece}\n{' ' * (error.position - start)}^", "bad")
        self._notice.setFont(fonts.mono())

    def set_orders(self, *, ranked: bool, kind: str) -> None:
        """Orders can be chosen where the list is not one of ranks."""
        self._order.setVisible(not ranked and kind == "items")
        self._mark_column()

    def sort_heads(self, columns: Columns) -> None:
        """Sort by a click on the head of a column, and show there by which the list is sorted."""
        self._columns = columns
        columns.on_sort = self._sort_by
        self._mark_column()

    def _sort_by(self, column: int) -> None:
        """The first order of a column, or its next where it has the first already."""
        orders = BY_COLUMN.get(column, ())
        if orders and not self._order.isHidden():
            now = orders.index(self._now) if self._now in orders else -1
            self._choose(orders[(now + 1) % len(orders)])

    def _mark_column(self) -> None:
        if self._columns is None:
            return
        found = next((c for c, orders in BY_COLUMN.items() if self._now in orders), -1)
        column = -1 if self._order.isHidden() else found
        self._columns.mark(column, falling=self._now.startswith("-"))

    def choose_order(self, order: str) -> None:
        """Show another order as chosen, without telling so."""
        self._choose(order, tell=False)

    def _choose(self, order: str, *, tell: bool = True) -> None:
        self._now = order
        self._order.setText(self._orders[order].text() + " ▾")
        self._mark_column()
        if tell:
            self._on_order(order)

    def _say(self, text: str, tone: str) -> None:
        for name in ("quiet", "warn", "bad"):
            self._notice.setProperty(name, name == tone)
        self._notice.setFont(fonts.sans(12))
        self._notice.setText(text)
        self._notice.setVisible(bool(text))
        self._notice.style().unpolish(self._notice)
        self._notice.style().polish(self._notice)


def _short(part: str) -> str:
    return part if len(part) <= PART_CHARACTERS else part[: PART_CHARACTERS - 1] + "…"


class Empty(QWidget):
    """What stands where a list would be: why there is none, and the next step."""

    def __init__(self) -> None:
        super().__init__()
        self._head = Label()
        self._head.setFont(fonts.sans(15, fonts.SEMIBOLD))
        self._text = Label()
        self._text.setProperty("quiet", True)
        for label in (self._head, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 24, 48, 24)
        column.addStretch(1)
        column.addWidget(self._head)
        column.addWidget(self._text)
        column.addStretch(1)

    def say(self, head: str, text: str) -> None:
        """Show a head and a sentence."""
        self._head.setText(head)
        self._text.setText(text)

    def show_reason(self, *, empty_case: bool, searched: bool, scope: Scope) -> None:
        """Say why the list is empty."""
        if empty_case:
            self.say(
                tr("This case has no evidence yet"),
                tr(
                    "Drag files or folders onto this window, or press Ctrl+I. They are copied, "
                    "hashed and logged; the ones you drag stay as they are."
                ),
            )
        elif searched:
            self.say(
                tr("Nothing found"),
                tr("Try fewer words, word* for endings, or the search by meaning."),
            )
        elif scope.kind == "exhibits":
            self.say(
                tr("No exhibits yet"), tr("Choose an item and press E to give it the next label.")
            )
        else:
            self.say(
                tr("Nothing here yet"),
                tr("Items appear here as they are imported, tagged or marked."),
            )
