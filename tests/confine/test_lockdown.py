from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import casekit
from casekit.confine import lockdown


def test_the_program_can_read_itself_and_not_where_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", ["", "/home/someone", "/x/site-packages", "/y/bundle.zip"])
    found = lockdown.program_folders()
    assert str(Path(casekit.__file__).parent) in found
    assert sysconfig.get_path("stdlib") in found
    assert {"/x/site-packages", "/y/bundle.zip"} <= set(found)
    assert {"", "/home/someone"} & set(found) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="rlimits are those of Unix")
def test_limits_hold_for_good() -> None:
    script = (
        "import resource as r; from casekit.confine import lockdown; print(lockdown.apply(1 << 30, 40, []));"
        "print(r.getrlimit(r.RLIMIT_FSIZE), r.getrlimit(r.RLIMIT_NOFILE), r.getrlimit(r.RLIMIT_CORE))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    level, held = done.stdout.splitlines()
    assert level.startswith("rlimits")
    assert held == "(0, 0) (40, 40) (0, 0)"


def test_what_is_wanted_stays_below_what_is_allowed() -> None:
    assert (lockdown.at_most(5, -1), lockdown.at_most(5, 3), lockdown.at_most(5, 9)) == (5, 3, 5)
