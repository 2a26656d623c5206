"""PowerPoint files from before 2007: a page a slide, in the order of the show, with notes and comments."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data
from casekit.ingest.limits import MAX_RATIO, RATIO_FLOOR, LimitReached, budget
from casekit.ingest.office import MOST_LISTED, Found
from casekit.ingest.olefiles import OleFile, open_ole, read_ole_facts
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step, sha256

_DOCUMENT, _SLIDE, _NOTES, _MASTER = 1000, 1006, 1008, 1016
_SLIDE_PLACE, _LIST = 1011, 4080
_WIDE_TEXT, _PLAIN_TEXT, _STRING = 4000, 4008, 4026
_EDIT, _PLACES, _COMMENT, _FOOTER = 4085, 6002, 12000, 4057
_ENCRYPTED = 0xF3D1C4DF
_BLOB, _SHAPE, _PLACEHOLDER = 5003, 0xF004, 3011
_OBJECT = 4113
_STREAMS = ("PowerPoint Document", "PP97_DUALSTORAGE/PowerPoint Document")
_MOST_RECORDS = 2_000_000
_MOST_DEPTH = 32


_Placed = tuple[int, list[str]]
"""Number of a record, and the text of its outline."""


class _BadPpt(Exception):
    """The stream is no presentation."""


@dataclass(slots=True)
class _Show:
    """What is found in the stream of records."""

    data: bytes
    places: dict[int, int] = field(default_factory=dict)
    records: int = 0

    def records_in(self, start: int, end: int) -> Iterator[tuple[int, int, int, int, bool]]:
        """Type, instance, first byte and end of the content of each record, and whether it holds records."""
        at = start
        end = min(end, len(self.data))
        while at + 8 <= end and self.records < _MOST_RECORDS:
            self.records += 1
            head, kind, size = struct.unpack_from("<HHI", self.data, at)
            stop = min(at + 8 + size, end)
            yield kind, head >> 4, at + 8, stop, head & 0xF == 0xF
            at = at + 8 + size

    def texts(self, start: int, end: int, depth: int = 0) -> Iterator[str]:
        """Every text below, in order; comments and names of things are left to others."""
        for kind, _, first, stop, holds in self.records_in(start, end):
            if kind == _WIDE_TEXT:
                yield _wide(self.data[first:stop])
            elif kind == _PLAIN_TEXT:
                yield self.data[first:stop].decode("latin-1")
            elif holds and kind != _COMMENT and depth < _MOST_DEPTH:
                yield from self.texts(first, stop, depth + 1)

    def strings(self, start: int, end: int) -> list[tuple[int, str]]:
        """Number and text of the named strings right below."""
        return [
            (number, _wide(self.data[first:stop]))
            for kind, number, first, stop, _ in self.records_in(start, end)
            if kind == _STRING
        ]

    def find(self, wanted: int, start: int, end: int, depth: int = 0) -> Iterator[tuple[int, int]]:
        """Content of each record of a type, however deep it lies."""
        for kind, _, first, stop, holds in self.records_in(start, end):
            if kind == wanted:
                yield first, stop
            elif (holds or kind == _BLOB) and depth < _MOST_DEPTH:
                yield from self.find(wanted, first, stop, depth + 1)


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document`: parts `page/n` for each slide, `notes` and `comments` with the number of their slide.

    Files that were put into it as objects are its children.

    Facts: those of `olefiles.read_ole_facts`, `comments` (author of each), `saves` (how often it was saved
    over itself; the text is that of the last time).

    Source: MS-PPT 2.3 to 2.5 and 2.9.
    """
    found = Found(media_type="application/vnd.ms-powerpoint")
    with open_ole(untrusted_data) as ole:
        if ole is None:
            found.trouble("bad-office-file", "The file's directory is damaged.")
        else:
            read_ole_facts(ole, found)
            try:
                _read_show(ole, found)
                _read_objects(ole, found, context)
            except (_BadPpt, struct.error):
                found.trouble("bad-office-file", "The presentation's main part is damaged.")
    yield found.document(untrusted_data, context)
    yield Books(len(untrusted_data))


def _read_objects(ole: OleFile, found: Found, context: Context) -> None:
    """Objects, each a compound file of its own, most of them packed (MS-PPT 2.10.34 to 2.10.36)."""
    from casekit.ingest.parts import read_part

    way = next((name for name in _STREAMS if ole.stream(name)), _STREAMS[0])
    show = _Show(ole.stream(way))
    for kind, packed, start, stop, _ in show.records_in(0, len(show.data)):
        if kind != _OBJECT or len(found.children) >= MOST_LISTED:
            continue
        first = start + 4 * packed  # its size unpacked stands before it
        raw = show.data[first:stop]
        try:
            given = _inflated(raw) if packed else raw
        except LimitReached as reached:
            found.problems.append(Problem("limits", reached.kind, reached.text))
            return
        except (zlib.error, EOFError):
            found.trouble("bad-part", "A file inside is damaged or too large.")
            continue
        made = read_part(given, f"object {len(found.children) + 1}", "", context)
        step = Step(
            "ole", name="/".join(ole.paths[way.lower()]), offset=first, length=len(raw), sha256=made.sha256,
            decoding="flate" if packed else "", before=sha256(raw) if packed else b"",
        )  # fmt: skip
        found.children.append(msgspec.structs.replace(made, steps=(step,)))


def _inflated(raw: bytes) -> bytes:
    """What a packed object holds.

    Raises:
        LimitReached: More than a file may unfold to.
        zlib.error, EOFError: It is damaged.
    """
    unpack = zlib.decompressobj()
    given = unpack.decompress(raw, RATIO_FLOOR + len(raw) * MAX_RATIO + 1)
    budget().use(len(given), len(given), len(raw))
    if not unpack.eof:
        raise EOFError
    return given


