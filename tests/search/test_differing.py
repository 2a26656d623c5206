from __future__ import annotations

import pytest

from casekit.search import differing
from casekit.search.differing import Change, Differing


def test_words_that_were_put_in_taken_out_and_changed_are_told_in_order() -> None:
    a = "Dear Sir, we pay 1,000 euros on the twelfth of May, as agreed."
    b = "Dear Sir, we will pay 2,000 euros on the twelfth of May."
    assert differing.differing(a, b) == Differing(
        (Change("", "will"), Change("1", "2"), Change("as agreed", ""))
    )


def test_case_accents_and_punctuation_are_no_difference() -> None:
    assert differing.differing("Café – NOIR", "cafe noir!") == Differing(())
    assert differing.differing("", "") == Differing(())


def test_of_many_changes_the_first_are_given_and_the_others_counted() -> None:
    a = " ".join(f"same{n} old{n}" for n in range(30))
    b = " ".join(f"same{n} new{n}" for n in range(30))
    found = differing.differing(a, b, most=2)
    assert (found.changes, found.more) == ((Change("old0", "new0"), Change("old1", "new1")), 28)


def test_of_a_long_stretch_only_the_beginning_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differing, "MOST_WORDS", 3)
    found = differing.differing("x a b c d e y", "x f g h i j y")
    assert found == Differing((Change("a b c", "f g h"),), cut=True)
