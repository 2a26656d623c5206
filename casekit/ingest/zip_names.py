"""What a zip's members are called, whatever program wrote their names in whatever letters."""

from __future__ import annotations

import struct
import zipfile
import zlib

_ENOUGH = 64 * 1024  # bytes of names from which the letters they are in are told


def shown_names(entries: list[zipfile.ZipInfo]) -> list[str]:
    """Names for display, in order: archives of old programs carry UTF-8, GBK or Shift-JIS without saying so."""
    if all(entry.orig_filename.isascii() for entry in entries):
        return [
            entry.filename if entry.flag_bits & 0x800 else entry.orig_filename or entry.filename
            for entry in entries
        ]
    raw = [b"" if entry.flag_bits & 0x800 else _raw_name(entry) for entry in entries]
    doubtful = b"\n".join(name for name in raw if name and not name.isascii())
    charset = _charset(doubtful) if doubtful else "ascii"
    names = []
    for entry, name in zip(entries, raw, strict=True):
        if name and not name.isascii() and (said := _unicode_path(entry, name)):
            names.append(said)
            continue
        try:
            names.append(
                name.decode("ascii" if name.isascii() else charset) if name else entry.filename
            )
        except (UnicodeError, LookupError):
            names.append(entry.filename)
    return names


def _raw_name(entry: zipfile.ZipInfo) -> bytes:
    try:
        return entry.orig_filename.encode("cp437")
    except UnicodeError:
        return b""


def _charset(names: bytes) -> str:
    try:
        names.decode("utf-8")
    except UnicodeError:
        pass
    else:
        return "utf-8"
    from charset_normalizer import from_bytes

    best = from_bytes(
        names[:_ENOUGH], cp_isolation=["gb18030", "cp932", "cp949", "big5", "cp437", "cp1252"]
    ).best()
    return best.encoding if best else "cp437"


def _unicode_path(entry: zipfile.ZipInfo, raw: bytes) -> str:
    """The name in UTF-8 that a field beside the name gives, if it belongs to that name; else nothing.

    Source: PKWARE APPNOTE 6.3.10, 4.6.9 (Info-ZIP Unicode Path, 0x7075).
    """
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if (
            kind == 0x7075
            and field[:1] == b"\1"
            and field[1:5] == struct.pack("<L", zlib.crc32(raw))
        ):
            try:
                return field[5:].decode("utf-8").partition("\0")[0]
            except UnicodeDecodeError:
                return ""
    return ""
