from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs.verify import verify
from casekit.ops import exhibits, journal
from casekit.ops.trial import set_trial
from casekit.queries.trial import trial_rows
from casekit.store.case import Case
from tests.builders import file_items, make_item


@pytest.fixture
def marked(case: Case, tmp_path: Path) -> Case:
    file_items(case, [make_item("a"), make_item("b")], tmp_path)
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "A-1")
        exhibits.mark_exhibit(s, 2, "A-2")
    return case


def told(case: Case) -> dict[str, dict[str, str]]:
    with case.read() as s:
        rows = trial_rows(s)
    return {r.exhibit.label: {k: v for k, v in r.values.items() if v} for r in rows}


def test_fields_are_written_in_one_act_kept_apart_and_taken_back(marked: Case) -> None:
    with marked.write() as s:
        first = set_trial(
            s, {"A-1": {"witness": " Ann "}, "A-2": {"witness": "Bo", "purpose": "Notice"}}
        )
        set_trial(s, {"A-1": {"offered": "2026-03-14", "admitted": "2026-03-14"}})
    assert told(marked) == {
        "A-1": {"witness": "Ann", "offered": "2026-03-14", "admitted": "2026-03-14"},
        "A-2": {"witness": "Bo", "purpose": "Notice"},
    }
    with pytest.raises(CaseKitError, match="undo that first"), marked.write() as s:
        journal.undo(s, first.act)
    with marked.write() as s:
        set_trial(s, {"A-2": {"witness": "", "purpose": ""}})
    assert told(marked)["A-2"] == {}
    assert verify(marked).damaged == []


def test_an_exhibit_takes_what_is_written_of_it_away_and_brings_it_back(marked: Case) -> None:
    with marked.write() as s:
        set_trial(s, {"A-1": {"witness": "Ann"}})
        removed = exhibits.unmark_exhibit(s, "A-1")
        exhibits.mark_exhibit(s, 1, "B-1")
    assert told(marked) == {"A-2": {}, "B-1": {}}
    with marked.write() as s:
        exhibits.unmark_exhibit(s, "B-1")
        journal.undo(s, removed.act)
    assert told(marked) == {"A-1": {"witness": "Ann"}, "A-2": {}}
    assert verify(marked).damaged == []


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"offered": "14.3.2026"}, "is no date"), ({"offered": "2026-02-30"}, "is no date"),
        ({"offered": "0026-02-03"}, "is no date"), ({"offered": "20260203"}, "is no date"),
        ({"offered": "2026-W01-1"}, "is no date"), ({"judge": "x"}, "has no “judge”"),
        ({"offered": "2026-03-14", "admitted": "2026-03-13"}, "cannot have been admitted"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_changes_nothing(
    values: dict[str, str], match: str, marked: Case
) -> None:
    with pytest.raises(CaseKitError, match=match), marked.write() as s:
        set_trial(s, {"A-2": {"witness": "Bo"}, "A-1": values})
    assert told(marked) == {"A-1": {}, "A-2": {}}
    with pytest.raises(CaseKitError, match="no exhibit Z-9"), marked.write() as s:
        set_trial(s, {"Z-9": {"witness": "Bo"}})


def test_a_date_is_judged_beside_what_was_written_before(marked: Case) -> None:
    with marked.write() as s:
        set_trial(s, {"A-1": {"offered": "2026-03-14"}})
    with pytest.raises(CaseKitError, match="cannot have been"), marked.write() as s:
        set_trial(s, {"A-1": {"admitted": "2026-03-01"}})
