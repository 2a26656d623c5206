from __future__ import annotations

from casekit.queries.clusters import Made, NearGroup, Standing, TopicRow
from casekit.search.comparing import Member
from casekit.search.differing import Change, Differing
from casekit.store.case import Case
from casekit.ui import cluster_words
from casekit.ui.cluster_words import Told
from tests.search.builders import add


def member(case: Case, told: Differing | None) -> Member:
    from casekit.queries import items

    with case.write() as s:
        number = add(s, title="A \u202eletter")
    with case.read() as s:
        (row,) = items.rows(s, [number])
    return Member(row, 0.934, 57, told)


def test_a_member_is_told_with_percent_and_changes(case: Case) -> None:
    changes = tuple(Change(f"old{n}", "") for n in range(5))
    words = cluster_words.member_words(member(case, Differing(changes, more=2)))
    assert words[0] == "93 %"
    assert "\u202e" not in words[2]
    assert words[3].startswith("old0 → ∅   |   old1 → ∅")
    assert words[3].endswith("3 more")
    assert cluster_words.member_words(member(case, None))[0] == "principal"
    assert cluster_words.member_words(member(case, Differing(())))[3] == "the same words"


def test_how_groups_stand_is_told_with_what_has_changed_since() -> None:
    values = {"threshold": 80, "without": 2, "short": 1_000, "model": "m", "seed": 20260101}
    made = Made(0, 9, "", values)
    near = Told(
        Standing(made, 3, hidden_since=True), near=(NearGroup(1, 1, 2, 1, 1.0),), count=(1, 2)
    )
    said = cluster_words.standing_text("near", near)
    assert said.startswith("1 group of 2 items, from 80 % on. Computed 1970-01-01 00:00 UTC.")
    assert "2 without text, 1,000 of fewer than 8 words" in said
    assert "▲ 3 items came later" in said
    assert "▲ Something was sequestered or released since" in said
    topics = Told(Standing(made), topics=(TopicRow(1, ("egg",), 2),))
    said = cluster_words.standing_text("topic", topics)
    assert "1 topic by m, seed 20260101." in said
    assert "no finding" in said
    assert cluster_words.standing_text("near", Told(Standing(None))) == ""


def test_a_topic_without_words_says_why_and_names_say_how_much_is_here() -> None:
    assert cluster_words.topic_words(TopicRow(1, ("egg", "oil"), 2)) == "egg, oil"
    assert "sequestered" in cluster_words.topic_words(TopicRow(1, (), 2))
    assert cluster_words.names_text([("A", 1_000, 1_200)]) == "A (1,000 / 1,200)"
