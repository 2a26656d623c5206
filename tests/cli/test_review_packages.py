from pathlib import Path

import pytest

from casekit.store.case import Case
from tests.cli.conftest import Cli
from tests.review_case import fill


def test_a_package_goes_out_and_comes_back(
    cli: Cli, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(case, tmp_path)
    folder = case.folder
    assert cli("review", folder, "packages").out == "No package went out yet.\n"
    assert cli("review", folder, "pack", "all", tmp_path / "p").code == 2
    gone = cli("review", folder, "pack", "all", tmp_path / "p", "--to", "R. Two")
    assert "8 items of “all” and 0 more of their families" in gone.out
    package = tmp_path / "p.casereview"
    monkeypatch.setenv("CASEKIT_EXAMINER", "R. Two")
    assert cli("tag", package, "hot", 1, 5).code == 0
    assert cli("review", package, "done", "all", 1).code == 0
    assert cli("review", package, "return", tmp_path / "back", "--json").lines[0]["sha256"]
    assert "is already there" in cli("review", package, "return", tmp_path / "back").err
    monkeypatch.setenv("CASEKIT_EXAMINER", "Test Examiner")
    merged = cli("review", folder, "merge", tmp_path / "back.casereturn")
    assert "Review by R. Two merged\n2 values taken, 0 the same, 0 notes, 1 done" in merged.out
    assert (
        cli("review", folder, "merge", tmp_path / "back.casereturn").out
        == "Nothing new came back.\n"
    )
    assert "8 items, something came back" in cli("review", folder, "packages").out
    assert cli("review", folder, "packages", "--json").lines[0]["recipient"] == "R. Two"
    assert cli("review", folder, "--json").lines[0]["done"] == 1
