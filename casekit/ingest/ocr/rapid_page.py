"""A page's pixels read by RapidOCR's networks, inside the worker: found, turned upright, read, ordered."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec

from casekit.ingest.containers import Data
from casekit.ingest.ocr.order import Box, arranged
from casekit.queries.spacing import joined, words_in

LONGEST = 2000
"""Pixels of the longer side of the picture in which lines are looked for; they are read at full size."""
_SMALLEST = 736
"""Pixels of the shorter side there: a small picture is enlarged, and laid on paper of this size."""
_ENLARGED = 3.0
_SURE = 0.5
"""A piece of which the network is less sure is taken for no text, as RapidOCR does."""
_FAINT = 0.25
"""A column with less contrast than this share of the piece's is white."""
_GUESSED = 0.38
"""Of the way from a word's last letter to the next word's first, where no white is seen between them."""
_UPRIGHT = 0.9
"""Pieces of which it is surer than that do not stand on their head."""
_TRIED = 4
"""So many pieces are tried the other way round."""
_TALL = 1.5
"""A piece so many times higher than wide is turned by a quarter, as RapidOCR does …"""
_LETTER = 3.0
"""… but on a page of lying text not one that is slimmer than that: a single letter or figure, such as 1."""

Point = tuple[float, float]


class Models(msgspec.Struct, frozen=True, array_like=True):
    """Where the networks lie: one finds lines, the other reads them."""

    det: str
    rec: str


class PlacedWord(msgspec.Struct, frozen=True, array_like=True):
    """A word and its box in pixels from the top left corner."""

    text: str
    left: int
    top: int
    right: int
    bottom: int


class ReadPage(msgspec.Struct, frozen=True, array_like=True):
    """What was read; `sure` is the mean over the letters, from 0 to 1, None where there are none."""

    text: str = ""
    sure: float | None = None
    words: tuple[PlacedWord, ...] = ()


class Piece(msgspec.Struct, frozen=True):
    """A piece of a line.

    Attributes:
        text: What was read.
        sure: From 0 to 1.
        corners: Its corners in pixels: where the text begins above, ends above, ends below, begins below.
        edges: Of each word its begin and end in the text, and in shares of the piece's length.
    """

    text: str
    sure: float
    corners: tuple[Point, Point, Point, Point]
    edges: tuple[tuple[int, int, float, float], ...]


def read_page(untrusted_png: Data, argument: bytes) -> bytes:
    """Read a page (a function for the worker).

    Args:
        untrusted_png: The page in pixels.
        argument: MessagePack of `Models`.

    Returns:
        MessagePack of a `ReadPage`.
    """
    import numpy as np
    from PIL import Image

    engine = _engine(msgspec.msgpack.decode(argument, type=Models))
    with Image.open(io.BytesIO(untrusted_png)) as image:
        pixels = np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])
    return msgspec.msgpack.encode(told(_pieces(engine, pixels)))


@cache
def _engine(models: Models) -> Any:
    """The networks, loaded from their files: nothing is looked for elsewhere, and one thread computes."""
    from rapidocr import RapidOCR

    one = "EngineConfig.onnxruntime"
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.return_word_box": True,
            "Global.use_vertical_padding": False,
            "Det.model_path": models.det,
            "Global.use_cls": False,
            "Rec.model_path": models.rec,
            "Det.limit_type": "max",  # the size is decided here
            "Det.limit_side_len": LONGEST,
            f"{one}.intra_op_num_threads": 1,
            f"{one}.inter_op_num_threads": 1,
        }
    )


def _pieces(engine: Any, pixels: Any) -> list[Piece]:
    """The pieces of lines on a page, read."""
    import numpy as np

    corners = _found(engine, pixels)
    if not len(corners):
        return []
    crops = engine.crop_text_regions(pixels, corners)
    slim = [_slimness(c) for c in corners.tolist()]  # from _TALL on RapidOCR has turned it
    wide = sum(crop.shape[1] for crop, n in zip(crops, slim, strict=True) if n < _TALL)
    tall = sum(crop.shape[1] for crop, n in zip(crops, slim, strict=True) if n >= _LETTER)
    lying = [n < (_LETTER if wide > tall else _TALL) for n in slim]
    crops = [
        np.rot90(crop, -1) if lies and n >= _TALL else crop
        for crop, lies, n in zip(crops, lying, slim, strict=True)
    ]
    read, heads = _read(engine, crops, lying)
    found = []
    for n, (text, sure, info) in enumerate(read):
        if text.strip() and sure >= _SURE:
            turned = _turned(corners[n].tolist(), lying=lying[n], head=heads[n])
            edges = _edges(text, info, _ink(crops[n], head=heads[n]))
            found.append(Piece(text, sure, turned, edges))
    return found


