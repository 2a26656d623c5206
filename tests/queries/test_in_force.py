from __future__ import annotations

from pathlib import Path

from casekit.ops import in_force as ops
from casekit.queries.in_force import in_force, stood
from casekit.queries.moments import stretch
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_the_version_of_a_date_and_apart_from_it_who_is_shown_to_have_known(
    case: Case, tmp_path: Path
) -> None:
    file_items(case, [make_item("old"), make_item("new"), make_item("mail")], tmp_path)
    with case.write() as s:
        ops.add_document(s, "Terms")
        ops.add_version(s, 1, 2, "new", "2026-02-01", withdrawn="2026-06-01")
        ops.add_version(s, 1, 1, "old", "2025-10-01", zone="-08:00")
        ops.add_assent(s, 2, "acceptance", 3, "2025-12-01", account="acct_1")
        ops.add_assent(s, 2, "notice", 3, "2025-11-01")

    def at(date: str, account: str = "") -> tuple[str, int, int]:
        with case.read() as s:
            (row,) = in_force(s, stretch(date)[0], account)
        return row.version.label if row.version else "", len(row.notices), len(row.acceptances)

    assert at("2025-10-01") == ("", 0, 0)  # it is still the day before where it was published
    assert at("2025-10-01 08:00") == ("old", 0, 0)
    assert at("2025-11-15", "acct_1") == ("old", 1, 0)
    assert at("2026-01-31 23:59", "acct_1") == ("old", 1, 1)
    assert at("2026-01-31", "acct_2") == ("old", 1, 0)
    assert at("2026-02-01", "acct_1") == ("new", 0, 0)  # what was accepted was the other version
    assert at("2026-06-01") == ("", 0, 0)


def test_of_a_time_in_doubt_every_version_that_it_may_reach_is_named(
    case: Case, tmp_path: Path
) -> None:
    file_items(case, [make_item("old"), make_item("new"), make_item("mail")], tmp_path)
    with case.write() as s:
        ops.add_document(s, "Terms")
        ops.add_version(s, 1, 1, "old", "2026-02-01")
        ops.add_version(s, 1, 2, "new", "2026-02-02")
        ops.add_version(s, 1, 3, "late", "2026-03-01")
        ops.add_assent(s, 1, "notice", 3, "2026-02-01 12:00")

    def over(first: str, last: str) -> list[tuple[str, int]]:
        with case.read() as s:
            (row,) = stood(s, stretch(first)[0], stretch(last)[0])
        return [(one.version.label if one.version else "", len(one.notices)) for one in row.found]

    assert over("2026-02-01 13:00", "2026-02-01 13:00") == [("old", 1)]
    assert over("2026-02-01 11:00", "2026-02-01 13:00") == [("old", 1)]  # it may have been known
    assert over("2026-01-31", "2026-02-01 01:00") == [("", 0), ("old", 0)]
    assert over("2026-01-31", "2026-02-28") == [("", 0), ("old", 1), ("new", 0)]
    assert over("2026-02-02", "2026-03-01") == [("new", 0), ("late", 0)]
