from __future__ import annotations

import re

from casekit.queries import items
from casekit.store.case import Case
from casekit.ui.cite import cite, pinpoint


def test_cites_of_exhibits_pages_and_other_items(sample_case: Case) -> None:
    with sample_case.read() as s:
        exhibit, page, other = items.view(s, 1), items.view(s, 383), items.view(s, 5)
    assert cite(exhibit, None) == "Ex. A-1"
    assert cite(exhibit, ("output", 119, 204)) == "Ex. A-1, output, characters 120–204"
    assert cite(page, ("page/2", 0, 4)) == "Ex. A-3, page 2, characters 1–4"
    assert cite(other, ("body", 3, 3)) == (
        f"Item 5 (SHA-256 {other.sha256.hex()[:16]}), text, characters 4–4"
    )


def test_marked_text_of_an_exhibit_is_cited_by_page_and_line(sample_case: Case) -> None:
    with sample_case.read() as s:
        exhibit = items.view(s, 1)
    text = exhibit.text("output")
    at = text.index("rewrites the bargain")
    whole = pinpoint(sample_case, exhibit, ("output", 0, len(text)))
    assert re.fullmatch(r"Ex\. A-1 at 1:\d+–\d+", whole)
    assert pinpoint(sample_case, exhibit, ("output", at, at + 8)) != pinpoint(
        sample_case, exhibit, ("output", 0, 8)
    )
