from __future__ import annotations

from casekit.ops.clawback import Notice, receive_notice
from casekit.queries.parties import PartyRow, named_parties
from casekit.store.case import Case
from tests.search.builders import add

BOB, EVE = ("Bob Lee", "bob@x.example"), ("Eve Bobson", "eve@x.example")


def test_people_are_counted_by_item_and_what_is_sequestered_names_nobody(case: Case) -> None:
    with case.write() as s:
        add(s, parties=(("from", *BOB), ("to", *EVE), ("cc", *BOB)))
        add(s, parties=(("from", *BOB), ("to", "Percent", "a%b@x.example")))
        held = add(s, parties=(("from", *EVE), ("to", "Zoe", "zoe@x.example")))
    with case.read() as s:
        assert named_parties(s, (), 9) == [
            PartyRow("bob@x.example", "Bob Lee", 2), PartyRow("eve@x.example", "Eve Bobson", 2),
            PartyRow("a%b@x.example", "Percent", 1), PartyRow("zoe@x.example", "Zoe", 1),
        ]  # fmt: skip
        assert [r.count for r in named_parties(s, ("from",), 9)] == [2, 1]
        assert len(named_parties(s, (), 1)) == 1
    with case.write() as s:
        receive_notice(s, Notice("Them", [str(held)], reference="letter"))
    with case.read() as s:
        assert [r.who for r in named_parties(s, (), 9)] == [
            "bob@x.example", "a%b@x.example", "eve@x.example",
        ]  # fmt: skip
        assert [(r.who, r.count) for r in named_parties(s, ("from",), 9)] == [("bob@x.example", 2)]
