"""The PDF made from a plan: it draws and decides nothing, and equal plans give equal bytes."""

from __future__ import annotations

import codecs
import functools
import hashlib
import io
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from PIL import Image

from casekit.dossier import attached as natives
from casekit.dossier import manifest as manifests
from casekit.dossier.assemble import About, Drawn, assemble
from casekit.dossier.behind import Spot
from casekit.dossier.boxes import Painted, paint
from casekit.dossier.draw import Drawing
from casekit.dossier.filling import Filling
from casekit.dossier.flow import PAPERS, Page, Picture
from casekit.dossier.fonts import prepare
from casekit.dossier.glyphs import glyphs
from casekit.dossier.in_parts import PartFile, Whole, write_parts
from casekit.dossier.layout import Layout, lay_out
from casekit.dossier.parting import Span, part_path, set_sha256
from casekit.dossier.preflight import faults
from casekit.dossier.sheet import DossierPlan, Raw
from casekit.dossier.spelling import drawn_characters
from casekit.dossier.wording import Wording, wording
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.store.vault import sync_folder

_PIECE = 1 << 20
_LONGEST_CLUSTER = 64
PART_PAGES = 250  # pages drawn before they are written to disk: bounds memory


Judge = Callable[[Path, Sequence[Painted]], None]
"""Refuses a finished file, of which areas were painted over."""


