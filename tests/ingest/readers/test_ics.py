from __future__ import annotations

import json
import random

from casekit.ingest.parsed import Books, Context, Parsed, Party, Problem, When
from casekit.ingest.readers import eml
from casekit.ingest.readers.ics import read
from tests.ingest.mail_case import kinds, read_all

SAMPLE = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
METHOD:REQUEST\r
BEGIN:VTIMEZONE\r
TZID:W. Europe Standard Time\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:1@lab.example\r
SUMMARY:Call about the\r
  limits\r
DTSTART;TZID=W. Europe Standard Time:20260105T130000\r
DTEND;TZID=W. Europe Standard Time:20260105T140000\r
ORGANIZER;CN="Quill, Ada":mailto:ada@aurora.example\r
ATTENDEE;CN=Sam;PARTSTAT=DECLINED:MAILTO:sam@meridian.example\r
ATTENDEE:mailto:lee@law.example\r
LOCATION:Room 1\\, floor 2\r
DESCRIPTION:Numbers:\\n120 accounts\r
RRULE:FREQ=DAILY;COUNT=2\r
ATTACH:https://files.example/x.pdf\r
ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY;FILENAME=n.txt:YSBu\r
 b3Rl\r
BEGIN:VALARM\r
TRIGGER:-PT5M\r
DESCRIPTION:Soon\r
END:VALARM\r
END:VEVENT\r
BEGIN:VTODO\r
SUMMARY:Answer\r
DUE;VALUE=DATE:20260106\r
END:VTODO\r
END:VCALENDAR\r
"""
NOON = 1_767_614_400_000_000
HOUR = 3_600_000_000


def test_an_event_becomes_an_item_with_when_where_and_who() -> None:
    items, problems, books = read_all(read, SAMPLE)
    event, todo = items
    raw = SAMPLE[SAMPLE.index(b"BEGIN:VEVENT") : SAMPLE.index(b"BEGIN:VTODO")]
    assert (event.kind, event.title, event.size) == ("event", "Call about the limits", len(raw))
    assert event.steps[0].line == 7
    assert event.when == When(NOON, "20260105T130000", "DTSTART", "explicit", 1_000_000)
    assert event.parties == (
        Party("from", "Quill, Ada", "ada@aurora.example"),
        Party("attendee", "Sam", "sam@meridian.example"),
        Party("attendee", "", "lee@law.example"),
    )
    assert event.texts == (
        ("body", "Numbers:\n120 accounts"),
        ("more", "TRIGGER: -PT5M\nDESCRIPTION: Soon"),
    )
    assert json.loads(event.facts) == {
        "alarms": 1,
        "answers": {"sam@meridian.example": "DECLINED"},
        "attached": ["https://files.example/x.pdf"],
        "component": "VEVENT",
        "ends": NOON + HOUR,
        "location": "Room 1, floor 2",
        "method": "REQUEST",
        "repeats": "FREQ=DAILY;COUNT=2",
        "uid": "1@lab.example",
        "zone": "W. Europe Standard Time",
    }
    assert [(child.name, child.texts) for child in event.children] == [
        ("n.txt", (("body", "a note"),))
    ]
    assert (todo.kind, todo.title) == ("document", "Answer")
    assert todo.when is not None
    assert (todo.when.field, todo.when.resolution_us) == ("DUE", 86_400_000_000)
    assert problems == []
    inside = sum(item.size for item in items)
    assert books == Books(inside, 0, len(SAMPLE) - inside)


def test_events_without_a_calendar_and_without_an_end_are_read() -> None:
    data = b"BEGIN:VEVENT\nSUMMARY:One\nBEGIN:VEVENT\nSUMMARY:Two\nDTSTART:soon\nEND:VEVENT\n"
    items, _, _ = read_all(read, data)
    assert [(item.title, kinds(item)) for item in items] == [
        ("One", ["open-end"]),
        ("Two", ["bad-date"]),
    ]


def test_an_entry_without_a_summary_is_told_by_what_else_it_says() -> None:
    data = b"BEGIN:%s\n%sDTSTART:20260105T130000Z\nEND:%s\n"
    for kind, said, title in (
        (b"VEVENT", b"LOCATION:Room 1\nDESCRIPTION:Call\n", "Call"),
        (b"VEVENT", b"LOCATION:Room 1\n", "Room 1"),
        (b"VAVAILABILITY", b"", "(no text)"),
    ):
        items, _, _ = read_all(read, data % (kind, said, kind))
        assert [(item.title, item.kind) for item in items] == [
            (title, "event" if kind == b"VEVENT" else "document")
        ]


def test_a_calendar_in_utf_16_has_no_places() -> None:
    data = SAMPLE.decode().encode("utf-16")
    found = list(read(data, Context()))
    items = [one for one in found if isinstance(one, Parsed)]
    assert [item.title for item in items] == ["Call about the limits", "Answer"]
    assert {item.size for item in items} == {len(data)}
    assert [one.kind for one in found if isinstance(one, Problem)] == ["utf-16"]
    assert found[-1] == Books(len(data))


def test_an_invitation_in_a_mail_is_a_child_of_its_part() -> None:
    raw = (
        b"From: a@b\nDate: Mon, 5 Jan 2026 10:00:00 +0000\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHi\n"
        b"--b\nContent-Type: text/calendar; method=REQUEST\n\n" + SAMPLE + b"\n--b--\n"
    )
    (item,), _, _ = read_all(eml.read, raw)
    (part,) = item.children
    assert [child.title for child in part.children] == ["Call about the limits", "Answer"]


def test_a_truncated_calendar_keeps_what_is_there() -> None:
    whole, _, _ = read_all(read, SAMPLE)
    for end in range(0, len(SAMPLE), 13):
        items, _, _ = read_all(read, SAMPLE[:end])
        assert items[:-1] == whole[: max(0, len(items) - 1)]


def test_a_hostile_calendar_ends_in_a_clear_state() -> None:
    chance = random.Random(5)
    for _ in range(100):
        hurt = bytearray(SAMPLE)
        for _ in range(8):
            hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        read_all(read, bytes(hurt))
    items, _, _ = read_all(read, b"BEGIN:VEVENT\nEND:VEVENT\n" * 3000)
    assert len(items) == 3000
    read_all(read, b"BEGIN:VEVENT\n" + b"ATTENDEE:x\n" * 20_000)
    read_all(read, b"BEGIN:VCALENDAR\n" * 20_000)


def test_no_line_of_an_event_and_no_byte_around_it_goes_unsaid() -> None:
    event = b"BEGIN:VEVENT\nSUMMARY:one\nSUMMARY:two\nX-NOTE:three\nDTSTART:20260105T120000Z\nEND:VEVENT\n"
    data = b"\xef\xbb\xbf" + event + b"told to nobody\n" + event + b"\n"
    items, problems, books = read_all(read, data)
    assert [dict(item.texts)["more"] for item in items] == ["SUMMARY: two\nX-NOTE: three"] * 2
    at = data.index(b"told")
    assert [(each.kind, each.line, each.offset, each.length) for each in problems] == [
        ("bytes-outside", 7, at, 15)
    ]
    assert books == Books(2 * len(event), 15, 4)
