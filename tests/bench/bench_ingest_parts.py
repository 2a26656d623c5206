"""Where the time of importing an API log goes: the processor time of each part by itself, in one process.

    python -m tests.bench.bench_ingest_parts [--log FILE | --records N]

What `bench_ingest` does in three processes side by side is done here in turn, so that each part can be told
from the others; starting the processes and carrying frames from one to the other are left out.
"""

from __future__ import annotations

import argparse
import mmap
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from casekit.ingest.filing import laid_out
from casekit.ingest.parsed import Context
from casekit.ingest.reading import argument_for, batch_from, read_stream
from casekit.ingest.tables import hand_on
from casekit.ops import items as item_ops
from casekit.ops.columns import digest_columns
from casekit.ops.items import Filed, Received
from casekit.progress import Silent
from casekit.search import filling
from casekit.store.bulk import rare_collections
from casekit.store.case import Case, create_case
from casekit.store.growing import Growing
from tests.bench import Figure, measured, python, tell
from tests.evidence import write_log

FRAMES = 25
"""Frames in a transaction, of two hundred records each."""

spent: dict[str, float] = {}


def main() -> None:
    """Measure each part, then polars."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", type=Path)
    parser.add_argument("--records", type=int, default=100_000)
    asked = parser.parse_args()
    import pyarrow as pa
    import pyarrow.parquet

    pa.array([0])
    with tempfile.TemporaryDirectory(prefix="casekit-bench-") as place, rare_collections():
        log = asked.log or write_log(Path(place) / "log.jsonl", asked.records)
        with create_case(Path(place) / "Case", "Benchmark") as case:
            records = run(case, log)
        polars = measured(
            python("tests.bench.bench_ingest", "--polars", log, Path(place) / "polars")
        )
    whole = sum(spent.values())
    for what, seconds in spent.items():
        tell(Figure(what, 1e6 * seconds / records, "µs/record"))
    name = "polars, NDJSON to Parquet, CPU"
    tell(Figure("all parts", 1e6 * whole / records, "µs/record", name, 1e6 * polars.cpu / records))


def run(case: Case, log: Path) -> int:
    """Import a log part by part, as many frames at a time as a transaction has; returns the records."""
    with timed("receiving: copy, hash"):
        deposit = case.vault.deposit(log, settle=False)
        case.vault.settle()
    with case.write() as s:
        run_id = item_ops.start_run(s, "[]", "none")
        received = Received(deposit.sha256, deposit.size, "", {"path": log.name})
        item_ops.file_batch(s, run_id, [received], [])
    growing = Growing(case)
    records = 0
    with log.open("rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as data:
        reading = read_stream(data, argument_for(Context(name=log.name)))
        while True:
            with timed("reading: frame, parse, recognise, hash"):
                frames = list(islice(reading, FRAMES))
            if not frames:
                break
            with timed("checking what was read"):
                batches = [batch_from(frame, columns=True) for frame in frames]
                heads = [laid_out(b.columns, log.name) for b in batches if b.columns is not None]
            with timed("digests"):
                for each in heads:
                    digest_columns(each, deposit.sha256)
            filed = Filed(deposit.sha256, "jsonl", "reading", list(heads))
            with timed("filing: rows, indexes, custody"), case.write(polite=True) as s:
                item_ops.file_batch(s, run_id, [], [filed])
            with timed("tables for analytics"):
                hand_on([filed], growing)
            records += filed.number
    with timed("tables for analytics"):
        growing.close(finished=True)
    with timed("words and values to filter by"):
        filling.index_pending(case, Silent())
    return records


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Count the processor time of what is done inside."""
    started = time.process_time()
    yield
    spent[what] = spent.get(what, 0.0) + time.process_time() - started


if __name__ == "__main__":
    main()
