from __future__ import annotations

from pathlib import Path

from casekit.ops import annotations as ops
from casekit.ops import clawback
from casekit.ops.recognition import Recognised, add_machine_texts
from casekit.queries.annotations import annotations_of, letter
from casekit.store.case import Case
from casekit.store.tables import annotation
from tests.builders import file_items, make_exchange, make_item


def test_annotations_are_named_in_the_order_of_their_places(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_exchange("Why?", "Because.", "m"), make_item("terms")], tmp_path)
    with case.write() as s:
        ops.annotate(s, 1, "output", 2, 5, text="a reason")
        ops.annotate(s, 1, "prompt", 0, 3)
        ops.annotate(s, 1, "output", 0, 7, colour="teal")
        ops.annotate(s, 2, "body", 4, 8)
    with case.read() as s:
        rows = annotations_of(s)
        assert [(r.item_id, r.letter, r.part, r.quote) for r in rows] == [
            (1, "a", "output", "Because"),
            (1, "b", "output", "cau"),
            (1, "c", "prompt", "Why"),
            (2, "a", "body", "text"),
        ]
        assert (rows[1].text, rows[0].colour, rows[0].by) == ("a reason", "teal", case.actor)
        assert [r.id for r in annotations_of(s, [2])] == [4]
    with case.write() as s:
        clawback.receive_notice(s, clawback.Notice("Them", ["item 1"], reference="letter"))
    with case.read() as s:
        assert [r.item_id for r in annotations_of(s)] == [2]


def test_a_passage_that_says_something_else_is_not_quoted(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("scan")], tmp_path)
    first = Recognised(1, "page/1", "Ths scan", "tesseract", "5.3", "eng", 300, 91, bytes(32))
    with case.write() as s:
        add_machine_texts(s, [first])
        ops.annotate(s, 1, "ocr/page/1", 0, 3, text="misread")
        assert [r.quote for r in annotations_of(s, [1])] == ["Ths"]
        s.execute(annotation.update().values(start=1, stop=4))
        assert [(r.quote, r.text) for r in annotations_of(s, [1])] == [("", "misread")]


def test_letters_go_on_after_z() -> None:
    assert [letter(n) for n in (1, 26, 27, 52, 53, 703)] == ["a", "z", "aa", "az", "ba", "aaa"]
