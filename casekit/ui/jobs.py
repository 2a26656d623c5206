"""Background work of the window: lanes of threads, progress that is polled, completion that is posted.

Callbacks are given to `start`, so that work that ends at once is heard too. They run on the thread of
the window; nothing else here does.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from casekit.errors import Cancelled, CaseKitError, refusal
from casekit.progress import Progress

T = TypeVar("T")
Lane = Literal["write", "quick", "read", "page", "preview", "long"]
LANES: dict[Lane, int] = {
    "write": 1, "quick": 1, "read": 2, "page": 1, "preview": 1, "long": 1,
}  # fmt: skip
AT_ONCE_S = 0.006
"""What is reported in one turn of the loop: once it took longer than that, the rest comes in the next."""
_SECONDS_FOR_ACTS = 60.0
log = logging.getLogger("casekit.ui.jobs")


class Job(Generic[T]):
    """One piece of work; the window reads `done`, `total`, `text` and may `cancel`.

    It is the `Progress` that the work is given: `step` raises `Cancelled` once that is asked for.
    """

    def __init__(self, label: str, lane: Lane = "read") -> None:
        self.label = label
        self.lane = lane
        self.done = 0
        self.total: int | None = None
        self.text = ""
        self.began = 0.0
        self._first: tuple[int, float] | None = None
        self._stop = threading.Event()

    def step(self, done: int, total: int | None, text: str) -> None:
        """Where the work stands; called by the work."""
        self.done, self.total, self.text = done, total, text
        if self._first is None:
            self._first = (done, time.monotonic())
        if self._stop.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._stop.is_set()

    def rate(self) -> float:
        """Units a second since the first step."""
        if self._first is None:
            return 0.0
        seconds = time.monotonic() - self._first[1]
        return (self.done - self._first[0]) / seconds if seconds > 0.2 else 0.0

    def seconds_left(self) -> float | None:
        """Seconds until the end at the present rate; None while unknown."""
        rate = self.rate()
        return (self.total - self.done) / rate if self.total and rate > 0 else None


@dataclass(slots=True)
class _Task:
    """Work given to a lane, and what came of it.

    The lane's thread holds its task until the next one comes. What may hold widgets is taken out of it on the
    window's thread: a widget or timer that went on another one would take the program down.
    """

    job: Job[Any]
    work: Callable[[Progress], Any] | None
    done: Callable[[Any], None] | None
    failed: Callable[[CaseKitError], None] | None
    result: Any = None
    error: BaseException | None = None

    def emptied(self) -> _Task:
        """All of it, and nothing stays here."""
        taken = replace(self)
        self.work = self.done = self.failed = self.result = self.error = None
        return taken


class Jobs(QObject):
    """The lanes: `write`, `long` (a thread each), `quick` (the eye waits), `read`, `page`, `preview`."""

    _posted = Signal()

    def __init__(self, bug: Callable[[BaseException], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bug = bug
        self._lanes: dict[Lane, queue.SimpleQueue[_Task | None]] = {}
        self._threads: list[tuple[Lane, threading.Thread]] = []
        self._ended: queue.SimpleQueue[_Task] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._open: dict[int, Job[Any]] = {}
        self.long: list[Job[Any]] = []
        self.ends: list[Callable[[], None]] = []  # done once every thread has ended
        self._steps: list[Generator[None]] = []
        self._closed = False
        self._rest = False  # whether more has ended than was reported in this turn
        self._posted.connect(self._on_posted, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        label: str,
        work: Callable[[Progress], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[CaseKitError], None] | None = None,
        *,
        lane: Lane = "read",
    ) -> Job[T]:
        """Do work in a lane; `done` or `failed` (a refusal) is called on the window's thread."""
        job: Job[T] = Job(label, lane)
        self._open[id(job)] = job
        if lane == "long":
            self.long.append(job)
        self._lane(lane).put(_Task(job, work, done, failed))
        return job

    def in_turns(self, label: str, steps: Generator[None]) -> None:
        """Do work that only the window's thread can do, one step a turn of its loop."""
        job: Job[None] = Job(label, "read")
        self._open[id(job)] = job
        self._steps.append(steps)

        def go_on() -> None:
            try:
                next(steps)
            except StopIteration:
                self._open.pop(id(job), None)
            except Exception as error:  # noqa: BLE001 - as of a thread: all goes to the window
                self._open.pop(id(job), None)
                self._bug(error)
            else:
                QTimer.singleShot(0, self, go_on)
                return
            self._steps.remove(steps)

        go_on()

    def busy(self) -> bool:
        """Whether any work is waiting, running or not yet reported."""
        return bool(self._open)

    def waiting(self) -> list[Job[Any]]:
        """The jobs that are waiting, running or not yet reported."""
        return list(self._open.values())

    def close(self, seconds: float = 10.0) -> None:
        """Do the acts that wait for the writer, cancel all other work, and end every thread.

        Args:
            seconds: How long other work may take to stop; an act has a minute.
        """
        self._closed = True
        for steps in self._steps:
            steps.close()
        for job in list(self._open.values()):
            if job.lane != "write":
                job.cancel()
        for lane, tasks in self._lanes.items():
            for _ in range(LANES[lane]):
                tasks.put(None)
        began = time.monotonic()
        for lane, thread in self._threads:
            until = began + (_SECONDS_FOR_ACTS if lane == "write" else seconds)
            thread.join(max(0.0, until - time.monotonic()))
        for end in self.ends:
            end()
        self.ends.clear()
        self._threads.clear()
        self._lanes.clear()
        self._open.clear()
        self.long.clear()

    def _lane(self, lane: Lane) -> queue.SimpleQueue[_Task | None]:
        if lane not in self._lanes:
            self._lanes[lane] = queue.SimpleQueue()
            for number in range(LANES[lane]):
                thread = threading.Thread(
                    target=self._run,
                    args=(self._lanes[lane],),
                    name=f"casekit-{lane}-{number}",
                    daemon=True,
                )
                thread.start()
                self._threads.append((lane, thread))
        return self._lanes[lane]

    def _run(self, tasks: queue.SimpleQueue[_Task | None]) -> None:
        while (task := tasks.get()) is not None:
            job, fault = task.job, ""
            job.began = time.monotonic()
            try:
                if job.cancelled:
                    raise Cancelled
                assert task.work is not None
                task.result = task.work(job)
            except BaseException as raised:  # noqa: BLE001 - the border of a thread: all goes to the window
                task.error, fault = raised, type(raised).__name__
            self._ended.put(task)
            if not self._closed:
                self._posted.emit()
            elif job.lane == "write" and fault:
                log.warning("%s was not done: %s", job.label, fault)

    @Slot()
    def _on_posted(self) -> None:
        if not self._rest:
            self.drain()

    def drain(self) -> None:
        """Call back for work that has ended, as far as a turn of the loop goes; runs on the window's thread."""
        began = time.perf_counter()
        while not self._ended.empty():
            self._report(self._ended.get().emptied())
            if time.perf_counter() - began > AT_ONCE_S and not self._ended.empty():
                self._rest = True
                QTimer.singleShot(0, self, self._go_on)
                return

    def _go_on(self) -> None:
        """The turn ends with this; what is posted now comes in the next one, behind keys and the mouse."""
        self._rest = False
        self._posted.emit()

    def _report(self, task: _Task) -> None:
        error = task.error
        self._open.pop(id(task.job), None)
        if task.job in self.long:
            self.long.remove(task.job)
        if self._closed:
            return
        if error is not None and not isinstance(error, CaseKitError):
            error = refusal(error) or error
        if isinstance(error, CaseKitError):
            log.info("%s: %s", task.job.label, type(error).__name__)
            if task.failed is not None:
                task.failed(error)
        elif error is not None:
            self._bug(error)
        elif task.done is not None:
            task.done(task.result)
