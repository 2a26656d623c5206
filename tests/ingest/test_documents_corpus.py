"""The real documents, archives and pictures of the corpus, each through the confined worker."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
    counted: Counter[tuple[str, bool]] = Counter()
    for path, told in agreed["docx"].items():
        item = items(worker, corpus / path)[0]
        facts = json.loads(item.facts or "{}")
        if "author" in told:
            author = facts.get("properties", {}).get("creator", "")
            counted["author", author == told["author"].strip()] += 1
        if "chars" in told:
            body = dict(item.texts).get("body", "")
            counted["chars", len("".join(body.split())) >= 0.75 * told["chars"]] += 1
    assert counted["author", False] == 0
    assert counted["author", True] > 140
    assert counted["chars", True] > 140
    assert counted["chars", False] <= 4  # text boxes, which the others count twice


def test_archives_hold_what_two_others_agree_on(
    corpus: Path, worker: Worker, agreed: dict[str, dict[str, dict[str, Any]]]
) -> None:
    wrong = {}
    for path, told in agreed["archive"].items():
        if not path.endswith(".zip") or "names" not in told:
            continue
        found = batches(worker, corpus / path)
        seen = {item.steps[0].name for batch in found for item in batch.items if item.steps}
        seen |= {problem.path.split("/")[0] for batch in found for problem in batch.problems}
        missing = [name for name in told["names"] if name not in seen]
        if missing and "spanned" not in path:  # the other half of a spanned archive is not there
            wrong[path] = missing
    assert wrong == {}


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
