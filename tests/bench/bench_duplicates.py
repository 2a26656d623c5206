"""Near-duplicates of very many prompts: how long, how much memory, and what of the planted ones is found.

Run: python -m tests.bench.bench_duplicates GENERATOR.py [PROMPTS [SHARE]]

GENERATOR is a program as `tests.bench.bench_usage` reads it; SHARE (0.25) of its PROMPTS (1,000,000) are made
from a few sentences with blanks, the others word by word. A planted prompt is found if it is in a cluster of
`LEAST` or more. Prompts are made before the clock starts.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import pyarrow as pa

from casekit.search import shingles
from tests.bench.bench_usage import CAMPAIGN, loaded

LEAST = 50


def main() -> None:
    """Print one line."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("generator", type=Path)
    asked.add_argument("prompts", type=int, nargs="?", default=1_000_000)
    asked.add_argument("share", type=float, nargs="?", default=0.25)
    a = asked.parse_args()
    generator = loaded(a.generator)
    ordinary = generator.ordinary_accounts(1, False)
    campaign = generator.campaign_accounts(1, CAMPAIGN)
    texts, planted = [], np.zeros(a.prompts, dtype=bool)
    schedule = generator.schedule(a.prompts, 1, a.share, campaign, ordinary)
    for n, (at, is_campaign, account, number) in enumerate(schedule):
        made = generator.record(at, is_campaign, account, number, 1)
        texts.append(made["request"]["messages"][1]["content"])
        planted[n] = is_campaign
    column = pa.array(texts, pa.string())
    del texts
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    begun, processor = time.perf_counter(), time.process_time()
    signed = shingles.signatures([column])
    between = time.perf_counter()
    label = shingles.clusters(signed)
    seconds, processor = time.perf_counter() - begun, time.process_time() - processor
    _, which, size = np.unique(label, return_inverse=True, return_counts=True)
    large = size[which] >= LEAST
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    found, others = large & planted, large & ~planted
    print(
        f"{a.prompts:,} prompts in {seconds:.1f} s (signatures {between - begun:.1f}; processor "
        f"{processor:.1f} s), {len(size):,} clusters, {int((size >= LEAST).sum())} of {LEAST} or more; "
        f"planted found {int(found.sum()):,}/{int(planted.sum()):,} = {found.sum() / planted.sum():.4f}, "
        f"others {int(others.sum()):,}/{int((~planted).sum()):,}; most memory {most:.2f} GB, "
        f"{before:.2f} before"
    )


if __name__ == "__main__":
    main()
