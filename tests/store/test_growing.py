from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from casekit.ops.clawback import Notice, receive_notice
from casekit.ops.items import NewItem
from casekit.store import growing, sidecar
from casekit.store.case import Case
from casekit.store.growing import Growing
from tests.builders import file_items, make_exchange, make_item

LEFT = "a table for analytics is left for later"
COST = (None, 0.5, float("nan"))  # of every third exchange; SQLite keeps no NaN


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidecar, "PART_ITEMS", 8)
    monkeypatch.setattr(sidecar, "FETCHED", 3)
    monkeypatch.setattr(growing, "HELD_ROWS", 2)


def exchanges(number: int) -> list[NewItem]:
    return [
        make_exchange(f"p{n}", f"o{n}", "m-1", cost=COST[n % 3], account=f"a{n}" if n % 2 else None)
        for n in range(number)
    ]


def columns(items: Sequence[NewItem], original: bytes) -> dict[str, Sequence[Any]]:
    rows = [
        {**{name: value for name, value in new.columns.items() if name in sidecar.ITEM},
         **(new.exchange or {}), **dict(new.texts), "original_sha256": original}
        for new in items
    ]  # fmt: skip
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def grow(case: Case, tmp_path: Path, sizes: Sequence[int], told: Growing, first: int = 1) -> int:
    """File exchanges, tell of them in runs of these sizes, and return the next id."""
    items = exchanges(sum(sizes))
    original = file_items(case, items, tmp_path, f"file {first}.txt")
    at = 0
    for size in sizes:
        told.add(first + at, size, columns(items[at : at + size], original))
        at += size
    return first + at


def names(case: Case) -> list[str]:
    return sorted(path.name for path in case.derived_file("exchanges/x").parent.iterdir())


def made_again(case: Case) -> list[str]:
    """The files as they are made from the case's tables."""
    for path in case.derived_file("exchanges/x").parent.iterdir():
        path.unlink()
    sidecar.update(case)
    return names(case)


@pytest.mark.parametrize("sizes", [[20], [1] * 20, [8, 8, 4], [5, 9, 6], [2, 3, 11, 4]], ids=str)
def test_the_files_are_those_made_from_the_tables(
    case: Case, tmp_path: Path, sizes: list[int]
) -> None:
    told = Growing(case)
    grow(case, tmp_path, sizes, told)
    assert [
        name[6:] for name in names(case) if name.endswith(".tmp")
    ] != []  # it says that it is at work
    told.close(finished=True)
    found = names(case)
    assert [name.split("-")[1:3] for name in found] == [
        ["000000000001", "000000000008"], ["000000000009", "000000000016"], ["000000000017", "000000000020"],
    ]  # fmt: skip
    assert found == made_again(case)


def test_items_that_are_no_exchanges_leave_their_ids_out(case: Case, tmp_path: Path) -> None:
    told = Growing(case)
    items = exchanges(3)
    mixed = [make_item("a"), *items[:1], make_item("b"), make_item("c"), *items[1:]]
    original = file_items(case, mixed, tmp_path)
    told.add(1, 1)
    told.add(2, 1, columns(items[:1], original))
    told.add(3, 2)
    told.add(5, 2, columns(items[1:], original))
    told.close(finished=True)
    found = names(case)
    assert [
        pq.read_metadata(case.derived_file(f"exchanges/{name}")).num_rows for name in found
    ] == [3]
    assert found == made_again(case)


def test_an_import_without_exchanges_makes_nothing(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(str(n)) for n in range(9)], tmp_path)
    told = Growing(case)
    told.add(1, 9)
    told.close(finished=True)
    assert names(case) == []


def test_what_another_import_filed_in_between_leaves_the_file_to_others(
    case: Case, tmp_path: Path
) -> None:
    told = Growing(case)
    first = grow(case, tmp_path, [5], told)
    file_items(case, exchanges(1), tmp_path, "other.txt")
    first = grow(case, tmp_path, [12], told, first + 1)
    told.close(finished=True)
    assert [name.split("-")[1:3] for name in names(case)] == [
        ["000000000009", "000000000016"], ["000000000017", "000000000018"],
    ]  # fmt: skip
    assert sidecar.update(case) == 8
    assert names(case) == made_again(case)


