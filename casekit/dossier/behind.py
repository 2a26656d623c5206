"""The text of a page behind its picture: word on word if it is known where, else line under line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casekit.dossier.glyphs import Glyphs, Measured

_TALLEST = 72.0
"""Points of the largest unseen letter."""
_SMALLEST = 0.5
_UNSEEN = dict.fromkeys((*range(32), *range(127, 160), 0xAD, 0xFFFE))


@dataclass(frozen=True, slots=True)
class Spot:
    """A word of a page and its box in shares of the page as shown, from its top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Unseen:
    """A text to be set invisibly: its baseline's beginning and its size, in points."""

    x: float
    y: float
    size: float
    measured: Measured


def unseen_words(
    text: str, spots: Sequence[Spot], glyphs: Glyphs, box: tuple[float, float, float, float]
) -> Iterator[Unseen]:
    """The page's text over its picture, so that it can be searched, marked and copied.

    The plan says which words, the page only where they stand: where its words are not letter for letter
    those of `text`, they are not used, and the lines of `text` are spread over the picture.

    Args:
        text: What the plan says stands on the page.
        spots: The page's words in reading order; none if their places are not known.
        glyphs: The face they are set in.
        box: Left, bottom, width, height of the picture in points.
    """
    if spots and letters("".join(spot.text for spot in spots)) == letters(text):
        yield from _on_spots(spots, glyphs, box)
    else:
        yield from _in_lines(text, glyphs, box)


def _on_spots(
    spots: Sequence[Spot], glyphs: Glyphs, box: tuple[float, float, float, float]
) -> Iterator[Unseen]:
    left, foot, width, height = box
    for spot in spots:
        measured = glyphs.measure(spot.text)
        x0, x1 = (left + width * _inside(share) for share in sorted((spot.left, spot.right)))
        y1, y0 = (foot + height * (1 - _inside(share)) for share in sorted((spot.top, spot.bottom)))
        size = (x1 - x0) / measured.width if measured.width > 0 else y1 - y0
        size = min(max(size, _SMALLEST), _TALLEST, max(1.4 * (y1 - y0), _SMALLEST))
        base = y0 + max(0.0, (y1 - y0 - size) / 2) + 0.2 * min(size, y1 - y0)
        reach = measured.width * size
        yield Unseen(
            max(left, min(x0, left + width - reach)),
            min(base, foot + height - size),
            size,
            measured,
        )


def _in_lines(
    text: str, glyphs: Glyphs, box: tuple[float, float, float, float]
) -> Iterator[Unseen]:
    left, foot, width, height = box
    lines = [line for line in text.splitlines() if line.strip()]
    step = height / (len(lines) + 1)
    size = min(6.0, step * 0.9)
    for index, line in enumerate(lines, 1):
        measured = glyphs.measure(line.strip())
        scale = min(1.0, (width - 2) / max(measured.width * size, 1e-6))
        yield Unseen(left + 1, foot + height - index * step, size * scale, measured)


def letters(text: str) -> str:
    """A text without what divides words and lines, and without controls."""
    return "".join(text.split()).translate(_UNSEEN)


def _inside(share: float) -> float:
    return min(1.0, max(0.0, share)) if share == share else 0.0  # NaN is not equal to itself
