from __future__ import annotations

from casekit.ops.clawback import Notice, receive_notice
from casekit.queries.parties import parties
from casekit.store.case import Case
from tests.search.builders import add

BOB, EVE = ("Bob Lee", "bob@x.example"), ("Eve Bobson", "eve@x.example")


def test_people_are_counted_by_item_and_what_is_sequestered_names_nobody(case: Case) -> None:
    with case.write() as s:
        add(s, parties=(("from", *BOB), ("to", *EVE), ("cc", *BOB)))
        add(s, parties=(("from", *BOB), ("to", "Percent", "a%b@x.example")))
        held = add(s, parties=(("from", *EVE), ("to", "Zoe", "zoe@x.example")))
    with case.read() as s:
        assert parties(s, (), "BOB") == [("bob@x.example", 2), ("eve@x.example", 2)]
        assert parties(s, ("from",), "") == [("bob@x.example", 2), ("eve@x.example", 1)]
        assert parties(s, (), "%") == [("a%b@x.example", 1)]
        assert parties(s, (), "x.ex", 1) == [("bob@x.example", 2)]
    with case.write() as s:
        receive_notice(s, Notice("Them", [str(held)], reference="letter"))
    with case.read() as s:
        assert parties(s, (), "zoe") == []
        assert parties(s, ("from",), "") == [("bob@x.example", 2)]
