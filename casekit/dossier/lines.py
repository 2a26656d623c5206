"""How text breaks into lines: verbatim white space, long words cut, Chinese broken between characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casekit.dossier.glyphs import Glyphs, Run

_OPEN = "（［｛〈《「『【〔〖“‘"
_CLOSE = "、。，．：；？！）］｝〉》」』】〕〗”’…％ー々"
_WIDE = (
    "\u2e80-\u3000\u3003\u3004\u3006\u3007\u3012-\u30fb\u30fd-\u33ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff02-\uff07\uff0a\uff0b\uff0d\uff0f-\uff19"
    "\uff1c-\uff1e\uff20-\uff3a\uff3c\uff3e-\uff5a\uff5c\uff5e-\uffef\U0001f300-\U0001faff"
    "\U00020000-\U0003ffff"
)
_SPACE = " \t\u2000-\u2006\u2008-\u200a\u205f\u3000"
_JOINT = "/\u2013\u2014-"
_JOINED = rf"[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[{_WIDE}\u2600-\u27bf]"  # emoji made of several
# A token is what may stand alone on a line, with the white space behind it.
_TOKEN = re.compile(
    rf"[{_OPEN}]*[{_WIDE}](?:{_JOINED})*[{_CLOSE}]*[{_SPACE}]*"
    rf"|(?:[^{_SPACE}{_WIDE}{_JOINT}]|(?<!\w)[{_JOINT}]|[{_JOINT}](?!\w))+[{_JOINT}]?[{_SPACE}]*"
    rf"|[{_JOINT}][{_SPACE}]*"
    rf"|[{_SPACE}]+"
    r"|.",
    re.DOTALL,
)
_LONG = 200  # characters: no line of this length fits a page
_BLANKS = " \t\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as drawn: its runs, its width in points, and which characters of the text it holds."""

    runs: tuple[Run, ...]
    width: float
    start: int
    stop: int


def tokens(paragraph: str) -> list[str]:
    """The pieces between which a paragraph may be broken; joined they are the paragraph."""
    return _TOKEN.findall(paragraph)


def break_lines(
    text: str,
    glyphs: Glyphs,
    size: float,
    width: float,
    *,
    own: float = 0.0,
    anywhere: bool = False,
) -> list[Line]:
    """Break a text into lines no wider than `width` points; an empty text has one empty line.

    Line ends of the text are kept (LF, or CR LF); white space inside it too. A word wider than the line
    is cut between characters.

    Args:
        text: Verbatim.
        glyphs: The face.
        size: In points.
        width: In points.
        own: A line of the text's own that is no wider than this stays whole: mail comes broken already.
        anywhere: Break between any two characters, as raw records want it.
    """
    lines: list[Line] = []
    start = 0
    for paragraph in text.split("\n"):
        shown = paragraph.removesuffix("\r")
        if len(shown) < _LONG and own > width and glyphs.width(shown, size) <= own:
            lines.append(_line([shown], start, glyphs, size))
        elif anywhere:
            lines += _anywhere(shown, start, glyphs, size, width)
        else:
            lines += _paragraph(shown, start, glyphs, size, width)
        start += len(paragraph) + 1
    return lines


def spans_on(
    line: Line, text: str, spans: Sequence[tuple[int, int]], glyphs: Glyphs, size: float
) -> list[tuple[float, float]]:
    """Where, in points from the line's beginning, the spans (start, stop) of its text lie on it."""
    found = []
    for start, stop in spans:
        first, last = max(start, line.start), min(stop, line.stop)
        part = text[first:last].rstrip(_BLANKS + "\r\n")
        if first < last and part:
            left = glyphs.width(text[line.start : first], size)
            found.append((left, left + glyphs.width(part, size)))
    return found


def _paragraph(
    paragraph: str, offset: int, glyphs: Glyphs, size: float, width: float
) -> Iterator[Line]:
    limit = width / size
    pieces: list[str] = []
    used = 0.0
    start = offset
    for token in tokens(paragraph):
        word = token.rstrip(_BLANKS)
        if pieces and used + glyphs.measure(word).width > limit:
            yield _line(pieces, start, glyphs, size)
            start += sum(map(len, pieces))
            pieces, used = [], 0.0
        if glyphs.measure(word).width > limit or (not word and glyphs.measure(token).width > limit):
            *whole, token = _cut(token, glyphs, limit)
            for piece in whole:
                yield _line([piece], start, glyphs, size)
                start += len(piece)
        pieces.append(token)
        used += glyphs.measure(token).width
    yield _line(pieces, start, glyphs, size)


def _anywhere(
    paragraph: str, start: int, glyphs: Glyphs, size: float, width: float
) -> Iterator[Line]:
    for piece in _cut(paragraph, glyphs, width / size):
        yield _line([piece], start, glyphs, size)
        start += len(piece)


def _cut(word: str, glyphs: Glyphs, limit: float) -> Iterator[str]:
    piece: list[str] = []
    used = 0.0
    for character in word:
        advance = glyphs.measure(character).width
        if piece and used + advance > limit:
            yield "".join(piece)
            piece, used = [], 0.0
        piece.append(character)
        used += advance
    yield "".join(piece)


def _line(pieces: list[str], start: int, glyphs: Glyphs, size: float) -> Line:
    runs: list[tuple[str, list[str]]] = []
    length = sum(map(len, pieces))
    if pieces:
        pieces = [*pieces[:-1], pieces[-1].rstrip(_BLANKS)]
    width = 0.0
    for piece in pieces:
        measured = glyphs.measure(piece)
        width += measured.width
        for font, shown in measured.runs:
            if runs and runs[-1][0] == font:
                runs[-1][1].append(shown)
            else:
                runs.append((font, [shown]))
    return Line(
        tuple((font, "".join(shown)) for font, shown in runs), width * size, start, start + length
    )
