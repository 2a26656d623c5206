"""Choosing prompts for a question: where the source's model departs most from rivals, spread over all topics.

For one prompt, with the habits of lineage (`habits`) and the Jaccard index J of two sets of features,

    departure = mean J(rival, other rival) - mean J(source, rival),

averaged over the habits: 0 where the source answers as rivals answer each other, near 1 where the rivals agree
and it alone is different. Only answers of sources and rivals are read. The subject's are not: prompts chosen
after looking at them would be chosen to convict.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

import casekit
from casekit.analysis import habits
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import exchanges
from casekit.store import canonical
from casekit.store.tables import privilege

HABITS = (habits.layout, habits.openings)
LEAST_RIVALS = 2
ALIKE = 0.7  # share of words that two prompts have in common at most
MOST_TOPICS = 16
DIMENSIONS = 1024
ROUNDS = 10
LONGEST_PROMPT = 20_000
_WORD = re.compile(r"[぀-ヿ㐀-䶿一-鿿]|[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A prompt that may be chosen: `origin` is `case`, or what the person's list names; topic may be empty."""

    prompt: str
    topic: str = ""
    origin: str = "case"
    departure: float | None = None

    @property
    def sha256(self) -> str:
        """Of the prompt in UTF-8, hex."""
        return hashlib.sha256(self.prompt.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Asking:
    """How the prompts will be asked: the same for all of them and every model."""

    samples: int = 5
    temperature: float = 1.0
    max_tokens: int = 1024
    system: str = ""
    stream: bool = False

    def check(self) -> None:
        """Refuse what makes no sense."""
        if not 1 <= self.samples <= 100:
            raise CaseKitError("Ask each prompt 1 to 100 times.")
        if not 0 <= self.temperature <= 2:
            raise CaseKitError("The temperature is a number from 0 to 2.")
        if not 1 <= self.max_tokens <= 100_000:
            raise CaseKitError("An answer has 1 to 100,000 tokens at most.")


def read_list(path: Path) -> list[Candidate]:
    """Prompts from a person's own list: JSONL with `prompt` and, if known, `topic` and `source`; or a text
    with a prompt a line.

    Raises:
        CaseKitError: It cannot be read, or holds no prompt.
    """  # noqa: D205
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise CaseKitError(
            "The list of prompts {name} cannot be read as text.", name=path.name
        ) from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if not line.lstrip().startswith("{"):
            found.append(Candidate(line.strip(), "", "list"))
            continue
        try:
            row = json.loads(line)
            prompt, topic, source = (row.get(k, "") for k in ("prompt", "topic", "source"))
        except (ValueError, RecursionError) as error:
            raise CaseKitError(
                "Line {n} of {name} is no JSON.", n=number, name=path.name
            ) from error
        if not (
            isinstance(prompt, str)
            and prompt.strip()
            and isinstance(topic, str)
            and isinstance(source, str)
        ):
            raise CaseKitError("Line {n} of {name} has no prompt.", n=number, name=path.name)
        origin = source.strip() or "list"
        found.append(Candidate(prompt, topic.strip(), "list" if origin == "case" else origin))
    if not found:
        raise CaseKitError("The list of prompts {name} is empty.", name=path.name)
    return found


def design(
    s: Connection, *, question: str, subject: str, sources: Sequence[str], rivals: Sequence[str], count: int,
    asking: Asking, listed: Sequence[Candidate] = (), seed: int, progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The body of a prompt set, ready to be registered.

    Args:
        s: A reading session.
        question: What shall be found out, in the person's words.
        subject: Model that the question is about; none of its answers is read.
        sources: The claimant's models.
        rivals: Other labs' models, at least two, if the case's prompts shall be ranked.
        count: Prompts to choose.
        asking: How they will be asked.
        listed: Prompts of the person's own, beside those that sources and rivals answered in the case.
        seed: Breaks ties, and draws the order in which they will be asked.
        progress: Told the prompts compared.

    Raises:
        CaseKitError: Nothing is there to choose from, or the subject is among the controls.
    """
    asking.check()
    if not question.strip():
        raise CaseKitError("State the question first: what shall the answers show, or not show?")
    if subject and subject in {*sources, *rivals}:
        raise CaseKitError(
            "Prompts are chosen on controls only: the subject {model} cannot be one.", model=subject
        )
    if set(sources) & set(rivals):
        raise CaseKitError("A model is either source or rival, not both.")
    if (sources or rivals) and (not sources or len(set(rivals)) < LEAST_RIVALS):
        raise CaseKitError(
            "To rank prompts, name a source and at least two rivals; or give a list alone."
        )
    read, found = _from_case(s, sources, rivals, progress or Silent())
    known = {one.prompt for one in found}
    candidates = _distinct([*found, *(one for one in listed if one.prompt not in known)])
    chosen = choose(_with_topics(candidates, seed), count, seed)
    if not chosen:
        raise CaseKitError(
            "There is no prompt to choose: no source and two rivals answered the same, and there is no list."
        )
    before = {a.prompt_sha256.hex() for a in exchanges.answers(s, subject)} if subject else set()
    return {
        "v": 1, "question": question.strip(), "subject": subject, "sources": list(sources),
        "rivals": list(rivals), "read": read, "candidates": len(candidates), "samples": asking.samples,
        "parameters": {
            "temperature": asking.temperature, "max_tokens": asking.max_tokens, "system": asking.system,
            "stream": asking.stream,
        },
        "prompts": [
            {
                "no": no, "prompt": one.prompt, "sha256": one.sha256, "topic": one.topic, "origin": one.origin,
                "departure": one.departure,
            }
            for no, one in enumerate(chosen, 1)
        ],
        "answered_by_subject_before": sum(one.sha256 in before for one in chosen), "seed": seed,
        "method": "departure 1", "version": casekit.__version__,
    }  # fmt: skip


def _from_case(
    s: Connection, sources: Sequence[str], rivals: Sequence[str], progress: Progress
) -> tuple[list[dict[str, Any]], list[Candidate]]:
    """What was read, and every prompt that a source and two rivals answered, with its departure."""
    held = {row[0] for row in s.execute(select(privilege.c.item_id))}
    answers: dict[str, dict[bytes, exchanges.Answer]] = {}
    for model in (*sources, *rivals):
        given = exchanges.by_prompt(s, model)
        if not given:
            raise CaseKitError("There are no answers of a model “{name}” in this case.", name=model)
        answers[model] = {p: a for p, a in given.items() if a.item_id not in held}
    read = [
        {
            "model": m, "role": "source" if m in sources else "rival", "answers": len(a),
            "root": canonical.root(a[p].digest for p in sorted(a)).hex(),
        }
        for m, a in answers.items()
    ]  # fmt: skip
    prompts = sorted({p for model in sources for p in answers[model]})
    found = []
    for n, prompt in enumerate(prompts):
        progress.step(n, len(prompts), "comparing source and rivals")
        ours = [answers[m][prompt] for m in sources if prompt in answers[m]]
        others = [answers[m][prompt] for m in rivals if prompt in answers[m]]
        if len(others) >= LEAST_RIVALS and len(ours[0].prompt) <= LONGEST_PROMPT:
            value = departure([a.output for a in ours], [a.output for a in others])
            found.append(Candidate(ours[0].prompt, "", "case", value))
    progress.step(len(prompts), len(prompts), "compared")
    return read, found


def departure(ours: Sequence[str], others: Sequence[str]) -> float:
    """How far the source's answers depart from at least two rivals' answers to the same prompt, -1 to 1."""
    values = []
    for habit in HABITS:
        mine, theirs = [habit(text) for text in ours], [habit(text) for text in others]
        among = [_jaccard(a, b) for a, b in itertools.combinations(theirs, 2)]
        between = [_jaccard(a, b) for a in mine for b in theirs]
        values.append(sum(among) / len(among) - sum(between) / len(between))
    return round(sum(values) / len(values), 4)


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one | other)
    return len(one & other) / both if both else 1.0


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    return list({one.prompt: one for one in reversed(candidates)}.values())[::-1]


def choose(candidates: Sequence[Candidate], count: int, seed: int) -> list[Candidate]:
    """Up to `count` prompts: in turn from every topic of every origin, in each the one that departs most.

    One that says nearly the same as a prompt chosen before is passed over.
    """

    def rank(one: Candidate) -> tuple[float, bytes]:
        drawn = hashlib.sha256(f"{seed} {one.sha256}".encode()).digest()
        return (-(one.departure if one.departure is not None else 0.0), drawn)

    groups: dict[tuple[str, str], list[Candidate]] = {}
    for one in sorted(candidates, key=rank):
        groups.setdefault((one.origin, one.topic), []).append(one)
    chosen: list[Candidate] = []
    words: list[frozenset[str]] = []
    left = [groups[key] for key in sorted(groups)]
    while left and len(chosen) < count:
        for group in left:
            while group and len(chosen) < count:
                one = group.pop(0)
                own = frozenset(_words(one.prompt)) or frozenset({one.prompt})
                if all(_jaccard(own, known) < ALIKE for known in words):
                    chosen.append(one)
                    words.append(own)
                    break
        left = [group for group in left if group]
    return chosen


# -- topics ---------------------------------------------------------------------------------------


def _with_topics(candidates: Sequence[Candidate], seed: int) -> list[Candidate]:
    """A topic for every prompt that has none: clusters of the words that prompts share."""
    open_ones = [k for k, one in enumerate(candidates) if not one.topic]
    done = list(candidates)
    topics = int(min(MOST_TOPICS, max(1, round((len(open_ones) / 8) ** 0.5))))
    if not open_ones:
        return done
    texts = [candidates[k].prompt for k in open_ones]
    places = _clusters(_vectors(texts), topics, seed)
    names = _names(texts, places)
    for k, place in zip(open_ones, places, strict=True):
        done[k] = replace(candidates[k], topic=names[int(place)])
    return done


def _vectors(texts: Sequence[str]) -> NDArray[np.float64]:
    """Words of each text, hashed and weighed by how rare they are, rows of length 1."""
    found = np.zeros((len(texts), DIMENSIONS))
    for row, text in enumerate(texts):
        for word in set(_words(text)):
            found[row, zlib.crc32(word.encode()) % DIMENSIONS] = 1.0
    found *= np.log((1 + len(texts)) / (1 + found.sum(axis=0))) + 1e-9
    length = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.where(length > 0, length, 1.0))


def _clusters(rows: NDArray[np.float64], wanted: int, seed: int) -> NDArray[np.intp]:
    """Spherical k-means, begun with rows that are far from each other; place of each row's cluster."""
    first = seed % len(rows)
    centres = [rows[first]]
    nearest = rows @ centres[0]
    while len(centres) < wanted:
        far = int(np.argmin(nearest))
        centres.append(rows[far])
        nearest = np.maximum(nearest, rows @ rows[far])
    middle = np.array(centres)
    places = np.argmax(rows @ middle.T, axis=1)
    for _ in range(ROUNDS):
        for k in range(wanted):
            mean = rows[places == k].sum(axis=0)
            length = np.linalg.norm(mean)
            if length > 0:
                middle[k] = mean / length
        places = np.argmax(rows @ middle.T, axis=1)
    return np.asarray(places, dtype=np.intp)


def _names(texts: Sequence[str], places: NDArray[np.intp]) -> dict[int, str]:
    """A cluster's name: its number and the words that mark it out."""
    everywhere: dict[str, int] = {}
    inside: dict[int, dict[str, int]] = {}
    for text, place in zip(texts, places, strict=True):
        for word in set(_words(text)):
            everywhere[word] = everywhere.get(word, 0) + 1
            own = inside.setdefault(int(place), {})
            own[word] = own.get(word, 0) + 1
    return {
        int(place): f"{int(place) + 1}: "
        + ", ".join(_marking(inside.get(int(place), {}), everywhere))
        for place in sorted({int(p) for p in places})
    }


def _marking(own: Mapping[str, int], everywhere: Mapping[str, int]) -> list[str]:
    common = max(everywhere.values(), default=0) / 3  # "what" and "the" mark out nothing
    rare = [word for word in own if everywhere[word] <= common] or list(own)
    return sorted(rare, key=lambda w: (-(own[w] ** 2) / everywhere[w], w))[:3]


def _words(text: str) -> list[str]:
    return list(_WORD.findall(text[:2000].lower()))
