from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casekit.errors import CaseKitError
from casekit.ops import annotations, clawback, journal
from casekit.queries.annotations import annotations_of
from casekit.queries.items import view
from casekit.store.case import Case
from casekit.store.tables import annotation
from tests.builders import file_items, make_exchange


@pytest.fixture
def asked(case: Case, tmp_path: Path) -> Case:
    file_items(case, [make_exchange("Why?", "Because of 云桥.", "m")], tmp_path)
    return case


def test_an_annotation_is_made_changed_taken_away_and_undone(asked: Case) -> None:
    with asked.write() as s:
        number, made = annotations.annotate(s, 1, "output", 11, 13, text=" who? ", colour="rose")
        changed = annotations.change_annotation(s, number, text="the bridge", colour="blue")
        gone = annotations.remove_annotation(s, number)
    assert (made.kinds, made.ids, made.label) == (
        {"annotations", "items"},
        (1,),
        "Passage annotated",
    )
    with asked.write() as s:
        assert annotations_of(s) == []
        journal.undo(s, gone.act)
        (row,) = annotations_of(s)
        assert (row.quote, row.text, row.colour) == ("云桥", "the bridge", "blue")
        journal.undo(s, changed.act)
        (row,) = annotations_of(s)
        assert (row.text, row.colour) == ("who?", "rose")
        annotations.change_annotation(s, number, text=" ")
        assert [r.text for r in annotations_of(s)] == [""]
        assert view(s, 1).text("output") == "Because of 云桥."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((1, "body", 0, 1), "has no part “body”"),
        ((1, "output", 3, 3), "passage is not in it"),
        ((1, "output", 3, 99), "passage is not in it"),
        ((9, "output", 0, 1), "no part"),
    ],
)
def test_what_is_no_passage_is_refused(asked: Case, given: Any, said: str) -> None:
    with pytest.raises(CaseKitError, match=said), asked.write() as s:
        annotations.annotate(s, *given)
    with pytest.raises(CaseKitError, match="colour"), asked.write() as s:
        annotations.annotate(s, 1, "output", 0, 1, colour="red")
    with pytest.raises(CaseKitError, match="characters at most"), asked.write() as s:
        annotations.annotate(s, 1, "output", 0, 1, text="x" * 20_001)
    with pytest.raises(CaseKitError, match="no annotation 4"), asked.write() as s:
        annotations.change_annotation(s, 4, text="x")


def test_of_what_is_sequestered_nothing_can_be_annotated(asked: Case) -> None:
    with asked.write() as s:
        number, _ = annotations.annotate(s, 1, "output", 0, 7)
        clawback.receive_notice(s, clawback.Notice("Them", ["item 1"], reference="letter"))
    for act in (
        lambda s: annotations.annotate(s, 1, "output", 0, 7),
        lambda s: annotations.remove_annotation(s, number),
    ):
        with pytest.raises(CaseKitError, match="sequestered"), asked.write() as s:
            act(s)
    with asked.read(whole=True) as s:
        assert s.execute(annotation.select()).first() is not None
