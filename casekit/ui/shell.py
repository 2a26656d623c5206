"""What every action is given: the open case, the lanes of work, what is selected, and the one signal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from casekit.errors import CaseKitError
from casekit.ui.jobs import Job, Jobs, Lane
from casekit.ui.keying import Strokes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from casekit.ops.journal import Changes
    from casekit.queries.items import ItemView
    from casekit.store.case import Case
    from casekit.ui.window import Window


class Bus(QObject):
    """The app-wide signals: `changed` carries the `Changes` of an act; `refreshed`: all is read again."""

    changed = Signal(object)
    refreshed = Signal()


@dataclass(slots=True)
class Selection:
    """What the user is looking at.

    Attributes:
        current: Id of the item in the viewer, None without one.
        view: That item whole, None until it is read.
        chosen: Ids selected in the list, int64 array in the list's order.
        cite: Part, first and last character of the text marked in the viewer, or None.
    """

    current: int | None = None
    view: ItemView | None = None
    chosen: npt.NDArray[np.int64] | None = None
    cite: tuple[str, int, int] | None = None

    def ids(self) -> list[int]:
        """The chosen ids, or the current one."""
        if self.chosen is not None and len(self.chosen):
            return [int(i) for i in self.chosen]
        return [] if self.current is None else [self.current]


@dataclass(slots=True)
class Shell:
    """The window's working state; actions get it, widgets only what they show.

    `ends` are called before the case is closed; `last_coded` is the item that was coded last.
    """

    case: Case
    jobs: Jobs
    bus: Bus
    window: Window
    selection: Selection = field(default_factory=Selection)
    last_coded: int | None = None
    strokes: Strokes = field(default_factory=Strokes)
    undone: list[int] = field(default_factory=list)
    ends: list[Callable[[], None]] = field(default_factory=list)

    def leave(self) -> None:
        """End what other windows do with this case, while it is still open."""
        for end in list(self.ends):
            end()

    def read(
        self, label: str, query: Callable[[Any], Any], done: Callable[[Any], None],
        failed: Callable[[CaseKitError], None] | None = None, lane: Lane = "read",
    ) -> None:  # fmt: skip
        """Run a query on a reading session off the window's thread."""
        case = self.case

        def work(_progress: object) -> Any:
            with case.read() as s:
                return query(s)

        self.jobs.start(label, work, done, failed or self.window.refuse, lane=lane)

    def do(
        self,
        label: str,
        op: Callable[[Any], Changes],
        done: Callable[[Changes], None] | None = None,
        *,
        keeps_undone: bool = False,
        failed: Callable[[CaseKitError], None] | None = None,
        again: Callable[[CaseKitError], None] | None = None,
    ) -> Job[Any]:
        """Run an op on the one writer, then tell everybody what changed; returns its job.

        Args:
            label: What the user did, for the program log.
            op: Takes a writing session and returns its `Changes`.
            done: Called after the panels have heard of it.
            keeps_undone: What was undone can still be done again afterwards.
            failed: Told of a refusal, which is shown all the same.
            again: Told of a refusal instead of the window: it asks again, see `asking_again.until_taken`.
        """
        case = self.case
        if not keeps_undone:
            self.undone.clear()

        def work(_progress: object) -> Changes:
            with case.write() as s:
                return op(s)

        def posted(changes: Changes) -> None:
            self.bus.changed.emit(changes)
            if done is not None:
                done(changes)

        def refused(error: CaseKitError) -> None:
            (again or self.window.refuse)(error)
            if failed is not None:
                failed(error)

        return self.jobs.start(label, work, posted, refused, lane="write")
