"""The order in which the pieces of a page are read: columns apart, lines from left to right, paragraphs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, with text running to the right and lines going down."""

_LEAST = 3
"""A column has so many pieces at least."""
_PROSE = 8.0
"""Pieces of a column are so many times as wide as they are high: those of a table are not, and stay rows."""
_CROSSING = 0.34
"""Of all pieces so many at most may lie across the gap between two columns, as headings do."""
_SAME_LINE = 0.5
_PARAGRAPH = 0.75
"""Shares of a line's height: how far centres of one line may be apart, how far paragraphs are."""


def arranged(boxes: Sequence[Box]) -> list[list[list[int]]]:
    """Paragraphs of lines of pieces, as the numbers of the boxes.

    A page is parted at the gap that has most clearly text on both sides; what lies across it, such as a
    heading, parts what stands above from what stands below. Pieces as narrow as a table's are read row by row.
    """
    found = []
    for part in _parts(boxes, list(range(len(boxes)))):
        found += _paragraphs(boxes, _lines(boxes, part))
    return found


def _parts(boxes: Sequence[Box], some: list[int]) -> list[list[int]]:
    """Groups of pieces that are each read from top to bottom, in order."""
    at = _gap(boxes, some)
    if at is None:
        return [some]
    across = sorted((n for n in some if boxes[n][0] < at < boxes[n][2]), key=lambda n: boxes[n][1])
    rest = [n for n in some if not boxes[n][0] < at < boxes[n][2]]
    found: list[list[int]] = []
    crossing: list[int] = []
    for cut in [*across, None]:
        until = math.inf if cut is None else _middle(boxes[cut])
        above = [n for n in rest if _middle(boxes[n]) < until]
        rest = [n for n in rest if _middle(boxes[n]) >= until]
        for side in (
            [n for n in above if boxes[n][2] <= at],
            [n for n in above if boxes[n][0] >= at],
        ):
            found += _parts(boxes, side) if side else []
        if above or not crossing:
            crossing = []
            found.append(crossing)
        crossing += [] if cut is None else [cut]
    return [part for part in found if part]


def _gap(boxes: Sequence[Box], some: list[int]) -> float | None:
    """Where a page is parted into columns: the middle of the gap; None where it is one column."""
    if len(some) < 2 * _LEAST:
        return None
    best: tuple[int, float] | None = None
    rights = [(boxes[n][2], n) for n in some]
    for at in sorted({boxes[n][0] for n in some}):
        left = [n for right, n in rights if right <= at]
        right = [n for n in some if boxes[n][0] >= at]
        across = len(some) - len(left) - len(right)
        if len(left) < _LEAST or across > _CROSSING * len(some) or (best and across >= best[0]):
            continue
        if _is_prose(boxes, left) and _is_prose(boxes, right) and _beside(boxes, left, right):
            near = max(boxes[n][2] for n in left)
            best = (across, (near + at) / 2)
    return best[1] if best else None


def _is_prose(boxes: Sequence[Box], some: list[int]) -> bool:
    if len(some) < _LEAST:
        return False
    wide = median(boxes[n][2] - boxes[n][0] for n in some)
    return wide >= _PROSE * median(boxes[n][3] - boxes[n][1] for n in some)


def _beside(boxes: Sequence[Box], left: list[int], right: list[int]) -> bool:
    """Whether two columns stand side by side for most of the shorter one."""
    tops = [min(boxes[n][1] for n in side) for side in (left, right)]
    feet = [max(boxes[n][3] for n in side) for side in (left, right)]
    shorter = min(foot - top for foot, top in zip(feet, tops, strict=True))
    return min(feet) - max(tops) > shorter / 2


def _lines(boxes: Sequence[Box], some: list[int]) -> list[list[int]]:
    lines: list[list[int]] = []
    for n in sorted(some, key=lambda n: _middle(boxes[n])):
        if lines:
            last = lines[-1][-1]
            height = min(_height(boxes[last]), _height(boxes[n]))
            if _middle(boxes[n]) - _middle(boxes[last]) < _SAME_LINE * height:
                lines[-1].append(n)
                continue
        lines.append([n])
    return [sorted(line, key=lambda n: boxes[n][0]) for line in lines]


def _paragraphs(boxes: Sequence[Box], lines: list[list[int]]) -> list[list[list[int]]]:
    found: list[list[list[int]]] = []
    foot = 0.0
    high = median(_height(boxes[n]) for line in lines for n in line) if lines else 0.0
    for line in lines:
        if found and min(boxes[n][1] for n in line) - foot <= _PARAGRAPH * high:
            found[-1].append(line)
        else:
            found.append([line])
        foot = max(boxes[n][3] for n in line)
    return found


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _height(box: Box) -> float:
    return box[3] - box[1]
