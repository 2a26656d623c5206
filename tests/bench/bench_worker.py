"""What the confined worker costs: files read in it and checked on arrival, beside the same readers directly.

    python -m tests.bench.bench_worker [FILE …]

CPU-seconds of both processes and wall time, the worker's start taken off: it serves many files. Then the
whole import of each file, whose time matters most, with the worker and with its readers in the importing
process. Without files a mailbox, a PDF of 300 pages and an API log are made.
"""

from __future__ import annotations

import mmap
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from casekit.confine import Worker
from casekit.ingest import run
from casekit.ingest.limits import new_budget
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.reading import argument_for, batch_from, format_of, read_any, read_stream
from casekit.store.case import create_case
from tests.bench import Figure, tell
from tests.bench.bench_pdf import made
from tests.evidence import write_log, write_mbox

TIMES = 5
MAILS, RECORDS = 5_000, 20_000


def main() -> None:
    """Measure each file in turn."""
    with tempfile.TemporaryDirectory(prefix="casekit-bench-") as place:
        files = [Path(name) for name in sys.argv[1:]] or samples(Path(place))
        for file in files:
            tell_costs(file)
            tell_imports(file)


def samples(folder: Path) -> list[Path]:
    """The same three files each time."""
    return [
        write_mbox(folder / "mailbox.mbox", MAILS),
        made(folder / "document.pdf", 300, 55, 11),
        write_log(folder / "log.jsonl", RECORDS),
    ]


def tell_costs(file: Path) -> None:
    """Tell CPU and wall time of both ways for one file; the least of several runs of each, in turns."""
    with Worker(preload=("casekit.ingest.reading",)) as worker:
        ways = {"direct": lambda: direct(file), "worker": lambda: confined(worker, file)}
        counts = {name: way() for name, way in ways.items()}  # loads what both need
        assert len(set(counts.values())) == 1
        pid = worker.pid
        assert pid is not None
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(TIMES):
            for name, way in ways.items():
                found[name].append(cost(way, pid))
    cpu = {name: min(c for c, _ in costs) for name, costs in found.items()}
    wall = {name: min(w for _, w in costs) for name, costs in found.items()}
    name = "the same reader in this process"
    tell(Figure(f"CPU, {file.name}", 1e3 * cpu["worker"], "ms", name, 1e3 * cpu["direct"]))
    tell(Figure(f"wall, {file.name}", 1e3 * wall["worker"], "ms", name, 1e3 * wall["direct"]))


def tell_imports(file: Path) -> None:
    """Tell the wall time of a whole import both ways; the least of several, in turns."""
    found: dict[type, list[float]] = {Worker: [], NoWorker: []}
    for _ in range(TIMES):
        for reads, times in found.items():
            times.append(imported(file, reads))
    theirs, ours = min(found[NoWorker]), min(found[Worker])
    name = "import that reads in its own process"
    tell(Figure(f"import, {file.name}", 1e3 * ours, "ms", name, 1e3 * theirs))


class NoWorker:
    """Reads in this process, unconfined, and hands over the same frames."""

    level, pid = "none", None

    def __init__(self, **_: object) -> None:
        pass

    def __enter__(self) -> NoWorker:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def close(self) -> None:
        """Nothing to end."""

    def stream(self, _name: str, descriptor: int, argument: bytes, **_: object) -> Iterator[bytes]:
        """The frames of a file."""
        with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as data:
            yield from read_stream(data, argument)


def imported(file: Path, reads: type) -> float:
    """Seconds that the import of a file takes."""
    run.Worker = reads  # type: ignore[misc,assignment]
    try:
        with (
            tempfile.TemporaryDirectory(prefix="casekit-bench-") as place,
            create_case(Path(place) / "Case", "Benchmark") as case,
        ):
            started = time.perf_counter()
            run.ingest(case, [file])
            return time.perf_counter() - started
    finally:
        run.Worker = Worker  # type: ignore[misc]


def cost(way: Callable[[], int], pid: int) -> tuple[float, float]:
    """CPU-seconds of this process and the worker, and seconds."""
    cpu, wall = used(pid), time.perf_counter()
    way()
    return used(pid) - cpu, time.perf_counter() - wall


def used(pid: int) -> float:
    """CPU-seconds used so far."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    fields = Path(f"/proc/{pid}/schedstat").read_text().split()
    return own.ru_utime + own.ru_stime + int(fields[0]) / 1e9


def direct(file: Path) -> int:
    """Read the file here; returns how many items it holds."""
    new_budget()
    data = file.read_bytes()
    found = read_any(data, Context(name=file.name), format_of(data, file.name))
    return sum(isinstance(each, Parsed) for each in found)


def confined(worker: Worker, file: Path) -> int:
    """Read the file in the worker and check what comes; returns how many items it holds."""
    with file.open("rb") as f:
        frames = worker.stream(
            "casekit.ingest.reading:read_stream",
            f.fileno(),
            argument_for(Context(name=file.name)),
        )
        batches = (
            batch_from(frame, columns=True) for frame in frames
        )  # as the importer takes them
        return sum(len(batch.items) + len(batch.columns or ()) for batch in batches)


if __name__ == "__main__":
    main()
