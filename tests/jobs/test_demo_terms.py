"""The sample's terms, on a case that holds its letters and documents alone."""

from __future__ import annotations

import pytest

from casekit import paths
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.jobs import demo_terms
from casekit.progress import Silent
from casekit.queries.in_force import documents, in_force
from casekit.queries.moments import stretch
from casekit.store.case import Case


def test_clauses_are_whole_sentences_and_acceptances_name_accounts(case: Case) -> None:
    sources = [paths.resource("sample", each) for each in ("correspondence", "documents")]
    ingest(case, sources, Silent())
    demo_terms.enter(case, ["acct_1", "acct_2"])
    with case.read() as s:
        ((version,),) = [each.versions for each in documents(s, quotes=True)]
        then = in_force(s, stretch("2026-01-14", "UTC")[0], "acct_2")
    assert [c.label for c in version.clauses] == ["2(c)", "2(e)"]
    assert all(c.intact and c.quote.startswith("Customer") for c in version.clauses)
    assert all(c.quote.endswith(".") and "\n" not in c.quote for c in version.clauses)
    assert [each.account for each in then[0].acceptances] == ["acct_2"]
    assert then[0].notices == ()


def test_a_case_without_the_sample_is_refused(case: Case) -> None:
    with pytest.raises(CaseKitError, match="does not say"):
        demo_terms.enter(case, [])
