from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import exhibits, journal, tiers
from casekit.queries.tiers import ROLES, Order, order
from casekit.store.case import Case
from tests.builders import file_items, make_item, make_mail


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """A mail (1) with an attachment (2), and a document (3)."""
    mail = make_mail("m", "a@x.example", "b@x.example")
    mail.children = [make_item("attached")]
    file_items(case, [mail, make_item("apart")], tmp_path)
    return case


def held(case: Case) -> Order:
    with case.read() as s:
        return order(s)


def test_every_preset_is_an_order_with_roles_that_are_known(case: Case) -> None:
    for preset in tiers.presets():
        with case.write() as s:
            tiers.choose_order(s, preset.key)
        made = held(case)
        assert [(t.name, t.stamp, t.sees) for t in made.tiers] == [
            (name, stamp, frozenset(sees)) for name, stamp, sees in preset.tiers
        ]
        assert all(t.sees <= set(ROLES) and t.sees and "public" not in t.sees for t in made.tiers)
        assert all(a.sees >= b.sees for a, b in zip(made.tiers, made.tiers[1:], strict=False))
        assert preset.source
        assert preset.read.year >= 2026
    with case.write() as s:
        done = tiers.choose_order(s, "none")
    assert not held(case)
    with case.write() as s:
        journal.undo(s, done.undo or 0)
    assert [t.name for t in held(case).tiers] == ["Outer Ring", "Inner Ring"]


def test_a_tier_goes_to_the_family_unless_said_otherwise_and_is_undone(filed: Case) -> None:
    with filed.write() as s:
        tiers.choose_order(s, "us-protective-order")
        done = tiers.give_tier(s, [1], "source code")
    assert held(filed).items == {1: "Source Code", 2: "Source Code"}
    assert (done.label, done.ids) == ("Tier “Source Code” given to 2 items", (1, 2))
    with filed.write() as s:
        tiers.give_tier(s, [1, 3], "Confidential", family=False)
    assert held(filed).items == {1: "Confidential", 2: "Source Code", 3: "Confidential"}
    with filed.write() as s:
        off = tiers.give_tier(s, [1], "")
    assert held(filed).items == {3: "Confidential"}
    with filed.write() as s:
        journal.undo(s, off.undo or 0)
    assert held(filed).items == {1: "Confidential", 2: "Source Code", 3: "Confidential"}
    with filed.write() as s, pytest.raises(CaseKitError, match="no tier “Secret”: it has Conf"):
        tiers.give_tier(s, [1], "Secret")


def test_an_order_keeps_the_tiers_that_items_have(filed: Case) -> None:
    with filed.write() as s:
        tiers.choose_order(s, "us-protective-order")
        tiers.give_tier(s, [3], "Source Code")
    for act in (
        lambda s: tiers.choose_order(s, "uk-ring"),
        lambda s: tiers.choose_order(s, "none"),
        lambda s: tiers.remove_tier(s, "Source Code"),
    ):
        with filed.write() as s, pytest.raises(CaseKitError, match="Items have the tier"):
            act(s)
    with filed.write() as s:
        tiers.remove_tier(s, "confidential")
    assert [t.name for t in held(filed).tiers] == ["Attorneys’ Eyes Only", "Source Code"]


def test_undoing_the_order_leaves_what_was_marked_barred_from_all(filed: Case) -> None:
    with filed.write() as s:
        done = tiers.choose_order(s, "uk-ring")
        tiers.give_tier(s, [3], "Inner Ring")
    with filed.write() as s:
        journal.undo(s, done.undo or 0)
    left = held(filed)
    found = left.of(3)
    assert (left.tiers, found and found.sees) == ((), frozenset())


