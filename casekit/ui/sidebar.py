"""Where I am: the case's evidence by collection, exhibit, search, problem, tag, custodian and model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.chrome import choice
from casekit.ui.nav import NavRow

if TYPE_CHECKING:
    from casekit.queries.exhibits import ExhibitRow
    from casekit.queries.facets import Count, TagRow
    from casekit.queries.matter import MatterRow
    from casekit.queries.reviews import SetRow
    from casekit.queries.saved_searches import SearchRow
    from casekit.queries.templates import SetUp

    SearchMenu = Callable[[SearchRow], Sequence[tuple[str, Callable[[], None]]]]

MOST_ROWS = 12
COLLECTIONS = (
    ("outputs", "Model outputs", "message-text-outline"),
    ("api-log", "API log", "api"),
    ("correspondence", "Correspondence", "email-outline"),
    ("documents", "Documents", "file-document-outline"),
    ("other", "Other files", "file-outline"),
)

REVIEW = (
    ("undecided", "Privilege not decided", "shield-alert-outline"),
    ("privileged", "Withheld", "shield-lock-outline"),
    ("not-privileged", "Not privileged", "shield-check-outline"),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What part of the case the list shows.

    Attributes:
        key: Stable name, also of the row in the sidebar.
        label: As shown above the list.
        query: Filter in the query language, empty for all.
        kind: `items`, `exhibits` (in their order), `problems`, or `ids`: just those of `ids`, in that order;
            `review`: the set whose id is the one of `ids`, in its order.
    """

    key: str
    label: str
    query: str = ""
    kind: str = "items"
    ids: tuple[int, ...] = ()


EVERYTHING = Scope("all", "Everything")


@dataclass(frozen=True, slots=True)
class Contents:
    """All that the sidebar and the coding pane show of the case as a whole."""

    total: int
    matter: MatterRow
    collections: list[Count]
    models: list[Count]
    languages: list[Count]
    conversations: list[Count]
    custodians: list[Count]
    tags: list[TagRow]
    searches: list[SearchRow]
    problems: list[Count]
    exhibits: list[ExhibitRow]
    sets: list[SetRow]
    review: dict[str, int]
    coding: SetUp


def read_contents(s: Any) -> Contents:
    """Everything for the sidebar in one snapshot."""
    from casekit.queries import clearance, exhibits, facets, matter, problems, reviews, templates
    from casekit.queries.saved_searches import saved_searches

    collections = facets.collections(s)
    return Contents(
        total=sum(c.count for c in collections),
        matter=matter.get(s),
        collections=collections,
        models=facets.models(s),
        languages=facets.languages(s),
        conversations=facets.conversations(s),
        custodians=facets.custodians(s),
        tags=facets.tags(s),
        searches=saved_searches(s),
        problems=problems.by(s, "kind"),
        exhibits=exhibits.exhibits(s),
        sets=reviews.sets(s),
        review=clearance.counts(s),
        coding=templates.set_up(s),
    )


