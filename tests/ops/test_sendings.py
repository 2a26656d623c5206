import pytest

from casekit.errors import CaseKitError
from casekit.ops.sendings import HOW, add_sending
from casekit.store.case import Case


@pytest.mark.parametrize("how", HOW)
def test_nothing_is_recorded_of_what_was_never_issued(case: Case, how: str) -> None:
    head = case.head()
    with pytest.raises(CaseKitError, match="no issued version 1"), case.write() as s:
        add_sending(s, 1, "Brandt LLP", how, "2026-03-14")
    assert case.head() == head
