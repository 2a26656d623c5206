"""PDFs to the text of each page, facts and files inside them, beside `pdftotext`.

    python -m tests.bench.bench_pdf [FILE …]

CPU-seconds count, ours with its start taken off and pdftotext's too, because ours serves many files with
one process. Without files a dense document of 300 pages is made, small print and large.
"""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from casekit.ingest.limits import new_budget
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.readers import pdf as reader
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
