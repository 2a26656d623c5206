"""Bulk embedding beside SentenceTransformer.encode in fp32, and meaning search, in one run.

Run: python tests/bench/bench_embed.py [TEXTS] [ITEMS]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from casekit import search
from casekit.progress import Silent
from casekit.search import convert, engine, golden, nearest, vectors
from casekit.search.engine import Passage
from casekit.store.case import create_case
from tests.search.builders import add_logs

SENTENCES = (
    "The contract forbids the use of outputs to train a model that competes with the service.",
    "Please explain, step by step, how a transformer attends to the words of a sentence.",
    "Between January and March the accounts sent more than forty thousand requests.",
    "As an AI language model I cannot give legal advice, but I can describe the general rules.",
    "Our logs show the same card behind five accounts, each with a key of its own.",
    "Thank you for your letter; we reject every allegation in it and reserve all rights.",
)


def texts(number: int, seed: int) -> list[str]:
    """Texts of one to ten sentences, about 100 tokens on average, no two alike."""
    rng = random.Random(seed)
    return [
        " ".join(rng.choices(SENTENCES, k=rng.randint(1, 10))) + f" Case {rng.randrange(10**6)}."
        for _ in range(number)
    ]


class Random:
    """Random vectors, so that a large case for search is filled in seconds; queries are embedded really."""

    def __init__(self) -> None:
        self.real = engine.load()
        self.about = self.real.about
        self.rng = np.random.default_rng(1)

    def passages(self, several: list[str]) -> list[list[Passage]]:
        """One passage a text."""
        number = iter(self.rng.integers(0, 2**31, len(several)))
        return [[Passage(0, len(t), np.array([next(number)], np.uint32), 1.0)] for t in several]

    def vectors(self, passages: list[Passage], **_: object) -> engine.Vectors:
        """Random unit vectors."""
        found = self.rng.normal(size=(len(passages), self.about.dimension)).astype(np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def embedding(number: int) -> None:
    """Both engines on the same texts, twice in turn; the better of each."""
    some = texts(number, 7)
    reference = convert.load_reference(engine.default_model())
    own = engine.load()
    precision = own.about.precision
    best = {"own": (1e9, 1e9), "reference": (1e9, 1e9)}
    made = {}
    for _ in range(2):
        for name in best:
            wall, cpu = time.perf_counter(), time.process_time()
            if name == "own":
                made[name] = own.vectors([w[0] for w in own.passages(some)])
            else:
                made[name] = convert.reference_vectors(reference, tuple(some))
            took = (time.perf_counter() - wall, time.process_time() - cpu)
            best[name] = (min(best[name][0], took[0]), min(best[name][1], took[1]))
    (wall, cpu), (its_wall, its_cpu) = best["own"], best["reference"]
    print(
        f"{number} texts, {precision}: {number / wall:.0f} texts/s, SentenceTransformer.encode fp32 "
        f"{number / its_wall:.0f}: {its_wall / wall:.2f} x by the clock, {its_cpu / cpu:.2f} x by CPU time; "
        f"smallest cosine {golden.smallest_cosine(made['own'], made['reference']):.5f}"
    )


def meaning(number: int) -> None:
    """Meaning search over a case, the query embedded each time."""
    with tempfile.TemporaryDirectory() as folder, create_case(Path(folder) / "B", "B") as case:
        add_logs(case, number, texts(1_000, 1), texts(1_001, 2))
        vectors.index_pending(case, Random(), Silent())  # type: ignore[arg-type]
        nearest.save(case)
        start = time.perf_counter()
        search.search(case, "first", mode="meaning", limit=20)
        wall, rows = time.perf_counter() - start, len(nearest.open_index(case).ids)
        print(f"{number} items, {rows} passages: first search {wall:.2f} s")
        for name, extra in (("", ""), (" model:model-3", " model:model-3")):
            took, cpu = [], []
            for n in range(100):
                start, used = time.perf_counter(), time.thread_time()
                search.search(
                    case,
                    f"who trained on copied answers number {n}{extra}",
                    mode="meaning",
                    limit=20,
                )
                took.append((time.perf_counter() - start) * 1000)
                cpu.append((time.thread_time() - used) * 1000)
            p95 = statistics.quantiles(took, n=20)[18]
            print(
                f"meaning search{name}: p50 {statistics.median(took):.1f} p95 {p95:.1f} ms, "
                f"of it CPU of this thread {statistics.median(cpu):.1f}"
            )
        matrix = np.random.default_rng(2).normal(size=(2 * number, 384)).astype(np.float32)
        index, query = nearest.open_index(case), matrix[0] / np.linalg.norm(matrix[0])
        times = {"numpy": [], "index": []}
        with case.read() as s:
            for _ in range(20):
                start = time.perf_counter()
                np.argpartition(-(matrix @ query), 20)[:20]
                times["numpy"].append(time.perf_counter() - start)
                start = time.perf_counter()
                index.search(s, query, 20)
                times["index"].append(time.perf_counter() - start)
        slow, quick = (1000 * statistics.median(times[k]) for k in ("numpy", "index"))
        print(f"nearest 20: numpy {slow:.1f} ms, index {quick:.1f} ms: {slow / quick:.2f} x")


if __name__ == "__main__":
    embedding(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
    meaning(int(sys.argv[2]) if len(sys.argv) > 2 else 50_000)
