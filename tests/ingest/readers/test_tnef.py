from __future__ import annotations

import random

from casekit.ingest.mail.message import read_message
from casekit.ingest.mail.tnef import TnefStorage
from casekit.ingest.parsed import Context, Party
from casekit.ingest.readers import eml
from casekit.ingest.readers.tnef import read
from casekit.ingest.reading import format_of
from tests.ingest.mail_case import kinds, read_all
from tests.ingest.outlook_case import pointers_hold
from tests.ingest.tnef_case import IID_MESSAGE, SAMPLE, attribute, block, tnef


def test_a_stream_becomes_a_mail_with_its_files_by_slices() -> None:
    (item,), problems, _ = read_all(read, SAMPLE, "winmail.dat")
    assert (item.kind, item.title, item.media_type) == ("mail", "Стоп", "application/vnd.ms-tnef")
    assert item.texts == (("body", "Body\n"),)
    assert item.parties == (
        Party("from", "Ann", "ann@lab.example"),
        Party("cc", "Bob", "bob@lab.example"),
    )
    log, inner = item.children
    assert (log.kind, log.name, log.size) == ("document", "log of June.csv", 5)
    assert (inner.kind, inner.title) == ("mail", "Inner")
    assert [child.name for child in inner.children] == ["deep.txt"]
    assert pointers_hold(SAMPLE, item) == 3
    assert problems == []
    assert format_of(SAMPLE, "x") == "tnef"


def test_in_a_mail_its_files_are_children_of_the_attachment() -> None:
    raw = (
        b"From: a@b\nDate: Mon, 5 Jan 2026 10:00:00 +0000\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\n\nHi\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        b"Content-Transfer-Encoding: 8bit\n\n" + SAMPLE + b"\n--b--\n"
    )
    (item,), _, _ = read_all(eml.read, raw)
    assert item == read_message(raw, Context(name="f"))
    (packed,) = item.children
    assert (packed.kind, packed.name, packed.mail) == ("document", "winmail.dat", None)
    assert [child.name for child in packed.children] == ["log of June.csv", "Inner"]
    assert kinds(packed) == []
    (item,), _, _ = read_all(eml.read, b"Content-Type: application/ms-tnef; name=winmail.dat\n\n..")
    assert kinds(item.children[0]) == ["tnef"]


def test_a_truncated_stream_keeps_what_comes_before_the_cut() -> None:
    whole = len(read_all(read, SAMPLE)[0][0].children)
    counts = []
    bounds = {end for end in range(len(SAMPLE)) if not TnefStorage(SAMPLE[:end]).damaged}
    assert len(bounds) < 20  # between two attributes nothing shows that more should follow
    for end in range(0, len(SAMPLE), 7):
        (item,), problems, _ = read_all(read, SAMPLE[:end])
        counts.append(len(item.children))
        assert bool(problems) == (end not in bounds)
    assert (max(counts), counts) == (whole, sorted(counts))


def test_a_hostile_stream_ends_in_a_clear_state() -> None:
    chance = random.Random(3)
    for _ in range(200):
        hurt = bytearray(SAMPLE)
        for _ in range(6):
            hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        read_all(read, bytes(hurt))
    read_all(read, tnef(attribute(1, 0x9004, b"\xff" * 4 + b"\0" * 100_000)))
    read_all(read, tnef(attribute(1, 0x9003, b"\xff" * 100_000)))
    deep = SAMPLE
    for _ in range(30):
        deep = tnef(
            attribute(2, 0x9002, b"")
            + attribute(2, 0x9005, block(_3705=5, _3701=(IID_MESSAGE, deep)))
        )
    (item,), _, _ = read_all(read, deep)
    while item.children:
        (item,) = item.children
    assert kinds(item)[-1] == "depth"
