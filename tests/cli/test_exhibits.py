from __future__ import annotations

from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_exhibits_are_marked_listed_and_unmarked(cli: Cli, filled: Case) -> None:
    assert cli("exhibit", filled.folder, 1).out == "Exhibit A-1 marked\n"
    done = cli(
        "exhibit",
        filled.folder,
        3,
        "B-7",
        "--title",
        "The letter",
        "--designation",
        "CONFIDENTIAL",
        "--json",
    ).json
    assert (done["v"], done["label"], done["items"]) == (1, "Exhibit B-7 marked", 1)
    cli("exhibit", filled.folder, 2)
    listed = cli("exhibit", filled.folder, "--json").lines
    assert [(line["v"], line["label"], line["item_id"]) for line in listed] == [
        (1, "A-1", 1),
        (1, "B-7", 3),
        (1, "A-2", 2),
    ]
    assert cli("exhibit", filled.folder).out.splitlines()[1].split() == [
        "B-7",
        "mail",
        "The",
        "letter",
    ]
    assert cli("exhibit", filled.folder, "--remove", "B-7").out == "Exhibit B-7 unmarked\n"
    for arguments in (["--remove", "B-7"], [1, "A-2"], [99], [1, "no label!"]):
        refused = cli("exhibit", filled.folder, *arguments)
        assert (refused.code, refused.out) == (2, "")
    assert len(cli("exhibit", filled.folder, "--json").lines) == 2


def test_the_trial_list_is_written_for_several_exhibits_and_shown(cli: Cli, filled: Case) -> None:
    cli("exhibit", filled.folder, 3, "A-1")
    cli("exhibit", filled.folder, 5, "A-2")
    done = cli("exhibit", filled.folder, "--trial", "A-1", "--trial", "A-2", "--witness", "Ann")
    assert (done.code, done.out) == (0, "Trial list: 2 exhibits\n")
    cli(
        "exhibit",
        filled.folder,
        "--trial",
        "A-2",
        "--objected-by",
        "Meridian",
        "--offered",
        "2026-03-14",
    )
    shown = cli("exhibit", filled.folder, "--trial", "A-2").out.splitlines()
    assert shown[1:] == [
        "         witness: Ann", "         objected by: Meridian", "         offered: 2026-03-14",
    ]  # fmt: skip
    listed = cli("exhibit", filled.folder, "--json").lines
    assert [line["trial"]["witness"] for line in listed] == ["Ann", "Ann"]
    cli("exhibit", filled.folder, "--trial", "A-2", "--witness", "")
    assert cli("exhibit", filled.folder, "--trial", "A-2", "--json").json["trial"]["witness"] == ""


def test_the_trial_list_needs_an_exhibit_and_a_date(cli: Cli, filled: Case) -> None:
    cli("exhibit", filled.folder, 3, "A-1")
    for arguments, said in (
        (("--witness", "Ann"), "--trial LABEL"), (("--trial", "Z-9"), "no exhibit Z-9"),
        (("--trial", "A-1", "--offered", "May"), "is no date"), ((5, "--trial", "A-1"), "Choose one"),
    ):  # fmt: skip
        refused = cli("exhibit", filled.folder, *arguments)
        assert (refused.code, said in refused.err) == (2, True)
