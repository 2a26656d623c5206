"""The page pictures of a produced document: what they show, which have a slip sheet, and their numbers.

They are set by the same blocks as an exhibit's pages, from the item as it may be shown, so what is redacted
on paper is redacted in a production too. Pages of PDFs and pictures stand for themselves, one a page; the
number is set outside the frame, over nothing.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec
import pikepdf

from casekit.dossier.blocks import set_block
from casekit.dossier.boxes import Painted
from casekit.dossier.cleaning import every_text
from casekit.dossier.draw import Drawing
from casekit.dossier.flow import GREY, INK, PAPERS, Flow, Page, Paper, Picture, Rule, Text
from casekit.dossier.fonts import prepare
from casekit.dossier.front import set_title
from casekit.dossier.glyphs import Glyphs, glyphs
from casekit.dossier.lines import break_lines
from casekit.dossier.render import Pictures
from casekit.dossier.sections import document, exchange, mail, message
from casekit.dossier.sections.common import Context, day
from casekit.dossier.sheet import Block, Fact, Facts, Pages, Raw
from casekit.dossier.spec import DossierSpec
from casekit.dossier.spelling import drawn_characters
from casekit.dossier.wording import Wording
from casekit.progress import Progress, Silent
from casekit.queries.items import ItemView, bates_number
from casekit.queries.privilege_log import LogEntry
from casekit.store import canonical

Images = Literal["none", "tiff", "tiff-only", "pdf"]
"""Page pictures: none; TIFF (Group 4) with JPEG where colour or grey matters; TIFF for all; PDF a page."""

How = Literal["", "set", "pages", "native", "withheld"]
"""What the pictures show: nothing, the item set by us, its own pages, or a slip sheet and why."""

DPI = 300
_SPEC = DossierSpec(raw="none", dpi=DPI)
_SHEETS = re.compile(r"csv|spreadsheet|ms-excel|parquet|sqlite|^(?:audio|video)/")
_ALWAYS_SET = {"mail", "message", "exchange", "request", "record"}
_STAMP_Y = 30.0
_ALWAYS_DRAWN = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA1, 0x180)))) + "–—‘’“”…•"


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the pictures of one document show, to the last word; `title` stands over it."""

    how: How
    title: str
    blocks: tuple[Block, ...]

    def digest(self) -> str:
        """SHA-256 of its canonical JSON, in hex."""
        return hashlib.sha256(canonical.encode(msgspec.to_builtins(self))).hexdigest()


def sheet_of(
    view: ItemView, children: Sequence[ItemView], hidden: Collection[int], words: Wording
) -> Sheet:
    """What the pictures of an item show.

    Of how and by whom it was collected, and of which other records belong to it, they tell nothing: those
    may be withheld, and the dossier tells the rest.

    Args:
        view: The item as it may be shown; `children` are the items attached to it, as they may be shown.
        children: See above.
        hidden: Those of the family's items whose own bytes and hashes would tell what is redacted.
        words: Of the matter's profile.
    """
    bare = dataclasses.replace(view, receipts=(), problems=(), joined=None, texts=_once(view))
    unhashed = frozenset({view.original_sha256} if hidden else ())
    context = Context(words, _SPEC, {}, {}, {}, frozenset(hidden), unhashed)
    kind = view.row.kind
    if kind == "mail":
        title, blocks = mail.title(view, words), mail.blocks(bare, children, context)
    elif kind == "message":
        title, blocks = message.title(view, words), message.blocks(bare, context)
    elif kind in _ALWAYS_SET:
        title, blocks = exchange.title(view, words), exchange.blocks(bare, context)
    else:
        title, blocks = document.title(view, words), document.blocks(bare, context)
        if pages := tuple(block for block in blocks if isinstance(block, Pages)):
            return Sheet("pages", title, pages)
        if view.row.id not in hidden and _is_native_alone(view):
            return _native_slip(view, words)
    foreign = {words("facts.rendering"), words("facts.redactions")}
    if view.sha256 != view.original_sha256:  # that of a file with others' records in it
        foreign.add(words("facts.file_hash"))
    return Sheet("set", title, tuple(_without_facts(block, foreign) for block in blocks))


def _without_facts(block: Block, foreign: Collection[str]) -> Block:
    """A table of facts without those that speak of an exhibit, of a redaction log, of other records."""
    if not isinstance(block, Facts):
        return block
    return msgspec.structs.replace(
        block, rows=tuple(row for row in block.rows if row.label not in foreign)
    )


