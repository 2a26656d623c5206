"""Long work at the sidebar's foot: what, how fast, how long still, and a way to stop it safely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from casekit.i18n import tr
from casekit.sentences import translated
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.chrome import tool
from casekit.ui.jobs import Job
from casekit.ui.writing import shown

BYTES = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


class Strip(QWidget):
    """Shows the first long job; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._job: Job[Any] | None = None
        self._head = Label()
        self._head.setFont(fonts.sans(12, fonts.SEMIBOLD))
        self._text = Label()
        self._text.setProperty("quiet", True)
        self._text.setFont(fonts.sans(12))
        self._text.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress"))
        self._stop = tool("close", tr("Stop; everything finished so far is kept"), self._cancel)
        head = QHBoxLayout()
        head.addWidget(self._head, 1)
        head.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 6, 10, 12)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._text)
        column.addWidget(self._bar)
        self.hide()

    def show_jobs(self, jobs: Sequence[Job[Any]]) -> None:
        """Show where the first of the jobs stands; called by a timer."""
        job = jobs[0] if jobs else None
        self._job = job
        if job is None:
            if self.isVisible():
                self.hide()
            return
        waiting = len(jobs) - 1
        self._head.setText(job.label + (tr("  (+{n} waiting)", n=waiting) if waiting else ""))
        self._text.setText(tr("Stopping …") if job.cancelled else sentence(job))
        self._stop.setEnabled(not job.cancelled)
        if job.total:
            self._bar.setRange(0, 1000)
            self._bar.setValue(min(1000, int(1000 * job.done / job.total)))
        else:
            self._bar.setRange(0, 1000)
            self._bar.setValue(0)
        self.show()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()


def sentence(job: Job[Any]) -> str:
    """Where a job stands: text, amount, rate and time left, each where it is known."""
    parts = [shown(translated(job.text))[:90]] if job.text else [tr("Starting …")]
    in_bytes = job.label == tr("Importing")
    if job.total:
        parts.append(f"{amount(job.done, in_bytes)} / {amount(job.total, in_bytes)}")
    rate = job.rate()
    if rate >= 1:
        parts.append(f"{amount(int(rate), in_bytes)}/s")
    left = job.seconds_left()
    if left is not None and left >= 1:
        parts.append(tr("{time} left", time=duration(left)))
    return " · ".join(parts)


def amount(number: int, in_bytes: bool) -> str:
    """A count with separators, or bytes with a unit."""
    if in_bytes:
        for unit, size in BYTES:
            if number >= size:
                return f"{number / size:,.1f} {unit}"
        return f"{number} B"
    return f"{number:,}"


def duration(seconds: float) -> str:
    """A time to go, in the two largest units."""
    if seconds < 60:
        return tr("{n} s", n=int(seconds))
    if seconds < 3600:
        return tr("{n} min", n=int(seconds // 60))
    return tr("{h} h {m} min", h=int(seconds // 3600), m=int(seconds % 3600 // 60))
