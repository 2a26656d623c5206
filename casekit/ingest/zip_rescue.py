"""A zip whose directory is lost, as one cut off in transfer: its members by the headers that stand before each.

A member counts as whole if its bytes are there up to the last; whether they are the right ones its checksum
says, as for every member.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import NamedTuple

from casekit.ingest.containers import Data, DataFile, Directory, open_zip, zip_members
from casekit.ingest.limits import MAX_MEMBERS, Budget, LimitReached
from casekit.ingest.parsed import Problem, Step
from casekit.ingest.zip_names import shown_names

NO_DIRECTORY = "The archive's directory cannot be read."
BY_HEADERS = (
    "The archive's directory is missing or cannot be read, as when a file was cut off in transfer; "
    "the members that are whole were found by their own headers."
)
_HEAD = struct.Struct("<4s5H3L2H")
_LOCAL, _DESCRIPTOR = b"PK\x03\x04", b"PK\x07\x08"
_MARKS = re.compile(rb"PK(?:\x03\x04|\x01\x02|\x05\x05|\x05\x06|\x06\x06|\x06\x07)")
_OF_DIRECTORY = {
    b"PK\x01\x02": (46, 28, 3), b"PK\x05\x05": (6, 4, 1), b"PK\x05\x06": (22, 20, 1),
}  # fmt: skip
"""Of each record of a directory: its bytes, where the lengths of what follows them stand, how many."""
_OF_DIRECTORY_64 = {b"PK\x06\x06": (12, 4), b"PK\x06\x07": (20, 0)}
"""Of the records for large archives: their bytes, and where the length of the rest stands."""
_FIRST_OF_PARTS, _OF_PARTS = (b"PK\x07\x08PK\x03\x04", b"PK00PK\x03\x04"), 4
"""How the first of several parts of an archive begins (8.5.3), and the bytes before its first header."""
_METHODS = frozenset((*range(13), 14, 16, 18, 19, 20, *range(93, 100)))
_NEWEST = 63
_STREAMED, _UTF8 = 0x08, 0x800
_WIDE = 0xFFFFFFFF
_PIECE = 256 * 1024
_MOST_TRIES = 1000
_EMPTY = b"PK\x05\x06" + bytes(18)


@dataclass(frozen=True, slots=True)
class Rescue:
    """What was found without a directory.

    Attributes:
        directory: The whole members, as a directory would list them.
        problems: What lies where no whole member is, with its offset and length, and which member that was.
        lost: Bytes of these.
        extents: For each member by number its first byte, that of its header, and the one behind its last.
    """

    directory: Directory
    problems: tuple[Problem, ...]
    lost: int
    extents: tuple[tuple[int, int], ...]


class _Local(NamedTuple):
    """A member as its header tells: the entry, and the byte behind all that belongs to it."""

    entry: zipfile.ZipInfo
    end: int


class _Cut(Exception):
    """The file ends inside the member."""


def directory_of(untrusted_data: Data, budget: Budget) -> tuple[Directory, bool]:
    """The directory of a zip, and whether it was made from the headers of its whole members.

    Raises:
        zipfile.BadZipFile: There is neither.
    """
    try:
        return open_zip(untrusted_data), False
    except zipfile.BadZipFile:
        try:
            saved = rescue(untrusted_data, budget)
        except LimitReached:
            saved = None
        if saved is None:
            raise
        return saved.directory, True


def rescue(untrusted_data: Data, budget: Budget) -> Rescue | None:
    """The whole members of a zip by their own headers; None where there is none.

    Args:
        untrusted_data: The archive.
        budget: Counts what is looked through: a hostile archive could make that very much.

    Raises:
        LimitReached: That is too much.

    Source: PKWARE APPNOTE 6.3.10, 4.3.7 and 4.3.9.
    """
    size = len(untrusted_data)
    found: list[_Local] = []
    problems: list[Problem] = []
    at, lost = _OF_PARTS * (untrusted_data[:8] in _FIRST_OF_PARTS), 0
    while at < size and len(found) < MAX_MEMBERS and len(problems) < _MOST_TRIES:
        behind = _behind(untrusted_data, at)
        if behind is not None:
            at = behind
            continue
        local, name, cut = None, "", False
        if untrusted_data[at : at + 4] == _LOCAL:
            name = _name_at(untrusted_data, at)
            try:
                local = _local(untrusted_data, at, budget)
            except _Cut:
                cut = True
        if local is not None:
            found.append(local)
            at = local.end
            continue
        after = _next_mark(untrusted_data, at + 1, budget)
        if untrusted_data[at:after].strip(b"\0"):
            lost += after - at
            problems += _told(at, after, name, cut=cut and after == size)
        at = after
    if not found:
        return None
    if at < size:
        lost += size - at
        text = "Members beyond the limit were not read."
        problems.append(Problem("limits", "members", text, offset=at, length=size - at))
    extents = tuple((local.entry.header_offset, local.end) for local in found)
    return Rescue(_listed(untrusted_data, found), tuple(problems), lost, extents)


def _told(start: int, end: int, name: str, *, cut: bool) -> list[Problem]:
    """Where bytes are lost, counted in the archive, and of which member by the name in its header."""
    text = "These bytes of the archive belong to no member that can be read."
    place = Problem("open", "lost-bytes", text, offset=start, length=end - start)
    if not name:
        return [place]
    text = "The archive ends inside this member, which cannot be read."
    if not cut:
        text = "The member cannot be unpacked."
    return [place, Problem("open", "cut-member" if cut else "bad-member", text, path=name)]


def _listed(data: Data, found: list[_Local]) -> Directory:
    archive = zipfile.ZipFile(io.BytesIO(_EMPTY))
    archive.fp = DataFile(data)  # type: ignore[assignment]
    entries = [local.entry for local in found]
    names = shown_names(entries)
    folders = [entry.filename.endswith("/") and not entry.file_size for entry in entries]
    files = tuple(
        (number, names[number], entry)
        for number, entry in enumerate(entries)
        if not folders[number]
    )
    return Directory(archive, files, sum(folders), 0, 0)


def _local(data: Data, at: int, budget: Budget) -> _Local | None:
    """The member whose header stands at `at`; None if it is none.

    Raises:
        _Cut: The file ends before the member does.
    """
    head = data[at : at + _HEAD.size]
    if len(head) < _HEAD.size:
        raise _Cut
    _, version, flags, method, _, _, crc, packed, full, names, extras = _HEAD.unpack(head)
    if not _is_header(version, method, names):
        return None
    start = at + _HEAD.size + names + extras
    if start > len(data):
        raise _Cut
    raw = data[at + _HEAD.size : start]
    entry = _entry(raw[:names], flags)
    entry.header_offset, entry.flag_bits, entry.compress_type = at, flags, method
    entry.extra = raw[names:]
    if _WIDE in (packed, full):
        packed, full = _wide_sizes(entry.extra, packed, full)
    if flags & _STREAMED and not packed:
        return _streamed(data, entry, start, budget)
    entry.CRC, entry.compress_size, entry.file_size = crc, packed, full
    end = start + packed
    if end > len(data):
        raise _Cut
    return _Local(entry, _behind_descriptor(data, entry, end) if flags & _STREAMED else end)


def _is_header(version: int, method: int, names: int) -> bool:
    """Whether these are values that a header has, and not four bytes that look like one."""
    return version & 0xFF <= _NEWEST and method in _METHODS and names > 0


def _entry(raw: bytes, flags: int) -> zipfile.ZipInfo:
    try:
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError:
        name = raw.decode("cp437")
    entry = zipfile.ZipInfo()
    entry.orig_filename, entry.filename = name, name.partition("\0")[0]
    return entry


def _name_at(data: Data, at: int) -> str:
    head = data[at : at + _HEAD.size]
    if len(head) < _HEAD.size:
        return ""
    flags, names = struct.unpack_from("<6xH18xH", head)
    raw = data[at + _HEAD.size : at + _HEAD.size + names]
    return shown_names([_entry(raw, flags)])[0] if len(raw) == names else ""


def _wide_sizes(extra: bytes, packed: int, full: int) -> tuple[int, int]:
    """Packed and unpacked size from the field for large members (4.5.3)."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == 1:
            if full == _WIDE and len(field) >= 8:
                full, field = int.from_bytes(field[:8], "little"), field[8:]
            if packed == _WIDE and len(field) >= 8:
                packed = int.from_bytes(field[:8], "little")
            break
    return packed, full


