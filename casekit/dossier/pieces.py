"""Lines whose pieces have places of their own: shaped letters, marks on letters, text from right to left.

Shaped letters are drawn as outlines, and their text is set unseen over them. Glyphs of such scripts do not
stand for characters one by one, and programs that read PDFs differ in what they make of fonts that pretend
it; of outlines under plain characters they all make the same text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from casekit.dossier import bidi
from casekit.dossier.copies import WIDTH
from casekit.dossier.fonts import Face, script_of
from casekit.dossier.shape import Outline, shape
from casekit.dossier.spelling import (
    JOINERS,
    clusters,
    is_mark,
    is_part_of_emoji,
    needs_spelling,
    runs_right_to_left,
)

Plain = Callable[[str, str], tuple[str, str, float]]
_TOP, _BOTTOM, _WIDEST = 1.25, -0.65, 3.0  # what a line has room for, in sizes


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of a line at its own place; `x` and `width` are for a size of one point.

    Attributes:
        font: ReportLab's name; of a cell the key of its face.
        text: As it stands from left to right: drawn, or set unseen over the outlines if it is `shaped`.
        start: The first of the line's characters that it holds; `stop` is exclusive.
        rtl: Whether these run from right to left.
    """

    x: float
    width: float
    font: str
    text: str
    start: int
    stop: int
    rtl: bool
    shaped: bool = False
    outlines: tuple[Outline, ...] = ()


