from __future__ import annotations

from pathlib import Path

from casekit.progress import Silent
from casekit.search import index_pending
from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_sets_are_made_listed_counted_and_removed(cli: Cli, filled: Case, tmp_path: Path) -> None:
    index_pending(filled, Silent(), vectors=False)
    assert "There are no highlights" in cli("highlight", filled.folder).out
    (tmp_path / "terms.txt").write_text("scatter*\n\nblue\n", "utf-8")
    made = cli(
        "highlight",
        filled.folder,
        "set",
        "Physics",
        "--term",
        "sky",
        "--file",
        tmp_path / "terms.txt",
    )
    assert (made.code, made.out) == (0, "Highlights “Physics” made\n")
    cli("highlight", filled.folder, "set", "Physics", "--term", "why", "--add", "--hide")
    listed = cli("highlight", filled.folder, "--json").lines
    assert [(row["term"], row["items"]) for row in listed] == [
        ("sky", 1), ("scatter*", 1), ("blue", 1), ("why", 2)
    ]  # fmt: skip
    assert {(row["set"], row["shown"], row["colour"]) for row in listed} == {
        ("Physics", False, "green")
    }
    inside = cli("highlight", filled.folder, "--item", "2", "--json").lines
    assert [row["places"] for row in inside] == [0, 0, 0, 1]
    assert "green, dashed, hidden" in cli("highlight", filled.folder).out
    assert cli("highlight", filled.folder, "remove", "Physics").code == 0
    assert cli("highlight", filled.folder, "remove", "Physics").code == 2
    refused = cli("highlight", filled.folder, "set", "New", "--add")
    assert (refused.code, "--term or --file" in refused.err) == (2, True)
    assert (
        "cannot be read"
        in cli("highlight", filled.folder, "set", "N", "--file", tmp_path / "no").err
    )
