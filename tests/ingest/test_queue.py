from __future__ import annotations

import hashlib
import threading
from concurrent.futures import wait
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from casekit.ingest import ingest, queue
from casekit.ingest.queue import Queue
from casekit.ops import items as item_ops
from casekit.ops.items import Filed, NewItem, Received, Row
from casekit.queries import items, problems
from casekit.store.case import Case
from casekit.store.growing import Growing
from tests.builders import make_item
from tests.evidence import write_log, write_mbox


def begin(case: Case) -> Queue:
    with case.write() as s:
        return Queue(case, item_ops.start_run(s, "[]", "none"))


def original(case: Case, tmp_path: Path, name: str = "file.txt") -> bytes:
    (tmp_path / name).write_text(name)
    return case.vault.deposit(tmp_path / name).sha256


def heads(sha256: bytes, *titles: str) -> list[NewItem]:
    made = [make_item(title) for title in titles]
    for head in made:
        item_ops.digest_family(head, sha256)
    return made


def titles(case: Case) -> list[str]:
    with case.read() as s:
        return [row.title for row in items.rows(s, items.item_ids(s, None, order="id"))]


def trouble(text: str) -> Row:
    return {
        "path": "p",
        "stage": "parse",
        "kind": "k",
        "text": text,
        "line": None,
        "offset": None,
        "length": None,
    }


def test_all_that_waits_becomes_one_act(case: Case, tmp_path: Path) -> None:
    sha = original(case, tmp_path)
    waiting = begin(case)
    head = case.head()
    assert waiting.state_of(sha) == ("", 0)
    waiting.receive(Received(sha, 8, "Helen", {"path": "file.txt"}))
    waiting.file(sha, "mbox", "reading", heads(sha, "a", "b"))
    assert waiting.state_of(sha) == ("reading", 2)
    waiting.file(sha, "mbox", "read", heads(sha, "c"))
    waiting.trouble(sha, trouble("one"))
    waiting.trouble(b"", trouble("none's"))
    assert (case.head(), titles(case)) == (head, [])
    assert waiting.flush() == []
    assert (case.head(), titles(case)) == (head + 1, ["a", "b", "c"])
    assert waiting.state_of(sha) == ("read", 3)
    with case.read() as s:
        assert [p.text for p in problems.problems(s)] == ["one", "none's"]
    assert waiting.flush() == []
    assert case.head() == head + 1  # nothing waits: no act


def test_the_log_is_emptied_on_the_way(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "CHECKPOINT_ROWS", 4)
    emptied = []
    monkeypatch.setattr(Case, "checkpoint", lambda c: emptied.append(titles(c)))
    sha = original(case, tmp_path)
    waiting = begin(case)
    waiting.receive(Received(sha, 8, "", {"path": "file.txt"}))
    for name in "ab":
        waiting.file(sha, "mbox", "reading", heads(sha, name))
        waiting.flush()
    waiting.close(finished=False)
    assert emptied == [["a", "b"]]


@pytest.mark.parametrize("ended", [True, False])
def test_a_log_that_cannot_be_emptied_is_told_once(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, ended: bool
) -> None:
    def broken(_: Case) -> None:
        raise KeyError("a fault")

    monkeypatch.setattr(queue, "CHECKPOINT_ROWS", 1)
    monkeypatch.setattr(Case, "checkpoint", broken)
    waiting = begin(case)
    waiting.trouble(b"", trouble("one"))
    waiting.flush()
    assert waiting._checkpoint is not None
    wait([waiting._checkpoint])
    with pytest.raises(KeyError):
        if ended:
            waiting.close(finished=True)
        else:
            waiting.trouble(b"", trouble("two"))
            waiting.flush()
    waiting.close(finished=False)
    with case.read() as s:
        assert [p.text for p in problems.problems(s)] == (["one"] if ended else ["one", "two"])


