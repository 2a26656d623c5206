"""A PDF's bytes looked at without opening it: what could act in it, and where files embedded in it stand."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from casekit.ingest.containers import Data
from casekit.ingest.limits import LimitReached, budget
from casekit.ingest.parsed import Step, sha256

_ACTIVE = {
    b"JavaScript": "javascript", b"JS": "javascript", b"Launch": "launch", b"OpenAction": "open_action",
    b"AA": "further_actions", b"EmbeddedFile": "embedded_files", b"EmbeddedFiles": "embedded_files",
    b"Filespec": "embedded_files", b"SubmitForm": "submit_form", b"ImportData": "import_data",
    b"GoToR": "other_files", b"GoToE": "other_files", b"RichMedia": "rich_media", b"XFA": "xfa",
    b"URI": "links", b"ObjStm": "object_streams", b"Encrypt": "encryption", b"AcroForm": "form",
    b"OCProperties": "layers",
}  # fmt: skip
"""Names that tell what a PDF could do (ISO 32000-2, 7.11, 12.6), and the word for each."""
_ORDER = tuple(dict.fromkeys(_ACTIVE.values()))
_NAME = re.compile(rb"/(?:" + b"|".join(_ACTIVE) + rb")(?![A-Za-z0-9#_.-])")
_ESCAPED = re.compile(rb"/[A-Za-z]{0,12}+(?:#[0-9A-Fa-f]{2}[A-Za-z]{0,12}+){1,20}+")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_END = re.compile(rb"(?:\r\n|\n|\r)?endstream")
_LENGTH = re.compile(rb"/Length\s+(\d{1,10})(?!\s+\d+\s+R)")
_FILTER = re.compile(rb"/Filter\s*(?:\[([^\]]{0,200})\]|/(\w+))")
_FLATE = (b"FlateDecode", b"Fl")
_DICTIONARY = 4096
_MOST_OBJECTS = 64 * 1024 * 1024
_MOST_STREAMS = 20_000


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of a PDF: where its bytes stand and how they are packed.

    Attributes:
        start: First byte.
        length: Bytes.
        head: Its dictionary, or the end of it.
    """

    start: int
    length: int
    head: bytes

    @property
    def packed(self) -> str:
        """`` where it is not packed, `flate`, or `other`."""
        found = _FILTER.search(self.head)
        if found is None:
            return "other" if b"/Filter" in self.head or b"/F " in self.head else ""
        names = found.group(1).replace(b"/", b" ").split() if found.group(1) else [found.group(2)]
        flate = len(names) == 1 and names[0] in _FLATE and b"/DecodeParms" not in self.head
        return "flate" if flate else "other"


def streams(untrusted_data: Data, mark: bytes = b"") -> Iterator[Stream]:
    """The streams in file order, those only whose dictionary has `mark` in it (ISO 32000-2, 7.3.8)."""
    at = seen = 0
    while (place := untrusted_data.find(b"stream", at)) >= 0 and seen < _MOST_STREAMS:
        at = place + 6
        begin = _STREAM.match(untrusted_data, place)
        if begin is None or untrusted_data[max(0, place - 3) : place] == b"end":
            continue
        seen += 1
        head = untrusted_data[max(0, place - _DICTIONARY) : place]
        head = head[max(0, head.rfind(b" obj")) :]
        length = _length(untrusted_data, begin.end(), head)
        at = begin.end() + length
        if mark in head:
            yield Stream(begin.end(), length, head)


def _length(untrusted_data: Data, start: int, head: bytes) -> int:
    """Bytes of a stream: what its dictionary says where that leads to its end, else up to the next mark."""
    stated = _LENGTH.search(head)
    if stated is not None:
        length = int(stated.group(1))
        if _END.match(untrusted_data, start + length):
            return length
    end = untrusted_data.find(b"endstream", start)
    if end < 0:
        return len(untrusted_data) - start
    length = end - start
    tail = untrusted_data[max(start, end - 2) : end]
    return length - (2 if tail == b"\r\n" else 1 if tail[-1:] in (b"\n", b"\r") else 0)


def unpacked(untrusted_data: Data, stream: Stream, most: int) -> bytes | None:
    """A stream's content; None where it is packed in another way, damaged or larger than `most`.

    Raises:
        LimitReached: The file unfolds too far.
    """
    raw = untrusted_data[stream.start : stream.start + stream.length]
    if not stream.packed:
        return raw
    if stream.packed != "flate":
        return None
    unpack = zlib.decompressobj()
    try:
        data = unpack.decompress(raw, most)
    except zlib.error:
        return None
    budget().use(len(data), len(data), len(raw))
    return data if unpack.eof else None


def active_names(untrusted_data: Data) -> list[str]:
    """What could act in the PDF, by names in its bytes and in its packed objects, however they are written.

    Words: `javascript`, `launch` (a program), `open_action`, `further_actions`, `embedded_files`,
    `submit_form`, `import_data`, `other_files`, `rich_media`, `xfa`, `links`, `object_streams`,
    `encryption`, `form`, `layers`. In an encrypted PDF packed objects cannot be looked into.
    """
    found = _names(untrusted_data)
    if "object_streams" in found:
        held = 0
        for stream in streams(untrusted_data, b"/ObjStm"):
            try:
                data = unpacked(untrusted_data, stream, _MOST_OBJECTS)
            except LimitReached:
                break
            held += len(data or b"")
            found |= _names(data or b"")
            if held > _MOST_OBJECTS:
                break
    return [word for word in _ORDER if word in found]


def _names(data: Data) -> set[str]:
    found = {_ACTIVE[match.group()[1:]] for match in _NAME.finditer(data)}
    for match in _ESCAPED.finditer(data):
        plain = _HEX.sub(lambda each: bytes([int(each.group(1), 16)]), match.group())
        if plain[1:] in _ACTIVE:
            found.add(_ACTIVE[plain[1:]])
    return found


def find_file(untrusted_data: Data, digest: bytes, size: int) -> Step | None:
    """The step that leads to an embedded file with this SHA-256, or None where it cannot be cut out.

    A file is looked for among the streams that say they are one, and then among all others.
    """
    marked = list(streams(untrusted_data, b"/EmbeddedFile"))
    for stream in marked or streams(untrusted_data):
        if stream.packed == "other" or (not stream.packed and stream.length != size):
            continue
        try:
            data = unpacked(untrusted_data, stream, size + 1)
        except LimitReached:
            return None
        if data is None or len(data) != size or sha256(data) != digest:
            continue
        before = b""
        if stream.packed:
            before = sha256(untrusted_data[stream.start : stream.start + stream.length])
        return Step(
            "slice", offset=stream.start, length=stream.length, decoding=stream.packed, before=before,
            sha256=digest,
        )  # fmt: skip
    return None
