"""Sparse members of TAR archives with their holes filled, as the programs that made them unpack them.

Source: GNU tar manual, D.2 "Storing sparse files": old GNU headers, PAX formats 0.0, 0.1 and 1.0.
"""

from __future__ import annotations

import tarfile

from casekit.ingest.containers import Data, DataFile, Pot
from casekit.ingest.limits import MAX_RATIO, MAX_UNPACKED, RATIO_FLOOR, Budget

BLOCK = 512
_PIECE = 1024 * 1024


class Holes(ValueError):
    """The holes cannot be filled; its text names what contradicts them."""


class Cut(Holes):
    """A run that the map names is not all there."""


def fits(size: int, stored: int, budget: Budget) -> bool:
    """Whether a member of `size` bytes, `stored` bytes of them in the archive, may be filled.

    Its size is only said by its header: nothing is filled before it has been weighed.
    """
    used = budget.unpacked.get(budget.depth, 0)
    return used + size <= MAX_UNPACKED and not (size > RATIO_FLOOR and size > stored * MAX_RATIO)


def filled(untrusted_span: Data) -> tuple[Data, bytes]:
    """The content of one member: the runs that are stored, with zeros between them.

    Args:
        untrusted_span: The archive from the member's first header to the end of its content's last block.

    Returns:
        The bytes and their SHA-256.

    Raises:
        Cut: The bytes end inside a run.
        Holes: The map of the runs contradicts itself, or what is stored.
    """
    entry, runs = _entry(untrusted_span)
    at, pot = entry.offset_data, Pot()
    if not 0 <= entry.size <= MAX_UNPACKED:
        raise Holes("the size")
    for start, length in runs:
        if not length:  # the place of a run that is not used, or the file's end
            continue
        if start < pot.size or length < 0 or start + length > entry.size:
            raise Holes("the order of the runs")
        if at + length > len(untrusted_span):
            raise Cut("what is stored")
        _zeros(pot, start - pot.size)
        for first in range(at, at + length, _PIECE):
            pot.add(untrusted_span[first : min(first + _PIECE, at + length)])
        at += length
    if len(untrusted_span) - at >= BLOCK or untrusted_span[at:].strip(b"\0"):
        raise Holes("bytes outside the runs")
    _zeros(pot, entry.size - pot.size)
    return pot.finish()


def undone(taken: bytes) -> bytes:
    """The decoding `sparse` again: the span with its holes filled.

    Raises:
        Holes: It cannot be done any more.
    """
    return filled(taken)[0][:]


def _entry(untrusted_span: Data) -> tuple[tarfile.TarInfo, list[tuple[int, int]]]:
    try:
        found = tarfile.TarFile(
            fileobj=DataFile(untrusted_span), mode="r", encoding="utf-8", errors="surrogateescape"
        ).next()
    except (tarfile.TarError, ValueError, OverflowError, OSError, EOFError, IndexError) as error:
        raise Holes("the headers") from error
    runs: list[tuple[int, int]] | None = getattr(found, "sparse", None)
    if found is None or runs is None:
        raise Holes("the headers")
    return found, runs


def _zeros(pot: Pot, count: int) -> None:
    for first in range(0, count, _PIECE):
        pot.add(bytes(min(_PIECE, count - first)))
