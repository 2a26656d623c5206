"""Text recognition by the package RapidOCR, whose models lie in it; it runs in a confined worker of its own."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version as version_of
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

import msgspec

from casekit.confine import Limits, Worker
from casekit.confine.line import WorkerFailed
from casekit.errors import CaseKitError
from casekit.ingest.charsets import tidy
from casekit.ingest.ocr.engine import PageText, ReadWord
from casekit.ingest.ocr.rapid_page import Models, ReadPage
from casekit.ingest.ocr.tesseract import checked

NAME = "rapidocr"
SPOKEN = "zh+ja+latin"
"""What is recorded as its language: one model reads them all, whichever is asked for."""
READS = frozenset({
    "afr", "aze", "bos", "cat", "ces", "chi_sim", "chi_tra", "cym", "dan", "deu",
    "eng", "est", "eus", "fil", "fin", "fra", "gle", "glg", "hrv", "hun", "ind", "isl", "ita", "jpn",
    "kmr", "lat", "lav", "lit", "ltz", "mlt", "mri", "msa", "nld", "nor", "oci", "pol", "por", "que", "ron",
    "slk", "slv", "spa", "sqi", "srp_latn", "swa", "swe", "tur", "uzb", "vie",
})  # fmt: skip
"""Tesseract's names of the languages whose letters its model knows."""
_NETWORKS = ("rapidocr", "onnxruntime", "cv2", "shapely", "pyclipper", "omegaconf")
_FILES = {
    "det": "PP-OCRv6_det_small.onnx",
    "rec": "PP-OCRv6_rec_small.onnx",
}
_LIMITS = Limits(memory=4 * 1024**3, frame=64 * 1024 * 1024, calls=500)
_SECONDS = 120.0


class RapidOcr:
    """The package, in a worker that starts with the first page and ends with `close`.

    Attributes:
        version: Its version, that of what computes, and the SHA-256 of each of its models.
    """

    name: ClassVar[str] = NAME

    def __init__(self, models: Models, version: str) -> None:
        self._asked = msgspec.msgpack.encode(models)
        self._worker = Worker(_LIMITS)
        self.version = version

    @property
    def level(self) -> str:
        """What confines it, as of a reader's worker."""
        return self._worker.level

    def spoken(self, language: str) -> str:
        """The languages of its model, if those asked for are among them."""
        for one in checked(language).split("+"):
            if one not in READS:
                raise CaseKitError(
                    "RapidOCR reads Chinese, Japanese and languages in Latin letters, not “{language}”: "
                    "install Tesseract with the data of that language.",
                    language=one,
                )
        return SPOKEN

    def read(self, png: bytes, language: str, dpi: int) -> PageText:  # noqa: ARG002 - its size says enough
        """Read a page's pixels; arguments and errors as of `Engine.read`."""
        self.spoken(language)
        frame = self._worker.call(
            "casekit.ingest.ocr.rapid_page:read_page", png, self._asked, quiet_seconds=_SECONDS
        )
        try:
            page = msgspec.msgpack.decode(frame, type=ReadPage)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            raise WorkerFailed(type(error).__name__) from error
        words = tuple(ReadWord(tidy(w.text), w.left, w.top, w.right, w.bottom) for w in page.words)
        sure = None if page.sure is None else round(100 * min(1.0, max(0.0, page.sure)))
        return PageText(tidy(page.text), sure, hashlib.sha256(png).digest(), words)

    def close(self) -> None:
        """End the worker."""
        self._worker.close()


def is_installed() -> bool:
    """Whether the package and all it computes with are there."""
    return all(find_spec(name) is not None for name in _NETWORKS)


def find() -> RapidOcr:
    """The package that is installed.

    Raises:
        CaseKitError: It is not, or not with the models that it is known to carry.
    """
    if not is_installed():
        raise CaseKitError(
            "RapidOCR is not installed: install CaseKit’s extra “ocr” (pip install 'casekit[ocr]') and try "
            "again."
        )
    folder = _folder()
    places = {kind: folder / name for kind, name in _FILES.items()}
    if not all(place.is_file() for place in places.values()):
        raise CaseKitError(
            "RapidOCR is installed without its models: install it again from its package, which carries them."
        )
    return RapidOcr(
        Models(**{kind: str(place) for kind, place in places.items()}), _version(folder)
    )


def _folder() -> Path:
    """Where the package keeps its models; looked up without loading it."""
    spec = find_spec(NAME)
    assert spec is not None, "it is installed"
    return Path(str(spec.origin)).parent / "models"


@cache
def _version(folder: Path) -> str:
    hashes = ", ".join(
        f"{kind} SHA-256 {hashlib.sha256((folder / name).read_bytes()).hexdigest()}"
        for kind, name in _FILES.items()
    )
    return f"{version_of('rapidocr')}, onnxruntime {version_of('onnxruntime')}, {hashes}"
