"""Near-duplicates and topics of a large case: seconds by the clock, processor time, most memory.

    python -m tests.bench.bench_clusters CASE [ITEMS]

CASE is copied first, without its originals. ITEMS (20,000) are put in whose texts are near-duplicates of others
of the case, one word in fifteen changed, so that it is known what must be found. Vectors are a stand-in (hashed
words, 384 numbers), since those of the model would take hours: they show what topics cost, not how good they
are. Baselines in the same run: the texts read and hashed whole, as exact copies are found; `faiss.Kmeans`.
"""

from __future__ import annotations

import hashlib
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from sqlalchemy import func, insert, select

from casekit.progress import Silent
from casekit.queries import clusters
from casekit.search import near, sketches, topics, vectors
from casekit.search.engine import HashEmbedder
from casekit.store.case import Case, open_case
from casekit.store.tables import item, item_text, original

T = TypeVar("T")
CHANGED = 15
THRESHOLDS = (80, 95, 50)


def timed(what: str, run: Callable[[], T]) -> T:
    """Run and print seconds by the clock, of processor time, and the most memory until then."""
    began, spent = time.perf_counter(), time.process_time()
    found = run()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = f"{time.perf_counter() - began:8.1f} s {time.process_time() - spent:8.1f} s of processor time"
    print(f"{what:46} {seconds} {memory:8.0f} MB", flush=True)
    return found


def plant(case: Case, number: int) -> dict[int, int]:
    """Put near-duplicates of items into the case; returns of which item each is one."""
    rng = random.Random(1)
    with case.read() as s:
        last = int(s.execute(select(func.max(item.c.id))).scalar() or 0)
        ids = sorted(rng.sample(range(1, last + 1), min(number, last)))
        texts = sketches.texts_of(s, ids)
    pairs = [
        (i, t.split()) for i, t in zip(ids, texts, strict=True) if len(t.split()) >= 2 * CHANGED
    ]
    planted = {last + n: source for n, (source, _) in enumerate(pairs, 1)}
    with case.write() as s:
        sha = hashlib.sha256(b"planted").digest()
        values = {"sha256": sha, "size": 1, "format": "text", "state": "read", "filed": 1}
        done = s.execute(insert(original).values(**values))
        original_id = (done.inserted_primary_key or (0,))[0]
        common = {
            "original_id": original_id, "kind": "document", "collection": "documents", "title": "Planted",
            "name": "", "media_type": "text/plain", "pointer": "[]", "sha256": sha, "size": 1,
            "language": "", "facts": "", "digest": sha,
        }  # fmt: skip
        s.execute(insert(item), [{"id": i, "root_id": i, **common} for i in planted])
        rows = []
        for number_, (_, words) in zip(planted, pairs, strict=True):
            changed = list(words)
            for place in rng.sample(range(len(words)), len(words) // CHANGED):
                changed[place] = f"other{rng.randrange(1000)}"
            rows.append({"item_id": number_, "no": 0, "part": "body", "text": " ".join(changed)})
        s.execute(insert(item_text), rows)
    return planted


def hash_all(case: Case) -> int:
    """The baseline of near-duplicates: exact copies alone."""
    seen = set()
    with case.read() as s:
        ids = list(s.execute(select(item.c.id).order_by(item.c.id)).scalars())
        for start in range(0, len(ids), 8_000):
            for each in sketches.texts_of(s, ids[start : start + 8_000]):
                seen.add(hashlib.blake2b(each.encode(), digest_size=16).digest())
    return len(seen)


def recall(case: Case, planted: dict[int, int], threshold: int) -> None:
    """Of the planted pairs that are so alike by their words, how many are in one group; what they come to."""
    numbers, sources = list(planted), list(planted.values())
    vocabulary: dict[str, int] = {}
    wanted = found = 0
    with case.read() as s:
        asked = (numbers, sources)
        a, b = (
            sketches.pair_sets(sketches.words_of(sketches.texts_of(s, i), vocabulary))
            for i in asked
        )
        query = select(clusters.near_member.c.item_id, clusters.near_member.c.group_id)
        owner = dict(map(tuple, s.execute(query).all()))
    for number, source, mine, theirs in zip(numbers, sources, a, b, strict=True):
        if sketches.alike(mine, theirs) >= threshold / 100:
            wanted += 1
            found += number in owner and owner.get(number) == owner.get(source)
    print(
        f"  planted pairs {threshold} % alike: {wanted:,}, of them in one group {found:,}",
        flush=True,
    )


def main() -> None:
    """Measure."""
    given, number = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    with tempfile.TemporaryDirectory(dir=given.parent) as folder:
        copy = Path(folder) / given.name
        shutil.copytree(given, copy, ignore=shutil.ignore_patterns("vault"))
        (copy / "vault").mkdir()
        with open_case(copy) as case:
            planted = plant(case, number)
            measure(case, planted)


def measure(case: Case, planted: dict[int, int]) -> None:
    """Measure one case."""
    timed("baseline: texts read and hashed", lambda: hash_all(case))
    timed("sketches", lambda: sketches.index_pending(case, Silent()))
    for threshold in THRESHOLDS:
        report = timed(
            f"groups at {threshold} %", lambda at=threshold: near.group(case, threshold=at)
        )  # type: ignore[misc]
        print(f"  {report}")
        recall(case, planted, threshold)
        with case.read() as s:
            rows = timed("  first 100 groups", lambda s=s: clusters.near_groups(s, 100))  # type: ignore[misc]
            timed(
                "  members of the largest",
                lambda s=s, rows=rows: clusters.near_members(s, rows[0], 200),
            )  # type: ignore[misc]
    timed("stand-in vectors", lambda: vectors.index_pending(case, HashEmbedder(384, 200), Silent()))
    print(f"  {timed('topics', lambda: topics.group(case))}")
    with case.read() as s:
        ids = np.arange(1, topics.TRAIN_ON + 1, dtype=np.int64)
        training = np.concatenate([part for _, part in topics._means(s, ids)])
    import faiss

    means = faiss.Kmeans(
        training.shape[1], topics.USUAL_MOST, niter=topics.ROUNDS, spherical=True, seed=1
    )
    timed("baseline: faiss.Kmeans on 100,000", lambda: means.train(training))


if __name__ == "__main__":
    main()
