from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import tags
from casekit.queries import facets
from casekit.store.case import Case
from tests.builders import file_items, make_item


def names(case: Case) -> list[tuple[str, int]]:
    with case.read() as s:
        return [(t.name, t.count) for t in facets.tags(s)]


def test_a_tag_brings_its_parents_and_keeps_what_is_there(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(f"i{n}") for n in range(3)], tmp_path)
    with case.write() as s:
        tags.make_tag(s, "hot", colour="hot", key="2")
        tags.add_tag(s, [1], "issue / terms")
        changes = tags.add_tag(s, [1, 2, 2], "issue/terms")
    assert (changes.ids, changes.label) == ((2,), "Tag “issue/terms” put on 3 items")
    assert names(case) == [("hot", 0), ("issue", 0), ("issue/terms", 2)]


def test_taking_off_what_is_not_there_is_no_act(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(), make_item("b")], tmp_path)
    with case.write() as s:
        tags.add_tag(s, [1], "hot")
        assert tags.remove_tag(s, [1, 2], "hot").ids == (1,)
        assert tags.remove_tag(s, [1, 2], "hot").undo is None
    assert names(case) == [("hot", 0)]


@pytest.mark.parametrize("name", ["", "  ", "a//b", "/a"])
def test_a_name_without_a_level_is_refused(case: Case, name: str) -> None:
    with pytest.raises(CaseKitError, match="every level"), case.write() as s:
        tags.make_tag(s, name)


def test_a_taken_or_unknown_name_is_refused(case: Case) -> None:
    with case.write() as s:
        tags.make_tag(s, "hot")
    with pytest.raises(CaseKitError, match="already a tag"), case.write() as s:
        tags.make_tag(s, "hot")
    with pytest.raises(CaseKitError, match="There is no tag"), case.write() as s:
        tags.remove_tag(s, [1], "cold")
