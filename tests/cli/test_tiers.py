from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_an_order_is_chosen_edited_and_given_to_items(cli: Cli, filled: Case) -> None:
    case = filled.folder
    assert "us-protective-order" in cli("tiers", case).out
    assert cli("tiers", case, "choose", "us-protective-order").code == 0
    done = cli("tier", case, "Attorneys' Eyes Only", 4, "--query", "id:5")
    assert done.out == "Tier “Attorneys’ Eyes Only” given to 3 items\n"
    assert [(line["item"], line["tier"]) for line in cli("tier", case, "--json").lines] == [
        (n, "Attorneys’ Eyes Only") for n in (3, 4, 5)
    ]
    assert cli("tier", case, "none", 3, "--alone").out == "Tier taken off 1 item\n"
    assert cli("undo", case).code == 0
    assert len(cli("tier", case, "--json").lines) == 3
    cli(
        "tiers", case, "set", "Restricted", "--sees", "court", "--stamp", "RESTRICTED", "--place", 1
    )
    rows = cli("tiers", case, "--json").lines
    assert [(row["name"], row["items"]) for row in rows] == [
        ("Restricted", 0), ("Confidential", 0), ("Attorneys’ Eyes Only", 3), ("Source Code", 0),
    ]  # fmt: skip
    assert rows[0]["sees"] == ["court"]
    assert cli("tiers", case, "remove", "Restricted").code == 0
    kept = cli("tiers", case, "choose", "none")
    assert (kept.code, "Items have the tier" in kept.err) == (2, True)
    nothing = cli("tier", case, "Confidential")
    assert (nothing.code, "by their numbers" in nothing.err) == (2, True)


def test_what_tells_of_a_stricter_tier_is_listed_and_let_pass(cli: Cli, filled: Case) -> None:
    case = filled.folder
    assert cli("tiers", case, "conflicts").out == "No item tells of one that has a stricter tier.\n"
    cli("tiers", case, "choose", "us-protective-order")
    cli("tier", case, "Source Code", 4, "--alone")
    found = cli("tiers", case, "conflicts", "--json").lines
    assert [(row["item"], row["of"], row["stricter"]) for row in found] == [(3, 4, "Source Code")]
    assert "item 3 (no tier) " in cli("tiers", case, "conflicts").out
    assert cli("tiers", case, "pass", 3, "--because", "public").out.startswith("1 item let pass")
    assert cli("tiers", case, "conflicts", "--json").lines == []
    assert len(cli("tiers", case, "conflicts", "--decided", "--json").lines) == 1
    assert cli("tiers", case, "pass", 3, "--because", "again").code == 2
