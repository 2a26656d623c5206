from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from casekit.progress import Silent
from casekit.queries import clusters, reviews
from casekit.search import near, topics, vectors
from casekit.search.engine import HashEmbedder
from casekit.ui.clusters_page import ClustersPage
from casekit.ui.pages import REVIEW
from casekit.ui.window import Window

Rest = Callable[..., None]


def page_of(window: Window, rest: Rest) -> ClustersPage:
    assert window.pages is not None
    window.trigger("page.clusters")
    rest()
    page = window.pages.page("clusters")
    assert isinstance(page, ClustersPage)
    return page


def grouped(window: Window, rest: Rest) -> ClustersPage:
    """The page over the sample case with near-duplicates at 50 percent and topics."""
    assert window.shell is not None
    case = window.shell.case
    near.group(case, threshold=50)
    vectors.index_pending(case, HashEmbedder(64), Silent())
    topics.group(case, number=3)
    return page_of(window, rest)


def test_an_empty_page_teaches_and_finds(window: Window, rest: Rest) -> None:
    page = page_of(window, rest)
    for kind, words in (
        ("near", "Near-duplicates have not been looked for yet"),
        ("topic", "an aid of reading and no finding"), ("named", "Nothing is named yet"),
    ):  # fmt: skip
        page.show_kind(kind)
        rest()
        assert page.empty.isVisible()
        assert words in page.empty.text()
        assert not page.panes.isVisible()
    page.show_kind("near")
    page.percent.setCurrentIndex(page.percent.count() - 1)
    page.finders["near"].click()
    rest()
    assert "from 50 % on" in page.said.text()
    page.finders["topic"].click()  # nothing is indexed by meaning here: it is refused in words
    rest()
    assert page.kind == "topic"
    assert page.empty.isVisible()


def test_groups_are_listed_named_and_made_into_queues_in_two_keys(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = grouped(window, rest)
    shell, workspace = window.shell, window.workspace
    assert shell is not None
    assert workspace is not None
    page.show_kind("topic")
    rest()
    found = page.chosen()
    assert found is not None
    assert page.inside.rowCount() == min(found.items, 100)
    monkeypatch.setattr(window.ask, "text", lambda *_: "Mine")
    window.trigger("clusters.name")
    rest()
    assert page.tables["topic"].item(0, 2).text() == f"Mine ({found.items} / {found.items})"  # type: ignore[union-attr]
    monkeypatch.setattr(window.ask, "form", lambda form: (form.name.text(), 50, None, None))
    QTest.keyClick(page.tables["topic"], Qt.Key.Key_U)
    rest()
    with shell.case.read() as s:
        (made,) = reviews.sets(s)
    assert (made.name, made.total) == (found.label, found.items)
    page.show_kind("named")
    rest()
    monkeypatch.setattr(window.ask, "text", lambda *_: "Yours")
    window.trigger("clusters.name")
    rest()
    assert page.tables["named"].item(0, 0).text() == "Yours"  # type: ignore[union-attr]
    window.trigger("clusters.list")
    rest()
    window.trigger("view.filters")
    rest()
    assert "cluster:Yours" in workspace.facets.rows
    assert window.pages is not None
    assert window.pages.current == REVIEW
    assert workspace.outcome is not None
    assert workspace.outcome.total == found.items
    page_of(window, rest)
    window.trigger("clusters.forget")
    rest()
    assert page.tables["named"].rowCount() == 0
    window.trigger("edit.undo")
    rest()
    assert page.tables["named"].rowCount() == 1


def test_near_duplicates_show_what_differs_and_open(window: Window, rest: Rest) -> None:
    page = grouped(window, rest)
    shell, workspace = window.shell, window.workspace
    assert shell is not None
    assert workspace is not None
    with shell.case.read() as s:
        groups = clusters.near_groups(s, 9)
    assert page.tables["near"].rowCount() == len(groups) > 0
    assert page.inside.rowCount() == groups[0].items
    assert page.inside.item(0, 0).text() == "principal"  # type: ignore[union-attr]
    page.inside.selectRow(1)
    page.open_member()
    rest()
    assert shell.selection.current == page.members[1]
    window.trigger("item.near")
    rest()
    assert workspace.outcome is not None
    assert workspace.outcome.total == groups[0].items


def test_what_needs_a_group_says_so_elsewhere(window: Window, rest: Rest) -> None:
    for action in (
        "clusters.list",
        "clusters.name",
        "clusters.set",
        "clusters.code",
        "clusters.forget",
    ):
        window.trigger(action)
        rest()
        assert "Clusters" in window.notice.text
    window.trigger("item.near")
    rest()
    assert "not looked for yet" in window.notice.text


def test_only_a_name_can_be_taken_away(window: Window, rest: Rest) -> None:
    grouped(window, rest)
    window.trigger("clusters.forget")
    rest()
    assert "Only a name can be taken away" in window.notice.text
