"""Power for the promise that nothing received is lost: processes are killed at random moments of their work."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from casekit.errors import Cancelled, CaseKitError
from casekit.ingest import ingest, prefetch, queue, run
from casekit.jobs.verify import verify
from casekit.store import vault as vault_module
from casekit.store.case import Case, create_case, open_case
from casekit.store.tables import item, item_tag, original, problem, tag
from tests.conftest import ROOT
from tests.evidence import write_folder, write_log
from tests.waiting import alive, wait_until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills processes as POSIX does")


@dataclass(slots=True)
class Life:
    """What a killed process had said: the last of each acknowledgement, its workers, how it ended."""

    said: dict[str, Any] = field(default_factory=dict)
    workers: list[int] = field(default_factory=list)
    ended: int = 0


class Victims:
    """Starts jobs in processes of their own and kills them."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.crash_child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            bufsize=0,
        )

    def live(self, job: str, *arguments: object, seconds: float | None = None) -> Life:
        """Run a job; after `seconds` it is killed, None lets it finish."""
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps([job, arguments]).encode() + b"\n")
        pid = self._line()["pid"]
        if seconds is not None:
            time.sleep(seconds)
            os.kill(pid, signal.SIGKILL)  # not yet waited for: the number is still its own
        self._server.stdin.write(b"\n")
        life = Life()
        while "ended" not in (line := self._line()):
            if "worker" in line:
                life.workers.append(line["worker"])
            life.said.update(line)
        life.ended = line["ended"]
        return life

    def close(self) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()

    def _line(self) -> dict[str, Any]:
        assert self._server.stdout is not None
        line: dict[str, Any] = json.loads(self._server.stdout.readline())
        return line


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    made = Victims()
    yield made
    made.close()


@dataclass(frozen=True, slots=True)
class Reference:
    """An import that nobody disturbed."""

    folder: Path
    digests: list[bytes]
    problems: list[tuple[object, ...]]
    seconds: float


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return undisturbed(tmp_path_factory, records=1000, mails=100)


@pytest.fixture(scope="module")
def large_reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return undisturbed(tmp_path_factory, records=3000, mails=300)


def undisturbed(places: pytest.TempPathFactory, *, records: int, mails: int) -> Reference:
    folder = write_folder(places.mktemp("evidence") / "Server 1", records=records, mails=mails)
    with create_case(places.mktemp("undisturbed") / "Case", "m") as case:
        started = time.monotonic()
        ingest(case, [folder])
        return Reference(folder, digests(case), problems(case), time.monotonic() - started)


def digests(case: Case) -> list[bytes]:
    """What the case says of every item, in order of the ids."""
    with case.read() as s:
        return list(s.execute(select(item.c.digest).order_by(item.c.id)).scalars())


def digests_by_original(case: Case) -> dict[bytes, list[bytes]]:
    """The same for each original, for imports that came to their files in another order."""
    query = select(original.c.sha256, item.c.digest).join(item).order_by(item.c.id)
    found: dict[bytes, list[bytes]] = {}
    with case.read() as s:
        for sha256, digest in s.execute(query):
            found.setdefault(sha256, []).append(digest)
    return found


def problems(case: Case) -> list[tuple[object, ...]]:
    """Every problem with its place; one told twice is there twice."""
    columns = (problem.c.path, problem.c.kind, problem.c.line, problem.c.offset, problem.c.length)
    with case.read() as s:
        return sorted((tuple(row) for row in s.execute(select(*columns))), key=repr)


def places(case: Case) -> int:
    """How many different places in originals the items have."""
    with case.read() as s:
        distinct = select(item.c.original_id, item.c.pointer).distinct().subquery()
        return s.execute(select(func.count()).select_from(distinct)).scalar() or 0


def assert_whole(case: Case, want: Reference, life: Life) -> int:
    """After a kill: all that was acknowledged, nothing twice, nothing damaged; returns the items there."""
    found = digests(case)
    assert len(found) >= life.said.get("items", 0)
    assert found == want.digests[: len(found)]
    assert case.head() >= life.said.get("head", 0)
    assert places(case) == len(found)
    assert verify(case).damaged == []
    return len(found)


def assert_gone(pids: list[int]) -> None:
    """No worker outlives its importer for long."""
    wait_until(lambda: not any(map(alive, pids)), f"the end of the workers {pids}")


