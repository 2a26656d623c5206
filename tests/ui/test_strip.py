from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ui.jobs import Job
from casekit.ui.strip import Strip, amount, duration, sentence


def running(label: str, done: int, total: int) -> Job[Any]:
    job: Job[Any] = Job(label)
    job.step(0, total, "")
    assert job._first is not None
    job._first = (0, job._first[1] - 10)
    job.step(done, total, "mail.mbox")
    return job


def test_a_job_says_amount_rate_and_time_left() -> None:
    assert sentence(running("Indexing", 18_700, 56_000)).startswith(
        "mail.mbox · 18,700 / 56,000 · 1,8"
    )
    assert "MB" in sentence(running("Importing", 5_000_000, 20_000_000))
    assert sentence(Job("x")) == "Starting …"
    assert [duration(s) for s in (8, 90, 4000)] == ["8 s", "1 min", "1 h 6 min"]
    assert (amount(1_500_000, True), amount(1_500, False)) == ("1.5 MB", "1,500")


def test_the_strip_shows_the_first_job_and_stops_it(dressed: QApplication, qtbot: QtBot) -> None:
    strip = Strip()
    qtbot.addWidget(strip)
    job = running("Indexing", 500, 1000)
    strip.show_jobs([job, Job("Verifying")])
    assert (strip._head.text(), strip._bar.value(), strip.isVisible()) == (
        "Indexing  (+1 waiting)",
        500,
        True,
    )
    strip._stop.click()
    strip.show_jobs([job])
    assert (job.cancelled, strip._text.text(), strip._stop.isEnabled()) == (
        True,
        "Stopping …",
        False,
    )
    strip.show_jobs([])
    assert not strip.isVisible()
