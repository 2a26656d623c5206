"""The reference population that comes with CaseKit: habits of public models' answers as figures, without texts.

For each public prompt, habit and model it holds which features the model's answer shows, each feature as 32
bits of a hash keyed by the prompt. That is all that lineage compares, so its results are those that the texts
would give, save where two features of one prompt share a hash (about one subject in 500 meets one). No answer
can be read back: neither order nor number of the features is kept, and of its words at most that a sentence
may begin with a certain pair, which somebody who guesses the pair can test.

Files (`resources/population`): `habits.bin` (LZMA over the arrays below), `population.csv` (see `population`),
`PROVENANCE.json` (public outputs, hashes, script, date). `packaging/make_population.py` writes them.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekit import paths
from casekit.analysis import population
from casekit.analysis.population import Member
from casekit.errors import CaseKitError
from casekit.queries.exchanges import Answer

NAME = "shipped"
Habit = Callable[[str], frozenset[str]]


class Figures(str):
    """An answer of which only the features are known, by habit; as a text it is empty."""

    __slots__ = ("features",)
    features: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Shipped:
    """The population, read.

    Attributes:
        sha256: Of `habits.bin`, hex; a finding keeps it.
        members: The population's table.
        models: Names, in order of their bits.
        prompts: SHA-256 (32 bytes) of each prompt, in order.
        answered: Per prompt the bits of the models that answered it.
        habits: By name: per prompt the first place of its features, then hashes and bits of all of them.
    """

    sha256: str
    members: tuple[Member, ...]
    models: tuple[str, ...]
    prompts: tuple[bytes, ...]
    answered: NDArray[np.uint64]
    habits: Mapping[str, tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint64]]]

    def answers(self, model: str) -> dict[bytes, Answer]:
        """A model's answers by prompt, their texts being `Figures`; empty if it is not among the models."""
        if model not in self.models:
            return {}
        bit = np.uint64(1 << self.models.index(model))
        made = {}
        for place, prompt in enumerate(self.prompts):
            if not self.answered[place] & bit:
                continue
            figures = Figures("")
            figures.features = {name: self._features(name, place, bit) for name in self.habits}
            told = json.dumps(
                {name: sorted(f) for name, f in figures.features.items()}, sort_keys=True
            )
            digest = hashlib.sha256(told.encode()).digest()
            made[prompt] = Answer(0, prompt, digest, "", figures)
        return made

    def _features(self, name: str, place: int, bit: np.uint64) -> frozenset[str]:
        starts, hashes, bits = self.habits[name]
        own = slice(int(starts[place]), int(starts[place + 1]))
        return frozenset(f"{h:08x}" for h in hashes[own][(bits[own] & bit) != 0].tolist())


def reading(name: str, habit: Habit, prompt: bytes) -> Habit:
    """A habit whose features are hashed like those of the population, for texts and `Figures` alike."""

    def features(text: str) -> frozenset[str]:
        if isinstance(text, Figures):
            return text.features[name]
        return frozenset(f"{hashed(feature, prompt):08x}" for feature in habit(text))

    return features


def hashed(feature: str, prompt: bytes) -> int:
    """32 bits of a feature of an answer to a prompt (its SHA-256)."""
    data = feature.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=4, key=prompt).digest(), "big")


@lru_cache(maxsize=1)
def load() -> Shipped:
    """The population of this version."""
    folder = paths.resource("population")
    packed = (folder / "habits.bin").read_bytes()
    members = population.read(folder / "population.csv")
    return unpack(packed, members)


def originals() -> list[str]:
    """The models of the population that may be named as source."""
    members = population.read(paths.resource("population") / "population.csv")
    return [member.model for member in members if member.role == "original"]


def named(path: Path) -> tuple[tuple[Member, ...], Shipped | None]:
    """The population of a file, or the one that comes with CaseKit where the path is the word `shipped`."""
    if str(path) == NAME:
        return load().members, load()
    return population.read(path), None


def same(sha256: str | None) -> Shipped | None:
    """The population that a finding was made with; None if it was made with texts.

    Raises:
        CaseKitError: This version comes with another one.
    """
    if not sha256:
        return None
    if load().sha256 != sha256:
        raise CaseKitError(
            "The finding was made with another reference population than this version comes with."
        )
    return load()


def pack(
    models: Sequence[str], prompts: Sequence[bytes], answers: Mapping[str, Mapping[bytes, str]],
    habits: Mapping[str, Habit], asked: Mapping[bytes, str],
) -> bytes:  # fmt: skip
    """The bytes of `habits.bin`.

    Args:
        models: At most 64, in order.
        prompts: SHA-256 of each, in order.
        answers: Texts by model and prompt.
        habits: By name.
        asked: The prompts' texts: their own features are nobody's.
    """
    assert len(models) <= 64
    head = {
        "v": 1,
        "models": list(models),
        "prompts": [p.hex() for p in prompts],
        "habits": list(habits),
    }
    answered = [sum(1 << k for k, m in enumerate(models) if p in answers[m]) for p in prompts]
    parts = [np.array(answered, "<u8").tobytes()]
    for habit in habits.values():
        counts, hashes, bits = [], [], []
        for prompt in prompts:
            found: dict[int, int] = {}
            own = habit(asked[prompt])
            for k, model in enumerate(models):
                for feature in (
                    habit(answers[model].get(prompt, "")) - own if prompt in answers[model] else ()
                ):
                    number = hashed(feature, prompt)
                    found[number] = found.get(number, 0) | 1 << k
            counts.append(len(found))
            hashes += sorted(found)
            bits += [found[number] for number in sorted(found)]
        parts += [np.array(counts, "<i4").tobytes(), np.array(hashes, "<u4").tobytes(),
                  np.array(bits, "<u8").tobytes()]  # fmt: skip
    lines = json.dumps(head, sort_keys=True).encode() + b"\n"
    return lzma.compress(lines + b"".join(parts), preset=9 | lzma.PRESET_EXTREME)


def unpack(packed: bytes, members: tuple[Member, ...]) -> Shipped:
    """What `pack` packed."""
    data = lzma.decompress(packed)
    line, _, rest = data.partition(b"\n")
    head = json.loads(line)
    count, at = len(head["prompts"]), 0

    def take(kind: str, length: int) -> NDArray[np.generic]:
        nonlocal at
        found: NDArray[np.generic] = np.frombuffer(rest, kind, length, at)
        at += found.nbytes
        return found

    answered = take("<u8", count).astype(np.uint64)
    habits = {}
    for name in head["habits"]:
        starts = np.concatenate([[0], np.cumsum(take("<i4", count).astype(np.int64))])
        length = int(starts[-1])
        hashes = take("<u4", length).astype(np.uint32)
        habits[name] = (starts, hashes, take("<u8", length).astype(np.uint64))
    return Shipped(
        hashlib.sha256(packed).hexdigest(), members, tuple(head["models"]),
        tuple(bytes.fromhex(p) for p in head["prompts"]), answered, habits,
    )  # fmt: skip
