"""Values that are found again only whole, however they are written: accounts, addresses, numbers, names."""

from __future__ import annotations

import ipaddress
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal, get_args
from urllib.parse import quote

from casekit.queries.redactions import tokens

Kind = Literal["account", "address", "phone", "key", "person"]
KINDS: tuple[Kind, ...] = get_args(Kind)

FEWEST_DIGITS = 6
"""A value of digits alone needs so many: a shorter one is a number like any other."""
_FEWEST_SIGNS = 3
_NATIONAL = 8  # digits of a telephone number without the code of its country, at least

_ESCAPES = re.compile(
    r"%[0-9A-Fa-f]{2}|\\+u[0-9A-Fa-f]{4}|\\+[bfnrt]|&#?\w{1,8};|=[0-9A-F]{2}|=\r?\n"
)
"""What stands for another character in addresses of the web, JSON, HTML and mail, glued to the word after."""
_DIVIDER = r"[\s().\-–/]{0,2}"
_DIGIT = re.compile(r"\d")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s().\-–/]{1,2}(?=\d)")
_DOT = r"(?:[^\w\s,;]{1,3}|_)"
_ABROAD = rf"(?:(?:\+|00)\d{{0,3}}{_DIVIDER}|(?<!\d)0?)"
_GLUE = frozenset(".+-_")


def spellings(kind: Kind, value: str) -> Iterator[str]:
    """A value and the other ways in which the same is written.

    A name stands with the last word first or the first word last too, an IPv6 address long and short.
    """
    yield value
    if kind == "address":
        try:
            address = ipaddress.ip_address(value.strip("[]"))
        except ValueError:
            return
        yield address.exploded
        yield address.compressed
    elif kind == "person" and value.isascii() | (" " in value):
        words = value.replace(",", " ").split()
        if len(words) > 1:
            yield " ".join([words[-1], *words[:-1]])
            yield " ".join([*words[1:], words[0]])


def is_too_short(value: str) -> bool:
    """Whether so little would be found in texts that have nothing to do with it."""
    words = [word for _, _, word in tokens(value)]
    signs = "".join(words)
    if not signs or (signs.isdecimal() and not _is_ipv4(value)):
        return len(signs) < FEWEST_DIGITS
    return len(signs) < (_FEWEST_SIGNS if signs.isascii() else 2)


class WholeValues:
    """Finds values wherever they stand as a whole, and says what each is to be called.

    A value is found in any case of letters, with or without accents, with any signs between its words and
    behind the escapes of web addresses, JSON, HTML and mail; a number with any dividers, a telephone number
    with and without the code of its country. Of several at one place the longest counts. Part of a value is
    not found: `@example.org` is in many addresses.

    Args:
        values: (what it is to be called, kind, value).
        strict: Find a mail address in a longer one too, such as `ann@x.org` in `mary-ann@x.org`. It is
            another one, so it must not be called the same; but its letters do stand there.
    """

    def __init__(self, values: Iterable[tuple[str, Kind, str]], *, strict: bool = False) -> None:
        self._strict = strict
        self._first: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
        self._numbers: dict[str, tuple[re.Pattern[str], str, str]] = {}
        self._signs: dict[str, re.Pattern[str]] = {}
        self.names: set[str] = set()
        for name, kind, value in values:
            self.names.add(name)
            for spelling in dict.fromkeys(spellings(kind, value)):
                self._add(name, kind, spelling)
        for runs in self._first.values():
            runs.sort(key=lambda run: -len(run[0]))

    def __bool__(self) -> bool:
        return bool(self._first or self._numbers or self._signs)

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """Where values stand in a text: first character, the one after the last, what it is called."""
        found = [*self._plain(text)]
        bare = _ESCAPES.sub(lambda escape: " " * len(escape.group()), text)
        if bare != text:
            found += self._plain(bare)
        for name, pattern in self._signs.items():
            found += ((*match.span(), name) for match in pattern.finditer(text))
        return _apart(found)

    def _add(self, name: str, kind: Kind, spelling: str) -> None:
        words = tuple(word for _, _, word in tokens(spelling))
        if "".join(words).isdecimal():
            digits = tuple(map(_in_ascii, words))
            for core, pattern in _number_patterns(kind, spelling, digits):
                self._numbers.setdefault(pattern, (re.compile(pattern), core, name))
            return
        if not spelling.isascii():
            known = [self._signs[name].pattern] if name in self._signs else []
            ways = map(re.escape, (quote(spelling, safe=""), json.dumps(spelling)[1:-1]))
            self._signs[name] = re.compile("|".join([*known, *ways]), re.IGNORECASE)
        if words:
            self._first.setdefault(words[0], []).append((words, name, "@" in spelling))

    def _plain(self, text: str) -> Iterator[tuple[int, int, str]]:
        if self._first:
            placed = list(tokens(text))
            words = [word for _, _, word in placed]
            for at, word in enumerate(words):
                for run, name, is_mail in self._first.get(word, ()):
                    if tuple(words[at : at + len(run)]) != run:
                        continue
                    start = placed[at][0]
                    if self._strict or not (is_mail and _is_glued(text, start)):
                        yield start, placed[at + len(run) - 1][1], name
                        break
        if self._numbers and _DIGIT.search(text):
            text = _in_ascii(text)
            bare = _BETWEEN_DIGITS.sub("", text)  # to see quickly which numbers can be there at all
            for pattern, core, name in self._numbers.values():
                if core in bare:
                    for match in pattern.finditer(text):
                        yield *match.span(), name


def _in_ascii(text: str) -> str:
    """A text, as long as it was, with the digits of all scripts as those of ASCII."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _number_patterns(
    kind: Kind, spelling: str, words: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Digits without which a way to write a number cannot be there, and that way."""
    if _is_ipv4(spelling):
        yield words[0], rf"(?<!\d)(?<!\d\.){_DOT.join(words)}(?!\d)(?!\.\d)"
        return
    digits = "".join(words)
    if kind != "phone":
        yield digits, rf"(?<!\d){_DIVIDER.join(digits)}(?!\d)"
        return
    yield digits, rf"{_ABROAD}{_DIVIDER.join(digits)}(?!\d)"
    bare = digits.removeprefix("00") if spelling.startswith("00") else digits
    if bare != digits or spelling.lstrip().startswith("+"):
        for code in (0, 1, 2, 3):
            if len(bare) - code >= _NATIONAL:
                yield bare[code:], rf"{_ABROAD}{_DIVIDER.join(bare[code:])}(?!\d)"
    elif bare.startswith("0"):  # with the code of a country its first nought is left out
        abroad = rf"(?:\+|00)\d{{1,3}}{_DIVIDER}(?:\(0\))?{_DIVIDER}"
        yield bare[1:], rf"{abroad}{_DIVIDER.join(bare[1:])}(?!\d)"


def _is_ipv4(value: str) -> bool:
    try:
        ipaddress.IPv4Address(value)
    except ValueError:
        return False
    return True


def _is_glued(text: str, start: int) -> bool:
    return start > 1 and text[start - 1] in _GLUE and text[start - 2].isalnum()


def _apart(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Places in order, none over another; of those that begin together the longest."""
    apart: list[tuple[int, int, str]] = []
    for start, stop, name in sorted(found, key=lambda place: (place[0], -place[1])):
        if not apart or start >= apart[-1][1]:
            apart.append((start, stop, name))
    return apart


NONE = WholeValues([])
"""For a case without any."""
