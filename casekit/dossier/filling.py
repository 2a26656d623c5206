"""What one of two copies prints in the cells of their common plan, and how a passage in them is drawn."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from casekit.dossier.assemble import Entry
from casekit.dossier.copies import filled
from casekit.dossier.flow import Picture
from casekit.dossier.glyphs import Glyphs, Piece
from casekit.dossier.pieces import Placed
from casekit.dossier.sheet import PageBox

Kind = Literal["public", "sealed"]


@dataclass(frozen=True, slots=True)
class Passage:
    """The cells of passages that stand beside each other on a line, for a size of one point.

    Attributes:
        face: Key of the face they are set in.
    """

    x: float
    width: float
    text: str
    face: str


@dataclass(frozen=True, slots=True)
class Filling:
    """What a copy prints.

    Attributes:
        kind: Which copy.
        texts: By cell.
        faces: Sets them.
        mark: What stands at the top of every page.
        shut: Labels of boxes that are painted over in the sealed copy too.
        identifier: Of this copy, drawn by lot, so that nobody can find words by making the copy again
            with others and comparing hashes; empty for the public one.
    """

    kind: Kind
    texts: Mapping[str, str]
    faces: Mapping[str, Glyphs]
    mark: str
    shut: frozenset[str] = frozenset()
    identifier: str = ""

    def text(self, value: str) -> str:
        """A text as this copy has it."""
        found: str = filled(value, self.texts)
        return found

    def outline(self, entries: Sequence[Entry]) -> list[Entry]:
        """The lines of an outline as this copy has them."""
        return [
            dataclasses.replace(
                each, title=self.text(each.title), under=tuple(self.outline(each.under))
            )
            for each in entries
        ]

    def picture(self, picture: Picture) -> tuple[Picture, tuple[PageBox, ...]]:
        """A picture as this copy shows it, and the boxes that it does not paint over."""
        boxes = picture.boxes
        if self.kind == "sealed":
            boxes = tuple(box for box in boxes if box.label in self.shut)
        opened = tuple(box for box in picture.boxes if box not in boxes)
        text = self.text(picture.text)
        return dataclasses.replace(picture, text=text, boxes=boxes), opened

    def parted(self, runs: Sequence[Piece]) -> Iterator[tuple[Piece, ...] | Passage]:
        """The pieces of a line in their order: those drawn as they are, and passages in cells."""
        kept: list[Piece] = []
        passage: Passage | None = None
        for run in runs:
            if not (isinstance(run, Placed) and run.text in self.texts):
                if passage:
                    yield passage
                    passage = None
                kept.append(run)
                continue
            if kept:
                yield tuple(kept)
                kept = []
            text = self.texts[run.text]
            if passage is None:
                passage = Passage(run.x, run.width, text, run.font)
            else:
                left = min(passage.x, run.x)
                passage = Passage(left, passage.width + run.width, passage.text + text, run.font)
        if passage:
            yield passage
        if kept:
            yield tuple(kept)

    def has_cells(self, runs: Sequence[Piece]) -> bool:
        """Whether a passage stands among them."""
        return any(isinstance(run, Placed) and run.text in self.texts for run in runs)
