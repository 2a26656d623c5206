from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from casekit.confine.port import PipePort, SocketPort
from tests.waiting import MOST_SECONDS


def test_a_socket_gives_exactly_what_was_asked_for_and_notices_the_end() -> None:
    port = SocketPort()
    other = socket.socket(fileno=os.dup(port.child))
    port.started()
    other.sendall(b"abcdef")
    assert port.receive(2, time.monotonic() + MOST_SECONDS) == b"ab"
    assert port.receive(4, time.monotonic() + MOST_SECONDS) == b"cdef"
    with pytest.raises(TimeoutError):
        port.receive(1, time.monotonic() + 0.05)
    other.close()
    with pytest.raises(EOFError):  # only because our copy of the worker's end is closed
        port.receive(1, time.monotonic() + MOST_SECONDS)
    port.close()


def test_a_worker_that_does_not_listen_does_not_hold_its_parent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("casekit.confine.port._SEND_SECONDS", 0.1)
    port = SocketPort()
    with pytest.raises(TimeoutError):
        port.send(bytes(64 << 20))
    port.close()


def test_a_descriptor_travels_beside_the_bytes(tmp_path: Path) -> None:
    place = tmp_path / "evidence"
    place.write_bytes(b"seen")
    port = SocketPort()
    other = socket.socket(fileno=os.dup(port.child))
    port.started()
    with place.open("rb") as file:
        port.send(b"head", file.fileno())
    data, descriptors, _flags, _address = socket.recv_fds(other, 100, 1)
    with os.fdopen(descriptors[0], "rb") as received:
        assert (data, received.read()) == (b"head", b"seen")
    other.close()
    port.close()


def test_pipes_do_the_same_without_descriptors() -> None:
    script = "import sys; data = sys.stdin.buffer.read(3); sys.stdout.buffer.write(data * 2)"
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    port = PipePort(process)
    with pytest.raises(TimeoutError):
        port.receive(1, time.monotonic() + 0.05)
    with pytest.raises(OSError, match="no descriptor"):
        port.send(b"", 0)
    port.send(b"abc")
    assert port.receive(6, time.monotonic() + MOST_SECONDS) == b"abcabc"
    with pytest.raises(EOFError):
        port.receive(1, time.monotonic() + MOST_SECONDS)
    process.wait()
    port.close()
