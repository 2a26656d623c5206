"""Where a dossier is cut that a court would not take in one file: between exhibits, else between pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from casekit.dossier.assemble import Entry

Id = tuple[int, int]
_UPWARDS = frozenset({"/Parent", "/P", "/StructParents"})
_ROUND_NATIVE = 700  # bytes: what describes an attached file
_PART = re.compile(r"-part-\d+-of-\d+$")


@dataclass(frozen=True, slots=True)
class Span:
    """One part of a dossier: pages `first` to `last` of the whole; `no` from 1 of `of`."""

    no: int
    of: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section or chapter on pages `first` to `last`; `label` of a chapter, else its title."""

    label: str
    title: str
    dest: str
    first: int
    last: int
    chapter: bool


@dataclass(slots=True)
class Weighed:
    """What each page of a PDF takes: the streams it needs, their bytes, and a page's share of the rest.

    Attributes:
        natives: Bytes of each attached file by its name.
        carried: Bytes of the attached files that go with a page (from 1).
    """

    pages: list[frozenset[Id]] = field(default_factory=list)
    sizes: dict[Id, int] = field(default_factory=dict)
    rest: float = 0.0
    natives: dict[str, int] = field(default_factory=dict)
    carried: dict[int, int] = field(default_factory=dict)

    def page(self, no: int) -> float:
        """The bytes of one page (from 1) by itself, without what it carries."""
        return self.rest + sum(self.sizes[each] for each in self.pages[no - 1])

    def last_within(self, first: int, room: float) -> int:
        """The last page (from 1) that fits with all from `first` on into `room` bytes; at least `first`."""
        held: set[Id] = set()
        total = 0.0
        for at in range(first - 1, len(self.pages)):
            total += self.rest + sum(self.sizes[each] for each in self.pages[at] - held)
            total += self.carried.get(at + 1, 0)
            held |= self.pages[at]
            if total > room and at >= first:
                return at
        return len(self.pages)


def weigh(file: Path) -> Weighed:
    """What the pages of an assembled dossier take, shared fonts told apart from what is a page's own."""
    weighed = Weighed()
    known: dict[Id, frozenset[Id]] = {}
    with pikepdf.open(file) as pdf:
        for page in pdf.pages:
            parts: Any = [page.obj.get(key) for key in (Name.Contents, Name.Resources)]
            found = frozenset(each for part in parts for each in _streams(part, known, weighed))
            weighed.pages.append(found)
        for spec in pdf.Root.get(Name.AF, ()):
            held = int(spec.EF.F.get(Name.Length, 0)) + _ROUND_NATIVE
            weighed.natives[str(spec.UF)] = held
    known_size = sum(weighed.sizes.values()) + sum(weighed.natives.values())
    weighed.rest = max(0, file.stat().st_size - known_size) / len(weighed.pages)
    return weighed


def _streams(value: Any, known: dict[Id, frozenset[Id]], weighed: Weighed) -> frozenset[Id]:
    """The streams that an object needs, their sizes noted."""
    if not isinstance(value, Array | Dictionary | Stream):
        return frozenset()
    name = value.objgen
    if value.is_indirect:
        if name in known:
            return known[name]
        known[name] = frozenset()  # it may lead back to itself
    found: set[Id] = set()
    if isinstance(value, Stream):
        weighed.sizes[name] = int(value.get(Name.Length, 0)) + 60
        found.add(name)
    for each in _inside(value):
        found |= _streams(each, known, weighed)
    if value.is_indirect:
        known[name] = frozenset(found)
    return frozenset(found)


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, Array):
        yield from value
    else:
        yield from (each for key, each in value.items() if key not in _UPWARDS)


def stretches(outline: Sequence[Entry], places: Mapping[str, int], pages: int) -> list[Stretch]:
    """The sections and chapters of a dossier in the order of their pages."""
    begun: list[tuple[int, Entry, bool]] = []
    for entry in outline:
        under = [(places[e.dest], e, True) for e in entry.under if e.dest in places]
        begun += under or ([(places[entry.dest], entry, False)] if entry.dest in places else [])
    begun.sort(key=lambda each: each[0])
    ends = [first - 1 for first, _, _ in begun[1:]] + [pages]
    return [
        Stretch(
            entry.label or entry.title, entry.title, entry.dest, first, max(first, end), chapter
        )
        for (first, entry, chapter), end in zip(begun, ends, strict=True)
    ]


def cut(weighed: Sequence[Weighed], starts: Collection[int], room: float) -> list[Span]:
    """The parts of a dossier, each as long as fits and ending before one of `starts` if it can.

    Args:
        weighed: The dossier's pages; of two copies with equal pages those of both, which are cut alike.
        starts: Pages on which an exhibit or a section begins.
        room: Bytes that the pages of a part may take.
    """
    spans: list[tuple[int, int]] = []
    first, pages = 1, len(weighed[0].pages)
    while first <= pages:
        last = min(each.last_within(first, room) for each in weighed)
        if last < pages:
            last = max((s - 1 for s in starts if first < s <= last + 1), default=last)
        spans.append((first, last))
        first = last + 1
    return [Span(no, len(spans), *ends) for no, ends in enumerate(spans, 1)]


def pieces(stretch: Stretch, spans: Sequence[Span]) -> list[Span]:
    """The parts in which an exhibit or section stands."""
    return [s for s in spans if s.first <= stretch.last and stretch.first <= s.last]


def part_path(out: Path, no: int, of: int) -> Path:
    """The path of one part: no point or bracket, which filing systems refuse in names."""
    return out.with_name(f"{out.stem}-part-{no}-of-{of}{out.suffix}")


def whole_path(pdf: Path) -> Path:
    """The path that a dossier was asked for under, from it or from one of its parts.

    A dossier that is whole may be called like a part: its manifest lies beside it.
    """
    if pdf.with_name(pdf.stem + ".manifest.json").exists():
        return pdf
    return pdf.with_name(_PART.sub("", pdf.stem) + pdf.suffix)


def parts_at(out: Path) -> list[Path]:
    """The files that lie there as parts of a dossier of that path, or beside such a part."""
    pattern = re.compile(rf"{re.escape(out.stem)}-part-\d+-of-\d+{re.escape(out.suffix)}(\.\w+)?")
    if not out.parent.is_dir():
        return []
    return sorted(path for path in out.parent.iterdir() if pattern.fullmatch(path.name))


def set_sha256(parts: Iterable[tuple[str, str]]) -> str:
    """The hash of several files as one: of their lines as `sha256sum` prints them, in hex.

    Args:
        parts: (name, SHA-256 in hex) in order.
    """
    lines = "".join(f"{sha256}  {name}\n" for name, sha256 in parts)
    return hashlib.sha256(lines.encode()).hexdigest()