class Sidebar(QWidget):
    """The left pane; `on_scope` is told what to list, `on_search` which saved search to run."""

    def __init__(
        self,
        on_scope: Callable[[Scope], None],
        on_search: Callable[[SearchRow], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._on_scope, self._on_search = on_scope, on_search
        self.search_menu: SearchMenu | None = None
        self._current = EVERYTHING.key
        self._rows: dict[str, NavRow] = {}
        self._folded: set[str] = set()
        self._long: set[str] = set()
        self._contents: Contents | None = None
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.foot = QVBoxLayout()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._area)
        self._sides: list[QToolButton] = []
        self._switch = QHBoxLayout()
        self._switch.setContentsMargins(14, 8, 10, 2)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._switch)
        outer.addWidget(self._stack, 1)
        outer.addLayout(self.foot)

    def add_filters(self, filters: QWidget, shown: Callable[[], None]) -> None:
        """Put the filters beside the case's parts; `shown` is called when they come into sight."""
        self._stack.addWidget(filters)
        self._on_filters = shown
        for number, words in enumerate((tr("Case"), tr("Filters"))):
            button = choice(words, "mode", partial(self.show_side, number))
            self._sides.append(button)
            self._switch.addWidget(button)
        self._switch.addStretch(1)
        self._sides[0].setChecked(True)

    @property
    def side(self) -> int:
        """0: the parts of the case are in sight; 1: the filters."""
        return self._stack.currentIndex()

    def show_side(self, number: int) -> None:
        """Show the parts of the case (0) or the filters (1)."""
        self._sides[number].setChecked(True)
        self._stack.setCurrentIndex(number)
        if number:
            self._on_filters()

    def show_contents(self, contents: Contents) -> None:
        """Fill the pane anew; what is chosen, folded and focused stays."""
        self._contents = contents
        focused = next((key for key, row in self._rows.items() if row.hasFocus()), None)
        place = self._area.verticalScrollBar().value()
        inside = QWidget()
        inside.setObjectName("inside")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(10, 4, 10, 12)
        layout.setSpacing(0)
        self._rows = {}
        for head, rows in self._sections(contents):
            self._section(layout, head, rows)
        layout.addStretch(1)
        self._area.setWidget(inside)
        self._area.verticalScrollBar().setValue(place)
        self.mark(self._current)
        if focused in self._rows:
            self._rows[focused].setFocus()

    def mark(self, key: str) -> None:
        """Show which scope is listed."""
        self._current = key
        for name, row in self._rows.items():
            row.setChecked(name == key)

    # -- inside -----------------------------------------------------------------------------------

    def _sections(self, o: Contents) -> list[tuple[str, list[tuple[str, NavRow]]]]:
        counts = {c.value: c.count for c in o.collections}
        evidence = [self._scope_row(Scope("all", tr("Everything")), "tray-full", o.total)]
        for value, label, icon in COLLECTIONS:
            if value != "other" or counts.get(value):
                scope = Scope(f"in:{value}", tr(label), f"in:{value}")
                evidence.append(self._scope_row(scope, icon, counts.get(value, 0)))
        labels = [e.label for e in o.exhibits]
        span = labels[0] if len(labels) == 1 else f"{labels[0]} … {labels[-1]}" if labels else 0
        problems = sum(p.count for p in o.problems)
        review = [
            self._scope_row(
                Scope("exhibits", tr("Exhibits"), kind="exhibits"), "certificate-outline", span
            ),
            self._scope_row(
                Scope("problems", tr("Problems"), kind="problems"), "alert-outline", problems
            ),
        ]
        for state, label, icon in REVIEW:
            if o.review[state]:
                scope = Scope(f"privilege:{state}", tr(label), f"privilege:{state}")
                review.append(self._scope_row(scope, icon, o.review[state]))
        sets = [self._set_row(row) for row in o.sets]
        searches = [self._search_row(row) for row in o.searches]
        tags = [self._tag_row(row) for row in o.tags]
        custodians = [self._field_row("custodian", c, "account-outline") for c in o.custodians]
        models = [self._field_row("model", c, "creation-outline") for c in o.models]
        chats = [self._field_row("conversation", c, "forum-outline") for c in o.conversations]
        languages = [self._field_row("language", c, "translate") for c in o.languages]
        sections = [
            (tr("Evidence"), evidence),
            (tr("Review"), review),
            (tr("Review sets"), sets),
            (tr("Saved searches"), searches),
            (tr("Tags"), tags),
            (tr("Custodians"), custodians),
            (tr("Conversations"), chats),
            (tr("Models"), models),
            (tr("Languages"), languages if len(languages) > 1 else []),
        ]
        return [(head, rows) for head, rows in sections if rows]

    def _section(self, layout: QVBoxLayout, head: str, rows: list[tuple[str, NavRow]]) -> None:
        title = QToolButton()
        folded = head in self._folded
        title.setText(head.upper() + (" ▸" if folded else ""))
        title.setProperty("quiet", True)
        title.setFont(fonts.label())
        title.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        title.setToolTip(tr("Fold or unfold"))
        title.setFixedHeight(26)
        title.clicked.connect(lambda: self._fold(head))
        if layout.count():
            layout.addSpacing(8)
        layout.addWidget(title)
        for number, (key, row) in enumerate(rows):
            self._rows[key] = row
            hidden = folded or (number >= MOST_ROWS and head not in self._long)
            if hidden:
                row.setParent(self)
                row.hide()
            else:
                layout.addWidget(row)
        if len(rows) > MOST_ROWS and not folded and head not in self._long:
            more = NavRow(tr("{n} more", n=len(rows) - MOST_ROWS), lambda: self._lengthen(head))
            more.setCheckable(False)
            more.indent = 2
            layout.addWidget(more)

    def _fold(self, head: str) -> None:
        self._folded ^= {head}
        self._again()

    def _lengthen(self, head: str) -> None:
        self._long.add(head)
        self._again()

    def _again(self) -> None:
        if self._contents is not None:
            self.show_contents(self._contents)

    def _scope_row(self, scope: Scope, icon: str, count: int | str) -> tuple[str, NavRow]:
        row = NavRow(scope.label, lambda: self._on_scope(scope), icon=icon)
        row.set_count(count)
        return scope.key, row

    def _field_row(self, field: str, count: Count, icon: str) -> tuple[str, NavRow]:
        query = f"{field}:{quoted(count.value)}"
        return self._scope_row(Scope(query, count.value, query), icon, count.count)

    def _tag_row(self, tag: TagRow) -> tuple[str, NavRow]:
        query = f"tag:{quoted(tag.name)}"
        scope = Scope(query, tag.name, query)
        depth = tag.name.count("/")
        row = NavRow(
            tag.name.rsplit("/", 1)[-1],
            lambda: self._on_scope(scope),
            colour=tag.colour,
            indent=depth,
        )
        row.setToolTip(tag.name)
        row.set_count(tag.count or "")
        return query, row

    def _set_row(self, one: SetRow) -> tuple[str, NavRow]:
        scope = Scope(f"review:{one.id}", one.name, kind="review", ids=(one.id,))
        icon = "clipboard-check-outline" if not one.left else "clipboard-list-outline"
        key, row = self._scope_row(scope, icon, f"{one.done:,} / {one.total:,}")
        row.setToolTip(one.name)
        return key, row

    def _search_row(self, search: SearchRow) -> tuple[str, NavRow]:
        row = NavRow(search.name, lambda: self._on_search(search), icon="magnify")
        row.setToolTip("\n".join(part for part in (search.query, search.note) if part))
        row.setCheckable(False)
        if search.count is not None:
            row.set_count(search.count.hits)
        if self.search_menu is not None:
            for words, run in self.search_menu(search):
                action = QAction(words, row)
                action.triggered.connect(lambda _on=False, run=run: run())
                row.addAction(action)
            row.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return f"search:{search.id}", row


def quoted(value: str) -> str:
    """A value of the query language, in quotes; those inside are doubled."""
    return '"' + value.replace('"', '""') + '"'


def head_label(text: str) -> QLabel:
    """A section's head in small capitals."""
    label = Label(text.upper())
    label.setFont(fonts.label())
    label.setProperty("quiet", True)
    return label
