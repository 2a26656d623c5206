"""Habits of an answer: how it is laid out and how its sentences begin, as sets of features.

Both say little of what an answer is about and much of how whoever wrote it was taught to write. That
is why they are used: shared knowledge and capability make two answers share words, but not where a
line breaks or how a sentence opens. They are also easily changed, by a system prompt or by rewriting.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LONGEST = 4_000  # characters of an answer that are looked at
HEAD = 6  # characters of a line's beginning whose shape counts
LINES = 9  # as many lines, or more, are one class
HALF_OCTAVES = 20  # 1,024 characters, or more, are one class
OPENING = 2  # words of a sentence's beginning

_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_MARKS = re.compile(r"[^\w\s]+")
_SENTENCE_ENDS = re.compile(r"[.!?。！？؟।\n]+")
_IDEOGRAPH = "぀-ヿ㐀-䶿一-鿿"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W_{_IDEOGRAPH}]+(?:'[^\W\d_]+)?")


def layout(text: str) -> frozenset[str]:
    """How an answer is laid out: classes of its length, shapes of its lines, and its punctuation.

    Features are `n` (class of the length in characters, two classes to each doubling), `l` (number of
    lines), `s` (shape of a line's first `HEAD` characters: letters as `a`, digits as `9`), `e` (last
    character of a line) and `p` (a run of punctuation). The empty text has `n0` and `l0`.
    """
    text, lines = _laid_out(text)
    found = _extent(text, lines)
    found |= {"s" + _DIGITS.sub("9", _LETTERS.sub("a", line[:HEAD])) for line in lines}
    found |= {"e" + line[-1] for line in lines}
    found |= {"p" + marks for marks in _MARKS.findall(text)}
    return frozenset(found)


def extent(text: str) -> frozenset[str]:
    """The features `n` and `l` of `layout` alone: how long an answer is, and of how many lines."""
    return frozenset(_extent(*_laid_out(text)))


def openings(text: str) -> frozenset[str]:
    """The first `OPENING` words of every sentence that has as many, in small letters.

    A Chinese or Japanese character is a word.
    """
    text = unicodedata.normalize("NFC", text)[:LONGEST].lower().replace("’", "'")
    found = set()
    for sentence in _SENTENCE_ENDS.split(text):
        words = _WORD.findall(sentence)[:OPENING]
        if len(words) == OPENING:
            found.add(" ".join(words))
    return frozenset(found)


def _laid_out(text: str) -> tuple[str, list[str]]:
    """What is looked at of an answer, and its lines that hold anything."""
    text = unicodedata.normalize("NFC", text)[:LONGEST].strip()
    return text, [line for piece in text.split("\n") if (line := piece.strip())]


def _extent(text: str, lines: Sequence[str]) -> set[str]:
    octaves = min(HALF_OCTAVES, int(2 * _log2(1 + len(text))))
    return {f"n{octaves}", f"l{min(LINES, len(lines))}"}


def _log2(n: int) -> float:
    """Base-2 logarithm by whole bits and halves only, so that every machine gets the same class."""
    whole = n.bit_length() - 1
    return whole + (0.5 if n * n >= 2 << (2 * whole) else 0.0)
