from __future__ import annotations

import gc
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from casekit.errors import Cancelled, CaseKitError
from casekit.progress import Progress
from casekit.ui import jobs as module
from casekit.ui.jobs import Job, Jobs
from tests.waiting import MOST_SECONDS, HandClock


def test_results_refusals_and_bugs_arrive_on_the_windows_thread(clean: None, qtbot: QtBot) -> None:
    bugs: list[BaseException] = []
    jobs = Jobs(bugs.append)
    heard: list[Any] = []
    here = threading.get_ident()

    def refuse(_progress: Progress) -> None:
        raise CaseKitError("No.")

    jobs.start("add", lambda _p: 1 + 1, lambda n: heard.append((n, threading.get_ident() == here)))
    jobs.start("refuse", refuse, None, lambda error: heard.append(str(error)))
    jobs.start("break", lambda _p: 1 // 0)
    qtbot.waitUntil(lambda: not jobs.busy())
    assert sorted(heard, key=str) == [(2, True), "No."]
    assert [type(b) for b in bugs] == [ZeroDivisionError]
    jobs.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_and_is_no_bug(clean: None, qtbot: QtBot) -> None:
    bugs: list[BaseException] = []
    jobs = Jobs(bugs.append)
    heard: list[str] = []
    jobs.start(
        "write", lambda _p: Path("/dev/full").write_text("x"), None, lambda e: heard.append(str(e))
    )
    qtbot.waitUntil(lambda: not jobs.busy())
    assert (bugs, [each.partition(":")[0] for each in heard]) == ([], ["The disk is full"])
    jobs.close()


def test_work_learns_at_its_next_step_that_it_should_stop(clean: None, qtbot: QtBot) -> None:
    jobs = Jobs(lambda _error: None)
    began = threading.Event()
    seen: list[CaseKitError] = []

    def work(progress: Progress) -> None:
        done = 0
        while True:
            done += 1
            progress.step(done, None, "counting")
            began.set()

    job = jobs.start("count", work, None, seen.append, lane="long")
    assert began.wait(MOST_SECONDS)
    assert jobs.long == [job]
    job.cancel()
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], Cancelled)
    assert (jobs.long, job.text) == ([], "counting")
    jobs.close()


def test_closing_cancels_what_waits_and_ends_the_threads(clean: None) -> None:
    jobs = Jobs(lambda _error: None)
    called: list[int] = []
    gate = threading.Event()

    def wait(progress: Progress) -> int:
        while not gate.wait(0.01):
            progress.step(0, None, "")
        return 1

    jobs.start("wait", wait, called.append, lane="page")
    jobs.start("late", lambda _p: 2, called.append, lane="page")
    jobs.close()
    assert (called, jobs.busy(), jobs.waiting()) == ([], False, [])


def test_closing_does_every_act_that_waits_for_the_writer(clean: None) -> None:
    jobs = Jobs(lambda _error: None)
    done: list[int] = []
    called: list[int] = []
    gate = threading.Event()

    def slow(progress: Progress) -> None:
        assert gate.wait(MOST_SECONDS)
        progress.step(1, 1, "")
        done.append(0)

    def refused(_progress: Progress) -> None:
        raise CaseKitError("No.")

    jobs.start("slow", slow, called.append, lane="write")
    jobs.start("refused", refused, called.append, lane="write")
    for no in (1, 2):
        jobs.start("act", lambda _p, no=no: done.append(no), called.append, lane="write")
    threading.Timer(0.1, gate.set).start()
    jobs.close()
    assert (done, called, jobs.busy()) == ([0, 1, 2], [], False)


def test_the_rate_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = HandClock()
    monkeypatch.setattr(module, "time", clock)
    job: Job[None] = Job("x")
    assert (job.rate(), job.seconds_left()) == (0.0, None)
    job.step(0, 100, "")
    clock.go_on(10)
    job.step(50, 100, "")
    assert job.rate() == pytest.approx(5)
    assert job.seconds_left() == pytest.approx(10)


def test_what_a_job_was_given_goes_with_the_windows_thread(clean: None, qtbot: QtBot) -> None:
    """A widget or timer that goes on another thread takes the program down, or Qt complains."""

    class Given:
        def __del__(self) -> None:
            gone.append(threading.current_thread().name)

    gone: list[str] = []
    jobs = Jobs(lambda _error: None)

    def start(fails: bool) -> None:
        given = Given()

        def work(_progress: Progress) -> Given:
            if fails:
                raise CaseKitError("No.")
            return given

        jobs.start("read", work, lambda _found: given, lambda _error: given)

    for fails in (False, True):
        start(fails)
        qtbot.waitUntil(lambda: not jobs.busy())
        gc.collect()
    qtbot.waitUntil(lambda: len(gone) == 2)
    assert gone == ["MainThread"] * 2
    jobs.close()


def test_work_of_the_windows_thread_is_done_a_step_a_turn(qtbot: QtBot) -> None:
    bugs: list[BaseException] = []
    jobs, done = Jobs(bugs.append), [0]

    def steps(fails: bool) -> Generator[None]:
        for _ in range(3):
            done[0] += 1
            yield
        if fails:
            raise ValueError("no")

    jobs.in_turns("steps", steps(fails=False))
    assert done == [1]
    assert [job.label for job in jobs.waiting()] == ["steps"]
    qtbot.waitUntil(lambda: not jobs.busy())
    assert (done, bugs) == ([3], [])
    jobs.in_turns("steps", steps(fails=True))
    qtbot.waitUntil(lambda: not jobs.busy())
    assert [str(bug) for bug in bugs] == ["no"]
    assert jobs._steps == []
    jobs.close()


def test_a_result_that_took_long_to_show_leaves_the_next_to_another_turn(
    clean: None, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE_S", 0.0)
    jobs, seen = Jobs(lambda _error: None), []
    for number in range(3):
        jobs.start(str(number), lambda _progress: None, lambda _none, n=number: seen.append(n))  # type: ignore[misc]
    waited = time.monotonic() + MOST_SECONDS
    while jobs._ended.qsize() < 3:
        assert time.monotonic() < waited
        time.sleep(0.001)
    turns = []
    while len(seen) < 3:
        QCoreApplication.processEvents()
        turns.append(len(seen))
    assert sorted(set(turns)) == [1, 2, 3]
    assert not jobs.busy()
    jobs.close()
