from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from casekit.confine import (
    Limits,
    Worker,
    WorkerCrashed,
    WorkerFailed,
    WorkerFault,
    WorkerHung,
    WorkerNotStarted,
)
from casekit.confine import port as port_module
from casekit.confine import worker as worker_module
from tests.waiting import HandClock, alive, wait_until

HERE = str(Path(__file__).parent)
FUNCTIONS = "worker_functions:"
linux = pytest.mark.skipif(sys.platform != "linux", reason="the walls are those of Linux")


def limits(**values: object) -> Limits:
    return Limits(readable=(HERE,), **values)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def functions_can_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(HERE)


@pytest.fixture(params=["socket", "pipes"])
def worker(request: pytest.FixtureRequest) -> Iterator[Worker]:
    with Worker(limits(), pipes=request.param == "pipes") as made:
        yield made


def works(worker: Worker) -> bool:
    return worker.call(FUNCTIONS + "size", b"abc", quiet_seconds=60) == b"3"


def gone(pid: int) -> bool:
    """Neither running nor a zombie."""
    return not Path(f"/proc/{pid}").exists() if sys.platform == "linux" else True


def test_bytes_and_files_go_in_and_frames_come_out(worker: Worker, tmp_path: Path) -> None:
    place = tmp_path / "evidence"
    place.write_bytes(b"0123456789" * 100_000)
    empty = tmp_path / "empty"
    empty.touch()
    with place.open("rb") as file, empty.open("rb") as nothing:
        file.seek(77)
        assert worker.call(FUNCTIONS + "size", file.fileno()) == b"1000000"
        assert file.tell() == 77
        assert worker.call(FUNCTIONS + "size", nothing.fileno()) == b"0"
        assert list(worker.stream(FUNCTIONS + "echo", file.fileno(), b"x")) == [
            b"x",
            place.read_bytes(),
        ]
    assert list(worker.stream(FUNCTIONS + "echo", b"small", b"")) == [b"", b"small"]
    assert [int(f) for f in worker.stream(FUNCTIONS + "count", b"", b"5000")] == list(range(5000))


@pytest.mark.parametrize(
    ("function", "code"), [("segv", -11), ("leave", 7), ("forge", None), ("nonsense", None)]
)
def test_a_crash_costs_one_call(worker: Worker, function: str, code: int | None) -> None:
    assert works(worker)
    before = worker.pid
    assert before is not None
    with pytest.raises(WorkerCrashed) as caught:
        worker.call(FUNCTIONS + function, b"", quiet_seconds=60)
    assert caught.value.code == code
    assert gone(before)
    assert works(worker)
    assert worker.pid != before


def test_silence_is_ended_and_what_came_before_is_kept(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, came = HandClock(), list[bytes]()
    for module in (worker_module, port_module):
        monkeypatch.setattr(module, "time", clock)

    def waiting() -> None:
        clock.go_on(0.2 if came else 0.0)

    stream = worker.stream(FUNCTIONS + "hang", b"", quiet_seconds=0.3, waiting=waiting)
    came.append(next(stream))
    assert came == [b"before"]
    began = clock.now
    with pytest.raises(WorkerHung, match=r"silent for 0\.3 s"):
        next(stream)
    assert clock.now - began == pytest.approx(0.4)
    assert works(worker)


def test_dripping_bytes_are_no_sign_of_life() -> None:
    with Worker(limits()) as worker:
        line = int(worker.call(FUNCTIONS + "line", b""))
        with pytest.raises(WorkerHung):
            worker.call(FUNCTIONS + "drip", b"", str(line).encode(), quiet_seconds=0.5)
        assert works(worker)


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        ("fail", "ValueError"),
        ("leave_politely", "SystemExit"),
        ("stack", "RecursionError"),
        ("absent", "AttributeError"),
    ],
)
def test_an_exception_keeps_the_worker_and_tells_no_evidence(
    worker: Worker, function: str, kind: str
) -> None:
    assert works(worker)
    before = worker.pid
    with pytest.raises(WorkerFailed) as caught:
        worker.call(FUNCTIONS + function, b"", quiet_seconds=60)
    assert (caught.value.kind, str(caught.value)) == (kind, f"the function raised {kind}")
    assert works(worker)
    assert worker.pid == before


@linux
def test_what_a_worker_says_of_its_fault_is_a_name_or_nothing() -> None:
    with Worker(limits()) as worker:
        line = worker.call(FUNCTIONS + "line", b"")
        with pytest.raises(WorkerFailed) as caught:
            worker.call(FUNCTIONS + "slander", b"", line)
        assert caught.value.kind == "Unknown"


