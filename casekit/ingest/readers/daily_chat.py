"""Chats kept as text whose days stand on lines of their own, or nowhere: LINE, KakaoTalk and Zoom."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from casekit.ingest.charsets import tidy
from casekit.ingest.chat_stamps import Calendar, Stamp, Votes
from casekit.ingest.containers import Data
from casekit.ingest.daily_chats import (
    Day,
    Form,
    clock_of,
    day_in,
    form_of,
    group,
    said_in,
    stamp_of,
)
from casekit.ingest.dialects.chat import put_message
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.framing import BOM, MAX_RECORD, Fault, Ledger, lines
from casekit.ingest.parsed import Books, Context, Parsed, Party, Problem, When
from casekit.ingest.records import document

_HEAD = 60
_DIRECT = ("(Direct Message)", "(Privately)")
_LONGEST = 400
_DIGIT = re.compile(rb"[0-9]")


class _Begin(NamedTuple):
    """A line that begins a message, names a day, or is an event: where it stands, and what it says."""

    offset: int
    number: int
    said: re.Match[str] | None
    day: Day | None
    named: bool = False


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `message` for each line with a time, up to the next such line; days and heads are separators.

    Facts besides those of every chat: `date_order` and `date_order_by`, `time_shown` (a time without a
    day, as printed), `weekday_differs` (the day of the week that stands there is not the date's), `direct`
    (not said to all), `left_out` (what was not exported), `event` of a line that nobody said.
    """
    first = []
    for frame in lines(untrusted_data, Ledger()):
        if not isinstance(frame, Fault):
            first.append(frame[0][:_LONGEST].decode("utf-8", "replace"))
        if len(first) >= _HEAD:
            break
    form = form_of(first)
    if form is None:
        said = "No line of it begins with a date and a time; the file is kept as one document."
        yield from document(
            untrusted_data, context, "text/plain", (Problem("frame", "no-stamp", said),)
        )
        return
    votes, chat = Votes(), _Chat(context, form)
    for begin in _begins(untrusted_data, form):
        stamp = stamp_of(begin.said, begin.day) if begin.said else None
        if stamp is not None:
            day = _day_above(begin)
            votes.add(stamp, day.weekday if day else None)
    chat.calendar = votes.decide() if votes.stamps else None
    yield from _doubts(chat.calendar, votes)
    yield from _messages(untrusted_data, chat)


def _day_above(begin: _Begin) -> Day | None:
    """The line of a day by which the message is dated; none where its own line has a date."""
    return None if begin.said is not None and group(begin.said, "a") else begin.day


def _doubts(calendar: Calendar | None, votes: Votes) -> Iterator[Problem]:
    if calendar is None or not votes.stamps:
        said = (
            "The file tells no day, and its times may count from the start of a recording, so its messages "
            "have no time."
        )
        yield Problem("parse", "no-date", said)
    elif calendar.by == "assumed":
        first = "month" if calendar.order == "mdy" else "year" if calendar.order == "ymd" else "day"
        said = (
            "No date of the file tells whether the day or the month comes first; "
            f"it was read with the {first} first."
        )
        yield Problem("parse", "ambiguous-date", said)


def _messages(untrusted_data: Data, chat: _Chat) -> Iterator[Parsed | Problem | Books]:
    good = bad = 0
    size, before = len(untrusted_data), len(BOM) if untrusted_data[:3] == BOM else 0
    begins = _begins(untrusted_data, chat.form)
    current = next(begins, None)
    stop = size if current is None else current.offset
    for place, line in _lines_between(untrusted_data, before, stop):
        if not chat.is_head(line):
            bad += len(line)
            said = "These bytes stand before the first message."
            number = 1 + untrusted_data[:place].count(b"\n")
            yield Problem("frame", "preamble", said, number, place, len(line))
    while current is not None:
        after = next(begins, None)
        stop = size if after is None else after.offset
        raw = untrusted_data[current.offset : stop].rstrip(b"\r\n")
        if len(raw) > MAX_RECORD:
            said = f"The message is longer than {MAX_RECORD:,} bytes and was not read."
            yield Problem("frame", "too-long", said, current.number, current.offset, len(raw))
            bad += len(raw)
        elif current.named:
            rest = list(_lines_between(untrusted_data, current.offset, stop))[1:]
            for place, line in rest:
                bad += len(line)
                said = "The line has not the form of the log's other lines."
                number = 1 + untrusted_data[:place].count(b"\n")
                yield Fault("bad-line", said, place, len(line), number).problem()
        else:
            good += len(raw)
            yield chat.message(raw, current)
        current = after
    yield Books(good, bad, size - good - bad)