def _streamed(data: Data, entry: zipfile.ZipInfo, start: int, budget: Budget) -> _Local | None:
    """A member whose sizes stand behind its data: deflated data end by themselves, others at the sizes."""
    if entry.compress_type == zipfile.ZIP_DEFLATED and not entry.flag_bits & 1:
        end = _inflated_end(data, start, budget)
        if end is None:
            return None
        ends = [end]
    else:
        ends = _descriptors(data, start, budget)
    for end in ends:
        at = end + 4 * (data[end : end + 4] == _DESCRIPTOR)
        for form in ("<LQQ", "<LLL"):
            said = data[at : at + struct.calcsize(form)]
            if len(said) == struct.calcsize(form):
                crc, packed, full = struct.unpack(form, said)
                if packed == end - start:
                    entry.CRC, entry.compress_size, entry.file_size = crc, packed, full
                    return _Local(entry, at + len(said))
    if not ends or ends[-1] + 24 > len(data):
        raise _Cut
    return None


def _inflated_end(data: Data, start: int, budget: Budget) -> int | None:
    """The byte behind deflated data, or None where they are damaged."""
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    at, given = start, 0
    held = b""
    while not unpack.eof:
        if not held:
            held = data[at : at + _PIECE]
            at += len(held)
            if not held:
                raise _Cut
        try:
            out = unpack.decompress(held, _PIECE)
        except zlib.error:
            return None
        held = unpack.unconsumed_tail
        given += len(out)
        budget.use(len(out), given, at - start)
    return at - len(unpack.unused_data)


