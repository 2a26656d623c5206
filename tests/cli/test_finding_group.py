from __future__ import annotations

from pathlib import Path

from casekit.ops import findings
from casekit.store.case import Case
from tests.cli.conftest import Cli


def test_a_command_on_findings_may_stand_before_or_after_the_case(cli: Cli, case: Case) -> None:
    with case.write() as s:
        findings.add_finding(s, "usage", "Usage of the API log", {"v": 1})
    listed = "F-1  usage      Usage of the API log\n"
    for arguments in (("list", case.folder), (case.folder, "list"), (case.folder,)):
        assert cli("finding", *arguments).out == listed
    assert "Usage: casekit finding" in cli("finding", "--help").out


def test_a_case_that_is_none_is_refused(cli: Cli, tmp_path: Path) -> None:
    assert cli("finding", tmp_path / "none").code == 2
