from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from casekit.search import Run, shared_runs


def test_shared_runs_are_found_whatever_case_and_spacing() -> None:
    a = "He said: the quick brown fox jumps over the dog."
    b = "THE QUICK  brown\nfox, jumps over a cat"
    assert shared_runs(a, b) == [Run(9, 39, 0, 32, 6)]
    run = shared_runs(a, b)[0]
    assert a[run.a_start : run.a_stop] == "the quick brown fox jumps over"
    assert b[run.b_start : run.b_stop] == "THE QUICK  brown\nfox, jumps over"


def test_short_runs_do_not_count() -> None:
    assert shared_runs("one two three four", "one two three four") == []
    assert [r.words for r in shared_runs("one two three four", "one two three four", 4)] == [4]


def test_a_character_of_chinese_is_a_word() -> None:
    assert [r.words for r in shared_runs("禁止使用输出训练模型", "不得使用输出训练任何模型")] == [6]


def test_texts_that_repeat_themselves_stay_quick() -> None:
    start = time.process_time()
    assert len(shared_runs("a b " * 20_000, "a b " * 2_000)) == 1
    assert time.process_time() - start < 5


@given(
    st.lists(st.sampled_from("abcd"), max_size=30), st.lists(st.sampled_from("abcd"), max_size=30)
)
def test_every_run_stands_in_both_and_none_is_missed(a: list[str], b: list[str]) -> None:
    a_text, b_text = " ".join(a), " ".join(b)
    runs = shared_runs(a_text, b_text, 3)
    for r in runs:
        assert a_text[r.a_start : r.a_stop] == b_text[r.b_start : r.b_stop]
    grams = {tuple(a[i : i + 3]) for i in range(len(a) - 2)}
    shared = any(tuple(b[i : i + 3]) in grams for i in range(len(b) - 2))
    assert bool(runs) == shared
