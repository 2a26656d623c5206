"""Unpacks one member of a zip by every method met in evidence, Zstandard and XZ among them."""

from __future__ import annotations

import copy
import io
import stat
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

ZSTD, XZ = 93, 95
"""The methods' numbers."""

_WINDOW = 128 * 1024 * 1024
"""Bytes of memory that packed data may ask for."""
_OUT = 256 * 1024


def open_archive(file: Any) -> zipfile.ZipFile:
    """A zip by its directory, each entry under the name that stands there.

    Newer Pythons take the name from a field beside it, older ones do not: what an original gives may depend
    on neither.

    Raises:
        zipfile.BadZipFile, OSError, ValueError, struct.error, RuntimeError, IndexError: It cannot be read.
    """
    with _silence():
        archive = zipfile.ZipFile(file)
    for entry in archive.infolist():
        entry.filename = entry.orig_filename.partition("\0")[0]
    return archive


@contextmanager
def _silence() -> Iterator[None]:
    """What `zipfile` warns of is told as a problem of the item, or is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def member_pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a zip's member unpacks to, piece by piece, checked against its CRC at the end.

    Raises:
        zipfile.BadZipFile: The member is damaged or disagrees with the directory.
        OSError, ValueError, RuntimeError, EOFError, zlib.error: It cannot be unpacked.

    Source: PKWARE APPNOTE 6.3.10, 4.4.5 (method 93 is Zstandard, 95 is XZ; `zipfile` knows neither).
    """
    way = {ZSTD: _from_zstd, XZ: _from_xz}.get(entry.compress_type)
    if way is None:
        try:
            with _silence():
                opened = archive.open(_as_it_lies(archive, entry))
        except (
            UnicodeDecodeError
        ):  # its own name, which `zipfile` reads, is not the UTF-8 it claims
            way = {zipfile.ZIP_STORED: _as_it_is, zipfile.ZIP_DEFLATED: _from_deflate}.get(
                entry.compress_type
            )
            if way is None:
                raise
        else:
            with opened as stream:
                while piece := stream.read(_OUT):
                    yield piece
            return
    crc = size = 0
    packed: BinaryIO = io.BufferedReader(_Packed(archive, entry))
    for piece in way(packed):
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        yield piece
    if crc != entry.CRC or size != entry.file_size:
        raise zipfile.BadZipFile("bad CRC-32")


def _as_it_is(packed: BinaryIO) -> Iterator[bytes]:
    while piece := packed.read(_OUT):
        yield piece


def _from_deflate(packed: BinaryIO) -> Iterator[bytes]:
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    while not unpack.eof:
        more = unpack.unconsumed_tail or packed.read(_OUT)
        if not more:
            raise zipfile.BadZipFile("deflated data end early")
        if piece := unpack.decompress(more, _OUT):
            yield piece


def _from_zstd(packed: BinaryIO) -> Iterator[bytes]:
    import zstandard

    unpack = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    try:
        with unpack.stream_reader(packed, read_across_frames=True) as stream:
            while piece := stream.read(_OUT):
                yield piece
    except zstandard.ZstdError as error:
        raise zipfile.BadZipFile("bad Zstandard data") from error


def _from_xz(packed: BinaryIO) -> Iterator[bytes]:
    import lzma

    unpack = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_WINDOW)
    try:
        while not unpack.eof:
            more = packed.read(_OUT) if unpack.needs_input else b""
            if unpack.needs_input and not more:
                raise zipfile.BadZipFile("XZ data end early")
            if piece := unpack.decompress(more, _OUT):
                yield piece
    except lzma.LZMAError as error:
        raise zipfile.BadZipFile("bad XZ data") from error


def own_name(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    """What a member is called where it lies, or what the directory calls it if that cannot be had."""
    file = archive.fp
    if file is None:
        return entry.orig_filename
    file.seek(entry.header_offset)
    header = file.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        return entry.orig_filename
    flags, length = struct.unpack_from("<6xH18xH", header)
    raw = file.read(length)
    try:
        return raw.decode("utf-8" if flags & 0x800 else "cp437")
    except UnicodeDecodeError:
        return entry.orig_filename


def _as_it_lies(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """The entry under the name that the member has where it lies: `zipfile` opens no other."""
    name = own_name(archive, entry)
    if name == entry.orig_filename:
        return entry
    made = copy.copy(entry)
    made.orig_filename = name
    return made


_LONGEST_LINK = 1024


def is_link(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a symbolic link, and holds no more than the path that it leads to."""
    if not stat.S_ISLNK(entry.external_attr >> 16) or entry.create_system != 3:
        return False
    if not 0 < entry.file_size <= _LONGEST_LINK or entry.flag_bits & 1:
        return not entry.file_size
    try:
        target = b"".join(member_pieces(archive, entry))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError,
            struct.error, IndexError):  # fmt: skip
        return False  # what is wrong with it is told where it is read
    return not _NO_PATH & set(target)


_NO_PATH = frozenset(b"\r\n\0")


class _Packed(io.RawIOBase):
    """The packed bytes of one member of an archive, as a file."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        super().__init__()
        file = archive.fp
        if file is None or entry.flag_bits & 1:
            raise zipfile.BadZipFile("not readable")
        file.seek(entry.header_offset)
        header = file.read(30)
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile("no local header")
        names, extra = struct.unpack_from("<2H", header, 26)
        self._file = file
        self._at = entry.header_offset + 30 + names + extra
        self._left = entry.compress_size

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer`; returns the bytes given, 0 at the member's end."""
        self._file.seek(self._at)
        piece = self._file.read(min(len(buffer), self._left))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        self._left -= len(piece)
        return len(piece)