def test_a_tier_is_added_changed_and_moved(case: Case) -> None:
    with case.write() as s:
        tiers.choose_order(s, "us-protective-order")
        tiers.set_tier(s, "Outside Experts", sees=["court", "expert"], position=2)
        tiers.set_tier(s, "confidential", stamp="CONFIDENTIAL – PO ¶ 3")
        tiers.set_tier(s, "Source Code", position=3)
    assert [(t.name, t.stamp) for t in held(case).tiers] == [
        ("Confidential", "CONFIDENTIAL – PO ¶ 3"),
        ("Outside Experts", "OUTSIDE EXPERTS"),
        ("Source Code", "HIGHLY CONFIDENTIAL – SOURCE CODE"),
        ("Attorneys’ Eyes Only", "HIGHLY CONFIDENTIAL – ATTORNEYS’ EYES ONLY"),
    ]
    assert held(case).tiers[1].sees == {"court", "expert"}
    for wrong in (
        {"name": " ", "sees": ["court"]}, {"name": "New"}, {"name": "New", "sees": ["anybody"]},
        {"name": "New", "sees": ["court"], "stamp": "outside experts"},
        {"name": "New", "sees": ["court"], "position": 9}, {"name": "Source Code", "sees": []},
    ):  # fmt: skip
        with case.write() as s, pytest.raises(CaseKitError):
            tiers.set_tier(s, **wrong)  # type: ignore[arg-type]


def test_the_stricter_of_an_exhibits_designation_and_the_items_tier_counts(filed: Case) -> None:
    with filed.write() as s:
        tiers.choose_order(s, "us-protective-order")
        tiers.give_tier(s, [1], "Confidential", family=False)
        tiers.give_tier(s, [3], "Source Code")
        exhibits.mark_exhibit(s, 1, "A-1", designation="Attorneys' Eyes Only")
        exhibits.mark_exhibit(s, 2, "A-2", designation="Only words")
        exhibits.mark_exhibit(s, 3, "A-3", designation="CONFIDENTIAL")
    assert held(filed).items == {1: "Attorneys’ Eyes Only", 3: "Source Code"}


def test_the_whole_order_is_set_in_one_act_and_undone(filed: Case) -> None:
    wanted = [("Confidential", "", ["court", "expert"]), ("Inner  Ring", "INNER", ["court"])]
    with filed.write() as s:
        done = tiers.set_order(s, wanted)
    assert [(t.name, t.stamp, t.sees, t.rank) for t in held(filed).tiers] == [
        ("Confidential", "CONFIDENTIAL", frozenset({"court", "expert"}), 1),
        ("Inner Ring", "INNER", frozenset({"court"}), 2),
    ]
    with filed.write() as s:
        assert tiers.set_order(s, wanted).undo is None  # nothing is different
        tiers.give_tier(s, [3], "Inner Ring")
    for wrong, says in (
        ([*wanted, (" ", "", ["court"])], "needs a name"),
        ([*wanted, ("Third", "", [])], "who may see “Third”"),
        ([*wanted, ("Third", "", ["anybody"])], "who may see “Third”"),
        ([*wanted, ("Third", "inner", ["court"])], "“Third” and “Inner Ring”"),
        ([*wanted, ("CONFIDENTIAL", "x", ["court"])], "“CONFIDENTIAL” and “Confidential”"),
        (wanted[:1], "Items have the tier “Inner Ring”"),
    ):
        with filed.write() as s, pytest.raises(CaseKitError, match=says):
            tiers.set_order(s, wrong)
    with filed.write() as s:
        tiers.give_tier(s, [3], "")
        journal.undo(s, done.undo or 0)
    assert not held(filed)


def test_only_what_tells_of_a_stricter_tier_is_let_pass_and_with_a_reason(filed: Case) -> None:
    with filed.write() as s:
        tiers.choose_order(s, "us-protective-order")
    with filed.write() as s, pytest.raises(CaseKitError, match="Say why"):
        tiers.pass_tiers(s, [3], " ")
    with filed.write() as s, pytest.raises(CaseKitError, match="Item 3 tells of nothing"):
        tiers.pass_tiers(s, [3], "public")
