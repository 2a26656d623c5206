from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from casekit.queries import items
from casekit.search.shared import Comparison, compare, main_part
from casekit.store.case import Case
from casekit.store.tables import receipt
from tests.builders import file_items, make_exchange, make_item

PROMPT = "Please explain why the broad night sky looks so dark to us"
SUBJECT = (
    "Now: why the broad night sky looks so dark, old friend, is that stars are far away and few."
)
SOURCE = (
    "Well, why the broad night sky looks so dark, old friend, is that stars are far away and few!"
)
CONTROL = "It is that stars are far away, I think."


@pytest.fixture
def three(case: Case, tmp_path: Path) -> Case:
    for name, text in (("subject", SUBJECT), ("source", SOURCE), ("control", CONTROL)):
        file_items(case, [make_exchange(PROMPT, text, name)], tmp_path, name)
    return case


def compared(
    case: Case, left: int = 1, right: int = 2
) -> tuple[Comparison, list[list[tuple[str, str]]]]:
    with case.read() as s:
        a, b = items.view(s, left), items.view(s, right)
        found = compare(s, a, b)
    text = a.text(found.left_part)
    pieces = [[(text[p.start : p.stop], p.ground) for p in run.left] for run in found.shared]
    return found, pieces


def test_shared_words_are_told_apart_by_what_else_says_them(three: Case) -> None:
    with three.write() as s:
        s.execute(update(receipt).where(receipt.c.original_id == 3).values(role="control"))
    found, pieces = compared(three)
    assert pieces == [[
        ("why the broad night sky looks so dark", "prompt"),
        (", old friend, ", ""),
        ("is that stars are far away", "control"),
        (" and few", ""),
    ]]  # fmt: skip
    assert (found.words, found.in_prompt, found.by_control) == (18, 8, 6)
    assert found.controls == ("control",)
    assert found.shared[0].left[2].models == ("control",)
    text = SOURCE
    assert [text[p.start : p.stop] for p in found.shared[0].right] == [
        words for words, _ in pieces[0]
    ]


def test_a_model_that_was_not_received_as_a_control_explains_nothing(three: Case) -> None:
    found, pieces = compared(three)
    assert [ground for _, ground in pieces[0]] == ["prompt", ""]
    assert (found.by_control, found.controls) == (0, ())


def test_a_control_is_not_explained_by_itself(three: Case) -> None:
    with three.write() as s:
        s.execute(update(receipt).where(receipt.c.original_id == 3).values(role="control"))
    found, pieces = compared(three, 1, 3)
    assert [ground for run in pieces for _, ground in run] == [""]
    assert found.controls == ()


def test_documents_are_compared_by_their_text(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("one"), make_item("two")], tmp_path)
    found, pieces = compared(case)
    assert (found.left_part, pieces) == ("body", [])
    with case.read() as s:
        assert main_part(items.view(s, 1)) == "body"
