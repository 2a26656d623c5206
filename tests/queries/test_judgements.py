from __future__ import annotations

from pathlib import Path

from casekit.ops import clawback
from casekit.ops import judgements as ops
from casekit.queries.judgements import JudgementRow, disputed, judgements
from casekit.store.case import Case
from tests.builders import file_items, make_exchange


def test_judgements_of_an_item_and_of_all_are_listed_without_what_is_sequestered(
    case: Case, tmp_path: Path
) -> None:
    file_items(case, [make_exchange(f"Q{n}", f"Answer {n}", "m") for n in range(3)], tmp_path)
    with case.write() as s:
        ops.judge(s, 2, 1, "same")
        ops.judge(s, 2, 3, "different")
        rows = judgements(s)
        assert [(r.item_id, r.other_id, r.verdict) for r in rows] == [
            (1, 2, "same"),
            (2, 3, "different"),
        ]
        assert [r.beside(2) for r in judgements(s, 2)] == [1, 3]
        assert judgements(s, 3) == rows[1:]
        clawback.receive_notice(s, clawback.Notice("Them", ["item 3"], reference="letter"))
    with case.read() as s:
        assert [(r.item_id, r.other_id) for r in judgements(s)] == [(1, 2)]


def test_a_pair_is_disputed_where_people_differ() -> None:
    rows = [JudgementRow(1, 2, "same", "Ann", 0), JudgementRow(1, 2, "unsure", "Bo", 1),
            JudgementRow(1, 3, "same", "Ann", 2), JudgementRow(1, 3, "same", "Bo", 3)]  # fmt: skip
    assert disputed(rows) == {(1, 2)}
