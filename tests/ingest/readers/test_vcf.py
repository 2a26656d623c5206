from __future__ import annotations

import json
import random

from casekit.ingest.parsed import Books, Context, Parsed, Party
from casekit.ingest.readers.vcf import read
from tests.ingest.mail_case import kinds, read_all

SAMPLE = b"""BEGIN:VCARD
VERSION:3.0
N:Quill;Ada;;Dr;
FN:Dr Ada Quill
ORG:Aurora;Models
TITLE:Counsel
EMAIL;TYPE=INTERNET,WORK:ada@aurora.example
item1.EMAIL:ada@home.example
item1.X-ABLabel:Private
TEL;TYPE=cell:+49 30 1
ADR:;;Street 1;Berlin;;10115;Germany
NOTE:Met at\\, the
  fair\\nTwice
REV:20260105T120000Z
PHOTO;ENCODING=b;TYPE=TEXT:aGVs
 bG8=
END:VCARD

BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Jo
TEL;CELL:2
END:VCARD
"""


def test_a_card_becomes_a_contact() -> None:
    (ada, jo), problems, books = read_all(read, SAMPLE)
    assert (ada.kind, ada.title, ada.steps[0].line) == ("contact", "Dr Ada Quill", 1)
    assert ada.parties == (
        Party("actor", "Dr Ada Quill", "ada@aurora.example"),
        Party("actor", "Dr Ada Quill", "ada@home.example"),
    )
    assert ada.texts[0][1].split("\n") == [
        "N: Quill, Ada, Dr",
        "FN: Dr Ada Quill",
        "ORG: Aurora, Models",
        "TITLE: Counsel",
        "EMAIL (work): ada@aurora.example",
        "Private: ada@home.example",
        "TEL (cell): +49 30 1",
        "ADR: Street 1, Berlin, 10115, Germany",
        "NOTE: Met at, the fair",
        "Twice",
    ]
    assert ada.when is not None
    assert (ada.when.field, ada.when.zone) == ("REV", "explicit")
    assert json.loads(ada.facts) == {
        "addresses": ["Street 1, Berlin, 10115, Germany"],
        "organisation": "Aurora, Models",
        "phones": ["+49 30 1"],
        "title": "Counsel",
        "version": "3.0",
    }
    (photo,) = ada.children
    assert (photo.size, photo.texts) == (5, (("body", "hello"),))
    assert (jo.title, jo.parties, jo.steps[0].line) == (
        "Jo Müller",
        (Party("actor", "Jo Müller", ""),),
        19,
    )
    assert "TEL (cell): 2" in jo.texts[0][1]
    assert problems == []
    assert books == Books(len(SAMPLE) - 1, 0, 1)


def test_cards_without_a_name_are_called_by_what_they_have() -> None:
    data = b"BEGIN:VCARD\nORG:Aurora\nEND:VCARD\nBEGIN:VCARD\nEMAIL:a@b\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD"
    items, _, _ = read_all(read, data)
    assert [item.title for item in items] == ["Aurora", "a@b", ""]
    assert items[2].parties == ()


def test_a_book_in_utf_16_has_no_places() -> None:
    found = list(read(SAMPLE.decode().encode("utf-16"), Context()))
    assert [one.title for one in found if isinstance(one, Parsed)] == ["Dr Ada Quill", "Jo Müller"]


def test_a_truncated_book_keeps_what_is_there() -> None:
    whole, _, _ = read_all(read, SAMPLE)
    for end in range(20, len(SAMPLE), 11):
        items, _, _ = read_all(read, SAMPLE[:end])
        assert items[:-1] == whole[: len(items) - 1]
    (item,), _, _ = read_all(read, SAMPLE[:100])
    assert kinds(item) == ["open-end"]


def test_a_hostile_book_ends_in_a_clear_state() -> None:
    chance = random.Random(5)
    for _ in range(100):
        hurt = bytearray(SAMPLE)
        for _ in range(8):
            hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        read_all(read, bytes(hurt))
    read_all(read, b"BEGIN:VCARD\n" * 20_000)
    read_all(read, b"BEGIN:VCARD\n" + b"EMAIL:a@b\n" * 20_000)


def test_bytes_around_the_cards_are_told() -> None:
    card = b"BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEND:VCARD\n"
    _, problems, books = read_all(read, card + b"told to nobody\n")
    assert [(each.kind, each.offset, each.length) for each in problems] == [
        ("bytes-outside", len(card), 15)
    ]
    assert books == Books(len(card), 15, 0)
