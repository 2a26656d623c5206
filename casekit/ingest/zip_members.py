"""Unpacks one member of a zip by every method met in evidence, Zstandard among them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

ZSTD = 93
"""The method's number."""

_WINDOW = 128 * 1024 * 1024
"""Bytes of memory that a Zstandard frame may ask for."""
_OUT = 256 * 1024


def member_pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a zip's member unpacks to, piece by piece, checked against its CRC at the end.

    Raises:
        zipfile.BadZipFile: The member is damaged or disagrees with the directory.
        OSError, ValueError, RuntimeError, EOFError, zlib.error: It cannot be unpacked.

    Source: PKWARE APPNOTE 6.3.10, 4.4.5 (method 93 is Zstandard, which `zipfile` does not know).
    """
    if entry.compress_type != ZSTD:
        with archive.open(entry) as stream:
            while piece := stream.read(_OUT):
                yield piece
        return
    import zstandard

    unpack = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    crc = size = 0
    try:
        packed = io.BufferedReader(_Packed(archive, entry))
        with unpack.stream_reader(packed, read_across_frames=True) as stream:
            while piece := stream.read(_OUT):
                crc, size = zlib.crc32(piece, crc), size + len(piece)
                yield piece
    except zstandard.ZstdError as error:
        raise zipfile.BadZipFile("bad Zstandard data") from error
    if crc != entry.CRC or size != entry.file_size:
        raise zipfile.BadZipFile("bad CRC-32")


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
