"""Tells what an old office container (OLE compound file) is, by the names in its directory."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from casekit.ingest.containers import Data, DataFile

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = "office-locked"
"""Format id of an office file that is encrypted or under rights management."""
OBJECT = "ole-object"
"""Format id of a file that was put into an office file as an object."""
_BY_NAME = (
    ("encryptedpackage", LOCKED),
    ("encryptioninfo", LOCKED),
    ("\tdrmcontent", LOCKED),
    ("__properties_version1.0", "msg"),
    ("__nameid_version1.0", "msg"),
    ("__substg1.0_", "msg"),
    ("worddocument", "doc"),
    ("powerpoint document", "ppt"),
    ("pp97_dualstorage", "ppt"),
    ("workbook", "workbook"),
    ("book", "workbook"),
    ("\x01ole10native", OBJECT),
    ("package", OBJECT),
    ("embeddedodf", OBJECT),
)
"""Names of streams and storages below the root, in lower case, the more telling first."""
_MARKS = tuple(
    name.encode("utf-16-le") for name in (*dict(_BY_NAME), "contents") if name != "workbook"
)  # `book` is in it
_KELVIN = "\u212a".encode(
    "utf-16-le"
)  # the one other letter whose small one is a letter of these names
_SMALL = 256 * 1024
"""Bytes of a file in which looking for the names is quicker than following the directory."""
_ENTRY = 128
_MOST_ENTRIES = 4096


def ole_format(untrusted_data: Data) -> str:
    """`msg`, `doc`, `ppt`, `workbook`, `office-locked` or `ole-object`, or nothing for any other file.

    What lies in storages (a workbook inside a letter) does not count. Where the directory cannot be
    followed, its entries are looked for one behind the other from its first sector on.

    Source: MS-CFB 2.2 and 2.6, MS-OXMSG 2.1, MS-DOC 2.1, MS-PPT 2.1, MS-XLS 2.1, MS-OFFCRYPTO 2.3.
    """
    if untrusted_data[:8] != SIGNATURE or len(untrusted_data) < 512:
        return ""
    if not _may_name(untrusted_data):
        return ""
    names = {name.lower() for name in _root_names(untrusted_data) or _entries(untrusted_data)}
    for mark, form in _BY_NAME:
        if mark in names or (mark[-1] == "_" and any(name.startswith(mark) for name in names)):
            return form
    known_object = not names.isdisjoint(("\x01compobj", "\x01ole", "\x03objinfo"))
    return OBJECT if known_object and "contents" in names else ""


def _may_name(untrusted_data: Data) -> bool:
    """Whether a name that tells a format may stand in a small file, by its bytes and not by its directory."""
    if len(untrusted_data) > _SMALL or untrusted_data[30] not in (9, 12) or untrusted_data[31]:
        return True  # in sectors of another size a name may lie in two pieces
    lower = untrusted_data[:].lower()
    return _KELVIN in lower or any(mark in lower for mark in _MARKS)


def _root_names(untrusted_data: Data) -> list[str]:
    import olefile

    try:
        with olefile.OleFileIO(DataFile(untrusted_data)) as file:
            return [str(entry.name) for entry in file.root.kids]
    except Exception:  # noqa: BLE001 - olefile raises whatever a broken directory leads to
        return []


def _entries(untrusted_data: Data) -> Iterator[str]:
    """Names of what looks like entries, from the first sector of the directory on or all over the head."""
    shift, first = struct.unpack_from("<H16xI", untrusted_data[:76], 30)
    sector = 1 << shift if shift in (9, 12) else 512
    start = (first + 1) * sector
    found = untrusted_data[start : start + _ENTRY * _MOST_ENTRIES]
    if not found:
        found = untrusted_data[: _ENTRY * _MOST_ENTRIES]
    for at in range(0, len(found) - _ENTRY + 1, _ENTRY):
        (size,) = struct.unpack_from("<H", found, at + 64)
        if 2 <= size <= 64 and found[at + 66] in (1, 2):
            yield found[at : at + size - 2].decode("utf-16-le", "replace")
