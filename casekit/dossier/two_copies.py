"""A public and a sealed copy made of one plan: laid out alike, drawn with what each may tell."""

from __future__ import annotations

import functools
import hashlib
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from casekit.dossier import attached as natives
from casekit.dossier import manifest as manifests
from casekit.dossier.assemble import assemble
from casekit.dossier.boxes import Painted
from casekit.dossier.copies import OPENED, Copies, refuse_cells
from casekit.dossier.filling import Filling
from casekit.dossier.fonts import prepare
from casekit.dossier.glyphs import Glyphs, glyphs
from casekit.dossier.in_parts import PartFile, Whole, write_parts
from casekit.dossier.layout import Layout, lay_out
from casekit.dossier.parting import part_path, set_sha256
from casekit.dossier.plan import plan
from casekit.dossier.redact import check_sealed, privileged
from casekit.dossier.render import (
    Judge,
    Originals,
    Pictures,
    Rendered,
    about_of,
    beside,
    characters_of,
    check,
    draw,
    folder_beside,
    publish,
    raws_of,
    whole_file,
)
from casekit.dossier.sheet import DossierPlan, Remark
from casekit.dossier.spec import DossierSpec
from casekit.dossier.spelling import drawn_characters
from casekit.dossier.wording import wording
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries.tiers import split

COURT = "court"
"""The role of those who receive the sealed copy; the public one goes to all who are named."""
_LOT = 16  # bytes


@dataclass(frozen=True, slots=True)
class Pair:
    """One plan and its two copies.

    Attributes:
        plan: With cells where the copies differ.
        copies: What stands in them.
        public, sealed: The plan as each copy has it.
        identifier: Of the sealed copy, drawn by lot: without it its hash would let a short name be guessed.
        shut: Labels of boxes that are painted over in both.
    """

    plan: DossierPlan
    copies: Copies
    public: DossierPlan
    sealed: DossierPlan
    identifier: str
    shut: frozenset[str]


def plan_pair(
    s: Connection, spec: DossierSpec, *, for_issue: bool = False, progress: Progress | None = None
) -> Pair:
    """Decide a dossier of which the public gets a redacted copy and the court a sealed one.

    What is withheld as privileged is in neither, and what is redacted for such a ground in both.

    Args:
        s: Reading session.
        spec: What it shall hold.
        for_issue: As `plan` says.
        progress: Told the exhibits.

    Raises:
        CaseKitError: As `plan` says; or a text of the case has the characters that stand for passages, or the
            sealed copy would tell what is privileged.
    """
    plain = plan(s, spec, for_issue=for_issue, progress=progress)
    refuse_cells(plain.encoded().decode(), "a text of the dossier")
    copies = Copies(privileged(s))
    made = plan(s, spec, for_issue=for_issue, progress=progress, copies=copies)
    words = wording(made.words)
    made = msgspec.structs.replace(
        made,
        reading=(*made.reading, Remark(words("sealed.note"), words("sealed.head"))),
    )
    public, sealed = copies.public(made), copies.sealed(made)
    court = tuple(one for one in made.recipients if split(one)[1] == COURT)
    if made.recipients and not court:
        raise CaseKitError(
            "A sealed copy goes to the court alone: name the court among those who receive this, such as "
            "“Clerk of court, court”."
        )
    sealed = msgspec.structs.replace(sealed, recipients=court)
    check_sealed(s, sealed)
    shut = frozenset(
        box.label
        for chapter in made.exhibits
        for block in chapter.blocks
        for page in getattr(block, "pages", ())
        for box in page.boxes
    ) - {words("redacted.label", reason=words.get(f"reason.{one}", one)) for one in OPENED}
    return Pair(made, copies, public, sealed, secrets.token_hex(_LOT), shut)


@dataclass(frozen=True, slots=True)
class _Made:
    """A copy that was drawn and is not published yet."""

    plan: DossierPlan
    whole: Whole
    problems: tuple[str, ...]
    painted: Sequence[Painted]

    @property
    def file(self) -> PartFile:
        """It all in one file."""
        return whole_file(self.plan, self.whole.layout, self.whole.made)


