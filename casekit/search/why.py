"""Why two items are called similar: sentences nearest in meaning, rare words that both have, shared runs.

Everything here is there to be read and judged. The likeness itself is the cosine between the means of whole
passages; sentences are compared by themselves, so their cosines are no parts of it and do not add up to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, bindparam, func, select

from casekit.errors import CaseKitError
from casekit.queries import filters, items, matching
from casekit.queries.items import ItemView
from casekit.queries.matching import Phrase
from casekit.search import engine, shared, sketches, vectors
from casekit.search.engine import Embedder
from casekit.search.shared import Comparison
from casekit.store import hiding
from casekit.store.case import Case
from casekit.store.tables import item

SENTENCES = 40
"""Sentences of a text from its start that are compared; `FEWEST_WORDS` each at least."""

FEWEST_WORDS = 4
LONGEST = 400
LEAST = 0.5
MOST_PAIRS = 8
RARE_SHARE = 100  # a word that more than one item in so many has is not rare
RARE_AT_LEAST, RARE_AT_MOST = 10, 5_000
MOST_WORDS = 15
WORDS_TRIED = 400
KINDS = ("output", "body", "page")
_SENTENCE = re.compile(r"[^.!?。！？…\n]+[.!?。！？…]*")
_ASKED = ("system", "prompt")

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SentencePair:
    """A sentence of each text, as characters of it, and the cosine between the two by themselves."""

    left: tuple[int, int]
    right: tuple[int, int]
    cosine: float


@dataclass(frozen=True, slots=True)
class RareWord:
    """A word that both texts have; `items` of the case have it; whether one of the prompts has it too."""

    word: str
    items: int
    in_prompt: bool


@dataclass(frozen=True, slots=True)
class Why:
    """What two items have in common, to be read.

    Attributes:
        likeness: The cosine of the means of their passages; None where one has no vector.
        model: What computed it and the sentences; empty where the vectors cannot be compared here.
        pairs: Sentences nearest to each other, each in one pair at most, nearest first.
        cut: Whether a text has more sentences than were compared.
        words: The rarest words that both have.
        total: How many items the case has, as far as it can be seen.
        comparison: The runs of words that both have, by number, and what prompts and controls say of them.
    """

    left: ItemView
    right: ItemView
    likeness: float | None
    model: str
    pairs: tuple[SentencePair, ...]
    cut: bool
    words: tuple[RareWord, ...]
    total: int
    comparison: Comparison


def explain(case: Case, left_id: int, right_id: int, *, embedder: Embedder | None = None) -> Why:
    """Say what two items have in common.

    Args:
        case: The open case.
        left_id: The item that was compared.
        right_id: The one that was found.
        embedder: What made the vectors of the case; None: the engine of the default model.

    Raises:
        CaseKitError: An item cannot be read.
    """
    sketches.prepare(case)
    made_by = vectors.about(case)
    with case.read() as s:
        left, right = items.view(s, left_id), items.view(s, right_id)
        comparison = shared.compare(s, left, right)
        likeness = _likeness(s, left_id, right_id)
        a, b = left.text(comparison.left_part), right.text(comparison.right_part)
        words, total = _rare(s, a, b, left, right), _total(s)
    pairs: tuple[SentencePair, ...] = ()
    model = ""
    cut = False
    if made_by is not None:
        embedder = embedder or _engine()
    if embedder is not None and vectors.fits(made_by, embedder):
        model = f"{embedder.about.model} ({embedder.about.engine})"
        own, theirs = list(_sentences(a)), list(_sentences(b))
        cut = max(len(own), len(theirs)) > SENTENCES
        pairs = _nearest(a, own[:SENTENCES], b, theirs[:SENTENCES], embedder)
    return Why(left, right, likeness, model, pairs, cut, words, total, comparison)


def _engine() -> Embedder | None:
    """The engine of the default model; None where it cannot be had, which leaves the words."""
    try:
        return engine.load()
    except CaseKitError:
        return None


# -- meaning --------------------------------------------------------------------------------------


def _likeness(s: Connection, left_id: int, right_id: int) -> float | None:
    places, found = vectors.of_items(s, [left_id, right_id], KINDS)
    owners = np.array([place.item_id for place in places])
    means = [found[owners == i].astype(np.float32).sum(axis=0) for i in (left_id, right_id)]
    if not places or any(not (owners == i).any() for i in (left_id, right_id)):
        return None
    return float(means[0] @ means[1] / (np.linalg.norm(means[0]) * np.linalg.norm(means[1])))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text stand: between full stops and line ends, with some words each."""
    for found in _SENTENCE.finditer(text):
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        stop = min(found.end(), start + LONGEST)
        words = 0
        for words, _ in enumerate(matching.atoms(text[start:stop]), 1):
            if words == FEWEST_WORDS:
                yield start, stop
                break


