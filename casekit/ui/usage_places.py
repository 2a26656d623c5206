"""Bars of where a group's accounts ask from, with the interval of each share, beside accounts in no group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from casekit.i18n import tr
from casekit.queries import usage_figures as figures
from casekit.ui import fonts, theme

NAMES, COUNTS, TOP, FOOT = 150, 180, 24, 22
BAR, GAP = 9, 8
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
WORDS = {"other": "others", "several": "several, none most often", "unknown": "unknown"}
KINDS = {
    "hosting": "hosting", "vpn": "private network (VPN)", "mobile": "mobile", "residential": "residential",
    "education": "education", "business": "business",
}  # fmt: skip


class Places(QWidget):
    """A row a place: the group's bar above, that of accounts in no group below; what is unknown is hatched."""

    def __init__(self, found: figures.Places) -> None:
        super().__init__()
        self.found = found
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = (
            tr("Group {no}: countries that its accounts mostly ask from", no=found.group)
            if found.by == "country"
            else tr(
                "Group {no}: kinds of networks that its accounts mostly ask from", no=found.group
            )
        )
        self.setAccessibleName(said)
        self.setAccessibleDescription("; ".join(self.said(k) for k in range(len(found.rows))))

    def sizeHint(self) -> QSize:
        """Two bars a place, and the axis."""
        return QSize(560, TOP + len(self.found.rows) * (2 * BAR + GAP) + FOOT)

    def said(self, row: int) -> str:
        """What stands at a row, in words; empty for none."""
        if not 0 <= row < len(self.found.rows):
            return ""
        place = self.found.rows[row]
        return tr(
            "{place}: {n} of {of} accounts of the group, {others} of {all} in no group",
            place=name(place, self.found.by), n=place.group.accounts, of=place.group.of,
            others=place.outside.accounts, all=place.outside.of,
        )  # fmt: skip

    def event(self, event: object) -> bool:
        """Tell the counts of the row under the pointer."""
        if isinstance(event, QHelpEvent):
            row = int((event.pos().y() - TOP) // (2 * BAR + GAP))
            QToolTip.showText(event.globalPos(), self.said(row), self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw every bar with its interval and counts, and the axis."""
        t = theme.current()
        painter = QPainter(self)
        painter.setFont(fonts.sans(11))
        wide = self.width() - NAMES - COUNTS
        bottom = TOP + len(self.found.rows) * (2 * BAR + GAP)
        painter.setPen(QColor(t.ink))
        painter.drawText(QRectF(0, 2, NAMES + wide, 16), _LEFT, self.accessibleName())
        painter.setPen(QColor(t.ink2))
        both = f"{tr('Group {no}', no=self.found.group)}  ·  {tr('in no group')}"
        painter.drawText(QRectF(NAMES + wide + 10, 2, COUNTS - 10, 16), _LEFT, both)
        for share in (0.0, 0.5, 1.0):
            x = NAMES + wide * share
            painter.setPen(QPen(QColor(t.line), t.border))
            painter.drawLine(QPointF(x, TOP), QPointF(x, bottom))
            painter.setPen(QColor(t.ink2))
            words = QRectF(x - 24, bottom + 3, 48, 16)
            painter.drawText(words, Qt.AlignmentFlag.AlignHCenter, f"{share:.0%}")
        for n, place in enumerate(self.found.rows):
            top = TOP + n * (2 * BAR + GAP)
            painter.setPen(QColor(t.ink))
            words = QRectF(0, top, NAMES - 10, 2 * BAR)
            fits = painter.fontMetrics().elidedText(
                name(place, self.found.by), Qt.TextElideMode.ElideRight, NAMES - 10
            )
            painter.drawText(words, _LEFT, fits)
            for k, share_ in enumerate((place.group, place.outside)):
                self._bar(painter, share_, place.what == "unknown", bool(k), top + k * BAR, wide)
            painter.setPen(QColor(t.ink2))
            counts = "  ·  ".join(
                f"{s.accounts:,} / {s.of:,}" for s in (place.group, place.outside)
            )
            words = QRectF(NAMES + wide + 10, top, COUNTS - 10, 2 * BAR)
            painter.drawText(words, _LEFT, counts)

    def _bar(
        self, painter: QPainter, share: figures.Share, unknown: bool, beside: bool, top: float, wide: float
    ) -> None:  # fmt: skip
        t = theme.current()
        colour = QColor(t.ink2 if beside else t.accent)
        bar = QRectF(NAMES, top + 1, wide * share.share, BAR - 3)
        if unknown:
            painter.setPen(QPen(colour, t.border))
            painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))
            painter.drawRect(bar)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.fillRect(bar, colour)
        if share.low is not None and share.high is not None:
            painter.setPen(QPen(QColor(t.ink), 1.2))
            y = bar.center().y()
            low, high = NAMES + wide * share.low, NAMES + wide * share.high
            painter.drawLine(QPointF(low, y), QPointF(high, y))
            for x in (low, high):
                painter.drawLine(QPointF(x, y - 2.5), QPointF(x, y + 2.5))


def name(place: figures.Place, by: str) -> str:
    """What a bar is called."""
    if place.what != "place":
        return tr(WORDS[place.what])
    return place.name if by == "country" else tr(KINDS.get(place.name, place.name))


def places(body: Mapping[str, Any]) -> list[Places]:
    """A figure for each group that is shown at length: countries, and kinds of networks where a table tells."""
    return [Places(found) for found in figures.places(body)]
