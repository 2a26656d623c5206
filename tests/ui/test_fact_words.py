from __future__ import annotations

import dataclasses

from casekit.queries.claims import MatrixRow
from casekit.queries.facts import MATERIAL, STANCES, STATUSES, CiteRow, FactLink, FactRow
from casekit.queries.moments import DATE_KINDS, When
from casekit.ui import fact_words as words

CITE = CiteRow(1, 1, None, "", None, None, None, 3, "Runs", "supports", "", "A", 0)
FACT = FactRow(
    1,
    "They  signed\nup.",
    "disputed-by-them",
    "Meridian",
    "yes",
    When(),
    None,
    None,
    (),
    (),
    (),
    "A",
    0,
)


def test_every_word_of_the_core_has_a_shape_and_a_word() -> None:
    assert tuple(words.STATUS_WORDS) == tuple(words.STATUS_SIGNS) == STATUSES
    assert len(set(words.STATUS_SIGNS.values())) == len(STATUSES)
    assert tuple(words.MATERIAL_WORDS) == MATERIAL
    assert tuple(words.DATE_WORDS) == DATE_KINDS
    assert tuple(words.STANCE_WORDS) == STANCES
    states = MatrixRow.__annotations__["state"]
    assert states == "ElementState"
    assert words.STATE_WORDS.keys() == words.STATE_SIGNS.keys()


def test_dates_say_how_they_are_meant() -> None:
    day = "2026-01-14"
    assert words.date_text(When()) == ""
    assert words.date_text(When("on", day)) == day
    assert words.date_text(When("before", day)) == "before 2026-01-14"
    assert words.date_text(When("after", day, "", "+08:00")) == "after 2026-01-14 +08:00"
    assert words.date_text(When("about", "2026-01-14 09:12")) == "about 2026-01-14 09:12 UTC"
    assert words.date_text(When("range", day, "2026-02")) == "2026-01-14 – 2026-02"


def test_cells_of_a_fact() -> None:
    assert words.status_text(FACT) == "◐ Disputed by the other side: Meridian"
    assert words.cites_text(FACT) == "▲ none"
    against = dataclasses.replace(CITE, stance="contradicts")
    both = dataclasses.replace(FACT, cites=(CITE, CITE, against))
    assert words.cites_text(both) == "F-3, ≠ F-3"
    links = (
        FactLink(1, "Assent", 1, "C", "supports"),
        FactLink(2, "Breach", 1, "C", "contradicts"),
    )
    assert words.elements_text(dataclasses.replace(FACT, links=links)) == "Assent; ≠ Breach"
    assert words.short(FACT.text) == "They signed up."
    assert words.short("a" * 50 + " " + "b" * 50).endswith("a…")
    assert words.facts_count(1) + words.facts_count(1200) == "1 fact1,200 facts"
