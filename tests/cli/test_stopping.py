import signal
from collections.abc import Iterator

import pytest

from casekit.cli import stopping
from casekit.cli.output import Meter
from casekit.errors import Cancelled


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What work of other tests, refused before it was done, left behind is no part of these."""
    forget()
    yield
    forget()


def forget() -> None:
    stopping.work_ends()
    stopping._asked.clear()


def interrupt() -> None:
    stopping._interrupted(signal.SIGINT, None)


def test_outside_work_ctrl_c_ends_at_once() -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupt()
    Meter("Working").done("all")
    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_work_stops_where_it_reports(capsys: pytest.CaptureFixture[str]) -> None:
    meter = Meter("Working")
    meter.step(0, 2, "")
    interrupt()
    assert "Stopping at the next safe place" in capsys.readouterr().err
    with pytest.raises(Cancelled):
        meter.step(1, 2, "")


def test_pressed_twice_it_waits_for_nothing() -> None:
    Meter("Working")
    interrupt()
    with pytest.raises(KeyboardInterrupt):
        interrupt()
