from __future__ import annotations

from casekit.queries import items
from casekit.store.case import Case
from casekit.ui.cite import cite


def test_cites_of_exhibits_pages_and_other_items(sample_case: Case) -> None:
    with sample_case.read() as s:
        exhibit, page, other = items.view(s, 1), items.view(s, 383), items.view(s, 5)
    assert cite(exhibit, None) == "Ex. A-1"
    assert cite(exhibit, ("output", 119, 204)) == "Ex. A-1, output, characters 120–204"
    assert cite(page, ("page/2", 0, 4)) == "Ex. A-3, page 2, characters 1–4"
    assert cite(other, ("body", 3, 3)) == (
        f"Item 5 (SHA-256 {other.sha256.hex()[:16]}), text, characters 4–4"
    )
