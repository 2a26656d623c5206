from pathlib import Path

import pytest

from casekit.ingest import ingest
from casekit.ops import clawback, tiers
from casekit.ops.clawback import Notice
from casekit.queries.tier_copies import copies, refuse
from casekit.queries.tiers import Barred, TierConflict, order
from casekit.store.case import Case

SECRET = "The reserve stands at nine million and the audit of the harbour fund begins on the second of May."
MAIL = "From: a@x.example\nTo: b@x.example\nSubject: %s\nMessage-ID: <%d@x>\n\n%s\n"
CARRIES = (
    "From: a@x.example\nTo: b@x.example\nSubject: With it\nMessage-ID: <5@x>\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the file.\n"
    "--b\nContent-Type: text/plain; name=f.txt\nContent-Disposition: attachment; filename=f.txt\n\n"
    "Figures of the third quarter, for counsel.\n--b--\n"
)
PARTY, COUNSEL = "Meridian Ltd, opposing-party", "Jane Roe, opposing-counsel"
EYES = "Attorneys’ Eyes Only"


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """Mail 1 for counsel alone; 2 nearly the same; 3 quotes it; 4 of lunch; 5 carries 6, for counsel too."""
    texts = (
        ("One", SECRET), ("Two", f"Dear all,\n\n{SECRET}"), ("Re: One", f"Yes.\n\n> {SECRET}"),
        ("Lunch", "At noon, by the lake, as on every Friday of this month."),
    )  # fmt: skip
    for no, (subject, body) in enumerate(texts, 1):
        (tmp_path / f"{no}.eml").write_text(MAIL % (subject, no, body))
    (tmp_path / "5.eml").write_text(CARRIES)
    ingest(case, [tmp_path / f"{no}.eml" for no in range(1, 6)])
    with case.write() as s:
        tiers.choose_order(s, "us-protective-order")
        tiers.give_tier(s, [1], EYES)
        tiers.give_tier(s, [6], EYES, family=False)
        tiers.give_tier(s, [2], "Confidential")
    return case


def told(case: Case, recipients: list[str], ids: list[int]) -> tuple[Barred, ...]:
    with case.read() as s:
        try:
            refuse(s, order(s), recipients, ids)
        except TierConflict as error:
            return error.barred
    return ()


def test_what_tells_of_a_stricter_item_goes_to_nobody_who_may_not_see_it(filed: Case) -> None:
    assert told(filed, [PARTY], [2, 3, 4, 5]) == (
        Barred(PARTY, 2, EYES, "near", 1),
        Barred(PARTY, 3, EYES, "quote", 1),
        Barred(PARTY, 5, EYES, "carries", 6),
    )
    assert told(filed, [COUNSEL], [2, 3, 4, 5]) == ()
    assert told(filed, [PARTY], [4]) == ()
    assert {each.recipient for each in told(filed, [COUNSEL, PARTY], [3])} == {PARTY}
    assert told(filed, [PARTY], [1, 3]) == (Barred(PARTY, 1, EYES),)
    with filed.read() as s, pytest.raises(TierConflict, match="item 3 quotes item 1 "):
        refuse(s, order(s), [PARTY], [3])


def test_what_is_let_pass_asks_again_when_something_else_gets_the_tier(filed: Case) -> None:
    with filed.read() as s:
        assert [(k.item_id, k.withheld_id, own, other) for k, own, other in copies(s)] == [
            (2, 1, "Confidential", EYES), (3, 1, "", EYES), (3, 2, "", "Confidential"), (5, 6, "", EYES),
        ]  # fmt: skip
    with filed.write() as s:
        tiers.pass_tiers(s, [3, 5], "Published since")
    assert [each.item_id for each in told(filed, [PARTY], [2, 3, 4, 5])] == [2]
    with filed.read() as s:
        assert [k.item_id for k, _, _ in copies(s)] == [2]
        assert [k.item_id for k, _, _ in copies(s, decided=True)] == [2, 3, 3, 5]
    with filed.write() as s:  # it was decided against the tier that it had
        tiers.give_tier(s, [1], "Source Code")
    assert [(each.item_id, each.of) for each in told(filed, [PARTY], [3, 5])] == [(3, 1)]
    with filed.write() as s:
        tiers.pass_tiers(s, [3], "Published with it")
    assert told(filed, [PARTY], [3, 5]) == ()
    with filed.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 3"], reference="letter"))
    with filed.read() as s:
        assert 3 not in {k.item_id for k, _, _ in copies(s, decided=True)}


def test_tiers_for_others_are_compared_by_who_may_see_them(filed: Case) -> None:
    """The strictest tier of an order is not seen by fewer in every respect: its expert may not see the rest."""
    with filed.write() as s:
        tiers.set_order(
            s,
            [
                ("Confidential", "", ["court"]),
                (EYES, "", ["court", "own-counsel"]),
                ("Expert", "", ["court", "expert"]),
                ("Same", "", ["court", "own-counsel"]),
            ],
        )
        tiers.give_tier(s, [2], "Expert")
        tiers.give_tier(s, [3], "Same")
    assert [(one.item_id, one.of) for one in told(filed, ["Dr. A, expert"], [2])] == [
        (2, 1),
        (2, 3),
    ]
    with filed.read() as s:
        found = [(k.item_id, k.withheld_id) for k, _, _ in copies(s, [2, 3])]
    assert (2, 1) in found
    assert (3, 1) not in found
    with filed.write() as s:
        tiers.pass_tiers(s, [2], "Made public")
    assert told(filed, ["Dr. A, expert"], [2]) == ()
