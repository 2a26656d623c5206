"""Lines for files that a form asks for; of a small table, what it says or why it is none stands below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.sentences import translated
from casekit.ui import folders
from casekit.ui.basics import Label

MOST_NAMED = 3

Look = Callable[[Callable[[], str], Callable[[str], None], Callable[[CaseKitError], None]], None]
"""Does work, and then calls the one with its result, or the other with why it was refused."""


def at_once(
    work: Callable[[], str], done: Callable[[str], None], refused: Callable[[CaseKitError], None]
) -> None:
    """A `Look` that waits."""
    try:
        told = work()
    except CaseKitError as error:
        refused(error)
    else:
        done(told)


class FileField(QWidget):
    """A line for a file's path with a button to choose it."""

    def __init__(self, name: str, hint: str, kinds: str) -> None:
        super().__init__()
        self._kinds = kinds
        self.setAccessibleName(name)
        self.edit = QLineEdit()
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(hint)
        button = QPushButton(tr("Choose …"))
        button.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(self.edit, 1)
        row.addWidget(button)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(3)
        self.column.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def path(self) -> Path | None:
        """The file that is named, None if none is."""
        named = self.edit.text().strip()
        return Path(named) if named else None

    def _choose(self) -> None:
        begin = folders.begin()
        name, _ = QFileDialog.getOpenFileName(self, self.accessibleName(), begin, self._kinds)
        if folders.chosen(name):
            self.edit.setText(name)
            self.edit.editingFinished.emit()


class TableField(FileField):
    """A line for a small table; what the file says is read as soon as it is named.

    Args:
        name: Beside it.
        hint: In the empty line.
        told: What a file says, in a line; refuses one that is no such table.
        look: How it is read.
        on_room: Called when the line below has come or gone.
    """

    def __init__(
        self, name: str, hint: str, told: Callable[[Path], str], look: Look,
        on_room: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__(name, hint, "CSV (*.csv)")
        self._told, self._look, self._on_room = told, look, on_room
        self.said = Label()
        self.said.setWordWrap(True)
        self.said.hide()
        self.column.addWidget(self.said)
        self.edit.editingFinished.connect(self.look)

    def look(self, then: Callable[[CaseKitError | None], None] | None = None) -> None:
        """Read the file that is named and show what it says; `then` is told why it was refused, or None."""
        path, tell = self.path(), then or (lambda _error: None)
        if path is None:
            self._say("", "")
            tell(None)
            return
        self._say("", "")  # what an earlier file was refused for

        def done(words: str) -> None:
            if isValid(self):  # the form may have been closed meanwhile
                if path == self.path():
                    self._say(words, "quiet")
                tell(None)

        def refused(error: CaseKitError) -> None:
            if isValid(self):
                if path == self.path():
                    self._say(f"▲ {translated(error)}", "bad")
                tell(error)

        self._look(lambda: self._told(path), done, refused)

    def _say(self, words: str, how: str) -> None:
        self.said.setText(words)
        for name in ("quiet", "bad"):
            self.said.setProperty(name, name == how)
        self.said.style().polish(self.said)
        self.said.setVisible(bool(words))
        self._fit()
        self._on_room()

    def _fit(self) -> None:
        """A form gives a row no more than its hint, which knows nothing of how words break."""
        words = self.said.text()
        self.said.setMinimumHeight(self.said.heightForWidth(self.width()) if words else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What stands below keeps all its lines."""
        super().resizeEvent(event)
        self._fit()


def of_prices(path: Path) -> str:
    """What a table of list prices says.

    Raises:
        CaseKitError: The file is no such table.
    """
    from casekit.analysis.usage import prices

    rows = prices.read(path).rows
    return tr(
        "{rows}: {models}; {currencies}; from {day}",
        rows=tr_count("1 price", "{n} prices", len(rows)), models=_some(row.model for row in rows),
        currencies=_some(row.currency for row in rows),
        day=min(row.first for row in rows).isoformat(),
    )  # fmt: skip


def of_networks(path: Path) -> str:
    """What a table of networks says; refuses a file that is none.

    Raises:
        CaseKitError: The file is no such table.
    """
    from casekit.analysis.usage import networks
    from casekit.ui.usage_places import KINDS

    rows = networks.read(path).rows.values()
    count = Counter(kind for kind, _, _ in rows)
    return tr(
        "{rows}: {kinds}; by {sources}",
        rows=tr_count("1 network", "{n} networks", len(rows)),
        kinds=", ".join(f"{count[k]:,} {tr(KINDS[k])}" for k in networks.KINDS if count[k]),
        sources=_some(source for _, source, _ in rows),
    )  # fmt: skip


def of_population(path: Path) -> str:
    """What a population says; the word `shipped` is the one that comes with CaseKit.

    Raises:
        CaseKitError: The file is no such table.
    """
    from casekit.analysis import population, shipped

    members = shipped.named(path)[0]
    count = Counter(member.role for member in members)
    return tr(
        "{rows} of {families}: {roles}",
        rows=tr_count("1 model", "{n} models", len(members)),
        families=tr_count("1 family", "{n} families", len({m.family for m in members if m.family})),
        roles=", ".join(f"{count[role]:,} {role}" for role in population.ROLES if count[role]),
    )  # fmt: skip


def _some(names: Iterable[str]) -> str:
    """Different names, the first few of them."""
    different = list(dict.fromkeys(names))
    more = " …" if len(different) > MOST_NAMED else ""
    return ", ".join(different[:MOST_NAMED]) + more
