from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs.verify import verify
from casekit.ops import checks, journal, pseudonyms, redactions
from casekit.queries.checks import checks as rows
from casekit.store.case import Case
from tests.builders import file_items, make_item


@pytest.fixture
def acts(case: Case, tmp_path: Path) -> Callable[..., object]:
    """Does an op in somebody's name, on a case with a redaction (1) and a pseudonym (1) made by Ann."""
    file_items(case, [make_item("a")], tmp_path)

    def act(who: str, op: Callable[..., object], *args: object, **named: object) -> object:
        with case.write() as s:
            s.info["actor"] = who
            return op(s, *args, **named)

    act("Ann", redactions.redact, [(1, "body", 0, 4)], "privacy")
    act("Ann", pseudonyms.give, "account", ["org_1"])
    return act


def states(case: Case) -> dict[str, tuple[str, str]]:
    with case.read() as s:
        return {row.ref: (row.state, row.by) for row in rows(s)}


def test_another_person_approves_or_rejects_and_it_can_be_taken_back(
    case: Case, acts: Callable[..., object]
) -> None:
    waiting = ("waiting", "")
    assert states(case) == {"1": waiting, "pseudonym:1": waiting}
    done = acts("Bob", checks.approve, ["1", "pseudonym:1"])
    assert states(case) == {"1": ("approved", "Bob"), "pseudonym:1": ("approved", "Bob")}
    acts("Cy", checks.reject, ["1"], " too little ")
    assert states(case)["1"] == ("rejected", "Cy")
    with case.read() as s:
        assert [row.reason for row in rows(s)] == ["too little", ""]
    acts("Bob", checks.approve, ["1"])
    assert states(case)["1"] == ("approved", "Bob")
    acts("Bob", journal.undo, done.act)  # type: ignore[attr-defined]
    assert states(case) == {"1": ("approved", "Bob"), "pseudonym:1": waiting}
    assert verify(case).damaged == []


@pytest.mark.parametrize("who", ["Ann", " ann", "ANN"])
def test_nobody_checks_their_own(case: Case, acts: Callable[..., object], who: str) -> None:
    for ref in ("1", "pseudonym:1"):
        with pytest.raises(CaseKitError, match="cannot check it"):
            acts(who, checks.approve, [ref])
    with pytest.raises(CaseKitError, match="no redaction “box:1”"):
        acts("Bob", checks.approve, ["1", "box:1"])
    with pytest.raises(CaseKitError, match="Say why"):
        acts("Bob", checks.reject, ["1"], " ")
    assert {state for state, _ in states(case).values()} == {"waiting"}


def test_what_was_changed_must_be_checked_again(case: Case, acts: Callable[..., object]) -> None:
    acts("Bob", checks.approve, ["1", "pseudonym:1"])
    acts("Ann", redactions.lift, [1])
    acts(
        "Ann", redactions.redact, [(1, "body", 0, 2)], "privacy"
    )  # it gets the number of the first
    acts("Bob", pseudonyms.give, "account", ["org_2"], same_as=1)
    assert states(case) == {"1": ("waiting", ""), "pseudonym:1": ("waiting", "")}
    with pytest.raises(CaseKitError, match="cannot check it"):
        acts("Bob", checks.approve, ["pseudonym:1"])  # a spelling of it is Bob's
    acts("Cy", checks.approve, ["1", "pseudonym:1"])
    assert {state for state, _ in states(case).values()} == {"approved"}
