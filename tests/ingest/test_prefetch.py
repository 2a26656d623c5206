from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from casekit.confine import Limits, Worker
from casekit.ingest import ingest, prefetch, run
from casekit.ingest.prefetch import FRAMES, Ahead, Fetching, Workers, usual_number
from casekit.queries import items
from casekit.store.case import Case
from tests.waiting import MOST_SECONDS, wait_until

PLACE = str(Path(__file__).parents[1] / "confine")
ECHO, COUNT = "worker_functions:echo", "worker_functions:count"
HANG = "worker_functions:hang"
MANY = str(2 * FRAMES).encode()


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


def test_what_waits_of_all_files_has_a_bound_and_none_of_them_stands_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prefetch, "ALL_AHEAD_BYTES", 50)
    ahead = Ahead()
    most = 0

    def source() -> Iterator[bytes]:
        nonlocal most
        for _ in range(20):
            most = max(most, ahead.bytes)
            yield bytes(10)

    with ExitStack() as readings:
        all_of_them = [
            readings.enter_context(closing(Fetching(source(), lambda: None, ahead)))
            for _ in range(8)
        ]
        first, *others = all_of_them
        for each in (*others[::-1], first):  # one frame of each waits, whatever the others have
            assert len(list(each.frames())) == 20
        assert ahead.bytes == 0
    assert 50 <= most <= 120

    with closing(Fetching(source(), lambda: None, ahead)):
        wait_until(lambda: ahead.bytes >= 50, "frames that wait")
    assert ahead.bytes == 0


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
        with (
            workers.read(COUNT, paths[0].open("rb"), MANY) as first,
            workers.read(ECHO, paths[1].open("rb"), b"2") as second,
        ):
            assert list(second.frames()) == [b"2", b"b"]  # while the first has no room for its next
            assert len(list(first.frames())) == int(MANY)
        with workers.read(ECHO, paths[2].open("rb"), b"3") as third:
            assert list(third.frames()) == [b"3", b"c"]
    assert len(made) == 2
    assert [worker.pid for worker in made] == [None, None]


@pytest.mark.usefixtures("functions_can_be_found")
def test_a_worker_is_free_when_it_has_given_its_last_frame(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a")
    made: list[Worker] = []

    def new() -> Worker:
        made.append(Worker(Limits(readable=(PLACE,))))
        return made[-1]

    with closing(Workers(new, 2)) as workers, ExitStack() as readings:

        def begin(function: str, argument: bytes) -> Fetching:
            return readings.enter_context(workers.read(function, path.open("rb"), argument))

        first = begin(COUNT, MANY)  # keeps its worker until it is asked for
        others = [begin(ECHO, str(number).encode()) for number in range(9)]
        assert [next(iter(each.frames())) for each in reversed(others)] == [
            str(number).encode() for number in reversed(range(9))
        ]
        assert len(list(first.frames())) == int(MANY)
    assert len(made) == 2


@pytest.mark.usefixtures("functions_can_be_found")
def test_who_came_first_is_read_first(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a")
    with (
        closing(Workers(lambda: Worker(Limits(readable=(PLACE,))), 1)) as workers,
        ExitStack() as readings,
    ):
        begun = [
            readings.enter_context(workers.read(COUNT, path.open("rb"), MANY)) for _ in range(4)
        ]
        for (
            each
        ) in begun:  # each holds the only worker until it is asked for: no other can be before it
            assert len(list(each.frames())) == int(MANY)


@pytest.mark.usefixtures("functions_can_be_found")
def test_a_reading_that_has_not_begun_can_be_left(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a")
    with (
        closing(Workers(lambda: Worker(Limits(readable=(PLACE,))), 1)) as workers,
        workers.read(COUNT, path.open("rb"), MANY) as first,
    ):
        with pytest.raises(KeyError), workers.read(ECHO, path.open("rb"), b"x"):
            raise KeyError
        with workers.read(ECHO, path.open("rb"), b"y") as third:
            assert len(list(first.frames())) == int(MANY)
            assert list(third.frames()) == [b"y", b"a"]


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
        with workers.read(ECHO, path.open("rb"), b"x") as fetching:
            assert list(fetching.frames()) == [b"x", b"a"]


@pytest.mark.usefixtures("functions_can_be_found")
def test_a_silent_worker_is_ended_when_its_reading_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_text("a")
    ended: list[Worker] = []
    end = prefetch._end

    def told(worker: Worker) -> None:
        ended.append(worker)
        end(worker)

    monkeypatch.setattr(prefetch, "_end", told)
    with closing(Workers(lambda: Worker(Limits(readable=(PLACE,))), 1)) as workers:
        with workers.read(HANG, path.open("rb"), b"") as fetching:
            assert next(iter(fetching.frames())) == b"before"
        assert len(ended) == 1
        with workers.read(ECHO, path.open("rb"), b"x") as fetching:
            assert list(fetching.frames()) == [b"x", b"a"]
    assert len(ended) == 1


@pytest.mark.parametrize(
    ("most_bytes", "ahead"),
    [(run.AHEAD_BYTES, run.AHEAD_FILES), (350, 3), (150, 2), (99, 1)],
    ids=["small files", "three of them", "one a worker", "larger ones"],
)
def test_files_are_received_ahead_and_filed_in_their_order(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_bytes: int, ahead: int
) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.txt").write_text(f"{number:02}" + "a letter. " * 9 + "end, .\n\n")
    received: list[int] = []
    finish = run._Run._finish

    def counted(self: run._Run, taken: deque[run._Taken]) -> None:
        received.append(len(taken))
        finish(self, taken)

    monkeypatch.setattr(run._Run, "_finish", counted)
    monkeypatch.setattr(run, "AHEAD_BYTES", most_bytes)
    monkeypatch.setattr(run, "usual_number", lambda: 2)
    assert ingest(case, [tmp_path]).items == 20
    assert max(received) == ahead
    with case.read() as s:
        rows = items.rows(s, items.item_ids(s, None, order="id"))
    assert [row.title[:2] for row in rows] == [f"{number:02}" for number in range(20)]


def test_one_file_a_processor_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = []
    for processors in (1, 3, 64):
        usable = set(range(processors))
        monkeypatch.setattr("os.sched_getaffinity", lambda _pid, u=usable: u, raising=False)
        numbers.append(usual_number())
    assert numbers == [1, 3, 4]
