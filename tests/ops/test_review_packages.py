from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import journal, reviews
from casekit.ops.review_packages import PACKED, Work, begin_package, record_package
from casekit.queries.reviews import packages, sets
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_a_package_is_on_record_for_good(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(name) for name in "abc"], tmp_path)
    with case.write() as s:
        reviews.make_set(s, "all", [1, 2, 3])
        with pytest.raises(CaseKitError, match="by name"):
            record_package(s, "u", 1, " ", (5, bytes(32)), [1, 3], {"items": 2}, "00")
        done = record_package(s, "u", 1, "R. Two", (5, bytes(32)), [1, 3], {"items": 2}, "00")
        with pytest.raises(CaseKitError, match="cannot be undone"):
            journal.undo(s, done.act)
    with case.read() as s:
        (row,) = packages(s)
        assert (row.recipient, row.items, row.about, row.merged) == (
            "R. Two",
            2,
            {"items": 2},
            False,
        )


def test_a_package_begins_with_its_set_and_settings(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(name) for name in "abc"], tmp_path)
    hot = {"id": 4, "name": "hot", "colour": "hot", "key": "1"}
    rows = {"tag": [hot], "item_tag": [{"item_id": 2, "tag_id": 4}]}
    work = Work("all", "*", 9, bytes(32), 50, [[3], [2, 1]], "R. Two", rows, "from")
    with case.write() as s:
        begin_package(s, work)
    with case.read() as s:
        (row,) = sets(s)
        assert (row.name, row.total, row.batches, row.population) == ("all", 3, 2, 9)
        kept = s.exec_driver_sql(f"SELECT value FROM matter WHERE key = '{PACKED}'").scalar()
        assert kept == "all · R. Two"
        assert s.exec_driver_sql("SELECT item_id FROM item_tag").scalars().all() == [2]
