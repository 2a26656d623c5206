"""Foreign pages turned into what is safe to show, inside the worker: pixels, word boxes, cleaned HTML."""

from __future__ import annotations

import atexit
import ctypes
import io
import math
import re
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Literal

import msgspec

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data

MAX_SIDE = 10_000
"""Pixels of the longer side of what is drawn."""
MAX_AREA = 40_000_000
"""Pixels of what is drawn."""
MAX_WORDS = 20_000
MOST_KEPT = 256 * 1024 * 1024  # bytes: a larger PDF kept open would take the next document's memory
_POINT_DPI = 72.0


class PageRequest(msgspec.Struct, frozen=True, array_like=True):
    """Which page, how large.

    Attributes:
        media_type: `application/pdf`, or that of a picture.
        page: From 1; a picture of several frames has as many.
        dpi: Dots an inch for a PDF; a picture is drawn in its own pixels.
        longest: Longest side in pixels at most; 0: no wish.
    """

    media_type: str
    page: int = 1
    dpi: float = 96.0
    longest: int = 0


class PageImage(msgspec.Struct, frozen=True, array_like=True):
    """A page in pixels.

    Attributes:
        width: Pixels.
        height: Pixels.
        png: The picture as PNG, 8 bits a channel, without transparency.
        pages: How many pages there are.
        dpi: Dots an inch it was drawn at, which may be fewer than asked for.
    """

    width: int
    height: int
    png: bytes
    pages: int
    dpi: float


class Word(msgspec.Struct, frozen=True, array_like=True):
    """A word and its box in points from the top left corner of the page as shown."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class PageWords(msgspec.Struct, frozen=True, array_like=True):
    """The words of a page in reading order, and the page's size in points."""

    width: float
    height: float
    words: tuple[Word, ...]


class CleanHtml(msgspec.Struct, frozen=True, array_like=True):
    """HTML without anything that acts or fetches, and the addresses it would have fetched."""

    html: str
    remote: tuple[str, ...]


class CannotDraw(Exception):
    """The page cannot be drawn; `reason` is `encrypted`, `damaged`, `no-such-page` or `too-large`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Refused(msgspec.Struct, frozen=True, array_like=True):
    """Why there is no page; the reason is that of `CannotDraw`."""

    reason: str


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What comes back: one of the two is there."""

    image: PageImage | None = None
    refused: Refused | None = None
    words: PageWords | None = None
    html: CleanHtml | None = None


_encode = msgspec.msgpack.Encoder().encode


def page_pixels(untrusted_data: Data, argument: bytes) -> bytes:
    """Draw one page (a function for the worker).

    Args:
        untrusted_data: A PDF or picture.
        argument: MessagePack of a `PageRequest`.

    Returns:
        MessagePack of an `Answer` with `image` or `refused`.
    """
    request = msgspec.msgpack.decode(argument, type=PageRequest)
    try:
        draw = _pdf_pixels if request.media_type == "application/pdf" else _image_pixels
        return _encode(Answer(image=draw(untrusted_data, request)))
    except CannotDraw as error:
        return _encode(Answer(refused=Refused(error.reason)))


def page_words(untrusted_data: Data, argument: bytes) -> bytes:
    """Words and their boxes on one page of a PDF, for a layer of text over its picture (for the worker).

    Returns:
        MessagePack of an `Answer` with `words` or `refused`.
    """
    request = msgspec.msgpack.decode(argument, type=PageRequest)
    try:
        return _encode(Answer(words=_pdf_words(untrusted_data, request.page)))
    except CannotDraw as error:
        return _encode(Answer(refused=Refused(error.reason)))


def clean_html(untrusted_data: Data, argument: bytes) -> bytes:
    """HTML that can be shown: no scripts, no forms, no frames, nothing fetched (for the worker).

    Args:
        untrusted_data: The HTML.
        argument: The charset its carrier declares, or nothing.

    Returns:
        MessagePack of an `Answer` with `html`.
    """
    from casekit.ingest.readers.html import decode_html

    decoded = decode_html(untrusted_data[:_MOST_HTML], argument.decode("ascii", "replace"))
    return _encode(Answer(html=cleaned(decoded.text)))


