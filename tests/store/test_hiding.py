from pathlib import Path

import pytest
from sqlalchemy import select

from casekit.ops import clawback, translations
from casekit.ops.clawback import Notice
from casekit.store import hiding
from casekit.store.case import Case
from casekit.store.tables import (
    exhibit,
    item,
    item_text,
    metadata,
    notice,
    problem,
    sequester,
    translation,
)
from tests.builders import file_items, make_item

NUMBERS_ALONE = {
    "bates", "privilege_pass", "tier_pass", "notice", "sequester", "clawback", "review_package_item",
    "endpoint",
}  # fmt: skip
"""Tables that name items and hold nothing of them."""
WITH_A_FACT = {"fact", "fact_person", "fact_element", "terms_clause"}
"""Tables that name no item and are hidden with the items that their facts or versions cite."""


def test_every_table_that_holds_items_is_hidden() -> None:
    naming = {
        table.name
        for table in metadata.tables.values()
        if any(key.column.table in (item, exhibit) for key in table.foreign_keys)
    }
    assert naming | {item.name} | WITH_A_FACT == hiding.VIEWS.keys() | NUMBERS_ALONE


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    file_items(case, [make_item("open"), make_item("secret")], tmp_path)
    with case.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 2"], reference="letter"))
    return case


def test_sessions_see_no_more_than_they_may(filed: Case) -> None:
    ids = select(item.c.id)
    with filed.read() as s:
        assert hiding.is_hiding(s)
        assert list(s.execute(ids).scalars()) == [1]
        assert set(s.execute(select(item_text.c.item_id)).scalars()) == {1}
        with hiding.whole(s):
            assert list(s.execute(ids).scalars()) == [1, 2]
        assert list(s.execute(ids).scalars()) == [1]
        with pytest.raises(ValueError, match="x"), hiding.whole(s):
            raise ValueError("x")
        assert list(s.execute(ids).scalars()) == [1]
    with filed.read(whole=True) as s:  # the same connection, from the pool
        assert list(s.execute(ids).scalars()) == [1, 2]
    with pytest.raises(ValueError, match="y"), filed.read() as s:
        assert list(s.execute(ids).scalars()) == [1]
        raise ValueError("y")
    with filed.read() as s:
        assert list(s.execute(ids).scalars()) == [1]
    with filed.write() as s:
        clawback.release(s, [2], "J. Doe", "Order of 3 May")
    with filed.read() as s:
        assert not hiding.is_hiding(s)
        assert list(s.execute(ids).scalars()) == [1, 2]
        assert s.execute(select(notice.c.party)).scalar() == "Them"


def test_what_names_it_in_second_place_is_hidden_too(case: Case, tmp_path: Path) -> None:
    """The trouble with its file, and pairs of which it is the translation or the certificate."""
    file_items(case, [make_item("one"), make_item("two"), make_item("three")], tmp_path)
    file_items(case, [make_item("secret")], tmp_path, "secret.txt")
    with case.write() as s:
        for pair, certificate in (((1, 2), 4), ((2, 4), None), ((3, 1), None)):
            translations.pair_translation(
                s, *pair, made="human", translator="T.", certificate_id=certificate
            )
        for original_id in (1, 2):
            place = {"path": "x", "stage": "read", "kind": "unreadable", "text": "secret"}
            s.execute(problem.insert(), {"run_id": 1, "original_id": original_id, **place})
        clawback.receive_notice(s, Notice("Them", ["item 4"], reference="letter"))
        held = set(s.execute(select(sequester.c.item_id)).scalars())
    assert held == {2, 4}
    with case.read() as s:
        assert s.execute(select(translation.c.item_id)).scalars().all() == [3]
        assert s.execute(select(problem.c.original_id)).scalars().all() == []
    with case.write() as s:
        clawback.release(s, [2], "J. Doe", "Order")
    with case.read() as s:
        assert s.execute(select(translation.c.item_id)).scalars().all() == [3]
        assert s.execute(select(problem.c.original_id)).scalars().all() == [1]
