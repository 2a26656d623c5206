from __future__ import annotations

import hashlib
from pathlib import Path

from casekit import clock
from casekit.ops.journal import Act
from casekit.queries.passages import part_text, quote_hash
from casekit.store.case import Case
from casekit.store.tables import machine_text
from tests.builders import file_items, make_item


def test_own_text_comes_before_what_a_machine_read(case: Case, tmp_path: Path) -> None:
    page = make_item("scan", pages=2)
    page.texts = [("page/1", "own words")]
    file_items(case, [page], tmp_path)
    with case.write() as s:
        act = Act(s, "test", "Read")
        for part, text in (("page/1", "machine"), ("page/2", "older"), ("page/2", "newer")):
            row = {"item_id": 1, "part": part, "text": text, "engine": "e", "version": "1", "language": "eng",
                   "dpi": 300, "confidence": 90, "pixels_sha256": bytes(32)}  # fmt: skip
            act.insert(machine_text, {**row, "at_us": clock.now_us()})
        act.record()
        assert [part_text(s, 1, p) for p in ("page/1", "page/2", "page/3")] == [
            "own words",
            "newer",
            None,
        ]
        marked = ("ocr/page/1", "ocr/page/2", "ocr/page/2~2", "ocr/page/3")
        assert [part_text(s, 1, p) for p in marked] == ["machine", "older", "newer", None]


def test_a_passage_is_hashed_as_utf_8() -> None:
    assert quote_hash("云桥") == hashlib.sha256("云桥".encode()).digest()
    assert quote_hash("\ud800") != quote_hash("\ud801")