def _once(view: ItemView) -> tuple[tuple[str, str], ...]:
    """The texts without a mail's HTML where it says in plain text what it says."""
    plain = any(part == "body" and text.strip() for part, text in view.texts)
    return tuple((p, t) for p, t in view.texts if not (plain and p == "html"))


def _is_native_alone(view: ItemView) -> bool:
    """Whether a page would show little of it: tables, sound, pictures that move, files nobody read."""
    return view.row.kind == "file" or not view.texts or bool(_SHEETS.search(view.row.media_type))


def _native_slip(view: ItemView, words: Wording) -> Sheet:
    row = view.row
    facts = (
        Fact(words("facts.name"), row.name),
        Fact(words("facts.type"), row.media_type),
        Fact(words("facts.size"), words("size.bytes", n=f"{row.size:,}")),
        Fact(words("slip.hash"), view.sha256.hex(), "mono"),
    )
    shown = tuple(fact for fact in facts if fact.value)
    return Sheet("native", words("slip.native"), (Facts(shown),))


def withheld_slip(entry: LogEntry, words: Wording) -> Sheet:
    """The slip sheet in the place of a withheld item: what the privilege log tells of it, and no more."""
    facts = (
        Fact(words("slip.log"), entry.number),
        Fact(words("facts.kind"), words.get(f"kind.{entry.kind}", entry.kind)),
        Fact(words("facts.dated"), day(entry.sent_us, words)),
        Fact(words("slip.author"), "; ".join(entry.authors)),
        *(Fact(words(f"role.{r}"), "; ".join(getattr(entry, r))) for r in ("to", "cc", "bcc")),
        Fact(words("slip.basis"), words.get(f"basis.{entry.basis}", entry.basis)),
        Fact(words("slip.description"), entry.description),
        Fact(words("slip.attached"), entry.attached_to),
    )
    shown = tuple(fact for fact in facts if fact.value)
    return Sheet("withheld", words("slip.withheld"), (Facts(shown),))


def text_of(sheet: Sheet) -> str:
    """A slip sheet's words, for the text file of its document."""
    rows = [row for block in sheet.blocks if isinstance(block, Facts) for row in block.rows]
    return "\n".join([sheet.title, *(f"{row.label}: {row.value}" for row in rows)]) + "\n"


def page_keys(prefix: str, first: int, last: int, pages: int) -> list[tuple[str, str]]:
    """The number of each page of a document, and what is stamped on it.

    A document numbered before it had pictures may have fewer numbers than pages: then the pages after the
    first bear its number with `.0002` and so on. With more, the last page's stamp says the rest.
    """
    held = last - first + 1
    if pages > held:
        one = bates_number(prefix, first)
        found = [one, *(f"{one}.{n:04d}" for n in range(2, pages + 1))]
        return [(key, key) for key in found]
    numbers = [bates_number(prefix, first + n) for n in range(pages)]
    stamps = list(numbers)
    if 0 < pages < held:
        stamps[-1] += f" – {bates_number(prefix, last)}"
    return list(zip(numbers, stamps, strict=True))