class Arranger:
    """Sets texts in one main face with its fallbacks.

    Args:
        main: The face.
        fallback: The others, in the order they are tried.
        plain: Gives a character, after another, as drawn on its own: font, text and width.
        cells: The characters that stand for passages, each as wide as another.
    """

    def __init__(
        self, main: Face, fallback: tuple[Face, ...], plain: Plain,
        cells: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self._cells = cells
        self._faces = (main, *fallback)
        self._by_key = {face.key: face for face in fallback}
        self._plain = plain
        self._fitting: dict[tuple[str, str], bool] = {}

    def levels(self, text: str, record: bool = False) -> tuple[list[int], int]:
        """The level of each character of a paragraph, and its own, that of its first letter.

        A `record` runs from left to right, and each of its quoted texts on its own: else two Arabic values
        of a JSON record, and the signs between them, would change places.
        """
        if not runs_right_to_left(text):
            return [0] * len(text), 0
        kinds = [
            "ON" if kind in {"R", "AL", "AN"} and not self._has(c) else kind
            for c, kind in zip(text, bidi.classes(text), strict=True)
        ]
        if record:
            kinds = ["L" if c == '"' else kind for c, kind in zip(text, kinds, strict=True)]
        base = 0 if record else bidi.base_level(kinds)
        return bidi.resolve(text, kinds, base), base

    def arrange(self, text: str, levels: Sequence[int]) -> tuple[tuple[Placed, ...], float]:
        """The pieces of a line in the order of reading, and its width."""
        stretches = list(_stretches(levels))
        made = [self._stretch(text[a:b], bool(levels[a] % 2)) for a, b in stretches]
        lefts = [0.0] * len(made)
        pen = 0.0
        for index in bidi.visual([levels[a] for a, _ in stretches]):
            lefts[index] = pen
            pen += made[index][1]
        placed = [
            replace(p, x=p.x + left, start=p.start + a, stop=p.stop + a)
            for (a, _), left, (pieces, _) in zip(stretches, lefts, made, strict=True)
            for p in pieces
        ]
        return tuple(placed), pen

    def _stretch(self, text: str, rtl: bool) -> tuple[list[Placed], float]:
        """The pieces of a text of one direction, from its left end."""
        parts = self._parts(text, rtl)
        total = sum(part.width for part in parts)
        pen = total if rtl else 0.0
        placed = []
        for part in parts:
            pen -= part.width if rtl else 0
            placed.append(replace(part, x=pen))
            pen += 0 if rtl else part.width
        return placed, total

    def _parts(self, text: str, rtl: bool) -> list[Placed]:
        """Letters that are shaped together, and what is drawn as it is, without places yet."""
        parts: list[Placed] = []
        going: tuple[Face, bool] | None = None
        start = at = 0
        for cluster in self._seen_joiners(list(clusters(text))):
            face = self._shaping(cluster, rtl)
            now = (face, cluster[0].isdecimal()) if face else None
            if going and going != now:
                parts.append(self._shaped(going[0], text, start, at, rtl))
            if now is None:
                self._add_plain(parts, text, at, len(cluster), rtl)
            elif now != going:
                start = at
            going = now
            at += len(cluster)
        if going:
            parts.append(self._shaped(going[0], text, start, at, rtl))
        return parts

    def _add_plain(
        self, parts: list[Placed], text: str, start: int, length: int, rtl: bool
    ) -> None:
        """Add characters that are drawn as they are, one by one where they run from right to left."""
        for at in range(start, start + length):
            if text[at] in self._cells:
                parts.append(Placed(0, WIDTH, self._faces[0].key, text[at], at, at + 1, rtl))
                continue
            face = self._script_face(text[at])
            if face and self._fits(face, text[at]):
                parts.append(self._shaped(face, text, at, at + 1, rtl))
                continue
            font, shown, width = self._plain(text[at - 1] if at else "", text[at])
            last = parts[-1] if parts else None
            if last and not rtl and not last.shaped and last.font == font:
                parts[-1] = replace(
                    last, width=last.width + width, text=last.text + shown, stop=at + 1
                )
            else:
                parts.append(Placed(0, width, font, shown, at, at + 1, rtl))

    def _shaped(self, face: Face, text: str, start: int, stop: int, rtl: bool) -> Placed:
        part = text[start:stop]
        made = shape(face.path, part, rtl)
        shown = part[::-1] if rtl else part
        return Placed(0, made.width, face.name, shown, start, stop, rtl, True, made.outlines)

    def _seen_joiners(self, found: list[str]) -> Iterator[str]:
        """Clusters in which a joiner stays only if it changes how its letters look; else it stands alone."""
        for at, cluster in enumerate(found):
            places = [n for n, c in enumerate(cluster) if n and c in JOINERS]
            if not places or not script_of(cluster[0]):
                yield cluster
                continue
            after = found[at + 1] if at + 1 < len(found) else ""
            if not after or script_of(after[0]) != script_of(cluster[0]):
                after = ""
            if all(self._is_seen(cluster, place, after) for place in places):
                yield cluster
            else:
                yield from (part for part in _split(cluster, places) if part)

    def _is_seen(self, cluster: str, place: int, after: str) -> bool:
        face = self._script_face(cluster[0])
        if face is None:
            return False
        rtl = runs_right_to_left(cluster)
        with_it = shape(face.path, cluster + after, rtl)
        without = shape(face.path, cluster[:place] + cluster[place + 1 :] + after, rtl)
        return with_it.outlines != without.outlines

    def _shaping(self, cluster: str, rtl: bool) -> Face | None:
        """The face to shape a letter with its marks in; none if it is drawn, or spelt, as it is."""
        first = cluster[0]
        if script_of(first):
            face = self._script_face(first)
            return face if face and self._fits(face, cluster) else None
        if needs_spelling(first) or first in "\t " or any(ord(c) > 0xFFFF for c in cluster):
            return None
        if len(cluster) > 1:
            if is_part_of_emoji(first, cluster[1]):
                return None
            return next((f for f in self._faces if self._fits(f, cluster)), None)
        if rtl and unicodedata.mirrored(first):
            return next((f for f in self._faces if first in f.widths), None)
        return None

    def _fits(self, face: Face, cluster: str) -> bool:
        """Whether a face has all of a letter with its marks, and a line has room for it."""
        found = self._fitting.get((face.key, cluster))
        if found is None:
            found = self._fitting[face.key, cluster] = self._does_fit(face, cluster)
        return found

    def _does_fit(self, face: Face, cluster: str) -> bool:
        spellings = (cluster, unicodedata.normalize("NFC", cluster))
        if is_mark(cluster[0]) or not any(
            all(c in face.widths or c in JOINERS for c in spelling) for spelling in spellings
        ):
            return False
        made = shape(face.path, cluster, runs_right_to_left(cluster))
        return made.whole and made.bottom >= _BOTTOM and made.top <= _TOP and made.width <= _WIDEST

    def _has(self, character: str) -> bool:
        face = self._script_face(character)
        return face is not None and character in face.widths

    def _script_face(self, character: str) -> Face | None:
        return self._by_key.get(script_of(character)) if not character.isascii() else None


def _stretches(levels: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where the characters of one level begin and stop."""
    start = 0
    for at in range(1, len(levels) + 1):
        if at == len(levels) or levels[at] != levels[start]:
            yield start, at
            start = at


def _split(cluster: str, places: list[int]) -> Iterator[str]:
    """A cluster's letters and its joiners, each on its own."""
    start = 0
    for place in places:
        yield cluster[start:place]
        yield cluster[place]
        start = place + 1
    yield cluster[start:]