def kill_imports(
    victims: Victims, want: Reference, tmp_path: Path, kills: int, seed: int, midway_wanted: int
) -> None:
    """Kill so many imports, each going on where the one before died, and more until enough found work done."""
    generator = random.Random(seed)
    done = midway = number = 0

    def enough() -> bool:
        return done >= kills and (midway >= midway_wanted or done >= 5 * kills)

    while not enough():
        number += 1
        with create_case(tmp_path / f"Case {number}", "m") as case:
            here = 0
            while not enough() and here < len(want.digests):
                left = 1 - here / len(want.digests)
                seconds = generator.uniform(0, want.seconds * left + 0.2)
                life = victims.live("import", str(case.folder), str(want.folder), seconds=seconds)
                assert "failed" not in life.said
                assert_gone(life.workers)
                done += life.ended == -signal.SIGKILL
                here = assert_whole(case, want, life)
                midway += 0 < here < len(want.digests)
            life = victims.live("import", str(case.folder), str(want.folder))
            assert (life.ended, "finished" in life.said) == (0, True)
            assert assert_whole(case, want, life) == len(want.digests)
            assert problems(case) == want.problems
        shutil.rmtree(tmp_path / f"Case {number}.casekit")
    assert midway >= midway_wanted


def test_imports_killed_at_random_moments_lose_and_double_nothing(
    victims: Victims, reference: Reference, tmp_path: Path
) -> None:
    kill_imports(victims, reference, tmp_path, kills=20, seed=20, midway_wanted=3)


@pytest.mark.slow
def test_a_hundred_imports_killed_at_random_moments_lose_and_double_nothing(
    victims: Victims, large_reference: Reference, tmp_path: Path
) -> None:
    kill_imports(victims, large_reference, tmp_path, kills=100, seed=100, midway_wanted=20)


def test_a_bulk_act_killed_at_a_random_moment_is_whole_or_not_there(
    victims: Victims, reference: Reference, tmp_path: Path
) -> None:
    generator = random.Random(3)
    with create_case(tmp_path / "Tagged", "m") as case:
        ingest(case, [reference.folder])
        every = len(reference.digests)
        first = lives = 0
        while lives < 8 or not first:
            lives += 1  # each lives longer, so that in the end one gets to an act on any machine
            life = victims.live(
                "tag",
                str(case.folder),
                first,
                5000,
                seconds=lives / 8 * generator.uniform(0.02, 0.9),
            )
            assert life.ended == -signal.SIGKILL
            with case.read() as s:
                rows = s.execute(
                    select(tag.c.name, func.count(item_tag.c.item_id))
                    .join(item_tag, item_tag.c.tag_id == tag.c.id)
                    .group_by(tag.c.name)
                )
                carried = {name: int(count) for name, count in rows}
            assert set(carried.values()) <= {every}
            assert carried.keys() >= {f"round/{n}" for n in range(life.said.get("tagged", -1) + 1)}
            first = len(carried)
        assert verify(case).damaged == []


# -- in this process ------------------------------------------------------------------------------


class Watched(run.Worker):
    """A worker that the test can find."""

    last: Watched | None = None

    def __init__(self, **known: Any) -> None:
        super().__init__(**known)
        Watched.last = self


class At:
    """A progress that does something once, at its step number `step` that speaks of `name`."""

    def __init__(self, name: str, step: int, act: Callable[[], None]) -> None:
        self._name, self._left, self._act = name, step, act

    def step(self, done: int, total: int | None, text: str) -> None:
        if text.endswith(self._name):
            self._left -= 1
            if self._left == 0:
                self._act()


def test_a_worker_killed_in_the_middle_of_a_file_costs_that_file(
    tmp_path: Path, reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "Worker", Watched)

    def kill() -> None:
        assert Watched.last is not None
        assert Watched.last.pid is not None
        os.kill(Watched.last.pid, signal.SIGKILL)

    folder = tmp_path / "evidence"
    shutil.copytree(reference.folder, folder)
    records = 12_000  # more than fits between the worker and the one who files
    write_log(folder / "api.jsonl", records)
    monkeypatch.setattr(prefetch, "FRAMES", 1)  # else a quick worker is through before it is hit
    monkeypatch.setattr(
        run, "usual_number", lambda: 1
    )  # so that the last worker made is the one at work
    with create_case(tmp_path / "Calm", "m") as calm:
        ingest(calm, [folder])
        want = digests_by_original(calm)
    with create_case(tmp_path / "Hit", "m") as case:
        report = ingest(case, [folder], At("api.jsonl", 2, kill))
        hit = [p for p in report.problems if p["stage"] == "worker"]
        assert [(p["path"], p["kind"]) for p in hit] == [("evidence/api.jsonl", "crashed")]
        assert report.bytes_accounted == report.bytes_total
        found = digests_by_original(case)
        short = [sha for sha in want if found.get(sha) != want[sha]]
        assert len(short) == 1
        read = found[short[0]]
        assert read == want[short[0]][: len(read)]
        assert 0 < len(read) < records
        again = ingest(case, [folder])
        assert (again.items, again.exchanges) == (records - len(read), records - len(read))
        assert digests_by_original(case) == want
        assert verify(case).damaged == []


