from __future__ import annotations

from casekit.ops import highlights as ops
from casekit.queries.highlights import HighlightSet, highlight_sets, phrase, words
from casekit.queries.matching import Phrase
from casekit.queries.tree import Words
from casekit.store.case import Case


def test_sets_are_listed_with_their_numbers(case: Case) -> None:
    with case.write() as s:
        ops.set_highlights(s, "People", terms=["Sofia Brandt", "Raman"])
        ops.set_highlights(s, "Acts", terms=["distil*"], colour="rose", pattern="wavy", shown=False)
        ops.set_highlights(s, "Last", terms=["x"])
        ops.remove_highlights(s, "People")
    with case.read() as s:
        assert highlight_sets(s) == [
            HighlightSet(2, 1, "Acts", "rose", "wavy", ("distil*",), False),
            HighlightSet(3, 2, "Last", "blue", "dotted", ("x",), True),
        ]


def test_a_term_is_words_in_a_row_of_which_the_last_may_go_on() -> None:
    assert phrase(" “Sofia  Brandt” ") == Phrase("Sofia  Brandt")
    assert phrase('"distil*"') == phrase("distil*") == Phrase("distil", prefix=True)
    assert words("a b") == Words((Phrase("a b"),))
