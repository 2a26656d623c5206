"""Where the panes of a case stand: where I am, what is listed, what I look at, what I decide."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

ROW_SIZES = [240, 908, 292]
CENTRE_SIZES = [360, 480]


class Panes(QWidget):
    """The four panes, divided by lines that can be drawn.

    Attributes:
        row: Sidebar, centre and coding pane.
        centre: List and viewer.
    """

    def __init__(self, sidebar: QWidget, listed: QWidget, viewer: QWidget, coding: QWidget) -> None:
        super().__init__()
        self.centre = QSplitter(Qt.Orientation.Vertical)
        self.centre.addWidget(listed)
        self.centre.addWidget(viewer)
        self.centre.setStretchFactor(0, 2)
        self.centre.setStretchFactor(1, 3)
        self.row = QSplitter(Qt.Orientation.Horizontal)
        for pane in (sidebar, self.centre, coding):
            self.row.addWidget(pane)
        for splitter in (self.centre, self.row):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self.row.setStretchFactor(1, 1)
        self.row.setSizes(ROW_SIZES)
        sidebar.setMinimumWidth(180)
        coding.setMinimumWidth(240)
        self.centre.setSizes(CENTRE_SIZES)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.row)
