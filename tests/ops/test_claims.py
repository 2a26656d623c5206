from __future__ import annotations

from typing import Any

import pytest

from casekit.errors import CaseKitError
from casekit.jobs.verify import verify
from casekit.ops import claims, facts, journal
from casekit.queries import claims as queries
from casekit.store.case import Case


def held(case: Case) -> list[queries.ClaimRow]:
    with case.read() as s:
        return queries.claims(s)


def test_a_template_is_copied_and_then_counsels_own(case: Case) -> None:
    with case.write() as s:
        number, done = claims.add_claim(s, kind="copyright", law="us-federal")
        claims.add_claim(s, "Unjust enrichment", note="In the alternative")
    first, own = held(case)
    assert (first.id, first.name, first.law) == (number, "Copyright infringement", "us-federal")
    assert first.note.endswith("To be checked by counsel.")
    assert len(first.elements) == 5
    assert (own.name, own.kind, own.law, own.note, own.elements) == (
        "Unjust enrichment", "", "", "In the alternative", (),
    )  # fmt: skip
    with case.write() as s:
        journal.undo(s, done.act)
    assert held(case) == [own]


def test_elements_are_added_moved_changed_and_taken_away(case: Case) -> None:
    with case.write() as s:
        claims.add_claim(s, "Own")
        for name in ("one", "two", "three"):
            claims.add_element(s, 1, name)
        claims.change_element(s, 3, position=1, note="first now")
        claims.change_element(s, 1, name="uno", position=99)
        claims.change_claim(s, 1, name="Mine", note="x")
        facts.add_fact(s, "A fact", elements=[2, 3])
        claims.delete_element(s, 2)
    (row,) = held(case)
    assert (row.name, row.note) == ("Mine", "x")
    assert [(e.name, e.note) for e in row.elements] == [("three", "first now"), ("uno", "")]
    before = held(case)
    with case.write() as s:
        gone = claims.delete_claim(s, 1)
    assert held(case) == []
    with case.write() as s:
        journal.undo(s, gone.act)
    assert held(case) == before
    with case.read() as s:
        assert [m.state for m in queries.matrix(s)[0][1]] == ["no-citation", "no-fact"]
    assert verify(case).ok


@pytest.mark.parametrize(
    ("op", "why"),
    [
        (lambda s: claims.add_claim(s, kind="torts"), "no template"),
        (lambda s: claims.add_claim(s, kind="terms", law="mars"), "no template"),
        (lambda s: claims.add_claim(s, "  "), "needs a name"),
        (lambda s: claims.add_claim(s, "x" * 401), "at most 400"),
        (lambda s: claims.add_element(s, 1, "x"), "no claim 1"),
        (lambda s: claims.change_element(s, 1, name="x"), "no element 1"),
        (lambda s: claims.delete_claim(s, 1), "no claim 1"),
        (lambda s: claims.delete_element(s, 1), "no element 1"),
    ],
)
def test_what_cannot_be_is_refused(case: Case, op: Any, why: str) -> None:
    with pytest.raises(CaseKitError, match=why), case.write() as s:
        op(s)
    assert held(case) == []
