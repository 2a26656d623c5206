from __future__ import annotations

import pytest

from casekit.ingest.cards.blocks import read_blocks
from casekit.ingest.cards.lines import read_lines
from casekit.ingest.cards.moments import Zones, read_moment
from casekit.ingest.parsed import When

OWN = (
    b"BEGIN:VTIMEZONE\nTZID:Own zone\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
    b"TZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE\n"
    b"BEGIN:VTIMEZONE\nTZID:Broken\nBEGIN:STANDARD\nTZOFFSETTO:x\nEND:STANDARD\nEND:VTIMEZONE\n"
)
NOON = 1_767_614_400_000_000
"""5 January 2026, 12:00 UTC."""
HOUR = 3_600_000_000
FLOATING = "assumed:no zone given, read as UTC"


def moment(raw: str) -> When | None:
    (line,) = read_lines(raw.encode())
    return read_moment(line, Zones(read_blocks(read_lines(OWN), len(OWN)).blocks, OWN))


@pytest.mark.parametrize(
    ("raw", "us", "zone", "step"),
    [
        ("DTSTART:20260105T120000Z", NOON, "explicit", 1_000_000),
        ("DTSTART:20260105T120000", NOON, FLOATING, 1_000_000),
        ("DTSTART;TZID=Europe/Berlin:20260105T130000", NOON, "explicit", 1_000_000),
        ("DTSTART;TZID=W. Europe Standard Time:20260105T130000", NOON, "explicit", 1_000_000),
        ("DTSTART;TZID=/x.org/Olson_1/America/New_York:20260105T070000", NOON, "explicit", 1_000_000),
        ("DTSTART;TZID=Own zone:20260105T150000", NOON, "explicit", 1_000_000),
        ("DTSTART;TZID=Nowhere:20260105T120000", NOON, "assumed:unknown zone, read as UTC", 1_000_000),
        ("DTSTART;TZID=Broken:20260105T120000", NOON, "assumed:unknown zone, read as UTC", 1_000_000),
        ("DTSTART;VALUE=DATE:20260105", NOON - 12 * HOUR, "assumed:a day, read as UTC", 86_400_000_000),
        ("REV:2026-01-05T12:00Z", NOON, "explicit", 60_000_000),
    ],
)  # fmt: skip
def test_times_and_their_zones(raw: str, us: int, zone: str, step: int) -> None:
    name, _, value = raw.rpartition(":") if "-" not in raw else raw.partition(":")
    assert moment(raw) == When(us, value, name.split(";")[0], zone, step)


@pytest.mark.parametrize(
    "raw", ["DTSTART:", "DTSTART:today", "DTSTART:20260231T000000Z", "DTSTART:20260105T250000Z"]
)
def test_what_is_no_time(raw: str) -> None:
    assert moment(raw) is None
    assert read_moment(None, Zones([], b"")) is None


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a" * 5000, "", "\0", ".."])
def test_a_zone_is_never_a_path(name: str) -> None:
    assert Zones([], b"").get(name) is None


def test_years_at_the_calendars_edges() -> None:
    moment("DTSTART;TZID=Europe/Berlin:00010101T000000")  # before the first instant, in UTC
    assert moment("DTSTART:99991231T235959Z") is not None
    assert moment("DTSTART:00000101T000000Z") is None
