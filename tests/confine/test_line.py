from __future__ import annotations

import pytest

from casekit.confine.line import REPLY, REQUEST, Limits, WorkerCrashed, WorkerFailed, WorkerHung


@pytest.mark.parametrize(
    ("code", "reason"),
    [(-11, "SIGSEGV"), (3, "exit code 3"), (None, "an unreadable message"), (-99, "signal 99")],
)
def test_a_crash_says_how_it_died(code: int | None, reason: str) -> None:
    assert str(WorkerCrashed(code)) == f"the worker ended with {reason}"


def test_the_other_faults_say_what_happened() -> None:
    assert str(WorkerHung(60)) == "the worker was silent for 60 s"
    assert str(WorkerFailed("KeyError")) == "the function raised KeyError"


def test_a_reply_cannot_announce_more_than_its_field_holds() -> None:
    assert (REPLY.size, REQUEST.size) == (5, 17)
    assert Limits().frame < 1 << 32
