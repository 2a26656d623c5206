from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import exhibits
from casekit.queries import exhibits as read
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_labels_go_on_where_the_series_stands(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(f"i{n}") for n in range(4)], tmp_path)
    with case.write() as s:
        exhibits.mark_exhibit(s, 1)
        exhibits.mark_exhibit(s, 2, "A-9", title="The answer", designation="CONFIDENTIAL")
        exhibits.mark_exhibit(s, 3, "B-1")
        exhibits.mark_exhibit(s, 4)
    with case.read() as s:
        rows = read.exhibits(s)
    assert [(r.label, r.item_id, r.title, r.designation) for r in rows] == [
        ("A-1", 1, "i0", ""),
        ("A-9", 2, "The answer", "CONFIDENTIAL"),
        ("B-1", 3, "i2", ""),
        ("A-10", 4, "i3", ""),
    ]
    with case.write() as s:
        exhibits.unmark_exhibit(s, "A-9")
    with case.read() as s:
        assert [r.label for r in read.exhibits(s)] == ["A-1", "B-1", "A-10"]


@pytest.mark.parametrize(
    ("item_id", "label", "why"),
    [(9, None, "no item 9"), (1, "A 1", "no exhibit label"), (1, "A-1", "is taken")],
)
def test_what_cannot_be_marked_is_refused(
    case: Case, tmp_path: Path, item_id: int, label: str, why: str
) -> None:
    file_items(case, [make_item()], tmp_path)
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "A-1")
        with pytest.raises(CaseKitError, match=why):
            exhibits.mark_exhibit(s, item_id, label)
        with pytest.raises(CaseKitError, match="no exhibit Z-1"):
            exhibits.unmark_exhibit(s, "Z-1")
