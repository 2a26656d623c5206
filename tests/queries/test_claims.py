from __future__ import annotations

from pathlib import Path

from casekit.ops import claims, facts
from casekit.ops.facts import NewCite
from casekit.queries.claims import KINDS, LAWS, matrix, templates
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_every_law_has_every_kind_with_elements_and_a_source() -> None:
    made = templates()
    assert [(t.law, t.kind) for t in made] == [(law, kind) for law in LAWS for kind in KINDS]
    for each in made:
        assert each.source.endswith(("To be checked by counsel.", "须由代理律师核对。"))
        assert len(each.elements) >= 3
        assert all(name and len(name) < 100 for name, _ in each.elements)


def test_the_matrix_shows_what_is_missing(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("a"), make_item("b")], tmp_path)
    with case.write() as s:
        claims.add_claim(s, "Claim")
        for n in range(5):
            claims.add_element(s, 1, f"e{n}")
        facts.add_fact(s, "bare", elements=[2])
        facts.add_fact(s, "only denied", elements=[2], cites=[NewCite(1, stance="contradicts")])
        for status in ("disputed-by-them", "disputed-by-us"):
            facts.add_fact(
                s, status, status=status, elements=[3, 4], cites=[NewCite(1), NewCite(2)]
            )
        facts.add_fact(s, "good", status="undisputed", elements=[4], cites=[NewCite(1)])
        facts.add_fact(s, "bad", cites=[NewCite(2)])
        facts.link(s, [6], [1, 4], "contradicts")
    with case.read() as s:
        ((_, rows),) = matrix(s)
        few = matrix(s, [])[0][1]
    assert [
        (r.state, [f.id for f in r.supporting], [f.id for f in r.against], r.cites) for r in rows
    ] == [
        ("no-fact", [], [6], 0),
        ("no-citation", [1, 2], [], 0),
        ("disputed", [3, 4], [], 4),
        ("supported", [3, 4, 5], [6], 5),
        ("no-fact", [], [], 0),
    ]
    assert [r.is_gap for r in rows] == [True, True, False, False, True]
    assert {r.state for r in few} == {"no-fact"}
