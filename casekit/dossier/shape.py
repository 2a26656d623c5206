"""Letters that change with their neighbours, shaped by HarfBuzz and handed on as outlines.

Nothing here depends on the machine's language or fonts: equal texts and files give equal shapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz

_LANGUAGE = "und"  # else HarfBuzz takes the one of the machine it runs on


@dataclass(frozen=True, slots=True)
class Letter:
    """A glyph by a name of its own: PDF path operators and the box round them, in its font's units."""

    name: str
    path: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Outline:
    """One letter as drawn, its origin for a size of one point, and how much to shrink it for that."""

    letter: Letter
    scale: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Shape:
    """A shaped text for a size of one point, its outlines from left to right.

    `top` and `bottom` are how far its ink goes over and under the baseline; `whole` is false where the
    font lacks a glyph for it.
    """

    outlines: tuple[Outline, ...]
    width: float
    top: float
    bottom: float
    whole: bool


@lru_cache(50_000)
def shape(path: Path, text: str, rtl: bool) -> Shape:
    """Shape a text of one script and one direction with the font in that file."""
    font, unit = _font(path)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.language = _LANGUAGE
    buffer.guess_segment_properties()  # only the script is left to guess
    uharfbuzz.shape(font, buffer)
    outlines = []
    pen = top = bottom = 0.0
    whole = True
    for info, at in zip(buffer.glyph_infos, buffer.glyph_positions or (), strict=True):
        whole &= info.codepoint != 0
        letter = _letter(path, info.codepoint)
        if letter.path:
            x, y = pen + at.x_offset, float(at.y_offset)
            outlines.append(Outline(letter, 1 / unit, x / unit, y / unit))
            top, bottom = max(top, y + letter.box[3]), min(bottom, y + letter.box[1])
        pen += at.x_advance
    return Shape(tuple(outlines), pen / unit, top / unit, bottom / unit, whole)


@cache
def _font(path: Path) -> tuple[uharfbuzz.Font, int]:
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
    return uharfbuzz.Font(face), face.upem


@cache
def _letter(path: Path, glyph: int) -> Letter:
    """A glyph; without a path if it has no ink."""
    font, _ = _font(path)
    parts: list[str] = []
    font.draw_glyph(glyph, _pen(), parts)
    ink = font.get_glyph_extents(glyph)
    left, low = ink.x_bearing - 9, ink.y_bearing + ink.height - 9  # a little more: a box cuts off
    name = f"{path.parent.name}-{path.stem}-{glyph}"
    right, top = ink.x_bearing + ink.width + 9, ink.y_bearing + 9
    return Letter(name, " ".join(parts), (left, low, right, top))


@cache
def _pen() -> uharfbuzz.DrawFuncs:
    pen = uharfbuzz.DrawFuncs()
    pen.set_move_to_func(lambda x, y, parts: parts.append(f"{_n(x)} {_n(y)} m"))
    pen.set_line_to_func(lambda x, y, parts: parts.append(f"{_n(x)} {_n(y)} l"))
    pen.set_cubic_to_func(
        lambda ax, ay, bx, by, x, y, parts: parts.append(
            f"{_n(ax)} {_n(ay)} {_n(bx)} {_n(by)} {_n(x)} {_n(y)} c"
        )
    )
    pen.set_close_path_func(lambda parts: parts.append("h"))
    return pen


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