def test_what_was_filed_behind_it_leaves_the_last_file_to_others(
    case: Case, tmp_path: Path
) -> None:
    told = Growing(case)
    grow(case, tmp_path, [5], told)
    file_items(case, exchanges(1), tmp_path, "other.txt")
    told.close(finished=True)
    assert names(case) == []


def test_a_stop_leaves_nothing_behind(case: Case, tmp_path: Path) -> None:
    told = Growing(case)
    grow(case, tmp_path, [5, 5], told)
    told.close(finished=False)
    assert [name.split("-")[1:3] for name in names(case)] == [["000000000001", "000000000008"]]


def test_what_is_sequestered_goes_into_no_file(case: Case, tmp_path: Path) -> None:
    told = Growing(case)
    grow(case, tmp_path, [5], told)
    with case.write() as s:
        receive_notice(s, Notice("Meridian", ["2"], reference="x"))
    told.close(finished=True)
    assert names(case) == []
    assert sidecar.update(case) == 4


def test_a_full_disk_leaves_the_file_to_others(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told = Growing(case)
    with monkeypatch.context() as patch:
        patch.setattr(sidecar.PartWriter, "publish", raising(OSError("disk full")))
        first = grow(case, tmp_path, [9], told)
        wait(told._ending)  # the thread has met it
    grow(case, tmp_path, [1], told, first)
    told.close(finished=True)
    assert [name.split("-")[1:3] for name in names(case)] == [["000000000009", "000000000010"]]
    assert [each.message for each in caplog.records] == [LEFT]


def test_a_group_that_cannot_be_written_costs_its_file(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told = Growing(case)
    with monkeypatch.context() as patch:
        patch.setattr(pq.ParquetWriter, "write_table", raising(OSError("disk full")))
        first = grow(case, tmp_path, [8], told)
        wait(told._ending)
    grow(case, tmp_path, [1], told, first)
    told.close(finished=True)
    assert [name.split("-")[1:3] for name in names(case)] == [["000000000009", "000000000009"]]
    assert {each.message for each in caplog.records} == {LEFT}


@pytest.mark.parametrize("place", ["hold", "group", "_write", "publish"])
@pytest.mark.parametrize("finished", [True, False])
def test_a_fault_of_ours_is_not_hidden(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, *, finished: bool
) -> None:
    told = Growing(case)
    monkeypatch.setattr(sidecar.PartWriter, place, raising(KeyError("a fault")))
    with pytest.raises(KeyError):
        grow(case, tmp_path, [9], told)
        told.close(finished=finished)
    told.close(finished=False)  # told once
    assert (names(case), told._ending) == ([], [])


def test_a_fault_is_told_by_the_next_file(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Growing(case)
    with monkeypatch.context() as patch:
        patch.setattr(sidecar.PartWriter, "publish", raising(KeyError("a fault")))
        first = grow(case, tmp_path, [9], told)
        wait(told._ending)
    with pytest.raises(KeyError):
        grow(case, tmp_path, [8], told, first)
    told.close(finished=False)
    assert names(case) == []


def test_an_end_that_goes_wrong_leaves_nothing_behind(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Growing(case)
    grow(case, tmp_path, [5], told)
    with monkeypatch.context() as patch:
        patch.setattr(Case, "read", raising(KeyError("a fault")))
        with pytest.raises(KeyError):
            told.close(finished=True)
    assert names(case) == []


def raising(error: Exception) -> Callable[..., None]:
    def act(*_: object, **__: object) -> None:
        raise error

    return act


def test_values_that_no_column_takes_stop_no_import(case: Case, tmp_path: Path) -> None:
    told = Growing(case)
    items = exchanges(6)
    original = file_items(case, items, tmp_path)
    told.add(1, 6, {**columns(items, original), "sha256": [b"short"] * 6})
    told.close(finished=True)
    assert names(case) == []


def test_nobody_else_makes_what_is_being_written(case: Case, tmp_path: Path) -> None:
    told = Growing(case)
    grow(case, tmp_path, [4], told)
    file_items(case, exchanges(6), tmp_path, "other.txt")
    assert sidecar.update(case, whole_only=True) == 0
    assert sidecar.update(case) == 10  # who needs them does not wait
    told.close(finished=False)
    assert [name.split("-")[1] for name in names(case)] == [
        "000000000001",
        "000000000009",
    ]
