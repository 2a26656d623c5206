from pathlib import Path

from casekit.ops import clawback
from casekit.ops.clawback import Notice
from casekit.progress import Silent
from casekit.queries import facets
from casekit.queries.facets import Count
from casekit.search import filling, tongues
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


def test_counts_know_nothing_of_what_is_sequestered(case: Case, tmp_path: Path) -> None:
    file_items(
        case, [make_exchange(f"{n}?", "x", f"m-{n % 2}") for n in range(3)], tmp_path, "a", "Helen"
    )
    german = make_item("Der Vertrag verbietet die Nutzung der Ausgaben", language="de")
    file_items(case, [german], tmp_path, "b", "Ida")
    filling.index_pending(case, Silent())
    tongues.index_pending(case, Silent())
    with case.read() as s:
        assert Count("de", 1) in facets.languages(s)
        assert Count("Ida", 1) in facets.custodians(s)
    with case.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 2", "item 4"], reference="letter"))
    with case.read() as s:
        assert facets.collections(s) == [Count("outputs", 2)]
        assert facets.models(s) == [Count("m-0", 2)]
        assert facets.custodians(s) == [Count("Helen", 2)]
        assert "de" not in [each.value for each in facets.languages(s)]