def _lines_between(untrusted_data: Data, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
    """Place and bytes of each line between two places that is not blank, without its end."""
    for line in untrusted_data[start:stop].splitlines(keepends=True):
        if line.strip():
            yield start, line.rstrip(b"\r\n")
        start += len(line)


def _begins(untrusted_data: Data, form: Form) -> Iterator[_Begin]:
    """The lines that begin something, each with the day that it belongs to."""
    day: Day | None = None
    for frame in lines(untrusted_data, Ledger()):
        if isinstance(frame, Fault):
            continue
        raw, offset, number = frame
        if form.event is None and _DIGIT.search(raw, 0, _LONGEST) is None:
            continue
        text = raw[:_LONGEST].decode("utf-8", "replace")
        if (said := said_in(form, text)) is not None:
            yield _Begin(offset, number, said, day)
        elif (found := day_in(form, text)) is not None:
            day = found
            yield _Begin(offset, number, None, day, named=True)
        elif form.event is not None and day is not None and form.event.fullmatch(text.strip()):
            yield _Begin(offset, number, None, day)


class _Chat:
    """One file's chat: what is the same for all its messages."""

    calendar: Calendar | None = None

    def __init__(self, context: Context, form: Form) -> None:
        self.form = form
        self._context = context
        self._name = ""
        self._stem = context.name.rpartition("/")[2].removesuffix(".txt") or context.folder

    def is_head(self, line: bytes) -> bool:
        """Whether a line above the first message belongs there; the chat's name is taken from it."""
        found = self.form.head.fullmatch(line.decode("utf-8", "replace").strip())
        if found is not None and "chat" in found.re.groupindex:
            self._name = self._name or group(found, "chat")
        return found is not None

    def message(self, raw: bytes, begin: _Begin) -> Parsed:
        """The item of one message, or of an event."""
        whole = tidy(raw.decode("utf-8", "replace"))
        draft = Draft(raw, self._context)
        if "\ufffd" in whole and b"\xef\xbf\xbd" not in raw:
            said = "Some of its bytes are no valid text and are shown as replacement characters."
            draft.problems = (Problem("parse", "bad-utf8", said),)
        match = begin.said
        stamp = stamp_of(match, begin.day) if match else None
        when = self._when(stamp, begin.day)
        if when is None and stamp is not None:
            said = "No calendar has the date that the line begins with."
            draft.problems += (Problem("parse", "bad-date", said),)
        sender, to, direct = self._people(match)
        text = self._text(whole[match.end() :] if match else whole)
        facts: dict[str, Any] = {
            "chat": self._name or self._stem,
            "event": "" if sender else "system line",
            "direct": direct,
            "time_shown": clock_of(match) if match and stamp is None else "",
            "weekday_differs": self._differs(when, _day_above(begin)),
            **self._marked(text),
        }
        if self.calendar is not None:
            facts["date_order"], facts["date_order_by"] = self.calendar.order, self.calendar.by
        parties = [Party("from", sender, "")] if sender else []
        parties += [Party("to", to, "")] if to and to != sender else []
        put_message(draft, self.form.service, text=text, when=when, parties=parties, facts=facts)
        return finish(draft, begin.offset, begin.number, "", "text/plain")

    def _people(self, match: re.Match[str] | None) -> tuple[str, str, bool]:
        """Who said it to whom, and whether to one alone."""
        if match is None:
            return "", self._name, False
        to = group(match, "to").strip()
        direct = to.endswith(_DIRECT)
        for ending in _DIRECT:
            to = to.removesuffix(ending).strip()
        return group(match, "sender").strip(), to or self._name, direct

    def _when(self, stamp: Stamp | None, day: Day | None) -> When | None:
        if self.calendar is None:
            return None
        if stamp is not None:
            return self.calendar.when(stamp)
        if day is None:
            return None
        whole = Stamp(
            day.raw, day.numbers, (0, 0, 0), "", "", ("day", day.separator, False, False), 0
        )
        found = self.calendar.when(whole)
        return found and When(found.us, found.raw, found.field, found.zone, 86_400_000_000)

    def _differs(self, when: When | None, day: Day | None) -> str:
        """The line of a day whose day of the week is not the date's."""
        if when is None or day is None or day.weekday is None:
            return ""
        date = dt.datetime.fromtimestamp(when.us // 1_000_000, dt.UTC)
        return "" if date.weekday() == day.weekday else day.raw

    def _text(self, text: str) -> str:
        """The words: without the quotes around several lines, or the indent that Zoom gives each."""
        if self.form.quoted and "\n" in text and text[:1] == '"' and text[-1:] == '"':
            return text[1:-1].replace('""', '"')
        if text[:1] == "\n":
            return "\n".join(line.removeprefix("\t") for line in text[1:].split("\n"))
        return text

    def _marked(self, text: str) -> dict[str, Any]:
        """What the program wrote in place of a file."""
        file = self.form.file.fullmatch(text) if self.form.file else None
        left_out = self.form.left_out.fullmatch(text) if self.form.left_out and not file else None
        return {
            "attachments": [{"name": file["file"].strip()}] if file else [],
            "left_out": text if left_out else "",
        }
