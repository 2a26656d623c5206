"""The page of clusters: near-duplicates, topics and what was named, each with what it holds beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from casekit import clock
from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.basics import Choice, Label
from casekit.ui.chrome import choice, list_above
from casekit.ui.cluster_acts import NAMED, Chosen, label_of, query_of
from casekit.ui.cluster_words import (
    HEADS,
    KIND_WORDS,
    KINDS,
    MEMBER_HEADS,
    MEMBER_WIDTHS,
    NOTHING,
    NUMBERS,
    THRESHOLDS,
    WIDE,
    WIDTHS,
    Told,
    names_text,
    read_groups,
    read_members,
    standing_text,
    topic_words,
)
from casekit.ui.event_table import button_of
from casekit.ui.finding_parts import line
from casekit.ui.pages import REVIEW
from casekit.ui.tables import choosing_table, put_row
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.ui.shell import Shell


class ClustersPage(QWidget):
    """The page of clusters."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setObjectName("centre")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shell = shell
        self.kind = "near"
        self.told = Told(None)
        self.members: tuple[int, ...] = ()
        self._asked = self._wanted = 0
        self.tables = {
            kind: choosing_table(tr(KIND_WORDS[kind]), 0, HEADS[kind], WIDTHS[kind])
            for kind in KINDS
        }
        self.groups = QStackedWidget()
        for kind, table in self.tables.items():
            _stretch(table, WIDE[kind])
            table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
            table.currentCellChanged.connect(lambda *_: self._show_chosen())
            table.itemActivated.connect(lambda _cell: self._trigger("clusters.list"))
        self.inside = choosing_table(tr("What it holds"), 0, MEMBER_HEADS, MEMBER_WIDTHS)
        self.inside.itemActivated.connect(lambda _cell: self.open_member())
        self.inside.horizontalHeader().setHighlightSections(False)
        self.empty = line("")
        self.empty.setContentsMargins(24, 16, 24, 16)
        self.empty.setMaximumWidth(760)
        self.panes = self._panes()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._head())
        outer.addWidget(self.said)
        outer.addWidget(self.empty)
        outer.addWidget(self.panes, 1)
        outer.addStretch()
        for table in self.tables.values():
            self.groups.addWidget(table)
        self.panes.hide()
        self.show_kind("near", read=False)
        shell.bus.changed.connect(self._changed)
        shell.bus.refreshed.connect(self.read)

    # -- layout -----------------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        self.tabs = {
            kind: choice(tr(KIND_WORDS[kind]), "mode", partial(self.show_kind, kind))
            for kind in KINDS
        }
        self.percent = _box(tr("Alike from"), [(f"{n} %", n) for n in THRESHOLDS])
        self.percent.setCurrentIndex(THRESHOLDS.index(80))
        words = [(tr("As many as suit") if not n else str(n), n) for n in NUMBERS]
        self.many = _box(tr("How many topics"), words)
        self.finders = {
            "near": QPushButton(tr("Find near-duplicates")), "topic": QPushButton(tr("Find topics")),
        }  # fmt: skip
        self.asked = {"near": Label(tr("Alike from")), "topic": Label(tr("How many topics"))}
        self.said = Label()
        self.said.setProperty("quiet", True)
        self.said.setWordWrap(True)
        self.said.setFont(fonts.sans(12))
        self.said.setContentsMargins(16, 0, 16, 8)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 12, 8)
        head.setSpacing(6)
        for tab in self.tabs.values():
            head.addWidget(tab)
        head.addStretch(1)
        for kind, box in (("near", self.percent), ("topic", self.many)):
            head.addWidget(self.asked[kind])
            head.addWidget(box)
            button = self.finders[kind]
            button.setProperty("primary", True)
            action = "clusters.near" if kind == "near" else "clusters.topics"
            button.clicked.connect(lambda _on=False, action=action: self._trigger(action))
            head.addWidget(button)
        return head

    def _panes(self) -> QSplitter:
        self.about = Label()
        self.about.setProperty("quiet", True)
        self.buttons = {
            action: button_of(words, tip, partial(self._trigger, action))
            for action, words, tip in (
                ("clusters.list", tr("List"), tr("List these items in Review (Enter)")),
                (
                    "clusters.code",
                    tr("Code …"),
                    tr("Code these items, after seeing how many have it"),
                ),
                ("clusters.name", tr("Name …"), tr("Keep these items under a name")),
                ("clusters.forget", tr("Take the name away"), tr("The items stay as they are")),
                ("clusters.set", tr("Review set …"), tr("Make a review set of these items (U)")),
            )
        }
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 6, 12, 6)
        bar.setSpacing(6)
        bar.addWidget(self.about, 1)
        for button in self.buttons.values():
            bar.addWidget(button)
        return list_above(self, self.groups, bar, self.inside, (330, 370))

    def minimumSizeHint(self) -> QSize:
        """May become small."""
        return QSize(400, 300)

    # -- reading ----------------------------------------------------------------------------------

    def shown(self) -> None:
        """Read the groups when the page is raised."""
        self.read()

    def show_kind(self, kind: str, *, read: bool = True) -> None:
        """Raise near-duplicates, topics or what was named."""
        self.kind = kind
        self.tabs[kind].setChecked(True)
        self.groups.setCurrentWidget(self.tables[kind])
        for each, box in (("near", self.percent), ("topic", self.many)):
            for widget in (box, self.finders[each], self.asked[each]):
                widget.setVisible(each == kind)
        self.buttons["clusters.forget"].setVisible(kind == NAMED)
        self.inside.setColumnHidden(0, kind == NAMED)
        self.inside.setColumnHidden(3, kind != "near")
        if (head := self.inside.horizontalHeaderItem(0)) is not None:
            head.setText(tr("Alike") if kind == "near" else tr("Cosine"))
        if read:
            self.told = Told(None)
            self.read()

    def read(self) -> None:
        """Read the groups again; only the newest question is answered."""
        if not self.isVisible():
            return
        self._asked += 1
        asked, kind = self._asked, self.kind

        def arrived(told: Told) -> None:
            if asked == self._asked:
                self._show(told)

        self._shell.read("clusters", lambda s: read_groups(s, kind), arrived)

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & {"clusters", "items"}:
            self.read()

    def _show(self, told: Told) -> None:
        self.told = told
        table = self.tables[self.kind]
        row = max(0, table.currentRow())
        rows = self._rows(told)
        table.blockSignals(True)
        table.setRowCount(len(rows))
        for number, cells in enumerate(rows):
            put_row(table, number, cells)
            for column, head in enumerate(HEADS[self.kind]):
                if (
                    head in ("Items", "Least alike")
                    and (cell := table.item(number, column)) is not None
                ):
                    cell.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
        if rows:
            table.selectRow(min(row, len(rows) - 1))
        table.blockSignals(False)
        never = self.kind != NAMED and (told.standing is None or told.standing.made is None)
        self.empty.setText(
            tr(NOTHING[self.kind]) if never or self.kind == NAMED else tr("There are none.")
        )
        self.empty.setVisible(not rows)
        self.panes.setVisible(bool(rows))
        self.said.setText(standing_text(self.kind, told))
        self.said.setVisible(bool(self.said.text()))
        self._show_chosen()

    def _rows(self, told: Told) -> list[tuple[str, ...]]:
        if self.kind == NAMED:
            return [
                (
                    shown(r.name),
                    f"{r.items:,}",
                    tr(KIND_WORDS[r.kind]),
                    shown(r.by),
                    clock.iso(r.at_us)[:10],
                )
                for r in told.named
            ]
        now = told.now or {}
        if self.kind == "topic":
            return [
                (f"{r.items:,}", topic_words(r), names_text(now.get(r.id, []))) for r in told.topics
            ]
        titles = told.titles or {}
        return [
            (
                f"{g.items:,}", "" if g.least is None else f"{100 * g.least:.0f} %",
                shown(titles.get(g.principal, "")), names_text(now.get(g.id, [])),
            )
            for g in told.near
        ]  # fmt: skip

    # -- choosing ---------------------------------------------------------------------------------

    def threshold(self) -> int:
        """From how many percent on texts are near-duplicates."""
        return int(self.percent.currentData())

    def number(self) -> int | None:
        """How many topics; None: as many as suit the case."""
        return int(self.many.currentData()) or None

    def chosen(self) -> Chosen | None:
        """The group that is chosen."""
        row, told = self.tables[self.kind].currentRow(), self.told
        if self.kind == NAMED and 0 <= row < len(told.named):
            one = told.named[row]
            return Chosen(NAMED, one.id, one.name, query_of(NAMED, one.id, one.name), one.items)
        if self.kind == "topic" and 0 <= row < len(told.topics):
            topic = told.topics[row]
            label = label_of(", ".join(topic.words[:3]) or tr("Topic {n}", n=topic.id))
            return Chosen("topic", topic.id, label, query_of("topic", topic.id), topic.items)
        if self.kind == "near" and 0 <= row < len(told.near):
            group = told.near[row]
            label = label_of((told.titles or {}).get(group.principal, "") or f"{group.principal}")
            return Chosen("near", group.id, label, query_of("near", group.principal), group.items)
        return None

    def _show_chosen(self) -> None:
        found = self.chosen()
        for button in self.buttons.values():
            button.setEnabled(found is not None)
        self._wanted += 1
        if found is None:
            self._show_members((), "")
            return
        wanted = self._wanted

        def query(s: Any) -> tuple[list[tuple[int, tuple[str, ...]]], str]:
            return read_members(s, found)

        def arrived(read: tuple[list[tuple[int, tuple[str, ...]]], str]) -> None:
            if wanted == self._wanted:
                self._show_members(tuple(read[0]), read[1])

        self._shell.read("cluster members", query, arrived)

    def _show_members(self, rows: tuple[tuple[int, tuple[str, ...]], ...], about: str) -> None:
        self.members = tuple(item_id for item_id, _ in rows)
        self.about.setText(about)
        self.inside.setRowCount(len(rows))
        for number, (_, cells) in enumerate(rows):
            put_row(self.inside, number, cells)
            for column in (0, 1):
                if (cell := self.inside.item(number, column)) is not None:
                    cell.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )

    def open_member(self) -> None:
        """Open the chosen item in Review, in the list of its group."""
        row, found, workspace = (
            self.inside.currentRow(),
            self.chosen(),
            self._shell.window.workspace,
        )
        if found is None or workspace is None or not 0 <= row < len(self.members):
            return
        item_id = self.members[row]
        self._shell.window.show_page(REVIEW)
        workspace.open_item(item_id)

    def _trigger(self, action: str) -> None:
        self._shell.window.trigger(action)


def _stretch(table: QTableWidget, column: int) -> None:
    """Let one column take what room is left."""
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setStretchLastSection(False)
    header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)


def _box(name: str, entries: list[tuple[str, int]]) -> QComboBox:
    box = Choice()
    box.setAccessibleName(name)
    for words, value in entries:
        box.addItem(words, value)
    return box
