from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from casekit import settings
from casekit.ui import arrangement, layouts, tabbing
from casekit.ui.layouts import ForgetForm, LayoutForm
from casekit.ui.panes import BELOW, CODING, LIST, PLACES, SIDEBAR, VIEWER, WIDTHS, Stand
from casekit.ui.sidebar import Scope
from casekit.ui.window import Window

Rest = Callable[..., None]
LEAST_WIDTHS = {
    SIDEBAR: 180,
    LIST: 200,
    VIEWER: 240,
    CODING: 240,
}  # pixels in which each can be used


def stand(window: Window) -> Stand:
    assert window.workspace is not None
    return window.workspace.panes.stand


def answered(window: Window, monkeypatch: pytest.MonkeyPatch, fill: Callable[[Any], None]) -> None:
    """The next dialog is filled in and agreed to."""

    def fill_in(dialog: QDialog) -> int:
        fill(dialog)
        dialog.check()  # type: ignore[attr-defined]
        return dialog.result()

    monkeypatch.setattr(layouts.Form, "exec", fill_in)


@pytest.mark.parametrize(
    ("action", "pane"),
    [("layout.list", LIST), ("layout.coding", CODING), ("layout.sidebar", SIDEBAR)],
)
def test_a_key_moves_a_pane_through_its_places_and_says_where_it_stands(
    window: Window, action: str, pane: str
) -> None:
    seen = []
    for _ in PLACES[pane]:
        window.trigger(action)
        seen.append(getattr(stand(window), pane))
        assert window.notice.text == layouts.PLACE_SAID[pane, seen[-1]]
    assert seen == [*PLACES[pane][1:], PLACES[pane][0]]


def test_named_layouts_show_every_pane_and_reset_brings_back_the_usual_one(
    window: Window, rest: Rest
) -> None:
    space = window.workspace
    assert space is not None
    window.trigger("view.coding")
    window.trigger("layout.tall")
    assert (stand(window), space.coding.isHidden()) == (Stand(coding="below"), False)
    window.trigger("layout.wide")
    assert stand(window) == Stand(list="left")
    window.trigger("layout.screens")
    rest()
    assert arrangement.viewer_window(window) is not None
    space.panes.row.setSizes([330, 700, 330])
    window.trigger("layout.reset")
    rest()
    assert arrangement.viewer_window(window) is None
    assert (stand(window), space.viewer.isVisible()) == (Stand(), True)
    assert (space.sidebar.width(), space.coding.width()) == (WIDTHS[SIDEBAR], WIDTHS[CODING])


