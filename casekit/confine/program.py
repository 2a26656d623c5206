"""Runs an installed program on untrusted bytes: they go in by a pipe, its answer comes out by another.

The program gets no network, no files but its own to read and none to write, and can start no other.
This holds on Linux with Landlock; elsewhere nothing is run, because nothing would hold it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from casekit.confine import landlock, lockdown
from casekit.confine.line import WorkerCrashed, WorkerFailed, WorkerHung
from casekit.confine.worker import child_command, child_environment

_LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-linux-armhf.so.3")
_FILES = 64


def can_confine() -> bool:
    """Whether this system can hold a program in."""
    return landlock.abi() > 0


def run_program(
    command: Sequence[str],
    untrusted_data: bytes,
    *,
    readable: Sequence[str] = (),
    memory: int = 2 * 1024**3,
    most_output: int = 64 * 1024 * 1024,
    seconds: float = 120.0,
) -> bytes:
    """What the program writes to its standard output.

    Args:
        command: The program's absolute path and its arguments.
        untrusted_data: Its standard input.
        readable: Folders it may read besides the system's libraries.
        memory: Bytes of memory it may use.
        most_output: Bytes of output that are taken.
        seconds: How long it may take.

    Raises:
        WorkerFailed: It said that it failed, or gave too much; or this system cannot confine it.
        WorkerCrashed: It died.
        WorkerHung: It took too long and was ended.
    """
    if not can_confine():
        raise WorkerFailed("NotConfined")
    words = [json.dumps([list(command), list(readable), memory])]
    process = subprocess.Popen(
        [*child_command(), "program", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment() | {"OMP_THREAD_LIMIT": "1"},
        cwd=Path(sys.executable).anchor,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(untrusted_data, timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise WorkerHung(seconds) from None
    if process.returncode < 0:
        raise WorkerCrashed(process.returncode)
    if process.returncode or len(output) > most_output:
        raise WorkerFailed("ProgramFailed" if process.returncode else "TooMuchOutput")
    return output


def become(arguments: list[str]) -> None:
    """In the child: give up everything and turn into the program; never returns where that works."""
    command, readable, memory = json.loads(arguments[0])
    program = str(Path(command[0]).resolve())
    loaders = [str(Path(place).resolve()) for place in _LOADERS if Path(place).exists()]
    level = lockdown.apply(memory, _FILES, readable, (program, *loaders))
    if "Landlock" not in level or "seccomp" not in level:
        sys.exit(1)
    os.execve(program, command, dict(os.environ))
