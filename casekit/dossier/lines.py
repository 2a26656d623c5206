"""How text breaks into lines: verbatim white space, long words cut, Chinese broken between characters.

Lines are broken in the order of reading; only then is each put into the order in which it is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from casekit.dossier.glyphs import Glyphs, Piece
from casekit.dossier.pieces import Placed
from casekit.dossier.spelling import clusters, is_plain, runs_right_to_left

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
_MARKS = "\u0300-\u036f\u20d0-\u20ff\u3099\u309a"
# Emoji made of several, signs with their marks.
_JOINED = rf"[\ufe0f{_MARKS}\U0001f3fb-\U0001f3ff]|\u200d[{_WIDE}\u2600-\u27bf]"
_LED = "\u0e40-\u0e44\u0ec0-\u0ec4"  # vowels that a Thai or Lao syllable begins with
_IN_THAI = "\u0e01-\u0e3a\u0e45-\u0e4e\u0e81-\u0ebd\u0ec6-\u0ece"
_LABEL = r"(?<![\w-])[A-Z]{1,3}-(?=\d)"  # an exhibit's, such as A-17, is not parted
# A token is what may stand alone on a line, with the white space behind it.
_TOKEN = re.compile(
    rf"[{_OPEN}]*[{_WIDE}](?:{_JOINED})*[{_CLOSE}]*[{_SPACE}]*"
    rf"|(?:{_LABEL}|[^{_SPACE}{_WIDE}{_LED}{_JOINT}]|(?<![{_IN_THAI}])[{_LED}]"
    rf"|(?<!\w)[{_JOINT}]|[{_JOINT}](?!\w))+[{_JOINT}]?[{_SPACE}]*"
    rf"|[{_LED}][^{_SPACE}{_WIDE}{_LED}{_JOINT}]*[{_SPACE}]*"
    rf"|[{_JOINT}][{_SPACE}]*"
    rf"|[{_SPACE}]+"
    r"|.",
    re.DOTALL,
)
_CELLS = re.compile(
    rf"[\U00100000-\U0010fffd][^\w\U00100000-\U0010fffd{_OPEN}(\[{{]*|[^\U00100000-\U0010fffd]+"
)
_LONG = 200  # characters: no line of this length fits a page
_BLANKS = " \t\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as drawn: its runs, its width in points, and which characters of the text it holds.

    Attributes:
        rtl: Its paragraph runs from right to left, so that it begins at the right edge.
        cut: What follows goes on without white space between: a word, or Chinese, was cut here.
    """

    runs: tuple[Piece, ...]
    width: float
    start: int
    stop: int
    rtl: bool = False
    cut: bool = False

    def indent(self, width: float) -> float:
        """How far from the left edge it begins where lines from right to left end at `width`."""
        return max(0.0, width - self.width) if self.rtl else 0.0


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the lines of one paragraph are made with; `levels` only where some of it runs to the left."""

    glyphs: Glyphs
    size: float
    start: int
    stop: int
    levels: list[int] | None
    rtl: bool


def tokens(paragraph: str) -> list[str]:
    """The pieces between which a paragraph may be broken; joined they are the paragraph."""
    return _TOKEN.findall(paragraph)


def _parted(found: Iterable[str], cells: frozenset[str]) -> Iterator[str]:
    """Tokens; a cell that stands for a passage may stand alone on a line, with the signs behind it."""
    for token in found:
        if cells.isdisjoint(token):
            yield token
        else:
            yield from _CELLS.findall(token)


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
        setting = _setting(shown, start, glyphs, size, anywhere)
        if (
            len(shown) < _LONG
            and own > width
            and not setting.rtl
            and glyphs.width(shown, size) <= own
        ):
            lines.append(_line([shown], start, setting))
        elif anywhere:
            lines += _anywhere(shown, setting, width)
        else:
            lines += _paragraph(shown, setting, width)
        start += len(paragraph) + 1
    return lines


def spans_on(
    line: Line, text: str, spans: Sequence[tuple[int, int]], glyphs: Glyphs, size: float
) -> list[tuple[float, float]]:
    """Where, in points from the line's beginning, the spans (start, stop) of its text lie on it."""
    found: list[tuple[float, float]] = []
    for start, stop in spans:
        first, last = max(start, line.start), min(stop, line.stop)
        part = text[first:last].rstrip(_BLANKS + "\r\n")
        if first < last and part:
            if line.runs and isinstance(line.runs[0], Placed):
                inside = (first - line.start, first - line.start + len(part))
                found += _on_pieces(line.runs, inside, size)
                continue
            left = glyphs.width(text[line.start : first], size)
            found.append((left, left + glyphs.width(part, size)))
    return found


def _on_pieces(
    runs: Sequence[Piece], span: tuple[int, int], size: float
) -> Iterator[tuple[float, float]]:
    """Where a span's parts lie on a line of placed pieces, whose letters are taken for equally wide."""
    for piece in runs:
        if not isinstance(piece, Placed):
            continue
        first, last = max(span[0], piece.start), min(span[1], piece.stop)
        if first < last:
            step = piece.width / (piece.stop - piece.start)
            left = (piece.stop - last if piece.rtl else first - piece.start) * step
            begin = piece.x + left
            yield begin * size, (begin + (last - first) * step) * size


