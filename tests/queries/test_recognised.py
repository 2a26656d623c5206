from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from casekit.ops.recognition import Recognised, add_machine_texts
from casekit.queries.items import item_ids
from casekit.queries.recognised import Wanting, machine_texts, unread, wanting
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_pages_without_text_are_wanting_until_this_engine_has_looked(
    case: Case, tmp_path: Path
) -> None:
    scan = make_item("scan", media_type="application/pdf", pages=3)
    scan.texts = [("page/2", "own text")]
    photo = make_item("photo", "image", media_type="image/png", pages=1)
    photo.texts = []
    word = make_item("word", pages=2)
    file_items(case, [scan, photo, word], tmp_path)
    with case.read() as s:
        ids = list(map(int, item_ids(s, order="id")))
        assert wanting(s, ids, "tesseract", "5.3", "eng") == [
            Wanting(ids[0], "document", "application/pdf", (1, 3)),
            Wanting(ids[1], "image", "image/png", (1,)),
        ]
    blank = Recognised(ids[0], "page/1", "", "tesseract", "5.3", "eng", 300, None, bytes(32))
    with case.write() as s:
        add_machine_texts(s, [blank])
    with case.read() as s:
        assert wanting(s, ids[:1], "tesseract", "5.3", "eng")[0].pages == (3,)
        assert wanting(s, ids[:1], "tesseract", "6.0", "eng")[0].pages == (1, 3)
        assert wanting(s, ids[:1], "tesseract", "5.3", "deu")[0].pages == (1, 3)
        assert machine_texts(s, ids[0]) == []
        assert unread(s, ids) == ids[:2]
    with case.write() as s:
        add_machine_texts(s, [replace(blank, part="page/3", engine="other")])
    with case.read() as s:
        assert unread(s, ids) == ids[1:2]


def test_a_picture_that_could_not_be_opened_is_unread_but_not_wanting(
    case: Case, tmp_path: Path
) -> None:
    broken = make_item("broken", "image", media_type="image/png")
    broken.texts = []
    file_items(case, [broken, make_item("told", media_type="application/pdf")], tmp_path)
    with case.read() as s:
        assert (unread(s, [1, 2]), wanting(s, [1, 2], "tesseract", "5", "eng")) == ([1], [])


def test_each_reading_of_a_page_has_a_name_of_its_own(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("photo", "image", media_type="image/png", pages=1)], tmp_path)
    with case.read() as s:
        (item_id,) = map(int, item_ids(s))
    with case.write() as s:
        for text in ("first", "", "second"):
            read = Recognised(item_id, "page/1", text, "tesseract", "5", "eng", 300, 9, bytes(32))
            add_machine_texts(s, [read])
    with case.read() as s:
        found = [(read.part, read.page, read.text) for read in machine_texts(s, item_id)]
    assert found == [("ocr/page/1", "1", "first"), ("ocr/page/1~2", "1", "second")]
