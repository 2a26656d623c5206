r"""Files that were put into an office file as objects: what the streams of a compound file hold of them.

Office keeps an object in a compound file of its own, or in a storage of the file it was put into. A file
that was dragged in lies in a native stream with its name and the place it came from.

Source: MS-OLEDS 2.3.4 to 2.3.8 (`\1Ole10Native`, `\1CompObj`); for the packager's own structure in the native
stream, which Microsoft does not specify, Apache POI `Ole10Native`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from casekit.ingest.archives import Inner
from casekit.ingest.charsets import decode_text, more_facts, tidy
from casekit.ingest.limits import MAX_MEMBERS
from casekit.ingest.office import MOST_LISTED, Found
from casekit.ingest.olefiles import OleFile
from casekit.ingest.parsed import Context, Problem, Step, sha256

NATIVE = "\x01ole10native"
HOLDERS = (NATIVE, "package", "contents", "embeddedodf")
"""Streams that are a file, or begin with one, in lower case."""
_OBJECT = "\x01compobj"
_LONGEST = 1000
_DAMAGED = "A file inside is damaged or too large."


@dataclass(frozen=True, slots=True)
class Packed:
    """A file in a native stream.

    Attributes:
        start: Its first byte.
        length: Its bytes.
        label: The name it is shown under.
        source: Where it lay when it was put in, as Windows writes paths.
    """

    start: int
    length: int
    label: str = ""
    source: str = ""


def objects(ole: OleFile, name: str, below: bool = False) -> Iterator[Inner | Problem]:
    """The files in a compound file, each with the step that leads to it.

    Args:
        ole: The file.
        name: What a file is called that brings no name: that of the compound file.
        below: Whether only what lies in storages counts, because the file is a document itself.
    """
    found = 0
    for lower, path in ole.paths.items():
        folder, _, last = lower.rpartition("/")
        if last not in HOLDERS or (below and not folder):
            continue
        found += 1
        if found > MAX_MEMBERS:
            yield Problem("limits", "members", "Members beyond the limit were not read.")
            return
        data, way = ole.stream(lower), "/".join(path)
        packed = _packed(data) if last == NATIVE else Packed(0, len(data))
        if packed is None or not (packed.length or packed.label):
            yield Problem("open", "bad-part", _DAMAGED, path=tidy(way))
            continue
        inner = data[packed.start : packed.start + packed.length]
        shown = packed.label or _file_name(packed.source) or path[-2:-1] or name
        step = Step(
            "ole", name=way, offset=packed.start, length=packed.length, sha256=sha256(inner)
        )
        facts: dict[str, object] = {
            "object_class": _class(ole.stream(f"{folder}/{_OBJECT}" if folder else _OBJECT)),
            "packed_from": packed.source,
        }
        yield Inner(inner, shown if isinstance(shown, str) else shown[0], step, tidy(way), facts)


def read_objects(ole: OleFile, found: Found, context: Context) -> None:
    """Make the files in an old office file's storages its children, each read by its content."""
    from casekit.ingest.parts import read_part

    for held in objects(ole, context.name, below=True):
        if isinstance(held, Problem):
            found.problems.append(held)
            continue
        if len(found.children) == MOST_LISTED:
            said = f"Only {MOST_LISTED} of the files inside are listed one by one."
            found.trouble("children-cut", said)
            return
        made = read_part(held.data, held.name, "", context)
        facts = more_facts(made.facts, held.facts)
        found.children.append(msgspec.structs.replace(made, steps=(held.step,), facts=facts))


def _packed(untrusted_data: bytes) -> Packed | None:
    """Where a native stream's file lies; None where its lengths lead out of it."""
    if len(untrusted_data) < 4:
        return None
    (size,) = struct.unpack_from("<I", untrusted_data)
    end = min(4 + size, len(untrusted_data))
    return _dragged(untrusted_data, end) or (Packed(4, end - 4) if end > 4 else None)


def _dragged(untrusted_data: bytes, end: int) -> Packed | None:
    """The file that the system's packager put there; None if the stream is of another program."""
    try:
        (flags,) = struct.unpack_from("<H", untrusted_data, 4)
        if flags != 2:
            return None
        label, at = _line(untrusted_data, 6)
        source, at = _line(untrusted_data, at)
        _, kind, length = struct.unpack_from("<HHI", untrusted_data, at)
        if kind != 3:  # 1: a link to a file elsewhere
            return None
        start = at + 8 + length + 4
        (size,) = struct.unpack_from("<I", untrusted_data, start - 4)
    except (struct.error, ValueError):
        return None
    if start + size > end:
        return None
    wide = _wide(untrusted_data, start + size)
    return Packed(
        start,
        size,
        *(tidy(said)[:_LONGEST] for said in (wide or (_letters(label), _letters(source)))),
    )


def _line(untrusted_data: bytes, at: int) -> tuple[bytes, int]:
    end = untrusted_data.index(b"\0", at, at + 4 * _LONGEST)
    return untrusted_data[at:end], end + 1


def _letters(raw: bytes) -> str:
    return decode_text(raw).text if raw else ""


def _wide(untrusted_data: bytes, at: int) -> tuple[str, str] | None:
    """Label and source in Unicode, which newer systems put behind the file: its temporary path comes first."""
    said = []
    for _ in range(3):
        if at + 4 > len(untrusted_data):
            return None
        (letters,) = struct.unpack_from("<I", untrusted_data, at)
        raw = untrusted_data[at + 4 : at + 4 + 2 * letters]
        if not 0 < letters <= 4 * _LONGEST or len(raw) < 2 * letters:
            return None
        said.append(raw.decode("utf-16-le", "replace").rstrip("\0"))
        at += 4 + len(raw)
    return said[1], said[2]


def _file_name(source: str) -> str:
    return source.replace("/", "\\").rpartition("\\")[2]


def _class(untrusted_data: bytes) -> str:
    """The program's name for the kind of object, such as `AcroExch.Document.7`; nothing if none is said."""
    at = 28
    try:
        (length,) = struct.unpack_from("<I", untrusted_data, at)
        at += 4 + length
        (marker,) = struct.unpack_from("<I", untrusted_data, at)
        at += 4 + (4 if marker >= 0xFFFFFFFE else marker)
        (length,) = struct.unpack_from("<I", untrusted_data, at)
    except struct.error:
        return ""
    raw = untrusted_data[at + 4 : at + 4 + length].rstrip(b"\0")
    return tidy(raw.decode("cp1252", "replace")) if 0 < length <= 40 else ""
