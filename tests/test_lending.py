"""A confined process goes from one user to the next where that is the same, and only there."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from pathlib import Path
from typing import cast

import pytest

from casekit.confine import Limits, Worker, WorkerFailed
from tests.lending import MOST_CALLS, MOST_KEPT, Lending, none_lent


def used(worker: Worker) -> int:
    """The process that did a call for it; the worker is closed."""
    with worker:
        assert worker.call("operator:concat", b"as", b"ked") == b"asked"
        assert worker.pid is not None
        return worker.pid


@pytest.fixture(autouse=True)
def nobody_waits(lent: Lending) -> None:
    lent.end()


def test_who_asks_for_the_same_gets_it(lent: Lending) -> None:
    before = lent.lent
    first = used(Worker())
    assert [used(Worker()), used(Worker(Limits(), ()))] == [first, first]
    assert lent.lent == before + 2


def test_who_asks_for_another_gets_another(monkeypatch: pytest.MonkeyPatch) -> None:
    first = used(Worker())
    assert used(Worker(Limits(files=60))) != first
    assert used(Worker(preload=("zlib",))) != first
    assert used(Worker(pipes=True)) != first
    with none_lent():
        assert used(Worker()) != first
    monkeypatch.syspath_prepend("/nowhere")
    assert used(Worker()) != first


def test_two_at_once_have_two(lent: Lending) -> None:
    with Worker() as one, Worker() as other:
        assert one.level == other.level
        assert one.pid != other.pid
    assert len(lent.kept) == 2


def test_what_has_ended_is_not_lent() -> None:
    first = used(Worker())
    os.kill(first, signal.SIGKILL)
    assert used(Worker()) != first


def test_what_is_in_the_midst_of_an_answer_or_has_done_much_is_not_kept(
    lent: Lending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "confine"))
    limits = Limits(readable=(str(Path(__file__).parent / "confine"),))
    worker = Worker(limits)
    frames = cast(
        "Generator[bytes, None, None]", worker.stream("worker_functions:count", b"", b"9")
    )
    assert next(frames) == b"0"
    worker.close()
    assert lent.kept == []
    frames.close()
    with Worker(limits) as worker:
        assert worker.level
        worker._calls = MOST_CALLS
    assert lent.kept == []


def test_what_raised_serves_on_as_in_the_program() -> None:
    with Worker() as worker:
        with pytest.raises(WorkerFailed):
            worker.call("operator:nothing", b"")
        first = worker.pid
    assert used(Worker()) == first


def test_few_are_kept(lent: Lending) -> None:
    some = [Worker() for _ in range(MOST_KEPT + 2)]
    levels = {worker.level for worker in some}
    for worker in some:
        worker.close()
    assert len(levels) == 1
    assert len(lent.kept) == MOST_KEPT
    lent.end()
    assert lent.kept == []
