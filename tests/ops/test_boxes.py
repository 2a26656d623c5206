from __future__ import annotations

from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs.verify import verify
from casekit.ops import journal
from casekit.ops.boxes import NewBox, add_boxes, change_boxes, lift_boxes, move_box
from casekit.queries.boxes import EVERYTHING, BoxWord, Rect, boxes
from casekit.store.case import Case
from tests.builders import file_items, make_item

WORD = BoxWord("zanzibar", 100_000, 100_000, 200_000, 120_000, 4, 12)
RECT = Rect(90_000, 90_000, 300_000, 130_000)


@pytest.fixture
def paged(case: Case, tmp_path: Path) -> Case:
    report, note = make_item("report"), make_item("note")
    report.columns |= {"media_type": "application/pdf", "pages": 2}
    file_items(case, [report, note], tmp_path)
    return case


def test_a_box_says_where_why_who_and_which_words(paged: Case) -> None:
    with paged.write() as s:
        new = NewBox(1, 2, RECT, words=(WORD,), source="text")
        changes = add_boxes(s, [new, new], "privacy", authority="Rule 5.2(a)")
    assert (changes.kinds, changes.ids) == ({"redactions", "items"}, (1,))
    with paged.read() as s:
        (row,) = boxes(s)
    assert (row.item_id, row.page, row.kind, row.words) == (1, 2, "hide", (WORD,))
    assert (row.reason, row.authority, row.by) == ("privacy", "Rule 5.2(a)", "Test Examiner")
    assert (row.elsewhere, row.at_us > 0) == (False, True)
    with paged.write() as s:
        assert add_boxes(s, [NewBox(1, 2, RECT)], "privacy").undo is None  # it is there already
    assert verify(paged).damaged == []


def test_every_act_on_a_box_can_be_undone(paged: Case) -> None:
    with paged.write() as s:
        added = add_boxes(s, [NewBox(1, 1, RECT, words=(WORD,), source="text")], "privacy")
    with paged.read() as s:
        (before,) = boxes(s)
    acts = (
        lambda s: move_box(s, before.id, NewBox(1, 1, EVERYTHING)),
        lambda s: change_boxes(
            s, [before.id], reason="court-order", authority="ECF 12", elsewhere=True
        ),
        lambda s: lift_boxes(s, [before.id]),
    )
    for act in acts:
        with paged.write() as s:
            done = act(s)
        with paged.read() as s:
            assert boxes(s) != [before]
        with paged.write() as s:
            journal.undo(s, done.act)
        with paged.read() as s:
            assert boxes(s) == [before]
    with paged.write() as s:
        journal.undo(s, added.act)
    with paged.read() as s:
        assert boxes(s) == []


@pytest.mark.parametrize(
    "new",
    [
        NewBox(2, 1, RECT),  # a text has no pictures of pages
        NewBox(9, 1, RECT),
        NewBox(1, 3, RECT),
        NewBox(1, 0, RECT),
        NewBox(1, 1, Rect(300_000, 0, 200_000, 100_000)),
        NewBox(1, 1, Rect(0, 0, 900, 100_000)),
        NewBox(1, 1, Rect(-1, 0, 500_000, 100_000)),
        NewBox(1, 1, Rect(0, 0, 1_000_001, 100_000)),
    ],
)
def test_what_is_no_box_on_a_page_is_refused(paged: Case, new: NewBox) -> None:
    with pytest.raises(CaseKitError), paged.write() as s:
        add_boxes(s, [new], "privacy")
    with paged.read() as s:
        assert boxes(s) == []


def test_a_box_stays_on_its_page_and_has_a_known_reason(paged: Case) -> None:
    with paged.write() as s:
        add_boxes(s, [NewBox(1, 1, RECT)], "privacy")
    for refused in (
        lambda s: move_box(s, 1, NewBox(1, 2, RECT)),
        lambda s: move_box(s, 5, NewBox(1, 1, RECT)),
        lambda s: lift_boxes(s, [5]),
        lambda s: add_boxes(s, [NewBox(1, 1, EVERYTHING)], "because"),
        lambda s: change_boxes(s, [1], reason="because", authority="", elsewhere=False),
    ):
        with pytest.raises(CaseKitError), paged.write() as s:
            refused(s)
