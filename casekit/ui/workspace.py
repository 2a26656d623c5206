"""The three panes over one open case: what is listed, what is shown, what is heard of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from casekit.errors import CaseKitError, QueryError
from casekit.sentences import translated
from casekit.ui import (
    actions,
    annotating,
    keying,
    narrowing,
    passage_menu,
    saved_searches,
    search_history,
    searching,
    triage,
)
from casekit.ui.ahead import Ahead, load_more
from casekit.ui.boxing import box_edits
from casekit.ui.chrome import OneOf, headed
from casekit.ui.coding import CodingPane, Decisions
from casekit.ui.compare import CompareView
from casekit.ui.facet_panel import FacetPanel
from casekit.ui.highlighting import edit_highlights
from casekit.ui.items_list import ItemsList
from casekit.ui.items_model import ItemsModel
from casekit.ui.list_head import ListHead
from casekit.ui.marking import Marks, read_marks
from casekit.ui.pages import REVIEW
from casekit.ui.pane_dragging import PaneDragging
from casekit.ui.panes import CODING, LIST, SIDEBAR, VIEWER, Panes
from casekit.ui.problems_list import Listed, ProblemsPane, ProblemWants, read_problems
from casekit.ui.searching import Outcome, Wanted
from casekit.ui.showing import Shown, read_item
from casekit.ui.sidebar import EVERYTHING, Contents, Scope, Sidebar, read_contents
from casekit.ui.strip import Strip
from casekit.ui.surroundings import around_of
from casekit.ui.viewer import Viewer, Wants

if TYPE_CHECKING:
    from PySide6.QtGui import QShortcut

    from casekit.ops.journal import Changes
    from casekit.queries.items import ItemRow, ItemView
    from casekit.queries.problems import ProblemRow
    from casekit.queries.saved_searches import SearchRow
    from casekit.ui.shell import Shell

LOOK_MS = 500
POLL_MS = 100
PAUSE_MS = 400


class Workspace(QWidget):
    """All of the window that belongs to one case."""

    def __init__(self, shell: Shell, decisions: Decisions, similar: Callable[[int], None]) -> None:
        super().__init__()
        self.shell = shell
        self.contents: Contents | None = None
        self.scope = EVERYTHING
        self.wanted = Wanted()
        self.outcome: Outcome | None = None
        self._asked = 0
        self._typing = self._reading = self._looking = False
        self.kept: Outcome | None = None
        self._wanted_place: tuple[int, tuple[str, int, int]] | None = None
        self.head_known = 0
        self._ahead: Ahead | None = None
        self._keys: dict[str, QShortcut] = {}
        self.model = ItemsModel(self._fetch, self)
        self.panes = Panes()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.panes)
        self._decisions, self._similar = decisions, similar
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._look_at_head)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(lambda: self.strip.show_jobs(shell.jobs.long))

    # -- building ---------------------------------------------------------------------------------

    def build(self) -> Iterator[None]:
        """Make the panes, each where it is to stand; between them the window may do other things."""
        shell = self.shell
        self.sidebar = Sidebar(self.show_scope, self.run_saved)
        self.strip = Strip()
        self.sidebar.foot.addWidget(self.strip)
        self.sidebar.search_menu = lambda row: saved_searches.menu_of(shell.window, row)
        self.facets = FacetPanel(shell.case, shell.jobs, self.change_search)
        self.sidebar.add_filters(self.facets, self.facets.shown)
        self.panes.put(SIDEBAR, self.sidebar)
        self.head = ListHead(self._order, lambda: self.show_scope(EVERYTHING), self._drop_part)
        self.list = ItemsList(self.model, self._current, self._chosen)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._row_menu)
        self.head.sort_heads(self.list.columns)
        yield
        self.problems = ProblemsPane(
            ProblemWants(self._current, self.run, self._read_bytes, self._read_again)
        )
        self.lists = OneOf()
        self.panes.put(LIST, headed(self.head, self.lists))
        for widget in (self.list, self.problems, self.head.empty):
            self.lists.addWidget(widget)
        yield
        yield from self._build_viewer()
        self.coding = CodingPane(self._decisions)
        self.panes.put(CODING, self.coding)
        self.panes.even_out()
        PaneDragging(shell.window, self.panes)
        shell.bus.changed.connect(self._changed)

    def _build_viewer(self) -> Iterator[None]:
        shell, similar = self.shell, self._similar
        self.compare = CompareView(
            similar,
            self.open_item,
            lambda word: triage.judge(shell.window, word),
            lambda: shell.window.trigger("similar.why"),
        )
        yield
        self.viewer = Viewer(
            Wants(
                self.open_item,
                lambda page: shell.window.sources.draw_page(shell, self.viewer.pages, page),
                self._read_raw,
                lambda: similar(0),
                self._marked,
                lambda: edit_highlights(shell.window),
                lambda note: annotating.edit(shell.window, note),
                lambda note: annotating.go_to(shell.window, note),
                box_edits(shell),
                around_of(shell),
                lambda n: shell.window.sources.read_words(shell, self.viewer.pages, n, read=True),
            ),
            self.compare,
        )
        passage_menu.attach(shell.window, self.viewer)
        self.panes.put(VIEWER, self.viewer)
        yield

    # -- life -------------------------------------------------------------------------------------

    def start(self, ahead: Ahead) -> None:
        """Show what was read of the case ahead, and begin to listen to it."""
        self._ahead = ahead
        ahead.hand_over(self._begin)
        self._poll.start()

    def _begin(self, head: int, found: Outcome | CaseKitError) -> None:
        known = self.head_known
        self.head_known = max(known, head)  # what comes after is news, however soon it comes
        if isinstance(found, CaseKitError):
            self._refused(found)
        else:
            self._listed((0, known or head), True, None, found)
        self.read_contents()
        self._look.start()

    def stop(self) -> None:
        """End the timers, and other windows of this case."""
        self.shell.leave()
        if self._ahead is not None:
            self._ahead.give_up()
        keying.set_keys(self.shell.window, (), self._keys)
        self._look.stop()
        self._poll.stop()

    def read_contents(self) -> None:
        """Read sidebar and tags again."""
        self.shell.read("contents", read_contents, self._show_contents)

    def _show_contents(self, contents: Contents) -> None:
        if self.contents is None:
            load_more(self.shell.jobs, self._make_pages)
        self.contents = contents
        self.sidebar.show_contents(contents)
        self.list.set_tags({t.name: t.colour for t in contents.tags})
        self.coding.show_tags(contents.tags, contents.coding)
        keying.set_keys(self.shell.window, contents.coding.presets, self._keys)
        self.shell.window.show_matter(contents.matter)
        if self.outcome is not None:
            self._head_text(self.outcome)

    def _make_pages(self) -> None:
        pages = self.shell.window.pages
        if pages is not None and self.shell.window.workspace is self:
            pages.make_ahead()

    # -- listing ----------------------------------------------------------------------------------

    def show_scope(self, scope: Scope) -> None:
        """List another part of the case, with the search that is in the field."""
        self.scope, self._typing = scope, False
        self.sidebar.mark(scope.key)
        self.run(first=True)

    def show_query(self, label: str, query: str) -> None:
        """Raise this page and list what a query finds, under a name; the search field is emptied."""
        self._show_named(Scope(query, label, query))

    def show_items(self, label: str, ids: Sequence[int]) -> None:
        """Raise this page and list these items in this order, under a name."""
        self._show_named(Scope(f"ids:{label}", label, kind="ids", ids=tuple(ids)))

    def _show_named(self, scope: Scope) -> None:
        self.shell.window.show_page(REVIEW)
        self.shell.window.search.put("", "words")
        self.wanted = Wanted(order=self.wanted.order)
        self.show_scope(scope)

    def run_saved(self, search: SearchRow) -> None:
        """Run a saved search over the whole case."""
        self.scope = EVERYTHING
        self.sidebar.mark(EVERYTHING.key)
        self.shell.window.search.put(search.query, search.mode)
        self.run_search(search.query, search.mode)

    def run_search(self, text: str, mode: str, *, typing: bool = False) -> None:
        """Search in what is listed; while the user is typing, what cannot be read yet is passed over."""
        self._typing = typing
        self.wanted = Wanted(text=text, mode=mode, order=self.wanted.order)
        if self.scope.kind not in ("items", "ids", "review") and text:
            self.scope = EVERYTHING
            self.sidebar.mark(EVERYTHING.key)
        self.run(first=True)

    def change_search(self, text: str) -> None:
        """Put another search into the field and run it."""
        self.shell.window.search.put(text, self.wanted.mode)
        self.run_search(text, self.wanted.mode)

    def _drop_part(self, number: int) -> None:
        self.change_search(narrowing.without_part(self.wanted.text, number, self.wanted.mode))

    def run(self, *, first: bool = False, then: Callable[[], None] | None = None) -> None:
        """List what is wanted; `first` goes to the first row, else the place is kept."""
        self.wanted = Wanted(
            self.scope.query,
            self.wanted.text,
            self.wanted.mode,
            self.wanted.order,
            self.scope.kind,
            self.scope.ids,
        )
        self._asked += 1
        wanted, case = self.wanted, self.shell.case
        if wanted.kind == "problems":
            self._list_problems()
            return
        self.shell.jobs.start(
            "list",
            lambda _p: searching.run(case, wanted, first=first),
            partial(self._listed, (self._asked, self.head_known), first, then),
            self._refused,
            lane="quick" if first else "read",
        )

    def _listed(
        self, asked: tuple[int, int], first: bool, then: Callable[[], None] | None, outcome: Outcome
    ) -> None:
        """Show what a reading found that began at that state; if those are the first only, read the rest."""
        number, known = asked
        if number != self._asked:
            return
        if known != self.head_known:  # an act came in between: its rows are read anew
            outcome = replace(outcome, rows=())
        self._show(outcome, first=first)
        rest = partial(self._list_whole, number, then)
        if not outcome.whole and self._typing:
            QTimer.singleShot(PAUSE_MS, self, rest)  # the next letter may ask for something else
        elif not outcome.whole:
            rest()
        elif then is not None:
            then()

    def _list_whole(self, number: int, then: Callable[[], None] | None) -> None:
        if number == self._asked:
            wanted, case = self.wanted, self.shell.case
            arrived = partial(self._listed, (number, self.head_known), False, then)
            self.shell.jobs.start(
                "list", lambda _p: searching.run(case, wanted), arrived, self._refused
            )

    def refresh(self) -> None:
        """Read list, rows and sidebar again; the place is kept."""
        self.model.refresh()
        self.run()
        self.read_contents()
        self._read_current()
        self.shell.bus.refreshed.emit()

    def redress(self) -> None:
        """Take colours anew after a change of theme."""
        self.list.delegate.redress()
        if self.shell.selection.view is not None:
            self.viewer.open_tab(self.viewer.tab)

    def _show(self, outcome: Outcome, *, first: bool) -> None:
        self.outcome = outcome
        self.head.set_orders(ranked=outcome.ranked, kind=outcome.wanted.kind)
        self._head_text(outcome)
        self.list.show_ids(outcome.ids, first=first, rows=outcome.rows)
        self.lists.setCurrentIndex(0 if len(outcome.ids) else 2)
        if outcome.whole:
            self.facets.show_list(outcome)
            if not self._typing:
                search_history.keep(self, outcome)
        if self.shell.selection.view is not None:
            self._mark_hits(self.shell.selection.view)

    def _head_text(self, outcome: Outcome) -> None:
        empty_case = self.contents is not None and self.contents.total == 0
        self.head.show_outcome(outcome, self.scope, empty_case=empty_case)

    def _list_problems(self) -> None:
        asked, wanted = self._asked, self.problems.wanted

        def arrived(listed: Listed) -> None:
            if asked == self._asked:
                self.problems.show_listed(listed)
                self.head.show_problems(listed.total)
                everything = not (wanted.stage or wanted.kind or wanted.path)
                self.lists.setCurrentIndex(2 if everything and not listed.stages else 1)

        self.shell.read("problems", lambda s: read_problems(s, wanted), arrived)

    def _read_bytes(self, row: ProblemRow) -> None:
        self.shell.window.sources.read_problem(self.shell, self.problems, row)

    def _read_again(self) -> None:
        self.shell.window.long.read_again(self.shell.window)

    def _refused(self, error: CaseKitError) -> None:
        if isinstance(error, QueryError):
            if not self._typing:  # half a query is no fault
                self.head.show_query_error(error)
        else:
            self.shell.window.refuse(error)

    def _order(self, order: str) -> None:
        self.wanted = Wanted(self.scope.query, self.wanted.text, self.wanted.mode, order)
        self.run(first=True)

    def _fetch(self, ids: list[int], done: Callable[[Sequence[ItemRow]], None]) -> None:
        of = self.scope
        self.shell.read("rows", lambda s: searching.rows_of(s, of, ids), done, lane="quick")

    # -- showing ----------------------------------------------------------------------------------

    def open_item(self, item_id: int) -> None:
        """Go to an item in the list; one that is not listed is shown alone in the viewer."""
        if self.lists.currentIndex() == 1 or not self.list.go_to_id(item_id):
            self._current(item_id)

    def open_passage(self, item_id: int, place: tuple[str, int, int]) -> None:
        """Go to an item, and in it to a passage: part, first character and the one after the last."""
        view = self.shell.selection.view
        if view is not None and view.row.id == item_id and not self._reading:
            self.viewer.go_to(place)
            return
        self.open_item(item_id)
        self._wanted_place = (item_id, place)

    def _current(self, item_id: int | None) -> None:
        self.shell.selection.current = item_id
        self._read_current()

    def _chosen(self, ids: Any) -> None:
        self.shell.selection.chosen = ids
        self.head.show_chosen(len(ids))
        view = self.shell.selection.view
        self.coding.show_item(view, chosen=len(ids))

    def _read_current(self) -> None:
        """Read the current item; while one is being read, only the last one asked for comes next."""
        item_id = self.shell.selection.current
        if item_id is None:
            self.shell.selection.view = None
            self.viewer.show_item(None, {})
            self.coding.show_item(None)
            return
        if self._reading:
            return
        self._reading = True
        case, wanted, outcome = self.shell.case, self.wanted, self.outcome
        given = outcome.spans.get(item_id) if outcome is not None else None

        def arrived(found: Shown) -> None:
            self._reading = False
            if self.shell.selection.current != item_id:
                self._read_current()
                return
            view = self.shell.selection.view = found.view
            chosen = self.shell.selection.chosen
            self.viewer.show_item(view, found.spans, marks=found.marks)
            wanted_place, self._wanted_place = self._wanted_place, None
            if wanted_place is not None and wanted_place[0] == item_id:
                self.viewer.go_to(wanted_place[1])
            number = 1 if chosen is None else len(chosen)
            self.coding.show_item(view, chosen=number, entries=found.entries, coded=found.coded)

        def failed(error: CaseKitError) -> None:
            self._reading = False
            self.shell.selection.view = None
            self.viewer.show_item(None, {}, translated(error))
            self.coding.show_item(None)
            self.shell.window.refuse(error)

        def work(_progress: object) -> Shown:
            return read_item(case, item_id, wanted, given)

        self.shell.jobs.start("item", work, arrived, failed, lane="quick")

    def _mark_hits(self, view: ItemView) -> None:
        case, wanted, outcome = self.shell.case, self.wanted, self.outcome
        given = outcome.spans.get(view.row.id) if outcome is not None else None

        def arrived(spans: Any) -> None:
            if self.shell.selection.view is view:
                self.viewer.show_spans(spans)

        self.shell.jobs.start(
            "spans",
            lambda _p: given if given is not None else searching.spans_of(case, view, wanted),
            arrived,
        )

    def _read_marks(self) -> None:
        """Mark the text that is shown anew after sets of highlights have changed."""
        view = self.shell.selection.view
        if view is None:
            return

        def arrived(marks: Marks) -> None:
            if self.shell.selection.view is view:
                self.viewer.show_marks(marks)

        self.shell.read("marks", lambda s: read_marks(s, view), arrived)

    def _read_raw(self) -> None:
        self.shell.window.sources.read_raw(self.shell, self.viewer.raw)

    def _marked(self, place: tuple[str, int, int] | None) -> None:
        self.shell.selection.cite = place

    def _row_menu(self, place: QPoint) -> None:
        menu = self.shell.window.menu_of(actions.ROW_MENU, self.list)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.viewport().mapToGlobal(place))

    # -- hearing ----------------------------------------------------------------------------------

    def _changed(self, changes: Changes) -> None:
        self.head_known = max(self.head_known, changes.act)
        if changes.kinds & {"items", "exhibits", "privilege", "tags", "notes", "coding"}:
            self.model.refresh(changes.ids or None)
            current = self.shell.selection.current
            if not changes.ids or current in changes.ids:
                self._read_current()
        elif "highlights" in changes.kinds:
            self._read_marks()
        elif "clusters" in changes.kinds and self.outcome is not None:
            self.facets.show_list(self.outcome)  # a name is one more filter
        self.read_contents()
        if self.scope.kind == "exhibits" and "exhibits" in changes.kinds:
            self.run()
        elif "times" in changes.kinds and not changes.ids:
            self.run()  # order and ranges of dates follow what was decided

    def _look_at_head(self) -> None:
        if self._looking:
            return
        self._looking = True
        case = self.shell.case

        def arrived(head: int) -> None:
            self._looking = False
            known, self.head_known = self.head_known, max(head, self.head_known)
            if known and head > known:
                self.refresh()

        def failed(_error: CaseKitError) -> None:
            self._looking = False

        self.shell.jobs.start("look", lambda _p: case.head(), arrived, failed)
