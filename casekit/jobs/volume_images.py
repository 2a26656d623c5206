"""The page pictures of a volume: drawn from the items as they may be shown, judged, and written one a page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from casekit.confine import Worker
from casekit.dossier import imaged, pseudonyms, redact
from casekit.dossier.flow import Page
from casekit.dossier.imaged import Sheet, Typesetter
from casekit.dossier.production import PER_FOLDER, sheets
from casekit.dossier.render import Pictures
from casekit.dossier.volume import Document, Volume
from casekit.dossier.wording import Wording, wording
from casekit.errors import CaseKitError
from casekit.ingest.prints import prints
from casekit.jobs.boxes import can_read_pixels
from casekit.jobs.dossier import CaseOriginals
from casekit.progress import Progress
from casekit.queries import items
from casekit.queries import matter as matter_queries
from casekit.queries.redactions import WithheldWords
from casekit.store.case import Case

_AT_ONCE = 200
"""Pages drawn before they are written as pictures; more of one document stay together."""


@dataclass(slots=True)
class Drawn:
    """What was written.

    Attributes:
        files: SHA-256 (hex) by path below the volume.
        pages: Number and path of every page, in order.
        problems: Sentences about pages that could not be shown.
    """

    files: dict[str, str] = field(default_factory=dict)
    pages: list[tuple[str, str]] = field(default_factory=list)
    problems: tuple[str, ...] = ()


def draw(
    case: Case, volume: Volume, building: Path, withheld: WithheldWords, progress: Progress
) -> Drawn:
    """Write the pictures of all documents of a volume below `building`.

    Raises:
        CaseKitError: A document is not what it was when it was planned, would tell words that are redacted,
            or cannot be drawn.
    """
    drawn = Drawn()
    if volume.images == "none":
        return drawn
    with case.read() as s:
        words = wording(matter_queries.get(s).profile or "neutral")
    setter = Typesetter(volume.paper, volume.designation, progress)
    total = sum(one.pages for one in volume.documents)
    with Worker() as worker, closing(CaseOriginals(case, worker)) as originals:
        pictures = Pictures(originals, words)
        for batch in _batches(volume.documents):
            step = _Step(
                volume, building, setter, worker, originals, pictures, progress, total, can_read_pixels()
            )  # fmt: skip
            _draw_batch(step, _faced(case, volume, batch, words), withheld, drawn)
    drawn.problems = tuple(pictures.problems)
    return drawn


@dataclass(frozen=True, slots=True)
class _Step:
    volume: Volume
    building: Path
    setter: Typesetter
    worker: Worker
    originals: CaseOriginals
    pictures: Pictures
    progress: Progress
    total: int
    pixels: bool


def _draw_batch(
    step: _Step,
    faced: Sequence[tuple[Document, Sheet]],
    withheld: WithheldWords,
    drawn: Drawn,
) -> None:
    told = [
        (one.named, name)
        for one, sheet in faced
        for text in imaged.said(sheet)
        for _, _, name in withheld.places(text)
    ]
    redact.refuse(told, redact.PRODUCTION_TELLS)
    pages: list[Page] = []
    marks = dict(step.volume.marks)
    for one, sheet in faced:
        step.setter.prepare("".join([*imaged.said(sheet), marks.get(one.item_id, "")]))
    for one, sheet in faced:
        made = step.setter.pages(sheet, [stamp for _, stamp in one.keys], marks.get(one.item_id))
        if len(made) != one.pages:
            raise CaseKitError(
                "{number} has another number of pages than when it was planned: plan this again.",
                number=one.fields["BEGBATES"],
            )
        pages += made
    part = step.building / "pages.pdf"
    part.parent.mkdir(parents=True, exist_ok=True)
    painted = step.setter.draw(pages, part, step.pictures, step.progress)
    step.originals.judge(part, painted, withheld, step.progress, pixels=step.pixels)
    targets = _targets(faced, drawn)
    _write_pages(step, part, pages, targets, drawn)
    part.unlink()


def _targets(faced: Sequence[tuple[Document, Sheet]], drawn: Drawn) -> list[tuple[str, str]]:
    """Of every page of a batch its number and its path without an ending."""
    found: list[tuple[str, str]] = []
    for one, _ in faced:
        for key, _ in one.keys:
            folder = f"{(len(drawn.files) + len(found)) // PER_FOLDER + 1:04d}"
            found.append((key, f"IMAGES/{folder}/{key}"))
    return found


def _write_pages(
    step: _Step, part: Path, pages: Sequence[Page], targets: Sequence[tuple[str, str]], drawn: Drawn
) -> None:
    """Write a batch's pages as files."""
    for _, path in targets:
        (step.building / path).parent.mkdir(parents=True, exist_ok=True)
    kind = step.volume.images
    if kind == "pdf":
        paths = [f"{path}.pdf" for _, path in targets]
        imaged.split(part, [step.building / path for path in paths])
        for (key, _), path in zip(targets, paths, strict=True):
            _note(drawn, key, path, (step.building / path).read_bytes())
        return
    if kind == "none":
        return
    plain = [no for no, page in enumerate(pages, 1) if imaged.is_plain(page)]
    with part.open("rb") as file:
        made = prints(step.worker, file.fileno(), len(pages), imaged.DPI, kind, plain)
        for each, (key, path) in zip(made, targets, strict=True):
            step.progress.step(len(drawn.pages), step.total, "writing pictures")
            name = path + each.ending
            (step.building / name).write_bytes(each.data)
            _note(drawn, key, name, each.data)


def _note(drawn: Drawn, key: str, path: str, data: bytes) -> None:
    drawn.files[path] = hashlib.sha256(data).hexdigest()
    drawn.pages.append((key, path))


def _faced(
    case: Case, volume: Volume, batch: Sequence[Document], words: Wording
) -> list[tuple[Document, Sheet]]:
    """Each document with what its pictures show, which must be what was planned."""
    slips = {one.item_id for one in volume.slips}
    with case.read() as s:
        given = pseudonyms.of_case(s, words)
        log = pseudonyms.log_entries(s, given) if slips else {}
        made: dict[int, Sheet] = {}
        for one in batch:
            if one.item_id in slips:
                made[one.item_id] = imaged.withheld_slip(log[one.item_id], words)
            elif one.item_id not in made:
                family = [row.id for row in items.view(s, one.item_id).family]
                made |= sheets({i: items.view(s, i) for i in family}, words, given)
    for one in batch:
        if made[one.item_id].digest() != one.sheet_sha256:
            raise CaseKitError(
                "{number} has changed since this was planned: plan it again.",
                number=one.fields["BEGBATES"],
            )
    return [(one, made[one.item_id]) for one in batch]


def _batches(documents: Sequence[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for one in documents:
        if batch and sum(each.pages for each in batch) + one.pages > _AT_ONCE:
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch
