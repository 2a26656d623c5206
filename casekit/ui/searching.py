"""What the list shows for a scope, a search text and an order; runs off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from casekit.errors import QueryError
from casekit.ui.narrowing import parts_of
from casekit.ui.writing import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from casekit.queries.ids import ItemIds
    from casekit.queries.items import ItemRow, ItemView
    from casekit.store.case import Case
    from casekit.ui.sidebar import Scope

MODES = ("words", "meaning", "both")
MOST_BY_MEANING = 500
FIRST = 400
MOST_SPANS = 2000
REASONS = {
    "not-indexed": "not indexed yet",
    "no-text": "without text",
    "some-pages": "with pages without text",
    "not-read": "kept, not read",
    "encrypted": "encrypted",
    "script": "in a script the model does not know",
    "quarantined": "records set aside",
    "time-left-out": "with a time that was left out",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked to see: `scope` and `text` are queries, `order` one of `queries.items.Order`.

    Of the kind `ids`, the items with these `ids`, in the order in which they are given; of the kind `review`,
    those of the review set with that id.
    """

    scope: str = ""
    text: str = ""
    mode: str = "words"
    order: str = "-date"
    kind: str = "items"
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the list is to show.

    Attributes:
        ids: int64 array in order.
        total: How many there are, once `whole`: at first sight only some are read.
        ranked: The order is that of likeness, which is no finding.
        not_searched: (reason, number of items) of what the search could not see.
        spans: Marked passages by item and part, where the search gave them.
        by_assumption: How many match only by a time zone that was assumed.
        parts: What the search says that must all hold, each as it is written.
        rows: The rows of the first ids, where they were read with them.
    """

    wanted: Wanted
    ids: ItemIds
    total: int
    ranked: bool = False
    whole: bool = True
    not_searched: tuple[tuple[str, int], ...] = ()
    spans: Mapping[int, Mapping[str, Sequence[Span]]] = field(default_factory=dict)
    by_assumption: int = 0
    parts: tuple[str, ...] = ()
    rows: tuple[ItemRow, ...] = ()


def run(case: Case, wanted: Wanted, *, first: bool = False) -> Outcome:
    """What the list shows, with the parts of the search, and at first with the rows in sight; see `_run`."""
    from casekit.ui.items_model import PAGE

    found = _run(case, wanted, first=first)
    if first and len(found.ids):
        with case.read() as s:
            found = replace(found, rows=tuple(rows_of(s, wanted, found.ids[:PAGE])))
    return replace(found, parts=parts_of(wanted.text, wanted.mode)) if wanted.text else found


def rows_of(s: Any, of: Scope | Wanted, ids: Sequence[int] | ItemIds) -> list[ItemRow]:
    """The rows of ids; of a review set with what is done."""
    from casekit.queries import items, reviews

    return reviews.set_rows(s, of.ids[0], ids) if of.kind == "review" else items.rows(s, ids)


def _run(case: Case, wanted: Wanted, *, first: bool) -> Outcome:
    """Read the ids for what is wanted.

    Args:
        case: The open case.
        wanted: Scope, text, mode and order.
        first: Read only the first few, for the first sight of a large case.

    Raises:
        QueryError: The text cannot be read.
    """
    from casekit.queries import items

    if wanted.kind == "exhibits" and not wanted.text:
        return _exhibits(case, wanted)
    if wanted.text and wanted.mode != "words":
        return _by_search(case, wanted)
    if wanted.kind == "review":
        return _review_set(case, wanted)
    if wanted.kind == "ids":
        return _given(case, wanted)
    node = _node(case, wanted)
    if first:
        ids = _first(case, node, wanted.order)
        if len(ids) == FIRST:
            return Outcome(wanted, ids, len(ids), whole=False)
    with case.read() as s:
        ids = items.item_ids(s, node, order=wanted.order)  # type: ignore[arg-type]
    missing, doubtful = _shortcomings(case, wanted) if wanted.text else ((), 0)
    return Outcome(wanted, ids, len(ids), not_searched=missing, by_assumption=doubtful)


def _first(case: Case, node: Any, order: str) -> ItemIds:
    """The first rows: what could not be searched is counted with the rest, which takes longer."""
    from casekit.queries import items
    from casekit.queries.first_rows import first_ids

    with case.read() as s:
        found = None if node is None else first_ids(s, node, order=order, limit=FIRST)  # type: ignore[arg-type]
        if found is not None:
            return found
        return items.item_ids(s, node, order=order, limit=FIRST)  # type: ignore[arg-type]


def _exhibits(case: Case, wanted: Wanted) -> Outcome:
    import numpy as np  # not before there is a case

    from casekit.queries import exhibits

    with case.read() as s:
        ids = np.fromiter((row.item_id for row in exhibits.exhibits(s)), dtype=np.int64)
    return Outcome(wanted, ids, len(ids))


def _review_set(case: Case, wanted: Wanted) -> Outcome:
    """A review set in its fixed order, and of it what the text finds."""
    from casekit.queries import reviews

    with case.read() as s:
        ids = reviews.set_items(s, wanted.ids[0])
    if not wanted.text:
        return Outcome(wanted, ids, len(ids))
    return _given(case, replace(wanted, ids=tuple(int(i) for i in ids)))


def _given(case: Case, wanted: Wanted) -> Outcome:
    """The items that were named, in their order: those that the case shows and the text finds."""
    import numpy as np  # not before there is a case

    from casekit.queries import items

    missing, doubtful = _shortcomings(case, wanted) if wanted.text else ((), 0)
    node = _node(case, wanted)
    with case.read() as s:
        found = items.item_ids(s, node)
    given = np.array(wanted.ids, dtype=np.int64)
    ids = given[np.isin(given, found)]
    return Outcome(wanted, ids, len(ids), not_searched=missing, by_assumption=doubtful)


def _node(case: Case, wanted: Wanted) -> Any:
    texts = [text for text in (wanted.text, wanted.scope) if text.strip()]
    if not texts:
        return None  # and nothing that searches is loaded before the first rows are seen
    from casekit.queries import filters
    from casekit.search import query

    parts = [query(case, text) for text in texts]
    flat = [p for n in parts for p in (n.parts if isinstance(n, filters.And) else (n,))]
    return filters.And(tuple(flat))


def _shortcomings(case: Case, wanted: Wanted) -> tuple[tuple[tuple[str, int], ...], int]:
    """What the search could not see, and how many match only by a time zone that was assumed."""
    from casekit.search.finding import shortcomings

    missing, doubtful = shortcomings(case, _node(case, wanted))
    return tuple((REASONS[m.reason], m.count) for m in missing), doubtful


def _by_search(case: Case, wanted: Wanted) -> Outcome:
    """Ranks by meaning, or by both; a list of its own, never all items that match."""
    import numpy as np  # not before there is a case

    from casekit.search import query, search

    query(case, wanted.text)
    found = search(case, _together(wanted), mode=wanted.mode, limit=MOST_BY_MEANING)  # type: ignore[arg-type]
    ids = np.fromiter((hit.id for hit in found.hits), dtype=np.int64)
    spans = {hit.id: numbered(hit.spans) for hit in found.hits}
    missing = tuple((REASONS[m.reason], m.count) for m in found.not_searched)
    return Outcome(
        wanted, ids, len(ids), ranked=True, not_searched=missing, spans=spans,
        by_assumption=found.by_assumption,
    )  # fmt: skip


def _together(wanted: Wanted) -> str:
    return f"{wanted.scope} ({wanted.text})" if wanted.scope else wanted.text


def numbered(places: Iterable[Any]) -> dict[str, list[Span]]:
    """Passages by part, numbered from 1 in each part."""
    found: dict[str, list[Span]] = {}
    for place in sorted(places, key=lambda p: (p.part, p.start)):
        spans = found.setdefault(place.part, [])
        spans.append(Span(place.start, place.stop, len(spans) + 1))
    return found


def spans_of(case: Case, view: ItemView, wanted: Wanted) -> dict[str, list[Span]]:
    """The passages of an item in which the words of the search stand, numbered through the item.

    Words of saved searches that the search holds are among them.
    """
    if not wanted.text or wanted.mode == "meaning":
        return {}
    from casekit.search import highlight, query

    try:
        node = query(case, wanted.text)
    except QueryError:  # the list says what is wrong with it
        return {}
    found: dict[str, list[Span]] = {}
    number = 0
    for part, text in [*view.texts, *((read.part, read.text) for read in view.read)]:
        for start, stop in highlight(node, text, part)[:MOST_SPANS]:
            number += 1
            found.setdefault(part, []).append(Span(start, stop, number))
    return found
