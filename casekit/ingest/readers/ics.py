"""A calendar (iCalendar): each event an item, with when, where and who."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from casekit.ingest.cards.blocks import Block, inline_file, not_closed
from casekit.ingest.cards.file import CardFile
from casekit.ingest.cards.lines import Line
from casekit.ingest.cards.moments import Zones, read_moment
from casekit.ingest.charsets import facts_text
from casekit.ingest.containers import Data
from casekit.ingest.dialects.draft import title_of
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.parsed import Books, Context, Kind, Parsed, Party, Problem, Step

MEDIA_TYPE = "text/calendar"

_KINDS: dict[str, Kind] = {
    "VEVENT": "event",
    "VTODO": "document",
    "VJOURNAL": "document",
    "VFREEBUSY": "document",
    "VAVAILABILITY": "document",
}
_TEXT_FACTS = {
    "uid": "UID", "location": "LOCATION", "status": "STATUS", "class": "CLASS", "url": "URL",
    "categories": "CATEGORIES", "geo": "GEO", "priority": "PRIORITY", "transparent": "TRANSP",
    "sequence": "SEQUENCE", "duration": "DURATION", "repeats": "RRULE", "comment": "COMMENT",
    "busy": "X-MICROSOFT-CDO-BUSYSTATUS", "meeting_link": "X-GOOGLE-CONFERENCE",
}  # fmt: skip
_TIME_FACTS = {
    "ends": "DTEND", "due": "DUE", "completed": "COMPLETED", "created": "CREATED",
    "modified": "LAST-MODIFIED", "stamped": "DTSTAMP", "occurrence": "RECURRENCE-ID",
}  # fmt: skip
_USED = frozenset({"DESCRIPTION", "ORGANIZER", "ATTENDEE", "RDATE", "EXDATE", "FREEBUSY", "ATTACH"})
"""Lines of which all are read."""
_FIRST = frozenset({"SUMMARY", "DTSTART", *_TEXT_FACTS.values(), *_TIME_FACTS.values()})
"""Lines of which the first is."""
_LONGEST = 100_000
_MOST = 5000
"""Attendees, attachments and dates of one event that are kept."""


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Read a calendar; events are `event`, tasks, journals and free times `document`.

    Each item's bytes are its lines from BEGIN to END. What stands around them (the calendar's own
    lines, its zones) is counted as separators.

    Source: RFC 5545, RFC 7986; RFC 5546 for METHOD; RFC 7953 for VAVAILABILITY.
    """
    file = CardFile(untrusted_data)
    for block, calendar, zones in _found(file.root, file.data):
        made = _Event(block, calendar, zones, file.data)
        yield made.parsed(file.take(block), context, file.placed)
    yield from file.rest()


def _found(root: Block, data: bytes) -> Iterator[tuple[Block, Block, Zones]]:
    """The blocks that become items, with their calendar and its zones; in file order."""
    waiting = [(root, root, Zones([], data))]
    while waiting:
        block, calendar, zones = waiting.pop()
        if block.name in _KINDS:
            yield block, calendar, zones
            continue
        if block is root or block.name == "VCALENDAR":
            calendar = block
            zones = Zones([one for one in block.blocks if one.name == "VTIMEZONE"], data)
        waiting += [(one, calendar, zones) for one in reversed(block.blocks)]


