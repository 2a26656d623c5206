from __future__ import annotations

import json

import pytest

from casekit.ingest.mail.message import problem, read_message
from casekit.ingest.parsed import Context, Parsed
from tests.ingest.mail_case import DATA, check_pointers, kinds


def read(raw: bytes) -> Parsed:
    made = read_message(raw, Context())
    check_pointers(raw, made)
    return made


def test_a_message_without_a_date_has_the_last_servers_stamp_and_says_so() -> None:
    made = read(b"Received: by mx; Tue, 3 Feb 2026 04:05:09 +0000\nReceived: x; y\n\nbody")
    assert made.when is not None
    assert (made.when.field, made.when.us, kinds(made)) == (
        "Received",
        1_770_091_509_000_000,
        ["no-date"],
    )
    assert read(b"Subject: x\n\nbody").when is None


def test_all_headers_stay_in_order_decoded() -> None:
    made = read(b"b: =?utf-8?q?=C3=A9?=\nA: 1\nb: caf\xc3\xa9\n\n")
    assert made.mail is not None
    assert made.mail.headers == (("b", "é"), ("A", "1"), ("b", "café"))


def test_8_bit_headers_are_read_in_the_bodys_charset() -> None:
    koi8 = "Привет".encode("koi8-r")
    made = read(b"Subject: " + koi8 + b"\nContent-Type: text/plain; charset=koi8-r\n\n" + koi8)
    assert (made.title, made.texts) == ("Привет", (("body", "Привет"),))


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"\n-----BEGIN PGP MESSAGE-----\n", "encrypted"),
        (b"Content-Type: application/pkcs7-mime; smime-type=signed-data\n\n", "opaque-signature"),
        (b"Subject: x\n\ntext\nbegin 644 a.txt\nM86)C\n`\nend\n", "uuencoded"),
        (b"From: a@b\nFrom: c@d\n\n", "repeated-field"),
        (b"Content-Type: text/plain; charset=klingon\n\n\xff", "unknown-charset"),
        (b"Content-Type: multipart/mixed\n\nx", "no-boundary"),
        (
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\n folded\nX: y\n--b--\n",
            "mime-offsets",
        ),
        (b"From: a@b\nHello\n", "no-blank-line"),
        (b"Date: never\n\n", "bad-date"),
    ],
)
def test_troubles_that_leave_the_message_usable(raw: bytes, kind: str) -> None:
    assert kind in kinds(read(raw))


def test_facts_worth_showing() -> None:
    def facts(raw: bytes) -> dict[str, object]:
        found: dict[str, object] = json.loads(read(raw).facts)
        return found

    assert facts(b"X-Gmail-Labels: =?utf-8?q?Inbox=2CWichtig?=, b\n\n") == {
        "labels": ["Inbox", "Wichtig", "b"]
    }
    assert facts(b"Content-Type: text/plain; name=/tmp/a\n\nx") == {"file_name": "/tmp/a"}
    assert facts(b"Content-Type: text/html\n\n<img src='http://t.example/'>") == {
        "remote": ["t.example"]
    }
    signed = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\n\n"
    assert facts(signed) == {"signed": "smime"}


def test_a_delivery_report_is_a_text_and_no_mail() -> None:
    report = b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\nAction: failed\n"
    raw = b"Content-Type: multipart/report; boundary=b\n\n--b\n" + report + b"--b--\n"
    (child,) = read(raw).children
    assert (child.kind, child.media_type) == ("document", "message/delivery-status")


def test_mails_inside_mails_are_opened_to_a_depth() -> None:
    raw = b"Subject: innermost\n\nx"
    for _ in range(30):
        raw = b"Content-Type: message/rfc822\n\n" + raw
    at = read(raw)
    depth = 0
    while at.children:
        (at,) = at.children
        depth += 1
    assert (depth, kinds(at)) == (9, ["depth"])


def test_a_message_in_utf_16_is_read_and_its_parts_have_no_offset() -> None:
    raw = (DATA / "family.eml").read_bytes().decode().encode("utf-16")
    made = read(raw)
    assert made.title == "Résumé of the week"
    assert [(child.steps[0].offset, child.steps[0].length) for child in made.children] == [
        (0, 0)
    ] * 2
    assert kinds(made) == ["utf-16"]


def test_every_kind_of_trouble_has_a_sentence() -> None:
    assert problem("parts").stage == "limits"
    assert problem("encrypted").text == "The message is encrypted; its text cannot be searched."
