from __future__ import annotations

from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_a_pair_is_said_listed_and_taken_away(cli: Cli, filled: Case) -> None:
    done = cli(
        "translation", filled.folder, 3, 5, "--machine", "--translator", "MT 2.1", "--dated", "2026-03-14"
    )  # fmt: skip
    assert (done.code, done.out) == (0, "Item 5 is the translation of item 3\n")
    shown = cli("translation", filled.folder, 5).out
    assert shown == "item 5 is the translation of item 3 (machine, MT 2.1, en, 2026-03-14)\n"
    assert cli("translation", filled.folder, "--json").json["made"] == "machine"
    assert cli("translation", filled.folder, 3, "--remove").code == 0
    assert cli("translation", filled.folder).out == ""


def test_many_need_none_and_what_is_unclear_is_refused(cli: Cli, filled: Case) -> None:
    done = cli("translation", filled.folder, "--not-needed", "Code", "--query", "kind:exchange")
    assert done.out == "No translation needed of 2 items\n"
    assert "item 1 needs no translation: Code" in cli("translation", filled.folder).out
    for arguments, said in (
        ((3, 5, "--translator", "Ann"), "--human or --machine"), ((3, 5, "--human"), "Say who translated"),
        (("--not-needed", "x"), "which item"), (("--remove",), "Say of which item"),
        ((3, 5, "--remove"), "Choose one"),
    ):  # fmt: skip
        refused = cli("translation", filled.folder, *arguments)
        assert (refused.code, said in refused.err) == (2, True)


def test_the_court_s_languages_are_set_with_the_matter(cli: Cli, filled: Case) -> None:
    assert cli("matter", filled.folder, "set", "--languages", "en, fr").code == 0
    assert cli("matter", filled.folder, "--json").json["languages"] == "en, fr"
    assert "are codes" in cli("matter", filled.folder, "set", "--languages", "English").err
