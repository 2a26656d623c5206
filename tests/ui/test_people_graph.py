from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ops import people
from casekit.queries.people_links import Link, Network, Node
from casekit.ui.people import PeoplePage
from casekit.ui.people_graph import GraphView
from casekit.ui.window import Window

Rest = Callable[..., None]
NETWORK = Network(
    (
        Node("account", "a", "acct <b>a</b>", 0), Node("key", "k", "k", 1), Node("ip", "i", "i", 1),
        Node("account", "b", "b", 2),
    ),
    (Link(0, 1, 9, False), Link(1, 3, 4, False), Link(0, 2, 2, True)), 0,
)  # fmt: skip


def test_nodes_stand_on_rings_and_are_chosen_by_mouse_and_keys(
    dressed: QApplication, qtbot: QtBot
) -> None:
    told: list[tuple[str, int]] = []
    view = GraphView(
        *(lambda n, what=what: told.append((what, n)) for what in ("chosen", "opened", "moved"))
    )
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show_network(NETWORK)
    view.show()
    places = view.places()
    middle = QPointF(250, 200)
    assert places[0] == middle
    far = [(place - middle).manhattanLength() for place in places]
    assert 0 < far[1] < far[3]
    assert len({(p.x(), p.y()) for p in places}) == 4
    assert view.places() == places
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=places[2].toPoint())
    assert told[-1] == ("chosen", 2)
    assert view.accessibleDescription() == "IP address: i"
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert told[-3:] == [("chosen", 3), ("opened", 3), ("moved", 3)]
    assert not view.grab().isNull()
    view.show_network(None)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert told[-1] == ("moved", 3)


def test_a_person_leads_to_all_that_it_appears_as(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    assert window.pages is not None
    window.trigger("page.people")
    rest()
    page = window.pages.page("people")
    assert isinstance(page, PeoplePage)
    page.kind.setCurrentIndex(page.kind.findData("account"))
    rest()
    assert page.who is not None
    one, two = (row for row in page.who.appearances[:2])
    pair = [(one.kind, one.value), (two.kind, two.value)]
    window.shell.do("unite", lambda s: people.unite(s, pair, "Ann"))
    rest()
    assert page.columns is not None
    page.links.show_around(page.columns, ("person", "1"))
    rest()
    assert page.links.graph.network is not None
    assert page.links.graph.network.nodes[0].name == "Ann"
    page.links._open(0)
    rest()
    assert window.workspace is not None
    assert len(window.workspace.model.ids) == one.items + two.items
    network = page.links.graph.network
    assert page.links.table.rowCount() == len(network.links)
    assert [link.is_decided for link in network.links[:2]] == [True, True]
    assert "proves nothing" in page.links.said.text()
    page.links._open_link(1)
    rest()
    assert len(window.workspace.model.ids) == network.links[1].items
    window.show_page("people")
    page.table.selectRow(0)
    page.linked.click()
    rest()
    assert page.links.graph.network.nodes[0].value == one.value
