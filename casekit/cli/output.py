"""How commands print: JSON lines or plain words on stdout, progress on stderr."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Mapping
from typing import Any

import click
import orjson

from casekit.cli import stopping

AGAIN_SECONDS = 0.2
# What a terminal obeys, and what turns the order of letters round; the second leaves text its lines.
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_OBEYED_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def say(line: str, *, err: bool = False) -> None:
    """One line for people: evidence may hold control characters, which are shown and not obeyed."""
    click.echo(_shown(_OBEYED, line), err=err)


def say_text(text: str) -> None:
    """A text of several lines for people, as safe as a line."""
    click.echo(_shown(_OBEYED_IN_TEXT, text))


def _shown(obeyed: re.Pattern[str], text: str) -> str:
    return obeyed.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def json_line(values: Mapping[str, Any]) -> None:
    """One JSON object on a line of its own; bytes become hex, control characters JSON's escapes."""
    text = orjson.dumps(values, default=_as_hex).decode()
    click.echo(_OBEYED.sub(lambda found: f"\\u{ord(found.group()):04x}", text))


def _as_hex(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(type(value).__name__)


class Meter:
    """Progress as one line on stderr: share, rate and time left; silent where nobody watches."""

    def __init__(
        self, what: str, *, unit: str = "", shown: bool = True, announce: bool = False
    ) -> None:
        self._what = what
        self._unit = unit
        self._shown = shown
        self._tty = sys.stderr.isatty()
        self._started = time.monotonic()
        self._last = 0.0
        self._width = 0
        stopping.work_begins()
        if announce and shown:
            click.echo(f"{what} …", err=True)

    def step(self, done: int, total: int | None, text: str) -> None:
        """Print where the work stands, at most five times a second on a screen, else every 5 s.

        Raises:
            Cancelled: Ctrl-C was pressed.
        """
        stopping.check()
        now = time.monotonic()
        due = AGAIN_SECONDS if self._tty else 5.0
        if not self._shown or now - self._last < due:
            return
        self._last = now
        seconds = now - self._started
        parts = [self._what]
        if total:
            parts.append(f"{100 * done // total} %")
            if done and seconds > 2:
                parts.append(f"{max(0, round(seconds / done * (total - done)))} s left")
        if self._unit and seconds > 0.5:
            parts.append(f"{done / seconds:,.0f} {self._unit}/s")
        if text:
            parts.append(_shown(_OBEYED, text if len(text) <= 48 else f"…{text[-47:]}"))
        self._print(" · ".join(parts))

    def done(self, summary: str) -> None:
        """Replace the line by what came out."""
        stopping.work_ends()
        if self._shown:
            self._print(
                f"{self._what} · {summary} · {time.monotonic() - self._started:.1f} s", end=True
            )

    def _print(self, line: str, *, end: bool = False) -> None:
        if self._tty:
            click.echo("\r" + line.ljust(self._width), err=True, nl=end)
            self._width = len(line)
        else:
            click.echo(line, err=True)
