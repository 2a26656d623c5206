from __future__ import annotations

import io
import re
import sys

import pytest

from casekit.cli import output
from casekit.cli.output import Meter, json_line, say, say_text


def test_a_json_line_is_one_line_with_bytes_as_hex(capsys: pytest.CaptureFixture[str]) -> None:
    json_line({"v": 1, "sha256": b"\x01\xff", "text": "图\n\x1b[2J\x9b\x7f\u202e"})
    assert capsys.readouterr().out == (
        '{"v":1,"sha256":"01ff","text":"图\\n\\u001b[2J\\u009b\\u007f\\u202e"}\n'
    )


def test_what_has_no_json_form_is_a_bug() -> None:
    with pytest.raises(TypeError):
        json_line({"what": object()})


def test_a_terminal_is_never_told_what_to_do_by_evidence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say("a\x1b]0;owned\x07b\nc\rd\u202egnp.exe 图 é 👩‍🚀")
    say_text("one\n\ttwo\x1b[31m\r\nthree\x9b")
    assert capsys.readouterr().out == (
        "a\\x1b]0;owned\\x07b\\nc\\rd\\u202egnp.exe 图 é 👩‍🚀\none\n\ttwo\\x1b[31m\\r\nthree\\x9b\n"
    )


class Screen(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_meter_shows_share_rate_and_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, now = Screen(), [0.0]
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(output.time, "monotonic", lambda: now[0])
    meter = Meter("Importing", unit="B")
    for now[0], done, text in (
        (0.3, 30, "a"),
        (0.4, 40, "too soon"),
        (10.0, 250, "x" * 60 + "\x1b"),
    ):
        meter.step(done, 1000, text)
    now[0] = 12.0
    meter.done("1,000 items")
    assert screen.getvalue().rstrip("\n").split("\r")[1:] == [
        "Importing · 3 % · a",
        "Importing · 25 % · 30 s left · 25 B/s · …" + "x" * 46 + "\\x1b",
        "Importing · 1,000 items · 12.0 s".ljust(
            len("Importing · 25 % · 30 s left · 25 B/s · …") + 50
        ),
    ]


def test_a_meter_in_a_file_writes_few_lines_and_a_silent_one_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(output.time, "monotonic", lambda: now[0])
    for meter in (Meter("Reading", announce=True), Meter("Hidden", shown=False, announce=True)):
        for now[0] in (106.0, 107.0, 112.0):
            meter.step(1, None, "")
        meter.done("ready")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [re.sub(r"[\d.]+ s", "n s", line) for line in printed.err.splitlines()] == [
        "Reading …", "Reading", "Reading", "Reading · ready · n s",
    ]  # fmt: skip
