from __future__ import annotations

import sys
from pathlib import Path

import pytest

from casekit.confine import WorkerFailed, WorkerHung, program
from casekit.confine.program import can_confine, run_program

pytestmark = pytest.mark.skipif(not can_confine(), reason="this system cannot hold a program in")
CAT, SHELL = "/bin/cat", "/bin/sh"


def python(script: str, **options: object) -> bytes:
    places = [sys.base_prefix, str(Path(sys.executable).resolve().parent)]
    command = [str(Path(sys.executable).resolve()), "-I", "-S", "-c", script]
    return run_program(command, b"", readable=places, **options)  # type: ignore[arg-type]


def test_bytes_go_in_and_the_answer_comes_out() -> None:
    data = bytes(range(256)) * 4096
    assert run_program([CAT], data) == data


def test_it_reads_no_file_that_is_not_named(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    for place in (str(secret), "/etc/passwd", "/proc/self/environ"):
        with pytest.raises(WorkerFailed):
            run_program([CAT, place], b"")
    assert run_program([CAT, str(secret)], b"", readable=[str(tmp_path)]) == b"secret"


def test_it_writes_nothing_and_starts_no_other_program(tmp_path: Path) -> None:
    assert run_program([SHELL, "-c", "echo here"], b"") == b"here\n"
    for script in (f"echo x > {tmp_path}/made", "/bin/cat", "exec /bin/cat", "(true)"):
        with pytest.raises(WorkerFailed):
            run_program([SHELL, "-c", script], b"text")
    assert list(tmp_path.iterdir()) == []


def test_it_need_not_take_all_that_it_is_given() -> None:
    assert run_program(["/usr/bin/head", "-c", "3"], b"abc" * 1_000_000) == b"abc"


def test_it_has_no_network() -> None:
    script = "import socket\ntry: socket.socket()\nexcept PermissionError: print('refused')"
    assert python(script) == b"refused\n"


def test_it_is_ended_when_it_takes_too_long_or_says_too_much() -> None:
    with pytest.raises(WorkerHung):
        python("import time; time.sleep(60)", seconds=1.0)
    with pytest.raises(WorkerFailed, match="TooMuchOutput"):
        run_program([CAT], bytes(1000), most_output=999)
    with pytest.raises(WorkerFailed, match="TooMuchOutput"):  # without keeping what never ends
        python("while True: print('y' * 1000)", most_output=999)
    with pytest.raises(WorkerFailed):
        run_program(["/no/such/program"], b"")


def test_where_nothing_can_hold_it_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program.landlock, "abi", lambda: 0)
    with pytest.raises(WorkerFailed, match="NotConfined"):
        run_program([CAT], b"")
