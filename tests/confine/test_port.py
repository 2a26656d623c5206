from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from casekit.confine.port import _ROOM, PipePort, SocketPort
from tests.waiting import MOST_SECONDS


def test_a_socket_gives_exactly_what_was_asked_for_and_notices_the_end() -> None:
    port = SocketPort()
    other = socket.socket(fileno=os.dup(port.child))
    port.started()
    other.sendall(b"abcdef")
    assert port.receive(2, time.monotonic() + MOST_SECONDS) == b"ab"
    assert port.pending == 4
    assert port.receive(4, time.monotonic() + MOST_SECONDS) == b"cdef"
    with pytest.raises(TimeoutError):
        port.receive(1, time.monotonic() + 0.05)
    other.close()
    with pytest.raises(EOFError):  # only because our copy of the worker's end is closed
        port.receive(1, time.monotonic() + MOST_SECONDS)
    port.close()


def test_pieces_of_any_length_come_whole_and_in_their_order() -> None:
    draw = random.Random(4711)
    lengths = [draw.choice((1, 5, 1_000, 70_000, _ROOM - 1, _ROOM, 3 * _ROOM)) for _ in range(120)]
    sent = draw.randbytes(sum(lengths))
    port = SocketPort()
    with socket.socket(fileno=os.dup(port.child)) as other:
        port.started()
        writing = threading.Thread(target=other.sendall, args=(sent,), daemon=True)
        writing.start()
        at = 0
        for length in lengths:
            assert port.receive(length, time.monotonic() + MOST_SECONDS) == sent[at : at + length]
            at += length
        writing.join(MOST_SECONDS)
        other.sendall(b"abc")
        assert port.receive(1, time.monotonic() + MOST_SECONDS) == b"a"
        assert len(port._room) == _ROOM  # what a long one needed has been given back
    port.close()


def test_what_came_before_a_deadline_is_kept_for_the_next_asking() -> None:
    port = SocketPort()
    with socket.socket(fileno=os.dup(port.child)) as other:
        port.started()
        sent = random.Random(4711).randbytes(2 * _ROOM)
        for length in (7, _ROOM + 7):
            for start in range(0, length, 1 + length // 3):
                with pytest.raises(TimeoutError):
                    port.receive(length, time.monotonic() + 0.02)
                other.sendall(sent[start : min(length, start + 1 + length // 3)])
            assert port.receive(length, time.monotonic() + MOST_SECONDS) == sent[:length]
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
