"""The window under test: a real case, a real window offscreen, and nothing left behind."""

from __future__ import annotations

import gc
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from casekit import i18n, settings
from casekit.store.case import Case, open_case
from casekit.ui import app as start
from casekit.ui import asking_again, theme
from casekit.ui.window import Window
from tests.ui.sample_cases import build_case
from tests.waiting import wait_until

HARMLESS = r"This plugin does not support"
HERE = Path(__file__).parent
REST_SECONDS = 180
MOST_KNOWN = 30_000  # objects, through which each test with a window looks twice
_lasting: list[QTimer] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the offscreen platform cannot do is no fault of the window."""
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.qt_log_ignore(HARMLESS, extend=True))


@pytest.fixture(autouse=True)
def no_key_held() -> None:
    """A test begins without the Ctrl or Shift that an earlier one struck a key with."""
    let_go_of_keys()


def let_go_of_keys() -> None:
    """Qt takes the modifiers of the last key struck in a test for held: a row chosen then joins the others."""
    if QGuiApplication.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        QTest.keyRelease(QWidget(), Qt.Key.Key_Control)


class PatientBot(QtBot):
    """Waits for a state as long as `settle` does: how long it takes says nothing."""

    def waitUntil(  # noqa: N802 - the plugin's name
        self, callback: Callable[[], Any], *, timeout: int = REST_SECONDS * 1000
    ) -> None:
        """Wait until the callback gives a true value."""
        super().waitUntil(callback, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """That of the plugin, with more patience."""
    return PatientBot(request)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "Aurora"
    with build_case(folder) as case:
        return case.folder


@pytest.fixture
def sample_case(built: Path, tmp_path: Path) -> Iterator[Case]:
    """A case of a few hundred items of all kinds, the test's own."""
    shutil.copytree(built, tmp_path / built.name)
    with open_case(tmp_path / built.name) as case:
        yield case


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    """The application with its faces and the light theme."""
    settings.save(settings.Settings())
    i18n.use("en")
    if theme.name() == "light" and qapp.styleSheet():
        return qapp
    app = start.make_app()
    theme.apply(app, "light")
    return app


@pytest.fixture
def clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """Threads and timers that the test leaves behind fail it, those of an earlier one do not."""
    pass_over_what_lasts()
    before, others, failed = timers(), threads(), request.session.testsfailed
    yield
    left = left_behind(before)
    if request.session.testsfailed == failed:  # one that failed may not have come to ending them
        wait_until(lambda: threads() <= others, "the end of the window's threads")
    assert {thread.name for thread in threads() - others} == set()
    assert [(str(t.parent()), t.interval()) for t in left] == []


def threads() -> set[threading.Thread]:
    """The threads of lanes; one that is at its last step when a test ends is waited for."""
    return {thread for thread in threading.enumerate() if thread.name.startswith("casekit-")}


def left_behind(before: list[QTimer]) -> list[QTimer]:
    """The timers still running, those of `before` left out. What fires once and is gone is waited for."""
    until = time.monotonic() + REST_SECONDS
    while True:
        QApplication.processEvents()
        left = [t for t in timers() if not any(t is each for each in before)]
        if not any(t.isSingleShot() for t in left) or time.monotonic() > until:
            return left
        time.sleep(0.005)


def timers() -> list[QTimer]:
    """Those that run, of all that Python knows."""
    return [t for t in (*_lasting, *_known_timers()) if _alive(t)]


def pass_over_what_lasts() -> None:
    """Look no more through what earlier tests made for all, such as faces, but for its timers."""
    if len(gc.get_objects()) > MOST_KNOWN:
        gc.collect()
        _lasting.extend(_known_timers())
        gc.freeze()


def _known_timers() -> list[QTimer]:
    return [each for each in gc.get_objects() if isinstance(each, QTimer)]


def _alive(timer: QTimer) -> bool:
    try:
        return timer.isActive()
    except RuntimeError:
        return False


@pytest.fixture
def window(
    clean: None,
    dressed: QApplication,
    qtbot: QtBot,
    sample_case: Case,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Window]:
    """The window on the sample case, everything read."""
    made = Window()
    bugs: list[BaseException] = []
    monkeypatch.setattr(made.jobs, "_bug", bugs.append)
    made.show()
    made.enter(open_case(sample_case.folder))
    settle(qtbot, made)
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    if bugs:
        raise bugs[0]


def settle(qtbot: QtBot, window: Window, also: Callable[[], Any] | None = None) -> None:
    """Wait until nothing is being read or written; the look at the log's head does not count.

    The limit ends a test that hangs. It is no measure of speed: a loaded machine may take long.
    """

    def quiet() -> bool:
        waiting = [job for job in window.jobs.waiting() if job.label != "look"]
        return not waiting and (also is None or bool(also()))

    until = time.monotonic() + REST_SECONDS
    while time.monotonic() < until:
        QApplication.processEvents()
        if quiet():
            QApplication.processEvents()
            if quiet():
                return
        time.sleep(0.002)
    raise AssertionError("the window does not come to rest")


def in_turn(*answers: Any) -> Callable[..., Any]:
    """Answers a question with each in turn, then as somebody who thought better of it."""
    left = list(answers)
    return lambda *_, **__: left.pop(0) if left else None


@pytest.fixture
def reasons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Why something was asked for again, in the order of the refusals."""
    said: list[str] = []
    told = property(lambda _: None, lambda _, why: said.append(str(why)) if why else None)
    monkeypatch.setattr(asking_again.Kept, "why", told, raising=False)
    return said


@pytest.fixture
def rest(qtbot: QtBot, window: Window) -> Callable[..., None]:
    """Waits until the window has read and written everything."""
    return lambda also=None: settle(qtbot, window, also)
