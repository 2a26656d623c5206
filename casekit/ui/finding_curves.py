"""Curves of findings, drawn by hand: Tippett, ROC, reliability, how the area grows with the prompts, power."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from casekit.i18n import tr
from casekit.ui import fonts, theme
from casekit.ui.finding_plots import ticks

Point = tuple[float, float]
WIDE, HIGH = 344, 264
LEFT, RIGHT, TOP, FOOT = 44, 14, 40, 58
BINS = 5  # of a reliability diagram
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: its name, its points from left to right, and whether each is marked."""

    name: str
    points: tuple[Point, ...]
    marked: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Axes:
    """What the axes are called and from where to where they go."""

    x: str
    y: str
    x_span: tuple[float, float] = (0.0, 1.0)
    y_span: tuple[float, float] = (0.0, 1.0)


class Curves(QWidget):
    """Curves on two axes, each with a line of its own and its name below."""

    def __init__(self, title: str, axes: Axes, lines: Sequence[Line]) -> None:
        super().__init__()
        self.title, self.axes, self.lines = title, axes, tuple(lines)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        self.setAccessibleDescription("; ".join(_spoken(each) for each in self.lines))

    def sizeHint(self) -> QSize:
        """Two stand beside each other."""
        return QSize(WIDE, HIGH)

    def place(self, point: Point) -> QPointF:
        """Where a point lies."""
        (x0, x1), (y0, y1) = self.axes.x_span, self.axes.y_span
        across = (point[0] - x0) / ((x1 - x0) or 1)
        up = (point[1] - y0) / ((y1 - y0) or 1)
        wide, high = self.width() - LEFT - RIGHT, self.height() - TOP - FOOT
        return QPointF(LEFT + across * wide, TOP + (1 - up) * high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the axes, the curves, and what each is called."""
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.sans(11, fonts.SEMIBOLD))
        painter.setPen(QColor(t.ink))
        painter.drawText(QRectF(0, 0, self.width(), 18), _LEFT, self.title)
        painter.setFont(fonts.sans(10))
        self._axes(painter)
        painter.save()
        wide, high = self.width() - LEFT - RIGHT, self.height() - TOP - FOOT
        painter.setClipRect(QRectF(LEFT - 4, TOP - 4, wide + 8, high + 8))
        for number, each in enumerate(self.lines):
            self._curve(painter, number, each)
        painter.restore()
        at = float(LEFT)
        for number, each in enumerate(self.lines):
            at = self._key(painter, number, each, at)

    def _axes(self, painter: QPainter) -> None:
        t = theme.current()
        (x0, x1), (y0, y1) = self.axes.x_span, self.axes.y_span
        painter.setPen(QPen(QColor(t.line), t.border))
        painter.drawLine(self.place((x0, y0)), self.place((x1, y0)))
        painter.drawLine(self.place((x0, y0)), self.place((x0, y1)))
        painter.setPen(QColor(t.ink2))
        for value in ticks(x0, x1):
            at = self.place((value, y0))
            painter.drawText(QRectF(at.x() - 30, at.y() + 2, 60, 14), _CENTRE, f"{value:g}")
        for value in ticks(y0, y1):
            at = self.place((x0, value))
            painter.drawText(QRectF(0, at.y() - 7, LEFT - 6, 14), _RIGHT, f"{value:g}")
        below = self.height() - FOOT + 16
        painter.drawText(QRectF(LEFT, below, self.width() - LEFT, 14), _LEFT, f"{self.axes.x}")
        painter.drawText(QRectF(LEFT, TOP - 20, self.width() - LEFT, 14), _LEFT, f"↑ {self.axes.y}")

    def _curve(self, painter: QPainter, number: int, each: Line) -> None:
        painter.setPen(_pen(number, each))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        places = [self.place(point) for point in each.points]
        painter.drawPolyline(QPolygonF(places))
        for place in places if each.marked else ():
            painter.drawEllipse(place, 3, 3)

    def _key(self, painter: QPainter, number: int, each: Line, at: float) -> float:
        y = self.height() - 18
        painter.setPen(_pen(number, each))
        painter.drawLine(QPointF(at, y + 7), QPointF(at + 18, y + 7))
        painter.setPen(QColor(theme.current().ink2))
        wide = painter.fontMetrics().horizontalAdvance(each.name)
        painter.drawText(QRectF(at + 23, y, wide + 4, 14), _LEFT, each.name)
        return at + 23 + wide + 14


def of_validation(body: Mapping[str, Any]) -> list[Curves]:
    """The curves of a validation; none where it was refused."""
    yes = sorted(float(row["log10_lr"]) for row in body.get("students", ()))
    no = sorted(float(row["log10_lr"]) for row in body.get("controls", ()))
    if not yes or not no:
        return []
    result = body.get("result", {})
    low, high = min(yes[0], no[0]), max(yes[-1], no[-1])
    margin = 0.08 * (high - low or 1.0)
    share = tr("share above")
    tippett = Curves(
        tr("Tippett: how often a ratio is reached"),
        Axes(tr("log10 likelihood ratio"), share, (low - margin, high + margin)),
        (
            Line(tr("students"), steps(yes, low - margin, high + margin)),
            Line(tr("strangers"), steps(no, low - margin, high + margin)),
        ),
    )
    ends = Line(tr("says nothing"), ((0.0, 0.0), (1.0, 1.0)), quiet=True)
    roc = Curves(
        tr("ROC, area {auc}", auc=f"{float(result.get('auc', math.nan)):.3f}"),
        Axes(tr("strangers above the cut"), tr("students above it")),
        (Line(tr("each cut"), roc_points(yes, no)), ends),
    )
    reliable = Curves(
        tr("Reliability at even odds"),
        Axes(tr("probability that the ratio gives"), tr("share that are students")),
        (Line(tr("models, in five parts"), reliability(yes, no), marked=True), ends),
    )
    found = [tippett, roc, reliable]
    curve = [(float(row["prompts"]), float(row["auc"])) for row in result.get("curve") or ()]
    if curve:
        axes = Axes(tr("prompts"), tr("area under ROC"), (0.0, curve[-1][0]), (0.5, 1.0))
        line = Line(tr("mean of draws"), tuple(curve), marked=True)
        found.append(Curves(tr("How many prompts it takes"), axes, (line,)))
    return found


def of_power(body: Mapping[str, Any]) -> list[Curves]:
    """How often an exposure test would find a control that repeats a share of the exposed answers."""
    rows = body.get("result", {}).get("power") or ()
    points = tuple((float(row["repeated"]), float(row["found"])) for row in rows)
    if len(points) < 2:
        return []
    axes = Axes(
        tr("share of the answers repeated"), tr("share of runs that find it"), (0.0, points[-1][0])
    )
    line = Line(tr("a control, in the subject’s place"), points, marked=True)
    return [Curves(tr("Power, computed before the subject"), axes, (line,))]


def steps(values: Sequence[float], low: float, high: float) -> tuple[Point, ...]:
    """The share of ascending values above each point of an axis, as steps."""
    points = [(low, 1.0)]
    for number, value in enumerate(values, 1):
        points += [(value, points[-1][1]), (value, 1 - number / len(values))]
    return (*points, (high, 0.0))


def roc_points(yes: Sequence[float], no: Sequence[float]) -> tuple[Point, ...]:
    """(share of no, share of yes) at or above each cut, from the highest down."""
    cuts = sorted({*yes, *no}, reverse=True)
    points = [
        (sum(v >= c for v in no) / len(no), sum(v >= c for v in yes) / len(yes)) for c in cuts
    ]
    return ((0.0, 0.0), *points)


def reliability(yes: Sequence[float], no: Sequence[float]) -> tuple[Point, ...]:
    """Mean probability and share of yes in parts of equal size; both sides weigh the same."""
    rows = sorted([(v, True) for v in yes] + [(v, False) for v in no])
    size = math.ceil(len(rows) / BINS)
    points = []
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        weights = [1 / len(yes) if side else 1 / len(no) for _, side in part]
        whole = sum(weights)
        chance = sum(w / (1 + 10**-v) for w, (v, _) in zip(weights, part, strict=True)) / whole
        seen = sum(w for w, (_, side) in zip(weights, part, strict=True) if side) / whole
        points.append((chance, seen))
    return tuple(points)


def _pen(number: int, each: Line) -> QPen:
    t = theme.current()
    colour = t.ink2 if each.quiet or number else t.accent
    return QPen(QColor(colour), 1 if each.quiet else 2, DASHES[number % len(DASHES)])


def _spoken(each: Line) -> str:
    return f"{each.name}: " + ", ".join(f"{x:.2f} {y:.2f}" for x, y in each.points[:12])


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
