"""How a process gives up its powers for good: limits, system calls, files, as far as the system knows them."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/usr/share/zoneinfo",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
)
_PACKAGES = ("site-packages", "dist-packages", "lib-dynload")


def program_folders() -> list[str]:
    """The folders that hold the program itself: what its own imports may have to read later."""
    found = [str(Path(__file__).resolve().parent.parent), str(Path(sys.base_prefix) / "lib")]
    found += [sysconfig.get_path(name) for name in ("stdlib", "platstdlib")]
    found += [
        place for place in sys.path if Path(place).name in _PACKAGES or place.endswith(".zip")
    ]
    found.append(str(getattr(sys, "_MEIPASS", "")))
    return [place for place in dict.fromkeys(found) if place]


def apply(memory: int, files: int, readable: list[str], programs: tuple[str, ...] = ()) -> str:
    """Give up everything that reading does not need, for good.

    Args:
        memory: Bytes of memory that may be used.
        files: Files that may be open.
        readable: Folders that may be read besides the program's own.
        programs: Files that this process may become or load as its loader; none: it may start nothing.

    Returns:
        The level now in force in plain words, such as `rlimits, seccomp, Landlock ABI 7`.
    """
    levels = ["separate process"] if sys.platform == "win32" else [_limit(memory, files)]
    if sys.platform == "linux":
        from casekit.confine import landlock, seccomp

        files_level = landlock.apply([*program_folders(), *_SYSTEM, *readable], programs)
        levels += [seccomp.apply(starts=bool(programs and files_level)), files_level]
    return ", ".join(level for level in levels if level)


def _limit(memory: int, files: int) -> str:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would be a copy of the evidence
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    files = at_most(files, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    if sys.platform == "linux":
        # the mapped file does not count as data; the parent moves the soft limit on address space with it
        data = at_most(memory, resource.getrlimit(resource.RLIMIT_DATA)[1])
        resource.setrlimit(resource.RLIMIT_DATA, (data, data))
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (at_most(memory, most), most))
    return "rlimits"


def at_most(wanted: int, most: int) -> int:
    """What is wanted, or less where whoever started the program allows no more (-1: as much as there is)."""
    return wanted if most < 0 else min(wanted, most)