def _setting(text: str, start: int, glyphs: Glyphs, size: float, record: bool) -> _Setting:
    """What a paragraph's lines are made with; most have nothing from right to left."""
    if not runs_right_to_left(text):
        return _Setting(glyphs, size, start, start + len(text), None, False)
    levels, base = glyphs.levels(text, record)
    return _Setting(glyphs, size, start, start + len(text), levels, base == 1)


def _paragraph(paragraph: str, setting: _Setting, width: float) -> Iterator[Line]:
    glyphs = setting.glyphs
    limit = width / setting.size
    pieces: list[str] = []
    used = 0.0
    start = setting.start
    for token in _parted(tokens(paragraph), glyphs.cells):
        word = token.rstrip(_BLANKS)
        if pieces and used + glyphs.measure(word).width > limit:
            yield from _within(pieces, start, setting, limit)
            start += sum(map(len, pieces))
            pieces, used = [], 0.0
        if glyphs.measure(word).width > limit or (not word and glyphs.measure(token).width > limit):
            *whole, token = _cut(token, glyphs, limit)
            for piece in whole:
                yield from _within([piece], start, setting, limit)
                start += len(piece)
        pieces.append(token)
        used += glyphs.measure(token).width
    yield from _within(pieces, start, setting, limit)


def _anywhere(paragraph: str, setting: _Setting, width: float) -> Iterator[Line]:
    start = setting.start
    for piece in _cut(paragraph, setting.glyphs, width / setting.size):
        yield from _within([piece], start, setting, width / setting.size)
        start += len(piece)


def _within(pieces: list[str], start: int, setting: _Setting, limit: float) -> Iterator[Line]:
    """A line; or several, where letters and stray marks take more room beside each other than alone."""
    line = _line(pieces, start, setting)
    text = "".join(pieces)
    if line.width <= limit * setting.size + 1e-6 or len(text) == 1:
        yield _narrowed(line, text, setting, limit)
        return
    half = len(text) // 2
    yield from _within([text[:half]], start, setting, limit)
    yield from _within([text[half:]], start + half, setting, limit)


def _narrowed(line: Line, text: str, setting: _Setting, limit: float) -> Line:
    """A line; a cell that is wider than its column is made as wide: what stands in it is set smaller."""
    if line.width <= limit * setting.size + 1e-6 or text not in setting.glyphs.cells:
        return line
    runs = tuple(replace(run, width=limit) for run in line.runs if isinstance(run, Placed))
    return replace(line, runs=runs, width=limit * setting.size)


def _cut(word: str, glyphs: Glyphs, limit: float) -> Iterator[str]:
    if not is_plain(word):
        yield from _cut_shaped(list(_letters(word, glyphs, limit)), glyphs, limit)
        return
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


def _letters(word: str, glyphs: Glyphs, limit: float) -> Iterator[str]:
    """Letters with their marks, or one by one where the marks are spelt and take more than a line."""
    for cluster in clusters(word):
        if glyphs.measure(cluster).width <= limit:
            yield cluster
        else:
            yield from cluster


def _cut_shaped(letters: list[str], glyphs: Glyphs, limit: float) -> Iterator[str]:
    """Letters cut where they fit: joined they are as wide as no sum of them tells."""

    def fits(count: int) -> bool:
        text = "".join(letters[at : at + count])
        return glyphs.arrange(text, glyphs.levels(text)[0]).width <= limit

    at = 0
    while at < len(letters):
        count, step = 1, 32
        while step:
            if at + count + step <= len(letters) and fits(count + step):
                count += step
            else:
                step //= 2
        yield "".join(letters[at : at + count])
        at += count


def _line(pieces: list[str], start: int, setting: _Setting) -> Line:
    length = sum(map(len, pieces))
    cut = start + length < setting.stop and pieces[-1][-1] not in _BLANKS
    if pieces:
        pieces = [*pieces[:-1], pieces[-1].rstrip(_BLANKS)]
    if setting.levels is not None:
        text = "".join(pieces)
        at = start - setting.start
        made = setting.glyphs.arrange(text, setting.levels[at : at + len(text)])
        return Line(made.runs, made.width * setting.size, start, start + length, setting.rtl, cut)
    runs: list[tuple[str, list[str]]] = []
    width = 0.0
    for piece in pieces:
        measured = setting.glyphs.measure(piece)
        if measured.runs and isinstance(measured.runs[0], Placed):
            return _placed_line(pieces, start, length, setting, cut)
        width += measured.width
        for run in measured.runs:
            if isinstance(run, Placed):
                continue
            font, shown = run
            if runs and runs[-1][0] == font:
                runs[-1][1].append(shown)
            else:
                runs.append((font, [shown]))
    return Line(
        tuple((font, "".join(shown)) for font, shown in runs),
        width * setting.size, start, start + length, False, cut,
    )  # fmt: skip


def _placed_line(pieces: list[str], start: int, length: int, setting: _Setting, cut: bool) -> Line:
    """A line from left to right in which letters are shaped."""
    text = "".join(pieces)
    made = setting.glyphs.arrange(text, [0] * len(text))
    return Line(made.runs, made.width * setting.size, start, start + length, False, cut)