class _Event:
    def __init__(self, block: Block, calendar: Block, zones: Zones, data: bytes) -> None:
        self._block = block
        self._calendar = calendar
        self._zones = zones
        self._data = data
        self._problems: list[Problem] = []

    def parsed(self, step: Step, context: Context, placed: bool) -> Parsed:
        block = self._block
        start = block.first("DTSTART") or block.first("DUE") or block.first("DTSTAMP")
        when = read_moment(start, self._zones)
        if start is not None and when is None:
            text = f"The {start.name} line holds no time that a calendar has."
            self._problems.append(Problem("parse", "bad-date", text))
        body = "\n\n".join(one.text for one in block.all("DESCRIPTION") if one.text.strip())
        if len(body) > MAX_TEXT:
            text = "The text is longer than one item may carry; its end was left out."
            self._problems.append(Problem("limits", "too-much-text", text))
        more = "\n".join(self._more())[:MAX_TEXT]
        made = Parsed(
            _KINDS[block.name],
            "correspondence",
            _title(block, body),
            (step,),
            step.sha256,
            step.length,
            media_type=MEDIA_TYPE,
            texts=(("body", body[:MAX_TEXT]), *((("more", more),) if more else ())),
            when=when,
            parties=tuple(dict.fromkeys(self._parties())),
            facts=facts_text(self._facts()),
            problems=tuple(self._problems),
            children=tuple(self._files(context)) if placed else (),
        )
        return msgspec.structs.replace(made, problems=not_closed(made, block))

    def _more(self) -> Iterator[str]:
        """The lines that have no place elsewhere: a second summary, alarms, what programs add."""
        seen: set[str] = set()
        for block in self._block.walk():
            for line in block.lines:
                own = block is self._block
                used = own and (
                    line.name in _USED or (line.name in _FIRST and line.name not in seen)
                )
                seen.add(line.name if own else "")
                if not used and (said := line.raw_text[:_LONGEST].strip()):
                    yield f"{line.name}: {said}"

    def _parties(self) -> Iterator[Party]:
        for role, name in (("from", "ORGANIZER"), ("attendee", "ATTENDEE")):
            for line in self._block.all(name)[:_MOST]:
                address, shown = _address(line), line.parameters.get("CN", "")
                if address or shown:
                    yield Party(role, "" if shown == address else shown, address)

    def _facts(self) -> dict[str, object]:
        block, calendar = self._block, self._calendar
        found: dict[str, object] = {"component": block.name}
        found |= {key: block.text(name) for key, name in _TEXT_FACTS.items()}
        for key, name in _TIME_FACTS.items():
            when = read_moment(block.first(name), self._zones)
            if when is not None:
                found[key] = when.us
            elif line := block.first(name):
                found[f"{key}_text"] = line.raw_text
        for key, name in (("dates_added", "RDATE"), ("dates_left_out", "EXDATE")):
            found[key] = [one.raw_text for one in block.all(name)[:_MOST]]
        start = block.first("DTSTART")
        found["zone"] = start.parameters.get("TZID", "") if start else ""
        found["answers"] = {
            _address(line): line.parameters["PARTSTAT"]
            for line in block.all("ATTENDEE")[:_MOST]
            if "PARTSTAT" in line.parameters
        }
        found["attached"] = [
            one.raw_text[:2000]
            for one in block.all("ATTACH")[:_MOST]
            if inline_file(self._data, block, one, "") is None
        ]
        found["alarms"] = sum(one.name == "VALARM" for one in block.blocks)
        found["free_busy"] = [one.raw_text for one in block.all("FREEBUSY")[:_MOST]]
        found["method"] = calendar.text("METHOD")
        found["calendar"] = calendar.text("X-WR-CALNAME") or calendar.text("NAME")
        found["program"] = calendar.text("PRODID")
        return found

    def _files(self, context: Context) -> Iterator[Parsed]:
        from casekit.ingest.parts import (
            read_part,  # here, because parts read calendars in their turn
        )

        for line in self._block.all("ATTACH")[:_MOST]:
            name = line.parameters.get("FILENAME") or line.parameters.get("X-FILENAME", "")
            held: Any = inline_file(self._data, self._block, line, name)
            if held is None:
                continue
            step, given = held
            made = read_part(given, name, line.parameters.get("FMTTYPE", ""), context)
            yield msgspec.structs.replace(made, steps=(step,))


def _title(block: Block, body: str) -> str:
    """The summary; where there is none, what else tells the entry from others in a list."""
    found = (" ".join(block.text(name).split()) for name in ("SUMMARY", "LOCATION"))
    return next(filter(None, (next(found), title_of(body), next(found))), "(no text)")


def _address(line: Line) -> str:
    """The mail address of a person; what stands there instead where it is none."""
    value = line.text.strip()
    if value[:7].lower() == "mailto:":
        value = value[7:].strip()
    if "@" not in value and "EMAIL" in line.parameters:
        return line.parameters["EMAIL"]
    return value
