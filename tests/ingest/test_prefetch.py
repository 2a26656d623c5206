from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from casekit.ingest.prefetch import FRAMES, ahead


def never() -> None:
    raise AssertionError("a source that has ended needs no stop")


def test_frames_come_in_their_order() -> None:
    frames = [bytes([n]) for n in range(5 * FRAMES)]
    assert list(ahead(iter(frames), never)) == frames
    assert list(ahead(iter([]), never)) == []


def test_an_error_comes_out_where_it_arose() -> None:
    def source() -> Iterator[bytes]:
        yield b"1"
        yield b"2"
        raise ValueError("the third")

    frames = ahead(source(), never)
    assert [next(frames), next(frames)] == [b"1", b"2"]
    with pytest.raises(ValueError, match="the third"):
        next(frames)


def test_the_source_runs_ahead_but_not_away() -> None:
    taken = 0
    waits = threading.Event()

    def source() -> Iterator[bytes]:
        nonlocal taken
        for taken in range(1, 100):
            if taken == FRAMES + 2:
                waits.set()  # one was handed over, FRAMES wait, this one has no room
            yield b"x"

    with closing(ahead(source(), lambda: None)) as frames:
        next(frames)
        assert waits.wait(5)
        assert not threading.Event().wait(0.05)
        assert taken == FRAMES + 2


def test_leaving_early_stops_a_source_that_is_silent() -> None:
    """As a worker that broods over one page: it is ended, and the thread with it."""
    ended = threading.Event()

    def source() -> Iterator[bytes]:
        yield b"1"
        assert ended.wait(30)

    before = threading.active_count()
    with closing(ahead(source(), ended.set)) as frames:
        assert next(frames) == b"1"
        assert threading.active_count() == before + 1
    assert ended.is_set()
    assert threading.active_count() == before


def test_who_waits_is_asked_whether_to_go_on() -> None:
    ended = threading.Event()

    def source() -> Iterator[bytes]:
        yield b"1"
        assert ended.wait(30)

    def enough() -> None:
        raise KeyError("enough")

    frames = ahead(source(), ended.set, enough)
    assert next(frames) == b"1"
    with pytest.raises(KeyError):
        next(frames)
    assert ended.is_set()