def _read(
    engine: Any, crops: Sequence[Any], lying: Sequence[bool]
) -> tuple[list[tuple[str, float, Any]], list[bool]]:
    """What stands in each piece, and whether it stands on its head.

    The pieces that lie decide that together, and so do those that stand: where the network is not sure of
    them, it reads the longest also the other way round. (RapidOCR's own network for this errs on long lines.)
    """
    import numpy as np

    read = _recognised(engine, crops)
    heads = [False] * len(crops)
    for lies in (True, False):
        some = [n for n, each in enumerate(lying) if each is lies]
        if not some or _mean(read[n] for n in some) >= _UPRIGHT:
            continue
        longest = sorted(some, key=lambda n: crops[n].shape[1] / max(1, crops[n].shape[0]))[
            -_TRIED:
        ]
        turned = {n: np.ascontiguousarray(crops[n][::-1, ::-1]) for n in some}
        if _mean(_recognised(engine, [turned[n] for n in longest])) > _mean(
            read[n] for n in longest
        ):
            for n, each in zip(some, _recognised(engine, list(turned.values())), strict=True):
                read[n], heads[n] = each, True
    return read, heads


def _recognised(engine: Any, crops: Sequence[Any]) -> list[tuple[str, float, Any]]:
    """Of each piece its text, how sure the network is, and where it saw the letters."""
    made = engine.recognize_txt(list(crops))
    return [
        (text, float(sure), info)
        for text, sure, info in zip(made.txts, made.scores, made.word_results, strict=True)
    ]


def _mean(read: Iterable[tuple[str, float, Any]]) -> float:
    """The mean sureness over the letters."""
    some = [(sure, max(1, len(text))) for text, sure, _ in read]
    return sum(sure * n for sure, n in some) / sum(n for _, n in some)


def _ink(crop: Any, *, head: bool) -> list[bool]:
    """Of each column of a piece whether something stands in it."""
    grey = crop.mean(axis=2)
    span = grey.max(axis=0) - grey.min(axis=0)
    found: list[bool] = (span > _FAINT * max(1.0, float(grey.max() - grey.min()))).tolist()
    return found[::-1] if head else found


def _slimness(c: list[list[float]]) -> float:
    """How many times a piece is higher than wide, as RapidOCR counts it."""
    wide = int(max(math.dist(c[0], c[1]), math.dist(c[2], c[3])))
    return int(max(math.dist(c[0], c[3]), math.dist(c[1], c[2]))) / max(1, wide)


