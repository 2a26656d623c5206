"""An API log into a case, with custody, pointers, facets, full text and tables for analytics.

    python -m tests.bench.bench_ingest [--log FILE | --records N]

Two baselines. What nobody could do without: each line as it is into a table, and into FTS5, by the same
SQLite through the driver's own `executemany`, in transactions as long as ours, as durable as ours. And
polars, which turns the same file into Parquet by `scan_ndjson(...).sink_parquet`.

Last comes the floor: the processor time of nothing but SQLite, for the very rows that the import stored,
taken out of the case and ready in memory, into the same tables and the same index of words.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
import time
from pathlib import Path

from tests.bench import Cost, Figure, measured, python, tell
from tests.evidence import write_log

ROWS = 2000


def main() -> None:
    """Measure both, one after the other."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", type=Path)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--ours", nargs=2, type=Path)
    parser.add_argument("--plain", nargs=2, type=Path)
    parser.add_argument("--polars", nargs=2, type=Path)
    parser.add_argument("--floor", nargs=2, type=Path)
    asked = parser.parse_args()
    if asked.ours:
        ours(*asked.ours)
        return
    if asked.plain:
        plain(*asked.plain)
        return
    if asked.polars:
        polars(*asked.polars)
        return
    if asked.floor:
        floor(*asked.floor)
        return
    with tempfile.TemporaryDirectory(prefix="casekit-bench-") as place:
        log = asked.log or write_log(Path(place) / "log.jsonl", asked.records)
        report(
            measured(python("tests.bench.bench_ingest", "--plain", log, Path(place) / "plain.db")),
            measured(python("tests.bench.bench_ingest", "--polars", log, Path(place) / "polars")),
            measured(python("tests.bench.bench_ingest", "--ours", log, Path(place) / "Case")),
            measured(
                python(
                    "tests.bench.bench_ingest",
                    "--floor",
                    Path(place) / "Case",
                    Path(place) / "Floor",
                )
            ),
        )


def report(base: Cost, columns: Cost, cost: Cost, least: Cost) -> None:
    """Tell the figures of one run."""
    said, plain_said = cost.said, base.said
    records = said["items"]
    assert records == plain_said["lines"]
    assert said["accounted"] == said["total"]
    print(
        f"{records:,} records, {said['accounted']:,} of {said['total']:,} bytes accounted for, "
        f"{said['problems']} problems"
    )
    name = "raw lines and FTS5 by executemany"
    tell(
        Figure(
            "records into case and full text",
            records / said["import"],
            "records/s",
            name,
            records / plain_said["seconds"],
            more_is_better=True,
        )
    )
    tell(
        Figure(
            "CPU, all processes",
            1e6 * cost.cpu / records,
            "µs/record",
            name,
            1e6 * base.cpu / records,
        )
    )
    tell(Figure("peak memory, all processes", cost.peak_mb, "MB", name, base.peak_mb))
    name = "polars, NDJSON to Parquet"
    tell(Figure("with tables, wall", said["seconds"], "s", name, columns.said["seconds"]))
    tell(Figure("with tables, CPU", cost.cpu, "s", name, columns.cpu))
    tell(Figure("with tables, memory", cost.peak_mb, "MB", name, columns.peak_mb))
    name = "SQLite alone, the same rows, indexes and words"
    tell(Figure("with tables, CPU", cost.cpu, "s", name, least.said["cpu"]))


def ours(log: Path, folder: Path) -> None:
    """Import, index and make the tables, and print what came of it."""
    from casekit.jobs.intake import take_in
    from casekit.store import sidecar
    from casekit.store.case import create_case

    with create_case(folder, "Benchmark") as case:
        started = time.perf_counter()
        found = take_in(case, [log])
        imported = time.perf_counter() - started
        sidecar.update(case)  # what the import has not made yet
        seconds = time.perf_counter() - started
    said = {
        "items": found.items,
        "problems": len(found.problems),
        "total": found.bytes_total,
        "accounted": found.bytes_accounted,
        "import": imported,
        "seconds": seconds,
    }
    print(json.dumps(said))


def floor(folder: Path, copy: Path) -> None:
    """Print the processor time of writing a case's exchanges into another one and its index of words."""
    from casekit.progress import Silent
    from casekit.search import filling, indexes
    from casekit.store.bulk import insert_rows
    from casekit.store.case import create_case, open_case
    from casekit.store.tables import exchange, item, item_text, original

    tables = ((original, "id"), (item, "id"), (item_text, "item_id"), (exchange, "item_id"))
    cpu, last = 0.0, 0
    with open_case(folder) as case, create_case(copy, "Floor") as bare, case.read() as s:
        filling.index_pending(bare, Silent())  # which makes the empty index
        while True:
            after, last = last, last + filling.BATCH_ITEMS
            batches = list(filling._batches(s, after, last))
            if not any(batch.rows["entry"] for batch in batches):
                break
            for first in range(after + 1, last + 1, ROWS):
                query = f"BETWEEN {first} AND {first + ROWS - 1}"
                rows = [
                    s.exec_driver_sql(f"SELECT * FROM {table.name} WHERE {key} {query}").fetchall()
                    for table, key in tables
                ]
                started = time.process_time()
                with bare.write() as t:
                    for (table, _), some in zip(tables, rows, strict=True):
                        insert_rows(t, table.name, [c.name for c in table.columns], some)
                cpu += time.process_time() - started
            started = time.process_time()
            with bare.index("words") as t:
                for batch in batches:
                    filling._flush(t, batch)
                filling._write_facets(s, t, after, last)
                indexes.write_meta(t, done=last)
            cpu += time.process_time() - started
    print(json.dumps({"cpu": cpu}))


def polars(log: Path, file: Path) -> None:
    """The baseline that only turns rows into columns."""
    import polars as pl

    started = time.perf_counter()
    pl.scan_ndjson(log, infer_schema_length=10_000).sink_parquet(file)
    print(json.dumps({"seconds": time.perf_counter() - started}))


def plain(log: Path, file: Path) -> None:
    """The baseline."""
    import sqlcipher3.dbapi2

    started = time.perf_counter()
    db = sqlcipher3.dbapi2.connect(str(file), isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE line (no INTEGER PRIMARY KEY, raw TEXT NOT NULL)")
    db.execute("CREATE VIRTUAL TABLE word USING fts5(raw, content='', contentless_delete=1)")
    number = 0
    with log.open(encoding="utf-8") as f:
        numbered = enumerate(f, 1)
        while lines := list(itertools.islice(numbered, ROWS)):
            number = lines[-1][0]
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT INTO line VALUES (?, ?)", lines)
            db.executemany("INSERT INTO word (rowid, raw) VALUES (?, ?)", lines)
            db.execute("COMMIT")
    db.close()
    print(json.dumps({"lines": number, "seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
