"""One usage finding over Parquet files in a process that holds nothing else: seconds by stage, and memory.

Run: python -m tests.bench.bench_usage_run LOG.parquet [--seed N] [--json]

What is timed is what `casekit finding usage` does once the tables are made: DuckDB as the product opens it,
every analytic, and the body with its figures and examples. Near-duplicates of prompts (A3) and the
discrepancy of what is asked (A4) stand apart; all else, draws included, is counted as plain.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from casekit.analysis.usage import engine, finding, running
from casekit.analysis.usage import frame as frames

APART = {"comparing prompts": "near-duplicates", "comparing what is asked": "MMD"}


class Timed:
    """A progress that adds up seconds, by the clock and of processors, until the text changes."""

    def __init__(self) -> None:
        self.stages: dict[str, tuple[float, float]] = {}
        self._text, self._clock, self._processor = "", time.perf_counter(), time.process_time()

    def step(self, _done: int, _total: int | None, text: str) -> None:
        """Close the stage before where a new one begins."""
        clock, processor = time.perf_counter(), time.process_time()
        before = self.stages.get(self._text, (0.0, 0.0))
        self.stages[self._text] = (
            before[0] + clock - self._clock, before[1] + processor - self._processor
        )  # fmt: skip
        self._text, self._clock, self._processor = text, clock, processor


def run(paths: list[Path], seed: int) -> dict[str, Any]:
    """Whom a log names, with seconds by stage and the most memory that this process held."""
    timed = Timed()
    timed.step(0, None, "opening and naming accounts")
    with engine.opened(paths) as backend:
        frame = frames.build(backend)
        done = running.analyse(frame, seed, timed)
        timed.step(0, None, "writing the finding")
        body = finding.body_of(done, [], seed)
        timed.step(0, None, "")
        limit = backend.raw_sql("SELECT current_setting('memory_limit')").fetchall()[0][0]
    del timed.stages[""]
    sums: dict[str, list[float]] = {
        "plain": [0.0, 0.0],
        "near-duplicates": [0.0, 0.0],
        "MMD": [0.0, 0.0],
    }
    for text, (clock, processor) in timed.stages.items():
        part = sums[APART.get(text, "plain")]
        part[0] += clock
        part[1] += processor
    return {
        "named": body["named"], "exchanges": frame.rows, "accounts": len(frame.accounts),
        "groups": len(body["groups"]), "stages": timed.stages, "sums": sums,
        "duckdb_limit": limit, "gigabytes": peak(),
    }  # fmt: skip


def peak() -> float:
    """The most memory that this process held, of its own alone where the system tells that (GB)."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return next(int(one.split()[1]) for one in lines if one.startswith("VmHWM")) / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> None:
    """Print the stages, or all as JSON."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("logs", type=Path, nargs="+")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--json", action="store_true")
    a = asked.parse_args()
    told = run(a.logs, a.seed)
    if a.json:
        print(json.dumps(told))
        return
    for text, (clock, processor) in told["stages"].items():
        print(f"{clock:7.2f} s  processor {processor:7.2f} s  {text}")
    for name, (clock, processor) in told["sums"].items():
        print(f"{name}: {clock:.1f} s by the clock, {processor:.1f} s of processor time")
    print(
        f"{told['exchanges']:,} exchanges, {told['accounts']:,} accounts, {told['groups']} groups, "
        f"{len(told['named'])} named; most memory {told['gigabytes']:.2f} GB, of which DuckDB may hold "
        f"{told['duckdb_limit']}"
    )


if __name__ == "__main__":
    main()
