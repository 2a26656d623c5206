import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from casekit.errors import CaseKitError
from casekit.ops import checks, clawback, journal, privilege, productions, redactions
from casekit.ops.clawback import Notice
from casekit.queries import custody
from casekit.store.case import Case, create_case
from casekit.store.tables import bates, production
from tests.builders import decide_all, file_items, make_item


@dataclass(frozen=True)
class Number:
    item_id: int
    prefix: str
    first: int
    last: int
    new: bool = True


@dataclass(frozen=True)
class Plan:
    produced: tuple[Number, ...]
    draft: bool = False
    title: str = "Dossier"
    recipients: tuple[str, ...] = ()
    custody_seq: int = 5  # once everything was filed and decided

    def encoded(self) -> bytes:
        return repr(self).encode()

    def digest(self) -> bytes:
        return hashlib.sha256(self.encoded()).digest()


@dataclass(frozen=True)
class Rendered:
    sha256: str = "ab" * 32
    pages: int = 9
    more: list[int] = field(default_factory=list)


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    file_items(case, [make_item(f"item {n}") for n in range(6)], tmp_path)
    decide_all(case)
    return case


def numbers(case: Case) -> dict[int, tuple[str, int, int, int]]:
    with case.read() as s:
        return {
            r.item_id: (r.prefix, r.first, r.last, r.production_id)
            for r in s.execute(select(bates))
        }


def issue(case: Case, *produced: Number, draft: bool = False) -> journal.Changes:
    with case.write() as s:
        return productions.issue(s, Plan(produced, draft), Rendered())


def test_an_issued_plan_is_frozen_with_its_numbers(filed: Case) -> None:
    done = issue(filed, Number(1, "AUR", 1, 3), Number(2, "AUR", 4, 4))
    assert numbers(filed) == {1: ("AUR", 1, 3, 1), 2: ("AUR", 4, 4, 1)}
    with filed.read() as s:
        row = s.execute(select(production)).one()
        last = custody.entries(s, act_class="custody")[-1]
        assert productions.next_number(s, "AUR") == 5
        assert productions.next_number(s, "MER") == 1
    assert (row.title, row.pages, row.pdf_sha256.hex()) == ("Dossier", 9, "ab" * 32)
    assert (last.op, last.label) == ("production.issue", "Dossier “Dossier” issued")
    assert done.undo is None
    with filed.write() as s, pytest.raises(CaseKitError, match="cannot be undone"):
        journal.undo(s, done.act)


def test_a_second_production_cites_the_same_numbers(filed: Case) -> None:
    issue(filed, Number(1, "AUR", 1, 3))
    issue(filed, Number(1, "AUR", 1, 3, new=False), Number(2, "AUR", 4, 4))
    assert numbers(filed) == {1: ("AUR", 1, 3, 1), 2: ("AUR", 4, 4, 2)}


@pytest.mark.parametrize(
    "produced",
    [
        (Number(2, "AUR", 3, 3),),  # taken by item 1
        (Number(1, "AUR", 9, 9),),  # item 1 has another
        (Number(2, "AUR", 9, 8),),  # backwards
        (Number(2, "AUR", 9, 9, new=False),),  # said to be known, but is not
        (Number(2, "AUR", 9, 9), Number(3, "AUR", 9, 9)),  # twice
    ],
)
def test_a_number_that_is_not_free_issues_nothing(
    filed: Case, produced: tuple[Number, ...]
) -> None:
    issue(filed, Number(1, "AUR", 1, 3))
    before = filed.head()
    with pytest.raises(CaseKitError, match="plan"):
        issue(filed, *produced)
    assert numbers(filed) == {1: ("AUR", 1, 3, 1)}
    assert filed.head() == before


def test_a_draft_is_not_issued(filed: Case) -> None:
    with pytest.raises(CaseKitError, match="draft"):
        issue(filed, Number(1, "AUR", 1, 1), draft=True)


def test_what_has_been_withheld_meanwhile_is_not_issued(filed: Case) -> None:
    with filed.write() as s:
        privilege.assert_privilege(s, [2], "attorney-client")
    with pytest.raises(CaseKitError, match="Item 2 has been withheld"):
        issue(filed, Number(1, "AUR", 1, 1), Number(2, "AUR", 2, 2))
    assert numbers(filed) == {}