@pytest.mark.parametrize("step", [1, 2, 4])
def test_a_cancelled_import_goes_on_to_the_same_items(
    case: Case, reference: Reference, step: int
) -> None:
    def cancel() -> None:
        raise Cancelled

    report = ingest(case, [reference.folder], At("api.jsonl", step, cancel))
    assert report.cancelled
    found = digests(case)
    assert found == reference.digests[: len(found)]
    assert len(found) < len(reference.digests)
    rest = ingest(case, [reference.folder])
    assert not rest.cancelled
    assert len(found) + rest.items == len(reference.digests)
    assert digests(case) == reference.digests
    assert problems(case) == reference.problems
    assert verify(case).damaged == []


def test_an_original_is_safe_on_disk_before_a_transaction_speaks_of_it(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kills cannot show a missing fsync, because the system's cache outlives the process: order can."""
    acts: list[str] = []
    sync, rename, write = os.fsync, os.rename, Case.write

    def fsync(descriptor: int) -> None:
        place = Path(f"/proc/self/fd/{descriptor}").readlink().relative_to(case.folder)
        acts.append(
            f"fsync {'/'.join(part if len(part) < 5 or i == 0 else '*' for i, part in enumerate(place.parts))}"
        )
        sync(descriptor)

    def renamed(source: Path, target: Path) -> None:
        acts.append("rename")
        rename(source, target)

    @contextmanager
    def written(self: Case, *, polite: bool = False) -> Iterator[object]:
        with write(self, polite=polite) as s:
            yield s
        acts.append("commit")

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", renamed)
    monkeypatch.setattr(Case, "write", written)
    (tmp_path / "letter.txt").write_text("We ask you to stop.\n")
    assert vault_module.os is os
    ingest(case, [tmp_path / "letter.txt"])
    digest = digests_by_original(case).popitem()[0].hex()
    acts[3:5] = sorted(acts[3:5])
    assert (
        acts
        == [
            "commit",  # the import is on record
            "fsync vault/tmp/*",
            "rename",
            "fsync vault",
            f"fsync vault/{digest[:2]}",
            "commit",  # receipt and items
            "commit",  # the report
        ]
    )


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A file system of that size, where we may make one."""
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True
    )
    if made.returncode:
        pytest.skip("only root can make a small disk to fill")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


ROOM_LEFT = 300_000  # bytes: enough to begin with, not for the whole import


def test_a_full_disk_is_a_refusal_and_the_import_goes_on_when_there_is_space(
    tmp_path: Path, reference: Reference
) -> None:
    with small_disk(tmp_path / "disk", "6m") as disk:
        ballast = disk / "ballast"
        with create_case(disk / "Case", "m") as case:
            free = os.statvfs(disk)
            ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - ROOM_LEFT))
            with pytest.raises(CaseKitError, match="space"):
                ingest(case, [reference.folder])
            found = digests(case)
            assert found == reference.digests[: len(found)]
            ballast.unlink()
            assert verify(case).damaged == []
            subprocess.run(["mount", "-o", "remount,size=60m", str(disk)], check=True)
            ingest(case, [reference.folder])
            assert sorted(digests(case)) == sorted(reference.digests)
            assert verify(case).damaged == []


def test_a_case_killed_and_copied_opens_elsewhere(
    victims: Victims, reference: Reference, tmp_path: Path
) -> None:
    """The write-ahead log goes with the folder: no repair, no lock of the dead process is in the way."""
    with create_case(tmp_path / "Here", "m") as case:
        folder = case.folder
    life = victims.live(
        "import", str(folder), str(reference.folder), seconds=reference.seconds * 0.7
    )
    moved = tmp_path / "usb stick" / "There.casekit"
    shutil.copytree(folder, moved)
    with open_case(moved) as case:
        assert_whole(case, reference, life)
        ingest(case, [reference.folder])
        assert digests(case) == reference.digests
    assert queue.ROWS_A_BATCH > 150  # the child's own setting stayed its own