def test_it_is_due_by_rows_and_by_time(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = original(case, tmp_path)
    monkeypatch.setattr(queue, "ROWS_A_BATCH", 4)
    waiting = begin(case)
    waiting.state_of(sha)
    waiting.receive(Received(sha, 8, "", {"path": "file.txt"}))
    waiting.flush_if_due()
    assert titles(case) == []
    waiting.file(sha, "text", "reading", heads(sha, "a", "b"))  # 1 receipt, 1 state, 2 items
    waiting.flush_if_due()
    waiting.settle()
    assert titles(case) == ["a", "b"]
    waiting.file(sha, "text", "read", heads(sha, "c"))
    waiting.flush_if_due()
    waiting.settle()
    assert titles(case) == ["a", "b"]
    monkeypatch.setattr(queue, "SECONDS_A_BATCH", 0.0)
    waiting.flush_if_due()
    waiting.settle()
    assert titles(case) == ["a", "b", "c"]


def filed(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Queue, bytes]:
    """A queue that files whatever comes at once, and an original of which an item waits."""
    monkeypatch.setattr(queue, "ROWS_A_BATCH", 1)
    sha = original(case, tmp_path)
    waiting = begin(case)
    waiting.state_of(sha)
    waiting.receive(Received(sha, 8, "", {"path": "file.txt"}))
    waiting.file(sha, "text", "reading", heads(sha, "a"))
    return waiting, sha


def test_rows_are_made_while_others_are_committed(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, sha = filed(case, tmp_path, monkeypatch)
    told: list[list[str]] = []
    monkeypatch.setattr(queue, "hand_on", lambda _filed, growing: told.append(titles(case)))
    waiting.growing = Growing(case)
    committed, may = queue._committed, threading.Event()

    def slow(transaction: ExitStack, locked: float) -> float:
        may.wait()
        return committed(transaction, locked)

    monkeypatch.setattr(queue, "_committed", slow)
    waiting.flush_if_due()
    waiting.file(sha, "text", "reading", heads(sha, "b"))
    assert (titles(case), told) == ([], [])
    may.set()
    assert waiting.state_of(sha) == ("reading", 2)  # it looks into the case, so it waits
    assert (titles(case), told) == (["a"], [["a"]])
    waiting.flush()
    assert (titles(case), told) == (["a", "b"], [["a"], ["a", "b"]])
    waiting.close(finished=False)


@pytest.mark.parametrize("how", ["next", "end", "close"])
def test_a_commit_that_fails_is_told_and_nothing_is_handed_on(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    waiting, sha = filed(case, tmp_path, monkeypatch)
    told: list[object] = []
    monkeypatch.setattr(queue, "hand_on", lambda filed, _growing: told.append(filed))
    waiting.growing = Growing(case)
    ended: list[bool] = []
    monkeypatch.setattr(waiting.growing, "close", lambda *, finished: ended.append(finished))

    def broken(transaction: ExitStack, _locked: float) -> float:
        transaction.callback(lambda: 1 / 0)  # before what is below it: the transaction
        transaction.close()
        return 0.0

    monkeypatch.setattr(queue, "_committed", broken)
    waiting.flush_if_due()
    assert waiting._commit is not None
    wait([waiting._commit])
    with pytest.raises(ZeroDivisionError):
        if how == "next":
            waiting.file(sha, "text", "read", heads(sha, "b"))
            waiting.flush_if_due()
        elif how == "end":
            waiting.flush()
        else:
            waiting.close(finished=True)
    waiting.close(finished=how != "close")
    assert (titles(case), told) == ([], [])
    assert ended == [how != "close"]
    with case.write():
        pass  # nothing of it is left


def test_a_transaction_is_taken_back_where_no_thread_starts(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, _ = filed(case, tmp_path, monkeypatch)

    def refused(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(waiting._committer, "submit", refused)
    with pytest.raises(RuntimeError) as error:
        waiting.flush()
    assert "start new thread" in str(error.value)
    with case.write():
        pass
    assert titles(case) == []
    waiting.close(finished=False)


def test_a_slow_computer_keeps_others_waiting_no_longer(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that a transaction takes 4 ms an item by: 20 fit in the time allowed."""
    now = [0.0]
    monkeypatch.setattr(queue.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(queue, "LEAST_ROWS", 10)
    sha = original(case, tmp_path)
    waiting = begin(case)
    waiting.state_of(sha)
    waiting.receive(Received(sha, 8, "", {"path": "file.txt"}))
    file_batch, sizes = item_ops.file_batch, []

    def slow(
        s: Any, run_id: int, received: Any, filed: list[Filed], problems: Any, again: Any
    ) -> None:
        sizes.append(sum(len(each.heads) for each in filed))
        now[0] += 0.004 * sizes[-1]
        file_batch(s, run_id, received, filed, problems, again)

    monkeypatch.setattr(item_ops, "file_batch", slow)
    for number in range(2400):
        waiting.file(sha, "text", "reading", heads(sha, str(number)))
        waiting.flush_if_due()
    assert sizes[0] == 1000  # 2,000 rows: each item here comes with a state
    assert set(sizes[1:]) == {20}


@pytest.mark.parametrize("state", ["reading", "read"])
def test_two_imports_of_the_same_bytes_at_once_file_them_once(
    case: Case, tmp_path: Path, state: str
) -> None:
    sha, other = original(case, tmp_path), original(case, tmp_path, "other.txt")
    one, two = begin(case), begin(case)
    for each in (one, two):
        assert each.state_of(sha) == ("", 0)
        each.receive(Received(sha, 8, "", {"path": "file.txt"}))
        each.file(sha, "text", state, heads(sha, "a", "b"))
        each.trouble(sha, trouble("one"))
    two.state_of(other)
    two.receive(Received(other, 9, "", {"path": "other.txt"}))
    two.file(other, "text", "read", heads(other, "another"))
    assert one.flush() == []
    (dropped,) = two.flush()
    assert (dropped.sha256, [head.columns["title"] for head in dropped.heads]) == (sha, ["a", "b"])
    assert (one.is_elsewhere(sha), two.is_elsewhere(sha), two.is_elsewhere(other)) == (
        False,
        True,
        False,
    )
    assert titles(case) == ["a", "b", "another"]
    with case.read() as s:
        assert [p.text for p in problems.problems(s)] == ["one"]
        assert len(items.view(s, 1).receipts) == 2  # received twice it was
    one.file(sha, "text", "read", heads(sha, "c"))
    assert one.flush() == ([] if state == "reading" else [one_filed(sha)])
    assert two.state_of(sha)[0] == "read"
    assert not two.is_elsewhere(sha)


def one_filed(sha: bytes) -> object:
    return item_ops.Filed(sha, "text", "read", heads(sha, "c"))


def test_no_change_of_speed_changes_a_stored_value(case: Case, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", 300, torn_every=50)
    ingest(case, [log, write_mbox(tmp_path / "mails.mbox", 20)])
    seen = hashlib.sha256()
    with case.read() as s:
        for name in ("item", "item_text", "item_party", "exchange", "mail", "problem"):
            for row in s.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1, 2"):
                seen.update(repr(tuple(row)).encode())
    assert seen.hexdigest() == "76b3817ddbfab6188a2b42d7ac0ccf81af24fdc750795607ca5d42fa41369e78"
