from __future__ import annotations

import pytest

from casekit.errors import CaseKitError
from casekit.ops import highlights, journal
from casekit.queries.highlights import highlight_sets
from casekit.store.case import Case


def terms(case: Case) -> dict[str, tuple[str, ...]]:
    with case.read() as s:
        return {one.name: one.terms for one in highlight_sets(s)}


def test_a_set_is_made_changed_taken_away_and_each_is_undone(case: Case) -> None:
    with case.write() as s:
        made = highlights.set_highlights(
            s, "People", terms=["Raman", " raman ", "", "Sofia  Brandt"]
        )
    assert terms(case) == {"People": ("Raman", "Sofia Brandt")}
    assert (made.kinds, made.label) == ({"highlights"}, "Highlights “People” made")
    with case.write() as s:
        changed = highlights.set_highlights(s, "People", new_name="Who", terms=["Okafor"])
        hidden = highlights.set_highlights(s, "Who", shown=False)
        highlights.add_terms(s, "Who", ["Mehta"])
        gone = highlights.remove_highlights(s, "Who")
    assert hidden.label == "Highlights “Who” hidden"
    assert terms(case) == {}
    with case.write() as s:
        journal.undo(s, gone.act)
    assert terms(case) == {"Who": ("Okafor", "Mehta")}
    with pytest.raises(CaseKitError, match="undo that first"), case.write() as s:
        journal.undo(s, changed.act)


def test_sets_differ_in_colour_and_pattern_by_themselves(case: Case) -> None:
    with case.write() as s:
        for number in range(7):
            highlights.set_highlights(s, f"Set {number}", terms=["x"])
        looks = [(one.colour, one.pattern) for one in highlight_sets(s)]
    assert (
        len({colour for colour, _ in looks[:6]}) == len({pattern for _, pattern in looks[:6]}) == 6
    )
    assert len(set(looks)) == 7


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        (" ", {"terms": ["x"]}, "needs a name"),
        ("New", {}, "at least one term"),
        ("New", {"terms": ["--"]}, "no letter or digit"),
        ("New", {"terms": [f"w{n}" for n in range(501)]}, "500 terms at most"),
        ("New", {"terms": ["x"], "colour": "red"}, "colour must be one of"),
        ("New", {"terms": ["x"], "pattern": "bold"}, "pattern must be one of"),
        ("People", {"new_name": "Acts"}, "already"),
    ],
)
def test_what_is_no_set_is_refused(case: Case, name: str, given: dict, said: str) -> None:  # type: ignore[type-arg]
    with case.write() as s:
        highlights.set_highlights(s, "People", terms=["Raman"])
        highlights.set_highlights(s, "Acts", terms=["distil*"])
    with pytest.raises(CaseKitError, match=said), case.write() as s:
        highlights.set_highlights(s, name, **given)
    with pytest.raises(CaseKitError, match="no set of highlights"), case.write() as s:
        highlights.remove_highlights(s, "Nobody")
    assert terms(case) == {"People": ("Raman",), "Acts": ("distil*",)}
