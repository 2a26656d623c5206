import io
import math
import signal
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import IO, cast

import pytest

from casekit.errors import Cancelled
from casekit.jobs import follow
from casekit.progress import Silent
from casekit.search import filling, indexes
from casekit.store import sidecar
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item
from tests.waiting import wait_until


class Impatient:
    def step(self, done: int, total: int | None, text: str) -> None:
        raise Cancelled


def indexed(case: Case) -> int:
    return indexes.prepare(case, filling.SCHEMA).done


@pytest.mark.parametrize(("order", "tables"), [(b"\n", [(1, 1)]), (b"", [])])
def test_it_makes_the_last_tables_when_told_and_ends_with_its_importer(
    case: Case, tmp_path: Path, order: bytes, tables: list[tuple[int, int]]
) -> None:
    file_items(case, [make_exchange("p", "o", "m-1")], tmp_path)
    follow.follow(case, io.BytesIO(order))
    assert names(case) == tables


def test_another_process_indexes_what_is_there(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("a"), make_item("b")], tmp_path)
    follower = follow.Follower(case)
    follower.finish()  # not started: nothing to do
    follower.wait(Silent())
    follower.leave()
    assert indexed(case) == 0
    follower.start()
    wait_for(lambda: indexed(case) == 2)
    follower.finish()
    follower.wait(Silent())
    assert indexed(case) == 2


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no such signal here")
def test_one_that_does_not_end_is_ended(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "_PATIENCE", 0.2)
    follower = follow.Follower(case)
    follower.start()
    process = follower._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)  # deaf to its orders, as one stuck in a call would be
    follower.leave()
    assert process.returncode == -signal.SIGKILL


def test_tables_for_analytics_are_made_while_the_import_goes_on(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sidecar, "PART_ITEMS", 4)
    file_items(case, [make_exchange(f"p{n}", f"o{n}", "m-1") for n in range(6)], tmp_path)
    made = []
    orders = SimpleNamespace(read=lambda _n: wait_for(lambda: made.append(names(case)) or made[-1]))
    follow.follow(case, cast("IO[bytes]", orders))
    assert made[-1] == [(1, 4)]
    assert names(case) == [(1, 4), (5, 6)]  # the last one at the end


def test_a_few_items_wait_for_others_but_not_long(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_items(case, [make_item("a")], tmp_path)
    asked: list[int] = []

    def index_pending(_case: Case, _progress: object, *, least: int) -> int:
        asked.append(least)
        return 0

    monkeypatch.setattr(filling, "index_pending", index_pending)
    monkeypatch.setattr(follow, "ROUND_SECONDS", 0.001)
    for seconds, said in ((math.inf, [1, filling.BATCH_ITEMS]), (0.0, [1, 1])):
        monkeypatch.setattr(follow, "LATEST_SECONDS", seconds)
        asked.clear()
        orders = SimpleNamespace(read=lambda _n: wait_for(lambda: len(asked) >= 2) or b"")
        follow.follow(case, cast("IO[bytes]", orders))
        assert asked[:2] == said
    monkeypatch.setattr(follow, "LATEST_SECONDS", math.inf)
    asked.clear()
    said_so = iter([b"."])  # the import is nearly over

    def read(_n: int) -> bytes:
        return next(said_so, b"") or wait_for(lambda: follow.SOON_ITEMS in asked)

    follow.follow(case, cast("IO[bytes]", SimpleNamespace(read=read)))
    assert asked[-1] == follow.SOON_ITEMS


def test_it_hears_that_the_import_is_nearly_over(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("a")], tmp_path)
    follower = follow.Follower(case)
    follower.hurry()  # not started: nothing to do
    follower.start()
    follower.hurry()
    wait_for(lambda: indexed(case) == 1)  # it goes on
    assert follower._process is not None
    assert follower._process.poll() is None
    follower._process.kill()
    follower._process.wait()
    follower.hurry()  # it is gone
    follower.finish()
    follower.wait(Silent())
    follower.leave()


def names(case: Case) -> list[tuple[int, int]]:
    files = case.derived_file("exchanges/x").parent.glob("*.parquet")
    return sorted((int(f.name.split("-")[1]), int(f.name.split("-")[2])) for f in files)


def wait_for(seen: Callable[[], object]) -> bytes:
    wait_until(seen, "what the follower does")
    return b"\n"


def test_it_takes_no_code_from_the_folder_we_stand_in(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_items(case, [make_item("a")], tmp_path)
    for name in ("orjson.py", "casekit.py", "sitecustomize.py"):
        (tmp_path / name).write_text("from pathlib import Path; Path('ran').touch()\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "")
    follower = follow.Follower(case)
    follower.start()
    wait_for(lambda: indexed(case) == 1)
    follower.finish()
    follower.wait(Silent())
    assert indexed(case) == 1
    assert not (tmp_path / "ran").exists()


def test_waiting_for_it_can_be_cancelled(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_items(case, [make_item("a")], tmp_path)
    monkeypatch.setattr(follow, "ROUND_SECONDS", 0.001)
    follower = follow.Follower(case)
    follower.start()
    with pytest.raises(Cancelled):
        follower.wait(Impatient())
    follower.leave()
    assert indexed(case) in (0, 1)
