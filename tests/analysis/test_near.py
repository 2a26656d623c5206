from __future__ import annotations

import itertools
import random

import numpy as np

from casekit.analysis import near

WORDS = ["".join(letters) for letters in itertools.product("abcdefghijklm", repeat=3)]


def texts(seed: int, number: int, words: int = 60) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=words)) for _ in range(number)]


def changed(text: str, times: int, seed: int) -> str:
    """The text with some words replaced: each loses two of its pairs."""
    rng, words = random.Random(seed), text.split()
    for at in rng.sample(range(len(words)), times):
        words[at] = "changed"
    return " ".join(words)


def test_near_duplicates_across_two_sets_are_found_and_no_others() -> None:
    source = texts(1, 400)
    ours = [changed(t, 2, n) for n, t in enumerate(source[:200])] + texts(2, 200)
    best, _ = near.proposed(near.signatures(ours), near.signatures(source))
    found = near.duplicates(ours, best, source.__getitem__)
    assert found[:200].mean() >= 0.99
    assert not found[200:].any()
    assert [int(b) for b, f in zip(best[:200], found, strict=False) if f] == [
        n for n in range(200) if found[n]
    ]


def test_no_text_is_its_own_duplicate() -> None:
    made = texts(3, 50)
    best, _ = near.proposed(near.signatures([*made, made[7], "", ""]))
    assert {n: int(b) for n, b in enumerate(best) if b >= 0} == {7: 50, 50: 7}


def test_a_crowd_of_equals_does_not_hide_a_pair() -> None:
    crowd = ["hello there my dear old friend"] * 500
    pair = texts(4, 1) * 2
    best, _ = near.proposed(near.signatures([*crowd, *pair]))
    assert (best >= 0).all()
    assert near.duplicates([*crowd, *pair], best, [*crowd, *pair].__getitem__).all()


def test_what_is_alike_is_decided_by_the_words() -> None:
    assert near.alike("a b c d", "A, b; c d!") == 1.0
    assert near.alike("a b c d", "a b c x") == 0.5
    assert near.alike("a", "a") == 1.0
    assert near.alike("", "") == 0.0
    assert near.proposed(near.signatures([]))[0].tolist() == []
    best = np.array([0, -1], dtype=np.int64)
    assert near.duplicates(["a b c", "a b c"], best, ["a b c"].__getitem__).tolist() == [
        True,
        False,
    ]
