"""How evidence characters become glyphs: nothing hidden, nothing dropped, no markup ever interpreted.

What a reader could not see is spelt out, `[U+200B]`: controls, zero-width and direction marks, fillers,
and every character that no font has. The rest is split into runs of the first font that has it, or, where
letters must be shaped or run from right to left, into pieces with places of their own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from casekit.dossier.fonts import Face, Typefaces, script_of
from casekit.dossier.pieces import Arranger, Placed
from casekit.dossier.spelling import is_part_of_emoji, is_plain, needs_spelling, spelt

Run = tuple[str, str]  # ReportLab's font name, text as drawn
Piece = Run | Placed
TAB = "    "
_SILENT = "\0"  # before a character in the memory: drawn although it cannot be seen
_CACHE = 200_000


@dataclass(frozen=True, slots=True)
class Measured:
    """A word as drawn: its runs, and its width for a size of one point."""

    runs: tuple[Piece, ...]
    width: float


@dataclass(slots=True)
class Glyphs:
    """The characters of one main face with its fallbacks, remembered word by word.

    `cells` are the characters that stand for passages of which two copies print different words.
    """

    main: Face
    fallback: tuple[Face, ...]
    cells: frozenset[str] = frozenset()
    _characters: dict[str, tuple[str, str, float]] = field(default_factory=dict, repr=False)
    _words: dict[str, Measured] = field(default_factory=dict, repr=False)
    _arranger: Arranger = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make what sets the lines that are not plain."""
        self._arranger = Arranger(self.main, self.fallback, self._drawn, self.cells)

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

    def levels(self, paragraph: str, record: bool = False) -> tuple[list[int], int]:
        """The level of each character, even from left to right, odd from right to left; and its own."""
        return self._arranger.levels(paragraph, record)

    def arrange(self, line: str, levels: Sequence[int]) -> Measured:
        """A line of a paragraph with mixed directions; its pieces come in the order of reading."""
        return Measured(*self._arranger.arrange(line, levels))

    def _measure(self, text: str) -> Measured:
        if not is_plain(text) or not self.cells.isdisjoint(text):
            return self.arrange(text, self.levels(text)[0])
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

    def _drawn(self, before: str, character: str) -> tuple[str, str, float]:
        key = _SILENT + character if is_part_of_emoji(before, character) else character
        return self._characters.get(key) or self._character(key)

    def _character(self, key: str) -> tuple[str, str, float]:
        character = key[-1]
        face, shown = self.main, character
        if key != character and (emoji := self._with(character)):
            face = emoji
        elif character == "\t":
            shown = TAB
        elif needs_spelling(character) or _stands_on_nothing(character):
            shown = spelt(character)
        elif character not in self.main.widths:
            other = self._with(character)
            face, shown = (other, character) if other else (self.main, spelt(character))
        found = (face.name, shown, sum(face.widths[c] for c in shown))
        self._characters[key] = found
        return found

    def _with(self, character: str) -> Face | None:
        return next((f for f in self.fallback if character in f.widths), None)


def _stands_on_nothing(character: str) -> bool:
    """A mark without its letter, or a letter that could not be shaped: drawn alone they would mislead."""
    return unicodedata.category(character)[0] == "M" or bool(script_of(character))


def glyphs(typefaces: Typefaces, cells: frozenset[str] = frozenset()) -> Mapping[str, Glyphs]:
    """The glyphs of each main face: `serif`, `serif-bold`, `sans`, `sans-bold`, `mono`."""
    return {key: Glyphs(face, typefaces.others, cells) for key, face in typefaces.main.items()}
