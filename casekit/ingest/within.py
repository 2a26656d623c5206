"""Where a problem's line and byte are counted: the file inside a file is named in the problem's path."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from casekit.ingest.parsed import Parsed, Problem

UNPACKED = "unpacked"
"""Stands in a path for what a packed file (gzip, bzip2, xz, Zstandard) holds, which has no name of its own."""
UNNAMED = "unnamed"
"""Stands in a path for a part that its source gives no name."""

_Found = TypeVar("_Found", Parsed, Problem)


def within(found: _Found, path: str) -> _Found:
    """What was read of a file inside another, its problems and those of its family named by the way to it.

    Args:
        found: As read from the inner file.
        path: The inner file, as seen from the outer; empty where both are one.
    """
    if isinstance(found, Problem):
        inside = f"{path}/{found.path}" if path and found.path else path or found.path
        return msgspec.structs.replace(found, path=inside)
    if not path or not _has_problems(found):
        return found
    return msgspec.structs.replace(
        found,
        problems=tuple(within(each, path) for each in found.problems),
        children=tuple(within(each, path) for each in found.children),
    )


def _has_problems(item: Parsed) -> bool:
    return bool(item.problems) or any(map(_has_problems, item.children))
