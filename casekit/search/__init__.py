"""Full text, vectors, query language: `index_pending` fills the indexes, `search` and `similar` ask them."""

from __future__ import annotations

import importlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casekit.progress import Progress
from casekit.search import filling, tongues
from casekit.store import sidecar
from casekit.store.case import Case

if TYPE_CHECKING:
    from casekit.search.engine import Embedder
    from casekit.search.finding import (
        Hit,
        NotSearched,
        SearchResult,
        Span,
        query,
        search,
        similar,
        word_spans,
    )
    from casekit.search.highlighting import highlight
    from casekit.search.language import describe, parse, to_text
    from casekit.search.marking import items_with, terms_in
    from casekit.search.runs import Run, shared_runs

__all__ = [
    "Embedder",
    "Hit",
    "IndexReport",
    "NotSearched",
    "Run",
    "SearchResult",
    "Span",
    "describe",
    "highlight",
    "index_pending",
    "items_with",
    "parse",
    "prepare_model",
    "query",
    "search",
    "shared_runs",
    "similar",
    "terms_in",
    "to_text",
    "word_spans",
]


_HOMES = {
    "engine": ("Embedder",),
    "finding": (
        "Hit",
        "NotSearched",
        "SearchResult",
        "Span",
        "query",
        "search",
        "similar",
        "word_spans",
    ),
    "highlighting": ("highlight",),
    "language": ("describe", "parse", "to_text"),
    "marking": ("items_with", "terms_in"),
    "runs": ("Run", "shared_runs"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load the numeric libraries only with what needs them: filling the index of words does not."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


@dataclass(frozen=True, slots=True)
class IndexReport:
    """How many items were indexed by words and by meaning, and in how many seconds."""

    words: int
    vectors: int
    seconds: float


def prepare_model() -> None:
    """Load the engine for searches by meaning, away from the window: some seconds, at first use some more.

    Raises:
        CaseKitError: The model is missing or does not compute rightly here.
    """
    from casekit.search import engine

    engine.load()


def index_pending(
    case: Case,
    progress: Progress,
    *,
    words: bool = True,
    vectors: bool = True,
    tables: bool | None = None,
    embedder: Embedder | None = None,
) -> IndexReport:
    """Index what has been added since the last time; goes on where it was cut or cancelled.

    Args:
        case: The open case.
        progress: Told how many items are done; cancelling keeps every finished batch.
        words: Whether to fill the index of words.
        vectors: Whether to compute vectors, some hundred passages a second.
        tables: Whether to tell languages and write exchanges as tables for analytics; None: if vectors
            are wanted.
        embedder: What computes them; None: the engine of the default model.

    Raises:
        CaseKitError: The model is missing or does not compute rightly here.
    """
    start = time.monotonic()
    by_words = filling.index_pending(case, progress) if words else 0
    by_meaning = 0
    if vectors if tables is None else tables:
        tongues.index_pending(case, progress)
        sidecar.update(case, progress)
    if vectors:
        from casekit.search import engine, nearest
        from casekit.search import vectors as vector_index

        if embedder is None:
            progress.step(0, None, "Preparing the embedding model")
        by_meaning = vector_index.index_pending(case, embedder or engine.load(), progress)
        nearest.save(case)
    return IndexReport(by_words, by_meaning, time.monotonic() - start)
