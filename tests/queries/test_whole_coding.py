from pathlib import Path

from casekit.ops import privilege, tags
from casekit.queries.whole_coding import whole_coding
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_tags_and_decisions_are_fields(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(name) for name in "abc"], tmp_path)
    with case.write() as s:
        tags.add_tag(s, [1], "issue/terms")
        privilege.assert_privilege(s, [1], "work-product", note="Advice")
        privilege.clear_items(s, [2])
    with case.read() as s:
        assert whole_coding(s, [3, 2, 1]) == {
            1: {"tag:issue/terms": "yes", "privilege": "work-product", "privilege-note": "Advice"},
            2: {"privilege": "not-privileged"},
            3: {},
        }
