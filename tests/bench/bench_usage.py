"""Whom the usage finding names, on synthetic API logs with a planted campaign and innocents like one.

Run: python -m tests.bench.bench_usage GENERATOR.py [SEEDS [RECORDS [PLANTED]]] [--mix SHARE,…] [--nat yes|no]

GENERATOR is a program with `ordinary_accounts`, `campaign_accounts`, `schedule` and `record`, whose campaign
accounts begin with PLANTED (`acct_9` if not given). Prints by share of traffic precision, recall and false
positives; the share is of the requests, the recall of the planted accounts that made any. All innocents of
`tests.analysis.usage.innocents` are added to every log, so that ordinary accounts are not alone. Every log is
analysed in a process of its own (`tests.bench.bench_usage_run`), whose seconds and memory are told: plain
queries, near-duplicates and MMD apart.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.analysis.usage import innocents, logs

MIXES = (0.25, 0.05, 0.01, 0.005, 0.002)
CAMPAIGN = 120


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whom one log named: planted accounts, of all that asked; ordinary ones, of all; innocents."""

    planted: int
    of_planted: int
    ordinary: int
    of_ordinary: int
    innocent: int
    requests_each: float
    seconds: dict[str, list[float]]
    gigabytes: float


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("generator", type=Path)
    asked.add_argument("seeds", type=int, nargs="?", default=5)
    asked.add_argument("records", type=int, nargs="?", default=100_000)
    asked.add_argument("planted", nargs="?", default="acct_9")
    asked.add_argument("--mix", default=",".join(map(str, MIXES)), help="shares of traffic")
    asked.add_argument("--nat", choices=("yes", "no"), help="one of the two; both if not given")
    a = asked.parse_args()
    generator = loaded(a.generator)
    for nat in (False, True):
        if a.nat and nat != (a.nat == "yes"):
            continue
        for mix in map(float, a.mix.split(",")):
            found = []
            for n in range(a.seeds):
                found.append(once(generator, n, mix, nat, a.records, a.planted))
                print(f"seed {n}: {found[-1]}", file=sys.stderr, flush=True)
            print(line(found, mix, nat), flush=True)


def loaded(path: Path) -> Any:
    """A program as a module."""
    spec = importlib.util.spec_from_file_location("generator", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def once(
    generator: Any, seed: int, mix: float, nat: bool, records: int, planted: str
) -> Outcome:  # fmt: skip
    """One log, analysed."""
    rows = list(generated(generator, seed, mix, nat, records))
    for add in (*innocents.INNOCENTS.values(), *innocents.HARD.values()):
        rows += add(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = logs.write(rows, Path(folder, "log.parquet"))
        command = [sys.executable, "-m", "tests.bench.bench_usage_run", str(path), "--json"]
        told = subprocess.run([*command, "--seed", str(seed)], check=True, stdout=subprocess.PIPE)
    made = json.loads(told.stdout)
    named = made["named"]
    counts = Counter(row["account"] for row in rows)
    guilty = {name for name in counts if name.startswith(planted)}
    innocent = {name for name in counts if name.startswith(innocents.PREFIXES)}
    ordinary = set(counts) - guilty - innocent
    asked = sum(counts[name] for name in guilty) / max(len(guilty), 1)
    return Outcome(
        len(guilty & set(named)), len(guilty), len(ordinary & set(named)), len(ordinary),
        len(innocent & set(named)), asked, made["sums"], made["gigabytes"],
    )  # fmt: skip


def generated(generator: Any, seed: int, mix: float, nat: bool, records: int) -> Iterator[logs.Row]:
    """The generator's records as rows."""
    ordinary = generator.ordinary_accounts(seed, nat)
    campaign = generator.campaign_accounts(seed, CAMPAIGN)
    for at, is_campaign, account, number in generator.schedule(
        records, seed, mix, campaign, ordinary
    ):
        yield row_of(generator.record(at, is_campaign, account, number, seed))


def row_of(made: dict[str, Any]) -> logs.Row:
    """A record of the log as a row."""
    system, user = (one["content"] for one in made["request"]["messages"])
    return {
        "kind": "exchange", "collection": "api-log", "sent_zone": "explicit", "account": made["account_id"],
        "sent_us": int(datetime.fromisoformat(made["ts"]).timestamp() * 1_000_000),
        "api_key": made["api_key_id"],
        "payment": made["payment_id"], "finish_reason": made["response"]["stop_reason"],
        "max_tokens": made["request"]["max_tokens"], "temperature": made["request"]["temperature"],
        "input_tokens": made["usage"]["input_tokens"], "output_tokens": made["usage"]["output_tokens"],
        "system": system, "prompt": user, "output": made["response"]["content"][0]["text"],
        **{name: made[name] for name in ("request_id", "ip", "asn", "country", "user_agent", "ja4", "endpoint",
                                         "model", "status", "latency_ms")},
    }  # fmt: skip


def line(found: list[Outcome], mix: float, nat: bool) -> str:
    """One row of the table."""
    hit, of = sum(o.planted for o in found), sum(o.of_planted for o in found)
    wrong, others = sum(o.ordinary for o in found), sum(o.of_ordinary for o in found)
    innocent = sum(o.innocent for o in found)
    precision = hit / (hit + wrong + innocent) if hit + wrong + innocent else float("nan")
    each = sum(o.requests_each for o in found) / len(found)
    slowest = "; ".join(
        f"{name} {max(o.seconds[name][0] for o in found):.1f} s, processor "
        f"{max(o.seconds[name][1] for o in found):.1f} s"
        for name in found[0].seconds
    )
    return (
        f"{100 * mix:5.1f} %{' NAT' if nat else '    '}  requests each {each:7.1f}  recall {hit}/{of} = "
        f"{hit / max(of, 1):.3f}  precision {precision:.3f}  ordinary {wrong}/{others}  innocents {innocent}  "
        f"least recall {min(o.planted / max(o.of_planted, 1) for o in found):.3f}  "
        f"at most: {slowest}; {max(o.gigabytes for o in found):.2f} GB"
    )


if __name__ == "__main__":
    main()
