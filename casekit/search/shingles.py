"""Near-duplicates of very many short texts: signatures of word pairs (MinHash), banded and verified.

Words are runs of letters and digits in small letters, every number is the same word `#` (or, where numbers
are asked for, a word like others), each Chinese or Japanese character is a word. Broder 1997; multiply-shift
hashing after Dietzfelbinger et al. 1997.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Signatures = NDArray[np.uint32]

PERMUTATIONS = 64
ROWS = 4  # of a band
ALIKE = 0.5  # of the word pairs of two texts together, those that both have
SLACK = 0.09  # a signature of 64 values misses the share by 0.06 on average
MOST_WORDS = 256  # of a text that are looked at
CHUNK = 8_000
SEED = 20260101
_CHARACTERS = r"([\p{Han}\p{Hiragana}\p{Katakana}])"
_MIX = np.uint64(0x9E3779B97F4A7C15)


def array(texts: Sequence[str]) -> Any:
    """Texts as an Arrow array."""
    import pyarrow as pa

    return pa.array(texts, pa.string())


def words(texts: Any, *, most: int = MOST_WORDS, numbers: bool = False) -> Any:
    """The words of each text of an Arrow string array, as an Arrow list array.

    Args:
        texts: An Arrow array of strings.
        most: Words of a text that are looked at.
        numbers: Take numbers as they are, instead of all as one word.
    """
    import pyarrow.compute as pc

    text = pc.utf8_lower(pc.fill_null(texts, ""))
    if not numbers:
        text = pc.replace_substring_regex(text, r"\p{N}+(?:[.,]\p{N}+)*", "#")
    text = pc.replace_substring_regex(text, _CHARACTERS, r" \1 ")
    kept = r"[^\p{L}\p{M}\p{N}]+" if numbers else r"[^\p{L}\p{M}#]+"
    text = pc.replace_substring_regex(text, kept, " ")
    split = pc.split_pattern(pc.utf8_trim(text, " "), " ")
    return pc.list_slice(split, 0, most)


def signatures(texts: Iterable[Any]) -> Signatures:
    """Rows of `PERMUTATIONS` values, one for each text of Arrow string arrays, in order.

    A text without words has the row of the empty text, which is like no other: `clusters` leaves it alone.
    """
    factors = permutations()
    vocabulary: dict[str, int] = {}
    rows = [_of_batch(batch, factors, vocabulary) for batch in texts]
    return np.concatenate(rows) if rows else np.zeros((0, PERMUTATIONS), dtype=np.uint32)


def permutations() -> Hashes:
    """What makes the values of a signature: `PERMUTATIONS` odd numbers, always the same."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    return rng.integers(1, 2**63, PERMUTATIONS, dtype=np.uint64) | np.uint64(1)


def hashed(
    texts: Any, vocabulary: dict[str, int], most: int = MOST_WORDS, *, numbers: bool = False
) -> tuple[Hashes, Ints]:
    """The hashes of the words of every text of an Arrow string array, one after another, and where each ends.

    Args:
        texts: Not more than `CHUNK` of them.
        vocabulary: Hashes known so far; it is filled.
        most: Words of a text that are looked at.
        numbers: Take numbers as they are, instead of all as one word.

    Returns:
        The hashes, and offsets, one more than there are texts. A text without words has one hash, 0.
    """
    split = words(texts, most=most, numbers=numbers)
    offsets = np.asarray(split.offsets, dtype=np.int64)
    coded = split.flatten().dictionary_encode()
    if hasattr(coded, "combine_chunks"):
        coded = coded.combine_chunks()
    known = np.array([_hash(w, vocabulary) for w in coded.dictionary.to_pylist()], dtype=np.uint64)
    return known[np.asarray(coded.indices, dtype=np.int64)], offsets - offsets[0]


