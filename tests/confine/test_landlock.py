from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from casekit.confine import landlock

SCRIPT = """
import sys
from casekit.confine import landlock
open(sys.argv[2], "rb").close()
print(landlock.apply([sys.argv[1], "/does/not/exist"]))
for place in sys.argv[2:]:
    for mode in ("rb", "ab"):
        try:
            open(place, mode).close()
            print("open", mode)
        except OSError as error:
            print(type(error).__name__, mode)
"""


@pytest.mark.skipif(landlock.abi() < 1, reason="this kernel has no Landlock")
def test_only_the_named_folder_can_be_read_and_nothing_written(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in" / "a", tmp_path / "b"
    inside.parent.mkdir()
    inside.write_text("a")
    outside.write_text("b")
    command = [sys.executable, "-c", SCRIPT, str(inside.parent), str(inside), str(outside)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        f"Landlock ABI {landlock.abi()}",
        "open rb",
        "PermissionError ab",
        "PermissionError rb",
        "PermissionError ab",
    ]


def test_another_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert (landlock.abi(), landlock.apply(["/"])) == (0, "")
