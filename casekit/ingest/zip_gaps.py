"""Bytes of a zip that its directory says nothing of: before, between and behind what it lists, and its comment.

Whoever opens the archive sees none of them: an archive stuck in front of another, a member taken off the
list, a text behind the end.
"""

from __future__ import annotations

import struct
import zipfile
from typing import NamedTuple

from casekit.ingest.containers import Data

MOST = 100
"""Gaps that are read one by one."""

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_SIGNATURE, _END64, _LOCATOR = b"PK\x05\x05", b"PK\x06\x06", b"PK\x06\x07"
_HEADER = struct.Struct("<4s2xH18x2H").unpack
_LENGTHS = struct.Struct("<3H").unpack_from
_DESCRIPTOR = b"PK\x07\x08"
_STREAMED = 8


class Gap(NamedTuple):
    """Bytes nobody is led to.

    Attributes:
        start: The first one.
        end: The one behind the last.
    """

    start: int
    end: int


def gaps(untrusted_data: Data, archive: zipfile.ZipFile) -> list[Gap]:
    """The gaps of an archive in order; those of zeros alone, as programs align members with, are none.

    Source: PKWARE APPNOTE 6.3.10, 4.3.
    """
    taken = [
        (entry.header_offset, _member_end(untrusted_data, entry)) for entry in archive.infolist()
    ]
    taken.append((archive.start_dir, _directory_end(untrusted_data, archive.start_dir)))
    size = len(untrusted_data)
    found: list[Gap] = []
    at = 0
    for start, end in [*sorted(taken), (size, size)]:
        if at < start and untrusted_data[at:start].strip(b"\0"):
            found.append(Gap(at, min(start, size)))
        at = max(at, end)
    return found


def _member_end(untrusted_data: Data, entry: zipfile.ZipInfo) -> int:
    """Behind a member's local header, its data and what may be said of it behind them (4.3.9)."""
    start: int = entry.header_offset
    head = untrusted_data[start : start + 30]
    if len(head) < 30:
        return start
    mark, flags, names, extra = _HEADER(head)
    if mark != _LOCAL:
        return start
    end: int = start + 30 + names + extra + max(0, entry.compress_size)
    if not flags & _STREAMED:
        return end
    crc = struct.pack("<I", entry.CRC)
    signed = untrusted_data[end : end + 8] == _DESCRIPTOR + crc
    if signed or untrusted_data[end : end + 4] == crc:
        end += 4 * signed
        wide = untrusted_data[end + 4 : end + 20] == struct.pack(
            "<2Q", entry.compress_size, entry.file_size
        )
        end += 20 if wide else 12
    return end


def _directory_end(untrusted_data: Data, start: int) -> int:
    """Behind the directory and the records at its end; the archive's comment is left over."""
    at = start
    while True:
        head = untrusted_data[at : at + 46]
        mark = head[:4]
        if mark == _CENTRAL and len(head) == 46:
            names, extra, comment = _LENGTHS(head, 28)
            at += 46 + names + extra + comment
        elif mark == _SIGNATURE and len(head) > 6:
            at += 6 + int.from_bytes(head[4:6], "little")
        elif mark == _END64 and len(head) > 12:
            at += 12 + int.from_bytes(head[4:12], "little")
        elif mark == _LOCATOR:
            at += 20
        else:
            return at + 22 if mark == _END else at
