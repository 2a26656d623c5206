"""The parent's end of the line to a worker: bytes and descriptors out, bytes in before a deadline."""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import threading
import time
from typing import IO, Protocol, cast

_PIECE = 1 << 18
_ROOM = 1 << 20  # for what has come and was not asked for yet; longer frames get room of their own
_AHEAD = 1 << 20  # bytes that the worker may write before we read, where the system allows so many
_SEND_SECONDS = 60.0


class Port(Protocol):
    """How the parent speaks with a worker; every failure to do so is an `OSError`."""

    @property
    def takes_descriptors(self) -> bool:
        """Whether a file can be handed over as it is."""

    def send(self, data: bytes, descriptor: int | None = None) -> None:
        """Send all of `data`, and `descriptor` beside its first byte."""

    def receive(self, count: int, deadline: float) -> bytes:
        """Exactly `count` bytes; `TimeoutError` after `deadline` (`time.monotonic`), `EOFError` at the end."""

    def finish(self) -> None:
        """Let the worker see that nothing more will come."""

    def close(self) -> None:
        """Give back what the line holds; the worker has ended."""


class SocketPort:
    """A Unix socket pair: descriptors travel on it. `child` is the end to be handed to the worker."""

    takes_descriptors = True

    def __init__(self) -> None:
        self._socket, self._child = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._child.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _AHEAD)
        self._room = bytearray(_ROOM)
        self._start = self._end = 0  # of what is held in the room

    @property
    def child(self) -> int:
        """Descriptor of the worker's end."""
        return self._child.fileno()

    @property
    def pending(self) -> int:
        """Bytes that have come and were not asked for."""
        return self._end - self._start

    def started(self) -> None:
        """The worker has its end: close ours of it, or its death would never be noticed."""
        self._child.close()

    def send(self, data: bytes, descriptor: int | None = None) -> None:
        """Send all of `data`, and `descriptor` beside its first byte."""
        self._socket.settimeout(_SEND_SECONDS)  # a worker that does not listen must not hold us
        if descriptor is None:
            self._socket.sendall(data)
            return
        sent = socket.send_fds(self._socket, [data], [descriptor])
        if sent < len(data):
            self._socket.sendall(data[sent:])

    def receive(self, count: int, deadline: float) -> bytes:
        """Exactly `count` bytes, before `deadline`."""
        if self.pending < count:
            self._make_room(count)
        room = memoryview(self._room)
        while self.pending < count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            more = self._socket.recv_into(room[self._end :])
            if not more:
                raise EOFError
            self._end += more
        start, self._start = self._start, self._start + count
        return bytes(room[start : self._start])

    def _make_room(self, count: int) -> None:
        """See that `count` bytes from the first held one on fit; the room of a long frame goes after it."""
        held = self.pending
        size = max(count, _ROOM)
        if len(self._room) < size or (len(self._room) > size and not held):
            room = bytearray(size)
            room[:held] = memoryview(self._room)[self._start : self._end]
            self._room = room
        elif not held or self._start + count > len(self._room):
            self._room[:held] = self._room[self._start : self._end]
        else:
            return
        self._start, self._end = 0, held

    def finish(self) -> None:
        """Let the worker see that nothing more will come."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it is gone already

    def close(self) -> None:
        """Give back what the line holds."""
        self._child.close()
        self._socket.close()


class PipePort:
    """The worker's standard input and output, for systems without descriptor passing.

    A thread reads, because a pipe cannot be waited for with a deadline everywhere.
    """

    takes_descriptors = False

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._out = cast("IO[bytes]", process.stdin)
        self._in = cast("IO[bytes]", process.stdout)
        self._held = bytearray()
        self._pieces: queue.Queue[bytes] = queue.Queue(maxsize=64)
        self._closed = threading.Event()
        self._reader = threading.Thread(target=self._read, name="worker line", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while not self._closed.is_set():
            try:
                piece = os.read(self._in.fileno(), _PIECE)
            except (OSError, ValueError):
                piece = b""
            while not self._closed.is_set():
                try:
                    self._pieces.put(piece, timeout=0.2)
                    break
                except queue.Full:
                    continue
            if not piece:
                return

    def send(self, data: bytes, descriptor: int | None = None) -> None:
        """Send all of `data`; a descriptor cannot be sent here."""
        if descriptor is not None:
            raise OSError("a pipe takes no descriptor")
        self._out.write(data)
        self._out.flush()

    def receive(self, count: int, deadline: float) -> bytes:
        """Exactly `count` bytes, before `deadline`."""
        held = self._held
        while len(held) < count:
            try:
                piece = self._pieces.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise TimeoutError from None
            if not piece:
                raise EOFError
            held += piece
        given = bytes(memoryview(held)[:count])
        del held[:count]
        return given

    def finish(self) -> None:
        """Let the worker see that nothing more will come."""
        self._closed.set()
        try:
            self._out.close()
        except OSError:
            pass  # it is gone already

    def close(self) -> None:
        """Give back what the line holds; the worker has ended, so its pipe has too."""
        self.finish()
        self._reader.join(5)
        self._in.close()
