from __future__ import annotations

import json
from pathlib import Path

import pytest

from casekit.cli.pseudonyms import PASSPHRASE
from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_pseudonyms_are_given_listed_lifted_and_taken_back(filled: Case, cli: Cli) -> None:
    folder = filled.folder
    assert cli("pseudonym", folder).out == "0 pseudonyms, 0 in use.\n"
    found = cli("pseudonym", folder, "give", "--query", "kind:mail", "--kind", "address",
                "--preview", "--json").json["found"]  # fmt: skip
    assert {f["value"] for f in found} == {"helen@aurora.example", "tom@meridian.example"}
    done = cli("pseudonym", folder, "give", "--query", "kind:mail", "--kind", "address")
    assert (done.code, done.out) == (0, "2 pseudonyms given\n")
    assert cli("pseudonym", folder, "give", "Helen Roe").out == "1 pseudonym given\n"
    assert cli("pseudonym", folder, "give", "Helen R.", "--as", "3").code == 0
    listed = cli("pseudonym", folder, "--json").json["pseudonyms"]
    assert [(p["number"], p["kind"]) for p in listed] == [
        (1, "address"), (2, "address"), (3, "person"),
    ]  # fmt: skip
    assert listed[2]["values"] == ["Helen Roe", "Helen R."]
    assert cli("pseudonym", folder, "lift", "3").code == 0
    assert "    3  Person 003: Helen Roe | Helen R.  (lifted)\n" in cli("pseudonym", folder).out
    assert cli("undo", folder).code == 0
    assert "3 pseudonyms, 3 in use." in cli("pseudonym", folder).out


@pytest.mark.parametrize(
    "words",
    [
        ("give",), ("give", "org_1", "--query", "kind:mail", "--kind", "account"), ("give", "--query", "x"),
        ("give", "org_1", "a@b.example"), ("give", "ab"), ("lift", "7"), ("give", "abc", "--preview"),
        ("give", "--query", "kind:mail", "--kind", "person", "--as", "1"),
    ],
)  # fmt: skip
def test_what_is_not_meant_is_refused(filled: Case, cli: Cli, words: tuple[str, ...]) -> None:
    done = cli("pseudonym", filled.folder, *words)
    assert (done.code, done.out) == (2, "")
    assert cli("pseudonym", filled.folder).out == "0 pseudonyms, 0 in use.\n"


def test_the_key_is_written_sealed_and_read_again(
    filled: Case, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("pseudonym", filled.folder, "give", "org_4471")
    word, out = tmp_path / "word", tmp_path / "key.json"
    word.write_text("twelve words or more\nand no second line\n")
    done = cli("pseudonym", filled.folder, "key", out, "--passphrase-file", word, "--json").json
    assert (done["pseudonyms"], len(done["sha256"])) == (1, 64)
    monkeypatch.setenv(PASSPHRASE, "twelve words or more")
    told = json.loads(cli("pseudonym", filled.folder, "key", out, "--read").out)
    assert told["pseudonyms"][0]["values"] == ["org_4471"]
    monkeypatch.setenv(PASSPHRASE, "another one, wrong")
    assert cli("pseudonym", filled.folder, "key", out, "--read").code == 2
    word.write_bytes(b"\xff")
    assert cli("pseudonym", filled.folder, "key", out, "--passphrase-file", word).code == 2
