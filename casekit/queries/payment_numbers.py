"""Numbers of payment cards and bank accounts, told from other figures by beginning, groups and check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from casekit.queries.matching import merged

Span = tuple[int, int]
"""First character and the one after the last."""

_DASHES = "\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_SPACES = "\u00a0\u2002\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u2060\u3000\ufeff"
_PLAIN = {
    **{n: chr(n - 0xFEE0) for n in range(0xFF01, 0xFF5F)},  # full-width forms
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _SPACES), " "),
}
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")

_BREAK = r"[ -]?\r?\n ?"
_RUN = re.compile(rf"(?>\d(?:(?:[ -]|{_BREAK})?\d)*)")
_GROUP = re.compile(r"\d+")
_FEWEST, _MOST = 13, 19

_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]\d|095|[689]\d\d)\d{10,15}|35(?:2[89]|[3-8]\d)\d{12,15}|(?:2131|1800)\d{11}"
    r"|(?:50|5[6-9]|6\d)\d{10,17}|8[12]\d{14,17}|220[0-5]\d{12,15}|1946\d{12,15}|(?:8600|94\d\d)\d{12}"
    r"|9(?:112|558|682|704|792|860)\d{12,15}|1(?!000)\d{14}"
)
"""First digits and lengths in which cards are issued, of ISO/IEC 7812 as the networks publish them: Visa;
Mastercard; American Express, Diners Club, JCB; Maestro, Discover, UnionPay, RuPay and most national ones; Mir,
Borica, GPN, UzCard, Korea; Belkart, ICBC, mada, NAPAS, Troy, Humo; UATP."""
_PRINTED = frozenset({
    (4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 6, 5), (4, 6, 4), (4, 5, 6), (4, 4, 5), (4, 4, 4, 1), (4, 3, 3, 3),
})  # fmt: skip
"""Groups in which numbers are printed on cards."""
_DOTTED = re.compile(r"(?<![\w.])\d{4}(?:\.\d{1,6}){2,4}(?!\w)")
_BOXED = re.compile(r"(?<![\d-])(?<!\d[ \n-])\d(?:[ -]\d){12,18}(?![ \n-]?\d)")
"""A form has a box for each digit; a grid of digits goes on above or below."""

_COUNTRIES = """
    AD24 AE23 AL28 AO25 AT20 AZ28 BA20 BE16 BF28 BG22 BH22 BI27 BJ28 BR29 BY28 CF27 CG27 CH21 CI28 CM27 CR22
    CV25 CY28 CZ24 DE22 DJ27 DK18 DO28 DZ26 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GA27 GB22 GE22 GI23 GL18 GQ27
    GR27 GT28 GW25 HN28 HR21 HU28 IE22 IL23 IQ23 IR26 IS26 IT27 JO30 KM27 KW30 KZ20 LB28 LC32 LI21 LT20 LU20
    LV21 LY25 MA28 MC27 MD24 ME22 MG27 MK19 ML28 MN20 MR27 MT31 MU30 MZ25 NE28 NI28 NL18 NO15 OM23 PK24 PL28
    PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SN28 SO23 ST25 SV28 TD27 TG28 TL23 TN24
    TR26 UA29 VA22 VG24 XK20 YE30
"""
_LENGTHS = {each[:2]: int(each[2:]) for each in _COUNTRIES.split()}
"""How long a country's numbers are: the IBAN registry (SWIFT), and countries that use them without it."""
_IBAN = re.compile(rf"\b[A-Za-z]{{2}}\d\d(?:(?:[ .-]|{_BREAK})?[A-Za-z0-9]){{11,30}}")
_IBAN_START = re.compile(r"\b[A-Za-z]{2}\d\d")
_SHORTEST_IBAN, _LONGEST_IBAN = 15, 34


def find_cards(text: str) -> list[Span]:
    """Where a text has numbers of payment cards, of 13 to 19 digits.

    Such a number begins and ends as cards are issued and has its check digit; spaces or dashes part it into
    groups of four or more digits (the last may be shorter), as those of a printed card dots and one end of a
    line too, and boxes on a form each digit. Every tenth row of digits has the check digit (Luhn), so that a
    number with its like on both sides counts as a row of a table, unless the like is a card.

    Source: ISO/IEC 7812-1 and its annex B.
    """
    plain = _plain(text)
    found = [
        each.span()
        for each in (*_DOTTED.finditer(plain), *_BOXED.finditer(plain))
        if ("." not in each[0] or tuple(map(len, each[0].split("."))) in _PRINTED)
        and _ISSUED.fullmatch(digits := re.sub("[^0-9]", "", each[0]))
        and _is_checked(digits)
    ]
    for run in _RUN.finditer(plain):
        if run.end() - run.start() >= _FEWEST:
            found += _Run(plain, *run.span()).cards()
    return merged(found)


def find_ibans(text: str) -> list[Span]:
    """Where a text has bank account numbers (IBAN), in capitals or small letters, however they are parted.

    A number has its check digits and as many signs as its country gives it. Of a country that is not known
    it is in capitals, whole or in groups of four.

    Source: ISO 13616-1; ISO/IEC 7064, MOD 97-10.
    """
    plain = _plain(text)
    found = []
    for start in _IBAN_START.finditer(plain):
        match = _IBAN.match(plain, start.start())
        if match is not None and (length := _iban_length(plain, match)):
            found.append((match.start(), match.start() + length))
    return merged(found)


