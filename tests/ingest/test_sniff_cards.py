from __future__ import annotations

import pytest

from casekit.ingest.sniff import identify


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "ics"),
        (b"\xef\xbb\xbf\r\nbegin:vevent\n", "ics"),
        (b"BEGIN:VCARD\nVERSION:3.0\n", "vcf"),
        ("BEGIN:VCARD\nVERSION:3.0\nFN:x\n".encode("utf-16"), "vcf"),
        (b"home.begin:vcard\nversion:3.0\nfn:x\n", "vcf"),
        (b"BEGIN:MYCOMP\nBEGIN:VEVENT\nEND:VEVENT\n", "ics"),
        (b"BEGIN:MYCOMP\nEND:MYCOMP\n", "text"),
        (b"BEGIN:VCARDS of many kinds\n", "text"),
        (b"Subject: BEGIN:VCALENDAR\nFrom: a@b\n\nx", "eml"),
    ],
)
def test_calendars_and_cards_are_told_by_their_first_line(head: bytes, form: str) -> None:
    assert identify(head, len(head), "x.txt").id == form
