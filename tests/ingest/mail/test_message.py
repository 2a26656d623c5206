from __future__ import annotations

import json

import pytest

from casekit.ingest.mail.fields import MAX_FIELDS
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


def test_a_letter_that_outlook_printed_has_the_time_it_says() -> None:
    received = b"Received: by mx; Tue, 3 Feb 2026 04:05:09 +0000\n"
    for sent, field in ((b"Tue, 3 Feb 2026 04:00:00 +0000", "Sent"), (b"soon", "Received")):
        made = read(b"From: a@b.example\nSent: " + sent + b"\n" + received + b"\nbody")
        assert made.when is not None
        assert made.when.field == field


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


INVITATION = (
    b"BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1\n"
    b"DTSTART:20240305T100000Z\nSUMMARY:Review\nEND:VEVENT\nEND:VCALENDAR\n"
)


def test_an_invitation_that_is_the_whole_message_is_its_text_and_an_event() -> None:
    made = read(b"Content-Type: text/calendar; method=REPLY\n\n" + INVITATION)
    (calendar,) = made.children
    (event,) = calendar.children
    assert (event.kind, event.title) == ("event", "Review")
    assert dict(made.texts)["body"] == INVITATION.decode()
    assert (calendar.steps[0].name, calendar.steps[0].length) == ("1", len(INVITATION))


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
    assert kinds(made) == ["outside-parts", "utf-16"]


def test_every_kind_of_trouble_has_a_sentence() -> None:
    assert problem("parts").stage == "limits"
    assert problem("encrypted").text == "The message is encrypted; its text cannot be searched."


def sealed(subtype: bytes, body: bytes) -> bytes:
    return b"From: a@b\nDate: Mon, 1 Jan 2024 10:00:00 +0000\nContent-Type: multipart/%s; boundary=B\n\n%s" % (
        subtype, body,
    )  # fmt: skip


def test_what_stands_outside_the_parts_is_shown_and_told() -> None:
    part = b"--B\n\nbody\n"
    made = read(sealed(b"mixed", b"before\n" + part + b"--B--\nFrom c@d lun. 1 janv.\nbehind\n"))
    assert made.texts == (("body", "body"), ("outside", "before\n\nFrom c@d lun. 1 janv.\nbehind"))
    assert kinds(made) == ["outside-parts"]
    usual = b"This is a multi-part message in MIME format.\n"
    made = read(sealed(b"mixed", usual + part + b"--B--\n\n"))
    assert (made.texts, kinds(made)) == ((("body", "body"),), [])


def test_a_part_behind_the_closing_boundary_of_an_inner_one_is_attached() -> None:
    inner = b"--B\nContent-Type: multipart/alternative; boundary=B\n\n--B\n\nbody\n--B--\n"
    attached = b"--B\nContent-Disposition: attachment; filename=x.txt\n\nATTACHED\n--B--\n"
    made = read(sealed(b"mixed", inner + attached))
    assert [(each.name, dict(each.texts)["body"]) for each in made.children] == [
        ("x.txt", "ATTACHED")
    ]
    assert "boundary-again" in kinds(made)


def test_base64_that_goes_on_behind_its_padding_is_shown_and_told() -> None:
    head = b"Date: Mon, 1 Jan 2024 10:00:00 +0000\nContent-Transfer-Encoding: base64\n\n"
    made = read(head + b"SGVsbG8=\nU0VDUkVU\n")
    assert made.texts == (("body", "Hello"), ("outside", "SECRET"))
    assert kinds(made) == ["base64-goes-on", "outside-parts"]
    made = read(head + b"SGVsbG8=\n-- \nA list's footer\n")
    assert made.texts == (("body", "Hello"), ("outside", "-- \nA list's footer"))
    assert kinds(read(head + b"SGVsbG8=\n\n==\n")) == []


def test_html_that_says_something_else_than_the_plain_text_is_shown() -> None:
    def told(plain: bytes, html: bytes) -> str:
        parts = b"--B\n\n%s\n--B\nContent-Type: text/html\n\n%s\n--B--\n" % (plain, html)
        return dict(read(sealed(b"alternative", parts)).texts).get("alternative", "")

    secret = b"<p>Delete all training logs before the auditors come on Monday</p>"
    assert told(b"Lunch?", secret).startswith("Delete all training")
    assert (
        told(b"Delete all training logs before the auditors come on Monday", b"<p>Lunch?</p>")
        == "Lunch?"
    )
    assert told(b"Delete all training logs before the auditors come on Monday", secret) == ""


def test_a_sender_is_not_pushed_out_of_sight_by_fields_that_say_nothing() -> None:
    made = read(
        b"X-A: b\n" * (MAX_FIELDS + 1) + b"From: a@b\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n\nbody"
    )
    assert [each.address for each in made.parties] == ["a@b"]
    assert kinds(made) == ["many-fields"]


def test_fields_that_programs_may_read_differently_are_told() -> None:
    date = b"Date: Mon, 1 Jan 2024 10:00:00 +0000\n"
    made = read(b"From: A <a@b>\rX: d\n" + date + b"Subject: he\rllo\n\nbody")
    assert (made.title, kinds(made)) == ("he ␍ llo", ["bare-cr"])
    assert [each.address for each in made.parties] == ["a@b"]
    made = read(
        b"Content-Type: text/plain\nContent-Type: text/html\nTo: a@b\nTo: c@d\n" + date + b"\nx"
    )
    assert kinds(made) == ["repeated-type", "repeated-field"]
