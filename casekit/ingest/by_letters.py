"""Tells the charset of Cyrillic text by how it is spelt, and of Japanese and Korean mail by its shifts.

Statistics over few bytes take Russian for Japanese or Greek: in every one of these charsets all bytes are
letters. Written by people, Cyrillic is nearly all small letters, of which ten make up two thirds of any text.
"""

from __future__ import annotations

import re

_CYRILLIC = ("cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5")
"""The likeliest first: of charsets that read a text equally well the first wins."""
_COMMON = frozenset("оеаинтсрвлі")
_LETTERS = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўђјљњћџѓќѕ")
_MARKS = frozenset("«»“”„’‘–—…№°·\xa0©•§±")
_BEYOND_HEBREW = frozenset("ыьэюяіїєјљњћђџќѓѕ")
"""Letters one of which any longer text has; in cp1251 the bytes of the other small ones may be Hebrew."""
_FEWEST = 8
"""Letters beyond ASCII below which nothing is said."""
_MOST_CAPITALS = 0.4
_LEAST_COMMON = 0.48
_ASTRAY = re.compile(r"[а-яёіїєґ][А-ЯЁІЇЄҐ]")
_SHIFTED = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b(?:\$[@B]|\$\(D|\(J)"), "iso2022_jp_ext"),
)


def charset_by_letters(untrusted_sample: bytes) -> str:
    """The charset in which these bytes are Cyrillic text; empty where they are in none.

    Args:
        untrusted_sample: A text's first bytes, which are neither UTF-8 nor UTF-16.
    """
    best, most = "", _LEAST_COMMON
    for charset in _CYRILLIC:
        share = _common(untrusted_sample, charset)
        if share > most:
            best, most = charset, share
    return best


def _common(sample: bytes, charset: str) -> float:
    """Which share of the Cyrillic letters are of the commonest; 0 where it is no such text."""
    text = sample.decode(charset, "replace")
    beyond = [char for char in text if char > "\x7f"]
    letters = [char for char in beyond if char.lower() in _LETTERS]
    others = len(beyond) - len(letters) - sum(char in _MARKS for char in beyond)
    if len(letters) < _FEWEST or others * 50 > len(beyond):
        return 0
    capitals = sum(char.isupper() for char in letters)
    astray = len(_ASTRAY.findall(text))
    shouted = capitals == len(letters) and not charset.startswith("koi8")
    if not capitals and _BEYOND_HEBREW.isdisjoint(map(str.lower, letters)):
        return 0
    if not shouted and (capitals > _MOST_CAPITALS * len(letters) or astray * 50 > len(letters)):
        return 0
    share = sum(char.lower() in _COMMON for char in letters) / len(letters)
    return share * 0.9 if shouted else share


def charset_by_shifts(untrusted_data: bytes) -> str:
    """The charset of text in seven bits that shifts into Japanese or Korean by escapes; else empty.

    Source: RFC 1468, RFC 1557.
    """
    if b"\x1b" not in untrusted_data:
        return ""
    for mark, charset in _SHIFTED:
        if mark.search(untrusted_data) is None:
            continue
        try:
            untrusted_data.decode(charset)
        except UnicodeError:
            continue
        return charset
    return ""
