from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casekit.errors import CaseKitError
from casekit.jobs.verify import verify
from casekit.ops import claims, clawback, facts, findings, journal
from casekit.ops.clawback import Notice
from casekit.ops.facts import NewCite
from casekit.queries.facts import FactRow, get
from casekit.queries.facts import facts as listed
from casekit.queries.moments import When
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, make_mail

SENT = 1_768_381_964_000_000  # 2026-01-14 09:12:44 UTC


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """An exchange (1), a mail with a body (2), a document of two pages (3); a claim with five elements."""
    letter = make_mail("letter", "a@x.example", "b@x.example", SENT)
    letter.texts = [("body", "All fourteen\n signed up  in November.")]
    page = make_item("terms", pages=2)
    page.texts = [("page/1", "Clause 2(c)")]
    file_items(case, [make_exchange("Why?", "Because.", "m"), letter, page], tmp_path)
    with case.write() as s:
        claims.add_claim(s, kind="terms")
        findings.add_finding(s, "overlap", "Shared wording", {"pairs": []})
    return case


def fact(case: Case, fact_id: int) -> FactRow:
    with case.read() as s:
        return get(s, fact_id)


def test_a_passage_becomes_a_fact_that_cites_it(filed: Case) -> None:
    with filed.write() as s:
        number, changes = facts.fact_from(s, 2, "body", 0, 23)
    made = fact(filed, number)
    assert made.text == "All fourteen signed up"
    assert (made.status, made.material) == ("unsure", "unsure")
    assert made.when == When("on", "2026-01-14 09:12:44")
    (cite,) = made.cites
    assert (cite.item.id if cite.item else 0, cite.part, cite.start, cite.stop) == (
        2,
        "body",
        0,
        23,
    )
    assert (cite.quote, cite.intact) == ("All fourteen\n signed up", True)
    assert changes.ids == (2,)
    with filed.write() as s:
        facts.fact_from(s, 1, "output", 0, 7, text="It answered.")
    assert (fact(filed, 2).text, fact(filed, 2).when) == ("It answered.", When())


def test_a_fact_is_changed_linked_and_taken_away_and_all_can_be_undone(filed: Case) -> None:
    acts = []
    with filed.write() as s:
        number, _ = facts.add_fact(
            s, "  They signed up. ", status="disputed-by-them", disputed_by="Meridian", material="yes",
            when=When("range", "2025-11-24", "2025-12-09"), people=["Tom", " Tom ", "Ann"],
            cites=[NewCite(2, "body", 0, 3), NewCite(3, page=2), NewCite(finding_id=1, stance="contradicts")],
            elements=[1, 4],
        )  # fmt: skip
    before = fact(filed, number)
    assert before.people == ("Ann", "Tom")
    assert [(c.item.id if c.item else c.finding, c.page, c.stance) for c in before.cites] == [
        (2, None, "supports"), (3, 2, "supports"), ("Shared wording", None, "contradicts"),
    ]  # fmt: skip
    assert [(link.element_id, link.stance) for link in before.links] == [
        (1, "supports"),
        (4, "supports"),
    ]
    steps: list[Any] = [
        lambda s: facts.change_facts(s, [1], text="New", status="undisputed", people=["Zoe"]),
        lambda s: facts.change_facts(s, [1], when=When("about", "2025-12"), disputed_by=""),
        lambda s: facts.link(s, [1], [1], "contradicts"),
        lambda s: facts.unlink(s, [1], [4]),
        lambda s: facts.cite(s, 1, [NewCite(1), NewCite(3, page=2, note="here")]),
        lambda s: facts.change_cite(s, 1, stance="contradicts", note="hm"),
        lambda s: facts.uncite(s, 2),
        lambda s: facts.delete_facts(s, [1]),
    ]
    for step in steps:
        with filed.write() as s:
            acts.append(step(s).act)
    with filed.read() as s:
        assert listed(s) == []
    for act in reversed(acts):
        with filed.write() as s:
            journal.undo(s, act)
    assert fact(filed, 1) == before
    with filed.write() as s:
        facts.delete_facts(s, [1])
        assert facts.add_fact(s, "Next")[0] == 2  # its number is not given again
    assert verify(filed).ok


def test_what_is_cited_already_is_cited_once(filed: Case) -> None:
    with filed.write() as s:
        facts.add_fact(s, "One", cites=[NewCite(1)])
        facts.cite(s, 1, [NewCite(1, stance="contradicts"), NewCite(1, note="again")])
    (cite,) = fact(filed, 1).cites
    assert (cite.stance, cite.note) == ("supports", "again")


REFUSED: list[tuple[Any, str]] = [
        (lambda s: facts.add_fact(s, " "), "needs a statement"),
        (lambda s: facts.add_fact(s, "x" * 4001), "at most 4000"),
        (lambda s: facts.add_fact(s, "x", status="sure"), "no status"),
        (lambda s: facts.add_fact(s, "x", material="maybe"), "no material"),
        (lambda s: facts.add_fact(s, "x", when=When("on", "May")), "is no date"),
        (lambda s: facts.add_fact(s, "x", elements=[99]), "no element 99"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite(99)]), "no item 99"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite()]), "an item or a finding"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite(1, finding_id=1)]), "an item or a finding"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite(finding_id=9)]), "no finding 9"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite(finding_id=1, page=1)]), "as a whole"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite(2, "body", 0, 99)]), "not in it"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite(2, "body", 3, 3)]), "not in it"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite(2, "body", -5, 3)]), "not in it"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite(2, "tail", 0, 3)]), "no part"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite(2, start=0, stop=3)]), "which part"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite(3, page=3)]), "2 pages"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite(3, stance="shows")]), "no stance"),
        (lambda s: facts.add_fact(s, "x", cites=[NewCite(1)] * 501), "at most 500"),
        (lambda s: facts.change_facts(s, [7], text="x"), "no fact 7"),
        (lambda s: facts.link(s, [1], [1], "near"), "no fact 1|no stance"),
        (lambda s: facts.uncite(s, 7), "no citation 7"),
        (lambda s: facts.delete_facts(s, [7]), "no fact 7"),
    ]  # fmt: skip


def test_what_cannot_be_a_fact_is_refused_and_nothing_is_kept(filed: Case) -> None:
    for op, why in REFUSED:
        with pytest.raises(CaseKitError, match=why), filed.write() as s:
            op(s)
    with filed.read() as s:
        assert listed(s) == []


def test_a_fact_goes_away_with_what_is_sequestered_and_comes_back(filed: Case) -> None:
    with filed.write() as s:
        facts.fact_from(s, 2, "body", 0, 12)
        facts.add_fact(s, "Open", people=["Ann"], cites=[NewCite(3)])
        clawback.receive_notice(s, Notice("Them", ["item 2"], reference="letter"))
    with filed.read() as s:
        assert [row.id for row in listed(s)] == [2]
    for op in (
        lambda s: facts.fact_from(s, 2, "body", 0, 3),
        lambda s: facts.cite(s, 2, [NewCite(2)]),
        lambda s: facts.change_facts(s, [1], text="x"),
        lambda s: facts.uncite(s, 1),
    ):
        with pytest.raises(CaseKitError, match="Item 2 is sequestered"), filed.write() as s:
            op(s)
    with filed.write() as s:
        clawback.release(s, [2], "R. Judge", "Order")
    assert fact(filed, 1).cites[0].quote == "All fourteen"
