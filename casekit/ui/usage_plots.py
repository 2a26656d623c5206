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
from casekit.queries import usage_figures as figures
from casekit.queries.usage_figures import HOUR_US, SHADES
from casekit.ui import fonts, theme

NAMES, RIGHT, TOP, FOOT = 132, 8, 4, 22
TALLEST, LOWEST, GAP = 9, 3, 16
HIGH = 150  # pixels of the curves
LABELS = 150
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of a raster that belong together.

    Attributes:
        name: Written at the left.
        accounts: Of each row the account, None where it has no name here.
        counts: Of each row the requests by stretch of time.
        shades: Of each row the shade of each count, from 0 to `SHADES`.
        beside: Whether these are controls.
    """

    name: str
    accounts: tuple[str | None, ...]
    counts: tuple[tuple[int, ...], ...]
    shades: tuple[tuple[int, ...], ...]
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
            for bin_, shade in enumerate(band.shades[k]):
                if shade:
                    colour.setAlphaF(0.2 + 0.8 * shade / SHADES)
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


class Adoption(QWidget):
    """The share of accounts that had asked a new model, by time since its release; each line bears its name."""

    def __init__(self, found: figures.Adoption) -> None:
        super().__init__()
        self.found, self.curves = found, found.curves
        self._steps = max((len(c.moved) for c in self.curves), default=1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.axis = tr(
            "{model}: share of accounts that had asked it, by hours since the first request to it",
            model=found.model,
        )
        self.setAccessibleName(self.axis)
        self.setAccessibleDescription(
            "; ".join(f"{_name(c)}: {c.moved[-1]} / {c.accounts}" for c in self.curves)
        )

    def sizeHint(self) -> QSize:
        """As high as every such plot."""
        return QSize(560, TOP + 8 + HIGH + FOOT + 18)

    def point(self, curve: figures.Curve, step: int) -> QPointF:
        """Where a curve is at a step."""
        across = self.width() - 44 - LABELS
        x = 44 + across * step / max(self._steps - 1, 1)
        return QPointF(x, TOP + 8 + HIGH * (1 - curve.share(step)))

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
        return tr(
            "{name}: {n} of {of} accounts within {hours} hours",
            name=_name(near), n=near.moved[step], of=near.accounts, hours=f"{self.found.hours(step):g}",
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
        last = max(self.found.hours(self._steps - 1), 1.0)
        for hours in range(0, int(last) + 1, 24):
            x = 44 + (right - 44) * hours / last
            painter.drawText(
                QRectF(x - 20, bottom + 3, 40, 14), Qt.AlignmentFlag.AlignHCenter, str(hours)
            )
        if last >= figures.WINDOW_HOURS:
            x = 44 + (right - 44) * figures.WINDOW_HOURS / last
            painter.setPen(QPen(QColor(t.ink2), t.border, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, TOP + 8), QPointF(x, bottom))
            painter.setPen(QColor(t.ink2))
        painter.drawText(QRectF(44, bottom + 19, self.width() - 52, 15), 0, self.axis)
        ends: list[float] = []
        for n, curve in enumerate(self.curves):
            beside = curve.group is None
            colour = QColor(t.ink2 if beside else t.accent)
            style = Qt.PenStyle.DotLine if beside else DASHES[n % 3]
            painter.setPen(QPen(colour, 1.6 if beside else 2.2, style))
            painter.drawPolyline([self.point(curve, k) for k in range(len(curve.moved))])
            y = self.point(curve, len(curve.moved) - 1).y()
            while any(abs(y - other) < 14 for other in ends):
                y += 14
            ends.append(y)
            painter.setPen(colour if beside else QColor(t.ink))
            told = f"{_name(curve)} {curve.share(len(curve.moved) - 1):.0%}"
            fits = painter.fontMetrics().elidedText(told, Qt.TextElideMode.ElideRight, LABELS - 14)
            painter.drawText(QRectF(right + 6, y - 8, LABELS - 8, 16), _LEFT, fits)


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def rasters(body: Mapping[str, Any], on_account: Callable[[str], None]) -> list[tuple[int, Raster]]:
    """The raster of each group that is shown at length, with its controls; none where nothing tells times."""
    made = []
    for group in figures.drawn(body):
        found = figures.raster(body, int(group["group"]))
        if found is None:
            continue
        words = tr("Group {no}: {n} accounts", no=found.group, n=len(found.rows))
        bands = [_band(words, found, found.rows, beside=False)]
        if found.beside:
            words = tr("In no group, as many requests: {n}", n=len(found.beside))
            bands.append(_band(words, found, found.beside, beside=True))
        made.append((found.group, Raster(bands, found.first_us, found.step_us, on_account)))
    return made


def adoption(body: Mapping[str, Any]) -> list[Adoption]:
    """One plot for each new model, of the groups shown at length and of accounts in none."""
    return [Adoption(found) for found in figures.adoptions(body)]


def _band(name: str, found: figures.Raster, rows: Sequence[figures.Row], *, beside: bool) -> Band:
    return Band(
        name, tuple(row.account for row in rows), tuple(row.counts for row in rows),
        tuple(found.shades(row) for row in rows), beside,
    )  # fmt: skip


def _name(curve: figures.Curve) -> str:
    return tr("in no group") if curve.group is None else tr("Group {no}", no=curve.group)


def _spoken(band: Band) -> str:
    asked = sum(sum(counts) for counts in band.counts)
    return f"{band.name}: {tr_count('1 request', '{n} requests', asked)}"
