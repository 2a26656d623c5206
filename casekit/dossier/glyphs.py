"""How evidence characters become glyphs: nothing hidden, nothing dropped, no markup ever interpreted.

What a reader could not see is spelt out, `[U+200B]`: controls, zero-width and direction marks, fillers,
and every character that no font has or that needs shaping we do not do. The rest is split into runs of
the first font that has it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from casekit.dossier.fonts import Face, Typefaces

Run = tuple[str, str]  # ReportLab's font name, text as drawn
TAB = "    "
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_EMOJI_PARTS = frozenset("\ufe0f\u200d")
_SILENT = "\0"  # before a character in the memory: drawn although it cannot be seen
_CACHE = 200_000


@dataclass(frozen=True, slots=True)
class Measured:
    """A word as drawn: its runs, and its width for a size of one point."""

    runs: tuple[Run, ...]
    width: float


@dataclass(slots=True)
class Glyphs:
    """The characters of one main face with its fallbacks, remembered word by word."""

    main: Face
    fallback: tuple[Face, ...]
    _characters: dict[str, tuple[str, str, float]] = field(default_factory=dict)
    _words: dict[str, Measured] = field(default_factory=dict)

    def measure(self, text: str) -> Measured:
        """The runs and width of a text without line ends."""
        found = self._words.get(text)
        if found is None:
            if len(self._words) > _CACHE:
                self._words.clear()
            found = self._words[text] = self._measure(text)
        return found

    def width(self, text: str, size: float) -> float:
        """The width in points at that size."""
        return self.measure(text).width * size

    def _measure(self, text: str) -> Measured:
        runs: list[list[str]] = []
        width = 0.0
        before = ""
        for character in text:
            key = _SILENT + character if is_part_of_emoji(before, character) else character
            font, shown, advance = self._characters.get(key) or self._character(key)
            before = character
            width += advance
            if runs and runs[-1][0] == font:
                runs[-1][1] += shown
            else:
                runs.append([font, shown])
        return Measured(tuple((font, shown) for font, shown in runs), width)

    def _character(self, key: str) -> tuple[str, str, float]:
        character = key[-1]
        face, shown = self.main, character
        if key != character and (emoji := self._with(character)):
            face = emoji
        elif character == "\t":
            shown = TAB
        elif needs_spelling(character):
            shown = spelt(character)
        elif character not in self.main.widths:
            other = self._with(character)
            face, shown = (other, character) if other else (self.main, spelt(character))
        found = (face.name, shown, sum(face.widths[c] for c in shown))
        self._characters[key] = found
        return found

    def _with(self, character: str) -> Face | None:
        return next((f for f in self.fallback if character in f.widths), None)


def glyphs(typefaces: Typefaces) -> Mapping[str, Glyphs]:
    """The glyphs of each main face: `serif`, `serif-bold`, `sans`, `sans-bold`, `mono`."""
    return {key: Glyphs(face, typefaces.others) for key, face in typefaces.main.items()}


def is_part_of_emoji(before: str, character: str) -> bool:
    """Whether an unseen character only joins or varies the emoji before it, and may stay unseen."""
    return (
        character in _EMOJI_PARTS
        and not before.isascii()
        and (before == "\ufe0f" or unicodedata.category(before) in {"So", "Sk"})
    )


def needs_spelling(character: str) -> bool:
    """Whether a character would be unseen, or be drawn wrongly without shaping."""
    if character.isascii():
        return not character.isprintable() and character not in "\t\n"
    code = ord(character)
    return (
        unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        or character in _UNSEEN
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
        or unicodedata.bidirectional(character) in {"R", "AL", "AN"}
        or 0x0900 <= code <= 0x109F
        or 0x1700 <= code <= 0x18AF
    )


def spelt(character: str) -> str:
    """A character by its code point, `[U+200B]`."""
    return f"[U+{ord(character):04X}]"


def drawn_characters(text: str) -> set[str]:
    """The characters of a text that a font is needed for, those of spelt-out ones included."""
    found = set(text)
    return {c for c in found if c in _EMOJI_PARTS or not needs_spelling(c)} - set("\t\n")
