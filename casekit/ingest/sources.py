"""Which files an import means: files and folders as given, in a stable order, links never followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from casekit.ingest.parsed import Problem


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to be taken in: where it lies, and its path below the source for display."""

    path: Path
    shown: str
    size: int
    modified_us: int


def find(sources: Sequence[Path]) -> Iterator[SourceFile | Problem]:
    """Every regular file of the sources in order of path; what cannot be taken is a problem."""
    for source in sources:
        if source.is_dir() and not source.is_symlink():
            yield from _folder(source, source.name or source.resolve().name)
        else:
            yield _file(source, source.name)


def displayed(name: str) -> str:
    """A name as it can be stored and shown: bytes that are no UTF-8 become visible escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _folder(folder: Path, shown: str) -> Iterator[SourceFile | Problem]:
    try:
        entries = sorted(folder.iterdir(), key=lambda e: os.fsencode(e.name))
    except OSError as error:
        yield _trouble(shown, "unreadable", f"The folder cannot be read ({error.strerror}).")
        return
    for entry in entries:
        name = f"{shown}/{displayed(entry.name)}"
        if entry.is_dir() and not entry.is_symlink():
            yield from _folder(entry, name)
        else:
            yield _file(entry, name)


def _file(path: Path, shown: str) -> SourceFile | Problem:
    try:
        about = path.lstat()
    except OSError as error:
        return _trouble(
            shown, "unreadable", f"The file cannot be found or read ({error.strerror})."
        )
    if stat.S_ISLNK(about.st_mode):
        return _trouble(
            shown, "link", "A link was not followed; import what it points to by itself."
        )
    if not stat.S_ISREG(about.st_mode):
        return _trouble(shown, "not-a-file", "A device or socket was not imported.")
    return SourceFile(path, displayed(shown), about.st_size, about.st_mtime_ns // 1000)


def _trouble(shown: str, kind: str, text: str) -> Problem:
    return Problem("receive", kind, text, path=displayed(shown))
