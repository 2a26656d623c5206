"""Passages that are withheld: which they are, where patterns suggest more, where their words stand again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from casekit.queries.payment_numbers import find_cards, find_ibans
from casekit.store.tables import item_text, redaction

if TYPE_CHECKING:
    from casekit.queries.whole_values import WholeValues

RUN = 4
"""Words in a row of a withheld passage that count as a part of it; a shorter passage counts as a whole."""

FEWEST_DIGITS = 6
"""A number with so many digits is looked for however it is divided."""

_NO_SPACES = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003134f"
_UNSEEN = ("Mn", "Mc", "Me", "Cf")
"""Categories of marks over letters and of signs without a shape: one word may be written with and without."""

_LONG_NUMBER = re.compile(r"\d(?:[\s().\-–/]{0,2}\d)+")

_DATE = (
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日"
    r"|\d{1,2}(?:st|nd|rd|th|er|\.)? (?:of |de )?[^\W\d_]{3,10}\.?,? (?:de )?\d{4}"
    r"|[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
)
BORN = (
    r"(?i:(?:\b(?:born|birth ?date|date of birth|birthday|d\.?o\.?b|geboren|geburtsdatum|née?|"
    r"date de naissance|fecha de nacimiento|nacid[oa]|nat[oa])\b|出生日期|出生|生日)"
    r"\W{0,4}(?:(?:on|am|le|el|il) )?"
    rf"({_DATE})(?!\w))"
)
"""A full date that is called somebody's birth date; the date alone is what is found."""

_FORMS: dict[str, str] = {
    "ssn": r"(?<![\d-])(?!000|666|9\d\d)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}(?![\d-])"
    r"|(?i:\b(?:ssn|social[ -]security(?: (?:number|no))?)\b\W{0,4})"
    r"((?!000|666)\d{3}[- ]?\d{2}[- ]?\d{4})(?!\d)",
    "taxid": r"(?<![\w-])(?:\d{2}-\d{7}|9\d{2}[- ](?:5\d|6[0-5]|[78]\d|9[0-24-9])[- ]\d{4})(?![\w-])"
    r"|(?i:\b(?:tin|ein|itin|utr|tax(?:payer)? (?:id\w*|ref\w*)(?: (?:number|no))?|steuer-?id\w*)\b\W{0,4})"
    r"(\d(?:[ -]?\d){7,10})(?!\d)",
    "nino": r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
    "account": r"(?i:(?:\b(?:account|acct|a/c|routing|sort code|konto(?:nummer|nr)?|compte|cuenta)\b|账号|帐号)"
    r"[\s.:：#-]{0,3}(?:(?:no|nr|number|num)\b)?[\s.:：#-]{0,4})(\d(?:[ -]?\d){5,29})(?!\d)",
    "email": r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+",
    "phone": r"(?<![\w.])(?:\+\d{1,3}[ .\-]?)?(?:\(\d{1,4}\)[ .\-]?\d{2,4}(?:[ .\-]\d{2,4}){1,4}"
    r"|\d{2,4}(?:[ .\-]\d{2,4}){2,4})(?![\w.])",
    "key": r"\b(?:sk|pk|rk|api|key|ghp|gho|xox[abp]|AKIA|AIza)[-_A-Za-z0-9]{12,}",
    "birthdate": rf"{BORN}|\b(?:19|20)\d{{2}}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b",
}
"""What is found by a pattern; of one with a group, the group alone is found."""
_CHECKED: dict[str, Callable[[str], list[tuple[int, int]]]] = {
    "card": find_cards,
    "iban": find_ibans,
}
PRESETS = (*_FORMS, *_CHECKED)
"""What can be looked for by its form.

Source: Federal Rule of Civil Procedure 5.2(a), which names tax and social-security numbers, birth dates and
account numbers (the names of minors have no form); `payment_numbers`; HMRC manual NIM39110 (national insurance
numbers)."""


@dataclass(frozen=True, slots=True)
class RedactionRow:
    """Characters `start` to `stop` of a part that no export shows.

    Attributes:
        reason: Why, a word of `ops.redactions.REASONS`.
        authority: By which rule or order, in the user's words; may be empty.
        by: Who decided it; `at_us` is when.
    """

    id: int
    item_id: int
    part: str
    start: int
    stop: int
    reason: str
    authority: str
    by: str
    at_us: int


def redactions(s: Connection, item_ids: Sequence[int] | None = None) -> list[RedactionRow]:
    """The redactions of some items, or of all, in order of item, part and place."""
    query = select(redaction).order_by(
        redaction.c.item_id, redaction.c.part, redaction.c.start, redaction.c.id
    )
    if item_ids is not None:
        query = query.where(redaction.c.item_id.in_(list(item_ids)))
    return [
        RedactionRow(**{**r._asdict(), "authority": r.authority or ""}) for r in s.execute(query)
    ]


