"""What whole sets of answers have in common: equal and near-equal texts, runs of words, rare wording, meaning.

Every measure of a model is taken in the same way for the subject and for every control, against the same set of
the source's answers, which may be larger than memory and is read once, in parts. Words that quote a text's own
prompt count for nothing.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from casekit.analysis import near, winnowing
from casekit.analysis.winnowing import Hashes, Ints, Vocabulary, Words
from casekit.progress import Progress
from casekit.queries import exchanges, matching
from casekit.queries.exchanges import Answer
from casekit.search.engine import Embedder
from casekit.search.runs import Run

Mask = NDArray[np.bool_]

RARE_WORDS = 5  # of a sequence that is weighed by how few families have it
MOST_PLACES = 10_000  # source answers that are looked at for one sequence
COSINE = 0.9
PER_THOUSAND = 1_000


class Source(Protocol):
    """The source's answers, in parts and one by one."""

    def batches(self) -> Iterator[Sequence[Answer]]:
        """All answers, in order."""

    def answer(self, number: int) -> Answer:
        """The answer at a place of that order."""


class Listed:
    """Answers in memory."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = answers

    def batches(self) -> Iterator[Sequence[Answer]]:
        """All at once."""
        yield self.answers

    def answer(self, number: int) -> Answer:
        """By its place."""
        return self.answers[number]


class Logged:
    """Answers of an API log, which stay in the case; their ids are kept once they have been read."""

    def __init__(self, s: Connection, model: str) -> None:
        self._s, self._model = s, model
        self.ids: list[int] = []
        self.digests: list[bytes] = []

    def batches(self) -> Iterator[Sequence[Answer]]:
        """In parts as the query gives them."""
        self.ids, self.digests = [], []
        for part in exchanges.in_batches(self._s, self._model, "api-log"):
            self.ids += [a.item_id for a in part]
            self.digests += [a.digest for a in part]
            yield part

    def answer(self, number: int) -> Answer:
        """Read again from the case."""
        return exchanges.by_item(self._s, self._model, "api-log", self.ids[number])


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """One answer, the source's with which it shares the longest run, and that run's words."""

    number: int
    other: Answer
    words: int


@dataclass(slots=True, eq=False)
class Shared:
    """What one model has in common with the source.

    Attributes:
        hits: By measure, which of its answers have it, in their order.
        rare: Weighted rare wording; see `rare_wording`.
        longest: Its answers with the longest runs, longest first.
    """

    hits: dict[str, Mask] = field(default_factory=dict)
    rare: float = 0.0
    longest: list[Alike] = field(default_factory=list)


class Comparison:
    """The examined models' answers made ready, and then the source's read beside them."""

    def __init__(
        self, examined: Mapping[str, Sequence[Answer]], min_words: int, progress: Progress
    ) -> None:
        self.examined, self.min_words, self._progress = examined, min_words, progress
        self._vocabulary = Vocabulary()
        self.words: dict[str, Words] = {}
        for n, (model, answers) in enumerate(examined.items()):
            progress.step(n, len(examined), f"reading the answers of {model}")
            self.words[model] = self._words_of(answers)
        self.runs = {m: winnowing.grams(w, min_words) for m, w in self.words.items()}
        rare = {
            m: winnowing.distinct(winnowing.grams(w, RARE_WORDS)[1]) for m, w in self.words.items()
        }
        self._rare = rare
        self._signatures = {
            m: near.signatures([a.output for a in given]) for m, given in examined.items()
        }
        self._read = _Read()

    def read(self, source: Source, asked: Sequence[bytes] | None) -> None:
        """Read the source once.

        Args:
            source: Its answers.
            asked: SHA-256 of the prompts that all examined models answered, in their order, where the source
                answered them too: then runs with the answer to the same prompt are told apart.
        """
        known = _Known(
            _union([winnowing.prints(w, self.min_words)[1] for w in self.words.values()]),
            _union([hashes for _, hashes in self.runs.values()]),
            _union(list(self._rare.values())),
            {key(a.output, self.min_words) for given in self.examined.values() for a in given} - {b""},
        )  # fmt: skip
        place = {sha: n for n, sha in enumerate(asked or ())}
        found, first = _Read(source=source), 0
        for part in source.batches():
            self._progress.step(first, None, "reading the answers of the source")
            self._take(part, first, known, place, found)
            first += len(part)
        found.answers = first
        found.finish()
        self._read = found

    def shared(self, families: Mapping[str, str], shown: Mapping[str, int]) -> dict[str, Shared]:
        """What each examined model has in common with the source.

        Args:
            families: The family of each examined model.
            shown: How many answers with the longest runs are wanted, by model; one where it is not named.
        """
        found = {model: Shared() for model in self.examined}
        rare = self.rare(families)
        for n, model in enumerate(self.examined):
            self._progress.step(n, len(self.examined), f"comparing {model} with the source")
            one = found[model]
            one.rare = rare[model]
            one.hits = self._hits(model)
            one.longest = self._longest(model, shown.get(model, 1))
        return found

    def rare(self, families: Mapping[str, str]) -> dict[str, float]:
        """The rare wording that the models named share with the source, weighed among these alone."""
        own = {m: self._rare[m] for m in families}
        return rare_wording(own, self._read.rare, self._read.rare_size, families)

    def matrix(self, with_source: bool) -> list[list[Ints]]:
        """Which answers of each set (row) share a run with some answer of each set (column).

        The examined models in their order, then the source; without a row of the source (`with_source` false)
        where it is not kept. The diagonal is empty.
        """
        sets = {m: (self.words[m].text[at], hashes) for m, (at, hashes) in self.runs.items()}
        sets[""] = (self._read.numbers, self._read.hashes)
        known = {name: winnowing.distinct(hashes) for name, (_, hashes) in sets.items()}
        each = np.sort(np.concatenate(list(known.values())))
        both = winnowing.distinct(each[1:][each[1:] == each[:-1]])
        member = np.stack([winnowing.held(both, hashes) for hashes in known.values()])
        nobody = np.zeros(0, dtype=np.int64)
        rows = []
        for row, (model, (text, hashes)) in enumerate(sets.items()):
            if not model and not with_source:
                continue
            somewhere = winnowing.held(hashes, both)
            at, numbers = np.searchsorted(both, hashes[somewhere]), text[somewhere]
            rows.append(
                [
                    nobody if column == row else np.flatnonzero(np.bincount(numbers[inside[at]]))
                    for column, inside in enumerate(member)
                ]
            )
        return rows

    def inside(self, texts: Sequence[str], signatures: Any = None) -> dict[str, int]:
        """How many texts of a set have an equal (of `min_words` words or more) or near-equal one in it."""
        count = Counter(key(text, self.min_words) for text in texts)
        signed = near.signatures(texts) if signatures is None else signatures
        best, _ = near.proposed(signed)
        return {
            "exact": sum(n for key, n in count.items() if key and n > 1),
            "near": int(near.duplicates(texts, best, texts.__getitem__).sum()),
        }

    def inside_of(self, model: str) -> dict[str, int]:
        """The same of an examined model."""
        return self.inside([a.output for a in self.examined[model]], self._signatures[model])

    # -- inside -----------------------------------------------------------------------------------

    def _words_of(self, answers: Sequence[Answer]) -> Words:
        return Words.of([a.output for a in answers], [a.prompt for a in answers], self._vocabulary)

    def _take(
        self, part: Sequence[Answer], first: int, known: _Known, place: Mapping[bytes, int], found: _Read
    ) -> None:  # fmt: skip
        words = self._words_of(part)
        at, hashes = winnowing.prints(words, self.min_words)
        at, hashes = winnowing.around(
            words, at[winnowing.held(hashes, known.prints)], self.min_words
        )
        kept = winnowing.held(hashes, known.runs)
        at, hashes = at[kept], hashes[kept]
        _, rare = winnowing.grams(words, RARE_WORDS)
        prompts = np.array([place.get(a.prompt_sha256, -1) for a in part], dtype=np.int64)
        found.parts_hashes.append(hashes)
        found.parts_numbers.append(words.text[at] + first)
        found.parts_prompts.append(prompts[words.text[at]])
        found.parts_rare.append(winnowing.distinct(rare[winnowing.held(rare, known.rare)]))
        found.rare_size += len(rare)
        found.signatures.append(near.signatures([a.output for a in part]))
        found.exact |= {key(a.output, self.min_words) for a in part} & known.exact

    def _hits(self, model: str) -> dict[str, Mask]:
        read, answers, words = self._read, self.examined[model], self.words[model]
        at, hashes = self.runs[model]
        runs, same = np.zeros((2, len(answers)), dtype=bool)
        runs[words.text[at[winnowing.held(hashes, read.hashes)]]] = True
        # The examined answers stand in the order of the prompts that were asked.
        in_same = winnowing.held(winnowing.mixed(hashes, words.text[at]), read.by_prompt)
        same[words.text[at[in_same]]] = True
        exact = np.array([key(a.output, self.min_words) in read.exact for a in answers])
        best, _ = near.proposed(self._signatures[model], read.signed)
        texts = [a.output for a in answers]
        alike = near.duplicates(texts, best, lambda n: read.source.answer(n).output)
        return {"exact": exact, "near": alike, "runs": runs, "same": same}

    def _longest(self, model: str, wanted: int) -> list[Alike]:
        """The answers with the longest runs: no other can have a longer one than the last of them."""
        words, read = self.words[model], self._read
        at, hashes = self.runs[model]
        kept = winnowing.held(hashes, read.hashes)
        at, hashes = at[kept], hashes[kept]
        bounds = winnowing.chains(words, at, self.min_words)
        begins = np.searchsorted(words.text[at], np.arange(len(words) + 1))
        best: list[Alike] = []
        for number in np.lexsort((np.arange(len(words)), -bounds)).tolist():
            least = best[-1].words if len(best) == wanted else 0
            if bounds[number] <= least or not bounds[number]:
                break
            one = self._longest_of(model, number, hashes[begins[number] : begins[number + 1]])
            if one is not None:
                best = sorted([*best, one], key=lambda a: (-a.words, a.number))[:wanted]
        return best

    def _longest_of(self, model: str, number: int, hashes: Hashes) -> Alike | None:
        read, mine = self._read, self.examined[model][number]
        low = np.searchsorted(read.hashes, hashes, "left")
        high = np.searchsorted(read.hashes, hashes, "right")
        count: Counter[int] = Counter()
        for a, b in zip(low.tolist(), high.tolist(), strict=True):
            count.update(set(read.numbers[a : min(b, a + MOST_PLACES)].tolist()))
        best: Alike | None = None
        for other, shared in sorted(count.items(), key=lambda pair: (-pair[1], pair[0])):
            if best is not None and shared + self.min_words - 1 <= best.words:
                break
            theirs = read.source.answer(other)
            runs = runs_of(mine, theirs, self.min_words)
            if runs and (best is None or runs[0].words > best.words):
                best = Alike(number, theirs, runs[0].words)
        return best


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """What the examined models have: the rest of the source is passed over."""

    prints: Hashes
    runs: Hashes
    rare: Hashes
    exact: set[bytes]


@dataclass(slots=True, eq=False)
class _Read:
    """What of the source was found in the examined models, ordered by hash, and all its signatures."""

    source: Source = field(default_factory=lambda: Listed(()))
    answers: int = 0
    hashes: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    numbers: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    by_prompt: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    rare: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    rare_size: int = 0
    exact: set[bytes] = field(default_factory=set)
    signed: Any = None
    parts_hashes: list[Hashes] = field(default_factory=list)
    parts_numbers: list[Ints] = field(default_factory=list)
    parts_prompts: list[Ints] = field(default_factory=list)
    parts_rare: list[Hashes] = field(default_factory=list)
    signatures: list[Any] = field(default_factory=list)

    def finish(self) -> None:
        """Order what the parts gave."""
        if not self.parts_hashes:
            return
        hashes = np.concatenate(self.parts_hashes)
        prompts = np.concatenate(self.parts_prompts)
        order = np.argsort(hashes, kind="stable")
        self.hashes, self.numbers = hashes[order], np.concatenate(self.parts_numbers)[order]
        asked = prompts >= 0
        self.by_prompt = winnowing.distinct(winnowing.mixed(hashes[asked], prompts[asked]))
        self.rare = _union(self.parts_rare)
        self.signed = np.concatenate(self.signatures)
        self.parts_hashes, self.parts_numbers, self.parts_prompts = [], [], []
        self.parts_rare, self.signatures = [], []


def rare_wording(
    own: Mapping[str, Hashes], source: Hashes, source_size: int, families: Mapping[str, str]
) -> dict[str, float]:
    """How much rare wording each model shares with the source.

    The sum, over the different sequences of `RARE_WORDS` words of the model that the source has too, of
    log(F / (1 + how many of the F - 1 other families have it)), divided by the root of the model's different
    sequences times the source's, times 1,000. F counts the families of all models, the model's own among them:
    subject and controls are weighed against equally many others.

    Args:
        own: The different sequences of each model.
        source: Those of the source that any of them has.
        source_size: Sequences of the source.
        families: The family of each model.
    """
    names = sorted(set(families.values()))
    member = {m: winnowing.held(source, hashes) for m, hashes in own.items()}
    count = np.zeros(len(source))
    for name in names:
        count += np.any([member[m] for m in own if families[m] == name], axis=0)
    found = {}
    for model, has in member.items():
        # `count` holds the model's own family, as it has the sequence itself.
        weights = np.log(len(names) / count[has])
        size = math.sqrt(len(own[model]) * source_size)
        found[model] = float(weights.sum()) / size * PER_THOUSAND if size else 0.0
    return found


def runs_of(one: Answer, other: Answer, min_words: int) -> list[Run]:
    """The runs that two answers share outside their prompts, longest first."""
    found = winnowing.runs(one.output, other.output, (one.prompt, other.prompt), min_words)
    return sorted(found, key=lambda r: (-r.words, r.a_start))


def meant_alike(
    examined: Mapping[str, Sequence[str]], source: Sequence[str], embedder: Embedder, progress: Progress
) -> tuple[dict[str, Mask], dict[str, int]]:  # fmt: skip
    """Which texts of each model mean the same as one of the source's, and how many do inside each set.

    By the cosine, in fp32 and to three digits, of the first passage of each text that the model can take
    whole; `COSINE` or more counts. The source's own set has the name "".
    """
    vectors = {}
    for n, (name, texts) in enumerate([*examined.items(), ("", source)]):
        progress.step(n, len(examined) + 1, f"vectors of {name or 'the source'}")
        vectors[name] = _vectors(texts, embedder, progress)
    across = {m: _nearest(v, vectors[""], inside=False) >= COSINE for m, v in vectors.items() if m}
    within = {m: int((_nearest(v, v, inside=True) >= COSINE).sum()) for m, v in vectors.items()}
    return across, within


def _vectors(texts: Sequence[str], embedder: Embedder, progress: Progress) -> NDArray[np.float32]:
    passages = [found[:1] for found in embedder.passages(texts)]
    told = [p for found in passages for p in found]
    made = np.zeros((len(texts), embedder.about.dimension), dtype=np.float32)
    rows = np.array([n for n, found in enumerate(passages) if found], dtype=np.int64)
    for start in range(0, len(told), 64):
        progress.step(start, len(told), "computing vectors")
        made[rows[start : start + 64]] = embedder.vectors(told[start : start + 64], exact=True)
    return made


def _nearest(
    rows: NDArray[np.float32], others: NDArray[np.float32], inside: bool
) -> NDArray[np.float64]:
    best = np.zeros(len(rows))
    for start in range(0, len(rows), 1_000):
        cosines = rows[start : start + 1_000] @ others.T
        if inside:
            own = np.arange(len(cosines))
            cosines[own, own + start] = 0.0
        best[start : start + 1_000] = cosines.max(axis=1, initial=0.0)
    return np.round(best, 3)


def key(text: str, min_words: int) -> bytes:
    """What equal texts have in common: their words; empty for a text too short to say anything."""
    words = matching.words(text)
    if len(words) < min_words:
        return b""
    return hashlib.blake2b(" ".join(words).encode(), digest_size=16).digest()


def _union(parts: Sequence[Hashes]) -> Hashes:
    return winnowing.distinct(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)