def render_pair(
    pair: Pair,
    originals: Originals,
    public: Path,
    sealed: Path,
    progress: Progress | None = None,
    judges: tuple[Judge | None, Judge | None] = (None, None),
) -> tuple[Rendered, Rendered]:
    """Draw both copies, each with its manifest, which names the other by its SHA-256; or neither.

    Args:
        pair: What is drawn.
        originals: Gives the bytes and pages that the plan names.
        public: The redacted copy.
        sealed: The copy for the court.
        progress: Told pages drawn.
        judges: Look at the finished public and sealed file, as `render` says.

    Raises:
        CaseKitError: As `render` says.
        Cancelled: The user stopped it; nothing is left behind.
    """
    progress = progress or Silent()
    words = wording(pair.plan.words)
    raws = raws_of(pair.plan, originals)
    for text in raws.values():
        refuse_cells(text, "an exact record")
    cells = frozenset(pair.copies.cells)
    known = characters_of(pair.public, words, raws.values())
    open_faces = prepare(known, progress)
    shown = drawn_characters("".join(cell.sealed for cell in pair.copies.cells.values()))
    sealed_faces = glyphs(prepare(known | shown, progress))
    faces = glyphs(open_faces, cells)
    table = pair.copies.cells.items()
    fillings = (
        Filling("public", {c: one.public for c, one in table}, glyphs(open_faces), words("sealed.public")),
        Filling(
            "sealed", {c: one.sealed for c, one in table}, sealed_faces, words("sealed.mark"), pair.shut,
            pair.identifier,
        ),
    )  # fmt: skip
    made: list[_Made] = []
    folders = [folder_beside(public), folder_beside(sealed)]
    try:
        for filling, own, folder in zip(fillings, (pair.public, pair.sealed), folders, strict=True):
            layout = lay_out(
                pair.plan, faces, words, lambda raw: raws[raw.item_id], progress, packed=True
            )
            made.append(_drawn(own, pair.plan, layout, faces, filling, originals, folder, progress))
        files = [[one.file] for one in made]
        if any(0 < one.whole.plan.limit < one.whole.made.stat().st_size for one in made):
            files = write_parts([one.whole for one in made], progress)
        for one, own_files, judge in zip(made, files, judges, strict=True):
            for each in own_files:
                check(each, one.painted, one.plan, judge)
        return _published(made, files, public, sealed, originals)
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _drawn(
    plan: DossierPlan, laid: DossierPlan, layout: Layout, faces: Mapping[str, Glyphs], filling: Filling,
    originals: Originals, folder: Path, progress: Progress,
) -> _Made:  # fmt: skip
    """A copy drawn into `folder`."""
    words = wording(plan.words)
    pictures = Pictures(originals, words)
    drawn, painted = draw(plan, layout.pages, faces, words, pictures, folder, progress, filling)
    progress.step(len(layout.pages), len(layout.pages), f"putting the {filling.kind} copy together")
    about = replace(about_of(plan), identifier=filling.identifier)
    target = folder / "dossier.pdf"
    outline = filling.outline(layout.outline)
    assemble(drawn, layout.pages, outline, about, target, natives.attached(plan, originals))
    whole = Whole(
        laid, layout, faces, words, about, drawn, target, folder, outline, filling,
        functools.partial(natives.these, plan, originals),
    )  # fmt: skip
    return _Made(plan, whole, tuple(pictures.problems), painted)


def _published(
    made: Sequence[_Made], files: Sequence[Sequence[PartFile]], public: Path, sealed: Path,
    originals: Originals,
) -> tuple[Rendered, Rendered]:  # fmt: skip
    """Give both their names, each manifest with the other's hashes."""
    about_public = _told("sealed", public, files[0])  # as the sealed copy tells of the public one
    about_sealed = _told("public", sealed, files[1])
    one, other = made
    lying = [
        beside(each.plan, originals, out, own, each.whole.folder)
        for each, out, own in zip(made, (public, sealed), files, strict=True)
    ]
    first = publish(
        one.plan, files[0], public, one.whole.layout, one.problems, about_sealed, lying[0]
    )
    try:
        second = publish(
            other.plan, files[1], sealed, other.whole.layout, other.problems, about_public, lying[1]
        )
    except BaseException:
        for path in first.files:
            path.unlink(missing_ok=True)
        raise
    return first, second


def _told(kind: str, out: Path, files: Sequence[PartFile]) -> manifests.Copy:
    """What a copy of that kind tells of the other one, which gets the name `out`."""
    parts = []
    for each in files:
        with each.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        path = part_path(out, each.span.no, each.span.of) if len(files) > 1 else out
        parts.append((path.name, sha256, each.path.stat().st_size))
    if len(parts) == 1:
        return manifests.Copy(kind, *parts[0])
    whole = set_sha256((name, sha256) for name, sha256, _ in parts)
    return manifests.Copy(kind, out.name, whole, sum(size for *_, size in parts), parts)
