from __future__ import annotations

from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import people as ops
from casekit.queries import people
from casekit.store import arrays
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_mail, make_message

SENT = 1_768_381_964_000_000


@pytest.fixture
def peopled(case: Case, tmp_path: Path) -> Case:
    """Mails of ann (two spellings) to bob, a chat of Ann Lee, exchanges of an account named like her."""
    mails = [
        make_mail("One", "Ann.Lee@X.example", "bob@y.example", SENT),
        make_mail("Two", "ann.lee@x.example", "bob@y.example", SENT + 1_000_000),
    ]
    for mail in mails:
        mail.columns["sent_zone"] = "explicit"
    mails[0].parties[0] = ("from", "Ann Lee", "Ann.Lee@X.example")
    chat = make_message("Hello", "Lee, Ann")
    asked = [
        make_exchange(f"P{n}", "A", "m", account="ann.lee@x.example", ip="10.0.0.1")
        for n in range(3)
    ]
    file_items(case, [*mails, chat, *asked], tmp_path)
    return case


def who(case: Case, **wanted: str) -> people.Who:
    columns = arrays.read(case)
    with case.read() as s:
        return people.who(s, columns, **wanted)


def test_everything_that_appears_is_counted_under_one_spelling(peopled: Case) -> None:
    found = {(row.kind, row.value): row for row in who(peopled).appearances}
    ann = found["address", "ann.lee@x.example"]
    assert (ann.items, ann.names, ann.roles) == (2, ("Ann Lee",), ("from",))
    assert (ann.first_us, ann.last_us) == (SENT, SENT + 1_000_000)
    assert found["account", "ann.lee@x.example"].items == 3
    assert found["ip", "10.0.0.1"].items == 3
    assert ("name", "Lee, Ann") in found
    only = who(peopled, kind="address", text="BOB").appearances
    assert [row.value for row in only] == ["bob@y.example"]


def test_what_is_left_out_is_counted(peopled: Case) -> None:
    columns = arrays.read(peopled)
    with peopled.read() as s:
        found = people.who(s, columns, kind="address", most=1)
    assert (len(found.appearances), found.left_out) == (1, {"address": 1})


def test_only_what_nobody_decided_is_suggested_with_its_reason(peopled: Case) -> None:
    told = {(each.reason, each.values) for each in people.suggestions(who(peopled))}
    mail, chat = ("address", "ann.lee@x.example"), ("name", "Lee, Ann")
    assert ("same-name", (mail, chat)) in told
    assert ("account-is-address", (mail, ("account", "ann.lee@x.example"))) in told
    with peopled.write() as s:
        ops.unite(s, [mail, chat], "Ann Lee")
    again = {(each.reason, each.values) for each in people.suggestions(who(peopled))}
    assert ("same-name", (mail, chat)) not in again
    assert ("account-is-address", (mail, ("account", "ann.lee@x.example"))) in again


def test_items_of_a_person_are_those_of_what_only_people_are_known_by(peopled: Case) -> None:
    with peopled.write() as s:
        ops.unite(s, [("address", "ann.lee@x.example"), ("ip", "10.0.0.1")], "Ann")
    columns = arrays.read(peopled)
    with peopled.read() as s:
        row = people.one(s, 1)
        assert people.items_of_person(columns, row).tolist() == [1, 2]
        assert people.items_of(columns, [("ip", "10.0.0.1")]).tolist() == [4, 5, 6]
        assert people.items_of(columns, []).tolist() == []
        with pytest.raises(CaseKitError, match="no person 9"):
            people.one(s, 9)
