from pathlib import Path

from casekit.ops import exhibits
from casekit.ops.trial import set_trial
from casekit.queries.trial import FIELDS, trial_rows
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_every_exhibit_is_listed_in_its_order(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("a"), make_item("b")], tmp_path)
    with case.write() as s:
        exhibits.mark_exhibit(s, 2, "Z-1")
        exhibits.mark_exhibit(s, 1, "A-1")
        set_trial(s, {"A-1": {"objection": "Hearsay"}})
    with case.read() as s:
        first, second = trial_rows(s)
    assert (first.exhibit.label, set(first.values.values())) == ("Z-1", {""})
    assert second.values == {**dict.fromkeys(FIELDS, ""), "objection": "Hearsay"}
