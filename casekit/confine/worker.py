"""A worker as its user sees it: call a function on untrusted bytes, get frames back or a plain fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from casekit.confine import line, lockdown
from casekit.confine.line import (
    Limits,
    WorkerCrashed,
    WorkerFailed,
    WorkerFault,
    WorkerHung,
    WorkerNotStarted,
)
from casekit.confine.port import PipePort, Port, SocketPort

_FLAG = "--casekit-confined-worker"
_BOOTSTRAP = (
    "import sys, json; sys.path[:] = json.loads(sys.argv.pop(1)); sys.dont_write_bytecode = True; "
    "from casekit.confine.child import main; main(sys.argv[1:])"
)
_PASSED_ON = ("SYSTEMROOT", "LD_LIBRARY_PATH") if getattr(sys, "frozen", False) else ("SYSTEMROOT",)
_GOODBYE_SECONDS = 2.0
_LOOK_SECONDS = 0.2  # between two looks at whether the wait is still wanted
_LONGEST_KIND = 80
_USUAL = Limits()


def _patient() -> None:
    """Wait on."""


def run_if_child() -> None:
    """In a frozen program, become a worker if this process was started as one; never returns then.

    The first thing that a frozen program's entry points must call.
    """
    if len(sys.argv) > 1 and sys.argv[1] == _FLAG:
        from casekit.confine.child import main

        main(sys.argv[2:])
        sys.exit(0)


def child_command() -> list[str]:
    """How a process that gives up its powers is started; the words for `child.main` follow it."""
    if getattr(sys, "frozen", False):
        return [sys.executable, _FLAG]
    return [sys.executable, "-I", "-S", "-B", "-c", _BOOTSTRAP, json.dumps(module_places())]


def module_places() -> list[str]:
    """Where a child looks for modules: only what is absolute, for an empty entry is the folder we stand in."""
    return [place for place in sys.path if Path(place).is_absolute()]


def child_environment() -> dict[str, str]:
    """Nothing of ours: no keys, no proxies, no paths; one thread for each numeric library."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return kept | threads | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


