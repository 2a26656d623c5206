from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from casekit.analysis import winnowing
from casekit.analysis.winnowing import Vocabulary, Words

TEXT = st.lists(st.sampled_from("abc"), max_size=40).map(" ".join)


def made(texts: list[str], prompts: list[str] | None = None) -> Words:
    return Words.of(texts, prompts or [""] * len(texts), Vocabulary())


def runs_of(text: str, least: int) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[k : k + least]) for k in range(len(words) - least + 1)}


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=4), st.lists(TEXT, min_size=1, max_size=4),
       st.integers(5, 9))  # fmt: skip
def test_every_run_of_the_length_is_betrayed_by_a_fingerprint(
    ours: list[str], theirs: list[str], least: int
) -> None:
    a, b = made(ours), made(theirs)
    _, kept = winnowing.prints(a, least)
    at, values = winnowing.prints(b, least)
    starts, hashes = winnowing.around(b, at[np.isin(values, kept)], least)
    every, known = winnowing.grams(a, least)
    found = {int(a.text[p]) for p in every[np.isin(known, hashes)]}
    said = [runs_of(text, least) for text in theirs]
    assert found == {
        n for n, text in enumerate(ours) if any(runs_of(text, least) & s for s in said)
    }
    assert {int(b.text[p]) for p in starts[np.isin(hashes, known)]} == {
        n for n, s in enumerate(said) if any(runs_of(text, least) & s for text in ours)
    }


def test_fingerprints_are_fewer_than_what_they_stand_for() -> None:
    rng = np.random.default_rng(1)
    text = " ".join(f"w{n}" for n in rng.integers(0, 5_000, 20_000))
    at, _ = winnowing.prints(made([text]), 8)
    assert 0.35 < len(at) / 20_000 < 0.45  # 2 of window + 1


def test_what_quotes_the_prompt_counts_for_nothing() -> None:
    said = "he wrote one two three four five and six seven eight nine ten there"
    words = made([said], ["Repeat: one two three four five."])
    assert words.quoted.nonzero()[0].tolist() == [2, 3, 4, 5, 6]
    at, _ = winnowing.grams(words, 5)
    assert at.tolist() == [7, 8, 9]
    other = "well one two three four five and six seven eight nine ten here"
    [run] = winnowing.runs(said, other, ("Repeat: one two three four five.", ""), 5)
    assert (run.words, said[run.a_start : run.a_stop]) == (6, "and six seven eight nine ten")
    assert winnowing.runs(said, other, ("", ""), 5)[0].words == 11


def test_no_run_is_longer_than_its_chain() -> None:
    words = made(["a b c d e f g h", "x y", "c d e f g q"])
    shared, _ = winnowing.grams(words, 5)
    assert winnowing.chains(words, shared[:3], 5).tolist() == [7, 0, 0]
    assert winnowing.chains(words, shared[[0, 2, 4]], 5).tolist() == [5, 0, 5]
    assert winnowing.chains(words, shared[:0], 5).tolist() == [0, 0, 0]
