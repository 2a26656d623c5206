"""Plots of a usage finding: accounts by time, a row each, and how many of them took up a new model when."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from casekit.clock import from_us
from casekit.i18n import tr, tr_count
from casekit.ui import fonts, theme

NAMES, RIGHT, TOP, FOOT = 132, 8, 4, 22
TALLEST, LOWEST, GAP = 9, 3, 16
HIGH = 150  # pixels of the curves
LABELS = 150
HOUR_US = 3_600_000_000
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of a raster that belong together.

    Attributes:
        name: Written at the left.
        accounts: Of each row the account, None where it has no name here.
        counts: Of each row the requests by stretch of time.
        beside: Whether these are controls.
    """

    name: str
    accounts: tuple[str | None, ...]
    counts: tuple[tuple[int, ...], ...]
    beside: bool = False


class Raster(QWidget):
    """Accounts by time: a row an account, darker where it asked more; Return lists its requests.

    Args:
        bands: What is drawn, from top to bottom.
        first_us: Where the axis begins (microseconds UTC); `step_us` is the width of a stretch.
        on_account: Told an account that is chosen by its row.
    """

    def __init__(
        self, bands: Sequence[Band], first_us: int, step_us: int, on_account: Callable[[str], None]
    ) -> None:
        super().__init__()
        self.bands, self._first, self._step = tuple(bands), first_us, step_us
        self._on_account = on_account
        self.rows = [(band, k) for band in self.bands for k in range(len(band.counts))]
        self.at = -1
        self._bins = max((len(c) for band in self.bands for c in band.counts), default=1)
        self._most = max((v for b in self.bands for c in b.counts for v in c), default=1) or 1
        self._high = max(LOWEST, min(TALLEST, 420 // max(len(self.rows), 1)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(
            tr("Accounts by time, a row each; Return lists an account’s requests")
        )
        self.setAccessibleDescription("; ".join(_spoken(band) for band in self.bands))

    def sizeHint(self) -> QSize:
        """A row for each account, air between bands, and the axis."""
        inside = self._high * len(self.rows) + GAP * max(len(self.bands) - 1, 0)
        return QSize(560, TOP + inside + FOOT)

    def top(self, row: int) -> float:
        """Where a row begins, in pixels from above."""
        band = self.bands.index(self.rows[row][0])
        return TOP + row * self._high + band * GAP

    def row_at(self, y: float) -> int:
        """The row at a height, -1 between bands."""
        for row in range(len(self.rows)):
            if self.top(row) <= y < self.top(row) + self._high:
                return row
        return -1

    def event(self, event: object) -> bool:
        """Name the account and the time under the pointer."""
        if isinstance(event, QHelpEvent):
            said = self.said(self.row_at(event.pos().y()), event.pos().x())
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def said(self, row: int, x: float) -> str:
        """What stands at a place of a row, in words; empty for none."""
        bin_ = math.floor((x - NAMES) / max(self._wide(), 1e-9))
        if row < 0 or not 0 <= bin_ < self._bins:
            return ""
        band, k = self.rows[row]
        account = band.accounts[k] or band.name
        when = from_us(self._first + bin_ * self._step).strftime("%Y-%m-%d %H:%M UTC")
        return f"{account}   {when}   {tr_count('1 request', '{n} requests', band.counts[k][bin_])}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the pointer."""
        row = self.row_at(event.position().y())
        if row >= 0:
            self.at = row
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """List the requests of the account under the pointer."""
        self.at = self.row_at(event.position().y())
        self._list()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from row to row; Return lists the account's requests."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps and self.rows:
            self.at = max(0, min(len(self.rows) - 1, self.at + steps[Qt.Key(event.key())]))
            band, k = self.rows[self.at]
            self.setToolTip(band.accounts[k] or band.name)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._list()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows, what they are, and the axis."""
        t = theme.current()
        painter = QPainter(self)
        painter.setFont(fonts.sans(11))
        for n, band in enumerate(self.bands):
            first = next((r for r, one in enumerate(self.rows) if one[0] is band), None)
            if first is None:
                continue
            tall = max(self._high * len(band.counts), GAP)
            painter.setPen(QColor(t.ink2))
            where = QRectF(0, TOP + first * self._high + n * GAP, NAMES - 10, tall)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
            painter.drawText(where, flags | Qt.TextFlag.TextWordWrap, band.name)
        wide = self._wide()
        for row, (band, k) in enumerate(self.rows):
            top = self.top(row)
            colour = QColor(t.ink2 if band.beside else t.accent)
            for bin_, count in enumerate(band.counts[k]):
                if count:
                    colour.setAlphaF(0.25 + 0.75 * math.log1p(count) / math.log1p(self._most))
                    painter.fillRect(
                        QRectF(NAMES + bin_ * wide, top, max(wide - 0.5, 0.8), self._high - 1),
                        colour,
                    )
            if row == self.at:
                painter.setPen(QPen(QColor(t.ink), t.border))
                painter.drawRect(QRectF(NAMES - 2, top - 1, wide * self._bins + 3, self._high))
        self._axis(painter, wide)
        if self.hasFocus():
            painter.setPen(QPen(QColor(t.accent), t.border))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _axis(self, painter: QPainter, wide: float) -> None:
        t = theme.current()
        bottom = self.height() - FOOT + 2
        painter.setPen(QPen(QColor(t.line), t.border))
        painter.drawLine(QPointF(NAMES, bottom), QPointF(NAMES + wide * self._bins, bottom))
        painter.setPen(QColor(t.ink2))
        every = max(1, math.ceil(92 / max(wide, 1e-9)))
        written = "%m-%d" if self._step >= 24 * HOUR_US else "%m-%d %H:%M"
        for bin_ in range(0, self._bins, every):
            x = NAMES + bin_ * wide
            painter.drawLine(QPointF(x, bottom), QPointF(x, bottom + 3))
            when = from_us(self._first + bin_ * self._step).strftime(written)
            if x + 80 <= self.width():
                painter.drawText(QPointF(x + 2, bottom + 15), when)

    def _wide(self) -> float:
        return (self.width() - NAMES - RIGHT) / self._bins

    def _list(self) -> None:
        if 0 <= self.at < len(self.rows):
            band, k = self.rows[self.at]
            account = band.accounts[k]
            if account:
                self._on_account(account)


@dataclass(frozen=True, slots=True)
class Curve:
    """How many of some accounts had asked a new model by each step after its release."""

    name: str
    accounts: int
    moved: tuple[int, ...]
    beside: bool = False


class Adoption(QWidget):
    """The share of accounts that had asked a new model, by time since its release; each line bears its name."""

    def __init__(self, model: str, curves: Sequence[Curve], step_us: int) -> None:
        super().__init__()
        self.curves, self._step = tuple(c for c in curves if c.accounts), step_us
        self._steps = max((len(c.moved) for c in self.curves), default=1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.axis = tr(
            "{model}: share of accounts that had asked it, by days since its release", model=model
        )
        self.setAccessibleName(self.axis)
        self.setAccessibleDescription(
            "; ".join(f"{c.name}: {c.moved[-1]} / {c.accounts}" for c in self.curves if c.moved)
        )

    def sizeHint(self) -> QSize:
        """As high as every such plot."""
        return QSize(560, TOP + 8 + HIGH + FOOT + 18)

    def point(self, curve: Curve, step: int) -> QPointF:
        """Where a curve is at a step."""
        across = self.width() - 44 - LABELS
        x = 44 + across * step / max(self._steps - 1, 1)
        return QPointF(x, TOP + 8 + HIGH * (1 - curve.moved[step] / curve.accounts))

    def event(self, event: object) -> bool:
        """Name the nearest curve with its figure."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.said(event.pos().x(), event.pos().y()), self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def said(self, x: float, y: float) -> str:
        """The nearest curve within 12 pixels at a place, in words."""
        across = max(self.width() - 44 - LABELS, 1)
        step = round((x - 44) / across * (self._steps - 1))
        if not 0 <= step < self._steps or not self.curves:
            return ""
        near = min(self.curves, key=lambda c: abs(self.point(c, step).y() - y))
        if abs(self.point(near, step).y() - y) > 12:
            return ""
        hours = step * self._step // HOUR_US
        return tr(
            "{name}: {n} of {of} accounts within {hours} hours",
            name=near.name, n=near.moved[step], of=near.accounts, hours=hours,
        )  # fmt: skip

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the axes and every curve with its name at its end."""
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.sans(11))
        right = self.width() - LABELS
        for share in (0, 0.5, 1):
            y = TOP + 8 + HIGH * (1 - share)
            painter.setPen(QPen(QColor(t.line), t.border))
            painter.drawLine(QPointF(44, y), QPointF(right, y))
            painter.setPen(QColor(t.ink2))
            painter.drawText(QRectF(0, y - 8, 38, 16), _RIGHT, f"{share:.0%}")
        bottom = TOP + 8 + HIGH
        days = max(1, (self._steps - 1) * self._step // (24 * HOUR_US))
        for day in range(days + 1):
            x = 44 + (right - 44) * day / days
            painter.drawText(
                QRectF(x - 20, bottom + 3, 40, 14), Qt.AlignmentFlag.AlignHCenter, str(day)
            )
        painter.drawText(QRectF(44, bottom + 19, self.width() - 52, 15), 0, self.axis)
        ends: list[float] = []
        for n, curve in enumerate(self.curves):
            colour = QColor(t.ink2 if curve.beside else t.accent)
            style = Qt.PenStyle.DotLine if curve.beside else DASHES[n % 3]
            painter.setPen(QPen(colour, 1.6 if curve.beside else 2.2, style))
            painter.drawPolyline([self.point(curve, k) for k in range(len(curve.moved))])
            y = self.point(curve, len(curve.moved) - 1).y()
            while any(abs(y - other) < 14 for other in ends):
                y += 14
            ends.append(y)
            painter.setPen(colour if curve.beside else QColor(t.ink))
            told = f"{curve.name} {curve.moved[-1] / curve.accounts:.0%}"
            fits = painter.fontMetrics().elidedText(told, Qt.TextElideMode.ElideRight, LABELS - 14)
            painter.drawText(QRectF(right + 6, y - 8, LABELS - 8, 16), _LEFT, fits)


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def raster(plots: Mapping[str, Any], on_account: Callable[[str], None]) -> Raster | None:
    """The raster of a finding's groups that are named, with their controls; None where there is none."""
    bands: list[Band] = []
    for group in plots.get("groups") or ():
        rows = [
            (str(name), tuple(map(int, counts)))
            for name, counts in zip(
                group.get("accounts", ()), group.get("counts", ()), strict=False
            )
            if name
        ]
        if not rows:
            continue
        rows.sort(
            key=lambda row: (next((k for k, v in enumerate(row[1]) if v), len(row[1])), row[0])
        )
        words = tr("Group {no}: {n} accounts", no=int(group["group"]), n=len(rows))
        bands.append(Band(words, tuple(name for name, _ in rows), tuple(c for _, c in rows)))
        others = tuple(tuple(map(int, counts)) for counts in group.get("beside", ()))
        if others:
            words = tr("In no group, as many requests: {n}", n=len(others))
            bands.append(Band(words, (None,) * len(others), others, True))
    if not bands or "first_us" not in plots:
        return None
    return Raster(bands, int(plots["first_us"]), int(plots["step_us"]), on_account)


def adoption(plots: Mapping[str, Any], named: Sequence[int]) -> list[Adoption]:
    """One plot for each new model, of the groups named and of accounts in none."""
    made = []
    for one in plots.get("releases") or ():
        curves = [
            Curve(
                tr("Group {no}", no=int(g["group"])),
                int(g["accounts"]),
                tuple(map(int, g["moved"])),
            )
            for g in one.get("groups", ())
            if int(g["group"]) in named
        ]
        if not any(curve.accounts for curve in curves):
            continue
        rest = one.get("ungrouped") or {"accounts": 0, "moved": ()}
        beside = tuple(map(int, rest["moved"]))
        curves.append(Curve(tr("in no group"), int(rest["accounts"]), beside, True))
        made.append(Adoption(str(one["model"]), curves, int(one["step_us"])))
    return made


def _spoken(band: Band) -> str:
    asked = sum(sum(counts) for counts in band.counts)
    return f"{band.name}: {tr_count('1 request', '{n} requests', asked)}"
