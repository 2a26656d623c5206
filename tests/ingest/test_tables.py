from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from casekit.confine import Worker
from casekit.errors import Cancelled, CaseKitError
from casekit.ingest import ingest, queue, read_again
from casekit.jobs.verify import verify
from casekit.queries.problems import ProblemFilter, unread
from casekit.store import growing, sidecar
from casekit.store.case import Case
from casekit.store.tables import ingest_run
from tests.evidence import mail, write_log
from tests.store.test_growing import made_again, names


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidecar, "PART_ITEMS", 700)
    monkeypatch.setattr(sidecar, "FETCHED", 300)
    monkeypatch.setattr(growing, "HELD_ROWS", 250)


def answers(count: int) -> dict[str, object]:
    """A record that becomes a family: a question with several answers."""
    choices = [
        {"index": n, "message": {"role": "assistant", "content": f"{n}"}} for n in range(count)
    ]
    return {"id": "x", "object": "chat.completion", "model": "m-2", "choices": choices}


def folder(tmp_path: Path) -> Path:
    made = tmp_path / "logs"
    made.mkdir()
    write_log(made / "a.jsonl", 900)
    (made / "b.eml").write_bytes(mail(1))
    (made / "c.jsonl").write_text("".join(json.dumps(answers(n)) + "\n" for n in (1, 3, 2)))
    write_log(made / "d.jsonl", 800, seed=8, torn_every=50)
    return made


def test_an_import_makes_the_tables_of_what_it_files(case: Case, tmp_path: Path) -> None:
    report = ingest(case, [folder(tmp_path)], tables_from=1)
    found = names(case)
    assert len(found) == 3
    assert sum(pq.read_metadata(case.derived_file(f"exchanges/{name}")).num_rows for name in found) == (
        report.exchanges
    )  # fmt: skip
    assert sidecar.update(case) == 0
    assert found == made_again(case)


def test_a_small_import_leaves_them_for_later(case: Case, tmp_path: Path) -> None:
    write_log(tmp_path / "a.jsonl", 900)
    ingest(case, [tmp_path / "a.jsonl"], tables_from=10_000_000)
    ingest(case, [tmp_path / "a.jsonl"])
    assert names(case) == []


class Stop:
    """Cancels once so many bytes are done."""

    def __init__(self, bytes_done: int) -> None:
        self.at = bytes_done

    def step(self, done: int, total: int | None, text: str) -> None:
        if done >= self.at:
            raise Cancelled


def test_after_a_stop_the_same_import_goes_on(case: Case, tmp_path: Path) -> None:
    place = folder(tmp_path)
    assert ingest(case, [place], Stop(1_000_000), tables_from=1).cancelled
    assert not [name for name in names(case) if name.endswith(".tmp")]
    assert not ingest(case, [place], tables_from=1).cancelled
    sidecar.update(case)
    assert names(case) == made_again(case)


def test_what_is_read_again_is_left_to_the_update(case: Case, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"prompt": "p", "output": "o"}) + "\n{torn\n")
    ingest(case, [tmp_path / "a.jsonl"], tables_from=1)
    with case.read(whole=True) as s:
        originals = unread(s, ProblemFilter())
    read_again(case, originals)
    assert names(case) == made_again(case)


# -- faults of the threads of an import, and stops while they are at work ---------------------------


THREADS = {
    "reading ahead": (Worker, "stream"),
    "emptying the log": (Case, "checkpoint"),
    "writing tables": (sidecar.PartWriter, "_write"),
    "naming tables": (sidecar.PartWriter, "publish"),
}


def assert_resumable(case: Case, place: Path, state: str, threads: int) -> None:
    """Nothing is left of an import that broke off, and the same import again makes all of it."""
    assert threading.active_count() == threads
    assert not [name for name in names(case) if name.endswith(".tmp")]
    assert verify(case).damaged == []
    with case.read() as s:
        assert list(s.execute(select(ingest_run.c.state)).scalars()) == [state]
    ingest(case, [place], tables_from=1)
    report = ingest(case, [place])
    assert (report.items, report.duplicates) == (0, 4)
    sidecar.update(case)
    assert names(case) == made_again(case)
    assert verify(case).damaged == []


