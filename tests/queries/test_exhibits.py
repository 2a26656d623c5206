from pathlib import Path

from casekit.ops import exhibits as ops
from casekit.queries import exhibits
from casekit.queries.exhibits import ExhibitRow
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_exhibits_in_order_with_their_items(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("letter")], tmp_path)
    with case.write() as s:
        ops.mark_exhibit(s, 1, "B-2")
    with case.read() as s:
        assert exhibits.exhibits(s) == [
            ExhibitRow(1, "B-2", 1, "document", "letter", "", 1, "", "", False)
        ]
