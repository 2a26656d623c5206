import random

import pytest

from casekit.queries.likeness import BREAK, COMMON, LONGEST_FORM, TextSet, words_of

ADVICE = (
    "our advice is to settle the claim before the hearing in March for no more than two million"
)


def test_words_are_told_apart_without_case_and_chinese_letter_by_letter() -> None:
    assert words_of("Settle, by 3.5%! 云桥 A_b") == ["settle", "by", "3", "5", "云", "桥", "a", "b"]


def test_a_text_is_found_again_with_its_share_and_longest_run() -> None:
    held = TextSet([(7, words_of(ADVICE))])
    (whole,) = held.matches(words_of(f"As we said: {ADVICE}. Regards"))
    assert (whole.key, whole.length, whole.share, whole.run) == (7, 18, 1.0, 18)
    (part,) = held.matches(words_of("they want to settle the claim before the hearing in June"))
    assert (part.run, part.share, part.of_other) == (8, 6 / 16, 6 / 9)
    assert list(held.matches(words_of("nothing of the kind was ever said to anybody"))) == []


def test_no_run_goes_over_a_break() -> None:
    words = words_of(ADVICE)
    held = TextSet([(1, words)])
    (match,) = held.matches([*words[:9], BREAK, *words[9:]])
    assert (match.run, match.share) == (9, 14 / 16)
    assert not TextSet([(1, ["yes", BREAK, "we", BREAK, "can", BREAK, "go"])])


def test_equal_texts_are_each_named_and_short_ones_not_compared() -> None:
    held = TextSet([(1, words_of(ADVICE)), (2, words_of("Thank you, Anna")), (3, words_of(ADVICE))])
    assert [m.key for m in held.matches(words_of(ADVICE))] == [1, 3]
    assert list(held.matches(words_of("Thank you, Anna"))) == []


def test_a_form_that_all_texts_end_with_raises_none_but_a_text_of_form_alone_is_found() -> None:
    footer = words_of(
        "this message is confidential and meant for the person it is addressed to only"
    )
    texts = [(n, [*words_of(f"advice number {n} on matter {n * 7} is given"), *footer])
             for n in range(COMMON + 1)]  # fmt: skip
    held = TextSet([*texts, (900, footer)])
    assert {m.key for m in held.matches(words_of("Lunch? ") + footer)} == {900}
    found = {m.key: m for m in held.matches(texts[5][1])}
    assert found[5].share == 1.0


def test_a_form_counts_for_no_share_and_no_run() -> None:
    footer = words_of(
        "this message is confidential and meant for the person it is addressed to only"
    )
    own = "advice {n} on the matter of {n} is to wait until {n} and then to pay nothing"
    held = TextSet((n, [*words_of(own.format(n=n)), *footer]) for n in range(COMMON + 1))
    assert max(m.run for m in held.matches([*words_of("advice 7 on the roof"), *footer])) == 4


LETTERS = random.Random(7)
VOCABULARY = ["".join(LETTERS.choices("bcdfglmnprst", k=5)) for _ in range(3000)]
LETTER = LETTERS.choices(VOCABULARY, k=200)


def drafts(*places: int, anywhere: int = 0) -> TextSet:
    """Twice as many withheld drafts of one letter as make a form, each changed at these places."""
    made = []
    for n in range(2 * COMMON):
        words = list(LETTER)
        for at in (*places, *LETTERS.sample(range(len(words)), anywhere)):
            words[at] = f"changed{n}at{at}"
        made.append((n, words))
    return TextSet(made)


@pytest.mark.parametrize("places", [(0,), (100,), (199,), (0, 199), (60, 140), (20, 180)])
def test_what_many_drafts_share_is_no_form(places: tuple[int, ...]) -> None:
    held = drafts(*places)
    assert max(m.share for m in held.matches(LETTER)) > 0.9
    for at in range(0, 200, 40):
        quotation = LETTER[at : at + 40]
        longest = max((m.run for m in held.matches(["look", "here", *quotation])), default=0)
        assert longest >= 20, at


def test_what_is_common_to_drafts_changed_all_over_is_no_form() -> None:
    held = drafts(anywhere=20)
    assert max(m.run for m in held.matches(LETTER[80:120])) >= 20
    assert max(m.share for m in held.matches(LETTER)) > 0.6


def test_a_beginning_that_all_texts_share_is_form_but_not_a_long_one() -> None:
    def held(length: int) -> TextSet:
        form = VOCABULARY[:length]
        return TextSet(
            (n, [*form, *LETTERS.choices(VOCABULARY[1000:], k=200)]) for n in range(COMMON + 1)
        )

    lunch = ["lunch", "at", "one"]
    assert not list(held(LONGEST_FORM).matches([*VOCABULARY[:LONGEST_FORM], *lunch]))
    assert max(m.run for m in held(LONGEST_FORM + 1).matches(VOCABULARY[:LONGEST_FORM])) > 20


def test_a_text_that_stands_whole_in_many_others_is_found_itself() -> None:
    around = [LETTERS.choices(VOCABULARY, k=200) for _ in range(COMMON + 1)]
    texts = [(n, [*words[:100], *LETTER[:30], *words[100:]]) for n, words in enumerate(around)]
    held = TextSet([*texts, (900, LETTER[:30])])
    assert {m.key: m.share for m in held.matches(LETTER[:30])}[900] == 1.0


def test_form_adds_nothing_to_the_length_of_a_text() -> None:
    texts = [
        [*LETTERS.choices(VOCABULARY[1000:], k=20), *VOCABULARY[:40]] for _ in range(COMMON + 1)
    ]
    held = TextSet(enumerate(texts))
    assert {m.key: (m.share, m.length) for m in held.matches(texts[7])} == {7: (1.0, 22)}
