from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from casekit.queries import tree


def test_days_begin_in_the_matter_s_zone() -> None:
    paris = zoneinfo.ZoneInfo("Europe/Paris")
    assert tree.date_bounds("2025-03-30", paris) == (
        1743289200000000,
        1743372000000000,
    )  # 23 hours
    assert tree.date_bounds("2024-02", dt.UTC) == (1706745600000000, 1709251200000000)


def test_a_filter_without_its_dates_finds_no_less() -> None:
    dates, mail = tree.date_range("2025", "2025"), tree.FieldIs("kind", "mail")
    assert [tree.has_dates(node) for node in (dates, mail, tree.Not(dates), tree.Or((mail, mail)))] == [
        True, False, True, False,
    ]  # fmt: skip
    whole = tree.And((mail, tree.Not(dates), tree.Or((mail, dates)), tree.Not(mail)))
    assert tree.without_dates(whole) == tree.And(
        (mail, tree.All(), tree.Or((mail, tree.All())), tree.Not(mail))
    )


@pytest.mark.parametrize(
    "text", ["", "25", "2025-13", "2025-02-30", "2025-1-1-1", "0000", "9999", "٢٠٢٥"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        tree.date_bounds(text)
