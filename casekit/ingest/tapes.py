"""TAR archives: every member as the slice of the archive that it is, whatever made the archive."""

from __future__ import annotations

import struct
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass

from casekit.ingest.containers import Data, DataFile
from casekit.ingest.limits import MAX_MEMBERS, MAX_UNPACKED
from casekit.ingest.parsed import Problem, Step

BLOCK = 512
MARK, MARK_AT = b"ustar", 257
"""What newer headers hold, and where."""
_SUM = slice(148, 156)
_LINKS = (tarfile.LNKTYPE, tarfile.SYMTYPE)
_BAD = (tarfile.TarError, ValueError, OverflowError, OSError, struct.error, EOFError, IndexError)


@dataclass(frozen=True, slots=True)
class TapeMember:
    """One file on the tape.

    Attributes:
        number: Its place among all headers that name something, from 0.
        name: Its name for display.
        offset: First byte of its content in the archive.
        size: Bytes of its content that are there.
        problem: What is wrong with it.
        headers: First byte of its first header, where it is a sparse file that can be filled; else None.
        filled: Bytes that it then has, as its header says.
    """

    number: int
    name: str
    offset: int
    size: int
    problem: Problem | None = None
    headers: int | None = None
    filled: int = 0


@dataclass(slots=True)
class Tape:
    """A TAR archive and what is known of it once its members have been gone through.

    Attributes:
        base: Where it begins in the data; offsets are those in the data.
        headers: How many headers name something.
        end: First byte behind the last member and its padding.
        links: Symbolic and hard links, which are not followed.
        devices: Devices and pipes, which hold nothing.
        left_out: Whether members beyond the limit were not read.
        broken: Whether the headers end in one that is damaged.
    """

    data: Data
    base: int = 0
    headers: int = 0
    end: int = 0
    links: int = 0
    devices: int = 0
    left_out: bool = False
    broken: bool = False

    def members(self) -> Iterator[TapeMember]:
        """Each regular file in order (POSIX.1-2001 pax, ustar, GNU, V7)."""
        self.end = self.base
        source = DataFile(self.data)
        source.seek(self.base)
        try:
            archive = tarfile.TarFile(
                fileobj=source, mode="r", encoding="utf-8", errors="surrogateescape"
            )
        except _BAD:
            self.broken = True
            return
        number = -1
        while (entry := self._next(archive)) is not None:
            number += 1
            self.headers = number + 1
            self.end = min(archive.offset, len(self.data))
            if number >= MAX_MEMBERS:
                self.left_out = True
                return
            if entry.type in _LINKS:
                self.links += 1
            elif entry.isdev():
                self.devices += 1
            elif not entry.isdir():
                yield self._member(number, entry)
        self._look_at_end()

    def _next(self, archive: tarfile.TarFile) -> tarfile.TarInfo | None:
        try:
            found = archive.next()
        except _BAD:
            self.broken = self.end < len(self.data)
            return None
        vars(archive)["members"].clear()  # the library keeps them all, a tape may have millions
        return found

    def _member(self, number: int, entry: tarfile.TarInfo) -> TapeMember:
        name = _shown(entry.name)
        start = min(max(0, entry.offset_data), len(self.data))
        stored = self.end - start if entry.issparse() else max(0, entry.size)
        size = min(stored, len(self.data) - start)
        problem = None
        if size > MAX_UNPACKED:
            text = f"The member has more than {MAX_UNPACKED:,} bytes."
            problem, size = Problem("limits", "size", text, path=name), 0
        elif size < stored or entry.offset_data > len(self.data):
            text = "The archive ends inside this member; what is there is kept."
            problem = Problem("open", "truncated", text, path=name)
        elif entry.issparse():
            return TapeMember(number, name, start, size, None, entry.offset, max(0, entry.size))
        return TapeMember(number, name, start, size, problem)

    def _look_at_end(self) -> None:
        """A tape ends with blocks of zeros; anything else there is a header that could not be read."""
        rest = self.data[self.end : self.end + BLOCK]
        self.broken = self.broken or bool(rest.strip(b"\0"))


def _shown(name: str) -> str:
    """A member's name; old archives have it in the charset of their makers."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return name


def is_tape(untrusted_head: bytes) -> bool:
    """Whether the first block is a header: its checksum says so, with the mark `ustar` or without."""
    block = untrusted_head[:BLOCK]
    if len(block) < BLOCK or not block[0]:
        return False
    said = block[_SUM].strip(b" \0")
    if not said or any(digit not in b"01234567" for digit in said):
        return False
    plain = block[:148] + b" " * 8 + block[156:]
    signed = sum(byte - 256 if byte > 127 else byte for byte in plain)
    return int(said, 8) in (sum(plain), signed)


def take(untrusted_data: Data, step: Step) -> bytes:
    """The step `tar` again: `length` bytes at `offset`, the content of the member `number`.

    Raises:
        ValueError: The archive ends before.
    """
    taken = untrusted_data[step.offset : step.offset + step.length]
    if len(taken) < step.length:
        raise ValueError("the archive ends before")
    return taken
