"""A dossier from a case: planned on one snapshot, drawn from the originals, and frozen if it is issued."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from casekit.confine import Worker
from casekit.dossier import manifest as manifests
from casekit.dossier import signatures
from casekit.dossier.behind import Spot
from casekit.dossier.boxes import Painted
from casekit.dossier.leaks import check_file
from casekit.dossier.parting import parts_at, whole_path
from casekit.dossier.personal import personal
from casekit.dossier.plan import plan
from casekit.dossier.pseudonyms import words_left
from casekit.dossier.redact import (
    all_withheld,
    check_records,
    records_told,
    unjudged,
    unknown,
)
from casekit.dossier.render import Rendered, render
from casekit.dossier.sheet import DossierPlan
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import Wording, wording
from casekit.errors import CaseKitError
from casekit.ingest import views
from casekit.ingest.ocr import UsualEngine
from casekit.ingest.parsed import Context
from casekit.ingest.reading import argument_for, batch_from
from casekit.ingest.run import READ
from casekit.jobs import boxes
from casekit.jobs.originals import raw_bytes
from casekit.ops import productions
from casekit.progress import Progress, Silent
from casekit.queries import items, sequestered, tiers
from casekit.queries.names import check_name, odd_signs
from casekit.queries.redactions import WithheldWords
from casekit.store.case import Case


class CaseOriginals:
    """Gives the renderer an item's exact bytes, and its pages as pixels from the confined worker.

    What the renderer made is read back by the same worker.
    """

    def __init__(self, case: Case, worker: Worker) -> None:
        self._case = case
        self._worker = worker
        self._eyes = UsualEngine()
        self._last: tuple[int, bytes, str] = (0, b"", "")

    def raw(self, item_id: int) -> bytes:
        """The exact bytes of an item."""
        return raw_bytes(self._case, item_id)

    def raws(self, item_ids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """Some items, each with its exact bytes."""
        return ((item_id, self.raw(item_id)) for item_id in item_ids)

    def page(self, item_id: int, page: int, dpi: int) -> bytes:
        """A PNG of page `page` (from 1) of an item at `dpi` dots an inch."""
        data, media_type = self._content(item_id)
        return views.render_page(self._worker, data, media_type, page, dpi).png

    def words(self, item_id: int, page: int) -> tuple[Spot, ...]:
        """The words of page `page` (from 1) of a PDF and where they stand; none where it cannot be told."""
        data, media_type = self._content(item_id)
        if media_type != "application/pdf":
            return ()
        try:
            found = views.words_of_page(self._worker, data, page)
        except CaseKitError:  # its picture and its text are there all the same
            return ()
        wide, high = found.width, found.height
        if not (wide > 0 and high > 0):
            return ()
        return tuple(
            Spot(w.text, w.left / wide, w.top / high, w.right / wide, w.bottom / high)
            for w in found.words
        )

    def _content(self, item_id: int) -> tuple[bytes, str]:
        """An item's bytes and media type, kept until another item is asked for."""
        if self._last[0] != item_id:
            with self._case.read() as s:
                media_type = items.rows(s, [item_id])[0].media_type
            self._last = (item_id, self.raw(item_id), media_type)
        return self._last[1:]

    def judge(
        self, made: Path, painted: Sequence[Painted], withheld: WithheldWords, progress: Progress,
        *, pixels: bool = False,
    ) -> None:  # fmt: skip
        """Refuse a finished PDF that tells withheld words or whose boxes do not hide.

        As `leaks.check_file` and `boxes.prove` say.
        """
        if withheld:
            check_file(made, self._texts(made, progress), withheld)
        if painted:
            engine = self._eyes.get() if pixels else None
            boxes.prove(self._worker, made, painted, withheld, progress, engine=engine)

    def close(self) -> None:
        """End the engine that read pixels, if one did; the worker is the caller's."""
        self._eyes.close()

    def _texts(self, made: Path, progress: Progress) -> Iterator[tuple[int, str]]:
        """Page and text of a finished PDF, read as a file of the other side would be."""
        argument = argument_for(Context(name="dossier.pdf"))
        with made.open("rb") as file:
            for frame in self._worker.stream(READ, file.fileno(), argument):
                for read in batch_from(frame).items:
                    for part, text in read.texts:
                        if part.startswith("page/"):
                            no = int(part.removeprefix("page/"))
                            progress.step(no, read.pages, f"reading page {no:,} for withheld words")
                            yield no, text


