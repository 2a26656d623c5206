"""The line between a process and its worker: what may be said on it, and how long a silence may last."""

from __future__ import annotations

import signal
import struct
from dataclasses import dataclass

from casekit.errors import CaseKitError

REQUEST = struct.Struct("!BIIQ")
"""kind of payload, length of the function's name, of the argument, of an inline payload (or of the file)."""
INLINE, DESCRIPTOR, AGAIN = 0, 1, 2
"""Bytes behind the request, a file's descriptor beside it, or the bytes of the call before once more."""
REPLY = struct.Struct("!BI")
"""kind of frame, its length."""
DATA, END, FAILED, READY = 0, 1, 2, 3


_LIMITED = (
    "The confined process that reads files could not start ({reason}), because CaseKit may use too "
    "little memory here (ulimit -v): allow more and do the same again; what was finished before is kept."
)
_NOT_STARTED = (
    "The confined process that reads files could not start ({reason}): install CaseKit again or restart the "
    "computer, and do the same again; what was finished before is kept."
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may use.

    Attributes:
        memory: Bytes of memory, besides the file it reads.
        frame: Bytes of one frame it may send.
        files: Open files.
        calls: Calls after which it is replaced by a fresh one.
        start_seconds: How long it may take to start.
        readable: Folders it may read besides the program's own.
    """

    memory: int = 3 * 1024**3
    frame: int = 256 * 1024 * 1024
    files: int = 64
    calls: int = 2_000
    start_seconds: float = 60.0
    readable: tuple[str, ...] = ()


class WorkerFault(Exception):
    """The worker could not finish a call; the next call finds a working one."""


class WorkerCrashed(WorkerFault):
    """It died.

    Args:
        code: Its exit code; negative: the signal that ended it; None: it broke the rules of the line
            and was ended.
    """

    def __init__(self, code: int | None) -> None:
        self.code = code
        super().__init__(f"the worker ended with {self.reason}")

    @property
    def reason(self) -> str:
        """In words: `SIGSEGV`, `exit code 3`, `an unreadable message`."""
        if self.code is None:
            return "an unreadable message"
        if self.code >= 0:
            return f"exit code {self.code}"
        try:
            return signal.Signals(-self.code).name
        except ValueError:
            return f"signal {-self.code}"


class WorkerNotStarted(CaseKitError):
    """No confined process could be started, so that nothing untrusted can be read here at all.

    Args:
        reason: What became of it, in words.
        limited: Whether this program may use only so much memory, which is then the likely cause.
    """

    def __init__(self, reason: str, *, limited: bool) -> None:
        super().__init__(_LIMITED if limited else _NOT_STARTED, reason=reason)


class WorkerHung(WorkerFault):
    """It said nothing for `seconds` and was ended."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"the worker was silent for {seconds:g} s")


class WorkerFailed(WorkerFault):
    """The function raised; `kind` is the name of the exception, never its text, which may be evidence."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"the function raised {kind}")
