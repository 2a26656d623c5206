"""Asking the worker for something to look at: pages in pixels, their words, mail's HTML made harmless."""

from __future__ import annotations

import msgspec

from casekit.confine import Worker, WorkerFault
from casekit.errors import CaseKitError
from casekit.ingest.pages import Answer, CleanHtml, PageImage, PageRequest, PageWords

PRELOAD = ("casekit.ingest.pages", "casekit.ingest.readers.pdf", "PIL.Image")
"""What a viewer's worker should load at its start."""

_QUIET_SECONDS = 30.0
_MOST_PIXELS = 50_000_000
_REASONS = {
    "encrypted": "The document needs a password, so its pages cannot be shown.",
    "no-such-page": "The document has no page {page}.",
    "too-large": "The page is too large to be shown; save the original and open it elsewhere with care.",
    "damaged": "The page is too damaged to be shown; its bytes are kept.",
}


def render_page(
    worker: Worker,
    untrusted_payload: int | bytes,
    media_type: str,
    page: int = 1,
    dpi: float = 96.0,
    longest: int = 0,
) -> PageImage:
    """Draw a page of a PDF or a picture.

    Args:
        worker: Draws; whatever the file does to it, the caller is safe.
        untrusted_payload: A descriptor open for reading, or the bytes.
        media_type: `application/pdf` or a picture's.
        page: From 1.
        dpi: Dots an inch, for PDFs.
        longest: Longest side in pixels at most; 0: no wish. For thumbnails.

    Raises:
        CaseKitError: The page cannot be drawn; the sentence says why.
    """
    request = PageRequest(media_type, page, dpi, longest)
    answer = _ask(worker, "page_pixels", untrusted_payload, msgspec.msgpack.encode(request), page)
    image = answer.image
    if (
        image is None
        or image.png[:8] != b"\x89PNG\r\n\x1a\n"
        or image.width * image.height > _MOST_PIXELS
    ):
        raise CaseKitError(_REASONS["damaged"])
    if image.png[16:24] != image.width.to_bytes(4, "big") + image.height.to_bytes(4, "big"):
        raise CaseKitError(_REASONS["damaged"])  # the header of the PNG must say the same
    return image


def words_of_page(worker: Worker, untrusted_payload: int | bytes, page: int = 1) -> PageWords:
    """The words of a PDF's page with their boxes in points from the top left.

    Raises:
        CaseKitError: The page cannot be read.
    """
    request = PageRequest("application/pdf", page)
    answer = _ask(worker, "page_words", untrusted_payload, msgspec.msgpack.encode(request), page)
    return answer.words or PageWords(0.0, 0.0, ())


def harmless_html(worker: Worker, untrusted_payload: int | bytes, charset: str = "") -> CleanHtml:
    """HTML without anything that acts or fetches, and what it would have fetched.

    Raises:
        CaseKitError: It cannot be read.
    """
    argument = charset.encode("ascii", "replace")
    answer = _ask(worker, "clean_html", untrusted_payload, argument, 1)
    return answer.html or CleanHtml("", ())


def _ask(worker: Worker, function: str, payload: int | bytes, argument: bytes, page: int) -> Answer:
    name = f"casekit.ingest.pages:{function}"
    try:
        frame = worker.call(name, payload, argument, quiet_seconds=_QUIET_SECONDS)
        answer = msgspec.msgpack.decode(frame, type=Answer)
    except (WorkerFault, msgspec.ValidationError, msgspec.DecodeError) as error:
        raise CaseKitError(_REASONS["damaged"]) from error
    if answer.refused is not None:
        raise CaseKitError(_REASONS.get(answer.refused.reason, _REASONS["damaged"]), page=page)
    return answer