def _plain(text: str) -> str:
    """A text with each sign as the one that it stands for, so that places stay what they are."""
    if text.isascii():
        return text
    return _OTHER_DIGIT.sub(lambda each: str(int(each[0])), text.translate(_PLAIN))


# -- cards ----------------------------------------------------------------------------------------


class _Run:
    """Groups of digits in a row, which spaces, dashes and ends of lines part.

    Args:
        plain: The text.
        start: First character of the run.
        stop: The one after its last.
    """

    def __init__(self, plain: str, start: int, stop: int) -> None:
        self.places = [each.span() for each in _GROUP.finditer(plain, start, stop)]
        self._lengths = [b - a for a, b in self.places]
        between = zip(self.places, self.places[1:], strict=False)
        self._breaks = [False, *("\n" in plain[a[1] : b[0]] for a, b in between)]
        self._digits = "".join(plain[a:b] for a, b in self.places)
        self._before = [0, *accumulate(self._lengths)]
        # A dash before or behind joins the run to something else.
        self._first = 1 if plain[start - 1 : start] == "-" else 0
        self._last = len(self.places) - (plain[stop : stop + 1] == "-")
        self._fraction = start >= 2 and plain[start - 1] == "." and plain[start - 2].isdecimal()

    def cards(self) -> Iterator[Span]:
        """Where its cards stand."""
        sound = [each for each in self._windows() if self._is_sound(*each)]
        kept = {each for each in sound if self._stands_out(*each)}
        edges = {edge for each in kept for edge in each}
        for some in (sound, sound[::-1]):  # a card beside a card
            for a, b in some:
                if (a in edges or b in edges) and not any(self._breaks[a + 1 : b]):
                    kept.add((a, b))
                    edges |= {a, b}
        return ((self.places[a][0], self.places[b - 1][1]) for a, b in kept)

    def _windows(self) -> Iterator[Span]:
        """Groups that begin and end as a card's digits: the first, and the one behind them."""
        before = self._before
        for a in range(self._first, self._last):
            for b in range(a + 1, self._last + 1):
                digits = before[b] - before[a]
                if digits > _MOST:
                    break
                if digits >= _FEWEST and _ISSUED.fullmatch(self._digits, before[a], before[b]):
                    yield a, b
                if self._lengths[b - 1] < 3 and not any(self._breaks[b - 1 : b + 1]):
                    break  # so few digits end a card, if no line ends among them

    def _is_sound(self, a: int, b: int) -> bool:
        """Whether some groups are a card's, by their lengths and their check digit."""
        lengths = tuple(self._lengths[a:b])
        grouped = lengths in _PRINTED
        if any(self._breaks[a + 1 : b]):
            at = self._breaks.index(True, a + 1) - a
            whole = (*lengths[: at - 1], lengths[at - 1] + lengths[at], *lengths[at + 1 :])
            grouped = sum(self._breaks[a + 1 : b]) == 1 and (grouped or whole in _PRINTED)
        elif not grouped and not (self._fraction and a == 0):
            # Most of many digits that begin with 1 are figures.
            single = len(lengths) == 1
            one = self._digits[self._before[a]] == "1"
            grouped = single if one else all(length >= 4 for length in lengths[:-1])
        return grouped and _is_checked(self._digits[self._before[a] : self._before[b]])

    def _stands_out(self, a: int, b: int) -> bool:
        """Whether a number begins or ends its line, or is unlike both its neighbours in length.

        One that a line breaks begins or is unlike what is before, and ends or is unlike what is behind.
        """
        some = {n for n in self._lengths[a:b] if n >= 4}
        last = len(self.places)
        if any(self._breaks[a + 1 : b]):
            begins, ends = a == 0, b == last
        else:
            begins, ends = a == 0 or self._breaks[a], b == last or self._breaks[b]
            if begins or ends:
                return True
        return (begins or self._lengths[a - 1] not in some) and (
            ends or self._lengths[b] not in some
        )


def _is_checked(digits: str) -> bool:
    """Whether digits have a card's check digit."""
    odd = sum(map(int, digits[::-2]))
    return (odd + sum(sum(divmod(2 * int(c), 10)) for c in digits[-2::-2])) % 10 == 0


# -- accounts -------------------------------------------------------------------------------------


def _iban_length(plain: str, match: re.Match[str]) -> int:
    """How many characters an account number has that begins here; 0 if none does."""
    places = [n for n, c in enumerate(match[0]) if c.isalnum()]
    signs = "".join(match[0][n] for n in places)
    known = _LENGTHS.get(signs[:2].upper())
    for length in (
        [known] if known else range(min(_LONGEST_IBAN, len(signs)), _SHORTEST_IBAN - 1, -1)
    ):
        if length > len(signs):
            continue
        number, stop = signs[:length], places[length - 1] + 1
        behind = plain[match.start() + stop : match.start() + stop + 1]
        if behind == "_" or behind.isalnum() or match[0][:stop].count("\n") > 1:
            continue
        if not (number.isupper() or (known and number.islower())):
            continue
        if not known and any(
            n - places[k - 1] > 1 and k % 4 for k, n in enumerate(places[:length]) if k
        ):
            continue
        if int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1:
            return stop
    return 0
