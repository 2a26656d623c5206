"""The drawn parts made one PDF/A: outline, page labels, named destinations, links, title and language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from casekit import clock
from casekit.dossier.flow import Link, Page
from casekit.dossier.pdfa import Native, Profile, conform
from casekit.dossier.structure import Noted, add_structure

Places = Mapping[str, tuple[int, int, float]]
"""By destination: which page of the file (from 0), the page's number as printed, and the height on it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the outline: its title, its destination, and what is under it.

    `dest` is empty for what stands in another file; `label` is an exhibit's or finding's own.
    """

    title: str
    dest: str
    under: tuple[Entry, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pages of a PDF that was drawn: from `start` (0 is the first), `count` of them."""

    path: Path
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself; `at_us` is its date, microseconds since 1970 UTC.

    `sheet` is the label of pages that bear no number, such as `Part 2`; `identifier` is of this very file.
    """

    title: str
    subject: str
    language: str
    version: str
    at_us: int
    profile: Profile = "filing"
    sheet: str = ""
    identifier: str = ""


def assemble(
    drawn: Sequence[Drawn],
    pages: Sequence[Page],
    outline: Sequence[Entry],
    about: About,
    target: Path,
    natives: Iterable[Native] = (),
) -> None:
    """Join the parts in order and write `target` as PDF/A; equal input gives equal bytes.

    Args:
        drawn: What was drawn; its pages, one after the other, are `pages`.
        pages: The laid-out pages, for links and destinations; those without a number are below 0. What
            leads to a page that is not among them is no link.
        outline: The outline.
        about: Title, language, date, profile.
        target: Where the file is written.
        natives: Files to be attached.
    """
    with pikepdf.new() as pdf:
        _join(pdf, drawn)
        places = {
            dest: (at, page.no, y)
            for at, page in enumerate(pages)
            for dest, y in page.dests.items()
        }
        _name_destinations(pdf, places)
        notes = _link(pdf, pages, places)
        _make_outline(pdf, outline, places, numbered=about.profile == "bundle")
        pdf.Root.PageLabels = Dictionary(Nums=_labels(pages, about.sheet))
        pdf.Root.Lang = String(about.language)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.PageMode = Name.UseOutlines
        if about.profile == "bundle":  # the first page at full size
            pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.XYZ, None, None, 1])
        _describe(pdf, about)
        conform(pdf, about.profile, natives, about.at_us)
        if about.profile == "accessible":
            add_structure(pdf, pages, notes)
        pdf.save(
            target, deterministic_id=True, min_version="1.7", linearize=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )  # fmt: skip


def _join(pdf: pikepdf.Pdf, drawn: Sequence[Drawn]) -> None:
    """Add the pages; a file is opened once, so that its fonts are in the new one once."""
    last = {each.path: at for at, each in enumerate(drawn)}
    opened: dict[Path, pikepdf.Pdf] = {}
    try:
        for at, each in enumerate(drawn):
            source = opened.get(each.path) or opened.setdefault(each.path, pikepdf.open(each.path))
            pdf.pages.extend(source.pages[each.start : each.start + each.count])
            if last[each.path] == at:
                opened.pop(each.path).close()
    finally:
        for source in opened.values():
            source.close()


def _labels(pages: Sequence[Page], sheet: str) -> Array:
    """Page labels (PDF 32000-1, 12.4.2): the numbers printed, and a word for sheets without one."""
    found = Array()
    before = None
    for at, no in enumerate(page.no for page in pages):
        if before is None or no != before + 1:
            found.append(at)
            found.append(Dictionary(S=Name.D, St=no) if no > 0 else Dictionary(P=String(sheet)))
        before = no
    return found


def _name_destinations(pdf: pikepdf.Pdf, places: Places) -> None:
    """A name tree in the order of the names' bytes (PDF 32000-1, 7.9.6): deep links that last."""
    names = Array()
    for dest in sorted(places, key=lambda d: d.encode("utf-8")):
        at, _, y = places[dest]
        names.append(String(dest))
        names.append(_target(pdf, at, y))
    if len(names):
        pdf.Root.Names = Dictionary(Dests=Dictionary(Names=names))


def _target(pdf: pikepdf.Pdf, at: int, y: float) -> Array:
    return Array([pdf.pages[at].obj, Name.XYZ, 0, round(y + 24, 2), 0])


def _link(pdf: pikepdf.Pdf, pages: Sequence[Page], places: Places) -> list[Noted]:
    """Every link whose destination is there; with the element it belongs to, if pages are tagged."""
    made: list[Noted] = []
    for at, page in enumerate(pages):
        notes = Array()
        for op, tag in zip(page.ops, page.tags or repeat(None)):  # noqa: B905 - without tags, none end
            if isinstance(op, Link) and op.dest in places:
                rect = Array([round(v, 2) for v in (op.x0, op.y0, op.x1, op.y1)])
                contents = f"{op.dest}, page {places[op.dest][1]}"
                note = Dictionary(
                    Type=Name.Annot, Subtype=Name.Link, Rect=rect, Border=Array([0, 0, 0]), F=4,
                    Dest=String(op.dest), Contents=String(contents),
                )  # fmt: skip
                note = pdf.make_indirect(note)
                notes.append(note)
                made.append((tag, note, page.no))
        if len(notes):
            pdf.pages[at].obj.Annots = notes
    return made


def _make_outline(
    pdf: pikepdf.Pdf, entries: Sequence[Entry], places: Places, *, numbered: bool
) -> None:
    """The outline; `numbered`: with the page in each title, as English courts ask of a bundle."""

    def item(entry: Entry) -> pikepdf.OutlineItem:
        if not entry.dest:
            made = pikepdf.OutlineItem(entry.title)
        else:
            page = f" [p {places[entry.dest][1]}]" if numbered else ""
            made = pikepdf.OutlineItem(entry.title + page, String(entry.dest))
        made.children.extend(item(e) for e in entry.under if not e.dest or e.dest in places)
        made.is_closed = len(made.children) > 12
        return made

    with pdf.open_outline() as outline:
        outline.root.extend(item(e) for e in entries if not e.dest or e.dest in places)


def _describe(pdf: pikepdf.Pdf, about: About) -> None:
    moment = clock.from_us(about.at_us)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["dc:title"] = about.title
        xmp["dc:description"] = about.subject
        if about.identifier:
            xmp["dc:identifier"] = about.identifier
        xmp["dc:language"] = {about.language}
        xmp["xmp:CreatorTool"] = f"CaseKit {about.version}"
        xmp["xmp:CreateDate"] = moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")
        xmp["xmp:ModifyDate"] = moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")
        xmp["pdf:Producer"] = f"CaseKit {about.version}"
    stamp = moment.strftime("D:%Y%m%d%H%M%S+00'00'")
    pdf.docinfo = pdf.make_indirect(
        Dictionary(
            Title=String(about.title), Subject=String(about.subject),
            Creator=String(f"CaseKit {about.version}"), Producer=String(f"CaseKit {about.version}"),
            CreationDate=String(stamp), ModDate=String(stamp),
        )
    )  # fmt: skip