def _descriptors(data: Data, start: int, budget: Budget) -> list[int]:
    """Where behind `start` the sizes of a member may stand, by the mark that is mostly before them."""
    at = start
    for _ in range(_MOST_TRIES):
        place = data.find(_DESCRIPTOR, at)
        looked = (place if place >= 0 else len(data)) - at
        budget.use(looked, looked, looked)
        if place < 0:
            break
        for form in ("<L", "<Q"):
            said = data[place + 8 : place + 8 + struct.calcsize(form)]
            if said == struct.pack(form, place - start):
                return [place]
        at = place + 1
    return []


def _behind_descriptor(data: Data, entry: zipfile.ZipInfo, end: int) -> int:
    """Behind the sizes that are said again behind the data."""
    crc = struct.pack("<L", entry.CRC)
    at = end + 4 * (data[end : end + 4] == _DESCRIPTOR)
    if data[at : at + 4] != crc:
        return end
    wide = struct.pack("<2Q", entry.compress_size, entry.file_size)
    at += 20 if data[at + 4 : at + 20] == wide else 12
    return min(at, len(data))


def _behind(data: Data, at: int) -> int | None:
    """Behind the record of a directory that stands at `at`, whole or cut; None if none does."""
    mark = data[at : at + 4]
    if mark in _OF_DIRECTORY_64:
        length, place = _OF_DIRECTORY_64[mark]
        rest = int.from_bytes(data[at + place : at + place + 8], "little") if place else 0
        return min(at + length + rest, len(data)) if rest < len(data) else None
    if mark not in _OF_DIRECTORY:
        return None
    length, place, count = _OF_DIRECTORY[mark]
    head = data[at : at + length]
    if len(head) < length:
        return len(data)
    rest = sum(struct.unpack_from(f"<{count}H", head, place))
    return min(at + length + int(rest), len(data))


def _next_mark(data: Data, start: int, budget: Budget) -> int:
    """Where the next header of a member or record of a directory begins, or the size."""
    at = start
    while (found := _MARKS.search(data, at)) is not None:
        place = found.start()
        budget.use(place - at, place - at, place - at)
        head = data[place : place + _HEAD.size]
        if found.group() != _LOCAL or len(head) < _HEAD.size:
            return place
        _, version, _, method, _, _, _, _, _, names, _ = _HEAD.unpack(head)
        if _is_header(version, method, names):
            return place
        at = place + 1
    return len(data)


def take(untrusted_data: Data, step: Step) -> bytes:
    """The step `zip-local` again: the member whose header begins at `offset`, unpacked.

    Raises:
        ValueError: No whole member begins there.
    """
    budget = Budget(0, {})
    try:
        local = _local(untrusted_data, step.offset, budget)
    except (_Cut, LimitReached):
        local = None
    if local is None or untrusted_data[step.offset : step.offset + 4] != _LOCAL:
        raise ValueError("no whole member begins there")
    (member,) = zip_members(_listed(untrusted_data, [local]), budget)
    if member.data is None:
        raise ValueError("the member is damaged")
    return member.data[:]
