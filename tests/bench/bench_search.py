"""Word index and word search beside a scan with LIKE, both over the same case.

Run: python tests/bench/bench_search.py [ITEMS]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import text

from casekit.progress import Silent
from casekit.search import filling, language, words
from casekit.store.case import Case, create_case
from tests.search.builders import add_logs

LENGTH = 800


def texts(number: int, characters: int, seed: int) -> list[str]:
    """English-like texts: 20,000 words with Zipf's frequencies."""
    rng = random.Random(seed)
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    vocabulary = ["".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(20_000)]
    weights = [1 / (n + 3) for n in range(len(vocabulary))]
    return [
        " ".join(rng.choices(vocabulary, weights, k=characters // 6))[:characters]
        for _ in range(number)
    ]


def queries(number: int, prompts: list[str]) -> list[str]:
    """Words, pairs and phrases as they occur in the texts, common and rare."""
    rng = random.Random(5)
    found = []
    for n in range(number):
        w = rng.choice(prompts).split()
        at = rng.randrange(len(w) - 2)
        found.append(
            (w[at], f"{w[at]} {w[at + 2]}", f'"{w[at]} {w[at + 1]}"', f"{w[at][:4]}* -{w[0]}")[
                n % 4
            ]
        )
    return found


def timed(case: Case, asked: list[str], order: words.Order, extra: str = "") -> list[float]:
    """Milliseconds of each query, first hits and total."""
    took = []
    with case.read() as s:
        for query in asked:
            start = time.perf_counter()
            words.find(s, language.parse(query + extra), order=order, limit=50)
            took.append((time.perf_counter() - start) * 1000)
    return took


def line(name: str, took: list[float]) -> str:
    """p50, p95 and greatest of some times."""
    p95 = statistics.quantiles(took, n=20)[18]
    return f"{name:34} p50 {statistics.median(took):7.2f}  p95 {p95:7.2f}  max {max(took):7.2f} ms"


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    prompts, outputs = texts(5_000, LENGTH // 2, 1), texts(4_999, LENGTH // 2, 2)
    with (
        tempfile.TemporaryDirectory() as folder,
        create_case(Path(folder) / "Bench", "Bench") as case,
    ):
        add_logs(case, number, prompts, outputs)
        wall, cpu = time.perf_counter(), time.process_time()
        filling.index_pending(case, Silent())
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        size = case.index_file("words.db").stat().st_size
        print(
            f"index {number} items: {wall:.2f} s wall, {cpu:.2f} cpu-s, {number / cpu:,.0f} items/cpu-s, "
            f"{number * LENGTH / cpu / 1e6:.1f} MB/cpu-s, index {size / number / LENGTH:.2f} x text"
        )
        asked = queries(200, prompts)
        print(line("newest first, with total", timed(case, asked, "date")))
        print(line("ranked, with total", timed(case, asked, "rank")))
        print(line("newest first, account:acct_0*", timed(case, asked, "date", " account:acct_0*")))
        print(line("model:model-3 alone", timed(case, ["model:model-3"] * 20, "date")))
        print(line("account:acct_0017 alone", timed(case, ["account:acct_0017"] * 20, "date")))
        print(line("ip:10.0.3.3 alone", timed(case, ["ip:10.0.3.3"] * 20, "date")))
        print(line("date:2025-01-03 alone", timed(case, ["date:2025-01-03"] * 20, "date")))
        scans = []
        with case.read() as s:
            for query in asked[:8:4]:
                start = time.perf_counter()
                like = text("SELECT count(DISTINCT item_id) FROM item_text WHERE text LIKE :w")
                s.execute(like, {"w": f"%{query}%"}).scalar()
                scans.append((time.perf_counter() - start) * 1000)
        found = statistics.median(timed(case, asked[::4], "date"))
        slow = statistics.median(scans)
        print(f"LIKE scan p50 {slow:.0f} ms: words are {slow / found:.0f} x quicker")


if __name__ == "__main__":
    main()
