import pytest

from casekit.errors import CaseKitError
from casekit.queries.tiers import ROLES, Order, Tier, TierConflict, parsed

MILD = Tier("Confidential", "CONFIDENTIAL", frozenset(ROLES) - {"public"}, 1)
EYES = Tier("Attorneys’ Eyes Only", "AEO", frozenset({"court", "opposing-counsel"}), 2)
HELD = Order((MILD, EYES), {1: "Confidential", 2: "attorneys' eyes only", 3: "Secret"})


@pytest.mark.parametrize(
    ("default", "ids", "own", "stamp"),
    [
        ("", [4], "", ""),
        ("", [4, 1], "", "CONFIDENTIAL"),
        ("", [1, 2], "", "AEO"),
        ("confidential", [4], "", "CONFIDENTIAL"),
        ("AEO", [1], "Confidential", "AEO"),
        ("", [1], "aeo", "AEO"),
        ("", [2], "Confidential", "AEO"),
        ("UNDER SEAL", [4], "", "UNDER SEAL"),
        ("", [1], "UNDER SEAL", "CONFIDENTIAL – UNDER SEAL"),
        ("UNDER SEAL", [2], "Confidential", "AEO"),
        ("Some words", [1], "", "CONFIDENTIAL – Some words"),
        ("", [2, 3], "", "SECRET"),
    ],
)
def test_the_strictest_of_all_that_is_said_is_stamped(
    default: str, ids: list[int], own: str, stamp: str
) -> None:
    assert HELD.stamp(default, ids, own) == stamp


def test_an_order_without_tiers_changes_no_stamp_and_bars_nobody() -> None:
    none = Order()
    assert not none
    assert none.stamp("CONFIDENTIAL", [1, 2]) == "CONFIDENTIAL"
    assert none.stamp("CONFIDENTIAL", [1], "OWN") == "OWN"
    none.refuse(["Anybody, public"], [1, 2], "CONFIDENTIAL")
    none.refuse_unnamed([])


def test_who_may_not_see_a_tier_is_refused_with_the_items() -> None:
    HELD.refuse(["Jane Roe, opposing-counsel"], [1, 2, 4])
    HELD.refuse(["The press, public"], [4])
    with pytest.raises(TierConflict) as refused:
        HELD.refuse(["Jane Roe, opposing-counsel", "Meridian Ltd, opposing-party"], [4, 2, 1])
    assert "Meridian Ltd (opposing-party) – Attorneys’ Eyes Only: item 2." in str(refused.value)
    assert "Jane Roe" not in str(refused.value)
    with pytest.raises(TierConflict, match="Attorneys’ Eyes Only: item 2, Confidential: item 1"):
        HELD.refuse(["The press, public"], [1, 2])
    with pytest.raises(TierConflict, match="Confidential: the whole, by its designation"):
        HELD.refuse(["The press, public"], [4], "CONFIDENTIAL")


def test_who_may_see_the_stricter_tier_alone_is_not_let_see_the_milder_one() -> None:
    """An order may name other people for each tier: the designation of the whole answers for no item."""
    source = Tier("Source Code", "SOURCE CODE", frozenset({"expert"}), 3)
    order = Order((MILD, EYES, source), {2: "Attorneys' Eyes Only", 5: "Source Code"})
    order.refuse(["An Expert, expert"], [5], "SOURCE CODE")
    with pytest.raises(TierConflict, match="Eyes Only: item 2"):
        order.refuse(["An Expert, expert"], [2, 5], "SOURCE CODE")


def test_a_tier_that_the_order_no_longer_has_goes_to_nobody() -> None:
    for role in ROLES:
        with pytest.raises(TierConflict, match="Secret: item 3"):
            HELD.refuse([f"A, {role}"], [3])
    with pytest.raises(TierConflict):
        Order((), {3: "Secret"}).refuse_unnamed([])


def test_recipients_are_a_name_and_a_role() -> None:
    given = ["Roe, Jane ,Opposing Counsel", "Roe, Jane, opposing-counsel", "Court, court"]
    assert parsed(given) == ("Roe, Jane, opposing-counsel", "Court, court")
    for wrong in ("Jane Roe", "Jane, counsel", ", court", "court", ""):
        with pytest.raises(CaseKitError, match="no recipient"):
            parsed([wrong])
