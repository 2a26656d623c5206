from __future__ import annotations

from typing import Any

import pytest

from casekit.errors import Cancelled, CaseKitError
from casekit.jobs import finding
from casekit.progress import Silent
from casekit.queries import findings
from casekit.store.case import Case


def test_a_finding_is_kept_with_what_was_computed(case: Case) -> None:
    body = {"v": 1, "result": {"refused": "too few controls"}}
    made = finding.make(case, "lineage", "Lineage of a", lambda _s, _p: body, Silent())
    with case.read() as s:
        kept = findings.findings(s)
    assert [(row.id, row.kind, row.title, row.body) for row in kept] == [
        (made.id, "lineage", "Lineage of a", body)
    ]


def test_what_is_cancelled_leaves_nothing(case: Case) -> None:
    def compute(_s: Any, _progress: Any) -> dict[str, Any]:
        raise Cancelled

    with pytest.raises(Cancelled):
        finding.make(case, "overlap", "Shared wording", compute, Silent())
    with case.read() as s:
        assert findings.findings(s) == []


def test_a_kind_nobody_can_compute_is_refused_in_words(case: Case) -> None:
    made = finding.make(case, "tea-leaves", "Seen", lambda _s, _p: {"v": 1}, Silent())
    with pytest.raises(CaseKitError, match="tea-leaves cannot be computed again"):
        finding.make_again(case, made.id)
