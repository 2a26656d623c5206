"""The real documents, archives and pictures of the corpus, each through the confined worker."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from casekit.confine import Worker
from casekit.errors import CaseKitError
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.pointer import resolve
from casekit.ingest.reading import Batch, argument_for, batch_from
from casekit.ingest.views import render_page, words_of_page

pytestmark = pytest.mark.corpus
READ = "casekit.ingest.reading:read_stream"
MOST_MEMORY_KB = 500_000
OUR_FAULTS = {"reader-failed", "books"}


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(preload=("casekit.ingest.reading",)) as made:
        yield made


@pytest.fixture(scope="module")
def agreed(corpus: Path) -> dict[str, dict[str, dict[str, Any]]]:
    known = json.loads((corpus / "expected.json").read_text("utf-8"))
    return {
        kind: {path: told["agreed"] for path, told in known[kind].items()}
        for kind in ("pdf", "docx", "archive")
    }


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def batches(worker: Worker, path: Path) -> list[Batch]:
    with path.open("rb") as file:
        argument = argument_for(Context(name=path.name))
        return [
            batch_from(f) for f in worker.stream(READ, file.fileno(), argument, quiet_seconds=60)
        ]


def items(worker: Worker, path: Path) -> list[Parsed]:
    return [item for batch in batches(worker, path) for item in batch.items]


def peak_memory(worker: Worker) -> int:
    status = Path(f"/proc/{worker.pid}/status")
    if not status.exists():
        return 0
    return next(
        int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")
    )


@pytest.mark.parametrize(
    "folder", ["pdf", "office", "html", "text", "archive", "ocr", "hostile/zip"]
)
def test_every_file_ends_in_a_state(corpus: Path, worker: Worker, folder: str) -> None:
    worker.close()
    calls = 0
    faults = []
    for path in files(corpus / folder):
        calls += 1
        found = batches(worker, path)
        problems = [problem for batch in found for problem in batch.problems]
        books = found[-1].books
        made = [item for batch in found for item in batch.items]
        if books is None or books.total != path.stat().st_size or not (made or problems):
            faults.append((path.name, books))
        faults += [(path.name, problem) for problem in problems if problem.kind in OUR_FAULTS]
    assert faults == []
    assert calls > 0
    assert peak_memory(worker) < MOST_MEMORY_KB


@pytest.mark.parametrize("folder", ["archive", "hostile/zip", "office"])
def test_every_pointer_leads_to_the_bytes_it_names(
    corpus: Path, worker: Worker, folder: str
) -> None:
    wrong = []
    for path in files(corpus / folder):
        with path.open("rb") as source:
            for item in items(worker, path)[:50]:
                if hashlib.sha256(resolve(source, item.steps)).digest() != item.sha256:
                    wrong.append((path.name, item.steps))
    assert wrong == []


def test_page_counts_are_those_that_two_others_agree_on(
    corpus: Path, worker: Worker, agreed: dict[str, dict[str, dict[str, Any]]]
) -> None:
    asked = {path: told["pages"] for path, told in agreed["pdf"].items() if "pages" in told}
    asked = {path: pages for path, pages in asked.items() if (corpus / path).is_file()}
    assert len(asked) > 600
    wrong = {
        path: (pages, found)
        for path, pages in asked.items()
        if (found := items(worker, corpus / path)[0].pages) != pages
    }
    assert wrong == {}


def test_word_files_say_what_two_others_agree_on(
    corpus: Path, worker: Worker, agreed: dict[str, dict[str, dict[str, Any]]]
) -> None:
    """Letters and tables that stand there twice, for older programs, or were moved away, are not counted."""
    counted: Counter[str] = Counter()
    wrong = []
    for path, told in agreed["docx"].items():
        if not told:
            continue
        item = items(worker, corpus / path)[0]
        facts = json.loads(item.facts or "{}")
        properties = facts.get("properties", {})
        letters, tables = not_ours(corpus / path)
        body = dict(item.texts).get("body", "")
        found = {
            "author": properties.get("creator", "") == told["author"].strip(),
            "core_title": properties.get("title", "") == told.get("core_title", "").strip(),
            "tables": facts.get("tables", 0) + tables == told["tables"],
            "chars": len("".join(body.split())) + letters >= told["chars"],
        }
        counted.update(name for name in told)
        wrong += [(path, name) for name in told if not found[name]]
    assert wrong == []
    assert counted == {"author": 148, "core_title": 136, "tables": 148, "chars": 148}


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def not_ours(path: Path) -> tuple[int, int]:
    """Letters and tables that the two others count, and that are no part of the text as it stands now."""
    with zipfile.ZipFile(path) as package:
        name = next(n for n in package.namelist() if n.lower().lstrip("/") == "word/document.xml")
        root = etree.fromstring(package.read(name))
    again = [*root.iter(FALLBACK), *root.iter(f"{W}moveFrom")]
    letters = sum(
        len("".join((t.text or "").split())) for each in again for t in each.iter(f"{W}t")
    )
    return letters, sum(1 for each in again for _ in each.iter(f"{W}tbl"))


def test_archives_hold_what_two_others_agree_on(
    corpus: Path, worker: Worker, agreed: dict[str, dict[str, dict[str, Any]]]
) -> None:
    wrong = {}
    counted = 0
    for path, told in agreed["archive"].items():
        found = batches(worker, corpus / path)
        seen = {item.steps[0].name for batch in found for item in batch.items if item.steps}
        seen |= {problem.path for batch in found for problem in batch.problems}
        counted += len(told.get("names", ()))
        missing = [name for name in told.get("names", ()) if name not in seen]
        if missing:
            wrong[path] = missing
    assert wrong == {}
    assert counted == 183


@pytest.mark.parametrize("name", ["droste.zip", "quine.gz"])
def test_what_holds_itself_ends(corpus: Path, worker: Worker, name: str) -> None:
    path = next(corpus.glob(f"archive/**/{name}"))
    found = batches(worker, path)
    deepest = max(len(item.steps) for batch in found for item in batch.items)
    assert deepest == 8
    assert "depth" in [problem.kind for batch in found for problem in batch.problems]


@pytest.mark.slow
def test_first_pages_are_drawn_or_refused(corpus: Path, worker: Worker) -> None:
    told: Counter[str] = Counter()
    for path in files(corpus / "pdf"):
        with path.open("rb") as file:
            try:
                image = render_page(worker, file.fileno(), "application/pdf", 1, 40)
                words_of_page(worker, file.fileno(), 1)
                told["drawn"] += image.width > 0
            except CaseKitError as error:
                told["refused" if error.__cause__ is None else "crashed or hung"] += 1
    assert told["drawn"] > 650
    assert told["crashed or hung"] == 0
