from __future__ import annotations

from casekit.ui.further import NAMES, further_rows, said


def test_facts_are_said_without_brackets() -> None:
    assert said([{"by": ["Ann", "Bob"], "count": 2}, "x"]) == "by Ann; Bob · count 2; x"
    assert (said(True), said(False), said("a")) == ("yes", "", "a")


def test_known_names_get_words_and_others_lose_their_underscores() -> None:
    rows = further_rows({"packed_from": "C:\\a.txt", "own_name": [1, 2], "macros": True})
    assert rows == [(NAMES["packed_from"], "C:\\a.txt"), ("own name", "1; 2"), ("Macros", "yes")]
