import pytest

from casekit.errors import CaseKitError
from casekit.ops import searches
from casekit.queries import facets
from casekit.queries.facets import SearchRow
from casekit.store.case import Case


def test_a_search_is_saved_replaced_and_taken_away(case: Case) -> None:
    with case.write() as s:
        searches.save_search(s, "Hot mails", "kind:mail tag:hot")
        searches.save_search(s, "Hot mails", "kind:mail tag:hot date:2026", "both")
    with case.read() as s:
        assert facets.saved_searches(s) == [
            SearchRow(1, "Hot mails", "kind:mail tag:hot date:2026", "both")
        ]
    with case.write() as s:
        searches.delete_search(s, 1)
    with case.read() as s:
        assert facets.saved_searches(s) == []
    with pytest.raises(CaseKitError, match="needs a name"), case.write() as s:
        searches.save_search(s, " ", "x")
