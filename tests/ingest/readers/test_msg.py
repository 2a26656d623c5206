from __future__ import annotations

import json
import random
import time

from casekit.ingest.mail.identity import mih
from casekit.ingest.parsed import Context, Parsed, Party, When, sha256
from casekit.ingest.readers.msg import read
from casekit.ingest.reading import format_of, read_any
from tests.ingest.mail_case import kinds, read_all
from tests.ingest.outlook_case import (
    SENT,
    SENT_US,
    compound_file,
    note,
    pointers_hold,
    properties,
)

LONG = b"prompt,answer\r\n" + b"a,b\r\n" * 1000
ATTACHED = {
    "__attach_version1.0_#00000000": properties(
        8, _3701=LONG, _3704="LOG~1.CSV", _3707="log of June.csv", _3705=1, _3712="c1"
    ),
    "__attach_version1.0_#00000001": {
        **properties(8, _3705=5, _3001="inner.msg"),
        "__substg1.0_3701000D": note(
            24,
            _0037="Inner",
            _0C1A="Bob",
            _0C1F="bob@lab.example",
            _0C1E="SMTP",
            _007D="",
        )
        | {
            "__attach_version1.0_#00000000": properties(8, _3701=b"deep", _3707="deep.txt", _3705=1)
        },
    },
    "__attach_version1.0_#00000002": properties(8, _3705=4, _3708="\\\\server\\share\\x.doc"),
}


def test_a_message_becomes_a_mail_with_people_times_and_text() -> None:
    data = compound_file(note())
    (item,), problems, books = read_all(read, data, "a.msg")
    assert problems == []
    assert (item.kind, item.title, item.name) == ("mail", "Limits", "a.msg")
    assert item.texts == (("body", "Please stop.\n"),)
    assert item.when == When(SENT_US, str(SENT), "PidTagClientSubmitTime", "explicit", 1)
    # the sender's address of the organisation's directory gives way to that of the header
    assert item.parties == (
        Party("from", "Müller", "mueller@lab.example"),
        Party("cc", "Ann", "ann@lab.example"),
    )
    assert item.mail is not None
    assert item.mail.message_id == "<m1@lab.example>"
    assert item.mail.mih == mih("<m1@lab.example>")
    assert item.mail.references == ("<a@lab.example>", "<b@lab.example>")
    assert item.mail.headers[1] == ("From", "Müller <mueller@lab.example>")
    assert (item.sha256, books.good) == (sha256(data), len(data))
    assert format_of(data, "x") == "msg"


def test_attachments_messages_inside_and_references_are_children() -> None:
    data = compound_file(note() | ATTACHED)
    (item,), _, _ = read_all(read, data)
    log, inner, elsewhere = item.children
    assert (log.kind, log.name, log.size) == ("document", "log of June.csv", len(LONG))
    assert json.loads(log.facts)["content_id"] == "c1"
    assert log.steps[0].how == "ole"
    assert log.steps[0].name == "__attach_version1.0_#00000000/__substg1.0_37010102"
    assert (inner.kind, inner.title, inner.name) == ("mail", "Inner", "Inner")
    assert inner.parties[0] == Party("from", "Bob", "bob@lab.example")
    assert [child.texts for child in inner.children] == [(("body", "deep"),)]
    assert kinds(elsewhere) == ["by-reference"]
    assert json.loads(elsewhere.facts)["reference"] == "\\\\server\\share\\x.doc"
    assert pointers_hold(data, item) == 4


def test_html_and_rtf_give_the_text_where_there_is_no_plain_one() -> None:
    html = "<p>Über</p><img src='https://t.example/x'>".encode()
    data = compound_file(note(_1000="", _1013=html, _3FDE=65001))
    (item,), _, _ = read_all(read, data)
    assert item.texts == (("body", "Über"), ("html", html.decode()))
    assert json.loads(item.facts)["remote"] == ["t.example"]
    rtf = rb"{\rtf1\ansi\ansicpg1251 \'e0\'e1 one\par two}"
    (item,), _, _ = read_all(read, compound_file(note(_1000="", _1009=rtf)))
    assert item.texts == (("body", "аб one\ntwo"),)


