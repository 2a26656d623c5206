"""The reports of all imports: chosen on the left, read on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from casekit import clock
from casekit.i18n import tr
from casekit.sentences import translated
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.runs import RunRow

MOST_PROBLEMS = 500


class Reports(QDialog):
    """One report at a time, as text that can be copied."""

    def __init__(self, parent: QWidget, runs: Sequence[RunRow]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Import reports"))
        self.resize(900, 560)
        self._runs = runs
        head = Label(tr("Import reports"))
        head.setFont(fonts.sans(17, fonts.SEMIBOLD))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Imports"))
        self.list.setFixedWidth(300)
        height = (
            self.list.fontMetrics().height() + 12
        )  # a list does not ask the style sheet for its padding
        for run in runs:
            entry = QListWidgetItem(_named(run))
            entry.setSizeHint(QSize(0, height))
            self.list.addItem(entry)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(fonts.mono())
        self.text.setTabStopDistance(23 * self.text.fontMetrics().horizontalAdvance("0"))
        self.text.setAccessibleName(tr("Report"))
        self.list.currentRowChanged.connect(self._show)
        copy = QPushButton(tr("Copy"))
        copy.setAutoDefault(False)  # it has the keys first, and Return is Close all the same
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        close = QPushButton(tr("Close"))
        close.setProperty("primary", True)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        panes = QHBoxLayout()
        panes.setSpacing(16)
        panes.addWidget(self.list)
        panes.addWidget(self.text, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(12)
        column.addWidget(head)
        column.addLayout(panes, 1)
        column.addLayout(buttons)
        self.list.setCurrentRow(0)

    def _show(self, number: int) -> None:
        self.text.setPlainText(report_text(self._runs[number]) if number >= 0 else "")


def _named(run: RunRow) -> str:
    when = clock.from_us(run.started_us).strftime("%Y-%m-%d %H:%M UTC")
    finished = run.state == "finished" and run.report
    told = tr("items: {n}", n=run.report["items"]) if finished else _state(run)
    return f"{run.id} · {when} · {told}"


def _state(run: RunRow) -> str:
    said = {"finished": tr("finished"), "cancelled": tr("stopped"), "failed": tr("failed")}
    return said.get(run.state, tr("cut off, or still at work"))


def report_text(run: RunRow) -> str:
    """The whole report of an import, in lines."""
    ended = tr("never: it was cut off") if run.finished_us is None else clock.iso(run.finished_us)
    lines = [
        _line(tr("Import"), f"{run.id}"),
        _line(tr("Began"), clock.iso(run.started_us)),
        _line(tr("Ended"), ended),
        _line(tr("State"), _state(run)),
        _line(tr("Imported from"), ", ".join(map(shown, run.sources))),
        _line(tr("Confinement"), run.confinement),
    ]
    if run.report:
        lines += _figures(run.report)
    return "\n".join(lines)


def _figures(report: dict[str, Any]) -> list[str]:
    total, accounted = report["bytes_total"], report["bytes_accounted"]
    understood = sum(count["understood"] for count in report["formats"].values())
    weighed = sum(count["bytes"] for count in report["formats"].values())
    problems = report["problems"]
    lines = [
        _line(tr("Files received"), f"{report['files']:,}"),
        _line(tr("Items"), f"{report['items']:,}"),
        _line(tr("Exchanges"), f"{report['exchanges']:,}"),
        _line(tr("Bytes"), f"{total:,}"),
        _line("  " + tr("accounted for"), f"{accounted:,}"),
        _line("  " + tr("understood"), f"{understood:,}"),
        _line("  " + tr("kept, not read"), f"{weighed - understood:,}"),
        _line(
            "  " + tr("read before"),
            tr("{m} in {n} files", m=accounted - weighed, n=report["duplicates"]),
        ),
        _line(tr("Time"), f"{report['seconds']:,.1f} s"),
        _line(tr("Problems"), f"{len(problems):,}"),
        "",
    ]
    for name, count in report["formats"].items():
        said = tr("files: {files}, items: {items}", files=count["files"], items=count["items"])
        lines.append(_line(name, said))
        lines.append(_line("", _share(count)))
        for word, number in count.get("missing", {}).items():
            lines.append(_line("", f"{word}: {number:,}"))
    for name, count in report["inside"].items():
        lines.append(_line(name, tr("inside these files: {files}", files=count["files"])))
        lines.append(_line("", _share(count)))
    if problems:
        lines += ["", *(_problem(each) for each in problems[:MOST_PROBLEMS])]
    if len(problems) > MOST_PROBLEMS:
        lines.append(tr("… and {n} more, all among the problems.", n=len(problems) - MOST_PROBLEMS))
    return lines


def _share(count: dict[str, Any]) -> str:
    share = f"{100 * count['understood'] / count['bytes']:.4g}" if count["bytes"] else "100"
    return tr("understood: {share} % of the bytes", share=share)


def _problem(problem: dict[str, Any]) -> str:
    line = f":{problem['line']}" if "line" in problem else ""
    return f"▲ {shown(problem['path'])}{line}: {shown(translated(problem['text']))}"


def _line(what: str, value: str) -> str:
    return f"{what}\t{value}"  # the width of a Chinese letter is that of no number of others
