from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.store.case import Case
from casekit.ui.jobs import Job
from casekit.ui.nav import NavRow
from casekit.ui.welcome import Welcome, _short


def test_it_begins_and_goes_on(
    clean: None, dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    done: list[str] = []
    opened: list[Path] = []
    jobs: list[Job[Any]] = []
    page = Welcome(done.append, opened.append, lambda: jobs)
    qtbot.addWidget(page)
    page.show_recent([sample_case.folder, Path("/gone")])
    rows = page.findChildren(NavRow)
    assert [row.text() for row in rows] == ["Aurora"]
    rows[0].click()
    for button in page.buttons.values():
        button.click()
    assert opened == [sample_case.folder]
    assert done == ["case.new", "case.open", "case.sample"]
    job: Job[Any] = Job("Building")
    jobs.append(job)
    page.watch(job)
    qtbot.waitUntil(lambda: page._work.text().startswith("Building"))
    assert not page.buttons["case.new"].isEnabled()
    jobs.clear()
    qtbot.waitUntil(page.buttons["case.new"].isEnabled)


def test_long_folders_are_cut_at_their_start() -> None:
    assert _short(Path("/a/b")) == "/a/b"
    assert len(_short(Path("/very" * 20))) == 30
