"""Where tests lay their files, and a settings folder for each process that runs them.

What takes long to make in that folder is made once for all.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from pathlib import Path

SLOW_TO_MAKE = ("models", "fonts")
MEMORY = Path("/dev/shm")
LEAST_FREE = 6 * 1024**3  # bytes; some 300 MB lie there at one time


def lay_in_memory(memory: Path = MEMORY, least_free: int = LEAST_FREE) -> bool:
    """Have temporary files made in memory where there is plenty of it and nobody has named a place.

    Thousands of cases are made, committed to, closed and removed: tests would wait for the disk above all.

    Returns:
        Whether they are made there, by this process or by the one that started it.
    """
    if os.environ.get("TMPDIR") is None and _free(memory) >= least_free:
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None  # asked for again
    return os.environ.get("TMPDIR") == str(memory)


def _free(memory: Path) -> int:
    """Bytes that may be laid there; 0 where it is no memory, or not ours to write in."""
    if not memory.is_mount() or not os.access(memory, os.W_OK | os.X_OK):
        return 0
    room = os.statvfs(memory)
    spare = re.search(r"^MemAvailable: +(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return min(room.f_bavail * room.f_frsize, int(spare[1]) * 1024 if spare else 0)


def make_home() -> str:
    """Make the folder; processes started from here on have its converted model and its static fonts too."""
    lay_in_memory()
    home = Path(tempfile.mkdtemp(prefix="casekit-test-"))
    made = Path(os.environ.setdefault("CASEKIT_TEST_MADE", str(home / "made")))
    (home / "cache").mkdir()
    for name in SLOW_TO_MAKE:
        (made / name).mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):  # where no links may be made, each process makes its own
            (home / "cache" / name).symlink_to(made / name, target_is_directory=True)
    return str(home)
