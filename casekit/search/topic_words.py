"""The words that tell a topic from the others: class-based tf-idf (Grootendorst 2022) over typical items."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from casekit.queries import matching
from casekit.search import sketches

TYPICAL = 200
"""Items of a topic, the most typical, whose words are counted; each word once an item."""

SHOWN = 6
SHORTEST = 3
CHARACTERS = 6_000

Ids = npt.NDArray[np.int64]


def characteristic(
    s: Connection, items: Ids, owners: Ids, cosines: npt.NDArray[np.float32]
) -> dict[int, list[str]]:
    """By topic its most characteristic words, best first; words of one item alone only where there is but one.

    Args:
        s: Reading session: what it cannot see is in no word.
        items: Ids of all items.
        owners: The topic of each, from 1.
        cosines: How typical each is of it.
    """
    counted: dict[int, Counter[str]] = {}
    sizes: dict[int, int] = {}
    order = np.lexsort((items, -cosines, owners))
    starts = np.searchsorted(owners[order], np.arange(1, int(owners.max(initial=0)) + 2))
    for topic_id, (start, stop) in enumerate(pairwise(starts.tolist()), 1):
        typical = items[order[start : min(stop, start + TYPICAL)]].tolist()
        texts = sketches.texts_of(s, typical)
        counted[topic_id] = Counter(
            w for t in texts for w in set(matching.terms(t[:CHARACTERS], _names))
        )
        sizes[topic_id] = len(typical)
    return _best(counted, sizes)


def _names(word: str) -> bool:
    """Whether a word can name a topic."""
    return len(word) >= SHORTEST and not any(c.isdigit() for c in word)


def _best(counted: dict[int, Counter[str]], sizes: dict[int, int]) -> dict[int, list[str]]:
    """Words by their share among a topic's items times how rare they are over all topics alike.

    A word that stands everywhere as often is worth nothing, so that no list of common words is needed.
    """
    shares: dict[str, float] = {}
    for topic_id, words in counted.items():
        for word, number in words.items():
            shares[word] = shares.get(word, 0.0) + number / sizes[topic_id]
    found: dict[int, list[str]] = {}
    for topic_id, words in counted.items():
        least = 1 if sizes[topic_id] == 1 else 2
        scored = {
            word: number / sizes[topic_id] * math.log(len(counted) / shares[word])
            if len(counted) > 1
            else number
            for word, number in words.items()
            if number >= least
        }
        best = sorted((w for w in scored if scored[w] > 0), key=lambda w: (-scored[w], w))
        found[topic_id] = _without_forms(best)
    return found


def _without_forms(words: Iterable[str]) -> list[str]:
    """The first words, without those that begin like one before them: `eggs` says no more than `egg`."""
    found: list[str] = []
    for word in words:
        if not any(word.startswith(other) or other.startswith(word) for other in found):
            found.append(word)
        if len(found) == SHOWN:
            break
    return found
