"""PDFs to the text of each page, facts and files inside them, beside `pdftotext`.

    python -m tests.bench.bench_pdf [FILE …]

CPU-seconds count, ours with its start taken off and pdftotext's too, because ours serves many files with
one process. Without files a dense document of 300 pages is made, small print and large. Then an import of
all, and of twelve more where none were named, is timed by the clock, with vault, hashes, custody and
database, against pdftotext over the same files one after the other: CaseKit reads them side by side.
"""

from __future__ import annotations

import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from casekit.ingest import ingest
from casekit.ingest.limits import new_budget
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.readers import pdf as reader
from casekit.store.case import create_case
from tests.bench import Figure, tell

PAGES = 300
TIMES = 3
LETTER = "the of evidence model answer request output source subject control matter record"


def main() -> None:
    """Measure both, file by file."""
    if not shutil.which("pdftotext"):
        sys.exit(
            "pdftotext is not installed: nothing to compare with (apt-get install poppler-utils)"
        )
    with tempfile.TemporaryDirectory(prefix="casekit-bench-") as place:
        empty = made(Path(place) / "empty.pdf", 1, 0, 11)
        files = [Path(name) for name in sys.argv[1:]] or [
            made(Path(place) / "small print.pdf", PAGES, 110, 6),
            made(Path(place) / "usual print.pdf", PAGES, 55, 11),
        ]
        start = min(theirs(empty) for _ in range(TIMES))
        for file in files:
            cost = min(ours(file) for _ in range(TIMES))
            base = max(1e-3, min(theirs(file) for _ in range(TIMES)) - start)
            tell(Figure(f"CPU, {file.stem}", 1e3 * cost, "ms", "pdftotext", 1e3 * base))
        folder = Path(place) / "folder"
        folder.mkdir()
        for number, file in enumerate(files):
            shutil.copy(file, folder / f"{number} {file.name}")
        for number in range(0 if sys.argv[1:] else 12):
            made(folder / f"more {number}.pdf", PAGES // 2 + number, 55, 11)
        mine = statistics.median(imported(folder, Path(place) / f"{n}") for n in range(TIMES))
        base = statistics.median(one_by_one(folder) for _ in range(TIMES))
        tell(Figure("import by the clock", 1e3 * mine, "ms", "pdftotext", 1e3 * base))


def imported(folder: Path, place: Path) -> float:
    """Seconds that the import of a folder takes."""
    with create_case(place, "Benchmark") as case:
        started = time.perf_counter()
        assert ingest(case, [folder]).items
        return time.perf_counter() - started


def one_by_one(folder: Path) -> float:
    """Seconds that pdftotext takes for the files of a folder, one after the other."""
    started = time.perf_counter()
    for path in sorted(folder.iterdir()):
        subprocess.run(["pdftotext", "-q", path, "-"], stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def made(path: Path, pages: int, lines: int, size: int) -> Path:
    """A document of words, the same each time."""
    from reportlab.pdfgen import canvas

    words = [
        "the",
        "of",
        "evidence",
        "model",
        "answer",
        "request",
        "output",
        "source",
        "subject",
        "control",
        "matter",
        "record",
    ]
    draw = random.Random(4711)
    paper = canvas.Canvas(str(path), pageCompression=1)
    for _ in range(pages):
        text = paper.beginText(30, 820)
        text.setFont("Helvetica", size, 800 / max(1, lines))
        for _ in range(lines):
            text.textLine(" ".join(draw.choices(words, k=130 // size)))
        paper.drawText(text)
        paper.showPage()
    paper.save()
    return path


def ours(path: Path) -> float:
    """CPU-seconds of the reader in this process."""
    data = path.read_bytes()
    new_budget()
    started = time.process_time()
    item = next(each for each in reader.read(data, Context()) if isinstance(each, Parsed))
    assert item.pages
    return time.process_time() - started


def theirs(path: Path) -> float:
    """CPU-seconds of a run of pdftotext."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["pdftotext", "-q", path, "-"], stdout=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
