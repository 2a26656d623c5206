"""Tells what an old office container (OLE compound file) is, by the names in its directory."""

from __future__ import annotations

import struct

from casekit.ingest.containers import Data

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MESSAGE = "__properties_version1.0".encode("utf-16-le")
_VALUE = "__substg1.0_".encode("utf-16-le")
_ENTRY = 128
_MOST_ENTRIES = 4096


def ole_format(untrusted_data: Data) -> str:
    """`msg` for an Outlook item, or nothing for any other.

    The directory is looked at without its chain of sectors: from its first sector on for as long as what
    stands there are entries, and, where that sector does not lie in the file, all over its first part.

    Source: MS-CFB 2.2 and 2.6, MS-OXMSG 2.1.
    """
    if untrusted_data[:8] != SIGNATURE or len(untrusted_data) < 512:
        return ""
    shift, first = struct.unpack_from("<H16xI", untrusted_data[:76], 30)
    sector = 1 << shift if shift in (9, 12) else 512
    start = (first + 1) * sector
    found = untrusted_data[start : start + _ENTRY * _MOST_ENTRIES]
    if not found:
        found = untrusted_data[: _ENTRY * _MOST_ENTRIES]
    for at in range(0, len(found) - _ENTRY + 1, _ENTRY):
        entry = found[at : at + 64]
        if entry.startswith((_MESSAGE, _VALUE)):
            return "msg"
    return ""