class Worker:
    """A child process that runs functions on bytes which may be hostile.

    It starts at the first call, is replaced after every fault and every so many calls, and is to be used
    by one thread at a time. Use it as a context manager, or call `close`.

    Args:
        limits: What it may use.
        preload: Modules it loads at its start, so that the first call is not slower.
        pipes: Speak over pipes rather than a socket, as on systems that cannot pass descriptors.
    """

    def __init__(
        self, limits: Limits = _USUAL, preload: tuple[str, ...] = (), *, pipes: bool | None = None
    ) -> None:
        self._limits = limits
        self._preload = preload
        self._pipes = sys.platform == "win32" if pipes is None else pipes
        self._process: subprocess.Popen[bytes] | None = None
        self._port: Port | None = None
        self._level = ""
        self._calls = 0
        self._busy = False
        self._held: bytes | None = None  # what the worker still has from the last call

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def level(self) -> str:
        """What confines the worker, in plain words, such as `rlimits, seccomp, Landlock ABI 7`."""
        if self._process is None:
            self._start()
        return self._level

    @property
    def pid(self) -> int | None:
        """Process id of the worker, if one runs."""
        return None if self._process is None else self._process.pid

    def call(
        self,
        function: str,
        payload: int | bytes,
        argument: bytes = b"",
        *,
        quiet_seconds: float = 60.0,
        waiting: Callable[[], None] = _patient,
    ) -> bytes:
        """Run a function that returns one `bytes`; see `stream`.

        Raises:
            WorkerFault: Crash, silence, or an exception in the function, or it gave not exactly one frame.
        """
        frames = list(
            self.stream(function, payload, argument, quiet_seconds=quiet_seconds, waiting=waiting)
        )
        if len(frames) != 1:
            raise WorkerFailed("NotOneFrame")
        return frames[0]

    def stream(
        self,
        function: str,
        payload: int | bytes,
        argument: bytes = b"",
        *,
        quiet_seconds: float = 60.0,
        waiting: Callable[[], None] = _patient,
    ) -> Iterator[bytes]:
        """Run `function(data, argument)` in the worker and give the frames it makes.

        A stream that is not read to its end costs the worker, nothing else. The same `bytes` object as in the
        call before is not sent again: of a document that is asked for page by page every call costs its page.

        Args:
            function: `module:name` of a function that takes the bytes (`bytes` or a read-only `mmap`) and
                the argument, and returns or yields `bytes`.
            payload: A descriptor open for reading, of which the whole file is handed over whatever its
                position, or bytes. It stays the caller's to close.
            argument: Passed on as it is.
            quiet_seconds: How long the worker may say nothing.
            waiting: Called several times a second while it says nothing; what it raises ends the worker.

        Raises:
            WorkerNotStarted: There is none.
            WorkerCrashed: It died.
            WorkerHung: It was silent for too long and was ended.
            WorkerFailed: The function raised.
        """
        if self._busy:
            raise RuntimeError("a worker does one call at a time")
        if self._calls >= self._limits.calls:
            self.close()
        if self._process is None:
            self._start()
        self._calls += 1
        self._busy = True
        finished = False
        try:
            self._ask(function, payload, argument)
            while (frame := self._answer(quiet_seconds, waiting)) is not None:
                yield frame
            finished = True
        except WorkerFailed as fault:
            finished = fault.kind != "MemoryError"  # after that it has nothing left to work with
            raise
        finally:
            self._busy = False
            if not finished:
                self._end()

    def close(self) -> None:
        """End the worker; a later call starts another."""
        if self._port is not None:
            self._port.finish()
        self._end(_GOODBYE_SECONDS)

    def _start(self) -> None:
        limits = self._limits
        words = [str(limits.memory), str(limits.frame), str(limits.files)]
        words += [f"r:{place}" for place in limits.readable] + [
            f"m:{name}" for name in self._preload
        ]
        port: Port
        if self._pipes:
            process = self._spawn(["pipes", *words], subprocess.PIPE, subprocess.PIPE, ())
            port = PipePort(process)
        else:
            made = SocketPort()
            nothing = subprocess.DEVNULL
            process = self._spawn([f"socket:{made.child}", *words], nothing, nothing, (made.child,))
            made.started()
            port = made
        self._process, self._port, self._calls = process, port, 0
        try:
            kind, data = self._frame(limits.start_seconds)
        except WorkerFault as fault:
            raise WorkerNotStarted(str(fault), limited=_is_limited()) from fault
        if kind != line.READY:
            self._end()
            raise WorkerNotStarted(str(WorkerCrashed(None)), limited=False)
        self._level = data.decode("ascii", "replace")

    def _spawn(
        self, words: list[str], incoming: int, outgoing: int, passed: tuple[int, ...]
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*child_command(), *words],
            stdin=incoming,
            stdout=outgoing,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            cwd=Path(sys.executable).anchor or None,
            pass_fds=passed,
            start_new_session=True,  # a Ctrl-C is for the parent
            bufsize=-1,
        )

    def _ask(self, function: str, payload: int | bytes, argument: bytes) -> None:
        assert self._port is not None
        again = payload is self._held
        self._held = (
            payload if isinstance(payload, bytes) else None
        )  # no file read whole for a pipe
        if isinstance(payload, int) and not self._port.takes_descriptors:
            payload = _whole(payload)
        inline = isinstance(payload, bytes)
        size = len(payload) if isinstance(payload, bytes) else os.fstat(payload).st_size
        kind = line.AGAIN if again else line.INLINE if inline else line.DESCRIPTOR
        name = function.encode()
        head = line.REQUEST.pack(kind, len(name), len(argument), size) + name + argument
        self._allow_memory(size)
        try:
            if isinstance(payload, bytes):
                self._port.send(head)
                if not again:
                    self._port.send(payload)
            else:
                self._port.send(head, payload)
        except OSError:
            raise WorkerCrashed(self._end(_GOODBYE_SECONDS)) from None

    def _answer(self, quiet_seconds: float, waiting: Callable[[], None]) -> bytes | None:
        self._allow_time(quiet_seconds)
        kind, data = self._frame(quiet_seconds, waiting)
        if kind == line.DATA:
            return data
        if kind == line.END:
            return None
        if kind == line.FAILED:
            raise WorkerFailed(_kind_in(data))
        self._end()
        raise WorkerCrashed(None)

    def _frame(
        self, quiet_seconds: float, waiting: Callable[[], None] = _patient
    ) -> tuple[int, bytes]:
        assert self._port is not None
        deadline = time.monotonic() + quiet_seconds
        try:
            kind, size = line.REPLY.unpack(self._receive(line.REPLY.size, deadline, waiting))
            if size > self._limits.frame:
                self._end()
                raise WorkerCrashed(None)
            return kind, self._receive(size, deadline, waiting)
        except TimeoutError:
            self._end()
            raise WorkerHung(quiet_seconds) from None
        except (EOFError, OSError):
            raise WorkerCrashed(self._end(_GOODBYE_SECONDS)) from None

    def _receive(self, count: int, deadline: float, waiting: Callable[[], None]) -> bytes:
        assert self._port is not None
        while True:
            try:
                return self._port.receive(count, min(deadline, time.monotonic() + _LOOK_SECONDS))
            except TimeoutError:  # what has come so far stays with the port
                waiting()
                if time.monotonic() >= deadline:
                    raise

    def _allow_memory(self, size: int) -> None:
        """Let the mapped file come on top of the memory the worker may use."""
        if sys.platform == "linux" and self._process is not None:
            import resource

            pid = self._process.pid
            try:
                _, most = resource.prlimit(pid, resource.RLIMIT_AS)
                room = lockdown.at_most(self._limits.memory + size, most)
                resource.prlimit(pid, resource.RLIMIT_AS, (room, most))
            except (OSError, ValueError):
                pass  # it is gone already, which the answer will show, or the limit stays as it was

    def _allow_time(self, quiet_seconds: float) -> None:
        """Let the worker compute for a while: should we be killed, a hung one ends by itself."""
        if sys.platform == "linux" and self._process is not None:
            import resource

            pid = self._process.pid
            try:
                used = time.clock_gettime(
                    (~pid << 3) | 2
                )  # CPU time of the process, clock_getcpuclockid(3)
                _, most = resource.prlimit(pid, resource.RLIMIT_CPU)
                room = lockdown.at_most(int(used + 8 * quiet_seconds) + 10, most)
                resource.prlimit(pid, resource.RLIMIT_CPU, (room, most))
            except (OSError, ValueError):
                pass

    def _end(self, patience: float = 0.0) -> int:
        """Leave nothing of the worker behind; gives its exit code.

        Args:
            patience: Seconds it gets to die by itself, which tells the cause, before it is killed.
        """
        process, port = self._process, self._port
        self._process = self._port = self._held = None
        if process is None or port is None:
            return 0
        try:
            code = process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        port.close()
        return code


def _is_limited() -> bool:
    """Whether this program may use only so much memory."""
    if sys.platform == "win32":
        return False
    import resource

    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def _kind_in(untrusted_name: bytes) -> str:
    """The name of an exception; a worker taken over could say anything in its place."""
    name = untrusted_name[:_LONGEST_KIND].decode("ascii", "replace")
    return name if name.isidentifier() else "Unknown"


def _whole(descriptor: int) -> bytes:
    stood = os.lseek(descriptor, 0, os.SEEK_CUR)  # a copy of a descriptor shares its position
    try:
        with os.fdopen(os.dup(descriptor), "rb") as file:
            file.seek(0)
            return file.read()
    finally:
        os.lseek(descriptor, stood, os.SEEK_SET)
