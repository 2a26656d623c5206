"""How much of one text stands in another: groups of words in a row, compared over a small set of texts.

The set (what is withheld) is held in memory; the many texts that it is compared with pass by once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from casekit.queries.redactions import tokens

SIZE = 3
"""Words of a group. In three, one word changed in ten leaves 73 % of a text's groups, one in five 51 %."""

FEWEST = 4
"""A text of fewer words is not compared: “Thank you, Anna” says nothing of where it comes from."""

COMMON = 50
"""A beginning or end whose groups stand in more texts of the set than this is form, such as a footer."""

LONGEST_FORM = 150
"""Words of a form. What is longer is a text that many withheld ones share, such as drafts of a letter."""

OWN = 0.25
"""So much of a text's groups must not be common, or it is compared with its form."""

_LEAST = 2
"""So many of a text's groups, the rarest, raise it however many texts have them."""

_FIRST = 4
"""So many texts are raised by a group that more than `COMMON` have: the others say the same there."""

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
        ordered: list[list[tuple[str, ...]]] = []
        for key, words in texts:
            length = sum(word != BREAK for word in words)
            groups = [group for group in _groups(words) if group]
            if length < FEWEST or not groups:
                continue
            number = known.setdefault(tuple(words), len(self._keys))
            if number < len(self._keys):
                self._keys[number].append(key)
                continue
            self._keys.append([key])
            self._groups.append(frozenset(groups))
            self._lengths.append(length)
            ordered.append(groups)
        self._raises = self._index(ordered)

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

    def _index(
        self, ordered: Sequence[Sequence[tuple[str, ...]]]
    ) -> dict[tuple[str, ...], list[int]]:
        """Which texts a group raises: those it counts for, but of a great many only the first."""
        spread = Counter(group for groups in self._groups for group in groups)
        index: dict[tuple[str, ...], list[int]] = {}
        for number, groups in enumerate(ordered):
            own = _without_form(groups, spread)
            if len(own) < len(self._groups[number]):
                self._groups[number] = own
                self._lengths[number] = min(self._lengths[number], len(own) + SIZE - 1)
            rarest_first = sorted(own, key=lambda group: (spread[group], group))
            for place, group in enumerate(rarest_first):
                raised = index.setdefault(group, [])
                if place < _LEAST or spread[group] <= COMMON or len(raised) < _FIRST:
                    raised.append(number)
        return index


def _without_form(
    groups: Sequence[tuple[str, ...]], spread: Mapping[tuple[str, ...], int]
) -> frozenset[tuple[str, ...]]:
    """The groups of a text that say where it comes from: all but the form it begins and ends with.

    What many withheld texts share elsewhere is no form: they may be drafts of one letter. A text that is
    nearly all form keeps it, since the form may be all that is withheld.
    """
    common = [spread[group] > COMMON for group in groups]
    head = next((n for n, is_common in enumerate(common) if not is_common), 0)
    tail = next((n for n, is_common in enumerate(reversed(common)) if not is_common), 0)
    head, tail = (n if n + SIZE - 1 <= LONGEST_FORM else 0 for n in (head, tail))
    whole = frozenset(groups)
    rare = sum(spread[group] <= COMMON for group in whole)
    if rare < max(_LEAST, OWN * len(whole)):
        return whole
    return frozenset(groups[head : len(groups) - tail])


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
