"""One plan, two copies: a public one that is redacted, and a sealed one that shows the court what was.

A withheld passage stands in the plan as cells: private characters, each of one width in every copy, so that
both copies break at the same places whatever stands in them. A table says what each copy prints there. How
many cells a passage has is rounded up: the public copy tells no more of its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from casekit.dossier.cleaning import Finder, Given
from casekit.dossier.wording import Wording
from casekit.errors import CaseKitError

OPENED = frozenset({"privacy", "confidential", "third-party", "court-order"})
"""Reasons for which the court may see what is withheld; whatever has another one stays redacted for it too."""

STEP = 12
"""Letters of a cell; one that is drawn wide counts as two."""
WIDTH = 0.6 * STEP
"""Of a cell, for a size of one point: no letter of the face for records is wider than 0.6."""
CELL = re.compile("[\U00100000-\U0010fffd]+")
_WORDS = "two."
_FIRST, _MOST = 0x100000, 0xFFFE
_FEWEST = 2
_WORD = re.compile(r"\s*\S+\s*|\s+")
_WIDE = "\u1100"  # from here on letters are counted as wide: at worst there is room left
_LINE_END = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: in the public copy, and in the sealed one."""

    public: str
    sealed: str


@dataclass(slots=True)
class Copies:
    """The table of a plan's cells.

    Args:
        privileged: Finds what may stand in neither copy.
    """

    privileged: Finder
    cells: dict[str, Cell] = field(default_factory=dict)
    _known: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def mark(self, public: str, sealed: str, shown: str) -> str:
        """The cells of a passage.

        Args:
            public: What is printed in its place.
            sealed: Its words.
            shown: What the sealed copy prints: its words and why they are withheld.

        Returns:
            Cells; or `public`, where its words may not be told to the court either.
        """
        if self.privileged.places(sealed) or self.privileged.places(shown) or CELL.search(shown):
            return public
        known = self._known.get((public, shown))
        if known is None:
            known = self._known[public, shown] = self._added(public, shown)
        return known

    def _added(self, public: str, shown: str) -> str:
        above, below = packed(public), packed(_LINE_END.sub(" ¶ ", shown))
        count = rounded(max(len(above), len(below)))
        start = len(self.cells)
        if start + count > _MOST:
            raise CaseKitError(
                "So much is redacted that no sealed copy can be made of all of it: choose fewer exhibits."
            )
        made = [chr(_FIRST + start + n) for n in range(count)]
        for n, cell in enumerate(made):
            self.cells[cell] = Cell(
                above[n] if n < len(above) else "", below[n] if n < len(below) else ""
            )
        return "".join(made)

    def public(self, value: Any) -> Any:
        """A text, or a part of a plan, as the public copy has it."""
        return filled(value, {key: cell.public for key, cell in self.cells.items()})

    def sealed(self, value: Any) -> Any:
        """The same as the sealed copy has it."""
        return filled(value, {key: cell.sealed for key, cell in self.cells.items()})

    def words(self, words: Wording) -> Wording:
        """The wording for a plan of two copies, which says nothing that is true of one alone."""
        own = {
            key.removeprefix(_WORDS): text
            for key, text in words.texts.items()
            if key.startswith(_WORDS)
        }
        return Wording(words.profile, {**words.texts, **own})

    def pseudonyms(self, given: Given) -> Given:
        """A finder of what has a pseudonym that calls it by cells."""
        return _Celled(given, self)


class _Celled:
    """Finds what another finder finds and calls it by cells: its pseudonym, or its name beside that."""

    def __init__(self, given: Given, copies: Copies) -> None:
        self._given = given
        self._copies = copies

    def __bool__(self) -> bool:
        return bool(self._given)

    @property
    def names(self) -> Iterable[str]:
        return self._given.names

    def places(self, text: str) -> list[tuple[int, int, str]]:
        return [
            (start, stop, self._copies.mark(name, text[start:stop], f"{text[start:stop]} {name}"))
            for start, stop, name in self._given.places(text)
        ]


def packed(text: str) -> list[str]:
    """A text in pieces of a cell each, words whole where they fit into one; joined they are the text."""
    pieces: list[str] = []
    room = 0
    for word in _WORD.findall(text):
        need = _size(word.rstrip())
        if need <= room:
            pieces[-1] += word
            room -= _size(word)
            continue
        for letter in word if need > STEP else (word,):
            need = _size(letter)
            if pieces and letter is not word and need <= room:
                pieces[-1] += letter
                room -= need
            else:
                pieces.append(letter)
                room = STEP - need
    return pieces


def rounded(count: int) -> int:
    """How many cells are taken for so many: 2, 3, 4, 6, 8, 12, 16, 24 and so on."""
    size = _FEWEST
    while size < count:
        size = size * 4 // 3 if size.bit_count() == 2 else size * 3 // 2
    return size


def filled(value: Any, cells: Mapping[str, str]) -> Any:
    """A text, or a part of a plan, with what a copy prints in its cells."""
    if isinstance(value, str):
        return CELL.sub(lambda run: "".join(cells.get(c, c) for c in run.group()), value)
    if isinstance(value, tuple):
        return tuple(filled(each, cells) for each in value)
    if isinstance(value, Mapping):
        return {filled(key, cells): filled(each, cells) for key, each in value.items()}
    if isinstance(value, msgspec.Struct):
        changed = {n: filled(getattr(value, n), cells) for n in value.__struct_fields__}
        return msgspec.structs.replace(value, **changed)
    return value


def refuse_cells(text: str, where: str) -> None:
    """Refuse a text of the evidence that has the very characters that stand for cells.

    Raises:
        CaseKitError: It has.
    """
    if found := CELL.search(text):
        raise CaseKitError(
            "No sealed copy can be made: {where} has the private character U+{code}, which stands for a "
            "redacted passage there. Leave the exhibit out.",
            where=where, code=f"{ord(found.group()[0]):04X}",
        )  # fmt: skip


def _size(text: str) -> int:
    return sum(2 if letter >= _WIDE else 1 for letter in text)
