"""How words are matched: the one folding of text shared by index, query and highlight, and FTS5's own quoting.

Words are runs of letters and digits; everything else, `_` and `-` too, separates (`acct_9001` is the
phrase "acct 9001"). Case, accents, ligatures, full-width forms, soft hyphens and zero-width characters
make no difference. Chinese, Japanese and Korean are matched by two-character grams in a table of their
own, so that words of one or two characters are found: a run `ABC` becomes the tokens `AB BC C`, each
character written as `x` and five hex digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

COLUMNS = ("title", "people", "prompt", "output", "reasoning", "body")
Column = Literal["", "title", "people", "prompt", "output", "reasoning", "body"]
Index = Literal["entry", "gram"]

_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3041-\u3096\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_CJK_RUN = re.compile(f"[{_CJK}]+")
_IGNORED = re.compile("[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]+")
_UNSEARCHABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_JOINED = "[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]"
_ATOM = re.compile(rf"[{_CJK}]|(?:(?![{_CJK}])[^\W_]{_JOINED}*)+")
_ASCII_WORD = re.compile("[a-z0-9]+")
_MARKS = re.compile("[\u0300-\u036f]+")
_PLACEHOLDER = "\ue000"  # a private-use character counts as a letter: keeps its neighbours apart


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand one after the other; with `prefix` the last one may go on."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Atom:
    """A word or one CJK character of a text: its folded form and where it stands."""

    folded: str
    start: int
    stop: int

    @property
    def cjk(self) -> bool:
        """Whether it is a single character of a script without spaces."""
        return has_cjk(self.folded)


def fold(text: str) -> str:
    """The text in the form that is indexed; equal for spellings that a reader would not tell apart."""
    if text.isascii():
        return _UNSEARCHABLE.sub(" ", text) if "\x00" in text else text
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return _UNSEARCHABLE.sub(" ", _IGNORED.sub("", text))


def has_cjk(text: str) -> bool:
    """Whether there is any character of a script that writes without spaces."""
    return not text.isascii() and _CJK_RUN.search(text) is not None


def entry_text(folded: str) -> str:
    """What the table of words holds: runs of CJK stand as one placeholder."""
    return folded if folded.isascii() else _CJK_RUN.sub(f" {_PLACEHOLDER} ", folded)


def gram_text(folded: str) -> str:
    """What the table of grams holds: the same text with every run of CJK as its grams."""
    return _CJK_RUN.sub(lambda run: f" {' '.join(_grams(run[0], whole=True))} ", folded)


def searchable(text: str) -> bool:
    """Whether a phrase holds any word at all."""
    return next(atoms(fold(text)), None) is not None


def match(phrases: tuple[Phrase, ...], near: int, column: Column) -> tuple[Index, str]:
    """The FTS5 expression for phrases that stand within `near` words, and the table it is for.

    Every string in it is quoted here, so no text of a user is read as FTS5 syntax.
    """
    folded = [(fold(p.text), p.prefix) for p in phrases]
    if any(has_cjk(text) for text, _ in folded):
        index: Index = "gram"
        strings = [_gram_string(text, prefix) for text, prefix in folded]
        near += 1  # the last gram of a phrase starts one character before its end
    else:
        index = "entry"
        strings = [_quoted(text) + (" *" if prefix else "") for text, prefix in folded]
    expression = strings[0] if len(strings) == 1 else f"NEAR({' '.join(strings)}, {near})"
    return index, f"{{{column}}} : {expression}" if column else expression


def atoms(text: str) -> Iterator[Atom]:
    """The words and CJK characters of a raw text with their places in it."""
    for found in _ATOM.finditer(text):
        yield Atom(_folded_word(found[0]), found.start(), found.end())


def words(text: str) -> list[str]:
    """The folded forms of `atoms` alone, in order: quicker where nobody asks for places."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return [_folded_word(found) for found in _ATOM.findall(text)]


def terms(text: str, lets: Callable[[str], bool]) -> Iterator[str]:
    """The folded words that are let through, and of scripts without spaces every two characters in a row."""
    before = None
    for atom in atoms(text):
        if atom.cjk:
            if before is not None and before.stop == atom.start:
                yield before.folded + atom.folded
            before = atom
            continue
        before = None
        if lets(atom.folded):
            yield atom.folded


def _folded_word(word: str) -> str:
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKC", _IGNORED.sub("", word)).lower()
    if has_cjk(plain):
        return plain
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", plain)))


def _gram_string(folded: str, prefix: bool) -> str:
    """A phrase over the table of grams: its last run may go on in the text."""
    runs = list(_CJK_RUN.finditer(folded))
    last = runs[-1] if runs else None
    open_end = last is not None and not any(True for _ in atoms(folded[last.end() :]))
    if last is None or not open_end:
        return _quoted(gram_text(folded)) + (" *" if prefix else "")
    before = gram_text(folded[: last.start()])
    grams = _grams(last[0], whole=False)
    one = len(last[0]) == 1
    return _quoted(f"{before} {' '.join(grams)}") + (" *" if one else "")


def _grams(run: str, *, whole: bool) -> list[str]:
    """`AB BC C` of a whole run ABC, `AB BC` of one that may go on, `A` of a single character."""
    codes = [f"x{ord(c):05x}" for c in run]
    pairs = [a + b for a, b in pairwise(codes)]
    return [*pairs, codes[-1]] if whole or not pairs else pairs


def _quoted(text: str) -> str:
    return '"' + text.replace('"', " ") + '"'


def merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places (first character, the one after the last) in order, those that lie over each other made one."""
    made: list[tuple[int, int]] = []
    for start, stop in sorted(places):
        if made and start < made[-1][1]:
            made[-1] = (made[-1][0], max(stop, made[-1][1]))
        else:
            made.append((start, stop))
    return made
