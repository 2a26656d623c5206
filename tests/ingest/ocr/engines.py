"""Engines for tests: a made-up one put in place of the installed ones, none at all, and pages to read."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFont

from casekit.ingest.ocr import installed, rapidocr, tesseract
from casekit.ingest.ocr.engine import PageText, ReadWord

Read = Callable[[bytes, str, int], PageText]

needs_engine = pytest.mark.skipif(
    not installed(), reason="no engine for text recognition is installed (extra ocr, or Tesseract)"
)


class FakeEngine:
    """Reads whatever it is told to."""

    name = "tesseract"
    version = "9"

    def __init__(self, read: Read) -> None:
        self._read = read
        self.closed = 0

    def spoken(self, language: str) -> str:
        return tesseract.checked(language)

    def read(self, png: bytes, language: str, dpi: int) -> PageText:
        return self._read(png, language, dpi)

    def close(self) -> None:
        self.closed += 1


def use_engine(monkeypatch: pytest.MonkeyPatch, read: Read) -> FakeEngine:
    """Put a made-up engine in Tesseract's place."""
    engine = FakeEngine(read)
    monkeypatch.setattr(tesseract, "is_installed", lambda: True)
    monkeypatch.setattr(tesseract, "find", lambda: engine)
    return engine


def use_words(monkeypatch: pytest.MonkeyPatch, *words: ReadWord) -> FakeEngine:
    """Put an engine in place that reads these words on every page."""
    text = " ".join(word.text for word in words)
    return use_engine(monkeypatch, lambda *_: PageText(text, 77, bytes(32), words))


def use_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every engine away."""
    for module in (tesseract, rapidocr):
        monkeypatch.setattr(module, "is_installed", lambda: False)


def page(text: str, size: tuple[int, int] = (900, 160)) -> bytes:
    """A picture that says something in large letters."""
    image = Image.new("L", size, 255)
    ImageDraw.Draw(image).text((30, 40), text, fill=0, font=ImageFont.load_default(60))
    room = io.BytesIO()
    image.save(room, "PNG")
    return room.getvalue()
