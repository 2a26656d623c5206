from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from casekit.confine import child, line


@pytest.fixture(autouse=True)
def functions_can_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def served(monkeypatch: pytest.MonkeyPatch, *requests: bytes) -> bytes:
    """What the child says when it is asked, here in this very process and without its walls."""
    monkeypatch.setattr(child.lockdown, "apply", lambda *_: "no walls")
    ours, its = socket.socketpair()
    ours.sendall(b"".join(requests))
    ours.shutdown(socket.SHUT_WR)
    child.main([f"socket:{its.detach()}", "1000000", "100", "10", "m:wave"])
    said = ours.recv(1 << 16)
    ours.close()
    return said


def request(function: str, data: bytes, argument: bytes = b"", kind: int = line.INLINE) -> bytes:
    name = function.encode()
    return line.REQUEST.pack(kind, len(name), len(argument), len(data)) + name + argument + data


def frame(kind: int, data: bytes = b"") -> bytes:
    return line.REPLY.pack(kind, len(data)) + data


def test_it_greets_serves_and_ends_with_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    said = served(
        monkeypatch,
        request("worker_functions:echo", b"data", b"argument"),
        request("worker_functions:fail", b""),
        request("worker_functions:huge", b"", b"101"),
        request("worker_functions:size", b"four"),
    )
    assert said == b"".join(
        (
            frame(line.READY, b"no walls"),
            frame(line.DATA, b"argument"),
            frame(line.DATA, b"data"),
            frame(line.END),
            frame(line.FAILED, b"ValueError"),
            frame(line.FAILED, b"FrameTooLong"),
            frame(line.DATA, b"4"),
            frame(line.END),
        )
    )
    assert "wave" in sys.modules


def test_half_a_request_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    said = served(monkeypatch, request("worker_functions:echo", b"data")[:20])
    assert said == frame(line.READY, b"no walls")


def test_descriptors_are_not_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    held = len(list(Path("/dev/fd").iterdir()))
    served(monkeypatch, request("worker_functions:size", b"x"))
    assert len(list(Path("/dev/fd").iterdir())) == held