def _read_show(ole: OleFile, found: Found) -> None:
    user = ole.stream("Current User")
    data = next(filter(None, map(ole.stream, _STREAMS)), b"")
    if len(user) >= 20 and struct.unpack_from("<I", user, 12)[0] == _ENCRYPTED:
        found.trouble("encrypted", "The presentation needs a password.")
        return
    if len(data) < 8:
        raise _BadPpt
    show = _Show(data)
    document = _last_document(show, user, found)
    slides, masters, notes = _lists(show, *document)
    lines: list[str] = []
    comments: list[str] = []
    authors: list[str] = []
    for number, (place, outline) in enumerate(slides, 1):
        start, end = _content(show, place, _SLIDE)
        own = [*outline, *show.texts(start, end)]
        found.add(f"page/{number}", _tidied(own))
        for first, stop in show.find(_COMMENT, start, end):
            said = dict(show.strings(first, stop))
            if text := tidy(said.get(1, "")).strip():
                comments.append(f"[{number}] {text}")
                authors.append(f"[{number}] {tidy(said.get(0, ''))}".strip())
    for number, (place, outline) in enumerate(notes, 1):
        start, end = _content(show, place, _NOTES)
        if text := _tidied([*outline, *show.texts(start, end)]):
            lines.append(f"[{number}] {text}")
    found.add("notes", "\n".join(lines))
    found.add("comments", "\n".join(comments))
    footers = (text for where in show.find(_FOOTER, *document) for _, text in show.strings(*where))
    found.add("footers", _tidied(list(dict.fromkeys(footers))))
    found.add("masters", _masters(show, masters))
    found.pages = len(slides)
    found.facts["comments"] = authors[:MOST_LISTED]
    if not found.texts and not found.problems:
        found.trouble("no-text", "The presentation carries no text.")


def _last_document(show: _Show, user: bytes, found: Found) -> tuple[int, int]:
    """Content of the document record as it was saved last, after the places of all others are known."""
    at = struct.unpack_from("<I", user, 16)[0] if len(user) >= 20 else -1
    document = saves = 0
    seen: set[int] = set()
    while 0 <= at <= len(show.data) - 36 and at not in seen and len(seen) < 10_000:
        seen.add(at)
        kind = struct.unpack_from("<xxH", show.data, at)[0]
        if kind != _EDIT:
            break
        saves += 1
        before, places, reference = struct.unpack_from("<III", show.data, at + 16)
        document = document or reference
        _note_places(show, places)
        at = before or -1
    found.facts["saves"] = saves if saves > 1 else 0
    if document in show.places:
        return _content(show, document, _DOCUMENT)
    for kind, _, first, stop, _ in show.records_in(
        0, len(show.data)
    ):  # the chain is broken: the first one
        if kind == _DOCUMENT:
            return first, stop
    raise _BadPpt


def _note_places(show: _Show, at: int) -> None:
    """Where each numbered record stands; what was saved later comes first and stays (MS-PPT 2.3.4)."""
    for kind, _, first, stop, _ in show.records_in(at, len(show.data)):
        if kind != _PLACES:
            return
        while first + 4 <= stop:
            (head,) = struct.unpack_from("<I", show.data, first)
            number, count = head & 0xFFFFF, head >> 20
            offsets = show.data[first + 4 : min(stop, first + 4 + 4 * count)]
            for step in range(len(offsets) // 4):
                (offset,) = struct.unpack_from("<I", offsets, 4 * step)
                show.places.setdefault(number + step, offset)
            first += 4 + 4 * count
        return


def _content(show: _Show, place: int, wanted: int) -> tuple[int, int]:
    at = show.places.get(place, -1)
    if not 0 <= at <= len(show.data) - 8:
        return 0, 0
    _, kind, size = struct.unpack_from("<HHI", show.data, at)
    return (at + 8, min(at + 8 + size, len(show.data))) if kind == wanted else (0, 0)


def _lists(show: _Show, start: int, end: int) -> tuple[list[_Placed], list[_Placed], list[_Placed]]:
    """Slides, masters and notes in their order: the number of their record, and the text of their outline."""
    made: dict[int, list[_Placed]] = {0: [], 1: [], 2: []}
    for kind, instance, first, stop, _ in show.records_in(start, end):
        if kind != _LIST or instance not in made:
            continue
        for inner, _, left, right, _ in show.records_in(first, stop):
            if inner == _SLIDE_PLACE and right - left >= 4:
                made[instance].append((struct.unpack_from("<I", show.data, left)[0], []))
            elif made[instance] and inner == _WIDE_TEXT:
                made[instance][-1][1].append(_wide(show.data[left:right]))
            elif made[instance] and inner == _PLAIN_TEXT:
                made[instance][-1][1].append(show.data[left:right].decode("latin-1"))
    return made[0], made[1], made[2]


def _masters(show: _Show, masters: list[_Placed]) -> str:
    """Words on masters that are shown on every slide: those outside placeholders."""
    lines: list[str] = []
    for place, _ in masters:
        for first, stop in show.find(_SHAPE, *_content(show, place, _MASTER)):
            if next(show.find(_PLACEHOLDER, first, stop), None) is None:
                lines += show.texts(first, stop)
    return _tidied(list(dict.fromkeys(lines)))


def _wide(raw: bytes) -> str:
    return raw[: len(raw) // 2 * 2].decode("utf-16-le", "replace")


def _tidied(texts: list[str]) -> str:
    """A line a paragraph; `*` alone is the mark of a number that is filled in when the slide is shown."""
    lines = (tidy(text.replace("\x0b", "\n")).strip("\n") for text in texts)
    return "\n".join(line for line in lines if line.strip() and line.strip() != "*")
