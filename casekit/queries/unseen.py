"""The one table of characters that nobody sees, and of letters that look like others: found, counted, named.

What is shown, printed and searched for rests on it, so that viewer, dossier and `hidden:` mean the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

CLASSES = {
    "tag": "\U000e0000-\U000e007f",
    "zero-width": "\u180e\u200b-\u200d\u2060-\u2064\ufeff",
    "bidi": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "soft-hyphen": "\u00ad",
    "selector": "\ufe00-\ufe0e\U000e0100-\U000e01ef",
    "filler": "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0",
    "control": "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f",
    "other": (
        "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u2065\u206a-\u206f\ufff0-\ufffc\U000110bd\U000110cd"
        "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e00ff"
        "\U000e01f0-\U000e0fff"
    ),
}
"""Ranges of characters by kind. Tags (U+E0000 and on) can carry a whole message."""
LOOKALIKE = "lookalike"
ANY = "any"
KINDS = (*CLASSES, LOOKALIKE)
FILLERS = frozenset(CLASSES["filler"])
EMOJI_PARTS = frozenset("\ufe0f\u200d")

UNSEEN = re.compile(f"[{''.join(CLASSES.values())}]")
_OF_KIND = {kind: re.compile(f"[{ranges}]") for kind, ranges in CLASSES.items()}
_ASCII = bytes([*range(9), *range(0x0E, 0x20), 0x7F])
# Cyrillic and Greek letters that are drawn as Latin ones are (Unicode Technical Standard 39, confusables)
_LIKE_LATIN = (
    "\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03f2\u03f3"
    "\u0405\u0406\u0408\u0410\u0412\u0415\u041a\u041c-\u041e\u0420-\u0423\u0425\u0430\u0435\u043e\u0440\u0441"
    "\u0443\u0445\u0455\u0456\u0458\u04bb\u04cf\u0501\u051b\u051d"
)
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_MIXED = re.compile(f"[{_LATIN}][{_LIKE_LATIN}]|[{_LIKE_LATIN}][{_LATIN}]")
_ALIKE = re.compile(f"[{_LIKE_LATIN}]")
_PLAIN = re.compile(r"[\t-\r\x85 -~]+")
_WORD = re.compile(r"\w+")
# Scripts in whose spelling joiners have their place.
_JOINED = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc]"
)
_FLAGS = re.compile("\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|"
                    "\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f")  # fmt: skip


def is_part_of_emoji(before: str, character: str) -> bool:
    """Whether an unseen character only joins or varies the emoji before it, and may stay unseen."""
    return (
        character in EMOJI_PARTS
        and not before.isascii()
        and (before == "\ufe0f" or unicodedata.category(before) in {"So", "Sk"})
    )


def kind_of(character: str) -> str:
    """The kind of an unseen character; empty of one that is seen."""
    return next((kind for kind, known in _OF_KIND.items() if known.match(character)), "")


def found(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, stop, kind) of what is hidden in a text; of letters that look like others the whole word.

    Left out is what has its place: joiners in emoji and in scripts that are spelt with them, the three flags
    that are made of tags, and a byte order mark at the very beginning.
    """
    if not has_any(text):
        return
    flags = [m.span() for m in _FLAGS.finditer(text)] if "\U0001f3f4" in text else []
    for match in UNSEEN.finditer(text):
        at, character = match.start(), match.group()
        before = text[at - 1 : at]
        if character == "\ufeff" and not at:
            continue
        if character in "\u200c\u200d" and (
            _JOINED.match(before) or is_part_of_emoji(before or "a", character)
        ):
            continue
        if any(start <= at < stop for start, stop in flags):
            continue
        yield at, at + 1, kind_of(character)
    if not text.isascii() and _MIXED.search(text):
        for word in _WORD.finditer(text):
            if not word.group().isascii() and _MIXED.search(word.group()):
                yield word.start(), word.end(), LOOKALIKE


def count(text: str) -> Counter[str]:
    """How often each kind stands in a text: characters, and words of letters that look like others."""
    return Counter(kind for _, _, kind in found(text))


def has_any(text: str) -> bool:
    """Whether anything of it may be hidden: quick, for texts by the million."""
    if text.isascii():
        plain = text.encode("ascii")
        return len(plain.translate(None, _ASCII)) != len(plain)
    rest = _PLAIN.sub(
        "", text
    )  # what is left is short: to search it costs a sixth of searching all
    if UNSEEN.search(rest):
        return True
    return _ALIKE.search(rest) is not None and _MIXED.search(text) is not None


def lookalikes(text: str, start: int, stop: int) -> list[int]:
    """Where in a stretch of a text letters stand that look like the Latin ones of their word."""
    if text[start:stop].isascii() or not _MIXED.search(text, start, stop):
        return []
    words = (w for w in _WORD.finditer(text, start, stop) if _MIXED.search(w.group()))
    return [w.start() + m.start() for w in words for m in _ALIKE.finditer(w.group())]
