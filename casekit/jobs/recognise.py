"""Text recognition: pages without text drawn by the worker, read by the engine, indexed, and marked as such."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

from casekit.confine import Worker, WorkerFault
from casekit.errors import CaseKitError
from casekit.ingest.ocr import find_engine
from casekit.ingest.ocr.engine import Engine, label
from casekit.ingest.views import PRELOAD, render_page
from casekit.jobs.originals import raw_bytes
from casekit.ops.recognition import Recognised, add_machine_texts
from casekit.progress import Progress, Silent
from casekit.queries.recognised import Wanting, wanting
from casekit.search import filling
from casekit.store.case import Case

DPI = 300
"""What the engine's makers advise for print of usual size."""


@dataclass(slots=True)
class RecognitionReport:
    """What came of it.

    Attributes:
        engine: Program and version.
        items: Items looked at.
        pages: Pages read.
        with_text: Pages on which something was found.
        failed: (item, page, why) of each page that could not be read.
    """

    engine: str
    items: int = 0
    pages: int = 0
    with_text: int = 0
    failed: list[tuple[int, int, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The report as the command line prints it."""
        return {"v": 1, **asdict(self)}


def recognise(
    case: Case, ids: Iterable[int], progress: Progress, *, language: str = "eng", engine: str = ""
) -> RecognitionReport:
    """Read the pages without text of some items.

    Each item is one act and one transaction, so that a stop costs the item at hand; a page that this
    engine has read before in this language is not read again. Texts go to a table of their own: the
    record stays as it is.

    Args:
        case: The case.
        ids: Items; those that are neither pictures nor PDFs are passed over.
        progress: Told after each page.
        language: Tesseract's names joined by `+`; an engine that reads many at once needs none of them.
        engine: Its name; empty: the usual one.

    Raises:
        CaseKitError: No engine can be had here, or it does not read the language.
    """
    with closing(find_engine(engine)) as found:
        return _recognise(case, ids, progress, found, language)


def _recognise(
    case: Case, ids: Iterable[int], progress: Progress, engine: Engine, language: str
) -> RecognitionReport:
    spoken = engine.spoken(language)
    with case.read() as s:
        asked = wanting(s, ids, engine.name, engine.version, spoken)
    filling.index_pending(
        case, progress
    )  # what waits from before, where it can be seen and stopped
    report = RecognitionReport(label(engine))
    total = sum(len(each.pages) for each in asked)
    done = 0
    with Worker(preload=PRELOAD) as worker:
        for each in asked:
            found: list[Recognised] = []
            try:
                data = raw_bytes(case, each.id)
            except CaseKitError as error:
                report.failed += [(each.id, page, str(error)) for page in each.pages]
                done += len(each.pages)
                progress.step(done, total, "Recognising text")
                continue
            for page in each.pages:
                try:
                    found.append(_page(worker, engine, data, each, page, language))
                except (CaseKitError, WorkerFault) as error:
                    report.failed.append((each.id, page, str(error)))
                done += 1
                progress.step(done, total, "Recognising text")
            if found:
                with case.write() as s:
                    add_machine_texts(s, found)
                filling.index_pending(case, Silent())
            report.items += 1
            report.pages += len(found)
            report.with_text += sum(bool(one.text) for one in found)
    return report


def _page(
    worker: Worker, engine: Engine, data: bytes, each: Wanting, page: int, language: str
) -> Recognised:
    dpi = DPI if each.media_type == "application/pdf" else 0
    image = render_page(worker, data, each.media_type, page, float(dpi or 96))
    read = engine.read(image.png, language, round(image.dpi) if dpi else 0)
    return Recognised(
        each.id, f"page/{page}", read.text, engine.name, engine.version, engine.spoken(language),
        round(image.dpi) if dpi else 0, read.confidence, read.pixels_sha256,
    )  # fmt: skip
