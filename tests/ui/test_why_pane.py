from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from casekit.progress import Silent
from casekit.search import engine, vectors
from casekit.search.engine import HashEmbedder
from casekit.ui.compare import CompareView
from casekit.ui.window import Window

Rest = Callable[..., None]


@pytest.fixture
def compare(window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch) -> CompareView:
    """What shows the first item beside those like it, once it is asked for."""
    monkeypatch.setattr(engine, "load", lambda: HashEmbedder(64))
    assert window.shell is not None
    assert window.workspace is not None
    vectors.index_pending(window.shell.case, HashEmbedder(64), Silent())
    window.workspace.open_item(1)
    rest()
    return window.workspace.compare


def test_the_pane_says_why_follows_the_pair_and_goes_again(
    window: Window, rest: Rest, compare: CompareView
) -> None:
    window.trigger("similar.why")
    rest()
    assert "Open Similar first" in window.notice.text
    window.trigger("item.similar")
    rest()
    assert compare.pair is not None
    assert not compare.why.isVisible()
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    rest()
    assert compare.why.isVisible()
    assert "Likeness 0" in compare.why.said.text(), compare.why.said.text()
    assert "none of this is a finding" in compare.why.said.text()
    compare.why.say("before")
    compare._tools[1].click()
    rest()
    assert compare.why.isVisible()
    assert "Comparing" not in compare.why.said.text()
    assert (compare.pair.rank, compare.why.said.text()[:8]) == (2, "Likeness")
    window.trigger("similar.why")
    rest()
    assert not compare.why.isVisible()
    assert compare.on_pair is None


def test_in_a_small_viewer_it_takes_the_place_of_the_texts(
    window: Window, rest: Rest, compare: CompareView
) -> None:
    window.resize(1280, 720)
    window.trigger("item.similar")
    rest()
    assert compare.left.isVisible()
    window.trigger("similar.why")
    rest()
    why = compare.why
    assert (compare.left.isVisible(), why.isVisible()) == (False, True)
    assert why.said.geometry().bottom() <= why.height()
    assert why.said.height() >= why.said.heightForWidth(why.width())
    assert why.sentences.height() > 150
    window.resize(1600, 1300)
    rest()
    assert (compare.left.isVisible(), why.isVisible()) == (True, True)
    window.resize(1280, 720)
    window.trigger("similar.why")
    rest()
    assert (compare.left.isVisible(), why.isVisible()) == (True, False)
