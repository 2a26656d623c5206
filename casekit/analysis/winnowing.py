"""Runs of words that sets of texts share, found with certainty by winnowed fingerprints.

A text is its words' codes. Of every `window` neighbouring sequences of `size` words the one with the least
hash is kept as a fingerprint (of equals the last). Two texts that share a run of at least `size + window - 1`
words share every sequence in it, choose the same least one, and so share a fingerprint: no such run is missed.
What fingerprints only suggest is then compared in full length. Schleimer, Wilkerson, Aiken: Winnowing, 2003.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekit.queries import matching
from casekit.search.runs import PLACES_TRIED, Run

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

SIZE = 5  # words of a fingerprint
QUOTE_WORDS = 5  # this many words in a row that stand in the prompt are taken for a quotation of it
MOST_WORDS_KNOWN = 2_000_000
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_ROUND = np.uint64(0xBF58476D1CE4E5B9)


class Vocabulary:
    """Codes of words: 64 bits of a hash, the same on every machine."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def codes(self, words: Sequence[str]) -> list[int]:
        """The code of each word."""
        return [self._known.get(word) or self._learned(word) for word in words]

    def _learned(self, word: str) -> int:
        code = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little") or 1
        if len(self._known) < MOST_WORDS_KNOWN:
            self._known[word] = code
        return code


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of texts, one after another.

    Attributes:
        codes: Of every word, shape (n,).
        text: The number of the text that a word stands in, shape (n,).
        starts: Where each text begins, and behind them the end, shape (texts + 1,).
        quoted: Words that quote their text's own prompt, shape (n,).
    """

    codes: Hashes
    text: Ints
    starts: Ints
    quoted: Mask

    @classmethod
    def of(cls, texts: Sequence[str], prompts: Sequence[str], vocabulary: Vocabulary) -> Words:
        """The words of texts, each answered to the prompt at its place."""
        codes, text, starts = _coded(texts, vocabulary)
        asked, of_prompt, begun = _coded(prompts, vocabulary)
        said = cls(codes, text, starts, np.zeros(len(codes), dtype=bool))
        asking = cls(asked, of_prompt, begun, np.zeros(len(asked), dtype=bool))
        at, ours = grams(said, QUOTE_WORDS)
        in_prompts, theirs = grams(asking, QUOTE_WORDS)
        in_prompt = held(mixed(ours, text[at]), distinct(mixed(theirs, of_prompt[in_prompts])))
        for k in range(QUOTE_WORDS):
            said.quoted[at[in_prompt] + k] = True
        return said

    def __len__(self) -> int:
        return len(self.starts) - 1


def distinct(hashes: Hashes) -> Hashes:
    """The different ones, ascending; sorting is much quicker here than `numpy.unique`, which hashes anew."""
    found = np.sort(hashes)
    return found[np.r_[True, found[1:] != found[:-1]]] if len(found) else found


def held(hashes: Hashes, among: Hashes) -> Mask:
    """Which of the hashes stand among others, which are in ascending order."""
    if not len(among):
        return np.zeros(len(hashes), dtype=bool)
    at = np.searchsorted(among, hashes)
    at[at == len(among)] = 0
    return np.asarray(among[at] == hashes)


def grams(words: Words, size: int) -> tuple[Ints, Hashes]:
    """Where sequences of `size` words begin that lie in one text and quote no prompt, and their hashes."""
    n = len(words.codes) - size + 1
    if n <= 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
    quoted = np.concatenate([[0], np.cumsum(words.quoted)])
    whole = words.text[:n] == words.text[size - 1 :]
    at = np.flatnonzero(whole & (quoted[size:] == quoted[:n]))
    return at, hashed(words.codes, at, size)


def hashed(codes: Hashes, at: Ints, size: int) -> Hashes:
    """The hash of the `size` words that begin at each place."""
    found = np.zeros(len(at), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for k in range(size):
            found = (found ^ codes[at + k]) * _FACTOR
            found ^= found >> np.uint64(29)
    return found


def mixed(hashes: Hashes, numbers: Ints) -> Hashes:
    """Hashes that are equal only for the same number too."""
    with np.errstate(over="ignore"):
        found = (hashes ^ (numbers.astype(np.uint64) * _ROUND)) * _FACTOR
    return np.asarray(found ^ (found >> np.uint64(31)), dtype=np.uint64)


def chosen(at: Ints, hashes: Hashes, window: int) -> Ints:
    """Which of the sequences are fingerprints, as places in `at`, ascending."""
    n = len(at) - window + 1
    if n <= 0:
        return np.zeros(0, dtype=np.int64)
    best = np.arange(n)
    least = hashes[:n].copy()
    for k in range(1, window):
        other = hashes[k : n + k]
        takes = other <= least
        best[takes] = np.flatnonzero(takes) + k
        least[takes] = other[takes]
    together = at[window - 1 :] - at[:n] == window - 1  # gaps are ends of texts and quotations
    return np.unique(best[together])


def prints(words: Words, min_words: int) -> tuple[Ints, Hashes]:
    """Where the fingerprints begin that betray every run of at least `min_words` words, and their hashes."""
    size = min(SIZE, min_words)
    at, hashes = grams(words, size)
    kept = chosen(at, hashes, min_words - size + 1)
    return at[kept], hashes[kept]


def around(words: Words, at: Ints, min_words: int) -> tuple[Ints, Hashes]:
    """The sequences of `min_words` words that hold one of the fingerprints, each once, and their hashes."""
    size = min(SIZE, min_words)
    starts = np.unique(
        np.concatenate([at - k for k in range(min_words - size + 1)]) if len(at) else at
    )
    starts = starts[(starts >= 0) & (starts + min_words <= len(words.codes))]
    quoted = np.concatenate([[0], np.cumsum(words.quoted)])
    whole = words.text[starts] == words.text[starts + min_words - 1] if len(starts) else starts > 0
    starts = starts[whole & (quoted[starts + min_words] == quoted[starts])]
    return starts, hashed(words.codes, starts, min_words)


def chains(words: Words, shared: Ints, min_words: int) -> Ints:
    """For each text the most words in a row that shared sequences cover; no run of it can be longer.

    Args:
        words: The texts.
        shared: Where sequences of `min_words` words begin that stand elsewhere too, ascending.
        min_words: As above.
    """
    found = np.zeros(len(words), dtype=np.int64)
    if not len(shared):
        return found
    # Neighbouring starts in one text are one chain: a sequence never reaches across two texts.
    begins = np.flatnonzero(np.r_[True, np.diff(shared) != 1])
    lengths = np.diff(np.r_[begins, len(shared)]) + min_words - 1
    np.maximum.at(found, words.text[shared[begins]], lengths)
    return found


def runs(a_text: str, b_text: str, prompts: tuple[str, str], min_words: int) -> list[Run]:
    """The runs of at least `min_words` words in both texts that quote neither text's own prompt.

    In the order of `b_text`, the longest at each place; no two overlap there.
    """
    vocabulary = Vocabulary()
    a = Words.of([a_text], [prompts[0]], vocabulary)
    b = Words.of([b_text], [prompts[1]], vocabulary)
    a_at, a_hashes = grams(a, min_words)
    places: dict[int, list[int]] = {}
    ours = dict(zip(a_at.tolist(), a_hashes.tolist(), strict=True))
    for at, value in ours.items():
        known = places.setdefault(value, [])
        if len(known) < PLACES_TRIED:
            known.append(at)
    b_at, b_hashes = grams(b, min_words)
    theirs = dict(zip(b_at.tolist(), b_hashes.tolist(), strict=True))
    found = list(_longest(ours, theirs, places, min_words))
    a_atoms, b_atoms = list(matching.atoms(a_text)), list(matching.atoms(b_text))
    return [
        Run(a_atoms[i].start, a_atoms[i + n - 1].stop, b_atoms[j].start, b_atoms[j + n - 1].stop, n)
        for i, j, n in found
    ]


def _longest(
    ours: dict[int, int], theirs: dict[int, int], places: dict[int, list[int]], min_words: int
) -> Iterator[tuple[int, int, int]]:
    free = 0
    for j, value in theirs.items():
        if j < free or value not in places:
            continue
        n, i = max((_extent(ours, theirs, i, j), -i) for i in places[value])
        yield -i, j, n + min_words - 1
        free = j + n + min_words - 1


def _extent(ours: dict[int, int], theirs: dict[int, int], i: int, j: int) -> int:
    """How many neighbouring sequences are the same from two places on."""
    n = 0
    while i + n in ours and ours[i + n] == theirs.get(j + n):
        n += 1
    return n


def _coded(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[Hashes, Ints, Ints]:
    coded = [vocabulary.codes(matching.words(text)) for text in texts]
    counts = np.array([len(codes) for codes in coded], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    flat = np.fromiter(
        (code for codes in coded for code in codes), dtype=np.uint64, count=int(starts[-1])
    )
    return flat, np.repeat(np.arange(len(texts)), counts), starts