@pytest.mark.parametrize(
    ("thread", "stopped"),
    [(each, False) for each in THREADS] + [(each, True) for each in list(THREADS)[1:]],
)
def test_a_fault_of_a_thread_is_told_and_the_case_stays_whole(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thread: str, *, stopped: bool
) -> None:
    """What a stop leaves unread is read later, and its faults with it; others are told when it stops too."""
    place, met, threads = folder(tmp_path), threading.Event(), threading.active_count()

    class Stop:
        def step(self, _done: int, _total: int | None, _text: str) -> None:
            if stopped and met.is_set():
                raise Cancelled

    def broken(*_: Any, **__: Any) -> None:
        assert threading.current_thread() is not threading.main_thread()
        met.set()
        raise KeyError("a fault")

    def broken_off(*given: Any, **named: Any) -> Iterator[bytes]:
        yield next(kept(*given, **named))
        broken()

    kept = getattr(*THREADS[thread])
    monkeypatch.setattr(queue, "CHECKPOINT_ROWS", 100)
    monkeypatch.setattr(queue, "ROWS_A_BATCH", 100)
    with monkeypatch.context() as patch:
        patch.setattr(*THREADS[thread], broken_off if thread == "reading ahead" else broken)
        with pytest.raises(KeyError, match="a fault"):
            ingest(case, [place], Stop(), tables_from=1)
    assert_resumable(case, place, "failed", threads)


@pytest.mark.parametrize("stop", [Cancelled, KeyboardInterrupt])
@pytest.mark.parametrize("thread", THREADS)
def test_a_stop_while_a_thread_is_at_work_leaves_the_case_whole(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thread: str, stop: type[BaseException]
) -> None:  # fmt: skip
    # One group a file: the import never waits for a group that only its own next step lets go.
    monkeypatch.setattr(sidecar, "FETCHED", sidecar.PART_ITEMS)
    place, threads = folder(tmp_path), threading.active_count()
    at_work, let_go = threading.Event(), threading.Event()
    kept = getattr(*THREADS[thread])

    class Stop:
        def step(self, done: int, total: int | None, _text: str) -> None:
            if at_work.is_set() or done == total:
                assert at_work.wait(60)
                let_go.set()
                raise stop

    def slow(*given: Any, **named: Any) -> Any:
        if thread == "reading ahead":
            return slowly(kept(*given, **named))
        wait()
        return kept(*given, **named)

    def slowly(frames: Iterator[bytes]) -> Iterator[bytes]:
        yield next(frames)
        wait()
        yield from frames

    def wait() -> None:
        at_work.set()
        assert let_go.wait(60)
        time.sleep(0.05)  # meanwhile the import comes to its end, and has to wait

    monkeypatch.setattr(queue, "CHECKPOINT_ROWS", 100)
    monkeypatch.setattr(queue, "ROWS_A_BATCH", 100)
    with monkeypatch.context() as patch:
        patch.setattr(*THREADS[thread], slow)
        if stop is Cancelled:
            assert ingest(case, [place], Stop(), tables_from=1).cancelled
        else:
            with pytest.raises(KeyboardInterrupt):
                ingest(case, [place], Stop(), tables_from=1)
    assert_resumable(case, place, "cancelled", threads)


def test_a_disk_that_is_full_when_the_log_is_emptied_is_a_refusal(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Case) -> None:
        raise OperationalError("x", None, Exception("database or disk is full"))

    write_log(tmp_path / "a.jsonl", 300)
    monkeypatch.setattr(queue, "CHECKPOINT_ROWS", 100)
    monkeypatch.setattr(Case, "checkpoint", full)
    with pytest.raises(CaseKitError, match="disk that holds the case is full"):
        ingest(case, [tmp_path / "a.jsonl"])
