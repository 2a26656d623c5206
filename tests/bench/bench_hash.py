"""Hashing originals in the vault, and taking them in, beside hashlib over the same bytes in memory.

    python -m tests.bench.bench_hash [MEGABYTES]

Both in one process, in turns; medians of five. Hashing is what `verify` does to an original. Taking in
copies, hashes and waits until the copy is on the disk, so that it also measures the disk.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from casekit.store.vault import Vault
from tests.bench import Figure, tell

TIMES = 5
MEGABYTES = 256


def main() -> None:
    """Measure in turns."""
    megabytes = int(sys.argv[1]) if sys.argv[1:] else MEGABYTES
    memory, hashing, taking = [], [], []
    with tempfile.TemporaryDirectory(prefix="casekit-bench-") as place:
        for n in range(TIMES):
            data = os.urandom(megabytes << 20)
            source = Path(place, "original")
            source.write_bytes(data)
            vault = Vault(Path(place, f"vault-{n}"))
            vault.create()
            started = time.perf_counter()
            sha256 = hashlib.sha256(data).digest()
            memory.append(megabytes / (time.perf_counter() - started))
            started = time.perf_counter()
            deposit = vault.deposit(source)
            taking.append(megabytes / (time.perf_counter() - started))
            started = time.perf_counter()
            found = vault.hash_of(deposit.sha256)
            hashing.append(megabytes / (time.perf_counter() - started))
            if found != (sha256, len(data)):
                sys.exit("the vault's hash is not hashlib's")
    base = statistics.median(memory)
    for what, speeds in (("hashing an original", hashing), ("taking an original in", taking)):
        tell(
            Figure(
                what,
                statistics.median(speeds),
                "MB/s",
                "hashlib in memory",
                base,
                more_is_better=True,
            )
        )


if __name__ == "__main__":
    main()
