import pytest

from casekit.errors import CaseKitError
from casekit.ops import findings
from casekit.queries import findings as read
from casekit.store.case import Case


def test_a_finding_is_kept_as_computed(case: Case) -> None:
    body = {"result": {"share": 0.25}, "seed": 7}
    with case.write() as s:
        number, changes = findings.add_finding(s, "overlap", "Shared wording", body)
    with case.read() as s:
        row = read.get(s, number)
        assert (row.kind, row.title, row.body, changes.kinds) == (
            "overlap",
            "Shared wording",
            body,
            {"findings"},
        )
        with pytest.raises(CaseKitError, match="no finding 9"):
            read.get(s, 9)
