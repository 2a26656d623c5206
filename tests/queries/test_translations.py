from pathlib import Path

from casekit.ops.translations import pair_translation, waive_translation
from casekit.queries.translations import translations
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_a_pair_is_found_from_either_side_and_others_are_not(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(name) for name in ("a", "b", "c", "d")], tmp_path)
    with case.write() as s:
        pair_translation(s, 3, 1, made="machine", translator="MT", language="fr")
        waive_translation(s, [4], "Code")
    with case.read() as s:
        assert [r.item_id for r in translations(s)] == [3, 4]
        (row,) = translations(s, [1])
        assert translations(s, [3]) == [row]
        assert translations(s, [2]) == []
    assert (row.item_id, row.translation_id, row.language, row.certificate) == (3, 1, "fr", "")
