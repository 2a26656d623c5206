"""Word runs that two texts share: what a reader can check with own eyes behind a similarity."""

from __future__ import annotations

from dataclasses import dataclass

from casekit.queries import matching
from casekit.queries.matching import Atom

PLACES_TRIED = 16  # of one run of words in a text that repeats itself


@dataclass(frozen=True, slots=True)
class Run:
    """A run of `words` words that stands in both texts, in characters of each raw text."""

    a_start: int
    a_stop: int
    b_start: int
    b_stop: int
    words: int


def shared_runs(a_text: str, b_text: str, min_words: int = 5) -> list[Run]:
    """The longest runs of at least `min_words` words in both texts, in the order of `b_text`.

    Case, accents, white space and punctuation make no difference; each character of Chinese, Japanese
    and Korean counts as a word. No two runs overlap in `b_text`. Time grows linearly with the texts.
    """
    a, b = list(matching.atoms(a_text)), list(matching.atoms(b_text))
    a_words, b_words = [x.folded for x in a], [x.folded for x in b]
    places: dict[tuple[str, ...], list[int]] = {}
    for i in range(len(a) - min_words + 1):
        known = places.setdefault(tuple(a_words[i : i + min_words]), [])
        if len(known) < PLACES_TRIED:
            known.append(i)
    found, j = [], 0
    while j <= len(b) - min_words:
        tried = places.get(tuple(b_words[j : j + min_words]), ())
        best = max(((_length(a_words, b_words, i, j), -i) for i in tried), default=(0, 0))
        if best[0]:
            found.append(_run(a, b, -best[1], j, best[0]))
        j += best[0] or 1
    return found


def _length(a: list[str], b: list[str], i: int, j: int) -> int:
    n = 0
    while i + n < len(a) and j + n < len(b) and a[i + n] == b[j + n]:
        n += 1
    return n


def _run(a: list[Atom], b: list[Atom], i: int, j: int, n: int) -> Run:
    return Run(a[i].start, a[i + n - 1].stop, b[j].start, b[j + n - 1].stop, n)
