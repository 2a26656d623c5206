"""Text recognition by the installed program Tesseract, held in like any reader of untrusted bytes."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casekit.confine.program import can_confine, run_program
from casekit.errors import CaseKitError
from casekit.ingest.charsets import tidy

NAME = "tesseract"
_DATA = (
    "/usr/share/tesseract-ocr",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/usr/share/tesseract",
)
_LANGUAGE = re.compile(r"[A-Za-z0-9_]{2,40}(?:\+[A-Za-z0-9_]{2,40}){0,9}")
_COLUMNS = 12
_WORD = "5"


@dataclass(frozen=True, slots=True)
class Engine:
    """The installed program.

    Attributes:
        path: Where it lies.
        version: As it says.
    """

    path: str
    version: str


@dataclass(frozen=True, slots=True)
class PageText:
    """What was read of a page.

    Attributes:
        text: Lines and, between paragraphs, blank lines.
        confidence: Mean over the words, in percent; None where there are none.
        pixels_sha256: SHA-256 of the PNG that was read.
    """

    text: str
    confidence: int | None
    pixels_sha256: bytes


def find_engine() -> Engine:
    """The program that is installed.

    Raises:
        CaseKitError: There is none, or this system cannot hold it in.
    """
    path = shutil.which(NAME)
    if path is None:
        raise CaseKitError(
            "Text recognition needs the program Tesseract, which is not installed: install the package "
            "tesseract-ocr and try again."
        )
    if not can_confine():
        raise CaseKitError(
            "Text recognition runs only where a program can be held in, which needs Linux with Landlock."
        )
    return Engine(path, _version(path))


@cache
def _version(path: str) -> str:
    first = _run([path, "--version"], b"").decode("utf-8", "replace").split("\n", 1)[0]
    return first.removeprefix(NAME).strip()[:40]


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word that was read and its box in pixels from the top left corner."""

    text: str
    left: int
    top: int
    right: int
    bottom: int


def read_words(engine: Engine, png: bytes, language: str, dpi: int) -> list[ReadWord]:
    """Read a page's pixels word by word; arguments and errors as of `read_page`."""
    found = []
    for fields in _words_of(_table(engine, png, language, dpi)):
        try:
            left, top, wide, high = (int(n) for n in fields[6:10])
        except ValueError:
            continue
        found.append(ReadWord(tidy(fields[11].strip()), left, top, left + wide, top + high))
    return found


def read_page(engine: Engine, png: bytes, language: str, dpi: int) -> PageText:
    """Read a page's pixels.

    Args:
        engine: From `find_engine`.
        png: The page as our own worker drew it.
        language: Tesseract's names of languages joined by `+`, such as `eng+deu`.
        dpi: Dots an inch; 0: not known.

    Raises:
        CaseKitError: The language is no name.
        WorkerFault: The program failed, died or hung.
    """
    text, confidence = text_of_table(_table(engine, png, language, dpi))
    return PageText(text, confidence, hashlib.sha256(png).digest())


def _table(engine: Engine, png: bytes, language: str, dpi: int) -> str:
    if not _LANGUAGE.fullmatch(language):
        raise CaseKitError(
            "“{language}” names no language for Tesseract; try eng.", language=language
        )
    command = [engine.path, "stdin", "stdout", "-l", language, "--psm", "3"]
    command += ["--dpi", str(dpi)] if dpi else []
    return _run([*command, "tsv"], png).decode("utf-8", "replace")


def _run(command: list[str], data: bytes) -> bytes:
    return run_program(command, data, readable=[place for place in _DATA if Path(place).is_dir()])


def text_of_table(untrusted_table: str) -> tuple[str, int | None]:
    """Lines and mean confidence of Tesseract's table of words (its output `tsv`)."""
    lines: dict[tuple[str, ...], list[str]] = {}
    sure: list[float] = []
    for fields in _words_of(untrusted_table):
        lines.setdefault(tuple(fields[1:5]), []).append(fields[11].strip())
        try:
            sure.append(min(100.0, max(0.0, float(fields[10]))))
        except ValueError:
            continue
    made: list[str] = []
    before: tuple[str, ...] = ()
    for place, words in lines.items():
        if before and place[:3] != before[:3]:
            made.append("")
        made.append(" ".join(words))
        before = place
    return tidy("\n".join(made)), round(sum(sure) / len(sure)) if sure else None


def _words_of(untrusted_table: str) -> Iterator[list[str]]:
    """The columns of each row that is a word."""
    for row in untrusted_table.split("\n")[1:]:
        fields = row.split("\t", _COLUMNS - 1)
        if len(fields) == _COLUMNS and fields[0] == _WORD and fields[11].strip():
            yield fields
