from casekit.queries import matter
from casekit.store.case import Case


def test_unknown_values_are_empty(case: Case) -> None:
    with case.read() as s:
        row = matter.get(s)
    assert (row.name, row.time_zone, row.profile, row.court, row.parties) == (
        "Aurora v. Meridian", "UTC", "us-federal", "", (),
    )  # fmt: skip