def test_panes_come_back_where_they_stood(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    window.trigger("layout.tall")
    window.trigger("layout.sidebar")
    folder = window.shell.case.folder
    window.close_case()
    rest()
    window.open_case(folder)
    rest(lambda: window.workspace is not None)
    assert stand(window) == Stand(sidebar="right", coding="below")


def test_a_layout_of_ones_own_is_kept_put_on_again_and_forgotten(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mine(form: LayoutForm) -> None:
        form.places[LIST].setCurrentIndex(form.places[LIST].findData("right"))
        form.name.setText("Mine")

    assert window.workspace is not None
    sidebar = window.workspace.sidebar
    window.workspace.panes.row.setSizes([330, 700, 330])
    answered(window, monkeypatch, mine)
    window.trigger("layout.choose")
    assert stand(window) == Stand(list="right")
    window.trigger("layout.reset")
    assert sidebar.width() == WIDTHS[SIDEBAR]

    def again(form: LayoutForm) -> None:
        form.layouts.setCurrentIndex(form.layouts.findData("Mine"))
        assert form.places[LIST].currentData() == "right"

    answered(window, monkeypatch, again)
    window.trigger("layout.choose")
    assert (stand(window), sidebar.width()) == (Stand(list="right"), 330)
    answered(window, monkeypatch, lambda form: None)
    window.trigger("layout.forget")
    assert settings.load().arrangement["layouts"] == {}
    window.trigger("layout.forget")
    assert "no layout of your own" in window.notice.text


def test_a_name_of_casekits_own_layouts_is_refused(window: Window) -> None:
    form = LayoutForm(window, Stand(), False, {})
    for name in ("wide", " TALL ", "Two screens"):
        form.trouble.clear()
        form.name.setText(name)
        form.check()
        assert "one of CaseKit's own layouts" in form.trouble.text()
    form.layouts.setCurrentIndex(form.layouts.findData(layouts.SCREENS))
    assert form.chosen() == layouts.Chosen("", Stand(), True, "Two screens")
    for dialog in (form, ForgetForm(window, ["Mine"])):
        dialog.show()
        assert all(stop.accessibleName() or stop.property("text") for stop in tabbing.stops(dialog))
        dialog.deleteLater()


@pytest.mark.parametrize("kept", ["wide", {"Mine": 3}, {"Mine": {"stand": {"list": "under"}}}])
def test_what_makes_no_sense_in_the_settings_is_the_usual_layout(window: Window, kept: Any) -> None:
    assert window.workspace is not None
    layouts._keep({})
    told = settings.load().arrangement | {"layouts": kept, "stand": {"list": ["x"], "more": 1}}
    arrangement._put(window.workspace, told)
    assert stand(window) == Stand()


def test_the_viewer_goes_to_the_second_screen_and_comes_back_there(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = SimpleNamespace(availableGeometry=lambda: QRect(800, 0, 800, 600))
    screens = [window.screen(), second]
    monkeypatch.setattr(QGuiApplication, "screens", lambda: screens)
    assert window.shell is not None
    window.trigger("layout.screens")
    rest()
    apart = arrangement.viewer_window(window)
    assert apart is not None
    assert apart.windowState() & Qt.WindowState.WindowMaximized
    folder = window.shell.case.folder
    window.close_case()
    rest()
    window.open_case(folder)
    rest(lambda: window.workspace is not None)
    assert arrangement.viewer_window(window) is not None
    screens.pop()
    window.close_case()
    rest()
    window.open_case(folder)
    rest(lambda: window.workspace is not None)
    assert arrangement.viewer_window(window) is None


def test_tab_and_f6_go_through_the_panes_as_they_stand(window: Window, rest: Rest) -> None:
    space = window.workspace
    assert space is not None
    window.trigger("layout.coding")
    window.trigger("layout.coding")
    window.trigger("layout.sidebar")
    rest()
    panes = [space.coding, space.list, space.viewer, space.sidebar]
    stops = tabbing.stops(window)
    firsts = [next(n for n, one in enumerate(stops) if p in (one, *_above(one))) for p in panes]
    assert firsts == sorted(firsts)
    space.coding.note.setFocus()
    window.trigger("go.pane")  # from the left to what stands next to it
    focus = QApplication.focusWidget()
    assert focus is not None
    assert space.panes.centre.isAncestorOf(focus)


def test_in_the_smallest_window_no_pane_covers_another(window: Window, rest: Rest) -> None:
    space = window.workspace
    assert space is not None
    window.resize(window.minimumSize())
    for _ in PLACES[LIST]:
        window.trigger("layout.list")
        rest()
        assert window.size() == window.minimumSize()
        widths = {name: pane.width() for name, pane in space.panes._panes.items()}
        assert [name for name, width in widths.items() if width < LEAST_WIDTHS[name]] == []
        panes = (space.sidebar, space.panes.centre, space.coding)
        places = [QRect(p.mapTo(window, QPoint(0, 0)), p.size()) for p in panes]
        inner = [
            QRect(p.mapTo(window, QPoint(0, 0)), p.size()) for p in (space.lists, space.viewer)
        ]
        for some in (places, inner):
            pairs = [(a, b) for n, a in enumerate(some) for b in some[n + 1 :]]
            assert not [pair for pair in pairs if pair[0].intersects(pair[1])]
        assert max(place.right() for place in (*places, *inner)) <= window.width()


def test_in_a_laptops_window_a_coding_pane_below_has_its_height(window: Window, rest: Rest) -> None:
    space = window.workspace
    assert space is not None
    window.resize(1280, 720)
    window.trigger("layout.tall")
    rest()
    assert space.coding.height() == BELOW
    assert space.lists.height() < space.problems.minimumSizeHint().height()
    space.show_scope(Scope("problems", "Problems", kind="problems"))
    rest(lambda: space.lists.height() >= space.problems.minimumSizeHint().height())
    assert space.lists.currentWidget() is space.problems


def _above(widget: QWidget) -> Iterator[QWidget]:
    while (parent := widget.parentWidget()) is not None:
        yield parent
        widget = parent
