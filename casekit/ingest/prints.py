"""Pages of a PDF as the pictures of a production: Group 4 TIFF, or colour and grey where they matter."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from casekit.confine import Worker, WorkerFault
from casekit.errors import CaseKitError
from casekit.ingest.containers import Data
from casekit.ingest.pages import Answer, CannotDraw, PageRequest, Refused, pdf_image

DARK = 208
"""A pixel darker than this (of 255) becomes black."""
_PAPER = 245
"""A pixel lighter than this is paper."""
_COLOURED, _TONED, _FAINT = 0.0004, 0.004, 0.0003
"""Shares of a page's pixels from which colour, even tones and faint marks matter."""
_QUALITY = 88
_QUIET_SECONDS = 120.0

Kind = Literal["tiff", "tiff-only"]


class Print(msgspec.Struct, frozen=True, array_like=True):
    """A page as a file: its number from 1, the ending of its name, its bytes."""

    page: int
    ending: str
    data: bytes


class _Wish(msgspec.Struct, frozen=True, array_like=True):
    kind: str
    dpi: int
    pages: int
    plain: frozenset[int]


def prints(
    worker: Worker, descriptor: int, pages: int, dpi: int, kind: Kind, plain: Iterable[int] = ()
) -> Iterator[Print]:
    """The pages of a PDF as files, in order.

    Args:
        worker: Draws them.
        descriptor: Of the PDF, open for reading.
        pages: How many it has.
        dpi: Dots an inch.
        kind: `tiff`: Group 4 TIFF, and JPEG for a page that would lose something in black and white;
            `tiff-only`: TIFF for those too.
        plain: Pages that lose nothing in black and white, because letters alone stand on them.

    Raises:
        CaseKitError: A page could not be drawn.
    """
    argument = msgspec.msgpack.encode(_Wish(kind, dpi, pages, frozenset(plain)))
    due = 1
    try:
        for frame in worker.stream(
            "casekit.ingest.prints:printed_pages",
            descriptor,
            argument,
            quiet_seconds=_QUIET_SECONDS,
        ):
            made = msgspec.msgpack.decode(frame, type=Print)
            if made.page != due or made.ending not in (".tif", ".jpg"):
                break
            due += 1
            yield made
    except (WorkerFault, msgspec.ValidationError, msgspec.DecodeError) as error:
        raise CaseKitError(
            "A page could not be drawn as a picture ({why}): try again.", why=type(error).__name__
        ) from error
    if due != pages + 1:
        raise CaseKitError("Only {n} of {m} pages could be drawn: try again.", n=due - 1, m=pages)


def printed_pages(untrusted_data: Data, argument: bytes) -> Iterator[bytes]:
    """Draw all pages (a function for the worker): MessagePack of a `Print` each."""
    wish = msgspec.msgpack.decode(argument, type=_Wish)
    for number in range(1, wish.pages + 1):
        try:
            image, _, dpi = pdf_image(
                untrusted_data, PageRequest("application/pdf", number, wish.dpi)
            )
        except CannotDraw as error:
            yield msgspec.msgpack.encode(Answer(refused=Refused(error.reason)))
            return
        plain = number in wish.plain
        ending, data = printed(image, round(dpi), jpeg=wish.kind == "tiff", plain=plain)
        yield msgspec.msgpack.encode(Print(number, ending, data))


def printed(image: Any, dpi: int, *, jpeg: bool, plain: bool = False) -> tuple[str, bytes]:
    """A picture in RGB as a file: ending and bytes, equal for equal pixels."""
    room = io.BytesIO()
    grey = np.asarray(image.convert("L"))
    coloured = not plain and _is_coloured(image)
    if plain or not (coloured or _loses(grey)):
        from PIL import Image

        black = Image.fromarray(np.where(grey < DARK, np.uint8(0), np.uint8(255))).convert("1")
        black.save(room, "TIFF", compression="group4", dpi=(dpi, dpi))
        return ".tif", room.getvalue()
    shown = image if coloured else image.convert("L")
    if jpeg:
        shown.save(room, "JPEG", quality=_QUALITY, subsampling=0, dpi=(dpi, dpi))
        return ".jpg", room.getvalue()
    shown.save(room, "TIFF", compression="tiff_lzw", dpi=(dpi, dpi))
    return ".tif", room.getvalue()


def _is_coloured(image: Any) -> bool:
    red, green, blue = (np.asarray(band) for band in image.split())
    high = np.maximum(np.maximum(red, green), blue)
    spread = high - np.minimum(np.minimum(red, green), blue)
    return bool(np.count_nonzero(spread > 40) > _COLOURED * spread.size)


def _loses(grey: npt.NDArray[np.uint8]) -> bool:
    """Whether black and white would lose what the page shows.

    The soft edges of letters are no tones: a tone has neighbours like itself. A faint mark is lighter than
    what becomes black and has nothing dark beside it.
    """
    middle = grey[1:-1, 1:-1]
    toned = (middle > 48) & (middle < _PAPER)
    for one, other in (
        (grey[1:-1, :-2], grey[1:-1, 2:]),
        (grey[:-2, 1:-1], grey[2:, 1:-1]),
    ):
        low, high = np.minimum(one, other), np.maximum(one, other)
        toned &= (high - low) < 24
    if np.count_nonzero(toned) > _TONED * grey.size:
        return True
    dark = grey < DARK
    near = dark.copy()
    for shift in (1, 2):
        near[shift:] |= dark[:-shift]
        near[:-shift] |= dark[shift:]
        near[:, shift:] |= dark[:, :-shift]
        near[:, :-shift] |= dark[:, shift:]
    faint = (grey < _PAPER) & ~near
    return bool(np.count_nonzero(faint) > _FAINT * grey.size)
