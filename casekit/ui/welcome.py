"""The first page: what CaseKit is for, how to begin, and the cases opened last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from casekit.i18n import tr
from casekit.sentences import translated
from casekit.ui import fonts, icons
from casekit.ui.basics import Label
from casekit.ui.jobs import Job
from casekit.ui.nav import NavRow
from casekit.ui.sidebar import head_label

STEPS = (
    ("Bring the evidence in", "Drag model outputs, API logs and mail onto the window. Each file is "
                              "copied, hashed and logged before anything reads it; yours stays as it is."),
    ("Read and decide", "J and K move, 1 to 9 tag, E marks an exhibit, P withholds. Search by words, "
                        "or by meaning, and set two answers side by side."),
    ("Hand it over", "Ctrl+E writes the dossier: exhibits, findings with their error rates, custody, "
                     "and what a stranger needs to check them."),
)  # fmt: skip


class Welcome(QWidget):
    """Two columns: how to begin, and what to go on with."""

    def __init__(
        self,
        trigger: Callable[[str], None],
        on_open: Callable[[Path], None],
        jobs: Callable[[], Sequence[Job[Any]]],
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self._on_open, self._jobs = on_open, jobs
        self._watched: Job[Any] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(200)
        self._timer.timeout.connect(self._look)
        left = QVBoxLayout()
        left.setSpacing(8)
        name = Label("CaseKit")
        name.setFont(fonts.sans(28, fonts.SEMIBOLD))
        left.addWidget(name)
        about = Label(
            tr(
                "Evidence in disputes over AI models: kept whole, searchable, and ready for court. "
                "It works alone on this computer, without a network."
            )
        )
        about.setWordWrap(True)
        about.setProperty("quiet", True)
        about.setFont(fonts.sans(14))
        left.addWidget(about)
        left.addSpacing(16)
        self.buttons: dict[str, QPushButton] = {}
        for action, text, icon in (
            ("case.new", tr("New case"), "folder-plus-outline"),
            ("case.open", tr("Open case"), "folder-open-outline"),
            ("case.sample", tr("Learn with the sample matter"), "school-outline"),
        ):
            button = QPushButton("  " + text)
            primary = action == "case.new"
            button.setProperty("primary", primary)
            button.setIcon(icons.icon(icon, "on_accent" if primary else "ink2"))
            button.setIconSize(QSize(18, 18))
            button.setFixedHeight(38)
            button.setFont(fonts.sans(13, fonts.SEMIBOLD if primary else fonts.MEDIUM))
            button.clicked.connect(lambda _c=False, a=action: trigger(a))
            button.setProperty("icon_action", icon)
            self.buttons[action] = button
            left.addWidget(button)
        self._work = Label()
        self._work.setProperty("quiet", True)
        self._work.setWordWrap(True)
        self._work.hide()
        left.addWidget(self._work)
        left.addSpacing(16)
        self._recent_head = head_label(tr("Opened last"))
        left.addWidget(self._recent_head)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        left.addLayout(self._recent)
        left.addStretch(1)
        self._place(left, _steps())

    def _place(self, left: QVBoxLayout, right: QVBoxLayout) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(72)
        for column, width in ((left, 380), (right, 440)):
            holder = QWidget()
            holder.setFixedWidth(width)
            holder.setLayout(column)
            column.setContentsMargins(0, 0, 0, 0)
            columns.addWidget(holder, 0, Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(columns)
        row.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(row)
        outer.addStretch(3)

    def show_progress(self, text: str) -> None:
        """Say what is being prepared."""
        self._work.setText(text)
        self._work.setVisible(bool(text))
        for button in self.buttons.values():
            button.setEnabled(not text)

    def watch(self, job: Job[Any]) -> None:
        """Show where a long job stands until it ends."""
        self._watched = job
        self._timer.start()

    def _look(self) -> None:
        job = self._watched
        if job is not None and job in self._jobs():
            self.show_progress(f"{job.label} …  {translated(job.text)}")
        else:
            self._watched = None
            self._timer.stop()
            self.show_progress("")

    def show_recent(self, folders: Sequence[Path]) -> None:
        """List the cases opened last that are still there."""
        while self._recent.count():
            entry = self._recent.takeAt(0)
            widget = entry.widget() if entry is not None else None
            if widget is not None:
                widget.deleteLater()
        there = [folder for folder in folders if (folder / "case.json").is_file()][:6]
        self._recent_head.setVisible(bool(there))
        for folder in there:
            row = NavRow(
                folder.name.removesuffix(".casekit"),
                partial(self._on_open, folder),
                icon="briefcase-outline",
            )
            row.setCheckable(False)
            row.setToolTip(str(folder))
            row.set_count(_short(folder.parent))
            self._recent.addWidget(row)


def _steps() -> QVBoxLayout:
    right = QVBoxLayout()
    right.setSpacing(4)
    right.addSpacing(8)
    right.addWidget(head_label(tr("How it goes")))
    for number, (head, text) in enumerate(STEPS, 1):
        right.addSpacing(10)
        title = Label(f"{number}   {tr(head)}")
        title.setFont(fonts.sans(15, fonts.SEMIBOLD))
        words = Label(tr(text))
        words.setWordWrap(True)
        words.setProperty("quiet", True)
        words.setContentsMargins(22, 0, 0, 0)
        right.addWidget(title)
        right.addWidget(words)
    right.addSpacing(18)
    key = Label(tr("Press ? for every key, Ctrl+K for every command."))
    key.setProperty("quiet", True)
    right.addWidget(key)
    right.addStretch(1)
    return right


def _short(folder: Path) -> str:
    text = str(folder)
    home = str(Path.home())
    text = "~" + text[len(home) :] if text.startswith(home) and home != "/" else text
    return text if len(text) <= 30 else "…" + text[-29:]
