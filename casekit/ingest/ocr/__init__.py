"""Text out of pixels: which engine reads it, held in like any reader of untrusted bytes."""

from __future__ import annotations

from casekit import settings
from casekit.errors import CaseKitError
from casekit.ingest.ocr import rapidocr, tesseract
from casekit.ingest.ocr.engine import Engine

NONE = (
    "Text recognition needs an engine and none is installed: install the program Tesseract (package "
    "tesseract-ocr), or CaseKit’s extra “ocr” (pip install 'casekit[ocr]'), and try again."
)
ENGINES = (tesseract.NAME, rapidocr.NAME)
"""In the order in which they are taken: the first that is installed."""


def installed() -> list[str]:
    """The engines that are installed and can be held in, the one first that is taken first."""
    return [one.NAME for one in (tesseract, rapidocr) if one.is_installed()]


def usual_name() -> str:
    """The engine that is taken where none is named: the one used last, or the first that is installed.

    Empty where there is none.
    """
    last, found = settings.load().text_engine, installed()
    return last if last in found else next(iter(found), "")


class UsualEngine:
    """The usual engine, found when it is first asked for and kept until `close`; for one thread at a time."""

    def __init__(self) -> None:
        self._engine: Engine | None = None

    def get(self) -> Engine:
        """The engine, another one if the user has chosen another since.

        Raises:
            CaseKitError: There is none.
        """
        name = usual_name()
        if self._engine is None or self._engine.name != name:
            self.close()
            self._engine = find_engine(name)
        return self._engine

    def close(self) -> None:
        """End what the engine keeps running."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()


def find_engine(name: str = "") -> Engine:
    """The engine that is named, or the usual one.

    Raises:
        CaseKitError: There is none, it is unknown, or this system cannot hold it in.
    """
    name = name or usual_name()
    if name == tesseract.NAME:
        return tesseract.find()
    if name == rapidocr.NAME:
        return rapidocr.find()
    if name:
        raise CaseKitError(
            "“{name}” is no engine for text recognition; there are {known}.",
            name=name,
            known=", ".join(ENGINES),
        )
    raise CaseKitError(NONE)
