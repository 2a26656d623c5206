"""How well vectors of outputs alone find the same prompt's answers, and a model's source among them.

Run: python tests/bench/bench_nearest.py FOLDER [CACHE]

FOLDER holds one `MODEL.json.gz` a model with `instruction` and `output`, as AlpacaEval publishes them.
The vectors are computed once (thousands of CPU-seconds) and kept in the folder CACHE.

Prints, for items scored by the mean of their passages and by their best pair of passages:
- the rank of SOURCE's answer among all other models' answers to the same prompt, for each of SUBJECT's;
- recall@58: how many of the other 58 answers to the same prompt are among the 58 nearest of all.
Both beside chance.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import numpy.typing as npt

from casekit.search import engine

SUBJECT, SOURCE = "alpaca-7b", "text_davinci_003"
CHUNK = 1_000
Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]


def answers(folder: Path) -> tuple[list[str], Numbers, list[str], Numbers, list[str]]:
    """All answers: models, model of each, prompts, prompt of each, texts."""
    models, prompts, model_of, prompt_of, texts = [], {}, [], [], []
    for file in sorted(folder.glob("*.json.gz")):
        models.append(file.name.removesuffix(".json.gz"))
        for row in json.loads(gzip.decompress(file.read_bytes())):
            model_of.append(len(models) - 1)
            prompt_of.append(prompts.setdefault(row["instruction"], len(prompts)))
            texts.append(row["output"])
    return models, np.array(model_of), list(prompts), np.array(prompt_of), texts


def embed(texts: list[str], cache: Path) -> tuple[Floats, Numbers]:
    """Vectors of all passages and the answer of each; goes on where it was cut."""
    cache.mkdir(parents=True, exist_ok=True)
    vectors, owners = [], []
    wall, cpu, done = time.perf_counter(), time.process_time(), 0
    for start in range(0, len(texts), CHUNK):
        file = cache / f"{start:06d}.npz"
        if not file.exists():
            embedder = engine.load()
            windows = embedder.passages(texts[start : start + CHUNK])
            passages = [p for several in windows for p in several]
            owner = np.repeat(np.arange(start, start + len(windows)), [len(w) for w in windows])
            found = embedder.vectors(passages).astype(np.float16)
            making = cache / f"making-{os.getpid()}.npz"
            np.savez(making, vectors=found, owners=owner)
            making.replace(file)
            done += len(passages)
            print(
                f"{start + len(windows)} answers; {embedder.about.precision}, {done} passages in "
                f"{time.perf_counter() - wall:.0f} s wall, {time.process_time() - cpu:.0f} cpu-s", flush=True,
            )  # fmt: skip
        with np.load(file) as stored:
            vectors.append(stored["vectors"].astype(np.float32))
            owners.append(stored["owners"])
    return np.concatenate(vectors), np.concatenate(owners)


def means(vectors: Floats, owners: Numbers, number: int) -> Floats:
    """The unit mean of each answer's passages; zeros for an answer without text."""
    total = np.zeros((number, vectors.shape[1]), dtype=np.float32)
    np.add.at(total, owners, vectors)
    norms = np.linalg.norm(total, axis=1, keepdims=True)
    return total / np.where(norms == 0, 1, norms)


def best_pairs(rows: Numbers, vectors: Floats, owners: Numbers, number: int) -> Floats:
    """Scores of shape (rows, answers): the greatest cosine of any two passages."""
    out = np.full((len(rows), number), -1.0, dtype=np.float32)
    starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
    for n, row in enumerate(rows):
        mine = vectors[owners == row]
        if len(mine):
            out[n, owners[starts]] = np.maximum.reduceat((vectors @ mine.T).max(axis=1), starts)
    return out


def report(
    name: str, scores: Floats, rows: Numbers, model_of: Numbers, prompt_of: Numbers, source: int
) -> None:
    """The rank of the source's answer, and recall of the same prompt, for some rows of scores."""
    ranks, recalls, chance = [], [], []
    for score, row in zip(scores, rows, strict=True):
        score[row] = -2.0
        same = np.flatnonzero((prompt_of == prompt_of[row]) & (model_of != model_of[row]))
        nearest = np.argpartition(-score, len(same))[: len(same)]
        recalls.append(np.isin(nearest, same).mean())
        chance.append(len(same) / (len(prompt_of) - 1))
        wanted = same[model_of[same] == source]
        if len(wanted):
            ranks.append(1 + int((score[same] > score[wanted[0]]).sum()))
    found = np.array(ranks)
    others = len(set(model_of.tolist())) - 1
    if len(found):
        print(
            f"{name}: rank of the source among {others}: mean {found.mean():.2f}, "
            f"median {np.median(found):.0f} "
            f"(chance {(others + 1) / 2:.1f}), first for {np.mean(found == 1):.1%} (chance {1 / others:.1%}), "
            f"in the first five for {np.mean(found <= 5):.1%} (chance {5 / others:.1%}), n={len(found)}"
        )
    print(
        f"{name}: recall@{others} {np.mean(recalls):.1%} (chance {np.mean(chance):.2%}), n={len(recalls)}"
    )


def main() -> None:
    folder = Path(sys.argv[1])
    cache = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("lineage-vectors")
    models, model_of, _, prompt_of, texts = answers(folder)
    vectors, owners = embed(texts, cache)
    pooled = means(vectors, owners, len(texts))
    source = models.index(SOURCE)
    mine = np.flatnonzero(model_of == models.index(SUBJECT))
    print(f"{len(models)} models, {len(texts)} answers, {len(vectors)} passages")
    report("mean of passages", pooled[mine] @ pooled.T, mine, model_of, prompt_of, source)
    report(
        "best pair",
        best_pairs(mine, vectors, owners, len(texts)),
        mine,
        model_of,
        prompt_of,
        source,
    )
    every = np.random.default_rng(1).permutation(len(texts))[:5_000]
    report("mean of passages, any model", pooled[every] @ pooled.T, every, model_of, prompt_of, -1)


if __name__ == "__main__":
    main()
