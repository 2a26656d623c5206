import io
from pathlib import Path

import pytest

from casekit.jobs import follow
from casekit.search import filling, indexes
from casekit.store.case import Case
from tests.builders import file_items, make_item


def indexed(case: Case) -> int:
    return indexes.prepare(case, filling.SCHEMA).done


@pytest.mark.parametrize(("order", "expected"), [(b"\n", 1), (b"", 0)])
def test_it_finishes_when_told_and_ends_with_its_importer(
    case: Case, tmp_path: Path, order: bytes, expected: int
) -> None:
    file_items(case, [make_item("a")], tmp_path)
    follow.follow(case, io.BytesIO(order))
    assert indexed(case) == expected


def test_another_process_indexes_what_is_there(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("a"), make_item("b")], tmp_path)
    follower = follow.Follower(case)
    follower.finish()  # not started: nothing to do
    assert indexed(case) == 0
    follower.start()
    follower.finish()
    assert indexed(case) == 2
