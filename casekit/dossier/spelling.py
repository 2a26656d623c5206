"""Which characters are printed as code points, because a reader could not see them, and which go together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from casekit.dossier.fonts import SHAPED, script_of
from casekit.queries.unseen import EMOJI_PARTS, UNSEEN, is_part_of_emoji

__all__ = ["is_part_of_emoji"]

JOINERS = frozenset("\u200c\u200d")
# Marks on letters of scripts that need no shaping otherwise; conjoining Korean vowels and finals.
_ON_LETTERS = (
    "\u0300-\u034e\u0350-\u036f\u0483-\u0489\u1161-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\u3099\u309a\ufe20-\ufe2f"
)
_NOT_PLAIN = re.compile(f"[{_ON_LETTERS}{SHAPED}]")
_ON_LETTER = re.compile(f"[{_ON_LETTERS}\u0e33\u0eb3]")
_BEFORE_LETTER = frozenset("\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LONGEST = 12  # characters of a letter with all its marks: more is mischief, and must not be kept on a line


def is_plain(text: str) -> bool:
    """Whether every character is drawn on its own, one after the other from left to right."""
    return text.isascii() or not _NOT_PLAIN.search(text)


def runs_right_to_left(text: str) -> bool:
    """Whether some of it does: Hebrew or Arabic letters, or their numbers."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def needs_spelling(character: str) -> bool:
    """Whether a character would be unseen, or be drawn wrongly without shaping we do not do."""
    if character.isascii():
        return not character.isprintable() and character not in "\t\n"
    code = ord(character)
    return (
        unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        or UNSEEN.match(character) is not None
        or character in EMOJI_PARTS
        or (
            (
                unicodedata.bidirectional(character) in {"R", "AL", "AN"}
                or 0x0900 <= code <= 0x109F
                or 0x1700 <= code <= 0x18AF
            )
            and not script_of(character)
        )
    )


def spelt(character: str) -> str:
    """A character by its code point, `[U+200B]`."""
    return f"[U+{ord(character):04X}]"


def drawn_characters(text: str) -> set[str]:
    """The characters of a text that a font is needed for, those of spelt-out ones included.

    Where a letter and its mark are also one character, that one is among them.
    """
    found = set(text)
    if not is_plain("".join(found)):
        found |= set(unicodedata.normalize("NFC", text))
    return {c for c in found if c in EMOJI_PARTS or not needs_spelling(c)} - set("\t\n")


def clusters(text: str) -> Iterator[str]:
    """Letters with all that belongs to them: marks, joiners, the rest of a conjunct. Joined, the text."""
    start = 0
    for at in range(1, len(text)):
        if not _belongs(text, start, at):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def is_mark(character: str) -> bool:
    """Whether it is drawn on the letter before it."""
    return unicodedata.category(character)[0] == "M" or _ON_LETTER.match(character) is not None


def _belongs(text: str, start: int, at: int) -> bool:
    """Whether the character goes with those from `start`."""
    before, character, first = text[at - 1], text[at], text[start]
    if at - start >= _LONGEST:
        return False
    if is_part_of_emoji(before, character):
        return True
    if needs_spelling(first) or first.isspace() or is_mark(first):
        return False
    if character in JOINERS:
        return bool(script_of(first)) and before not in JOINERS
    if needs_spelling(character):
        return False
    if is_mark(character):
        return True
    goes_on = unicodedata.combining(before) == 9 or before == "\u200d" or before in _BEFORE_LETTER
    goes_on &= character not in _BEFORE_LETTER
    return goes_on and script_of(character) == script_of(first) != ""
