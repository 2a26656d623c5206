from pathlib import Path

import pytest

from casekit.ops import templates, tiers
from casekit.queries.offered import Offered
from casekit.queries.templates import read_file
from casekit.store.case import Case
from tests.builders import file_items, make_item

SET_UP = b"""
[[template]]
evidence = "documents"
field = [
  { name = "responsive", label = "Responsive", kind = "one", options = ["yes", "no"] },
  { name = "issues", label = "Issues", kind = "many", options = ["x", "y"] },
  { name = "remark", label = "Remark", kind = "text" },
  { name = "hot", label = "Hot", kind = "flag" },
]
"""


@pytest.mark.parametrize(
    ("field", "value", "offered"),
    [
        ("field:responsive", "yes", True), ("field:responsive", "maybe", False),
        ("field:responsive", "yes\nno", False), ("field:issues", "x\ny", True),
        ("field:issues", "x\nz", False), ("field:remark", "words", True),
        ("field:remark", "w" * 2_001, False), ("field:hot", "yes", False), ("field:none", "yes", False),
        ("field:none", None, True), ("tier", "Confidential", True), ("tier", "NO SUCH", False),
        ("tag:new", "yes", True), ("privilege", "other", True),
    ],
)  # fmt: skip
def test_only_what_the_case_has_is_offered(
    case: Case, tmp_path: Path, field: str, value: str | None, offered: bool
) -> None:
    file_items(case, [make_item("A")], tmp_path)
    with case.write() as s:
        templates.take_set_up(s, read_file(SET_UP, "t.toml"))
        tiers.choose_order(s, "us-protective-order")
    with case.read() as s:
        assert Offered(s, [1])(1, field, value) is offered
