from pathlib import Path

from casekit.ops import clawback
from casekit.ops import findings as ops
from casekit.ops.clawback import Notice
from casekit.queries import findings
from casekit.store.case import Case
from tests.builders import file_items, make_exchange


def test_findings_come_oldest_first(case: Case) -> None:
    with case.write() as s:
        for title in ("first", "second"):
            ops.add_finding(s, "overlap", title, {"v": 1})
    with case.read() as s:
        assert [(f.id, f.title, f.body) for f in findings.findings(s)] == [
            (1, "first", {"v": 1}),
            (2, "second", {"v": 1}),
        ]


def test_answers_sequestered_since_are_counted_by_the_models_of_the_finding(
    case: Case, tmp_path: Path
) -> None:
    file_items(
        case, [make_exchange(f"Why {m}?", "So.", m[:3]) for m in ("m-1", "m-2", "m-1b")], tmp_path
    )
    body = {"v": 1, "inputs": [{"model": "m-1", "role": "subject"}]}
    with case.write() as s:
        ops.add_finding(s, "lineage", "before", body)
    with case.write() as s:
        clawback.receive_notice(s, Notice("Meridian", ["item 1", "item 2"], reference="a letter"))
    with case.write() as s:
        ops.add_finding(s, "lineage", "after", body)
    with case.read() as s:
        rows = findings.findings(s)
        assert [findings.sequestered_since(s, row) for row in rows] == [1, 0]
    with case.write() as s:
        clawback.release(s, [1, 2], "A. Counsel", "withdrawn")
    with case.read() as s:
        assert findings.sequestered_since(s, rows[0]) == 0


def test_what_quotes_a_sequestered_item_is_left_out(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_exchange(f"Why {n}?", "So.", "m") for n in range(3)], tmp_path)
    pair = {"left": {"item_id": 1}, "right": {"item_id": 3}}
    body = {
        "v": 1,
        "pairs": [pair, {"left": {"item_id": 2}, "right": {"item_id": 3}}],
        "claims": [{"item_id": 1, "claim": "I am T"}, {"item_id": 3, "claim": "I am T"}],
        "hits": [{"model": "m", "measure": "runs", "items": [1, 3]}],
    }
    with case.write() as s:
        ops.add_finding(s, "identity", "claims", body)
        clawback.receive_notice(s, Notice("Meridian", ["item 1"], reference="a letter"))
    with case.read() as s:
        (row,) = findings.findings(s)
    assert row.body["pairs"] == [body["pairs"][1]]  # type: ignore[index]
    assert row.body["claims"] == [{"item_id": 3, "claim": "I am T"}]
    assert row.body["hits"] == [{"model": "m", "measure": "runs", "items": [3]}]


def test_pairs_of_an_analytic_that_name_a_sequestered_item_are_left_out(
    case: Case, tmp_path: Path
) -> None:
    file_items(case, [make_exchange(f"Why {n}?", "So.", "m") for n in range(3)], tmp_path)
    pairs = [{"words": 12, "left": {"item_id": n}, "right": {"item_id": 3}} for n in (1, 2)]
    body = {"v": 1, "analytics": [{"id": "A1"}, {"id": "A15", "pairs": pairs}]}
    with case.write() as s:
        ops.add_finding(s, "usage", "usage", body)
        clawback.receive_notice(s, Notice("Meridian", ["item 1"], reference="a letter"))
    with case.read() as s:
        shown = findings.findings(s)[0].body["analytics"]
    assert shown == [{"id": "A1"}, {"id": "A15", "pairs": pairs[1:]}]