def _nearest(
    a: str, own: Sequence[tuple[int, int]], b: str, theirs: Sequence[tuple[int, int]], embedder: Embedder
) -> tuple[SentencePair, ...]:  # fmt: skip
    """The nearest sentences, each in one pair at most."""
    mine, others = (
        _vectors([a[i:j] for i, j in own], embedder),
        _vectors([b[i:j] for i, j in theirs], embedder),
    )
    if not len(mine) or not len(others):
        return ()
    cosines = mine @ others.T
    found: list[SentencePair] = []
    for at in np.argsort(-cosines, axis=None, kind="stable").tolist():
        left, right = divmod(at, len(others))
        cosine = float(cosines[left, right])
        if cosine < LEAST or len(found) == MOST_PAIRS:
            break
        if all(own[left] != p.left and theirs[right] != p.right for p in found):
            found.append(SentencePair(own[left], theirs[right], cosine))
    return tuple(found)


def _vectors(texts: Sequence[str], embedder: Embedder) -> Floats:
    """A unit vector for each text, in fp32."""
    windows = embedder.passages(texts)
    made = embedder.vectors([w for some in windows for w in some], exact=True)
    rows, at = [], 0
    for some in windows:
        mean = (
            made[at : at + len(some)].sum(axis=0) if some else np.zeros(made.shape[1], np.float32)
        )
        rows.append(mean / (np.linalg.norm(mean) or 1.0))
        at += len(some)
    return np.array(rows, dtype=np.float32)


# -- words ----------------------------------------------------------------------------------------


def _rare(s: Connection, a: str, b: str, left: ItemView, right: ItemView) -> tuple[RareWord, ...]:
    there = set(_words(b))
    common = [word for word in dict.fromkeys(_words(a)) if word in there][:WORDS_TRIED]
    asked = {w for view in (left, right) for part in _ASKED for w in _words(view.text(part))}
    if left.row.kind != "exchange" and right.row.kind != "exchange":
        asked = set()
    most = min(RARE_AT_MOST, max(RARE_AT_LEAST, _total(s) // RARE_SHARE))
    counted = [(word, _items_with(s, word, most)) for word in common]
    rare = sorted(((n, word) for word, n in counted if 0 < n <= most))
    return tuple(RareWord(word, n, word in asked) for n, word in rare[:MOST_WORDS])


def _words(text: str) -> Iterator[str]:
    """Words of three letters and more or with a digit, and every two characters of scripts without spaces."""
    return matching.terms(text, lambda word: len(word) > 2 or any(c.isdigit() for c in word))


def _items_with(s: Connection, word: str, most: int) -> int:
    """How many items that can be seen have a word; one more than `most` stands for any greater number."""
    index, expression = matching.match((Phrase(word),), 0, "")
    t = filters.index_table(index)
    found = select(t.c.rowid).where(t.c[index].op("MATCH")(bindparam(None, expression)))
    if hiding.is_hiding(s):
        found = found.where(t.c.rowid.in_(select(item.c.id)))
    some = found.limit(most + 1).subquery()
    return int(s.execute(select(func.count()).select_from(some)).scalar() or 0)


def _total(s: Connection) -> int:
    return int(s.execute(select(func.count()).select_from(item)).scalar() or 0)
