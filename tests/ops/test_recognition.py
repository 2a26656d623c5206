from __future__ import annotations

from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops.journal import undo
from casekit.ops.recognition import Recognised, add_machine_texts
from casekit.queries.items import item_ids, view
from casekit.queries.recognised import MachineText, machine_texts
from casekit.store.case import Case
from tests.builders import file_items, make_item

PIXELS = bytes(32)


def test_what_a_machine_read_stands_beside_the_items_own_text(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("scan")], tmp_path)
    with case.read() as s:
        (item_id,) = map(int, item_ids(s))
    page = Recognised(item_id, "page/1", "Read text", "tesseract", "5.3", "eng", 300, 91, PIXELS)
    with case.write() as s:
        changes = add_machine_texts(s, [page])
    assert (changes.label, changes.ids) == ("Text recognised on 1 pages", (item_id,))
    with case.read() as s:
        assert machine_texts(s, item_id) == [
            MachineText("ocr/page/1", "Read text", "tesseract", "5.3", "eng", 300, 91, PIXELS)
        ]
        assert view(s, item_id).texts == (("body", "The text of scan."),)
    with pytest.raises(CaseKitError, match="cannot be undone"), case.write() as s:
        undo(s, changes.act)
