"""What hangs together with a value: drawn around it, and the same as a table for those who hear it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from casekit.i18n import tr, tr_count
from casekit.ui import fonts, theme
from casekit.ui.basics import Label
from casekit.ui.people_words import KIND_WORDS, PERSON_WORDS
from casekit.ui.tables import COUNT_WIDTH, choosing_table, put_row
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.people_links import Link, Network, Node
    from casekit.store.arrays import Columns
    from casekit.ui.shell import Shell

    Value = tuple[str, str]

HEADS = ("One", "Other", "Items", "Because")
WIDTHS = (160, 160, COUNT_WIDTH, 110)
HOW = (
    "A link counts records that hold both, or says what a person decided (dashed); it proves nothing. Return "
    "lists the items, Space goes there."
)
MOST, STEPS = 60, 2
CORNERS = {"account": 0, "key": 4, "ip": 5, "organisation": 6, "person": 3, "end-user": 8}
"""How many corners the sign of each kind has, so that no kind is told by colour alone; 0 is a disc."""
_SIGN, _TOUCH, _LABEL = 7.0, 14.0, 132


class GraphView(QWidget):
    """The nodes on rings by their steps from the middle; arrows choose, Return opens, Space moves there."""

    def __init__(
        self, chosen: Callable[[int], None], opened: Callable[[int], None], moved: Callable[[int], None]
    ) -> None:  # fmt: skip
        super().__init__()
        self._chosen, self._opened, self._moved = chosen, opened, moved
        self.network: Network | None = None
        self.current = 0
        self.setAccessibleName(tr("Links"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Room for two rings."""
        return QSize(420, 420)

    def minimumSizeHint(self) -> QSize:
        """May become small."""
        return QSize(240, 200)

    def show_network(self, network: Network | None) -> None:
        """Draw another one, its middle chosen."""
        self.network = network
        self.choose(0)

    def choose(self, number: int) -> None:
        """Choose a node by its place."""
        if self.network is None or not 0 <= number < len(self.network.nodes):
            self.setAccessibleDescription("")
            self.update()
            return
        self.current = number
        self.setAccessibleDescription(node_words(self.network.nodes[number]))
        self._chosen(number)
        self.update()

    def places(self) -> list[QPointF]:
        """Where each node stands: the middle, then rings; those of the second near what they hang on."""
        if self.network is None:
            return []
        middle = QPointF(self.width() / 2, self.height() / 2)
        reach = QPointF(
            max(60.0, self.width() / 2 - _LABEL * 0.62), max(50.0, self.height() / 2 - 26)
        )
        steps = max((node.away for node in self.network.nodes), default=0) or 1
        angles = _angles(self.network)
        return [
            middle + QPointF(
                math.cos(angle) * reach.x() * node.away / steps, math.sin(angle) * reach.y() * node.away / steps
            )
            for node, angle in zip(self.network.nodes, angles, strict=True)
        ]  # fmt: skip

    # -- Qt ---------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw links, then signs with their names."""
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(t.surface))
        if self.network is None:
            return
        places = self.places()
        for link in reversed(self.network.links):
            pen = QPen(QColor(t.accent if self.current in (link.first, link.second) else t.line))
            pen.setWidthF(1.0 + min(4.0, math.log10(link.items + 1)))
            if link.is_decided:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawLine(places[link.first], places[link.second])
        painter.setFont(fonts.sans(11))
        metrics = QFontMetricsF(painter.font())
        for number, (node, place) in enumerate(zip(self.network.nodes, places, strict=True)):
            self._sign(painter, node, place, is_chosen=number == self.current)
            name = metrics.elidedText(shown(node.name), Qt.TextElideMode.ElideMiddle, _LABEL)
            wide = metrics.horizontalAdvance(name)
            below = QRectF(
                place.x() - wide / 2 - 3, place.y() + _SIGN + 2, wide + 6, metrics.height()
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.select if number == self.current else t.surface))
            painter.drawRoundedRect(below, 3, 3)
            painter.setPen(QColor(t.select_ink if number == self.current else t.ink))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, name)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the node under the pointer."""
        number = self._under(event.position())
        if number is not None:
            self.setFocus()
            self.choose(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go to the node under the pointer."""
        number = self._under(event.position())
        if number is not None:
            self._moved(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Return opens the items, Space puts the chosen one into the middle."""
        count = len(self.network.nodes) if self.network is not None else 0
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if count and event.key() in step:
            self.choose((self.current + step[Qt.Key(event.key())]) % count)
        elif count and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._opened(self.current)
        elif count and event.key() == Qt.Key.Key_Space:
            self._moved(self.current)
        else:
            super().keyPressEvent(event)

    # -- inside -----------------------------------------------------------------------------------

    def _under(self, point: QPointF) -> int | None:
        for number, place in enumerate(self.places()):
            if (place - point).manhattanLength() <= _TOUCH:
                return number
        return None

    def _sign(self, painter: QPainter, node: Node, place: QPointF, *, is_chosen: bool) -> None:
        t = theme.current()
        painter.setPen(QPen(QColor(t.accent), 2.0 if is_chosen or self.hasFocus() else 1.4))
        painter.setBrush(QColor(t.accent if is_chosen else t.surface))
        corners = CORNERS.get(node.kind, 0)
        if not corners:
            painter.drawEllipse(place, _SIGN, _SIGN)
            return
        turned = [2 * math.pi * n / corners - math.pi / 2 for n in range(corners)]
        painter.drawPolygon(
            QPolygonF([place + QPointF(math.cos(a), math.sin(a)) * (_SIGN + 1.5) for a in turned])
        )


class LinksPane(QWidget):
    """The drawing above, its links as a table below; `on_open` lists items by kind and value."""

    def __init__(self, shell: Shell, on_open: Callable[[str, Sequence[Value]], None]) -> None:
        super().__init__()
        self._shell, self._on_open = shell, on_open
        self._columns: Columns | None = None
        self._asked = 0
        self.said = Label(tr("Choose a value at the left, then “Links”."))
        self.said.setProperty("quiet", True)
        self.said.setWordWrap(True)
        self.said.setContentsMargins(16, 8, 12, 8)
        self.graph = GraphView(self._told, self._open, self._move)
        self.table = choosing_table(tr("Links"), 0, HEADS, WIDTHS)
        self.table.doubleClicked.connect(lambda index: self._open_link(index.row()))
        both = QSplitter(Qt.Orientation.Vertical, self)
        both.setHandleWidth(1)
        both.addWidget(self.graph)
        both.addWidget(self.table)
        both.setSizes([420, 220])
        head = QHBoxLayout()
        head.addWidget(self.said, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(both, 1)

    def show_around(self, columns: Columns, start: Value) -> None:
        """Read and draw what hangs together with a value."""
        self._columns = columns
        self._asked += 1
        asked = self._asked

        def query(s: Any) -> Network:
            from casekit.queries import people_links

            return people_links.around(s, columns, start, steps=STEPS, most=MOST)

        def arrived(network: Network) -> None:
            if asked == self._asked:
                self._show(network)

        self._shell.read("links", query, arrived)

    def _show(self, network: Network) -> None:
        self.table.setRowCount(len(network.links))
        for number, link in enumerate(network.links):
            one, other = network.nodes[link.first], network.nodes[link.second]
            put_row(self.table, number, (
                node_words(one), node_words(other), f"{link.items:,}", why_words(link),
            ))  # fmt: skip
        self.graph.show_network(network)

    def _told(self, number: int) -> None:
        network = self.graph.network
        if network is None:
            return
        said = node_words(network.nodes[number])
        said += " · " + tr_count(
            "1 link", "{n} links", sum(number in (k.first, k.second) for k in network.links)
        )
        if network.left_out:
            said += " · " + tr_count(
                "1 further value not shown", "{n} further values not shown", network.left_out
            )
        said += "\n" + tr(HOW)
        self.said.setText(said)

    def _value(self, number: int) -> Value | None:
        network = self.graph.network
        return (network.nodes[number].kind, network.nodes[number].value) if network else None

    def _move(self, number: int) -> None:
        value = self._value(number)
        if value is not None and self._columns is not None:
            self.show_around(self._columns, value)

    def _open(self, number: int) -> None:
        value, network = self._value(number), self.graph.network
        if value is None or network is None:
            return
        self._on_open(shown(network.nodes[number].name), [value])

    def _open_link(self, row: int) -> None:
        network, columns = self.graph.network, self._columns
        if network is None or columns is None or not 0 <= row < len(network.links):
            return
        link = network.links[row]
        one, other = (network.nodes[n] for n in (link.first, link.second))
        if link.is_decided:  # no record holds it: the value's own items
            self._open(link.second if one.kind == "person" else link.first)
            return
        label = f"{shown(one.name)} + {shown(other.name)}"

        def work(_progress: object) -> list[int]:
            from casekit.queries import people_links

            ids = people_links.items_of_link(
                columns, (one.kind, one.value), (other.kind, other.value)
            )
            found: list[int] = ids.tolist()
            return found

        def arrived(ids: list[int]) -> None:
            workspace = self._shell.window.workspace
            if workspace is not None:
                workspace.show_items(label, ids)

        self._shell.jobs.start("items of a link", work, arrived, lane="quick")


def node_words(node: Node) -> str:
    """What a node is, and its name."""
    words = KIND_WORDS.get(node.kind, dict(PERSON_WORDS)["person"])
    return f"{tr(words)}: {shown(node.name)}"


def why_words(link: Link) -> str:
    """On what a link rests."""
    return tr("decided") if link.is_decided else tr("in the same records")


def _angles(network: Network) -> list[float]:
    """Each node's angle; those of the second ring in the order of what they hang on most."""
    angles = [0.0] * len(network.nodes)
    holds: dict[int, int] = {}
    for link in network.links:  # the most used first
        near, far = sorted((link.first, link.second), key=lambda n: network.nodes[n].away)
        if network.nodes[near].away < network.nodes[far].away:
            holds.setdefault(far, near)
    for away in range(1, max((node.away for node in network.nodes), default=0) + 1):
        ring = [n for n, node in enumerate(network.nodes) if node.away == away]
        ring.sort(key=lambda n: (angles[holds.get(n, 0)], n))
        for place, n in enumerate(ring):
            angles[n] = 2 * math.pi * (place + 0.5 * (away - 1)) / len(ring) - math.pi / 2
    return angles
