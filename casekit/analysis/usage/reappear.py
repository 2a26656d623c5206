"""A15: answers of the log that stand again in what the subject says, beside what control models say.

An answer re-appears in a model's answers if it shares with one of them a run of at least `RUN` words that
does not quote its own prompt. Candidates are found by hashes of `SHORT` words in a row, every one of them,
so that no such run of the words looked at is missed; what is counted has been compared word by word.

All models know some texts by heart, so that the figure of the subject stands beside that of every control,
and what any control repeats as well counts for no account.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekit.analysis.overlap import shared_by
from casekit.analysis.stats import conformal_p
from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import Frame, Ints
from casekit.progress import Progress
from casekit.queries.exchanges import Answer
from casekit.search import shingles
from casekit.search.shingles import Hashes

RUN = 12  # words in a row that make an answer re-appear
SHORT = 8
MOST_WORDS = 4_000  # of an answer that are looked at
TRIED = 3  # answers of a model that one of the log is compared with, those with most runs in common
MOST_ANSWERS = 50  # of a model that are looked up for one run
SHOWN = 25
BITS = 24
READS_AS = "a subject whose data hold what these accounts were served"
INNOCENT = (
    "An account may have published its answers, and the subject may have read them there.",
    "Texts that everybody quotes, licences and lists stand in many answers.",
    "The subject may have been asked the same questions: controls must have been, too.",
)


@dataclass(frozen=True, slots=True)
class Models:
    """Whose answers are looked through: the subject, and controls that cannot have seen the log's answers."""

    subject: str
    controls: tuple[str, ...]
    answers: Mapping[str, Sequence[Answer]]


@dataclass(frozen=True, slots=True)
class Hit:
    """An answer of the log that re-appears: item, account, the model's item, longest run in words."""

    item: int
    account: int
    other: int
    words: int


@dataclass(frozen=True, slots=True)
class Reappearing:
    """What re-appears where.

    Attributes:
        served: Answers of the log of `RUN` words or more, by account.
        hits: Of each model, what re-appears in its answers, in order of item.
        query: Which answers were looked at.
    """

    served: Ints
    hits: Mapping[str, tuple[Hit, ...]]
    query: str


def read(frame: Frame, models: Models, progress: Progress) -> Reappearing | str:
    """Look for every answer of the log, or why it cannot be done."""
    if why := frame.lacking("output"):
        return why
    index = _Index(models)
    served = np.zeros(len(frame.accounts), dtype=np.int64)
    hits: dict[str, list[Hit]] = {name: [] for name in models.answers}
    done, whole = 0, int(frame.requests.sum())
    for batch in frame.batches("prompt", "output"):
        rows = batch.filter(batch["output"].is_valid())
        owner = frame.numbers(rows["account"])
        for start in range(0, rows.num_rows, shingles.CHUNK):
            part = rows.slice(start, shingles.CHUNK)
            if not part.num_rows:
                continue
            flat, offsets = index.hashed(part["output"].combine_chunks())
            mine = owner[start : start + part.num_rows]
            np.add.at(served, mine[np.diff(offsets) >= RUN], 1)
            for row, name, tried in index.candidates(flat, offsets):
                answers = [models.answers[name][k] for k in tried]
                hit = _compared(part, row, int(mine[row]), answers)
                if hit is not None:
                    hits[name].append(hit)
        done += batch.num_rows
        progress.step(done, whole, "looking for the log’s answers")
    texts = frame.texts.select("item_id", "account", "prompt", "output").order_by("item_id")
    return Reappearing(
        served, {k: tuple(sorted(v, key=lambda hit: hit.item)) for k, v in hits.items()}, frame.sql(texts)
    )  # fmt: skip


def measure(found: Reappearing, models: Models) -> Measure:
    """The share of each account's answers that re-appear in the subject's answers and in no control's."""
    common = {hit.item for name in models.controls for hit in found.hits[name]}
    hits = np.zeros(len(found.served), dtype=np.int64)
    for hit in found.hits[models.subject]:
        if hit.item not in common:
            hits[hit.account] += 1
    what = f"share of answers that re-appear, {RUN} words or more in a row, in the subject’s and no control’s"
    served = np.maximum(found.served, hits)
    return Measure.share("A15", "again", what, hits, served, found.query)


def by_model(found: Reappearing, models: Models) -> list[dict[str, Any]]:
    """How many of the log's answers re-appear in each model's, the subject first."""
    return [
        {
            "model": name, "role": "subject" if name == models.subject else "control",
            "answers": len(models.answers[name]), "reappearing": len(found.hits[name]),
            "longest_words": max((hit.words for hit in found.hits[name]), default=0),
        }
        for name in (models.subject, *models.controls)
    ]  # fmt: skip