def was_issued(pdf: Path) -> bool:
    """Whether what lies at or beside that name, which may be that of a part, belongs to an issued dossier."""
    if any(path.exists() for path in signatures.beside(pdf)):
        return True
    if any(path.suffix in {".p7s", ".tsr"} for path in parts_at(pdf)):
        return True
    try:
        whole = manifests.beside(whole_path(pdf))[0]
        return json.loads(whole.read_bytes())["dossier"]["draft"] is False
    except (OSError, ValueError, KeyError, TypeError):
        return False


@contextmanager
def originals_of(case: Case) -> Iterator[CaseOriginals]:
    """The case's originals with a worker of their own, which ends with the block."""
    with Worker(preload=views.PRELOAD) as worker, closing(CaseOriginals(case, worker)) as made:
        yield made


def write(
    case: Case,
    spec: DossierSpec,
    out: Path,
    progress: Progress | None = None,
    *,
    issue: bool = False,
    pixels: bool | None = None,
) -> Rendered:
    """Write a dossier: a draft, which records nothing, or an issued one, which is frozen.

    Args:
        case: An open case.
        spec: What the dossier holds.
        out: The PDF; its manifest, list of hashes and checking program go beside it. With a limit it may be
            written as `OUT-part-1-of-2.pdf` and so on. An issued dossier that
            is there already is never replaced, nor what lies beside one.
        progress: Told pages done.
        pixels: Have a machine read the finished pages with boxes for withheld words; None: if the dossier is
            issued and an engine is installed.
        issue: Allocate Bates numbers and freeze the plan; any file already at `out` is then refused.

    Raises:
        CaseKitError: The file's name tells what is withheld, evidence is damaged, the place cannot be written,
            or the case has changed so that the plan could not be issued: nothing is recorded then.
    """
    progress = progress or Silent()
    check_place(out, issue=issue, parts=bool(spec.limit_mb))
    if pixels is None:
        pixels = issue and boxes.can_read_pixels()
    out.parent.mkdir(parents=True, exist_ok=True)
    with case.read() as s:
        check_name(s, out.name)
        decided = plan(s, spec, for_issue=issue, progress=progress)
        left_out = sequestered.exhibits(s) if spec.exhibits is None else {}
        withheld = all_withheld(s)
        told_by = wording(decided.words)
        unsure = _doubts(s, decided, out, told_by)
        unsure += unjudged(s, decided, told_by, pixels=pixels) if withheld else []
    with originals_of(case) as originals:
        check_records(withheld, decided, originals.raws(records_told(decided)))
        unsure += personal(decided, told_by, originals.raws(records_told(decided)))
        rendered = render(
            decided, originals, out, progress,
            lambda made, painted: originals.judge(made, painted, withheld, progress, pixels=pixels),
        )  # fmt: skip
    if issue:
        try:
            with case.write() as s:
                productions.issue(s, decided, rendered)
        except BaseException:
            for path in rendered.files:
                path.unlink(missing_ok=True)
            raise
    away = [f"Exhibit {label} is left out: it is sequestered." for label in left_out]
    return replace(rendered, problems=(*rendered.problems, *unsure, *away))


def _doubts(s: Connection, decided: DossierPlan, out: Path, words: Wording) -> list[str]:
    """What nobody can tell of a dossier that is about to be written, or should look at."""
    found = unknown(s, decided, words) + words_left(s, decided, words) + _unnamed(s, decided)
    if decided.profile != "archive" and (signs := odd_signs(out.name)):
        found.append(words("parts.odd_name", name=out.name, signs=" ".join(signs)))
    return found


def _unnamed(s: Connection, decided: DossierPlan) -> list[str]:
    """What a draft says where the matter has an order on confidentiality and nobody is named to receive it."""
    if not tiers.order(s) or decided.recipients:
        return []
    return ["No recipient is named, so this cannot be issued: say who receives it."]


def check_place(out: Path, *, issue: bool, parts: bool) -> None:
    """Refuse to write where an issued dossier lies, and to issue where any file does.

    `parts`: it may be written in parts; then none of another dossier may lie there.
    """
    if issue and (out.exists() or parts_at(out)):
        raise CaseKitError(
            "{name} is already there: an issued dossier never replaces a file.", name=out.name
        )
    if was_issued(out):
        raise CaseKitError(
            "{name} is the name of a dossier that was issued or signed: choose another name, so that it stays "
            "as it is.",
            name=out.name,
        )
    others = set(parts_at(out)) - set(manifests.drafted(out)) if parts else set()
    if others:
        raise CaseKitError(
            "{name} is already there and belongs to no draft of this name: choose another name.",
            name=min(others).name,
        )
