"""What an engine that reads text out of pixels gives, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from casekit.queries.recognised import short_version


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word that was read and its box in pixels from the top left corner."""

    text: str
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class PageText:
    """What was read of a page.

    Attributes:
        text: Lines and, between paragraphs, blank lines.
        confidence: The engine's own mean over its words or letters, in percent; None where there are none.
        pixels_sha256: SHA-256 of the PNG that was read.
        words: In reading order, each with its place.
    """

    text: str
    confidence: int | None
    pixels_sha256: bytes
    words: tuple[ReadWord, ...] = ()


class Engine(Protocol):
    """An engine that is installed and can be held in; close it, because one may keep a process."""

    @property
    def name(self) -> str:
        """As people and options name it, in small letters."""

    @property
    def version(self) -> str:
        """What is recorded: the version first and, after a comma, all else that decides what is read."""

    def spoken(self, language: str) -> str:
        """The language as it is recorded.

        Args:
            language: Tesseract's names of languages joined by `+`, such as `eng+deu`.

        Raises:
            CaseKitError: It is no such name, or the engine does not read it.
        """

    def read(self, png: bytes, language: str, dpi: int) -> PageText:
        """Read a page's pixels.

        Args:
            png: The page as our own worker drew it.
            language: As of `spoken`.
            dpi: Dots an inch; 0: not known.

        Raises:
            CaseKitError: As of `spoken`.
            WorkerFault: The engine failed, died or hung.
        """

    def close(self) -> None:
        """End what it keeps running."""


def label(engine: Engine) -> str:
    """Name and version in a few words."""
    return f"{engine.name} {short_version(engine.version)}"
