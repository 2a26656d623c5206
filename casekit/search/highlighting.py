"""Where the words of a query stand in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from casekit.queries import filters, matching
from casekit.queries.filters import Node, Words
from casekit.queries.matching import Atom, Phrase, merged
from casekit.search.filling import PART_COLUMNS

Place = tuple[int, int]


def highlight(node: Node, text: str, part: str | None = None) -> list[Place]:
    """(start, stop) characters of each match in the raw text, in order, none overlapping.

    Args:
        node: The query; words under a NOT and words of other parts are left out.
        text: One part of an item.
        part: Its name, such as `output`; None: words of every field count.
    """
    found: set[Place] = set()
    atoms: list[Atom] | None = None
    for words in filters.words_of(node):
        if part is not None and words.column not in {"", _column(part)}:
            continue
        if len(words.phrases) == 1 and text.isascii():
            found.update(_in_plain_text(words.phrases[0], text))
            continue
        if atoms is None:
            atoms = list(matching.atoms(text))
        found.update(_in_atoms(words, atoms))
    return merged(found)


def _column(part: str) -> str:
    return part if part in matching.COLUMNS else PART_COLUMNS.get(part, "body")


def _in_plain_text(phrase: Phrase, text: str) -> list[Place]:
    """Matches of a phrase in a text of ASCII alone."""
    words = [a.folded for a in matching.atoms(matching.fold(phrase.text))]
    if not words or not all(w.isascii() for w in words):
        return []
    end = r"[^\W_]*" if phrase.prefix else r"(?![^\W_])"
    pattern = r"(?<![^\W_])" + r"[\W_]+".join(map(re.escape, words)) + end
    return [(m.start(), m.end()) for m in re.finditer(pattern, text, re.IGNORECASE)]


def _in_atoms(words: Words, atoms: Sequence[Atom]) -> list[Place]:
    several = [_occurrences(phrase, atoms) for phrase in words.phrases]
    if len(several) > 1:
        several = _near(several, words.near)
    return [(atoms[i].start, atoms[j - 1].stop) for found in several for i, j in found]


def _occurrences(phrase: Phrase, atoms: Sequence[Atom]) -> list[Place]:
    """(first, behind last) atom of each occurrence of a phrase."""
    wanted = list(matching.atoms(matching.fold(phrase.text)))
    n = len(wanted)
    return [
        (i, i + n)
        for i in range(len(atoms) - n + 1)
        if n and same_words(wanted, atoms[i : i + n], phrase.prefix)
    ]


def same_words(wanted: Sequence[Atom], found: Sequence[Atom], prefix: bool) -> bool:
    """Whether as many words are the wanted ones; with `prefix` the last one may go on."""
    if any(w.folded != f.folded for w, f in zip(wanted[:-1], found[:-1], strict=True)):
        return False
    last, its = wanted[-1].folded, found[-1].folded
    if not (its == last or (prefix and its.startswith(last))):
        return False
    return all(a.stop == b.start for a, b in pairwise(found) if a.cjk and b.cjk)


def _near(several: list[list[Place]], most: int) -> list[list[Place]]:
    """Occurrences that have one of every other phrase within `most` words."""
    return [
        [
            here
            for here in found
            if all(
                any(max(here[0], o[0]) - min(here[1], o[1]) <= most for o in other)
                for other in several
                if other is not found
            )
        ]
        for found in several
    ]
