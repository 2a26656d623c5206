import json
import threading
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from casekit.jobs import intake
from casekit.jobs.verify import verify
from casekit.search import filling, indexes, search
from casekit.store.case import Case


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
