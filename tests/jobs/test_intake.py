import json
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest

from casekit.jobs import intake
from casekit.jobs.follow import Follower
from casekit.jobs.verify import verify
from casekit.search import filling, indexes, search
from casekit.store.case import Case
from casekit.store.vault import Deposit, Vault


def test_what_came_in_can_be_searched_at_once(case: Case, tmp_path: Path) -> None:
    lines = [json.dumps({"prompt": f"number {n}?", "output": f"It is {n}."}) for n in range(3000)]
    (tmp_path / "m-1.jsonl").write_text("\n".join(lines))
    report = intake.take_in(case, [tmp_path / "m-1.jsonl"])
    assert (report.items, search(case, "model:m-1 number").total) == (3000, 3000)
    assert verify(case).ok
    assert [t.name for t in threading.enumerate() if t.name.startswith("casekit")] == []


def test_a_large_import_is_followed_by_a_second_process(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LARGE_BYTES", 1)
    lines = [json.dumps({"prompt": f"number {n}?", "output": f"It is {n}."}) for n in range(3000)]
    (tmp_path / "m-1.jsonl").write_text("\n".join(lines))
    assert intake.take_in(case, [tmp_path / "m-1.jsonl"]).items == 3000
    tables = list(case.derived_file("exchanges/x").parent.glob("*.parquet"))
    assert [pq.read_metadata(table).num_rows for table in tables] == [3000]
    assert indexes.prepare(case, filling.SCHEMA).done == 3000


def test_the_follower_starts_before_anything_is_received_and_hurries_at_the_end(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LARGE_BYTES", 1)
    done: list[object] = []
    for act in ("start", "hurry", "finish"):
        monkeypatch.setattr(Follower, act, lambda _self, act=act: done.append(act))
    deposit = Vault.deposit

    def watched(vault: Vault, path: Path, **how: Any) -> Deposit:
        done.append(path.name)
        return deposit(vault, path, **how)

    monkeypatch.setattr(Vault, "deposit", watched)
    (tmp_path / "a.txt").write_text("a" * 90)
    (tmp_path / "b.txt").write_text("b" * 9)
    (tmp_path / "c.txt").write_text("c")
    steps: list[float] = []
    told = SimpleNamespace(step=lambda one, all_, _text: steps.append(one / all_) if all_ else None)
    intake.take_in(case, [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")], told)
    assert done[:2] == ["start", "a.txt"]
    assert [act for act in done if act in ("start", "hurry", "finish")] == [
        "start",
        "hurry",
        "finish",
    ]
    assert (steps[0], steps[-1]) == (0, 1)


def test_a_small_import_needs_none(case: Case, tmp_path: Path) -> None:
    (tmp_path / "m-1.jsonl").write_text('{"prompt": "p", "output": "o"}\n')
    assert intake.take_in(case, [tmp_path / "m-1.jsonl"]).items == 1
    assert list(case.derived_file("exchanges/x").parent.glob("*")) == []


def test_trouble_with_the_index_does_not_touch_the_import(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(intake, "index_pending", fail)
    (tmp_path / "a.txt").write_text("kept")
    with pytest.raises(OSError, match="disk full"):
        intake.take_in(case, [tmp_path / "a.txt"])
    assert verify(case).checked["items"] == 1
