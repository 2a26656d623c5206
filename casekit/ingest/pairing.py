"""Which exchanges belong together though they stand in different files: requests and answers, rows, runs.

Nothing is guessed. The id that a batch's request and answer share (`custom_id`) is unique in its batch alone,
so two lines are joined only where something says that their files are of one batch, or where no other
line could be meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from casekit.queries.parts import Batches, Job, Line, Shared

_ID = re.compile(r"(?<![A-Za-z0-9])(?:msgbatch_|batch_|file-)[A-Za-z0-9]+")
_CERTAIN = 20
"""Letters of an id that no file bears by chance: `batch_results` is none."""

_MOST_PAIRS = 100
"""Pairs of files with the same key that are compared; beyond it only those that something ties together."""

_MODELS = re.compile(r"(?:.*/)?(gpt|chatgpt|o[1-9]|claude|gemini|text-embedding)\b")
_DATED = re.compile(r"(?:-latest|-preview|@.*|-\d{8}|-\d{4}-\d\d-\d\d|-\d{4}|-\d{3}|-0)+$")


class Join(NamedTuple):
    """What an item belongs to.

    Attributes:
        first: The first item of those that belong together; the item itself where it stays alone.
        ground: `job` (an object of the batch names both files), `batch-id` (both files' names have the
            batch's id), `prompt` (the answer says its prompt again), `custom-id` (the only lines that could be
            meant), `id` (the same id, unique anywhere); or why it stays alone, one of `parts.UNJOINED`.
    """

    first: int
    ground: str


def join_parts(batches: Batches, shared: Iterable[Shared]) -> dict[int, Join]:
    """The joins of all items that have any, and why each other line of a batch has none.

    The object of a batch is joined with nothing; it is among them because joins rest on it.
    """
    found = {job.item_id: Join(job.item_id, "job") for job in batches.jobs}
    families: dict[str, list[Line]] = {}
    for line in batches.lines:
        families.setdefault(line.family, []).append(line)
    ties = _ties(batches)
    for lines in families.values():
        _Family(lines, batches, ties, found).join()
    _join_shared(shared, found)
    return found


def _join_shared(shared: Iterable[Shared], found: dict[int, Join]) -> None:
    groups: dict[tuple[str, str], list[Shared]] = {}
    for part in shared:
        groups.setdefault((part.family, part.key), []).append(part)
    for parts in groups.values():
        if len({part.sha256 for part in parts}) > 1:  # else the same bytes, received twice
            first = min(part.item_id for part in parts)
            found.update({part.item_id: Join(first, "id") for part in parts})


# -- which files are of one batch -----------------------------------------------------------------


class _Ties(NamedTuple):
    """What is known of files as wholes.

    Attributes:
        grounds: Of a file of requests and a file of answers, what says that they are of one batch.
        batches: Of a file, the ids of batches in its names.
    """

    grounds: Mapping[tuple[bytes, bytes], str]
    batches: Mapping[bytes, frozenset[str]]


def _ties(batches: Batches) -> _Ties:
    ids = {
        file: frozenset(found for name in names for found in _ID.findall(name))
        for file, names in batches.names.items()
    }
    holds: dict[str, set[bytes]] = {"request": set(), "answer": set()}
    for line in batches.lines:
        holds[line.side].add(line.file)
    certain = {
        file: frozenset(each for each in found if len(each) >= _CERTAIN)
        for file, found in ids.items()
    }
    grounds = dict.fromkeys(_sharing(certain, holds), "batch-id")
    for job in batches.jobs:
        grounds.update(dict.fromkeys(_of_job(job, ids, holds), "job"))
    return _Ties(
        grounds,
        {
            file: frozenset(each for each in found if not each.startswith("file-"))
            for file, found in certain.items()
        },
    )


def _sharing(
    certain: Mapping[bytes, frozenset[str]], holds: Mapping[str, set[bytes]]
) -> Iterator[tuple[bytes, bytes]]:
    by_id: dict[str, list[bytes]] = {}
    for file in holds["answer"]:
        for each in certain[file]:
            by_id.setdefault(each, []).append(file)
    for file in holds["request"]:
        for each in certain[file]:
            yield from ((file, other) for other in by_id.get(each, ()) if other != file)


def _of_job(
    job: Job, ids: Mapping[bytes, frozenset[str]], holds: Mapping[str, set[bytes]]
) -> Iterator[tuple[bytes, bytes]]:
    read, wrote = {job.read, job.batch} - {""}, {*job.wrote, job.batch}
    for file in holds["request"]:
        if read & ids[file]:
            yield from ((file, other) for other in holds["answer"] if wrote & ids[other])


# -- the lines of one provider's batches ----------------------------------------------------------

_Held = dict[bytes, list[Line]]  # by file


class _Family:
    """The lines of batches of one kind, being joined."""

    def __init__(
        self, lines: list[Line], batches: Batches, ties: _Ties, found: dict[int, Join]
    ) -> None:
        self._ties = ties
        self._lost = batches.lost
        self._found = found
        self._tied = {g for _, g in ties.grounds}
        self._answers: dict[bytes, list[bytes]] = {}
        for f, g in ties.grounds:
            self._answers.setdefault(f, []).append(g)
        self._by_key: dict[str, dict[str, _Held]] = {}
        self._keys: dict[tuple[bytes, str], set[str]] = {}
        for line in lines:
            sides = self._by_key.setdefault(line.key, {"request": {}, "answer": {}})
            sides[line.side].setdefault(line.file, []).append(line)
            self._keys.setdefault((line.file, line.side), set()).add(line.key)
        self._asked = {
            key for (_, side), keys in self._keys.items() if side == "request" for key in keys
        }
        self._fitting: dict[tuple[bytes, bytes, bool], bool] = {}

    def join(self) -> None:
        """Join what can be joined."""
        for sides in self._by_key.values():
            asked, answered = sides["request"], sides["answer"]
            if asked and answered:
                self._join_key(asked, answered)
                continue
            for held in (*asked.values(), *answered.values()):
                for line in held:
                    self._found[line.item_id] = Join(line.item_id, "alone")

    def _join_key(self, asked: _Held, answered: _Held) -> None:
        """Join the lines that share a key."""
        lines = {("?", file): held for file, held in asked.items()}
        lines |= {("!", file): held for file, held in answered.items()}
        could = [
            (f, g)
            for f, g in self._candidates(asked, answered)
            if _once(asked[f]) and _once(answered[g]) and _agree(asked[f][0], answered[g][0])
            and self._may(f, g, len(asked) == 1)
        ]  # fmt: skip
        belongs: dict[tuple[str, bytes], Join] = {}
        for f, g, ground in self._chosen(could, asked, answered):
            known = belongs.get(("?", f))  # a request that was run twice has two answers
            first = min(line.item_id for line in (*asked[f], *answered[g]))
            join = Join(min(first, known.first) if known else first, ground)
            for place in [place for place, other in belongs.items() if other == known]:
                belongs[place] = join
            belongs["?", f] = belongs["!", g] = join
        unsure = bool(could) or not all(map(_once, lines.values()))
        for place, held in lines.items():
            for line in held:
                alone = Join(line.item_id, "several" if unsure else "differs")
                self._found[line.item_id] = belongs.get(place, alone)

    def _candidates(self, asked: _Held, answered: _Held) -> list[tuple[bytes, bytes]]:
        """The pairs of files that a key may be joined between; of very many those alone that are tied."""
        if len(asked) * len(answered) <= _MOST_PAIRS:
            return [(f, g) for f in asked for g in answered]
        return [(f, g) for f in asked for g in self._answers.get(f, ()) if g in answered]

    def _chosen(
        self, could: list[tuple[bytes, bytes]], asked: _Held, answered: _Held
    ) -> list[tuple[bytes, bytes, str]]:
        """The pairs that are beyond doubt, each with its ground."""
        grounds = self._ties.grounds
        tied = [pair for pair in could if pair in grounds]
        runs = Counter(g for _, g in tied)  # one input may be run twice, one answer has one request
        chosen = [(f, g, grounds[f, g]) for f, g in tied if runs[g] == 1]
        open_ = [(f, g) for f, g in could if g not in self._tied]
        said = [(f, g) for f, g in open_ if _says_again(asked[f][0], answered[g][0])]
        for pairs, ground in ((said, "prompt"), (open_, "custom-id")):
            asking, answering = Counter(f for f, _ in pairs), Counter(g for _, g in pairs)
            taken = ({f for f, _, _ in chosen}, {g for _, g, _ in chosen})
            for f, g in pairs:
                alone = asking[f] == answering[g] == 1
                if alone and f not in taken[0] and g not in taken[1]:
                    chosen.append((f, g, ground))
        return chosen

    def _may(self, f: bytes, g: bytes, alone: bool) -> bool:
        """Whether the answers in `g` can be those to the requests in `f`, the files taken as wholes."""
        if (f, g) in self._ties.grounds:
            return True
        named = (self._ties.batches[f], self._ties.batches[g])
        if all(named) and named[0].isdisjoint(named[1]):
            return False
        place = (f, g, alone)
        if place not in self._fitting:
            keys = self._keys[g, "answer"]
            unasked = len(keys - self._keys[f, "request"])
            self._fitting[place] = unasked <= self._lost[f] or (alone and keys <= self._asked)
        return self._fitting[place]


def _once(held: list[Line]) -> bool:
    """Whether a file has a key once; the same bytes received twice are one."""
    return len({line.sha256 for line in held}) == 1


def _agree(asked: Line, answered: Line) -> bool:
    """Whether nothing in two lines speaks against each other."""
    sent, came = asked.sent_us, answered.sent_us
    if sent is not None and came is not None and sent > came:
        return False
    prompts = {asked.prompt_sha256, answered.prompt_sha256} - {None, b""}
    return len(prompts) < 2 and _same_model(asked.model, answered.model)


def _says_again(asked: Line, answered: Line) -> bool:
    return bool(asked.prompt_sha256) and asked.prompt_sha256 == answered.prompt_sha256


@lru_cache(maxsize=1000)
def _same_model(asked: str, answered: str) -> bool:
    """False where both are names of known models that differ by more than a date; others are local names."""
    if not (_MODELS.match(asked.lower()) and _MODELS.match(answered.lower())):
        return True
    return _DATED.sub("", asked.lower()) == _DATED.sub("", answered.lower())
