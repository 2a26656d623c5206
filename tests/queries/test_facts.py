from __future__ import annotations

from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import clawback, exhibits, facts
from casekit.ops.clawback import Notice
from casekit.ops.facts import NewCite
from casekit.ops.journal import Act
from casekit.queries.facts import facts as listed
from casekit.queries.facts import get, people, sequestered_facts
from casekit.queries.moments import When
from casekit.store.case import Case
from casekit.store.tables import machine_text
from tests.builders import file_items, make_item


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """Facts 1 to 5, of which the first cites item 1 and the second what a machine read in item 2."""
    file_items(case, [make_item("a"), make_item("scan", pages=1)], tmp_path)
    with case.write() as s:
        act = Act(s, "test", "Read")
        row = {"item_id": 2, "part": "page/1", "text": "scanned words", "engine": "e", "version": "1",
               "language": "eng", "dpi": 300, "confidence": 90,
               "pixels_sha256": bytes(32), "at_us": 0}  # fmt: skip
        act.insert(machine_text, row)
        act.record()
        exhibits.mark_exhibit(s, 1, "A-1")
        facts.add_fact(s, "late", when=When("after", "2026-05"), people=["Zoe"], cites=[NewCite(1)])
        facts.add_fact(s, "early", when=When("before", "2025"), cites=[NewCite(2, "page/1", 0, 7)])
        facts.add_fact(s, "undated", status="undisputed", material="no")
        facts.add_fact(s, "middle", when=When("about", "2025-06"), people=["Ann", "Zoe"])
        facts.add_fact(s, "same", when=When("on", "2025-06"))
    return case


def test_they_come_in_order_of_time(filed: Case) -> None:
    with filed.read() as s:
        rows = listed(s)
        assert [row.text for row in rows] == ["early", "middle", "same", "late", "undated"]
        assert [row.is_unevaluated for row in rows] == [True, True, True, True, False]
        assert [row.is_supported for row in rows] == [True, False, False, True, False]
        assert [row.text for row in listed(s, [5, 3])] == ["same", "undated"]
        assert [row.text for row in listed(s, item_id=1)] == ["late"]
        assert people(s) == ["Ann", "Zoe"]
        item = rows[3].cites[0].item
        assert item is not None
        assert item.exhibit == "A-1"
        assert rows[0].cites[0].intact is None  # lists do not read the passages


def test_a_passage_that_is_another_one_now_is_told(filed: Case) -> None:
    with filed.read() as s:
        assert (get(s, 2).cites[0].quote, get(s, 2).cites[0].intact) == ("scanned", True)
    with filed.write() as s:
        act = Act(s, "test", "Read again")
        act.update(machine_text, {"id": 1}, {"text": "better words"})
        act.record()
    with filed.read() as s:
        assert (get(s, 2).cites[0].quote, get(s, 2).cites[0].intact) == ("better ", False)


def test_what_is_hidden_is_counted_and_no_more(filed: Case) -> None:
    with filed.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 1"], reference="letter"))
    with filed.read() as s:
        assert sequestered_facts(s) == {1}
        assert people(s) == ["Ann", "Zoe"]  # of the fact that is left
        with pytest.raises(CaseKitError, match="no fact 1"):
            get(s, 1)
