"""Items with hidden characters: found by kind, counted in any list, and not where they are sequestered."""

from __future__ import annotations

import pytest

from casekit.errors import QueryError
from casekit.ops.clawback import Notice, receive_notice
from casekit.ops.recognition import Recognised, add_machine_texts
from casekit.progress import Silent
from casekit.search import filling, search
from casekit.search.completing import values
from casekit.search.facet_counts import count_facets
from casekit.store.case import Case
from tests.search.builders import add


def test_items_are_found_by_what_nobody_sees_in_them(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": "plain words"})
        add(s, texts={"body": "con\u00adtract and pay\u200bment"})
        add(s, texts={"output": "ok\U000e0041"})
        add(s, parties=(("from", "P\u0430ypal", "a@x.example"),))
        held = add(s, texts={"body": "gone\u200b"})
    filling.index_pending(case, Silent())

    def found(text: str) -> list[int]:
        return sorted(hit.id for hit in search(case, text).hits)

    assert found("hidden:any") == [2, 3, 4, 5]
    assert found("hidden:zero-width") == [2, 5]
    assert found("hidden:lookalike") == [4]
    assert found("-hidden:any") == [1]
    assert found("contract hidden:soft-hyphen") == [2]
    (counted,) = count_facets(case, fields=["hidden"])
    assert {v.text: v.count for v in counted.values} == {
        "zero-width": 2, "soft-hyphen": 1, "tag": 1, "lookalike": 1,
    }  # fmt: skip
    assert counted.values[0].query == "hidden:zero-width"
    assert ("tag", 1) in values(case, "hidden", "")
    with pytest.raises(QueryError, match="takes one of"):
        search(case, "hidden:zerowidth")
    with case.write() as s:
        add_machine_texts(
            s, [Recognised(1, "page/1", "soft\u00adly", "t", "9", "eng", 300, 90, b"x" * 32)]
        )
        receive_notice(s, Notice("Them", [str(held)], reference="letter"))
    filling.index_pending(case, Silent())
    assert found("softly") == [1]
    assert found("hidden:any") == [2, 3, 4]  # what a machine read is not the item's own
    (counted,) = count_facets(case, fields=["hidden"])
    assert counted.values[0].count == 1
