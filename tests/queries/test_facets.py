from pathlib import Path

from casekit.queries import facets
from casekit.queries.facets import Count
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item


def test_counts_for_the_sidebar(case: Case, tmp_path: Path) -> None:
    file_items(
        case, [make_exchange(f"{n}?", "x", f"m-{n % 2}") for n in range(3)], tmp_path, "a", "Helen"
    )
    file_items(case, [make_item()], tmp_path, "b", "Helen")
    with case.read() as s:
        assert sorted(facets.collections(s), key=lambda c: c.value) == [
            Count("documents", 1),
            Count("outputs", 3),
        ]
        assert facets.models(s) == [Count("m-0", 2), Count("m-1", 1)]
        assert facets.custodians(s) == [Count("Helen", 4)]
