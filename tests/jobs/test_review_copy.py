from pathlib import Path

from casekit.jobs.review_copy import copy_families
from casekit.ops.items import NewItem
from casekit.store.case import Case
from tests.review_case import fill


def test_families_keep_their_digests_and_say_which_files_may_go(case: Case, tmp_path: Path) -> None:
    fill(case, tmp_path)
    with case.read(whole=True) as s:
        found = copy_families(s, [6, 3, 5, 4])
        digests = dict(map(tuple, s.exec_driver_sql("SELECT id, digest FROM item")))
    assert found.order == [3, 4, 5, 6]
    every: list[NewItem] = [new for _, head in found.heads for new in head.family()]
    assert [new.digest for new in every] == [digests[i] for i in found.order]
    assert len(found.whole) == 1
    assert found.heads[0][0] in found.whole
    assert list(found.pieces) == [5, 6]
    assert [one.columns["path"] for one in found.originals] == ["2.eml", "model-1.jsonl"]
    with case.read(whole=True) as s:
        assert len(copy_families(s, [5, 6, 7, 8, 9]).whole) == 1
