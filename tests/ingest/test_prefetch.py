from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from casekit.confine import Limits, Worker
from casekit.ingest import prefetch
from casekit.ingest.prefetch import FRAMES, Fetching, Workers, usual_number
from tests.waiting import MOST_SECONDS

PLACE = str(Path(__file__).parents[1] / "confine")
ECHO, COUNT = "worker_functions:echo", "worker_functions:count"


@pytest.fixture
def functions_can_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PLACE)


def never() -> None:
    raise AssertionError("a source that has ended needs no stop")


def test_frames_come_in_their_order() -> None:
    frames = [str(n).encode() for n in range(5 * FRAMES)]
    for some in (frames, []):
        with closing(Fetching((f for f in some), never)) as fetching:
            assert list(fetching.frames()) == some


def test_an_error_comes_out_where_it_arose() -> None:
    def source() -> Iterator[bytes]:
        yield b"1"
        yield b"2"
        raise ValueError("the third")

    with closing(Fetching(source(), never)) as fetching:
        frames = fetching.frames()
        assert [next(frames), next(frames)] == [b"1", b"2"]
        with pytest.raises(ValueError, match="the third"):
            next(frames)


@pytest.mark.parametrize(("most", "size"), [(FRAMES, 1), (3, prefetch.AHEAD_BYTES // 3 + 1)])
def test_the_source_runs_ahead_but_not_away(most: int, size: int) -> None:
    taken = 0
    waits = threading.Event()
    frame = bytes(size)

    def source() -> Iterator[bytes]:
        nonlocal taken
        for taken in range(1, 2 * most):
            if taken == most + 1:
                waits.set()  # as many wait as there may be, this one has no room
            yield frame

    with closing(Fetching(source(), lambda: None)) as fetching:  # before anybody asks
        assert waits.wait(MOST_SECONDS)
        assert not threading.Event().wait(0.05)
        assert taken == most + 1
        assert len(list(fetching.frames())) == 2 * most - 1


def test_it_runs_ahead_again_when_frames_have_been_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch, "AHEAD_BYTES", 30)
    reached = {number: threading.Event() for number in (4, 7)}

    def source() -> Iterator[bytes]:
        for number in range(1, 20):
            if number in reached:
                reached[number].set()
            yield bytes(10)

    with closing(Fetching(source(), lambda: None)) as fetching:
        frames = fetching.frames()
        assert reached[4].wait(60)  # three wait, and this one has no room
        for _ in range(3):
            next(frames)
        assert reached[7].wait(60)


def test_a_source_that_waits_for_room_can_be_left() -> None:
    full = threading.Event()

    def source() -> Iterator[bytes]:
        for number in range(10 * FRAMES):
            if number == FRAMES:
                full.set()
            yield b"1"

    fetching = Fetching(source(), lambda: None)
    assert full.wait(60)
    leaving = threading.Thread(target=fetching.close, daemon=True)
    leaving.start()
    leaving.join(60)
    assert not leaving.is_alive()


def test_a_frame_larger_than_all_that_may_wait_comes_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prefetch, "AHEAD_BYTES", 2)
    with closing(Fetching((f for f in [b"long", b"", b"longer"]), never)) as fetching:
        assert list(fetching.frames()) == [b"long", b"", b"longer"]


def test_leaving_early_stops_a_source_that_is_silent() -> None:
    """As a worker that broods over one page: it is ended, and the thread with it."""
    ended = threading.Event()

    def source() -> Iterator[bytes]:
        yield b"1"
        assert ended.wait(MOST_SECONDS)

    before = threading.active_count()
    with closing(Fetching(source(), ended.set)) as fetching:
        assert next(iter(fetching.frames())) == b"1"
        assert threading.active_count() == before + 1
    assert ended.is_set()
    assert threading.active_count() == before


def test_who_waits_is_asked_whether_to_go_on() -> None:
    ended = threading.Event()

    def source() -> Iterator[bytes]:
        yield b"1"
        assert ended.wait(MOST_SECONDS)

    def enough() -> None:
        raise KeyError("enough")

    with closing(Fetching(source(), ended.set)) as fetching:
        frames = fetching.frames(enough)
        assert next(frames) == b"1"
        with pytest.raises(KeyError):
            next(frames)
    assert ended.is_set()


@pytest.mark.usefixtures("functions_can_be_found")
def test_files_are_read_side_by_side(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in "abc"]
    for path in paths:
        path.write_text(path.name)
    made: list[Worker] = []

    def new() -> Worker:
        made.append(Worker(Limits(readable=(PLACE,))))
        return made[-1]

    with closing(Workers(new, 2)) as workers:
        assert workers.any_free
        with (
            workers.read(ECHO, paths[0].open("rb"), b"1") as first,
            workers.read(ECHO, paths[1].open("rb"), b"2") as second,
        ):
            assert not workers.any_free
            found = [list(second.frames()), list(first.frames())]
        assert found == [[b"2", b"b"], [b"1", b"a"]]
        with workers.read(ECHO, paths[2].open("rb"), b"3") as third:
            assert list(third.frames()) == [b"3", b"c"]
    assert len(made) == 2
    assert [worker.pid for worker in made] == [None, None]


@pytest.mark.usefixtures("functions_can_be_found")
def test_a_reading_that_is_left_gives_its_place_back(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a")
    with closing(Workers(lambda: Worker(Limits(readable=(PLACE,))), 1)) as workers:
        with (
            pytest.raises(KeyError),
            workers.read(COUNT, path.open("rb"), b"1000000") as fetching,
        ):
            assert next(iter(fetching.frames())) == b"0"
            raise KeyError
        assert workers.any_free
        with workers.read(ECHO, path.open("rb"), b"x") as fetching:
            assert list(fetching.frames()) == [b"x", b"a"]


def test_one_file_a_processor_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = []
    for processors in (1, 3, 64):
        usable = set(range(processors))
        monkeypatch.setattr("os.sched_getaffinity", lambda _pid, u=usable: u, raising=False)
        numbers.append(usual_number())
    assert numbers == [1, 3, 4]
