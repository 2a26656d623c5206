"""A settings folder for each process that runs tests; what takes long to make in it is made once for all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

SLOW_TO_MAKE = ("models", "fonts")


def make_home() -> str:
    """Make the folder; processes started from here on have its converted model and its static fonts too."""
    home = Path(tempfile.mkdtemp(prefix="casekit-test-"))
    made = Path(os.environ.setdefault("CASEKIT_TEST_MADE", str(home / "made")))
    (home / "cache").mkdir()
    for name in SLOW_TO_MAKE:
        (made / name).mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):  # where no links may be made, each process makes its own
            (home / "cache" / name).symlink_to(made / name, target_is_directory=True)
    return str(home)
