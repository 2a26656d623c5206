from pathlib import Path

import numpy as np
import pytest

from casekit.errors import CaseKitError
from casekit.ops import exhibits, notes, tags
from casekit.queries import items
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, make_mail


@pytest.fixture
def filled(case: Case, tmp_path: Path) -> Case:
    mail = make_mail("letter", "a@x.example", "b@x.example", 2_000_000)
    heads = [
        make_item("b", sent_us=1_000_000),
        mail,
        make_exchange("a?", "Yes.", "m-1", account="acct"),
        make_item("c"),
    ]
    file_items(case, heads, tmp_path)
    return case


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("date", [1, 2, 3, 4]),
        ("-date", [2, 1, 4, 3]),
        ("title", [3, 1, 4, 2]),
        ("id", [1, 2, 3, 4]),
        ("model", [1, 2, 4, 3]),
    ],
)
def test_ids_come_in_the_wanted_order(filled: Case, order: items.Order, ids: list[int]) -> None:
    with filled.read() as s:
        found = items.item_ids(s, order=order)
    assert (found.dtype, found.tolist()) == (np.int64, ids)


def test_rows_come_in_the_order_of_the_ids(filled: Case) -> None:
    with filled.write() as s:
        tags.add_tag(s, [3], "hot")
        tags.add_tag(s, [3], "a")
        notes.add_note(s, 3, "x")
        exhibits.mark_exhibit(s, 3, "A-7")
    with filled.read() as s:
        rows = items.rows(s, [3, 99, 2])
        assert items.count(s) == 4
    assert [(r.id, r.tags, r.exhibit, r.noted, r.model, r.account, r.sender) for r in rows] == [
        (3, ("a", "hot"), "A-7", True, "m-1", "acct", ""),
        (2, (), "", False, "", "", "a@x.example"),
    ]


def test_a_view_holds_the_whole_item(filled: Case) -> None:
    with filled.read() as s:
        view = items.view(s, 3)
        with pytest.raises(CaseKitError, match="no item 9"):
            items.view(s, 9)
    assert (view.text("output"), view.text("none"), view.exchange["model"]) == ("Yes.", "", "m-1")


def test_a_bates_number_is_padded() -> None:
    assert items.bates_number("AUR", 412) == "AUR-0000412"
