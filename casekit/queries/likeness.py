"""How much of one text stands in another: groups of words in a row, compared over a small set of texts.

The set (what is withheld) is held in memory; the many texts that it is compared with pass by once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from casekit.queries.redactions import tokens

SIZE = 3
"""Words of a group. In three, one word changed in ten leaves 73 % of a text's groups, one in five 51 %."""

FEWEST = 4
"""A text of fewer words is not compared: “Thank you, Anna” says nothing of where it comes from."""

COMMON = 50
"""A group that stands in more texts of the set than this is a form, and counts for none of them."""

_LEAST = 2
"""A text with fewer groups of its own is nearly all form: it is compared whole."""

BREAK = ""
"""Stands between words that do not follow each other."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a text of the set has in common with another text.

    Attributes:
        key: The caller's name of the text of the set.
        length: Its words.
        share: Of its different groups of words, those that stand in the other text too; 0 to 1.
        run: The most words in a row that stand in both, in the order of the other text.
        of_other: Of the other text's groups, those that stand in it.
    """

    key: int
    length: int
    share: float
    run: int
    of_other: float


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared; every Chinese, Japanese or Korean letter is one."""
    return [word for _, _, word in tokens(text)]


class TextSet:
    """Texts by key, ready to be found again in other texts."""

    def __init__(self, texts: Iterable[tuple[int, Sequence[str]]]) -> None:
        self._keys: list[list[int]] = []  # equal texts are one
        self._groups: list[frozenset[tuple[str, ...]]] = []
        self._lengths: list[int] = []
        known: dict[tuple[str, ...], int] = {}
        for key, words in texts:
            length = sum(word != BREAK for word in words)
            own = frozenset(_groups(words)) - {()}
            if length < FEWEST or not own:
                continue
            number = known.setdefault(tuple(words), len(self._keys))
            if number < len(self._keys):
                self._keys[number].append(key)
                continue
            self._keys.append([key])
            self._groups.append(own)
            self._lengths.append(length)
        self._raises = self._index()

    def __bool__(self) -> bool:
        return bool(self._keys)

    def matches(self, words: Sequence[str]) -> Iterator[Match]:
        """Every text of the set that shares a group with these words, however little."""
        groups = list(_groups(words))
        there = set(groups) - {()}
        for number in sorted({n for group in there for n in self._raises.get(group, ())}):
            own = self._groups[number]
            common = own & there
            run = _longest_run(groups, common)
            shares = len(common) / len(own), run, len(common) / len(there)
            for key in self._keys[number]:
                yield Match(key, self._lengths[number], *shares)

    def _index(self) -> dict[tuple[str, ...], list[int]]:
        """Which texts a group raises: those it stands in, unless it is a form to most of them."""
        spread = Counter(group for groups in self._groups for group in groups)
        index: dict[tuple[str, ...], list[int]] = {}
        for number, groups in enumerate(self._groups):
            rare = [group for group in groups if spread[group] <= COMMON]
            if len(rare) >= _LEAST:  # what is form says nothing of where a text comes from
                self._groups[number] = frozenset(rare)
                self._lengths[number] = min(self._lengths[number], len(rare) + SIZE - 1)
            else:  # raised by what is least form
                rare = sorted(groups, key=lambda group: (spread[group], group))[:_LEAST]
            for group in rare:
                index.setdefault(group, []).append(number)
        return index


def _groups(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every group in order; one with a break in it is empty, so that places are kept."""
    for group in zip(*(words[n:] for n in range(SIZE)), strict=False):
        yield () if BREAK in group else group


def _longest_run(groups: Sequence[tuple[str, ...]], common: frozenset[tuple[str, ...]]) -> int:
    best = run = 0
    for group in groups:
        run = run + 1 if group in common else 0
        best = max(best, run)
    return best + SIZE - 1 if best else 0