def rank(found: Reappearing, models: Models) -> float:
    """The subject's rank among its controls by how much re-appears to one of its own answers, as a p."""
    rate = {k: len(found.hits[k]) / max(len(models.answers[k]), 1) for k in models.answers}
    return conformal_p(rate[models.subject], [rate[name] for name in models.controls])


def pairs(
    found: Reappearing, models: Models, accounts: Sequence[str], groups: Mapping[int, int]
) -> list[dict[str, Any]]:
    """The longest of what re-appears in the subject's answers, as pairs of items to be read.

    What no control repeats comes first.

    Args:
        found: What re-appears.
        models: Whose answers.
        accounts: Name of each account.
        groups: Number of the group of each account that is shown with its name.
    """
    common = {hit.item for name in models.controls for hit in found.hits[name]}
    longest = sorted(
        found.hits[models.subject], key=lambda hit: (hit.item in common, -hit.words, hit.item)
    )
    return [
        {
            "account": accounts[hit.account] if hit.account in groups else None,
            "group": groups.get(hit.account), "words": hit.words, "in_controls": hit.item in common,
            "left": {"item_id": hit.item}, "right": {"item_id": hit.other},
        }
        for hit in longest[:SHOWN]
    ]  # fmt: skip


class _Index:
    """Every run of `SHORT` words of each model's answers, by hash, with the answers that have it."""

    def __init__(self, models: Models) -> None:
        self._vocabulary: dict[str, int] = {}
        self._mask = np.uint64(2**BITS - 1)
        self._known = np.zeros(2**BITS, dtype=bool)
        self._by = {name: self._of(answers) for name, answers in models.answers.items()}

    def hashed(self, texts: Any) -> tuple[Hashes, Ints]:
        """Hashes of the words of some texts, and where each text ends."""
        return shingles.hashed(texts, self._vocabulary, MOST_WORDS)

    def candidates(self, flat: Hashes, offsets: Ints) -> Iterator[tuple[int, str, list[int]]]:
        """Texts with a run that a model's answers have, and the answers of that model with most such runs."""
        key, row = _runs(flat, offsets)
        likely = self._known[(key & self._mask).astype(np.int64)]
        key, row = key[likely], row[likely]
        for name, (keys, answers) in self._by.items():
            first = np.searchsorted(keys, key, side="left")
            last = np.minimum(np.searchsorted(keys, key, side="right"), first + MOST_ANSWERS)
            there = np.flatnonzero(last > first)
            shared: dict[int, Counter[int]] = {}
            for text, a, b in zip(row[there], first[there], last[there], strict=True):
                shared.setdefault(int(text), Counter()).update(set(answers[a:b].tolist()))
            for text, counts in shared.items():
                most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
                yield text, name, [answer for answer, _ in most[:TRIED]]

    def _of(self, answers: Sequence[Answer]) -> tuple[Hashes, Ints]:
        """The runs of some answers in order of hash, and the answer of each."""
        import pyarrow as pa

        keys, places = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
        for start in range(0, len(answers), shingles.CHUNK):
            texts = [one.output for one in answers[start : start + shingles.CHUNK]]
            key, row = _runs(*self.hashed(pa.array(texts, pa.string())))
            keys.append(key)
            places.append(row + start)
        key, place = np.concatenate(keys), np.concatenate(places)
        order = np.lexsort((place, key))
        self._known[(key & self._mask).astype(np.int64)] = True
        return key[order], place[order]


def _runs(flat: Hashes, offsets: Ints) -> tuple[Hashes, Ints]:
    """Hashes of all runs of `SHORT` words that lie within one text, and the number of their text."""
    text = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    if len(flat) < SHORT:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    key, step = flat, 1
    while step < SHORT:
        key = _joined(key, step)
        step *= 2
    inside = text[: len(key)] == text[SHORT - 1 :]
    return key[inside], text[: len(key)][inside]


def _joined(key: Hashes, step: int) -> NDArray[np.uint64]:
    mixed = (key ^ (key >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray(mixed[:-step] + (key[step:] ^ (key[step:] >> np.uint64(32))))


def _compared(rows: Any, row: int, account: int, tried: Sequence[Answer]) -> Hit | None:
    """The longest run that an answer of the log shares with some of a model's, word by word."""
    one = rows.slice(row, 1).to_pylist()[0]
    served = Answer(one["item_id"], b"", b"", one["prompt"] or "", one["output"])
    best: Hit | None = None
    for other in tried:
        runs = shared_by(served, other, RUN).runs
        if runs and (best is None or runs[0].words > best.words):
            best = Hit(served.item_id, account, other.item_id, runs[0].words)
    return best
