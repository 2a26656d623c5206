from __future__ import annotations

from pathlib import Path

from casekit.store.case import Case
from tests.builders import file_items, make_mail
from tests.cli.conftest import Cli


def test_privilege_takes_the_family_and_is_released(cli: Cli, filled: Case) -> None:
    done = cli("privilege", filled.folder, 4, "--basis", "work-product", "--note", "Draft")
    assert (done.code, done.out) == (0, "Privilege asserted over 2 items\n")
    withheld = [
        line["id"] for line in cli("items", filled.folder, "--json").lines if "privilege" in line
    ]
    assert withheld == [3, 4]
    refused = cli("exhibit", filled.folder, 4)
    assert (refused.code, "withheld as privileged" in refused.err) == (2, True)
    cli("privilege", filled.folder, 4, "--note", "Advice")
    bases = {line.get("privilege") for line in cli("items", filled.folder, "--json").lines}
    assert bases == {None, "work-product"}
    assert cli("privilege", filled.folder, 3, "--release").out == "Privilege released for 2 items\n"
    assert not any("privilege" in line for line in cli("items", filled.folder, "--json").lines)


def test_conflicts_are_listed_block_and_are_decided(cli: Cli, case: Case, tmp_path: Path) -> None:
    heads = [make_mail("Advice", "a@x.example", "b@x.example") for _ in range(3)]
    heads[2].mail["message_id"], heads[2].texts = "<other@x>", [("body", "Lunch?")]
    heads[2].columns["sha256"] = bytes(32)
    file_items(case, heads, tmp_path)
    assert cli("privilege", case.folder, "--conflicts").code == 0
    cli("privilege", case.folder, 1)
    listed = cli("privilege", case.folder, "--conflicts")
    assert (listed.code, listed.out) == (
        1,
        "item 2 is the same file as withheld item 1: Advice\n"
        "1 items would give a withheld item away.\n",
    )
    assert cli("privilege", case.folder, 3, "--conflicts").code == 0
    assert cli("privilege", case.folder, 2, 3, "--conflicts", "--json").json == {
        "v": 1, "item_id": 2, "withheld_id": 1, "why": "bytes", "title": "Advice",
    }  # fmt: skip
    cli("exhibit", case.folder, 2)
    refused = cli("dossier", case.folder, tmp_path / "d.pdf")
    assert (refused.code, (tmp_path / "d.pdf").exists()) == (2, False)
    assert "item 2 is the same file as withheld item 1." in refused.err
    both = cli("privilege", case.folder, 2, "--conflicts", "--release")
    assert (both.code, both.err.startswith("Choose one of --release, --conflicts, ")) == (2, True)
    decided = cli("privilege", case.folder, 2, "--pass", "Sent to the other side")
    assert decided.out == "1 item decided to be not privileged\n"
    assert cli("privilege", case.folder, "--conflicts").code == 0
    assert cli("dossier", case.folder, tmp_path / "d.pdf").code == 0
    cli("undo", case.folder)
    assert cli("privilege", case.folder, "--conflicts").code == 1


def test_the_log_is_written_and_what_lacks_a_description_is_told(
    cli: Cli, filled: Case, tmp_path: Path
) -> None:
    nothing = cli("privilege", filled.folder, "--log", tmp_path / "log.csv")
    assert (nothing.code, list(tmp_path.glob("*log.csv*"))) == (2, [])
    cli("privilege", filled.folder, 3)
    done = cli("privilege", filled.folder, "--log", tmp_path / "log.csv")
    assert done.out.splitlines()[1].startswith("▲ 2 of them have no description")
    assert (tmp_path / "log.csv").read_text("utf-8-sig").count("PRIV-0000003") == 2
    told = cli(
        "privilege", filled.folder, "--log", tmp_path / "c.xlsx", "--format", "category", "--json"
    ).json
    assert (told["rows"], told["items"], told["undescribed"]) == (2, 2, 2)
    assert cli("privilege", filled.folder, "--log", tmp_path / "log.pdf").code == 2


def test_whether_items_may_leave_is_decided_listed_and_taken_back(cli: Cli, filled: Case) -> None:
    def undecided() -> list[int]:
        return [
            line["id"] for line in cli("privilege", filled.folder, "--undecided", "--json").lines
        ]

    listed = cli("privilege", filled.folder, "--undecided")
    assert (listed.code, "Of 3 items nobody has decided" in listed.out) == (1, True)
    assert undecided() == [3, 4, 5]
    assert cli("privilege", filled.folder, 1, 2, "--undecided").code == 0  # models' outputs
    cli("privilege", filled.folder, 3, "--clear")
    assert undecided() == [4, 5]  # an attachment is decided by itself
    cli("privilege", filled.folder, 3, "--clear", "--family")
    assert undecided() == [5]
    record = cli("item", filled.folder, 3, "--json").json
    assert (record["privilege_state"], record["cleared_by"] != "") == ("not-privileged", True)
    cli("undo", filled.folder)
    assert undecided() == [4, 5]
    cli("privilege", filled.folder, "--query", "privilege:not-privileged", "--reopen")
    assert undecided() == [3, 4, 5]
    cli("privilege", filled.folder, 4)
    assert undecided() == [5]
    refused = cli("privilege", filled.folder, 3, "--clear")
    assert (refused.code, "release it first" in refused.err) == (2, True)
    wrong = cli("privilege", filled.folder, 3, "--family")
    assert (wrong.code, "--family goes with" in wrong.err) == (2, True)


def test_the_matter_says_of_what_it_must_be_decided(cli: Cli, filled: Case) -> None:
    def found(query: str) -> list[int]:
        return [line["id"] for line in cli("items", filled.folder, query, "--json").lines]

    assert found("privilege:undecided") == [3, 4, 5]
    assert found("privilege:not-applicable") == [1, 2]
    cli("matter", filled.folder, "set", "--privilege-review", "outputs correspondence")
    assert found("privilege:undecided") == [1, 2, 3]
    cli("matter", filled.folder, "set", "--privilege-review", "none")
    assert found("privilege:undecided") == []
    cli("matter", filled.folder, "set", "--privilege-review", "")
    assert found("privilege:undecided") == [3, 4, 5]
    wrong = cli("matter", filled.folder, "set", "--privilege-review", "mails")
    assert (wrong.code, "“mails” is not among them" in wrong.err) == (2, True)