def clusters(rows: Signatures) -> Ints:
    """The cluster of each row: the number of its first member, so that a row alone is its own.

    Two rows that share a band are in one cluster if their signatures say that at least `ALIKE` of their
    word pairs are shared; likeness is followed from text to text.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    distinct, back = _distinct(rows)
    n = len(distinct)
    sides: list[tuple[Ints, Ints]] = []
    for start in range(0, PERMUTATIONS, ROWS):
        band = np.ascontiguousarray(distinct[:, start : start + ROWS])
        keys = folded(band)
        order = np.argsort(keys, kind="stable")
        fresh = np.r_[True, keys[order][1:] != keys[order][:-1]]
        heads = order[np.flatnonzero(fresh)][np.cumsum(fresh) - 1]
        # Each with the first of its band and with the one before: a chain holds where the first is far.
        for left in (heads, np.r_[order[:1], order[:-1]]):
            paired = ~fresh & (left != order)
            sides.append(_alike(distinct, left[paired], order[paired]))
    left = np.concatenate([a for a, _ in sides])
    right = np.concatenate([b for _, b in sides])
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(n, n))
    _, labels = connected_components(graph, directed=False)
    label = labels[back]
    least = np.full(int(labels.max()) + 1, len(rows), dtype=np.int64)
    np.minimum.at(least, label, np.arange(len(rows)))
    found = least[label]
    empty = (rows == np.iinfo(np.uint32).max).all(axis=1)
    found[empty] = np.flatnonzero(empty)
    return np.asarray(found, dtype=np.int64)


def _of_batch(texts: Any, factors: Hashes, vocabulary: dict[str, int]) -> Signatures:
    made = np.full((len(texts), PERMUTATIONS), np.iinfo(np.uint32).max, dtype=np.uint32)
    for start in range(0, len(texts), CHUNK):
        flat, offsets = hashed(texts.slice(start, CHUNK), vocabulary)
        part = made[start : start + CHUNK]
        minima(pairs_of(flat, offsets), offsets, factors, part)
        empty = (np.diff(offsets) == 1) & (flat[offsets[:-1]] == 0)
        part[empty] = np.iinfo(np.uint32).max
    return made


def pairs_of(flat: Hashes, offsets: Ints) -> Hashes:
    """A hash for each word with the next one, of texts whose words' hashes lie one after another.

    The last word of a text begins no pair: it stands for the pair before, or alone for itself.
    """
    counts = np.diff(offsets)
    pairs = np.empty(len(flat), dtype=np.uint64)
    with np.errstate(over="ignore"):
        pairs[:-1] = (flat[:-1] ^ (flat[:-1] >> np.uint64(29))) * _MIX + flat[1:]
        pairs[-1:] = flat[-1:]
        pairs ^= pairs >> np.uint64(32)
    last = offsets[1:][counts > 1] - 1
    pairs[last] = pairs[last - 1]
    single = offsets[:-1][counts == 1]
    pairs[single] = flat[single]
    return pairs


def minima(pairs: Hashes, offsets: Ints, factors: Hashes, out: Signatures) -> None:
    """Fill the signatures of texts from their pairs; a text without any keeps what is there."""
    full = np.flatnonzero(np.diff(offsets) > 0)
    if not len(full):
        return
    begun = offsets[:-1][full]
    with np.errstate(over="ignore"):
        for k, factor in enumerate(factors):
            out[full, k] = np.minimum.reduceat(
                (pairs * factor >> np.uint64(32)).astype(np.uint32), begun
            )


def _hash(word: str, vocabulary: dict[str, int]) -> int:
    """The hash of a word; 0 for the empty one, which is all that a text without words is split into."""
    if not word:
        return 0
    found = vocabulary.get(word)
    if found is None:
        found = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
        if len(vocabulary) < 1_000_000:
            vocabulary[word] = found
    return found


def folded(band: Signatures) -> Hashes:
    """One number for each row of whole numbers: equal rows have equal ones, others hardly ever."""
    key = np.zeros(len(band), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for column in band.T:
            key = (key ^ column.astype(np.uint64)) * _MIX
            key ^= key >> np.uint64(31)
    return key


def _distinct(rows: Signatures) -> tuple[Signatures, Ints]:
    """The different rows, and for every row which of them it is."""
    whole = folded(rows)
    _, first, back = np.unique(whole, return_index=True, return_inverse=True)
    return rows[first], back.astype(np.int64)


def _alike(rows: Signatures, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    kept = np.zeros(len(left), dtype=bool)
    for start in range(0, len(left), 100_000):
        cut = slice(start, start + 100_000)
        shared = (rows[left[cut]] == rows[right[cut]]).mean(axis=1)
        kept[cut] = shared >= ALIKE - SLACK
    return left[kept], right[kept]
