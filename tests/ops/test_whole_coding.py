from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, undo
from casekit.ops.whole_coding import set_field
from casekit.queries.whole_coding import whole_coding
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_a_field_is_set_and_taken_away(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("a")], tmp_path)
    steps: list[tuple[str, str | None, dict[str, str]]] = [
        ("tag:new/one", None, {}),
        ("tag:new/one", "yes", {"tag:new/one": "yes"}),
        ("tag:new/one", "yes", {"tag:new/one": "yes"}),
        ("tag:new/one", None, {}),
        ("privilege-note", None, {}),
        ("privilege", "not-privileged", {"privilege": "not-privileged"}),
        ("privilege", "work-product", {"privilege": "work-product"}),
        ("privilege-note", "Memo", {"privilege": "work-product", "privilege-note": "Memo"}),
        ("privilege", "other", {"privilege": "other", "privilege-note": "Memo"}),
        ("privilege", None, {}),
        ("tier", "AEO", {"tier": "AEO"}),
        ("tier", "Confidential", {"tier": "Confidential"}),
        ("tier", None, {}),
        ("field:issues", "a\nb", {"field:issues": "a\nb"}),
        ("field:issues", "b", {"field:issues": "b"}),
        ("field:issues", None, {}),
    ]
    for field, value, coding in steps:
        with case.write() as s:
            act = Act(s, "review.merge", "Merged")
            set_field(act, 1, field, value, "R. Two", 7)
            act.record({"items"})
        with case.read() as s:
            assert whole_coding(s, [1]) == {1: coding}
    with case.write() as s:
        undo(s, case.head())
        assert whole_coding(s, [1]) == {1: {"field:issues": "b"}}
        for field, value in (("colour", "red"), ("privilege", "maybe"), ("privilege-note", "x")):
            with pytest.raises(CaseKitError, match=r"no field|no decision|not withheld"):
                set_field(Act(s, "x", "x"), 1, field, value, "R", 7)
