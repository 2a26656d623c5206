"""Runs an installed program on untrusted bytes: they go in by a pipe, its answer comes out by another.

The program gets no network, no files but its own to read and none to write, and can start no other.
This holds on Linux with Landlock; elsewhere nothing is run, because nothing would hold it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

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
    output = _output(process, untrusted_data, most_output, seconds)
    if process.returncode < 0:
        raise WorkerCrashed(process.returncode)
    if process.returncode:
        raise WorkerFailed("ProgramFailed")
    return output


def _output(
    process: subprocess.Popen[bytes], untrusted_data: bytes, most_output: int, seconds: float
) -> bytes:
    """What the program writes while it takes its input; it has ended then, of itself or by us."""
    assert process.stdin is not None
    assert process.stdout is not None
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    clock = threading.Timer(seconds, end)
    feeder = threading.Thread(target=_feed, args=(process.stdin, untrusted_data), daemon=True)
    try:
        clock.start()
        feeder.start()
        output = process.stdout.read(most_output + 1)
        if len(output) <= most_output:
            process.wait()
    finally:
        clock.cancel()
        process.kill()
        process.wait()
        feeder.join()
        process.stdout.close()
    if late.is_set():
        raise WorkerHung(seconds)
    if len(output) > most_output:
        raise WorkerFailed("TooMuchOutput")
    return output


def _feed(pipe: IO[bytes], data: bytes) -> None:
    """Hand the data over; a program that ends before it has taken all is no fault of ours."""
    with suppress(OSError):
        pipe.write(data)
    with suppress(OSError):
        pipe.close()


def become(arguments: list[str]) -> None:
    """In the child: give up everything and turn into the program; never returns where that works."""
    command, readable, memory = json.loads(arguments[0])
    program = str(Path(command[0]).resolve())
    loaders = [str(Path(place).resolve()) for place in _LOADERS if Path(place).exists()]
    level = lockdown.apply(memory, _FILES, readable, (program, *loaders))
    if "Landlock" not in level or "seccomp" not in level:
        sys.exit(1)
    os.execve(program, command, dict(os.environ))
