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


def find(sources: Sequence[Path], leave_out: Path | None = None) -> Iterator[SourceFile | Problem]:
    """Every regular file of the sources in order of path; what cannot be taken is a problem.

    Args:
        sources: Files and folders.
        leave_out: A folder not to be entered: the case itself, should it lie in a source.
    """
    own = leave_out.stat() if leave_out is not None else None
    for source in sources:
        waiting = [(source, displayed(source.name or source.resolve().name))]
        while waiting:  # a stack and no recursion: folders may be nested deeper than functions
            path, shown = waiting.pop()
            try:
                about = path.lstat()
            except (OSError, ValueError) as error:
                yield _unreadable(shown, "file", error)
                continue
            if not stat.S_ISDIR(about.st_mode):
                yield _file(path, shown, about)
            elif own is not None and os.path.samestat(about, own):
                yield _trouble(
                    shown, "own-case", "The case's own folder is no evidence for itself."
                )
            else:
                try:
                    entries = sorted(
                        path.iterdir(), key=lambda e: os.fsencode(e.name), reverse=True
                    )
                except OSError as error:
                    yield _unreadable(shown, "folder", error)
                    continue
                waiting.extend((entry, f"{shown}/{displayed(entry.name)}") for entry in entries)


def displayed(name: str) -> str:
    """A name as it can be stored and shown: bytes that are no UTF-8 become visible escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _file(path: Path, shown: str, about: os.stat_result) -> SourceFile | Problem:
    if stat.S_ISLNK(about.st_mode):
        return _trouble(
            shown, "link", "A link was not followed; import what it points to by itself."
        )
    if not stat.S_ISREG(about.st_mode):
        return _trouble(shown, "not-a-file", "A device or socket was not imported.")
    return SourceFile(path, shown, about.st_size, about.st_mtime_ns // 1000)


def _unreadable(shown: str, what: str, error: Exception) -> Problem:
    why = getattr(error, "strerror", None) or type(error).__name__
    return _trouble(shown, "unreadable", f"The {what} cannot be found or read ({why}).")


def _trouble(shown: str, kind: str, text: str) -> Problem:
    return Problem("receive", kind, text, path=shown)
