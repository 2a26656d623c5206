"""What is marked in the text that is read, beside the words of the search: annotations and highlights."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from casekit.ui.margin import MarginNote
from casekit.ui.writing import Span, shown

if TYPE_CHECKING:
    from casekit.queries.annotations import AnnotationRow
    from casekit.queries.highlights import HighlightSet
    from casekit.queries.items import ItemView

MOST_DRAWN = 2000  # of an item; all are counted

Spans = Mapping[str, Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Marks:
    """The highlights of one item.

    Attributes:
        sets: All sets of the case, in order.
        spans: By part, in order and apart from each other, of the sets that are shown.
        counts: Of each set, how often each of its terms stands in the item.
        annotations: Those of the item, in order.
    """

    sets: tuple[HighlightSet, ...] = ()
    spans: Spans = field(default_factory=dict)
    counts: Mapping[int, Sequence[int]] = field(default_factory=dict)
    annotations: tuple[AnnotationRow, ...] = ()

    @property
    def annotated(self) -> Spans:
        """The annotated passages by part; where two lie over each other the first is whole."""
        layers: dict[str, list[list[Span]]] = {}
        for n, row in enumerate(self.annotations, 1):
            if row.quote:
                span = Span(
                    row.start, row.stop, n, f"mark_{row.colour}", "solid",
                    f"annotation:{row.id}", f"\u00a0[{row.letter}]",
                )  # fmt: skip
                layers.setdefault(row.part, []).append([span])
        return {part: layered(*each) for part, each in layers.items()}

    @property
    def notes(self) -> list[MarginNote]:
        """What stands in the margin."""
        return [
            MarginNote(
                row.id, row.letter, shown(row.text), f"mark_{row.colour}", row.part, row.start
            )
            for row in self.annotations
        ]

    def count(self, set_id: int) -> int:
        """How often the terms of a set stand in the item."""
        return sum(self.counts.get(set_id, ()))


def marks_of(
    view: ItemView, sets: Sequence[HighlightSet], annotations: Sequence[AnnotationRow] = ()
) -> Marks:
    """Where the terms of sets stand in an item; those of sets that are hidden are counted alone."""
    from casekit.search import terms_in

    terms = [(one, n, term) for one in sets for n, term in enumerate(one.terms)]
    counts = {one.id: [0] * len(one.terms) for one in sets}
    spans: dict[str, list[Span]] = {}
    texts = [*view.texts, *((page.part, page.text) for page in view.read)] if terms else []
    drawn = 0
    for part, text in texts:
        layers: dict[int, list[Span]] = {}
        for start, stop, number in terms_in([term for _, _, term in terms], text):
            one, n, _ = terms[number]
            counts[one.id][n] += 1
            if one.shown and drawn < MOST_DRAWN:
                drawn += 1
                layers.setdefault(one.number, []).append(
                    Span(start, stop, one.number, f"mark_{one.colour}", one.pattern, owner_of(one))
                )
        spans[part] = layered(*(layers[number] for number in sorted(layers)))
    return Marks(tuple(sets), spans, counts, tuple(annotations))


def read_marks(s: Any, view: ItemView) -> Marks:
    """The marks of an item as the case has them now, through a reading session."""
    from casekit.queries import annotations, highlights

    return marks_of(
        view, highlights.highlight_sets(s), annotations.annotations_of(s, [view.row.id])
    )


def owner_of(one: HighlightSet) -> str:
    """The name under which a set's marks are walked through."""
    return f"set:{one.id}"


def together(top: Spans, *below: Spans) -> Spans:
    """Marks of several kinds by part, each as far as those before it leave room."""
    parts = dict.fromkeys(part for spans in (top, *below) for part in spans)
    return {part: layered(*(spans.get(part, ()) for spans in (top, *below))) for part in parts}


def layered(*layers: Sequence[Span]) -> list[Span]:
    """Spans of several layers in order and apart from each other: what one covers, those below it leave."""
    taken: list[Span] = []
    for layer in layers:
        fresh: list[Span] = []
        at = 0
        for span in sorted(layer, key=lambda each: (each.start, -each.stop)):
            if span.start >= at:  # of one layer the first stands
                fresh += _left_of(span, taken)
                at = span.stop
        taken = sorted([*taken, *fresh], key=lambda each: each.start)
    return taken


def _left_of(span: Span, taken: Sequence[Span]) -> list[Span]:
    """What others leave of a span."""
    pieces, at = [], span.start
    begin = bisect_right(taken, span.start, key=lambda each: each.stop)
    for other in islice(taken, begin, None):
        if other.start >= span.stop:
            break
        if other.start > at:
            pieces.append((at, other.start))
        at = max(at, other.stop)
    if at < span.stop:
        pieces.append((at, span.stop))
    last = len(pieces) - 1
    return [
        replace(span, start=a, stop=b, first=span.first and n == 0, last=span.last and n == last)
        for n, (a, b) in enumerate(pieces)
    ]
