"""The worker's own side: it gives up its powers, then runs functions on the bytes it is handed."""

from __future__ import annotations

import array
import gc
import importlib
import mmap
import os
import socket
import sys
from collections.abc import Callable, Iterable
from typing import Any

from casekit.confine import line, lockdown

_ANCILLARY = 64
_GREETING = 1024
_COLLECT_AFTER = 200_000


class _Ended(Exception):
    """The other side is gone."""


class _SocketPort:
    """A Unix socket on which descriptors arrive beside the bytes."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._descriptors: list[int] = []

    def read(self, count: int) -> bytes:
        pieces = []
        while count:
            piece, ancillary, _flags, _address = self._socket.recvmsg(
                min(count, 1 << 20), _ANCILLARY
            )
            for level, kind, data in ancillary:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    found = array.array("i")
                    found.frombytes(data[: len(data) - len(data) % found.itemsize])
                    self._descriptors.extend(found)
            if not piece:
                raise _Ended
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)

    def write(self, data: bytes) -> None:
        _write_all(self._socket.fileno(), data)  # plain write: the filter refuses send

    def descriptor(self) -> int:
        return self._descriptors.pop(0)

    def close(self) -> None:
        self._socket.close()


class _PipePort:
    """Two pipes, for systems that cannot hand over descriptors: every payload arrives inline."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    def read(self, count: int) -> bytes:
        pieces = []
        while count:
            piece = os.read(self._incoming, min(count, 1 << 20))
            if not piece:
                raise _Ended
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)

    def write(self, data: bytes) -> None:
        _write_all(self._outgoing, data)

    def descriptor(self) -> int:
        raise _Ended

    def close(self) -> None:
        os.close(self._incoming)
        os.close(self._outgoing)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except (BrokenPipeError, ConnectionError):
            raise _Ended from None


def main(arguments: list[str]) -> None:
    """Serve calls until the line ends.

    Args:
        arguments: `program` and what `program.become` takes; or `socket N` or `pipes`, then memory, frame
            and file limits, then folders that may be read, each after an `r:`, and modules to load, each
            after an `m:`.
    """
    if arguments[0] == "program":
        from casekit.confine.program import become

        become(arguments[1:])
        return
    port = _port(arguments[0])
    memory, frame, files = (int(number) for number in arguments[1:4])
    readable = [word[2:] for word in arguments[4:] if word.startswith("r:")]
    level = lockdown.apply(memory, files, readable)
    for word in arguments[4:]:
        if word.startswith("m:"):
            importlib.import_module(word[2:])
    gc.freeze()  # what is loaded stays; what is parsed are trees, and a look for cycles would walk them all
    gc.set_threshold(_COLLECT_AFTER)
    try:
        _send(port, line.READY, level.encode()[:_GREETING])
        held = [b""]
        while True:
            _serve(port, frame, held)
    except _Ended:
        port.close()


def _port(word: str) -> _SocketPort | _PipePort:
    if word.startswith("socket:"):
        return _SocketPort(int(word[7:]))
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)  # what a library prints must not be taken for a frame
    os.close(nothing)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(incoming, os.O_BINARY)
        msvcrt.setmode(outgoing, os.O_BINARY)
    return _PipePort(incoming, outgoing)


def _send(port: _SocketPort | _PipePort, kind: int, data: bytes) -> None:
    head = line.REPLY.pack(kind, len(data))
    if len(data) < 1 << 16:
        port.write(head + data)
    else:
        port.write(head)
        port.write(data)


def _serve(port: _SocketPort | _PipePort, limit: int, held: list[bytes]) -> None:
    """Do one call; `held` keeps the bytes it came with for the next, which may be about the same."""
    payload, name_size, argument_size, data_size = line.REQUEST.unpack(port.read(line.REQUEST.size))
    name = port.read(name_size).decode()
    argument = port.read(argument_size)
    data: bytes | mmap.mmap
    if payload == line.AGAIN:
        data = held[0]
    elif payload == line.INLINE:
        held[0] = b""
        data = held[0] = port.read(data_size)
    else:
        held[0] = b""
        descriptor = port.descriptor()
        try:
            data = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) if data_size else b""
        except OSError:  # the file does not fit into the memory that may be used
            _send(port, line.FAILED, MemoryError.__name__.encode())
            return
        finally:
            os.close(descriptor)
    try:
        _run(port, _function(name), data, argument, limit)
    except _Ended:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever went wrong, the line must say so
        _send(port, line.FAILED, type(error).__name__.encode()[:80])
    else:
        _send(port, line.END, b"")
    if isinstance(data, mmap.mmap):
        try:
            data.close()
        except BufferError:  # something still looks at it; it goes when that goes
            pass


def _function(name: str) -> Callable[[bytes | mmap.mmap, bytes], Any]:
    module, _, function = name.partition(":")
    found: Callable[[bytes | mmap.mmap, bytes], Any] = getattr(
        importlib.import_module(module), function
    )
    return found


class FrameTooLong(Exception):
    """The function made a frame that is longer than the line allows."""


def _run(
    port: _SocketPort | _PipePort,
    function: Callable[[bytes | mmap.mmap, bytes], Any],
    data: bytes | mmap.mmap,
    argument: bytes,
    limit: int,
) -> None:
    made: bytes | Iterable[bytes] = function(data, argument)
    for frame in [made] if isinstance(made, bytes) else made:
        if len(frame) > limit:
            raise FrameTooLong
        _send(port, line.DATA, frame)
        if isinstance(data, mmap.mmap) and hasattr(data, "madvise"):
            data.madvise(mmap.MADV_DONTNEED)  # what is looked at again comes back from the file
