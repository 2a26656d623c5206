import pytest

from casekit.errors import CaseKitError
from casekit.ops import matter
from casekit.queries import matter as read
from casekit.queries.matter import PartyRow
from casekit.store.case import Case


def test_the_matter_is_set_and_changed(case: Case) -> None:
    with case.write() as s:
        matter.set_matter(s, {"court": "N.D. Cal.", "number": "5:26-cv-01187", "judge": "A"})
        matter.set_matter(s, {"judge": "", "time_zone": "America/Los_Angeles"})
        matter.add_party(s, "Aurora Labs, Inc.", "plaintiff", short="Aurora", counsel="W & A")
        matter.add_party(s, "Aurora Labs, Inc.", "claimant", short="Aurora")
    with case.read() as s:
        row = read.get(s)
    assert (row.name, row.court, row.judge, row.time_zone) == (
        "Aurora v. Meridian", "N.D. Cal.", "", "America/Los_Angeles",
    )  # fmt: skip
    assert row.parties == (PartyRow(1, "Aurora Labs, Inc.", "claimant", "party", "Aurora", ""),)


@pytest.mark.parametrize(
    "values",
    [
        {"colour": "x"},
        {"profile": "moon"},
        {"time_zone": "Moon/Base"},
        {"time_zone": "../etc"},
        {"name": ""},
    ],
)
def test_unknown_values_are_refused(case: Case, values: dict[str, str]) -> None:
    with pytest.raises(CaseKitError), case.write() as s:
        matter.set_matter(s, values)


def test_an_unknown_side_is_refused(case: Case) -> None:
    with pytest.raises(CaseKitError, match="plaintiff"), case.write() as s:
        matter.add_party(s, "X", "left")
