"""Lines of IRC logs: hides how irssi, WeeChat, HexChat and ZNC each write who said what and on which day.

Source: irssi `log_timestamp` and `log_day_changed`, WeeChat's logger plugin, HexChat's text events, ZNC's
module `log`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
_FULL = r"(?P<day>\d{4}-\d\d-\d\d)[ T]"
_SHORT = r"(?P<month>[A-Z][a-z]{2}) (?P<monthday>[ \d]\d) "
_NICK = r"[~&@%+ ]?(?P<nick>[^\s<>]{1,60})"
_LINE = re.compile(
    rf"\[?(?:{_FULL}|{_SHORT})?{_TIME}\]?[ \t]+"
    rf"(?:<{_NICK}>(?:[ \t]|$)|(?P<act>\* ?\t?)(?P<actor>[^\s*]\S{{0,60}})[ \t]|(?P<sign>-!-|\*\*\*|\*)[ \t]+)"
)
_WEECHAT = re.compile(rf"{_FULL}{_TIME}\t(?P<who>[^\t]{{0,60}})\t")
_SIGNS = ("-->", "<--", "--", "=!=", "")
_OPENED = re.compile(
    r"(?:--- (?:Log opened|Day changed|Log closed)|\*\*\*\* (?:BEGIN|ENDING) LOGGING AT) "
    r"(?:[A-Z][a-z]{2} )?(?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2})(?: \d\d:\d\d:\d\d)? (?P<year>\d{4})\s*"
)


class IrcLine(NamedTuple):
    """One line of a log.

    Attributes:
        date: Year, month, day as far as the line tells; 0 for what it does not.
        time: Hour, minute, second; the second is None where the log has none.
        stamp: Date and time as printed.
        nick: Who said it, or did it; empty for an event.
        event: `action`, `event`, or empty for what was said.
        text: What was said, or what happened.
    """

    date: tuple[int, int, int]
    time: tuple[int, int, int | None]
    stamp: str
    nick: str
    event: str
    text: str


def irc_line(line: str) -> IrcLine | None:
    """What a line says, or None if it has the form of no log that is known."""
    match = _WEECHAT.match(line)
    if match:
        nick = match["who"].strip().lstrip("~&@%+")
        text = line[match.end() :]
        if match["who"].strip() == "*":
            nick, _, text = text.partition(" ")
            return _made(line, match, nick, "action", text)
        if nick in _SIGNS:
            return _made(line, match, "", "event", text)
        return _made(line, match, nick, "", text)
    match = _LINE.match(line)
    if match is None:
        return None
    text = line[match.end() :]
    if match["nick"]:
        return _made(line, match, match["nick"], "", text)
    if match["actor"]:
        return _made(line, match, match["actor"], "action", text)
    return _made(line, match, "", "event", text)


def day_of(line: str) -> tuple[int, int, int] | None:
    """Year, month and day of a line that says when a log was opened or that a day began."""
    match = _OPENED.fullmatch(line)
    if match is None or match["month"] not in _MONTHS:
        return None
    return int(match["year"]), _MONTHS.index(match["month"]) + 1, int(match["day"])


def day_in(name: str) -> tuple[int, int, int] | None:
    """The day that a file's name states, such as `#c_20200131.log`."""
    match = re.search(r"(?<!\d)((?:19|20)\d\d)-?(\d\d)-?(\d\d)(?!\d)", name)
    if match is None:
        return None
    found = (int(match[1]), int(match[2]), int(match[3]))
    try:
        dt.date(*found)
    except ValueError:
        return None
    return found


def _made(line: str, match: re.Match[str], nick: str, event: str, text: str) -> IrcLine | None:
    groups = match.groupdict()
    hour, minute, second = int(match["hour"]), int(match["minute"]), match["second"]
    if hour > 23 or minute > 59 or int(second or 0) > 60:
        return None
    date = (0, 0, 0)
    if groups.get("day"):
        year, month, day = groups["day"].split("-")
        date = (int(year), int(month), int(day))
    elif groups.get("month"):
        if groups["month"] not in _MONTHS:
            return None
        date = (0, _MONTHS.index(groups["month"]) + 1, int(groups["monthday"]))
    end = match.end("second") if second else match.end("minute")
    stamp = line[match.start() : end].lstrip("[")
    return IrcLine(date, (hour, minute, int(second) if second else None), stamp, nick, event, text)
