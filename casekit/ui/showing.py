"""What the window shows of one item, read off its thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casekit.ui import searching
from casekit.ui.marking import Marks, read_marks

if TYPE_CHECKING:
    from casekit.queries.coding import Coded
    from casekit.queries.items import ItemView
    from casekit.store.case import Case
    from casekit.ui.searching import Wanted
    from casekit.ui.writing import Span

    Spans = Mapping[str, Sequence[Span]]

NEIGHBOURS = 6  # messages of a conversation shown on either side of one


@dataclass(frozen=True, slots=True)
class Shown:
    """One item for viewer and coding pane.

    Attributes:
        entries: How many entries of the custody log received or read its original.
        spans: The passages that the search found, by part.
        marks: What sets of highlights mark.
        coded: Its coding as the template has it.
    """

    view: ItemView
    entries: int
    spans: Spans
    marks: Marks
    coded: Coded


def read_item(case: Case, item_id: int, wanted: Wanted, spans: Spans | None) -> Shown:
    """Read one item whole: it may take no longer for what else the case holds.

    Args:
        case: The open case.
        item_id: Which one.
        wanted: The search whose words are marked.
        spans: Those passages where the search gave them already.

    Raises:
        CaseKitError: There is no such item, or it is sequestered.
    """
    from casekit.queries import coding, custody, items

    with case.read() as s:
        view = items.view(s, item_id, around=NEIGHBOURS)
        entries = custody.of_original(s, view.original_sha256)
        marks = read_marks(s, view)
        coded = coding.coded(s, item_id)
    found = spans if spans is not None else searching.spans_of(case, view, wanted)
    return Shown(view, entries, found, marks, coded)
