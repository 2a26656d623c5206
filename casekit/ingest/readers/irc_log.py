"""IRC logs of irssi, WeeChat, HexChat and ZNC: a message a line, its day from where the log tells it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from casekit.clock import to_us
from casekit.ingest.containers import Data
from casekit.ingest.dialects.chat import LOCAL, put_message
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.framing import Fault, Ledger, lines
from casekit.ingest.irc_lines import IrcLine, day_in, day_of, irc_line
from casekit.ingest.parsed import Books, Context, Parsed, Party, Problem, When

_CHANNEL = re.compile(r"[#&][^\s/,]+?(?=[._-]?\d{4}-?\d\d-?\d\d|\.weechatlog|\.log|\.txt|$)")
_DAY_FROM_NAME = "; day taken from the file's name"


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `message` for each line; lines of days and openings are separators, any other is quarantined.

    A line that names no day is of the day last named before it, or else of the file's name; with neither
    its message has no time and a problem says so.
    """
    ledger = Ledger()
    log = _Log(context)
    told = False
    for frame in lines(untrusted_data, ledger):
        if isinstance(frame, Fault):
            yield ledger.set_aside(frame)
            continue
        raw, offset, number = frame
        text = raw.decode("utf-8", "replace")
        day = day_of(text)
        if day is not None:
            log.day, log.named = day, True
            ledger.separators += len(raw)
            continue
        line = irc_line(text)
        if line is None:
            said = "The line has not the form of the log's other lines."
            yield ledger.set_aside(Fault("bad-line", said, offset, len(raw), number))
            continue
        made = log.message(raw, line)
        if made.when is None and not told:
            told = True
            said = (
                "Neither the log nor its name tells the day of these lines, so they have no time."
            )
            yield Problem("parse", "no-date", said)
        ledger.good += len(raw)
        yield finish(made, offset, number, "", "text/plain")
    yield ledger.books()


class _Log:
    """One log: its channel, and the day where the reading stands.

    Attributes:
        day: Year, month, day; None before any is known.
        named: Whether a line named it, rather than the file's name.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        stem = context.name.rpartition("/")[2]
        found = _CHANNEL.search(stem) or _CHANNEL.search(context.folder)
        self._channel = found[0] if found else ""
        self.day = day_in(stem)
        self.named = False

    def message(self, raw: bytes, line: IrcLine) -> Draft:
        """The draft of one line."""
        draft = Draft(raw, self._context)
        parties = [Party("from", line.nick, "")] if line.nick else []
        if self._channel:
            parties.append(Party("to", self._channel, ""))
        facts: dict[str, Any] = {
            "chat": self._channel or self._context.name.rpartition("/")[2],
            "channel": self._channel,
            "event": line.event,
        }
        when = self._when(line)
        put_message(draft, "IRC", text=line.text, when=when, parties=parties, facts=facts)
        return draft

    def _when(self, line: IrcLine) -> When | None:
        year, month, day = line.date
        if not year and self.day is not None:
            year = self.day[0]
            month, day = (month, day) if month else self.day[1:]
        hour, minute, second = line.time
        try:
            moment = dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC)
        except ValueError:
            return None
        zone = LOCAL if line.date[0] or self.named else LOCAL + _DAY_FROM_NAME
        step = 60_000_000 if second is None else 1_000_000
        return When(to_us(moment) + (second or 0) * 1_000_000, line.stamp, "line", zone, step)
