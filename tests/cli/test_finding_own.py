from __future__ import annotations

from pathlib import Path

import pytest

from casekit.cli import stopping
from casekit.errors import Cancelled
from casekit.store.case import Case
from tests.analysis import test_own
from tests.cli.conftest import Cli


def test_a_method_that_runs_on_is_ended_by_its_limit_or_by_the_user(
    cli: Cli, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_own.fill(case, tmp_path)
    method = tmp_path / "endless.py"
    method.write_text(test_own.with_body("while True: pass"))
    asked = ("finding", case.folder, "own", method, "--subject", "s-7b", "--control", "c-1")
    late = cli(*asked, "--minutes", "0.01")
    assert (late.code, "took longer than 0.01 minutes and was ended" in late.err) == (2, True)
    looks = iter(range(100))

    def check() -> None:
        """A Ctrl-C that comes while the method is at work."""
        if next(looks) == 5:
            raise Cancelled

    monkeypatch.setattr(stopping, "check", check)
    stopped = cli(*asked)
    assert (stopped.code, stopped.out) == (130, "")
    assert cli("finding", case.folder).out == ""