# -- HTML -----------------------------------------------------------------------------------------

_MOST_HTML = 16 * 1024 * 1024
_TAGS = {
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
    "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
    "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i",
    "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section",
    "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
_GONE = {"script", "style", "title", "noscript", "template", "iframe", "object", "svg", "math"}
"""Tags that go with all that is in them."""
_ATTRIBUTES = {
    "*": {"title", "dir", "lang", "align", "valign"},
    "a": {"href"},
    "img": {"alt", "width", "height", "src"},
    "font": {"color", "size"},
    "td": {"colspan", "rowspan", "width", "bgcolor"},
    "th": {"colspan", "rowspan", "width", "bgcolor"},
    "table": {"width", "border", "cellpadding", "cellspacing", "bgcolor"},
    "col": {"span", "width"},
    "ol": {"start", "type"},
}
_INLINE_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*\Z", re.IGNORECASE)


def cleaned(untrusted_html: str) -> CleanHtml:
    """HTML reduced to an allowed set; pictures stay only where their bytes are in the page itself.

    Links keep their address for the reader to see; whoever shows the page must not follow them.
    """
    import nh3
    from selectolax.lexbor import LexborHTMLParser

    from casekit.ingest.mail.markup import is_bomb, loose_text, remote_hosts
    from casekit.ingest.readers.html import remote_urls

    if is_bomb(untrusted_html):  # both parsers would take minutes
        text = nh3.clean_text(loose_text(untrusted_html))
        return CleanHtml(tidy(text), tuple(remote_hosts(untrusted_html)))

    def keep(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src":
            return value if _INLINE_IMAGE.match(value) or value.startswith("cid:") else None
        return value

    html = nh3.clean(
        untrusted_html,
        tags=_TAGS,
        clean_content_tags={
            "script",
            "style",
            "title",
            "noscript",
            "template",
            "iframe",
            "object",
            "svg",
            "math",
        },
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={"http", "https", "mailto", "cid", "data", "tel", "ftp"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    return CleanHtml(tidy(html), tuple(remote_urls(LexborHTMLParser(untrusted_html))))


# -- pictures -------------------------------------------------------------------------------------


def _image_pixels(untrusted_data: Data, request: PageRequest) -> PageImage:
    from PIL import Image

    from casekit.ingest.readers.image import BAD, TooManyPixels, frames, open_image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with open_image(untrusted_data) as image:
                return _drawn_image(image, request, max(1, frames(untrusted_data, image)))
    except (TooManyPixels, Image.DecompressionBombError, MemoryError):
        raise CannotDraw("too-large") from None
    except (*BAD, EOFError, RuntimeError, AttributeError):
        raise CannotDraw("damaged") from None


def _drawn_image(image: Any, request: PageRequest, pages: int) -> PageImage:
    from PIL import ImageOps

    if not 1 <= request.page <= pages:
        raise CannotDraw("no-such-page")
    if request.page > 1:
        image.seek(request.page - 1)
    longest = _longest(image.width, image.height, request.longest)
    if image.format == "JPEG":
        image.draft(
            "RGB" if image.mode != "L" else "L", (longest, longest)
        )  # decodes small at once
    dpi = image.info.get("dpi") or (_POINT_DPI, _POINT_DPI)
    shown = ImageOps.exif_transpose(image)
    shown = _flat(shown)
    if max(shown.size) > longest:
        shown.thumbnail((longest, longest))
    return _png(shown, pages, float(dpi[0]) if math.isfinite(float(dpi[0])) else _POINT_DPI)


def _longest(width: int, height: int, wish: int) -> int:
    """Longest side in pixels that keeps within the limits and the wish."""
    longest = max(1, width, height)
    area = max(1, width) * max(1, height)
    if area > MAX_AREA:
        longest = int(longest * math.sqrt(MAX_AREA / area))
    longest = min(longest, MAX_SIDE)
    return max(1, min(longest, wish) if wish > 0 else longest)


def _flat(image: Any) -> Any:
    """Eight bits a channel, grey or colour, on white."""
    from PIL import Image

    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        low, high = image.getextrema()
        span = (high - low) or 1
        top = (
            65535 if image.mode.startswith("I;16") or high > 255 else 255
        )  # 16-bit greys as they are
        scale, shift = (255 / top, 0.0) if image.mode != "F" else (255 / span, -low * 255 / span)
        return image.convert("F").point(lambda value: value * scale + shift).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        over = image.convert("RGBA")
        under = Image.new("RGBA", over.size, "white")
        under.alpha_composite(over)
        return under.convert("RGB")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _png(image: Any, pages: int, dpi: float) -> PageImage:
    room = io.BytesIO()
    image.save(room, "PNG", compress_level=1)
    return PageImage(image.width, image.height, room.getvalue(), pages, dpi)


# -- PDF ------------------------------------------------------------------------------------------


def _pdf_pixels(untrusted_data: Data, request: PageRequest) -> PageImage:
    image, pages, dpi = pdf_image(untrusted_data, request)
    return _png(image, pages, dpi)


def pdf_image(untrusted_data: Data, request: PageRequest) -> tuple[Any, int, float]:
    """A page of a PDF as a picture in RGB, how many pages there are, and its dots an inch (for the worker).

    Raises:
        CannotDraw: It cannot be drawn.
    """
    import pypdfium2.raw as pdfium
    from PIL import Image

    from casekit.ingest.pdf_beside import form_of

    with _PdfPage(untrusted_data, request.page) as page:
        wide, high = max(1.0, page.width), max(1.0, page.height)
        scale = min(max(request.dpi, 1.0), 1200.0) / _POINT_DPI
        longest = _longest(math.ceil(wide * scale), math.ceil(high * scale), request.longest)
        scale = min(scale, longest / max(wide, high))
        width, height = max(1, int(wide * scale + 0.01)), max(1, int(high * scale + 0.01))
        # BGRx, four bytes a pixel; annotations are shown, scripts and forms do not run
        bitmap = pdfium.FPDFBitmap_Create(width, height, 0)
        if not bitmap:
            raise CannotDraw("too-large")
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
            pdfium.FPDF_RenderPageBitmap(
                bitmap, page.page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT
            )
            with form_of(
                page.document
            ) as form:  # what is filled in, which is no annotation to PDFium
                if form:
                    pdfium.FPDF_FFLDraw(
                        form, bitmap, page.page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT
                    )
            stride = pdfium.FPDFBitmap_GetStride(bitmap)
            pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        image = Image.frombuffer("RGB", (width, height), pixels, "raw", "BGRX", stride, 1)
        return image, page.pages, scale * _POINT_DPI


class _Kept:
    """The last PDF that came as bytes: it stays open, for its pages are asked for one after the other."""

    data: Data = b""
    opened: tuple[Any, int] = (None, 0)
    closing = ExitStack()


@contextmanager
def _open(untrusted_data: Data) -> Iterator[tuple[Any, int]]:
    """A document as `readers.pdf.open_document` gives it; of the same bytes the same one."""
    from casekit.ingest.readers.pdf import open_document

    if untrusted_data is not _Kept.data:
        _Kept.closing.close()
        _Kept.data, _Kept.opened = b"", (None, 0)
    if not isinstance(untrusted_data, bytes) or len(untrusted_data) > MOST_KEPT:
        with open_document(untrusted_data[:]) as opened:
            yield opened
        return
    if untrusted_data is not _Kept.data:
        atexit.unregister(_Kept.closing.close)
        atexit.register(_Kept.closing.close)  # last registered, so before the end of PDFium
        _Kept.opened = _Kept.closing.enter_context(open_document(untrusted_data))
        _Kept.data = untrusted_data
    yield _Kept.opened


class _PdfPage:
    """One page of a PDF, open for the time of a block."""

    def __init__(self, untrusted_data: Data, number: int) -> None:
        self._opening = _open(untrusted_data)
        self._number = number
        self.document: Any = None
        self.page: Any = None
        self.pages = 0
        self.width = self.height = 0.0

    def __enter__(self) -> _PdfPage:
        import pypdfium2.raw as pdfium

        document, error = self._opening.__enter__()
        try:
            if document is None:
                raise CannotDraw("encrypted" if error in (4, 5) else "damaged")
            self.document = document
            self.pages = int(pdfium.FPDF_GetPageCount(document))
            if not 1 <= self._number <= self.pages:
                raise CannotDraw("no-such-page")
            self.page = pdfium.FPDF_LoadPage(document, self._number - 1)
            if not self.page:
                raise CannotDraw("damaged")
            self.width = float(pdfium.FPDF_GetPageWidthF(self.page))
            self.height = float(pdfium.FPDF_GetPageHeightF(self.page))
        except BaseException:
            self._opening.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_error: object) -> Literal[False]:
        import pypdfium2.raw as pdfium

        pdfium.FPDF_ClosePage(self.page)
        self._opening.__exit__(None, None, None)
        return False


def _pdf_words(untrusted_data: Data, number: int) -> PageWords:
    import pypdfium2.raw as pdfium

    with _PdfPage(untrusted_data, number) as page:
        held = pdfium.FPDFText_LoadPage(page.page)
        if not held:
            return PageWords(page.width, page.height, ())
        try:
            words = tuple(_words(held, page))
        finally:
            pdfium.FPDFText_ClosePage(held)
        return PageWords(page.width, page.height, words)


def _words(held: Any, page: _PdfPage) -> list[Word]:
    import pypdfium2.raw as pdfium

    made: list[Word] = []
    letters: list[str] = []
    box: list[float] = []
    sides = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = sides
    places = [ctypes.byref(side) for side in sides]
    high = 0
    for index in range(max(0, pdfium.FPDFText_CountChars(held))):
        code = pdfium.FPDFText_GetUnicode(held, index)
        if 0xD800 <= code < 0xDC00:  # the first half of a letter beyond U+FFFF
            high = code
            continue
        if high and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if not letter or letter.isspace() or code in (2, 0xFFFE):
            _finish(made, letters, box, page)
            if len(made) >= MAX_WORDS:
                break
            continue
        pdfium.FPDFText_GetCharBox(held, index, *places)
        own = [*sorted((left.value, right.value)), *sorted((bottom.value, top.value))]
        box[:] = _around(box, own) if box else own
        letters.append(letter)
    _finish(made, letters, box, page)
    return made


def _around(one: list[float], other: list[float]) -> list[float]:
    return [
        min(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        max(one[3], other[3]),
    ]


def _finish(made: list[Word], letters: list[str], box: list[float], page: _PdfPage) -> None:
    """End a word; its box in the page's own coordinates is turned as a whole, not letter by letter."""
    if letters:
        corners = _shown(page, box[0], box[3]), _shown(page, box[1], box[2])
        (left, right), (top, bottom) = (sorted(sides) for sides in zip(*corners, strict=True))
        sides = (round(side, 2) for side in (left, top, right, bottom))
        made.append(Word(tidy("".join(letters)), *sides))
    letters.clear()
    box.clear()


def _shown(page: _PdfPage, x: float, y: float) -> tuple[float, float]:
    """Page coordinates as points from the top left of the page as shown, rotation and crop box included."""
    import pypdfium2.raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()
    fine = 100  # the call counts in whole pixels: a hundred to a point
    pdfium.FPDF_PageToDevice(
        page.page, 0, 0, round(page.width * fine), round(page.height * fine), 0, x, y,
        ctypes.byref(across), ctypes.byref(down),
    )  # fmt: skip
    return across.value / fine, down.value / fine