def withheld_texts(
    s: Connection, item_ids: Sequence[int] | None = None
) -> list[tuple[RedactionRow, str]]:
    """Each redaction with the words that it withholds."""
    rows = redactions(s, item_ids)
    parts: dict[tuple[int, str], str] = {}
    wanted = {row.item_id for row in rows}
    query = (
        select(item_text.c.item_id, item_text.c.part, item_text.c.text)
        .where(item_text.c.item_id.in_(wanted))
        .order_by(item_text.c.item_id, item_text.c.no)
    )
    for found in s.execute(query):
        parts.setdefault((found.item_id, found.part), found.text)
    return [(row, parts.get((row.item_id, row.part), "")[row.start : row.stop]) for row in rows]


def find_preset(text: str, preset: str) -> list[tuple[int, int]]:
    """Where a text has what a preset of `PRESETS` looks for."""
    if preset in _CHECKED:
        return _CHECKED[preset](text)
    found = [match.span(match.lastindex or 0) for match in re.finditer(_FORMS[preset], text)]
    return [(a, b) for a, b in found if preset != "phone" or _is_phone(text[a:b])]


def find_words(text: str, words: str) -> list[tuple[int, int]]:
    """Where these very words stand in a text, in any case of letters and with any space between them."""
    escaped = [re.escape(word) for word in words.split()]
    if not escaped:
        return []
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(escaped) + r"(?!\w)", re.IGNORECASE)
    return [match.span() for match in pattern.finditer(text)]


def _is_phone(text: str) -> bool:
    """Whether a number is more than a date: it has a country or area in front, or nine digits."""
    return text[0] in "+(" or sum(map(str.isdecimal, text)) >= 9


class WithheldWords:
    """The words of withheld passages, to be found again wherever they stand.

    A passage is found by any `RUN` words of it in a row, whatever stands between them, in whichever case
    of letters, with or without their accents and however Unicode composes them (the names of files from a
    Mac are decomposed); a shorter one as a whole; a long number however it is divided. A passage without
    a word or digit is found as it is.

    Args:
        passages: (what it is to be called, its text).
        values: What is withheld besides, and found only whole.
    """

    def __init__(
        self, passages: Iterable[tuple[str, str]], values: WholeValues | None = None
    ) -> None:
        self._values = values
        self._runs: dict[int, dict[tuple[str, ...], str]] = {}
        self._numbers: dict[str, str] = {}
        self._signs: dict[str, str] = {}
        for name, text in passages:
            words = [word for _, _, word in tokens(text)]
            if not words:
                if text.strip():
                    self._signs.setdefault(text.strip(), name)
                continue
            length = min(RUN, len(words))
            runs = self._runs.setdefault(length, {})
            for at in range(len(words) - length + 1):
                runs.setdefault(tuple(words[at : at + length]), name)
            for number in _numbers(text):
                self._numbers.setdefault(number, name)

    def __bool__(self) -> bool:
        return bool(self._runs or self._signs or self._values)

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """Where withheld words stand in a text: first character, the one after the last, which passage."""
        found: list[tuple[int, int, str]] = []
        placed = list(tokens(text))
        words = [word for _, _, word in placed]
        for length, runs in self._runs.items():
            for at in range(len(words) - length + 1):
                name = runs.get(tuple(words[at : at + length]))
                if name is not None:
                    found.append((placed[at][0], placed[at + length - 1][1], name))
        if self._numbers:
            for match in _LONG_NUMBER.finditer(text):
                bare = _bare(match.group())
                name = next((n for number, n in self._numbers.items() if number in bare), None)
                if name is not None:
                    found.append((*match.span(), name))
        for sign, name in self._signs.items():
            at = text.find(sign)
            while at >= 0:
                found.append((at, at + len(sign), name))
                at = text.find(sign, at + len(sign))
        if self._values:
            found += self._values.places(text)
        return _merged(found)


def _merged(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    merged: list[tuple[int, int, str]] = []
    for start, stop, name in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, stop, name))
    return merged


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text as they are compared: first character, the one after the last, the word."""
    pattern = _ASCII_TOKEN if text.isascii() else _token()
    for match in pattern.finditer(text):
        yield match.start(), match.end(), _plain(match.group())


_ASCII_TOKEN = re.compile(r"[^\W_]+")


@cache
def _token() -> re.Pattern[str]:
    """A word with the marks and unseen signs in it; of scripts without spaces a character."""
    unseen = "".join(c for c in map(chr, range(0x110000)) if unicodedata.category(c) in _UNSEEN)
    letter = rf"(?![{_NO_SPACES}])[^\W_]"
    return re.compile(rf"[{_NO_SPACES}]|{letter}(?:{letter}|[{re.escape(unseen)}])*")


def _plain(word: str) -> str:
    """A word as it is compared: compatible forms made one, without marks, without case."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(c for c in apart if unicodedata.category(c) not in _UNSEEN)


def _numbers(text: str) -> set[str]:
    bare = (_bare(match.group()) for match in _LONG_NUMBER.finditer(text))
    return {number for number in bare if len(number) >= FEWEST_DIGITS}


def _bare(number: str) -> str:
    """The digits of a number, of whichever script."""
    return "".join(str(unicodedata.decimal(c)) for c in number if c.isdecimal())