@linux
def test_a_memory_bomb_ends_at_the_limit() -> None:
    with Worker(limits(memory=400 << 20)) as worker:
        with pytest.raises(WorkerFailed, match="MemoryError"):
            worker.call(FUNCTIONS + "bomb", b"", quiet_seconds=30)
        assert works(worker)


@linux
def test_a_file_larger_than_the_memory_can_be_read(tmp_path: Path) -> None:
    large = tmp_path / "sparse"
    with large.open("wb") as file:
        file.truncate(2 << 30)
    with Worker(limits(memory=300 << 20)) as worker, large.open("rb") as file:
        assert worker.call(FUNCTIONS + "size", file.fileno()) == str(2 << 30).encode()


def test_a_frame_that_is_too_long_is_refused() -> None:
    with Worker(limits(frame=1 << 20)) as worker:
        with pytest.raises(WorkerFailed, match="FrameTooLong"):
            worker.call(FUNCTIONS + "huge", b"", str((1 << 20) + 1).encode())
        assert len(worker.call(FUNCTIONS + "huge", b"", str(1 << 20).encode())) == 1 << 20


@linux
def test_nothing_can_be_reached_written_or_started(worker: Worker, tmp_path: Path) -> None:
    outside = tmp_path / "case.db"
    outside.write_bytes(b"untouched")
    place = tmp_path / "new"
    argument = f"{place}\n{outside}\n{os.getpid()}".encode()
    lines = worker.call(FUNCTIONS + "attempts", b"", argument).decode().splitlines()
    told = dict(line.split(" ") for line in lines)
    assert told.pop("import") == "done"
    assert told.pop("thread") == "done"
    assert told.pop("limit") == "ValueError"
    assert told.pop("clone3", "38") == "38"
    if "Landlock" not in worker.level:
        told.pop("read")
        told.pop("passwd")
    assert {name: what for name, what in told.items() if what not in ("1", "13")} == {}
    assert outside.read_bytes() == b"untouched"
    assert not place.exists()
    assert works(worker)


def test_the_level_is_told_in_plain_words(worker: Worker) -> None:
    assert worker.level.startswith("separate process" if sys.platform == "win32" else "rlimits")
    if sys.platform == "linux":
        assert "seccomp" in worker.level


def test_no_key_and_no_proxy_reaches_the_worker(
    monkeypatch: pytest.MonkeyPatch, worker: Worker
) -> None:
    monkeypatch.setenv("CASEKIT_PASSPHRASE", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    names = worker.call(FUNCTIONS + "environment", b"").decode().split("\n")
    assert set(names) <= {
        "LC_ALL",
        "LC_CTYPE",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "TZ",
        "SYSTEMROOT",
    }


@linux
def test_no_descriptor_leaks_on_either_side(tmp_path: Path) -> None:
    place = tmp_path / "evidence"
    place.write_bytes(b"x")
    held = len(list(Path("/proc/self/fd").iterdir()))
    with Worker(limits()) as worker, place.open("rb") as file:
        first = worker.call(FUNCTIONS + "descriptors", file.fileno())
        for _ in range(200):
            worker.call(FUNCTIONS + "size", file.fileno())
        assert worker.call(FUNCTIONS + "descriptors", file.fileno()) == first
        for _ in range(5):
            with pytest.raises(WorkerFault):
                worker.call(FUNCTIONS + "leave", file.fileno())
            works(worker)
        pid = worker.pid
    assert len(list(Path("/proc/self/fd").iterdir())) == held
    assert pid is not None
    assert gone(pid)


def test_a_stream_left_early_costs_the_worker_only(worker: Worker) -> None:
    stream = worker.stream(FUNCTIONS + "count", b"", b"1000000")
    assert next(stream) == b"0"
    with pytest.raises(RuntimeError, match="one call at a time"):
        worker.call(FUNCTIONS + "size", b"")
    stream.close()  # type: ignore[attr-defined]
    assert works(worker)


def test_it_is_replaced_after_so_many_calls_and_preloads(worker: Worker) -> None:
    with Worker(limits(calls=3), preload=("wave",)) as few:
        pids = [few.call(FUNCTIONS + "pid", b"") for _ in range(7)]
        assert few.call(FUNCTIONS + "loaded", b"", b"wave") == b"True"
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]
    worker.close()
    worker.close()
    assert works(worker)


