"""The timeline page: what lies where in time, what a brushed span holds, and the events people put there."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from casekit.clock import from_us
from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.sentences import translated
from casekit.ui import fonts
from casekit.ui.basics import Choice, Label
from casekit.ui.event_table import EventsPane, button_of
from casekit.ui.events import EventForm
from casekit.ui.legend import Legend

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.queries.timeline import Axis, Counts
    from casekit.ui.items_list import ItemsList
    from casekit.ui.shell import Shell
    from casekit.ui.time_chart import Span, TimeChart

GROUP_WORDS = (
    ("role", "by role"), ("account", "by account"), ("model", "by model"), ("kind", "by kind"),
)  # fmt: skip
STEP_WORDS = {
    "hour": "a bar an hour", "day": "a bar a day", "week": "a bar a week", "month": "a bar a month",
    "year": "a bar a year",
}  # fmt: skip
_SETTLE_MS = 40
_STALE = frozenset({"events", "facts", "times", "privilege"})


@dataclass(frozen=True, slots=True)
class _Read:
    """All times, where they begin and end and what is in sight first (µs since 1970), the zone of days."""

    axis: Axis
    whole: tuple[int, int] | None
    view: tuple[int, int] | None
    zone: str


class TimelinePage(QWidget):
    """Chart above; below it the items of the brushed span, and the events."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setObjectName("centre")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.shell = shell
        self.axis: Axis | None = None
        self.zone = "UTC"
        self.counts: Counts | None = None
        self.chart: TimeChart | None = None
        self.list: ItemsList | None = None
        self._stale = True
        self._asked = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._count)
        self._lay_out()
        shell.bus.changed.connect(self._changed)
        shell.bus.refreshed.connect(self._refreshed)

    def _lay_out(self) -> None:
        self.said = Label(tr("Reading times and names …"))
        self.said.setProperty("quiet", True)
        self.group = Choice()
        self.group.setAccessibleName(tr("Records are told apart"))
        for value, words in GROUP_WORDS:
            self.group.addItem(tr(words), value)
        self.group.currentIndexChanged.connect(self._count)
        self.zones = Choice()
        self.zones.setAccessibleName(tr("Days begin in"))
        self.zones.currentIndexChanged.connect(self._zone_chosen)
        self.whole = button_of(tr("Whole"), tr("Show all of the time (Home)"), self._show_whole)
        self.closer = button_of("+", tr("Zoom in (+)"), lambda: self._zoom(0.7))
        self.wider = button_of("–", tr("Zoom out (-)"), lambda: self._zoom(1 / 0.7))
        add = button_of(tr("Add an event …"), tr("Put an event on the timeline"), self.add_event)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 12, 4)
        head.setSpacing(6)
        title = Label(tr("Timeline"))
        title.setFont(fonts.sans(17, fonts.SEMIBOLD))
        head.addWidget(title)
        head.addSpacing(12)
        head.addWidget(self.said, 1)
        for widget in (self.group, self.zones, self.wider, self.closer, self.whole, add):
            head.addWidget(widget)
        self.legend = Legend()
        self.apart = QHBoxLayout()
        self.apart.setContentsMargins(16, 0, 12, 6)
        self.above = QVBoxLayout()
        self.above.setContentsMargins(0, 0, 0, 0)
        self.above.setSpacing(0)
        self.above.addLayout(head)
        self.above.addWidget(self.legend)
        self.above.addLayout(self.apart)
        upper = QWidget()
        upper.setLayout(self.above)
        self.panes = QSplitter(Qt.Orientation.Vertical)
        self.panes.setHandleWidth(1)
        self.panes.setChildrenCollapsible(False)
        self.panes.addWidget(upper)
        self.panes.addWidget(self._below())
        self.panes.setSizes([560, 300])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.panes)

    def _below(self) -> QWidget:
        self.held = Label(
            tr("Drag over the chart to see what lies in a span, or press Shift with an arrow.")
        )
        self.held.setProperty("quiet", True)
        self.open = button_of(
            tr("Open in Review"), tr("List these items in Review (Enter)"), self.open_in_review
        )
        self.clear = button_of(
            tr("Let go"), tr("Brush nothing (Escape)"), lambda: self._brush(None)
        )
        for button in (self.open, self.clear):
            button.setEnabled(False)
        row = QHBoxLayout()
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(6)
        row.addWidget(self.held, 1)
        row.addWidget(self.clear)
        row.addWidget(self.open)
        self.rows = QVBoxLayout()
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(0)
        self.rows.addLayout(row)
        left = QWidget()
        left.setLayout(self.rows)
        self.events = EventsPane(self.shell)
        below = QSplitter(Qt.Orientation.Horizontal)
        below.setHandleWidth(1)
        below.setChildrenCollapsible(False)
        below.addWidget(left)
        below.addWidget(self.events)
        below.setStretchFactor(0, 1)
        below.setSizes([760, 560])
        return below

    # -- reading ----------------------------------------------------------------------------------

    def shown(self) -> None:
        """Read what has changed since the page was looked at."""
        if self._stale:
            self._stale = False
            self.read()
        if self.chart is not None:
            self.chart.setFocus()  # its keys brush and zoom

    def read(self) -> None:
        """Read times and names of all items, off the window's thread."""
        case = self.shell.case

        def work(progress: Any) -> _Read:
            from casekit.queries import matter, timeline
            from casekit.store import arrays
            from casekit.ui import time_chart  # noqa: F401 - its import would hold the window up

            read = arrays.read(case, progress)
            with case.read() as s:
                axis = timeline.axis(s, read)
                axis.series(str(GROUP_WORDS[0][0]))
                return _Read(axis, axis.span(), axis.first_view(), matter.get(s).time_zone)

        self.shell.jobs.start("timeline", work, self._arrived, self._failed)

    def _failed(self, error: CaseKitError) -> None:
        self._stale = True
        self.said.setText(translated(error))

    def prepare(self) -> Generator[None]:
        """Make the list and the chart before there is anything to show in them, a part a step."""
        from casekit.ui.time_chart import TimeChart

        if self.list is None:
            self._make_list()
            yield
        if self.chart is not None:
            return
        self.chart = TimeChart()
        self.chart.hide()
        self.chart.looked.connect(lambda _span: self._timer.start())
        self.chart.brushed.connect(self._brushed)
        self.chart.opened.connect(self.open_in_review)
        self.chart.event_chosen.connect(self.events.choose)
        self.above.insertWidget(2, self.chart, 1)

    def _arrived(self, found: _Read) -> None:
        from casekit.ui.time_chart import Span

        axis, whole, view = found.axis, found.whole, found.view
        first = self.axis is None
        self.axis = axis
        if first:
            self._fill_zones(found.zone)
        for _ in self.prepare():
            pass
        assert self.chart is not None
        if whole is None or view is None:
            self.said.setText(
                tr("Nothing in this case has a time yet: import evidence, or add an event.")
            )
            self.chart.hide()
        else:
            self.chart.show()
            begin = Span(*view) if first or not self.chart.isVisible() else self.chart.view()
            open_ = len(axis.undecided) > 0
            self.chart.show_whole(Span(*whole), begin, self.zone, has_open=open_)
        if first and self.isVisible():
            self.chart.setFocus()
        self.chart.show_events(axis.events)
        self.events.show_events(axis.events)
        self._show_apart(axis)
        self._count()
        if self.chart.brush is not None:
            self._brushed(self.chart.brush)

    def _fill_zones(self, zone: str) -> None:
        self.zones.blockSignals(True)
        names = [zone, "UTC"] if zone and zone != "UTC" else ["UTC"]
        for name in names:
            self.zones.addItem(tr("Days in {zone}", zone=name), name)
        self.zones.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.zones.blockSignals(False)
        self.zone = names[0]

    def _make_list(self) -> None:
        from casekit.ui.items_list import ItemsList
        from casekit.ui.items_model import EXHIBIT, TAGS, ItemsModel

        self.model = ItemsModel(self._fetch, self)
        self.list = ItemsList(self.model, lambda _id: None, lambda _ids: None)
        self.list.without = frozenset({TAGS, EXHIBIT})
        self.list.activated.connect(lambda _index: self.open_in_review())
        self.rows.addWidget(self.list, 1)

    def _fetch(self, ids: list[int], done: Any) -> None:
        from casekit.queries import items

        self.shell.read("rows", lambda s: items.rows(s, ids), done, lane="quick")

    # -- counting ---------------------------------------------------------------------------------

    def _zone_chosen(self) -> None:
        self.zone = str(self.zones.currentData())
        if self.chart is not None:
            self.chart.axis.zone = self.zone
            self.chart.axis.picture = None
            self.chart.axis.update()
        self._count()

    def _count(self) -> None:
        """Count what is in sight anew; only the newest question is answered."""
        if self.axis is None or self.chart is None or self.chart.isHidden():
            return
        self._asked += 1
        asked, axis, zone = self._asked, self.axis, self.zone
        group, view = str(self.group.currentData()), self.chart.view()

        def work(_progress: object) -> Counts:
            from casekit.queries import timeline

            return timeline.counts(axis, view.start_us, view.stop_us, group=group, zone=zone)

        def arrived(counts: Counts) -> None:
            if asked == self._asked and self.chart is not None:
                self._show_counts(counts)

        self.shell.jobs.start("counts", work, arrived, self._failed, lane="quick")

    def _show_counts(self, counts: Counts) -> None:
        assert self.chart is not None
        self.counts = counts
        self.chart.show_counts(counts)
        view = self.chart.view()
        self.said.setText(
            tr(
                "{first} to {last} · {step} · days begin in {zone}",
                first=_day(view.start_us, self.zone), last=_day(view.stop_us, self.zone),
                step=tr(STEP_WORDS[counts.by]), zone=counts.zone,
            )
        )  # fmt: skip
        entries = []
        by_role = self.group.currentData() == "role"  # all else are names of the evidence
        for number, value in enumerate(counts.values):
            rest = counts.has_rest and number == len(counts.values) - 1
            named = tr(value) if by_role and value else value
            words = tr("all others") if rest else named or tr("not given")
            entries.append((number, words, int(counts.api[number].sum())))
        self.legend.show_entries(entries)

    def _show_apart(self, axis: Axis) -> None:
        while self.apart.count():
            taken = self.apart.takeAt(0)
            widget = taken.widget() if taken is not None else None
            if widget is not None:
                widget.deleteLater()
        said = []
        if axis.left_out:
            said.append(tr("{n} whose times are left out by decision", n=axis.left_out))
        if axis.unclear:
            said.append(
                tr(
                    "{n} whose time as written tells no instant, such as one without a year",
                    n=axis.unclear,
                )
            )
        if axis.without:
            said.append(tr("{n} without a time", n=axis.without))
        if len(axis.undecided):
            link = QPushButton(
                "≈ " + tr("{n} whose zone nobody has decided: decide it …", n=len(axis.undecided))
            )
            link.setProperty("link", True)
            link.clicked.connect(lambda _c=False: self.shell.window.trigger("times.decide"))
            self.apart.addWidget(link)
        words = Label(tr("Not on the axis: {what}.", what="; ".join(said)) if said else "")
        words.setProperty("quiet", True)
        self.apart.addWidget(words, 1)

    # -- the span ---------------------------------------------------------------------------------

    def _brush(self, span: Span | None) -> None:
        if self.chart is not None:
            self.chart.set_brush(span)

    def _brushed(self, span: Span | None) -> None:
        """Show the items of a span, or none."""
        import numpy as np

        axis = self.axis
        for button in (self.open, self.clear):
            button.setEnabled(span is not None)
        if span is None or axis is None:
            self.held.setText(
                tr("Drag over the chart to see what lies in a span, or press Shift with an arrow.")
            )
            if self.list is not None:
                self.list.show_ids(np.empty(0, np.int64), first=True)
            return

        def work(_progress: object) -> Any:
            return axis.between(span.start_us, span.stop_us), len(
                axis.undecided_between(span.start_us, span.stop_us)
            )

        def arrived(found: Any) -> None:
            if self.chart is None or self.chart.brush != span or self.list is None:
                return
            ids, open_ = found
            said = tr_count("1 item", "{n} items", len(ids)) + " · " + self._span_words(span)
            if open_:
                said += " · " + tr(
                    "{n} more are assumed to lie here: nobody has decided their zone", n=open_
                )
            self.held.setText(said)
            self.list.show_ids(ids, first=True)

        self.shell.jobs.start("span", work, arrived, lane="quick")

    def _span_words(self, span: Span) -> str:
        return tr(
            "{first} to {last} ({zone})", first=_minute(span.start_us, self.zone),
            last=_minute(span.stop_us, self.zone), zone=self.zone,
        )  # fmt: skip

    def open_in_review(self) -> None:
        """List the items of the span in Review, and go to the one that is chosen below."""
        if self.list is None or self.chart is None or self.chart.brush is None:
            return
        workspace = self.shell.window.workspace
        if workspace is not None:
            current = self.list.current_id()
            workspace.show_items(self._span_words(self.chart.brush), self.model.ids.tolist())
            if current is not None:
                workspace.run(then=lambda: workspace.open_item(current))

    def _show_whole(self) -> None:
        if self.chart is not None:
            self.chart.look(self.chart.whole())

    def _zoom(self, factor: float) -> None:
        if self.chart is not None:
            self.chart.zoom(factor)

    # -- events -----------------------------------------------------------------------------------

    def add_event(self) -> None:
        """Ask for an event and put it on the timeline; a brushed day is its date."""
        brush = self.chart.brush if self.chart is not None else None
        day = _day(brush.start_us, self.zone) if brush is not None else ""
        EventForm.add(self.shell.window, starts=day, zone=self.zone)

    # -- hearing ----------------------------------------------------------------------------------

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & _STALE:
            self._refreshed()

    def _refreshed(self) -> None:
        self._stale = True
        if self.isVisible():
            self.shown()

    def redress(self) -> None:
        """Take colours anew after a change of theme."""
        if self.list is not None:
            self.list.delegate.redress()
        if self.chart is None:
            return
        self.chart.redress()
        if self.counts is not None:
            self.chart.show_counts(self.counts)
            self.chart.show_events(self.events.rows)
            self._show_counts(self.counts)


def _local(us: int, zone: str, form: str) -> str:
    from casekit.queries.zones import zone_of

    moment = from_us(us)
    where = zone_of(zone) if 2 < moment.year < 9998 else moment.tzinfo
    return moment.astimezone(where).strftime(form)


def _day(us: int, zone: str) -> str:
    return _local(us, zone, "%Y-%m-%d")


def _minute(us: int, zone: str) -> str:
    return _local(us, zone, "%Y-%m-%d %H:%M")
