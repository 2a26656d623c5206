"""Tells what a zip file is from the names at its head: a Word document, another office file, an archive."""

from __future__ import annotations

import mmap
import re
import struct
from collections.abc import Iterator

_LOCAL = b"PK\x03\x04"
_CENTRAL = b"PK\x01\x02"
_STREAMED = 0x08
_OTHERS = (
    ("xl/", "unknown", "Excel workbook"),
    ("ppt/", "pptx", "PowerPoint presentation"),
    ("visio/", "unknown", "Visio drawing"),
    ("META-INF/container.xml", "epub", "electronic book (EPUB)"),
    ("Index/Document.iwa", "unknown", "Apple iWork document"),
    ("QuickLook/", "unknown", "Apple iWork document"),
    ("buildVersionHistory.plist", "unknown", "Apple iWork document"),
)
_TYPES = (
    ("application/vnd.oasis.opendocument.", "odf"),
    ("application/vnd.sun.xml.", "odf"),
    ("application/epub+zip", "epub"),
)
_WEB_ARCHIVE = re.compile(r"archive/[^/]+\.warc(?:\.gz)?$|indexes/index\.(?:cdxj?|idx)(?:\.gz)?$")
_WACZ = {"datapackage.json", "pages/pages.jsonl"}
_WORD = (".docx", ".docm", ".dotx", ".dotm")


def zip_format(untrusted_head: bytes, name: str) -> tuple[str, float, str]:
    """Format id, confidence and reason for bytes that begin as a zip file.

    Office files in formats that CaseKit does not read are `unknown`: as archives they would fall apart
    into pieces of markup that mean nothing.

    Source: PKWARE APPNOTE 6.3.10, 4.3.7 and 4.3.12; ECMA-376 part 2; OpenDocument 1.3 part 2.
    """
    names: list[str] = []
    for member, data in _members(untrusted_head):
        if member == "mimetype" and not names:
            kind = data[:80].decode("latin-1")
            if kind.startswith("application/"):
                kind = kind.split()[0]
                form = next((form for mark, form in _TYPES if kind.startswith(mark)), "unknown")
                return form, 0.9, f"document of type {kind}"
        names.append(member)
        if member.startswith("word/"):
            return "docx", 0.95, "zip with word/ in it"
    if "_journal/start.json" in names or {"header.json", "summaries.json"} <= set(names):
        return "inspect-eval", 0.95, "zip with an Inspect log's journal in it"
    for start, form, what in _OTHERS:
        if any(member.startswith(start) for member in names):
            return form, 0.9, what
    if {"content.xml", "styles.xml"} <= set(names):
        return "odf", 0.8, "OpenDocument file"
    if any(map(_WEB_ARCHIVE.match, names)) or set(names) >= _WACZ:
        return "wacz", 0.9, "zip with web archives in it"
    if names[:1] == ["[Content_Types].xml"] and name.lower().endswith(_WORD):
        return "docx", 0.6, "office package, and the name of a Word document"
    return "zip", 0.9, f"zip signature, {len(names)} names seen at the head"


def ends_as_zip(untrusted_data: bytes | mmap.mmap) -> bool:
    """Whether the directory of a zip ends the file: it unpacks itself, or is the last of several parts.

    Source: PKWARE APPNOTE 6.3.10, 4.3.16 and 8.
    """
    if untrusted_data[:2] == b"PK" or untrusted_data[:4] == b"\xd0\xcf\x11\xe0":
        return False
    tail = untrusted_data[max(0, len(untrusted_data) - 65_557) :]
    at = tail.rfind(b"PK\x05\x06")
    return at >= 0 and at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail)


def _members(untrusted_head: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and first bytes of the members whose headers lie in the head, in their order."""
    at = max(untrusted_head.find(_LOCAL, 0, 16), 0)
    while True:
        if untrusted_head[at : at + 4] == _CENTRAL and at + 46 <= len(untrusted_head):
            names, extra, comment = struct.unpack_from("<3H", untrusted_head, at + 28)
            yield _name(untrusted_head[at + 46 : at + 46 + names]), b""
            at += 46 + names + extra + comment
            continue
        if untrusted_head[at : at + 4] != _LOCAL or at + 30 > len(untrusted_head):
            return
        (flags,) = struct.unpack_from("<H", untrusted_head, at + 6)
        (packed,) = struct.unpack_from("<I", untrusted_head, at + 18)
        names, extra = struct.unpack_from("<2H", untrusted_head, at + 26)
        data = at + 30 + names + extra
        yield _name(untrusted_head[at + 30 : at + 30 + names]), untrusted_head[data : data + 100]
        if flags & _STREAMED and not packed:
            found = _next_header(untrusted_head, data)
            if found < 0:
                return
            at = found
        else:
            at = data + packed
            if untrusted_head[at : at + 4] == b"PK\x07\x08":
                at += 16


def _next_header(untrusted_head: bytes, start: int) -> int:
    """Where the next member begins when the sizes stand behind the data."""
    places = [untrusted_head.find(mark, start) for mark in (_LOCAL, _CENTRAL)]
    return min((place for place in places if place >= 0), default=-1)


def _name(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\\", "/")
