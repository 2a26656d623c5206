"""Where a dialog for files begins: where the one before ended, else in the user's home folder."""

from __future__ import annotations

from pathlib import Path

_last: list[Path] = []


def begin() -> str:
    """The folder to show first; one that is gone is not shown."""
    there = next((folder for folder in reversed(_last) if folder.is_dir()), None)
    return str(there or Path.home())


def chosen(name: str) -> Path | None:
    """What a dialog gave, remembered as the place to begin at next time; None if it gave nothing."""
    if not name:
        return None
    path = Path(name)
    _last[:] = [*_last[-1:], path.parent]
    return path
