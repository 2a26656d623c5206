from __future__ import annotations

import pytest

from casekit.dossier.copies import CELL, STEP, Copies, packed, refuse_cells, rounded
from casekit.dossier.sheet import Remark
from casekit.errors import CaseKitError


class Nothing:
    def places(self, text: str) -> list[tuple[int, int, str]]:
        return []


class Advice:
    def places(self, text: str) -> list[tuple[int, int, str]]:
        at = text.find("advice")
        return [(at, at + 6, "1")] if at >= 0 else []


@pytest.mark.parametrize(
    "text", ["", "a", "one two three", "x" * 50, "报告" * 9, "  two  spaces ", "a " * 40]
)
def test_pieces_joined_are_the_text_and_none_is_longer_than_a_cell(text: str) -> None:
    pieces = packed(text)
    assert "".join(pieces) == text
    assert all(len(p.strip()) <= STEP for p in pieces)
    assert all(len(p.strip()) <= STEP // 2 for p in pieces if not p.isascii())


def test_words_stay_whole_where_they_fit_a_cell() -> None:
    assert packed("we would welcome a conversation") == [
        "we would ", "welcome a ", "conversation",
    ]  # fmt: skip


def test_few_lengths_are_told() -> None:
    found = [rounded(n) for n in range(1, 40)]
    assert all(size >= n for n, size in enumerate(found, 1))
    assert sorted(set(found)) == [2, 3, 4, 6, 8, 12, 16, 24, 32, 48]


def test_a_passage_is_cells_in_the_plan_and_words_in_each_copy() -> None:
    copies = Copies(Nothing())
    cells = copies.mark("[gone]", "Ann Lee", "Ann Lee [personal]")
    assert CELL.fullmatch(cells)
    assert copies.mark("[gone]", "Ann Lee", "Ann Lee [personal]") == cells
    remark = Remark(f"So said {cells}.")
    assert copies.public(remark) == Remark("So said [gone].")
    assert copies.sealed(remark) == Remark("So said Ann Lee [personal].")
    assert copies.sealed(copies.mark("[gone]", "a\nb", "a\nb")) == "a ¶ b"


def test_what_nobody_may_see_has_no_cells() -> None:
    copies = Copies(Advice())
    assert copies.mark("[gone]", "the advice was", "the advice was [confidential]") == "[gone]"
    assert copies.cells == {}


def test_the_characters_of_cells_in_evidence_are_refused() -> None:
    refuse_cells("\uf8ff \U000f0000", "a text")
    with pytest.raises(CaseKitError, match=r"U\+10FFFD"):
        refuse_cells("a\U0010fffd", "a text")
