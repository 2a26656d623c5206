from casekit.ops import findings as ops
from casekit.queries import findings
from casekit.store.case import Case


def test_findings_come_oldest_first(case: Case) -> None:
    with case.write() as s:
        for title in ("first", "second"):
            ops.add_finding(s, "overlap", title, {"v": 1})
    with case.read() as s:
        assert [(f.id, f.title, f.body) for f in findings.findings(s)] == [
            (1, "first", {"v": 1}),
            (2, "second", {"v": 1}),
        ]