def _found(engine: Any, pixels: Any) -> Any:
    """The corners of the pieces of lines in a picture, clockwise from the top left one."""
    import cv2
    import numpy as np

    high, wide = pixels.shape[:2]
    scale = min(LONGEST / max(high, wide), max(1.0, min(_ENLARGED, _SMALLEST / min(high, wide))))
    small = pixels
    if scale != 1.0:
        size = (max(1, round(wide * scale)), max(1, round(high * scale)))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        small = cv2.resize(pixels, size, interpolation=how)
    down, across = (max(0, _SMALLEST - side) for side in small.shape[:2])
    if down or across:
        paper = tuple(int(n) for n in np.median(small.reshape(-1, 3)[::7], axis=0))
        small = cv2.copyMakeBorder(small, down // 2, down - down // 2, across // 2, across - across // 2,
                                   cv2.BORDER_CONSTANT, value=paper)  # fmt: skip
    from rapidocr.main import RapidOCRError

    try:
        _, found = engine.detect_and_crop(small, {})
    except RapidOCRError:  # its word for a page without text
        return np.empty((0, 4, 2), np.float32)
    corners = (np.asarray(found.boxes, np.float32) - (across // 2, down // 2)) / scale
    corners[:, :, 0] = corners[:, :, 0].clip(0, wide)
    corners[:, :, 1] = corners[:, :, 1].clip(0, high)
    sides = [min(math.dist(c[0], c[1]), math.dist(c[0], c[3])) for c in corners.tolist()]
    return corners[np.asarray(sides) >= 2].astype(np.float32)


def _turned(c: list[list[float]], *, lying: bool, head: bool) -> tuple[Point, Point, Point, Point]:
    """Corners in the order of reading."""
    first = 0 if lying else 1
    order = [(first + 2 * head + n) % 4 for n in range(4)]
    a, b, d, e = ((c[n][0], c[n][1]) for n in order)
    return a, b, d, e


def _edges(
    text: str, info: Any, ink: Sequence[bool] = ()
) -> tuple[tuple[int, int, float, float], ...]:
    """Where the words of a piece begin and end, by the columns in which the network saw their letters.

    Between two words it is where the white between them begins and ends.

    Args:
        text: What was read.
        info: RapidOCR's account of the columns.
        ink: Of each column of pixels whether something stands in it, in the direction of reading.
    """
    columns = [column for word in info.word_cols or () for column in word]
    letters = [n for n, letter in enumerate(text) if not letter.isspace()]
    places = words_in(text)
    if len(columns) != len(letters) or not info.line_txt_len:
        return tuple((a, b, a / len(text), b / len(text)) for a, b in places)
    at = {n: (column + 0.5) / info.line_txt_len for n, column in zip(letters, columns, strict=True)}
    steps = sorted(at[b] - at[a] for a, b in pairwise(letters) if b == a + 1)
    step = steps[len(steps) // 2] if steps else 1.0
    ends = [(max(0.0, at[places[0][0]] - step), 0.0)] if places else []
    ends += [
        _white(at[one[1] - 1], at[other[0]], ink, apart=one[1] < other[0])
        for one, other in pairwise(places)
    ]
    lefts = [ends[0][0], *(right for _, right in ends[1:])] if ends else []
    rights = [left for left, _ in ends[1:]]
    rights += [min(1.0, at[places[-1][1] - 1] + step)] if places else []
    return tuple((a, b, x, y) for (a, b), x, y in zip(places, lefts, rights, strict=True))


def _white(one: float, other: float, ink: Sequence[bool], *, apart: bool) -> tuple[float, float]:
    """Where the white between two letters begins and ends, in shares of the piece like their middles.

    Where there is none, as over a line that is drawn through, it is guessed.
    """
    if (
        not apart
    ):  # signs such as 川 have white within: they meet half-way, so that all ink is in one of them
        return (one + other) / 2, (one + other) / 2
    begin, end = round(one * len(ink)), round(other * len(ink))
    best, start = (0, 0), begin
    for column in range(begin, end + 1):
        if column == end or ink[column]:
            best = max(best, (start, column), key=lambda run: run[1] - run[0])
            start = column + 1
    if best[1] > best[0]:
        return best[0] / len(ink), best[1] / len(ink)
    return one + (other - one) * _GUESSED, other - (other - one) * _GUESSED


# -- the page as it is told -----------------------------------------------------------------------


def told(pieces: Sequence[Piece]) -> ReadPage:
    """The text of a page and its words, in the order of reading."""
    if not pieces:
        return ReadPage()
    angle = _angle(pieces)
    order = arranged([_upright(piece, angle) for piece in pieces])
    paragraphs = (
        "\n".join(joined(pieces[n].text.strip() for n in line) for line in lines) for lines in order
    )
    words = [word for lines in order for line in lines for n in line for word in _words(pieces[n])]
    letters = sum(len(piece.text) for piece in pieces)
    sure = sum(piece.sure * len(piece.text) for piece in pieces) / letters
    return ReadPage("\n\n".join(paragraphs), sure, tuple(words))


def _angle(pieces: Sequence[Piece]) -> float:
    """The direction in which most of a page's text runs, in radians from left to right."""
    weights: dict[int, list[tuple[float, float]]] = {}
    for piece in pieces:
        (x0, y0), (x1, y1) = piece.corners[:2]
        angle = math.atan2(y1 - y0, x1 - x0)
        quarter = round(angle / (math.pi / 2)) % 4
        weights.setdefault(quarter, []).append((angle, len(piece.text) * 1.0))
    some = max(weights.values(), key=lambda each: sum(weight for _, weight in each))
    across = sum(math.cos(angle) * weight for angle, weight in some)
    down = sum(math.sin(angle) * weight for angle, weight in some)
    return math.atan2(down, across)


def _upright(piece: Piece, angle: float) -> Box:
    """A piece's box on the page turned so that its text runs from left to right."""
    cos, sin = math.cos(angle), math.sin(angle)
    xs = [x * cos + y * sin for x, y in piece.corners]
    ys = [y * cos - x * sin for x, y in piece.corners]
    return min(xs), min(ys), max(xs), max(ys)


def _words(piece: Piece) -> list[PlacedWord]:
    found = []
    for start, stop, left, right in piece.edges:
        sides = [_at(piece, share, down) for share in (left, right) for down in (0, 1)]
        xs, ys = [x for x, _ in sides], [y for _, y in sides]
        found.append(
            PlacedWord(piece.text[start:stop], math.floor(min(xs)), math.floor(min(ys)),
                       math.ceil(max(xs)), math.ceil(max(ys)))
        )  # fmt: skip
    return found


def _at(piece: Piece, share: float, down: int) -> Point:
    """A point of a piece: a share of its length, on its upper or its lower side."""
    (x0, y0), (x1, y1) = (
        (piece.corners[3], piece.corners[2]) if down else (piece.corners[0], piece.corners[1])
    )
    return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
