"""Text recognition by the installed program Tesseract, held in like any reader of untrusted bytes."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from casekit.confine.program import can_confine, run_program
from casekit.errors import CaseKitError
from casekit.ingest.charsets import tidy
from casekit.ingest.ocr.engine import PageText, ReadWord
from casekit.queries.spacing import joined

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
class Tesseract:
    """The installed program; nothing of it runs between two pages.

    Attributes:
        path: Where it lies.
        version: As it says.
    """

    path: str
    version: str
    name: ClassVar[str] = NAME

    def spoken(self, language: str) -> str:
        """The language as it is recorded: whether its data is installed, the program knows."""
        return checked(language)

    def read(self, png: bytes, language: str, dpi: int) -> PageText:
        """Read a page's pixels; arguments and errors as of `Engine.read`."""
        table = _table(self.path, png, checked(language), dpi)
        text, confidence = text_of_table(table)
        return PageText(text, confidence, hashlib.sha256(png).digest(), words_of_table(table))

    def close(self) -> None:
        """Nothing runs."""


def is_installed() -> bool:
    """Whether the program is there and this system can hold it in."""
    return shutil.which(NAME) is not None and can_confine()


def find() -> Tesseract:
    """The program that is installed.

    Raises:
        CaseKitError: There is none, or this system cannot hold it in.
    """
    path = shutil.which(NAME)
    if path is None:
        raise CaseKitError(
            "The program Tesseract is not installed: install the package tesseract-ocr and try again."
        )
    if not can_confine():
        raise CaseKitError(
            "Tesseract runs only where a program can be held in, which needs Linux with Landlock."
        )
    return Tesseract(path, _version(path))


@cache
def _version(path: str) -> str:
    first = _run([path, "--version"], b"").decode("utf-8", "replace").split("\n", 1)[0]
    return first.removeprefix(NAME).strip()[:40]


def checked(language: str) -> str:
    """The names of languages as they came.

    Raises:
        CaseKitError: They are no names.
    """
    if not _LANGUAGE.fullmatch(language):
        raise CaseKitError(
            "“{language}” names no language for text recognition; try eng.", language=language
        )
    return language


def _table(path: str, png: bytes, language: str, dpi: int) -> str:
    command = [path, "stdin", "stdout", "-l", language, "--psm", "3"]
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
        made.append(joined(words))
        before = place
    return tidy("\n".join(made)), round(sum(sure) / len(sure)) if sure else None


def words_of_table(untrusted_table: str) -> tuple[ReadWord, ...]:
    """The words of Tesseract's table with their boxes."""
    found = []
    for fields in _words_of(untrusted_table):
        try:
            left, top, wide, high = (int(n) for n in fields[6:10])
        except ValueError:
            continue
        found.append(ReadWord(tidy(fields[11].strip()), left, top, left + wide, top + high))
    return tuple(found)


def _words_of(untrusted_table: str) -> Iterator[list[str]]:
    """The columns of each row that is a word."""
    for row in untrusted_table.split("\n")[1:]:
        fields = row.split("\t", _COLUMNS - 1)
        if len(fields) == _COLUMNS and fields[0] == _WORD and fields[11].strip():
            yield fields
