from casekit.queries.likeness import BREAK, COMMON, TextSet, words_of

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