def test_appointments_and_contacts_are_what_they_are() -> None:
    names = b"".join(
        lid.to_bytes(4, "little") + b"\0\0" + number.to_bytes(2, "little")
        for number, lid in enumerate((0x820D, 0x820E, 0x8208, 0x8083))
    )
    known = {"__nameid_version1.0": {"__substg1.0_00030102": names}}
    meeting = note(_001A="IPM.Appointment", _8000=SENT, _8001=SENT + 10, _8002="Room 1") | known
    (item,), _, _ = read_all(read, compound_file(meeting))
    assert (item.kind, item.mail) == ("event", None)
    assert item.when is not None
    assert (item.when.us, item.when.field) == (SENT_US, "PidLidAppointmentStartWhole")
    assert [party.role for party in item.parties] == ["from", "attendee"]
    facts = json.loads(item.facts)
    assert (facts["ends"], facts["location"]) == (SENT_US + 1, "Room 1")
    person = note(_001A="IPM.Contact", _3001="Ann Example", _8003="ann@lab.example") | known
    (item,), _, _ = read_all(read, compound_file(person))
    assert (item.kind, item.parties) == (
        "contact",
        (Party("actor", "Ann Example", "ann@lab.example"),),
    )


def test_an_encrypted_message_says_so() -> None:
    (item,), _, _ = read_all(read, compound_file(note(_001A="IPM.Note.SMIME")))
    assert kinds(item) == ["encrypted"]
    signed = compound_file(note(_001A="IPM.Note.SMIME.MultipartSigned"))
    (item,), _, _ = read_all(read, signed)
    assert (kinds(item), json.loads(item.facts)["signed"]) == ([], "smime")
    attached = {
        "__attach_version1.0_#00000000": properties(
            8, _3701=b"-----BEGIN PGP MESSAGE-----\nx", _3707="a.asc"
        )
    }
    (item,), _, _ = read_all(read, compound_file(note() | attached))
    assert (kinds(item), json.loads(item.facts)["encrypted"]) == (["encrypted"], "pgp")


def test_a_truncated_file_is_kept_with_what_can_be_read() -> None:
    data = compound_file(note() | ATTACHED)
    for end in range(0, len(data), 1024):
        found = list(read_any(data[:end], Context("a.msg"), "msg"))
        assert [one for one in found if isinstance(one, Parsed)], end


def test_a_hostile_file_ends_in_a_clear_state() -> None:
    data = bytearray(compound_file(note() | ATTACHED))
    chance = random.Random(7)
    for _ in range(60):
        hurt = bytearray(data)
        for _ in range(12):
            hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        read_all(read, bytes(hurt))
    deep = properties(24, _0037="x")
    for _ in range(20):
        deep = note(24) | {
            "__attach_version1.0_#00000000": {
                **properties(8, _3705=5),
                "__substg1.0_3701000D": deep,
            }
        }
    (item,), _, _ = read_all(read, compound_file(note() | deep))
    assert item.kind == "mail"
    depth = 0
    while item.children:
        (item,) = item.children
        depth += 1
    assert (depth, kinds(item)) == (8, ["depth"])


def test_a_message_to_thousands_is_read_in_no_time() -> None:
    """A guard against quadratic time, far from the real figure: 0.4 s where it was measured."""
    tree = note()
    for number in range(2000):
        address = f"p{number}@lab.example"
        tree[f"__recip_version1.0_#{number:08X}"] = properties(8, _3001="P", _39FE=address)
    begin = time.process_time()
    (item,), _, _ = read_all(read, compound_file(tree))
    assert len(item.parties) == 2001
    assert time.process_time() - begin < 5
