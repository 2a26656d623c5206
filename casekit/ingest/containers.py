"""Containers unwrapped in memory and by count: gzip and zip give their members' bytes, never files."""

from __future__ import annotations

import hashlib
import io
import mmap
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from casekit.ingest.limits import MAX_MEMBERS, Budget, LimitReached
from casekit.ingest.parsed import Problem
from casekit.ingest.zip_members import XZ, ZSTD, is_link, member_pieces, open_archive, own_name
from casekit.ingest.zip_names import shown_names

Data = bytes | mmap.mmap
"""What a reader gets: sized, a buffer, and its slices are bytes."""

PIECE = 64 * 1024
_SPILL = 16 * 1024 * 1024
_OUT = 256 * 1024


class DataFile(io.RawIOBase):
    """A seekable binary file over bytes or a memory map, without a copy."""

    def __init__(self, data: Data) -> None:
        super().__init__()
        self._data = data
        self._at = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to `offset`, as for any file.

        Raises:
            ValueError: That lies before the start; a pointer into it could not be gone again.
        """
        start = (0, self._at, len(self._data))[whence]
        if start + offset < 0:
            raise ValueError("before the start")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer`; returns the bytes given, 0 at the end."""
        piece = self._data[self._at : self._at + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def read(self, size: int | None = -1) -> bytes:
        """Up to `size` bytes; all that is left if negative."""
        end = len(self._data) if size is None or size < 0 else self._at + size
        piece = self._data[self._at : end]
        self._at += len(piece)
        return piece


class Pot:
    """Gathers bytes of unknown number and hashes them; large ones lie in private memory, not copied twice."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._map: mmap.mmap | None = None
        self._hash = hashlib.sha256()
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Add `piece` at the end."""
        self._hash.update(piece)
        self.size += len(piece)
        if self._map is None:
            self._pieces.append(piece)
            if self.size > _SPILL:
                held, self._pieces = self._pieces, []
                self._map = (
                    mmap.mmap(-1, self.size * 2, flags=_PRIVATE)
                    if _PRIVATE
                    else mmap.mmap(-1, self.size * 2)
                )
                self._map.write(b"".join(held))
            return
        if self.size > len(self._map):
            self._map = _resized(self._map, len(self._map) * 2)
        self._map.write(piece)

    def finish(self) -> tuple[Data, bytes]:
        """What was gathered, and its SHA-256."""
        if self._map is None:
            return b"".join(self._pieces), self._hash.digest()
        return _resized(self._map, self.size), self._hash.digest()


_PRIVATE = getattr(mmap, "MAP_PRIVATE", 0) | getattr(mmap, "MAP_ANONYMOUS", 0)


def _memory(size: int) -> mmap.mmap:
    return mmap.mmap(-1, size, flags=_PRIVATE) if _PRIVATE else mmap.mmap(-1, size)


def _resized(held: mmap.mmap, size: int) -> mmap.mmap:
    try:
        held.resize(size)
    except (SystemError, ValueError):  # no mremap on this system
        fresh = _memory(size)
        fresh.write(held[: min(size, held.tell())])
        held.close()
        return fresh
    return held


# -- gzip -----------------------------------------------------------------------------------------


class Inflation:
    """One gzip file (RFC 1952) being unpacked, all its members; keeps what comes before an error.

    Args:
        read: Gives up to n packed bytes, empty at the end.

    Attributes:
        taken: Packed bytes that belong to the stream so far.
        begun: Where the last member begins that was looked at, in packed bytes.
        problems: (kind, sentence) of what is wrong with it.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._rest = b""
        self.taken = 0
        self.begun = 0
        self.problems: list[tuple[str, str]] = []

    def __iter__(self) -> Iterator[bytes]:
        """The unpacked bytes in pieces of at most 256 KiB, up to the first error."""
        first = True
        while True:
            self.begun = self.taken
            header = self._header(first)
            if not header:
                return
            first = False
            crc, size = 0, 0
            unpack = zlib.decompressobj(-zlib.MAX_WBITS)
            for piece in self._member(unpack):
                crc = zlib.crc32(piece, crc)
                size += len(piece)
                yield piece
            if not unpack.eof or not self._trailer(crc, size):
                return

    def _need(self, count: int) -> bytes:
        while len(self._rest) < count:
            more = self._read(PIECE)
            if not more:
                break
            self._rest += more
        return self._rest[:count]

    def _drop(self, count: int) -> None:
        self._rest = self._rest[count:]
        self.taken += count

    def _header(self, first: bool) -> bool:
        head = self._need(10)
        if not first:
            while head and not head.strip(b"\0"):  # padding to a block, as tapes leave it
                self._drop(len(head))
                head = self._need(10)
            if not head:
                return False
        if len(head) < 10 or head[:3] != b"\x1f\x8b\x08":
            kind = "not-gzip" if first else "trailing-bytes"
            self.problems.append(
                (kind, "Bytes that are not gzip follow." if not first else "It is not gzip.")
            )
            return False
        length = self._header_length(head[3])
        if length is None:
            self.problems.append(("truncated", "The gzip header is cut short."))
            return False
        self._drop(length)
        return True

    def _header_length(self, flags: int) -> int | None:
        at = 10
        if flags & 4:
            extra = self._need(at + 2)
            if len(extra) < at + 2:
                return None
            at += 2 + struct.unpack("<H", extra[at:])[0]
        for bit in (8, 16):  # name, comment: ended by a zero
            if flags & bit:
                end = self._rest.find(b"\0", at)
                while end < 0:
                    held = len(self._rest)
                    if held > at + 16 * PIECE or len(self._need(held + 1)) == held:
                        return None
                    end = self._rest.find(b"\0", at)
                at = end + 1
        at += 2 if flags & 2 else 0
        return at if len(self._need(at)) == at else None

    def _member(self, unpack: zlib._Decompress) -> Iterator[bytes]:
        while not unpack.eof:
            piece = self._rest or self._read(PIECE)
            self._rest = b""
            if not piece:
                self.problems.append(
                    ("truncated", "The packed data is cut short; what could be read is kept.")
                )
                return
            self.taken += len(piece)
            while piece and not unpack.eof:
                before = unpack.copy()
                try:
                    out = unpack.decompress(piece, _OUT)
                except zlib.error:
                    yield from _salvage(before, piece)
                    self.problems.append(
                        ("bad-data", "The packed data is damaged; what comes before is kept.")
                    )
                    return
                if out:
                    yield out
                piece = unpack.unconsumed_tail
        self._rest = unpack.unused_data
        self.taken -= len(self._rest)

    def _trailer(self, crc: int, size: int) -> bool:
        trailer = self._need(8)
        if len(trailer) < 8:
            self.problems.append(("truncated", "The checksum at the end is missing."))
            self._drop(len(trailer))
            return False
        self._drop(8)
        if struct.unpack("<II", trailer) != (crc, size & 0xFFFFFFFF):
            self.problems.append(("bad-checksum", "The checksum does not match the unpacked data."))
            return False
        return True


def _salvage(unpack: zlib._Decompress, piece: bytes) -> Iterator[bytes]:
    """Every byte that comes out before the damaged place, which one large step would swallow."""
    for at in range(len(piece)):
        try:
            out = unpack.decompress(piece[at : at + 1])
        except zlib.error:
            return
        if out:
            yield out


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a gzip file gave.

    Attributes:
        data: The unpacked bytes.
        sha256: Their digest.
        problems: What was wrong.
        taken: Packed bytes that belong to the stream.
        begun: Where the last member begins, in packed bytes: the damaged one, if there is one.
    """

    data: Data
    sha256: bytes
    problems: tuple[Problem, ...]
    taken: int
    begun: int = 0


def unpack_gzip(untrusted_data: Data, budget: Budget) -> Unpacked:
    """Unpack a whole gzip file.

    Raises:
        LimitReached: It unfolds too far.
    """
    inflation = Inflation(DataFile(untrusted_data).read)
    pot = Pot()
    for piece in inflation:
        pot.add(piece)
        budget.use(len(piece), pot.size, inflation.taken)
    data, digest = pot.finish()
    problems = tuple(
        Problem("open", kind, text, offset=inflation.taken if kind == "trailing-bytes" else None)
        for kind, text in inflation.problems
    )
    return Unpacked(data, digest, problems, inflation.taken, inflation.begun)


_MEMBER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
_MOST_TRIES = 1000


def next_gzip_member(untrusted_data: Data, start: int, like: bytes) -> int | None:
    """Where behind `start` a gzip member begins that can be unpacked whole and begins with `like`, or None.

    Web archives and logs are packed record by record: a damaged member need not cost those after it.
    That they begin alike tells them from what is packed inside the damaged one.
    """
    for _ in range(_MOST_TRIES):
        found = _MEMBER.search(untrusted_data, start)
        if found is None:
            return None
        at, start = found.start(), found.start() + 1
        source = DataFile(untrusted_data)
        source.seek(at)
        inflation = Inflation(source.read)
        given, head = 0, b""
        for piece in inflation:
            given += len(piece)
            head = head or piece[: len(like)]
            if inflation.begun or given > _SPILL or head != like:
                break
        if head == like and (inflation.begun or not inflation.problems):
            return at
    return None


# -- zip ------------------------------------------------------------------------------------------


_METHODS = (
    zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, ZSTD, XZ,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside a zip.

    Attributes:
        number: Its place in the directory, from 0.
        name: Its name for display.
        packed: Bytes it takes in the archive, as the directory says.
        data: Its bytes; None if they could not be had, then `problem` says why.
        sha256: Digest of `data`.
        problem: What is wrong with it.
    """

    number: int
    name: str
    packed: int
    data: Data | None
    sha256: bytes
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Directory:
    """What a zip's directory lists.

    Attributes:
        files: Number, name and entry of each member that is a file.
        folders: How many entries are folders.
        links: How many entries are symbolic links, which are not followed.
        left_out: How many entries lie beyond the limit.
    """

    archive: zipfile.ZipFile
    files: tuple[tuple[int, str, zipfile.ZipInfo], ...]
    folders: int
    links: int
    left_out: int


def open_zip(untrusted_data: Data, most: int | None = None) -> Directory:
    """List what a zip holds, `most` members at most (`MAX_MEMBERS` if none is said).

    Raises:
        zipfile.BadZipFile: Its directory cannot be read.
    """
    try:
        archive = open_archive(DataFile(untrusted_data))
        entries = archive.infolist()
    except (OSError, ValueError, struct.error, RuntimeError, IndexError) as error:
        raise zipfile.BadZipFile(type(error).__name__) from error
    most = MAX_MEMBERS if most is None else most
    names = shown_names(entries)
    files: list[tuple[int, str, zipfile.ZipInfo]] = []
    folders = links = 0
    for number, entry in enumerate(entries[:most]):
        if entry.filename.endswith("/") and not entry.file_size:
            folders += 1
        elif is_link(archive, entry):
            links += 1
        else:
            files.append((number, names[number], entry))
    return Directory(archive, tuple(files), folders, links, max(0, len(entries) - most))


def zip_members(directory: Directory, budget: Budget) -> Iterator[Member]:
    """Each member that is a file, in directory order, read whole and checked against its CRC."""
    for number, name, entry in directory.files:
        yield _member(directory.archive, number, name, entry, budget)


def _other_name(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Problem | None:
    """That a member is called otherwise where it lies: programs differ in which name they show."""
    if own_name(archive, entry) == entry.orig_filename:
        return None
    text = "The member has another name where it lies than in the directory, whose name is shown."
    return Problem("open", "two-names", text, path=name)


def _member(
    archive: zipfile.ZipFile, number: int, name: str, entry: zipfile.ZipInfo, budget: Budget
) -> Member:
    packed = max(0, entry.compress_size)
    if entry.flag_bits & 1:
        problem = Problem(
            "open", "encrypted", "The member is encrypted; its password is needed.", path=name
        )
        return Member(number, name, packed, None, b"", problem)
    if entry.compress_type not in _METHODS:
        problem = Problem(
            "open", "unknown-method", "The member is packed by an unknown method.", path=name
        )
        return Member(number, name, packed, None, b"", problem)
    pot = Pot()
    try:
        for piece in member_pieces(archive, entry):
            pot.add(piece)
            budget.use(len(piece), pot.size, packed)
    except LimitReached as reached:
        problem = Problem("limits", reached.kind, reached.text, path=name)
    except zipfile.BadZipFile as error:
        kind = "bad-checksum" if "CRC" in str(error) else "bad-member"
        problem = Problem(
            "open", kind, "The member is damaged or disagrees with the directory.", path=name
        )
    except (zlib.error, EOFError, OSError, ValueError, RuntimeError, struct.error, IndexError):
        problem = Problem("open", "bad-member", "The member cannot be unpacked.", path=name)
    else:
        data, digest = pot.finish()
        return Member(number, name, packed, data, digest, _other_name(archive, entry, name))
    return Member(number, name, packed, None, b"", problem)
