from __future__ import annotations

from casekit.analysis.usage.analytics import ANALYTICS


def test_every_analytic_has_an_innocent_reading_and_counts_once() -> None:
    ids = [a.id for a in ANALYTICS]
    assert sorted(set(ids), key=lambda i: int(i[1:])) == ids
    for analytic in ANALYTICS:
        assert analytic.innocent
        assert analytic.reads_as
    # What rests on the traits that link accounts counts for nothing more.
    assert [a.id for a in ANALYTICS if not a.family] == ["A2", "A13"]
