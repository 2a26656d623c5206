from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs.verify import verify
from casekit.ops import journal
from casekit.ops.translations import pair_translation, unpair_translation, waive_translation
from casekit.queries.translations import translations
from casekit.store.case import Case
from tests.builders import file_items, make_item


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    file_items(case, [make_item(name) for name in ("a", "b", "c")], tmp_path)
    return case


def told(case: Case) -> list[tuple[int, int | None, str, str, str]]:
    with case.read() as s:
        rows = translations(s)
    return [(r.item_id, r.translation_id, r.made, r.translator, r.reason) for r in rows]


def test_a_pair_is_said_changed_and_taken_back(filed: Case) -> None:
    with filed.write() as s:
        pair_translation(s, 1, 2, made="machine", translator=" MT 2.1 ", dated="2026-03-14")
        changes = pair_translation(s, 1, 2, made="human", translator="Ann", certificate_id=3)
    assert told(filed) == [(1, 2, "human", "Ann", "")]
    with filed.write() as s:
        journal.undo(s, changes.act)
    assert told(filed) == [(1, 2, "machine", "MT 2.1", "")]
    with filed.write() as s:
        unpair_translation(s, 1)
    assert told(filed) == []
    assert verify(filed).damaged == []


def test_what_needs_none_says_why_until_it_is_paired(filed: Case) -> None:
    with filed.write() as s:
        waive_translation(s, [1, 3], "Names only")
        waive_translation(s, [1], "A program's text")
    assert told(filed) == [
        (1, None, "not-needed", "", "A program's text"),
        (3, None, "not-needed", "", "Names only"),
    ]
    with filed.write() as s:
        pair_translation(s, 1, 2, made="human", translator="Ann")
    assert told(filed)[0] == (1, 2, "human", "Ann", "")
    with pytest.raises(CaseKitError, match="has a translation"), filed.write() as s:
        waive_translation(s, [3, 1], "Names only")
    assert told(filed)[1] == (3, None, "not-needed", "", "Names only")
    with filed.read() as s:
        assert [r.item_id for r in translations(s, [2])] == [1]


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"made": "robot"}, "human or a machine"), ({"translator": " "}, "Say who translated"),
        ({"language": "English"}, "no language code"), ({"dated": "March"}, "is no date"),
        ({"certificate_id": 99}, "no item 99"), ({"certificate_id": 1}, "own translation"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_refused(
    values: dict[str, object], match: str, filed: Case
) -> None:
    given = {"made": "human", "translator": "Ann", **values}
    with pytest.raises(CaseKitError, match=match), filed.write() as s:
        pair_translation(s, 1, 2, **given)  # type: ignore[arg-type]
    assert told(filed) == []


def test_items_must_be_there_and_a_reason_too(filed: Case) -> None:
    with pytest.raises(CaseKitError, match="own translation"), filed.write() as s:
        pair_translation(s, 1, 1, made="human", translator="Ann")
    with pytest.raises(CaseKitError, match="no item 9"), filed.write() as s:
        pair_translation(s, 9, 1, made="human", translator="Ann")
    with pytest.raises(CaseKitError, match="Say why"), filed.write() as s:
        waive_translation(s, [1], " ")
    with pytest.raises(CaseKitError, match="has no translation"), filed.write() as s:
        unpair_translation(s, 1)