class Originals(Protocol):
    """What only the layer above can give: exact bytes, and pages made in the confined worker."""

    def raw(self, item_id: int) -> bytes:
        """The exact bytes of an item."""

    def page(self, item_id: int, page: int, dpi: int) -> bytes:
        """A PNG of page `page` (from 1); raises `CaseKitError` where it cannot be made."""

    def words(self, item_id: int, page: int) -> Sequence[Spot]:
        """The words of page `page` (from 1) of a PDF and where they stand; none where nobody can tell."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written.

    Attributes:
        path: The PDF, or the first of several; `manifest`, `sums` and the checking program lie beside it.
        sha256: Of the PDF, in hex; of several as `parting.set_sha256` says.
        exhibits: How many exhibits are in it.
        withheld: How many items were left out.
        problems: Sentences about pages that could not be drawn.
        parts: All PDFs, if there are several.
        beside: Natives that no PDF of them could hold.
    """

    path: Path
    pages: int
    sha256: str
    manifest: Path
    sums: Path
    program: Path
    exhibits: int
    withheld: int
    problems: tuple[str, ...]
    parts: tuple[Path, ...] = ()
    beside: tuple[Path, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """All that was written."""
        return (
            *(self.parts or (self.path,)), self.manifest, self.sums, self.program, *self.beside,
        )  # fmt: skip


def render(
    plan: DossierPlan,
    originals: Originals,
    out: Path,
    progress: Progress | None = None,
    judge: Judge | None = None,
) -> Rendered:
    """Draw a plan into `out`, with its manifest and list of hashes beside it.

    Everything is written under other names first; `out` is there only when it is whole.

    Args:
        plan: What is drawn.
        originals: Gives the bytes and pages that the plan names.
        out: The PDF; where the plan has a limit and it is larger, `OUT-part-1-of-2.pdf` and so on.
        progress: Told pages drawn.
        judge: Looks at each finished file, and at what was painted over in it, before it gets its name; what
            it raises leaves nothing behind.

    Raises:
        CaseKitError: A record's bytes are not those the plan names, or the place cannot be written.
        Cancelled: The user stopped it; nothing is left behind.
    """
    progress = progress or Silent()
    words = wording(plan.words)
    raws = raws_of(plan, originals)
    faces = glyphs(prepare(characters_of(plan, words, raws.values()), progress))
    layout = lay_out(plan, faces, words, lambda raw: raws[raw.item_id], progress, packed=True)
    folder = folder_beside(out)
    try:
        pictures = Pictures(originals, words)
        drawn, painted = draw(plan, layout.pages, faces, words, pictures, folder, progress)
        made = folder / "dossier.pdf"
        progress.step(len(layout.pages), len(layout.pages), "putting the dossier together")
        about = about_of(plan)
        held = natives.attached(plan, originals)
        assemble(drawn, layout.pages, layout.outline, about, made, held)
        files = [whole_file(plan, layout, made)]
        if 0 < plan.limit < made.stat().st_size:
            parted = Whole(
                plan, layout, faces, words, about, drawn, made, folder, layout.outline,
                natives=functools.partial(natives.these, plan, originals),
            )  # fmt: skip
            (files,) = write_parts([parted], progress)
        for each in files:
            check(each, painted, plan, judge)
        lying = beside(plan, originals, out, files, folder)
        return publish(plan, files, out, layout, tuple(pictures.problems), beside=lying)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def whole_file(plan: DossierPlan, layout: Layout, made: Path) -> PartFile:
    """A dossier as one file, with the natives that one file carries."""
    names = (n for n, one in natives.planned(plan).items() if not 0 < plan.limit < one.size)
    span = Span(1, 1, 1, len(layout.pages))
    return PartFile(span, made, layout.places, natives=tuple(names))


def beside(
    plan: DossierPlan, originals: Originals, out: Path, files: Sequence[PartFile], folder: Path
) -> list[natives.Beside]:
    """The natives that none of the finished files holds, written into `folder`."""
    inside = {name for each in files for name in each.natives}
    return natives.put_beside(plan, originals, out, inside, folder)


def check(
    part: PartFile, painted: Sequence[Painted], plan: DossierPlan, judge: Judge | None
) -> None:
    """Refuse a finished file that a court would not take, or that the judge does not let pass."""
    if found := faults(part.path, plan.profile):
        raise CaseKitError(
            "The dossier was not written, because it would be refused: {why}",
            why=" ".join(found),
        )
    if judge is not None:
        span = part.span
        own = [one for one in painted if span.first <= one.page <= span.last]
        judge(part.path, [replace(one, page=part.page(one.page)) for one in own])


def characters_of(plan: DossierPlan, words: Wording, raws: Iterable[str]) -> set[str]:
    """The characters that fonts are needed for; a long plan is looked through piece by piece."""
    found = drawn_characters("".join(words.texts.values()) + "•")
    encoded = io.BytesIO(plan.encoded())
    before = ""
    for text in codecs.iterdecode(iter(lambda: encoded.read(_PIECE), b""), "utf-8"):
        found |= drawn_characters(before + text)
        before = text[-_LONGEST_CLUSTER:]  # a letter may be parted from its mark
    return found.union(*map(drawn_characters, raws))


def about_of(plan: DossierPlan) -> About:
    """What the file of a plan says of itself."""
    return About(plan.title, plan.head[0], plan.language, plan.version, plan.at_us, plan.profile)


def folder_beside(out: Path) -> Path:
    """An empty folder on the same disk, so that finished files need only new names."""
    try:
        return Path(tempfile.mkdtemp(prefix=f".{out.stem[:40]}.", dir=out.parent))
    except OSError as error:
        raise CaseKitError(
            "The dossier cannot be written to {folder} ({why}): choose a folder you may write to.",
            folder=str(out.parent), why=error.strerror or type(error).__name__,
        ) from error  # fmt: skip


def draw(
    plan: DossierPlan, pages: Sequence[Page], faces: object, words: Wording, pictures: Pictures,
    folder: Path, progress: Progress, filling: Filling | None = None,
) -> tuple[list[Drawn], list[Painted]]:  # fmt: skip
    """Draw all pages of a layout into files in `folder`; `filling` says what a copy prints in its cells."""
    drawn: list[Drawn] = []
    painted: list[Painted] = []
    for start in range(0, len(pages), PART_PAGES):
        target = folder / f"part-{start:06d}.pdf"
        draft = words("draft.head") if plan.draft else ""
        drawing = Drawing(target, PAPERS[plan.paper], faces, plan.head, draft, filling)
        own = pages[start : start + PART_PAGES]
        for page in own:
            progress.step(page.no - 1, len(pages), f"drawing page {page.no:,}")
            page.unpack()
            drawing.page(page, len(pages), pictures.fetch, words("foot.page"), pictures.spots)
            page.keep_links()
        drawing.save()
        drawn.append(Drawn(target, 0, len(own)))
        painted += drawing.painted
    return drawn, painted


def publish(
    plan: DossierPlan,
    files: Sequence[PartFile],
    out: Path,
    layout: Layout,
    problems: tuple[str, ...],
    copy: manifests.Copy | None = None,
    beside: Sequence[natives.Beside] = (),
) -> Rendered:
    """Give the finished files their names, the PDFs last; a draft that lay there goes first.

    So a power cut leaves no file of a draft that no manifest names, which nothing would dare to replace.

    Raises:
        CaseKitError: A native would lie where another file does.
    """
    several = len(files) > 1
    paths = [part_path(out, f.span.no, f.span.of) if several else out for f in files]
    parts = [_described(path, each) for path, each in zip(paths, files, strict=True)]
    hashes = {part.name: part.sha256 for part in parts}
    sha256 = set_sha256(hashes.items()) if several else parts[0].sha256
    manifest_path, sums_path, program_path = manifests.beside(out)
    listed = manifests.manifest(
        plan, out.name, sha256, len(layout.pages), layout.chapters, parts if several else (), copy,
        beside,
    )  # fmt: skip
    program = manifests.checker()
    names = {
        **hashes,
        manifest_path.name: hashlib.sha256(listed).hexdigest(),
        program_path.name: hashlib.sha256(program).hexdigest(),
        **{one.name: one.sha256 for one in beside},
    }
    folder = files[0].path.parent
    lying = {one.path: out.with_name(one.name) for one in beside}
    _clear(out, lying.values())
    for target, content in (
        (manifest_path, listed),
        (program_path, program),
        (sums_path, manifests.sums(plan, names)),
    ):
        temporary = folder / target.name
        temporary.write_bytes(content)
        _name(temporary, target)
    for temporary, target in lying.items():
        _name(temporary, target)
    for each, path in zip(files, paths, strict=True):
        _name(each.path, path)
    sync_folder(out.parent)
    withheld = sum(w.items for w in plan.withheld)
    return Rendered(
        paths[0], len(layout.pages), sha256, manifest_path, sums_path, program_path, len(plan.exhibits),
        withheld, (*problems, *_oversize(beside, plan)), tuple(paths) if several else (),
        tuple(lying.values()),
    )  # fmt: skip


def _clear(out: Path, wanted: Iterable[Path]) -> None:
    """Take away the draft that lies there; `wanted` are to be free then."""
    stale = manifests.drafted(out)
    for path in wanted:
        if path.exists() and path not in stale:
            raise CaseKitError(
                "{name} is already there and belongs to no draft of this dossier: choose another name.",
                name=path.name,
            )
    for old in stale:
        old.unlink()


def _oversize(beside: Sequence[natives.Beside], plan: DossierPlan) -> Iterator[str]:
    """A sentence for each native that is larger than a file may be."""
    for one in beside:
        if one.size > plan.limit:
            yield wording(plan.words)(
                "parts.native_large", label=one.label, name=one.name, size=f"{one.size:,}",
                limit=f"{plan.limit:,}",
            )  # fmt: skip


def _name(made: Path, path: Path) -> None:
    """Give a finished file its name once its bytes are on the disk."""
    with made.open("r+b") as file:
        os.fsync(file.fileno())
    made.replace(path)


def _described(path: Path, part: PartFile) -> manifests.Part:
    with part.path.open("rb") as f:
        sha256 = hashlib.file_digest(f, "sha256").hexdigest()
    return manifests.Part(
        path.name, sha256, part.path.stat().st_size, part.span.first, part.span.last, part.places,
        part.natives,
    )  # fmt: skip


class Pictures:
    """Fetches pages as pictures; one that cannot be made, or shows none of its words, becomes a sentence."""

    def __init__(self, originals: Originals, words: Wording) -> None:
        self._originals = originals
        self._words = words
        self.problems: list[str] = []

    def fetch(self, picture: Picture) -> bytes | str:
        """A PNG of the page, or the sentence that stands in its place."""
        try:
            found = self._originals.page(picture.item_id, picture.page, picture.dpi)
        except CaseKitError as error:
            return self._instead("unreadable", picture, why=str(error))
        if picture.text.strip() and _is_blank(found):
            return self._instead("blank", picture)
        return paint(found, picture.boxes) if picture.boxes else found

    def _instead(self, key: str, picture: Picture, **more: str) -> str:
        text = self._words(f"exhibit.{key}", page=picture.page, name=picture.name, **more)
        self.problems.append(text)
        return text

    def spots(self, picture: Picture) -> Sequence[Spot]:
        """The words of the page and where they stand."""
        return self._originals.words(picture.item_id, picture.page)


def _is_blank(png: bytes) -> bool:
    """Whether all of a picture is of one colour."""
    with Image.open(io.BytesIO(png)) as picture:
        return picture.convert("RGB").getcolors(1) is not None


def raws_of(plan: DossierPlan, originals: Originals) -> dict[int, str]:
    """The texts of all records printed as received, each checked against the plan's hash."""
    return {
        block.item_id: raw_text(block, chapter.label, originals)
        for chapter in plan.exhibits
        for block in chapter.blocks
        if isinstance(block, Raw)
    }


def raw_text(block: Raw, label: str, originals: Originals) -> str:
    """The text of a record printed as received in Exhibit `label`.

    Raises:
        CaseKitError: Its bytes are not those that the plan names.
    """
    data = originals.raw(block.item_id)
    if hashlib.sha256(data).hexdigest() != block.sha256:
        raise CaseKitError(
            "The record of Exhibit {label} is not the one that was received: verify the case.",
            label=label,
        )
    return masked(data.decode("utf-8", "casekit-bytes"), *block.secret)


def masked(text: str, length: int, last: str) -> str:
    """The text with every key of that length and ending masked but for the ending."""
    if not length:
        return text
    hidden = max(0, length - len(last))
    return re.sub(
        rf"(?<![\w-])[\w.-]{{{hidden}}}{re.escape(last)}(?![\w-])", "•" * hidden + last, text
    )


def _spell_bytes(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8, spelt `[0xFF]`."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    spelt = "".join(f"[0x{byte:02X}]" for byte in error.object[error.start : error.end])
    return spelt, error.end


codecs.register_error("casekit-bytes", _spell_bytes)
