from __future__ import annotations

from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import clawback, journal
from casekit.ops.judgements import judge, unjudge
from casekit.queries.judgements import judgements
from casekit.store.case import Case
from tests.builders import file_items, make_exchange


@pytest.fixture
def pairs(case: Case, tmp_path: Path) -> Case:
    file_items(case, [make_exchange(f"Q{n}", f"Answer {n}", "m") for n in range(3)], tmp_path)
    return case


def verdicts(case: Case) -> list[tuple[str, str]]:
    with case.read() as s:
        return [(row.verdict, row.by) for row in judgements(s)]


def test_each_person_has_one_verdict_of_a_pair_and_changes_only_their_own(pairs: Case) -> None:
    with pairs.write() as s:
        me = s.info["actor"]
        judge(s, 1, 2, "same")
        changed = judge(s, 2, 1, "unsure")
        again = judge(s, 1, 2, "unsure")
        s.info["actor"] = "Second"
        judge(s, 1, 2, "different")
        s.info["actor"] = me
    assert (changed.label, changed.ids) == ("Items 1 and 2 judged: unsure", (1, 2))
    assert again.undo is None, "the same verdict again changes nothing"
    assert sorted(verdicts(pairs)) == sorted([("unsure", me), ("different", "Second")])
    with pairs.write() as s:
        journal.undo(s, changed.act)
        assert {r.verdict for r in judgements(s) if r.by == me} == {"same"}
        unjudge(s, 2, 1)
    assert verdicts(pairs) == [("different", "Second")]
    with pytest.raises(CaseKitError, match="no judgement of yours"), pairs.write() as s:
        unjudge(s, 1, 2)


@pytest.mark.parametrize(
    ("pair", "verdict", "said"),
    [
        ((1, 2), "alike", "one of: same"),
        ((1, 1), "same", "two different"),
        ((1, 9), "same", "no item 9"),
    ],
)
def test_what_is_no_judgement_is_refused(
    pairs: Case, pair: tuple[int, int], verdict: str, said: str
) -> None:
    with pytest.raises(CaseKitError, match=said), pairs.write() as s:
        judge(s, *pair, verdict)


def test_what_is_sequestered_is_not_judged(pairs: Case) -> None:
    with pairs.write() as s:
        clawback.receive_notice(s, clawback.Notice("Them", ["item 2"], reference="letter"))
    with pytest.raises(CaseKitError, match="sequestered"), pairs.write() as s:
        judge(s, 1, 2, "same")
