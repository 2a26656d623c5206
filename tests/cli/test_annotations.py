from __future__ import annotations

from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_passages_are_annotated_listed_changed_and_let_be(cli: Cli, filled: Case) -> None:
    folder = filled.folder
    assert cli("annotation", folder).out == "No passage is annotated.\n"
    assert cli("annotation", folder, "add", 1, "of scattering", "--note", "true").code == 0
    cli("annotation", folder, "add", 2, "Why", "--colour", "teal", "--part", "prompt")
    rows = cli("annotation", folder, "--json").lines
    assert [(r["id"], r["item"], r["part"], r["start"], r["quote"], r["text"]) for r in rows] == [
        (1, 1, "output", 8, "of scattering", "true"), (2, 2, "prompt", 0, "Why", "")
    ]  # fmt: skip
    cli("annotation", folder, "change", 1, "--note", "so they say")
    listed = cli("annotation", folder, "--item", 1).out
    assert "“of scattering”" in listed
    assert "so they say" in listed
    assert "Why" not in listed
    twice = cli("annotation", folder, "add", 1, "a", "--part", "output")
    assert (twice.code, "stands 2 times" in twice.err) == (2, True)
    assert "letter by letter" in cli("annotation", folder, "add", 1, "nowhere").err
    assert cli("annotation", folder, "remove", 2).code == 0
    assert [r["id"] for r in cli("annotation", folder, "--json").lines] == [1]
