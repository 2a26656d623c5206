"""Word files to text, notes, comments and tracked deletions apart, beside python-docx's paragraphs and cells.

    python -m tests.bench.bench_docx [FOLDER]

Both read the same bytes in one process, in turns, file by file; the sum of the best of five runs of each
file counts. python-docx gives the words of paragraphs and tables of the body, of headers and of footers;
ours are those of every part. Files that python-docx cannot open are left out on both sides. The first
figure is the text alone, as both give it; the second is ours with the pictures, PDFs, workbooks and mails
that lie in a Word file read too, none of which python-docx opens.
"""

from __future__ import annotations

import io
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from casekit.ingest.limits import new_budget
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.readers import docx as reader
from tests.bench import Figure, tell
from tests.bench.run import CORPUS

TIMES = 5


def main() -> None:
    """Measure both."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else CORPUS / "office"
    files = sorted(folder.rglob("*.docx"))
    if not files:
        sys.exit("the test corpus is not beside the checkout: name a folder with Word files")
    warnings.simplefilter("ignore")
    ours_seconds = base_seconds = alone_seconds = 0.0
    ours_words = base_words = fewer = read = 0
    for path in files:
        data = path.read_bytes()
        try:
            base, seconds = best(theirs, data)
        except Exception:  # noqa: BLE001 - python-docx raises whatever an odd file leads it to
            continue
        found, mine = best(ours, data)
        read += 1
        ours_seconds += mine
        alone_seconds += best(alone, data)[1]
        base_seconds += seconds
        ours_words += found.total()
        base_words += base.total()
        missing = Counter("".join(base.elements())) - Counter("".join(found.elements()))
        if missing:  # by letters: python-docx leaves out linked words, and so parts others in two
            fewer += 1
            print(f"{path.name}: {missing.total()} letters fewer, such as {list(missing)[:5]}")
    print(
        f"{read} of {len(files)} files, {ours_words:,} words against {base_words:,}; fewer in {fewer} files"
    )
    name = "python-docx"
    each = 1e3 * alone_seconds / read
    tell(Figure("text of a file", each, "ms", name, 1e3 * base_seconds / read))
    each = 1e3 * ours_seconds / read
    tell(Figure("with the files inside read too", each, "ms", name, 1e3 * base_seconds / read))
    tell(Figure("words found", ours_words, "words", name, base_words, more_is_better=True))


def best(work: Callable[[bytes], Counter[str]], data: bytes) -> tuple[Counter[str], float]:
    """The words, and the seconds of the fastest of some runs."""
    seconds = float("inf")
    for _ in range(TIMES):
        started = time.perf_counter()
        found = work(data)
        seconds = min(seconds, time.perf_counter() - started)
    return found, seconds


def ours(data: bytes) -> Counter[str]:
    """Words of every part of the document itself; the files inside it are read too, and not counted."""
    new_budget()
    item = next(each for each in reader.read(data, Context()) if isinstance(each, Parsed))
    return Counter(word for _, text in item.texts for word in text.split())


def alone(data: bytes) -> Counter[str]:
    """The same without a look at the files inside."""
    looks = reader.read_files_inside
    reader.read_files_inside = lambda *_: None  # type: ignore[assignment]
    try:
        return ours(data)
    finally:
        reader.read_files_inside = looks


def theirs(data: bytes) -> Counter[str]:
    """Words that python-docx gives by its documented ways."""
    import docx

    document = docx.Document(io.BytesIO(data))
    texts = list(_texts(document))
    for section in document.sections:
        for part in (section.header, section.footer):
            if not part.is_linked_to_previous:
                texts += _texts(part)
    return Counter(word for text in texts for word in text.split())


def _texts(holder: Any) -> Iterator[str]:
    for paragraph in holder.paragraphs:
        yield paragraph.text
    for table in holder.tables:
        seen = set()
        for row in table.rows:
            for cell in row.cells:
                if cell._tc not in seen:  # a cell over several columns comes once for each
                    seen.add(cell._tc)
                    yield from _texts(cell)


if __name__ == "__main__":
    main()
