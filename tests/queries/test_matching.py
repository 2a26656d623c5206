import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.queries import matching
from casekit.queries.matching import Phrase


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("plain ASCII_text", "plain ASCII_text"),
        ("nul\x00byte", "nul byte"),
        ("conﬁdential", "confidential"),
        ("con\u00adfi\u200bdential", "confidential"),
        ("ＧＰＴ４", "GPT4"),
        ("lone \ud800 surrogate", "lone   surrogate"),
    ],
)
def test_fold_makes_equal_what_a_reader_would_not_tell_apart(raw: str, folded: str) -> None:
    assert matching.fold(raw) == folded


def test_words_are_quoted_and_go_to_the_table_of_words() -> None:
    assert matching.match((Phrase('a" OR b'),), 0, "") == ("entry", '"a  OR b"')
    assert matching.match((Phrase("pri", prefix=True),), 0, "body") == ("entry", '{body} : "pri" *')
    assert matching.match((Phrase("a"), Phrase("b")), 3, "") == ("entry", 'NEAR("a" "b", 3)')


def test_cjk_becomes_grams_whose_last_may_go_on() -> None:
    assert matching.gram_text("合同书") == " x05408x0540c x0540cx04e66 x04e66 "
    assert matching.match((Phrase("合同"),), 0, "") == ("gram", '" x05408x0540c"')
    assert matching.match((Phrase("合"),), 0, "") == ("gram", '" x05408" *')


def test_atoms_carry_their_places_in_the_raw_text() -> None:
    found = [(a.folded, a.start, a.stop) for a in matching.atoms("Größe_2 使用GPT e\u0301!")]
    assert found == [
        ("große", 0, 5), ("2", 6, 7), ("使", 8, 9), ("用", 9, 10), ("gpt", 10, 13), ("e", 14, 16),
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_words_alone_are_the_words_with_places(text: str) -> None:
    assert matching.words(text) == [atom.folded for atom in matching.atoms(text)]
    assert matching.words("Wörter und " + text) == [
        atom.folded for atom in matching.atoms("Wörter und " + text)
    ]


def test_terms_are_words_let_through_and_neighbours_in_scripts_without_spaces() -> None:
    found = matching.terms("An Anchor，港口 长。长x城 ab", lambda word: len(word) > 2)
    assert list(found) == ["anchor", "港口"]  # nothing across a space, a stop or another script