def test_what_has_been_redacted_meanwhile_is_not_issued(filed: Case) -> None:
    planned = filed.head()
    with filed.write() as s:
        redactions.redact(s, [(3, "body", 0, 4)], "privacy")
    one = (Number(1, "AUR", 1, 1),)
    with pytest.raises(CaseKitError, match="redacted or shown again"), filed.write() as s:
        productions.issue(s, Plan(one, custody_seq=planned), Rendered())
    assert numbers(filed) == {}
    planned = filed.head()
    with filed.write() as s:
        productions.issue(s, Plan(one, custody_seq=planned), Rendered())
    assert numbers(filed) == {1: ("AUR", 1, 1, 1)}


def test_what_was_decided_of_privilege_meanwhile_is_not_issued(filed: Case) -> None:
    planned = filed.head()
    with filed.write() as s:
        privilege.assert_privilege(s, [3], "attorney-client")
    one = (Number(1, "AUR", 1, 1),)
    with pytest.raises(CaseKitError, match="Privilege has been decided"), filed.write() as s:
        productions.issue(s, Plan(one, custody_seq=planned), Rendered())
    assert numbers(filed) == {}


def test_what_was_sequestered_meanwhile_is_not_issued(filed: Case) -> None:
    planned = filed.head()
    with filed.write() as s:
        clawback.receive_notice(s, Notice("Meridian", ["3"], reference="letter"))
    for item_id, why in ((3, "Item 3 is sequestered"), (1, "sequestered or released since")):
        one = (Number(item_id, "AUR", 1, 1),)
        with pytest.raises(CaseKitError, match=why), filed.write() as s:
            productions.issue(s, Plan(one, custody_seq=planned), Rendered())
    assert numbers(filed) == {}


def test_an_approval_taken_back_meanwhile_stops_the_issue_and_one_given_does_not(
    filed: Case,
) -> None:
    one = (Number(1, "AUR", 1, 1),)
    with filed.write() as s:
        redactions.redact(s, [(3, "body", 0, 4)], "privacy")
    planned = filed.head()
    with filed.write() as s:
        s.info["actor"] = "Second"
        approved = checks.approve(s, ["1"])
    before_undo = filed.head()
    with filed.write() as s:
        journal.undo(s, approved.act)
    for at in (planned, before_undo):
        with pytest.raises(CaseKitError, match="approval taken back"), filed.write() as s:
            productions.issue(s, Plan(one, custody_seq=at), Rendered())
    planned = filed.head()
    with filed.write() as s:
        s.info["actor"] = "Second"
        checks.reject(s, ["1"], "Too little")
    with pytest.raises(CaseKitError, match="has been rejected"), filed.write() as s:
        productions.issue(s, Plan(one, custody_seq=planned), Rendered())
    planned = filed.head()
    with filed.write() as s:
        s.info["actor"] = "Second"
        checks.approve(s, ["1"])
    with filed.write() as s:
        productions.issue(s, Plan(one, custody_seq=planned), Rendered())
    assert numbers(filed) == {1: ("AUR", 1, 1, 1)}


def test_what_was_let_pass_meanwhile_is_not_issued(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("same"), make_item("same"), make_item("other")], tmp_path)
    with case.write() as s:
        privilege.assert_privilege(s, [1], "attorney-client")
    planned = case.head()
    with case.write() as s:
        privilege.pass_items(s, [2], "public")
    with pytest.raises(CaseKitError, match="Privilege has been decided"), case.write() as s:
        productions.issue(s, Plan((Number(3, "AUR", 1, 1),), custody_seq=planned), Rendered())


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 4)), max_size=4), max_size=4))
def test_no_number_is_ever_given_twice(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[int, int]]]
) -> None:
    folder = tmp_path_factory.mktemp("numbers")
    with create_case(folder / "N", "M") as case:
        file_items(case, [make_item(f"item {n}") for n in range(6)], folder)
        decide_all(case)
        given_before: dict[int, tuple[str, int, int, int]] = {}
        for wanted in rounds:
            with case.read() as s:
                number = productions.next_number(s, "AUR")
            known = numbers(case)
            produced = []
            for item_id, pages in dict(wanted).items():
                if item_id in known:
                    prefix, first, last, _ = known[item_id]
                    produced.append(Number(item_id, prefix, first, last, new=False))
                else:
                    produced.append(Number(item_id, "AUR", number, number + pages - 1))
                    number += pages
            issue(case, *produced)
            now = numbers(case)
            assert given_before.items() <= now.items()
            given_before = now
        spread = [n for _, first, last, _ in given_before.values() for n in range(first, last + 1)]
        assert sorted(spread) == list(range(1, len(spread) + 1))