@linux
def test_the_worker_goes_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, os, signal; sys.path.insert(0, sys.argv[1]);"
        "from casekit.confine import Worker, Limits; w = Worker(Limits(readable=(sys.argv[1],)));"
        "print(w.call('worker_functions:pid', b'').decode(), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, HERE], capture_output=True, text=True, check=False
    )
    pid = int(done.stdout)
    wait_until(lambda: not alive(pid), "the end of the worker whose parent was killed")


@linux
def test_the_time_it_may_compute_is_limited() -> None:
    with Worker(limits()) as worker:
        works(worker)
        assert worker.pid is not None
        soft, _hard = resource.prlimit(worker.pid, resource.RLIMIT_CPU)
    assert 0 < soft < 1_000


def test_the_same_bytes_are_sent_once(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence, other = b"e" * 3_000_000, b"o" * 3_000_000
    assert works(worker)
    sent: list[int] = []
    send = type(worker._port).send

    def noted(port: object, data: bytes, *more: object) -> None:
        sent.append(len(data))
        send(port, data, *more)

    monkeypatch.setattr(type(worker._port), "send", noted)
    first = FUNCTIONS + "first"
    asked = (evidence, evidence, other, evidence, evidence)
    told = [worker.call(first, each, quiet_seconds=60) for each in asked]
    assert told == [b"e", b"e", b"o", b"e", b"e"]
    assert [size for size in sent if size == 3_000_000] == [3_000_000] * 3


@pytest.mark.parametrize("between", ["crash", "a file", "a failure"])
def test_what_a_worker_no_longer_has_is_sent_again(
    worker: Worker, tmp_path: Path, between: str
) -> None:
    evidence = b"e" * 1_000_000
    assert worker.call(FUNCTIONS + "first", evidence, quiet_seconds=60) == b"e"
    if between == "crash":
        with pytest.raises(WorkerCrashed):
            worker.call(FUNCTIONS + "leave", evidence, quiet_seconds=60)
    elif between == "a failure":
        with pytest.raises(WorkerFailed):
            worker.call(FUNCTIONS + "fail", evidence, quiet_seconds=60)
    else:
        (tmp_path / "file").write_bytes(b"file")
        with (tmp_path / "file").open("rb") as file:
            assert worker.call(FUNCTIONS + "first", file.fileno(), quiet_seconds=60) == b"f"
    assert worker.call(FUNCTIONS + "first", evidence, quiet_seconds=60) == b"e"


def test_a_wait_that_is_no_longer_wanted_ends_the_worker(worker: Worker) -> None:
    class Enough(Exception):
        pass

    looked = []

    def waiting() -> None:
        looked.append(worker.pid)
        if len(looked) == 2:
            raise Enough

    with pytest.raises(Enough):
        worker.call(FUNCTIONS + "hang", b"", quiet_seconds=60, waiting=waiting)
    assert looked[0] is not None
    assert gone(looked[0])
    assert works(worker)


_UNDER_A_LIMIT = """
import resource, sys
most = int(sys.argv[2]) << 20
resource.setrlimit(resource.RLIMIT_AS, (most, most))
sys.path.insert(0, sys.argv[1])
from casekit.confine import Limits, Worker, WorkerFailed, WorkerNotStarted
try:
    with Worker(Limits(readable=(sys.argv[1],))) as worker, open(sys.argv[3], "rb") as file:
        print(worker.call("worker_functions:first", b"e"))
        print(resource.prlimit(worker.pid, resource.RLIMIT_AS)[1] == most)
        try:
            worker.call("worker_functions:first", file.fileno())
        except WorkerFailed as fault:
            print(fault.kind)
        print(worker.call("worker_functions:first", b"x"))
    Worker(preload=("there_is_none",)).level
except WorkerNotStarted as refusal:
    print(refusal)
"""


@linux
def test_a_limit_on_memory_is_kept_or_told_in_one_sentence(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(1 << 30)
    done = subprocess.run(
        [sys.executable, "-c", _UNDER_A_LIMIT, HERE, "600", str(large)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    *held, refused = done.stdout.splitlines()
    assert held == ["b'e'", "True", "MemoryError", "b'x'"], done.stderr
    assert "could not start (the worker ended with exit code 1), because CaseKit may use" in refused


def test_a_worker_that_cannot_start_is_a_refusal() -> None:
    with pytest.raises(WorkerNotStarted, match=r"exit code 1\): install CaseKit again"):
        Worker(preload=("there_is_none",)).call(FUNCTIONS + "first", b"")