class Typesetter:
    """Sets documents on pages, with fonts that grow with the characters that come."""

    def __init__(self, paper: str, designation: str, progress: Progress | None = None) -> None:
        size = PAPERS[paper]
        self.paper = size
        self._foreign = Paper(size.width, size.height, 26, 26, 24, 50)
        self._designation = designation
        self._progress = progress or Silent()
        self._known: set[str] = set()
        self.faces: Mapping[str, Glyphs] = {}
        self.prepare(_ALWAYS_DRAWN + designation)

    def prepare(self, text: str) -> None:
        """Make the fonts able to draw a text."""
        wanted = drawn_characters(text)
        if not wanted <= self._known:
            self._known |= wanted
            self.faces = glyphs(prepare(self._known, self._progress))

    def pages(
        self, sheet: Sheet, stamps: Sequence[str] = (), designation: str | None = None
    ) -> list[Page]:
        """The pages of a sheet, each with its stamp if stamps are given; their fonts must be prepared.

        `designation`: of this one, where it is not the common one.
        """
        flow = Flow(self._foreign if sheet.how == "pages" else self.paper, self.faces, 1)
        match sheet.how:
            case "pages":
                _set_foreign(flow, sheet)
            case "native" | "withheld":
                _set_slip(flow, sheet)
            case _:
                flow.turn()
                set_title(flow, sheet.title)
                for block in sheet.blocks:
                    set_block(flow, block, _no_record)
        for page, stamp in zip(flow.pages, stamps, strict=False):
            self._stamp(page, stamp, self._designation if designation is None else designation)
        for page in flow.pages:
            page.bare = True
        return flow.pages

    def _stamp(self, page: Page, stamp: str, designation: str) -> None:
        """The number at the foot on the right, the designation on the left, outside every frame."""
        left, right = 36.0, self.paper.width - 36.0
        number = self.faces["mono"].measure(stamp)
        x = right - number.width * 9.5
        page.ops.append(Text(x, _STAMP_Y, 9.5, INK, number.runs))
        bold = self.faces["sans-bold"]
        for size, most in ((8.5, 1), (7.0, 2), (5.5, 4)):
            lines = break_lines(designation, bold, size, x - left - 12)
            if len(lines) <= most:
                break
        low = _STAMP_Y if len(lines) == 1 else _STAMP_Y - 8
        for no, line in enumerate(lines[::-1]):
            page.ops.append(Text(left, low + no * (size + 1), size, INK, line.runs))

    def draw(
        self, pages: Sequence[Page], target: Path, pictures: Pictures, progress: Progress
    ) -> list[Painted]:
        """Draw pages into a PDF of their own; gives what was painted over in it, by its own pages from 1."""
        painted: list[Painted] = []
        drawing = Drawing(target, self.paper, dict(self.faces), ("", "", ""), "")
        for done, page in enumerate(pages):
            progress.step(done, len(pages), "drawing pages")
            drawing.page(page, len(pages), pictures.fetch, "|", pictures.spots)
            new = drawing.painted[len(painted) :]
            painted += [dataclasses.replace(each, page=done + 1) for each in new]
        drawing.save()
        return painted


def is_plain(page: Page) -> bool:
    """Whether letters alone stand on a page, so that it loses nothing in black and white."""
    return not any(isinstance(op, Picture) for op in page.ops)


def split(source: Path, targets: Sequence[Path]) -> None:
    """Write each page of a PDF as a PDF of its own; equal input gives equal bytes."""
    with pikepdf.open(source) as pdf:
        for page, target in zip(pdf.pages, targets, strict=True):
            with pikepdf.new() as one:
                one.pages.append(page)
                one.remove_unreferenced_resources()
                one.save(target, deterministic_id=True, min_version="1.7")


def said(sheet: Sheet) -> Iterator[str]:
    """Every text of a sheet, as it is printed."""
    yield from every_text(msgspec.to_builtins(sheet))


def _no_record(block: Raw) -> str:
    """Exact records go as natives, never in pictures."""
    raise AssertionError(block.heading)


def _set_foreign(flow: Flow, sheet: Sheet) -> None:
    """Each page as a picture that fills the frame, with nothing else on the paper but the stamp."""
    left, bottom, right, top = flow.paper.frame
    for block in sheet.blocks:
        if isinstance(block, Pages):
            for page in block.pages:
                flow.turn()
                flow.add(
                    Picture(
                        left, bottom, right - left, top - bottom, block.item_id, page.no, block.dpi,
                        page.text, block.name, page.boxes,
                    )
                )  # fmt: skip


def _set_slip(flow: Flow, sheet: Sheet) -> None:
    """A slip sheet: its words large, then the facts that may be told."""
    flow.turn()
    left, _, right, top = flow.paper.frame
    flow.y = top - 150
    lines = flow.lines(sheet.title, "sans-bold", 20, right - left)
    flow.put(lines, left, 20, 27)
    flow.space(12)
    flow.add(Rule(left, flow.y, right, flow.y, 1.2, INK))
    flow.space(14)
    for block in sheet.blocks:
        if isinstance(block, Facts):
            for fact in block.rows:
                size = 7.5 if fact.face == "mono" else 10.0
                value = flow.lines(fact.value, fact.face, size, right - left - 130)
                label = flow.lines(fact.label, "sans", 9, 122)
                flow.need(max(len(value), len(label)) * 15)
                start = flow.y
                flow.put(label, left, 9, 15, colour=GREY)
                low, flow.y = flow.y, start
                flow.put(value, left + 130, size, 15)
                flow.y = min(low, flow.y)
                flow.space(4)
