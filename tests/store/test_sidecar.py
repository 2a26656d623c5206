from __future__ import annotations

import os
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from casekit.errors import Cancelled
from casekit.store import sidecar
from casekit.store.case import Case
from casekit.store.tables import REVISION
from tests.builders import file_items, make_exchange, make_item
from tests.search.test_filling import CancelAfter


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidecar, "PART_ITEMS", 4)
    monkeypatch.setattr(sidecar, "FETCHED", 3)


def fill(case: Case, tmp_path: Path, number: int) -> None:
    file_items(case, [make_exchange(f"p{n}", f"o{n}", "m-1") for n in range(number)], tmp_path)


def ranges(case: Case) -> list[tuple[int, int]]:
    return [(part.first, part.last) for part in sidecar.parts(case)]


def test_every_exchange_is_there_with_its_texts(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("a letter")], tmp_path)
    fill(case, tmp_path, 6)
    assert sidecar.update(case) == 6
    rows = [row for part in sidecar.parts(case) for row in pq.read_table(part.path).to_pylist()]
    assert [row["item_id"] for row in rows] == [2, 3, 4, 5, 6, 7]
    assert [(row["prompt"], row["output"]) for row in rows] == [
        (f"p{n}", f"o{n}") for n in range(6)
    ]
    assert {row["model"] for row in rows} == {"m-1"}
    assert rows[0]["system"] is rows[0]["account"] is None
    assert len(rows[0]["original_sha256"]) == len(rows[0]["sha256"]) == 32


def test_the_last_file_is_replaced_when_more_comes_in(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path, 6)
    assert sidecar.update(case, whole_only=True) == 4
    assert ranges(case) == [(1, 4), (5, 6)]
    first = sidecar.parts(case)[0]
    fill(case, tmp_path, 3)
    assert ranges(case) == [(1, 4), (5, 8), (9, 9)]
    assert sidecar.parts(case)[0] == first
    assert len(list(first.path.parent.iterdir())) == 3


def test_the_same_rows_give_the_same_bytes_and_damage_is_mended(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path, 6)
    made = sidecar.parts(case)
    made[1].path.write_bytes(made[1].path.read_bytes()[:-1] + b"\0")
    made[0].path.unlink()
    assert sidecar.parts(case) == made


def test_what_is_no_exchange_makes_no_file(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(str(n)) for n in range(9)], tmp_path)
    assert (sidecar.update(case), sidecar.parts(case)) == (0, [])


def test_cancelled_it_goes_on_where_it_stopped(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path, 10)
    with pytest.raises(Cancelled):
        sidecar.update(case, CancelAfter(1))
    assert sidecar.update(case) == 2
    assert ranges(case) == [(1, 4), (5, 8), (9, 10)]


def test_a_file_that_is_none_of_ours_is_not_counted(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path, 8)
    first, second = sidecar.parts(case)
    data = second.path.read_bytes()
    for strange in (second.path.name.replace("000000000005-", "000000000003-"),
                    second.path.name.replace("000000000008-", "000000000018-"),
                    second.path.name.replace(REVISION, "0001")):  # fmt: skip
        second.path.with_name(strange).write_bytes(data)
    assert sidecar.parts(case) == [first, second]


def test_what_a_crash_left_behind_is_removed(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path, 4)
    folder = sidecar.parts(case)[0].path.parent
    for name, age in (("old.tmp", 7200), ("new.tmp", 0)):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (time.time() - age,) * 2)
    fill(case, tmp_path, 1)
    assert ranges(case) == [(1, 4), (5, 5)]
    assert [path.name for path in folder.glob("*.tmp")] == ["new.tmp"]
