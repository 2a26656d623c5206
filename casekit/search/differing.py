"""The words by which one text differs from another that is nearly the same."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from casekit.queries import matching

MOST_WORDS = 2_000
"""Words that are compared between what two texts begin and end with alike."""


@dataclass(frozen=True, slots=True)
class Change:
    """Words of the first text and what stands in their place in the second; either may be empty."""

    gone: str
    new: str


@dataclass(frozen=True, slots=True)
class Differing:
    """Changes in the order of the texts.

    Attributes:
        more: Changes behind those given.
        cut: Whether the texts differ over so long a stretch that only its beginning was compared.
    """

    changes: tuple[Change, ...]
    more: int = 0
    cut: bool = False


def differing(a_text: str, b_text: str, most: int = 20) -> Differing:
    """The first changes that lead from one text to the other.

    Case, accents, white space and punctuation make no difference, as everywhere texts are compared.
    """
    a, b = list(matching.atoms(a_text)), list(matching.atoms(b_text))
    a_words, b_words = [x.folded for x in a], [x.folded for x in b]
    start = 0
    while start < min(len(a), len(b)) and a_words[start] == b_words[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a_words[-1 - end] == b_words[-1 - end]:
        end += 1
    a, b = a[start : len(a) - end], b[start : len(b) - end]
    cut = max(len(a), len(b)) > MOST_WORDS
    a, b = a[:MOST_WORDS], b[:MOST_WORDS]
    found = []
    for tag, i, j, k, n in difflib.SequenceMatcher(
        None, [x.folded for x in a], [x.folded for x in b], autojunk=False
    ).get_opcodes():
        if tag != "equal":
            gone = a_text[a[i].start : a[j - 1].stop] if j > i else ""
            new = b_text[b[k].start : b[n - 1].stop] if n > k else ""
            found.append(Change(" ".join(gone.split()), " ".join(new.split())))
    return Differing(tuple(found[:most]), max(0, len(found) - most), cut)
