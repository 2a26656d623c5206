"""Packed streams (bzip2, xz, Zstandard) unpacked piece by piece; what comes before a damaged place is kept.

gzip, whose damage can be followed to the byte, has `containers.Inflation`; these have the same form.
"""

from __future__ import annotations

import bz2
import lzma
from collections.abc import Callable, Iterator
from typing import Any

from casekit.ingest.containers import Data, DataFile, Pot, Unpacked
from casekit.ingest.limits import MAX_UNPACKED, Budget, LimitReached
from casekit.ingest.parsed import Problem, Step

HOWS = ("bz2", "xz", "zst")
_IN = {"bz2": 64 * 1024, "xz": 64 * 1024, "zst": 2 * 1024}
"""Packed bytes given at once. Zstandard has no limit to what one step gives: 128 KiB for four bytes."""
_OUT = 256 * 1024
_MOST_MEMORY = 512 * 1024 * 1024
_MAGIC = {"bz2": (b"BZh",), "xz": (b"\xfd7zXZ\x00",), "zst": (b"\x28\xb5\x2f\xfd",)}
_SKIPPABLE = frozenset(bytes([0x50 + n]) + b"\x2a\x4d\x18" for n in range(16))
_HURT = ("truncated", "bad-data")
_NOTHING = {
    "truncated": "The packed data is cut short inside its first block: nothing of it can be read.",
    "bad-data": "The packed data is damaged in its first block: nothing of it can be read.",
}
_NAMES = {"bz2": "bzip2", "xz": "xz", "zst": "Zstandard"}


class Unpacking:
    """One packed file being unpacked, all the streams that stand one behind the other in it.

    Args:
        how: `bz2`, `xz` (the .xz format 1.1) or `zst` (RFC 8878).
        read: Gives up to n packed bytes, empty at the end.

    Attributes:
        taken: Packed bytes that belong to the streams so far.
        given_to: How many of them had been taken in when the last unpacked bytes came, or a stream ended whole.
        problems: (kind, sentence) of what is wrong with it.
    """

    def __init__(self, how: str, read: Callable[[int], bytes]) -> None:
        self._how = how
        self._read = read
        self._rest = b""
        self.taken = 0
        self.given_to = 0
        self.problems: list[tuple[str, str]] = []

    def __iter__(self) -> Iterator[bytes]:
        """The unpacked bytes in pieces, up to the first error."""
        first = True
        while self._at_stream(first):
            first = False
            unpack = _decompressor(self._how)
            yield from self._stream(unpack)
            if not unpack.eof:
                return

    def _fill(self) -> bool:
        """Pieces of the same size whoever reads, so that damage ends every reading at the same byte."""
        wanted = _IN[self._how]
        pieces = [self._rest]
        held = len(self._rest)
        while held < wanted:
            more = self._read(wanted - held)
            if not more:
                break
            pieces.append(more)
            held += len(more)
        self._rest = b"".join(pieces)
        return bool(self._rest)

    def _at_stream(self, first: bool) -> bool:
        self._fill()
        while not first and self._how == "xz" and self._rest[:4] == bytes(4):  # stream padding
            self._rest = self._rest[4:]
            self.taken += 4
            self._fill()
        if not self._rest:
            return False
        if self._rest.startswith(_MAGIC[self._how]):
            return True
        if self._how == "zst" and self._rest[:4] in _SKIPPABLE:
            if not any(kind == "skipped-bytes" for kind, _ in self.problems):
                text = "Some frames are such as unpacking passes over; what they hold is not shown."
                self.problems.append(("skipped-bytes", text))
            return True
        name = _NAMES[self._how]
        self.problems.append(
            (f"not-{self._how}", f"It is not {name}.")
            if first
            else ("trailing-bytes", f"Bytes that are not {name} follow.")
        )
        return False

    def _stream(self, unpack: Any) -> Iterator[bytes]:
        bounded = self._how != "zst"
        while not unpack.eof:
            hungry = not bounded or unpack.needs_input
            if hungry and not self._fill():
                text = "The packed data is cut short; what could be read is kept."
                self.problems.append(("truncated", text))
                return
            piece, self._rest = (self._rest, b"") if hungry else (b"", self._rest)
            self.taken += len(piece)
            try:
                out = unpack.decompress(piece, _OUT) if bounded else unpack.decompress(piece)
            except Exception as error:  # noqa: BLE001 - each library has errors of its own
                self.problems.append(_told(error))
                return
            if out:
                self.given_to = self.taken
                yield out
        self._rest = unpack.unused_data + self._rest
        self.taken -= len(unpack.unused_data)
        self.given_to = self.taken


def _told(error: Exception) -> tuple[str, str]:
    if isinstance(error, MemoryError) or "emory" in str(error):
        return "memory", "Unpacking it needs more memory than one file may use."
    # the checksum of a block stands behind it: its bytes may be wrong before that shows
    return (
        "bad-data",
        "The packed data is damaged; what comes before is kept, its last block may be wrong.",
    )


def _decompressor(how: str) -> Any:
    if how == "bz2":
        return bz2.BZ2Decompressor()
    if how == "xz":
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY)
    import zstandard

    return zstandard.ZstdDecompressor(max_window_size=_MOST_MEMORY).decompressobj()


def unpack_stream(how: str, untrusted_data: Data, budget: Budget) -> Unpacked:
    """Unpack a whole file.

    Raises:
        LimitReached: It unfolds too far.
    """
    unpacking = Unpacking(how, DataFile(untrusted_data).read)
    pot = Pot()
    for piece in unpacking:
        pot.add(piece)
        budget.use(len(piece), pot.size, unpacking.taken)
    data, digest = pot.finish()
    problems = tuple(
        _at_its_place(kind, text, unpacking, len(untrusted_data))
        for kind, text in unpacking.problems
    )
    hurt = any(problem.kind in _HURT for problem in problems)
    return Unpacked(data, digest, problems, unpacking.given_to if hurt else unpacking.taken)


def _at_its_place(kind: str, text: str, unpacking: Unpacking, size: int) -> Problem:
    """What is wrong; of what is cut or damaged, the packed bytes that gave nothing."""
    if kind == "trailing-bytes":
        return Problem("open", kind, text, offset=unpacking.taken)
    start = unpacking.given_to
    if kind in _HURT and not start:
        return Problem("open", kind, _NOTHING[kind])
    if kind not in _HURT or start == size:
        return Problem("open", kind, text)
    return Problem("open", kind, text, offset=start, length=size - start)


def take(untrusted_data: Data, step: Step) -> bytes:
    """The step `bz2`, `xz` or `zst` again: all that the file unpacks to, up to the first damaged place.

    Raises:
        ValueError: It unfolds further than any file that was read.
    """
    try:
        return unpack_stream(step.how, untrusted_data, Budget(0, {})).data[:]
    except LimitReached as reached:
        raise ValueError(f"more than {MAX_UNPACKED:,} bytes") from reached
