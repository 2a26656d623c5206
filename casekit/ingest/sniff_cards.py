"""Tells calendars and address books by the line they begin with."""

from __future__ import annotations

import re

from casekit.ingest.sniff_text import Head, Told

_BEGIN = re.compile(
    rb"\s*+(?:[A-Z0-9-]{1,80}\.)?BEGIN[ \t]*:[ \t]*(?:(VCARD)|VCALENDAR|VEVENT|VTODO|VJOURNAL|"
    rb"VFREEBUSY|VTIMEZONE|VALARM|VAVAILABILITY)[ \t]*(?:\r|\n|\Z)",
    re.IGNORECASE,
)
_OTHER = re.compile(rb"\s*+BEGIN[ \t]*:[ \t]*[A-Z][A-Z0-9-]{0,60}[ \t]*[\r\n]", re.IGNORECASE)
_EVENT = re.compile(rb"[\r\n]BEGIN:VEVENT[ \t]*[\r\n]", re.IGNORECASE)


def as_cards(head: Head) -> Told | None:
    """`BEGIN:` and the name of a calendar, of one of its parts, or of a card (RFC 5545, RFC 6350)."""
    found = _BEGIN.match(head.raw)
    if found is None:
        if _OTHER.match(head.raw) and _EVENT.search(head.raw):
            return "ics", 0.7, "a block of a program's own with events in it"
        return None
    if found[1]:
        return "vcf", 0.95, "begins as a vCard"
    return "ics", 0.95, "begins as a calendar"
