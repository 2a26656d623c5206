from pathlib import Path

from casekit.queries.productions import Range, next_volume, register
from casekit.store.case import Case
from casekit.store.tables import bates, production
from tests.builders import file_items, make_item


def test_ranges_are_joined_and_gaps_are_told(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(f"i{n}") for n in range(5)], tmp_path)
    row = {
        "at_us": 1,
        "custody_seq": 1,
        "plan_sha256": b"",
        "pdf_sha256": b"",
        "pages": 1,
        "plan": "",
    }
    given = [
        (1, 1, "A", 1, 2),
        (2, 1, "A", 3, 3),
        (3, 2, "A", 4, 4),
        (4, 2, "A", 9, 9),
        (5, 2, "B", 3, 3),
    ]
    with case.write() as s:
        for kind, title in (("dossier", "D"), ("volume", "VOL001")):
            s.execute(production.insert(), {**row, "kind": kind, "title": title})
        for item_id, by, prefix, first, last in given:
            values = {"item_id": item_id, "production_id": by, "prefix": prefix}
            s.execute(bates.insert(), {**values, "first": first, "last": last})
    with case.read() as s:
        assert next_volume(s) == "VOL002"
        assert register(s) == [
            Range("A", 1, 3, "D", 2), Range("A", 4, 4, "VOL001", 1), Range("A", 5, 8, "", 0),
            Range("A", 9, 9, "VOL001", 1), Range("B", 1, 2, "", 0), Range("B", 3, 3, "VOL001", 1),
        ]  # fmt: skip
