from __future__ import annotations

import json
import mmap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.mail.identity import content_hash, mih
from casekit.ingest.parsed import Books, Context, Mail, Parsed, Party, Step, When, sha256
from casekit.ingest.readers.eml import read
from casekit.ingest.reading import format_of
from tests.ingest.mail_case import DATA, kinds, read_all
from tests.waiting import within_processor_seconds


def test_a_plain_message_becomes_one_mail() -> None:
    data = (DATA / "plain.eml").read_bytes()
    received = (
        "from mail.meridian.example (mail.meridian.example [192.0.2.7]) "
        "by mx.aurora.example; Tue, 3 Feb 2026 04:05:09 +0000"
    )
    body = (
        "Sam,\n\nwe saw 120 accounts behind one address. Café traffic it is not. \n"
        ">From here on the limits apply.\n\nAda\n"
    )
    subject = "Rate limits on your keys"
    us = 1_770_091_506_000_000
    to = ["sam@meridian.example", "legal@aurora.example", "lee@law.example", "kim@law.example"]
    items, problems, books = read_all(read, data, "plain.eml")
    assert problems == []
    assert books == Books(len(data))
    assert items == [
        Parsed(
            kind="mail",
            collection="correspondence",
            title=subject,
            steps=(),
            sha256=sha256(data),
            size=len(data),
            name="plain.eml",
            media_type="message/rfc822",
            texts=(("body", body),),
            when=When(us, "Tue, 03 Feb 2026 05:05:06 +0100", "Date"),
            parties=(
                Party("from", "Ada Quill", "ada@aurora.example"),
                Party("to", "Brook, Sam", to[0]),
                Party("to", "", to[1]),
                Party("cc", "", to[2]),
                Party("cc", "", to[3]),
            ),
            mail=Mail(
                message_id="<m1@aurora.example>",
                mih=mih("<m1@aurora.example>"),
                in_reply_to=("<m0@meridian.example>",),
                references=("<r1@meridian.example>", "<m0@meridian.example>"),
                subject=subject,
                content_hash=content_hash(us, "ada@aurora.example", to, subject, body, []),
                headers=(
                    ("Received", received),
                    ("From", "Ada Quill <ada@aurora.example>"),
                    ("To", '"Brook, Sam" <sam@meridian.example>, legal@aurora.example'),
                    ("Cc", "Counsel: lee@law.example, kim@law.example;"),
                    ("Subject", subject),
                    ("Date", "Tue, 03 Feb 2026 05:05:06 +0100"),
                    ("Message-ID", "<m1@aurora.example>"),
                    ("In-Reply-To", "<m0@meridian.example>"),
                    ("References", "<r1@meridian.example> <m0@meridian.example>"),
                    ("MIME-Version", "1.0"),
                    ("Content-Type", "text/plain; charset=utf-8"),
                    ("Content-Transfer-Encoding", "quoted-printable"),
                ),
            ),
        )
    ]


def test_a_family_keeps_its_text_its_table_and_the_mail_inside() -> None:
    data = (DATA / "family.eml").read_bytes()
    (item,), _, _ = read_all(read, data)
    table = b"account,requests\nacct_1,900\n"
    raw = b"YWNjb3VudCxyZXF1ZXN0cwphY2N0\nXzEsOTAwCg==\n"
    inner = data[data.index(b"From: sam@") : data.index(b"\n--outer\nContent-Type: text/plain")]
    assert dict(item.texts)["body"] == "See the table.\n\n-- \nA list's footer.\n"
    assert dict(item.texts)["html"].startswith("<html><head>")
    assert (item.title, kinds(item)) == ("Résumé of the week", ["outside-parts"])
    assert item.parties == (
        Party("from", "Renée Marsh", "renee@aurora.example"),
        Party("to", "undisclosed-recipients", ""),
        Party("bcc", "", "sam@meridian.example"),
    )
    csv, mail = item.children
    assert (csv.kind, csv.name, csv.media_type) == ("document", "tägliche liste.csv", "text/csv")
    assert dict(csv.texts)["body"] == table.decode()
    assert json.loads(csv.facts)["disposition"] == "attachment"
    assert csv.steps == (
        Step(
            "mime",
            name="2",
            offset=data.index(raw),
            length=len(raw),
            decoding="base64",
            before=sha256(raw),
            sha256=sha256(table),
        ),
    )
    assert (mail.kind, mail.title, mail.texts) == (
        "mail",
        "The first one",
        (("body", "Please send the table.\n"),),
    )
    assert mail.steps == (
        Step("mime", name="3", offset=data.index(inner), length=len(inner), sha256=sha256(inner)),
    )


def test_line_ends_change_the_bytes_and_not_what_is_said() -> None:
    data = (DATA / "family.eml").read_bytes()
    (lf,), _, _ = read_all(read, data)
    (crlf,), _, _ = read_all(read, data.replace(b"\n", b"\r\n"))
    assert (crlf.texts, crlf.parties, crlf.when) == (lf.texts, lf.parties, lf.when)
    assert crlf.sha256 != lf.sha256
    assert [child.name for child in crlf.children] == [child.name for child in lf.children]
    (bare,), _, _ = read_all(read, data.replace(b"\n", b"\r"))
    assert (bare.texts, bare.parties, bare.when) == (lf.texts, lf.parties, lf.when)


def test_a_truncated_message_ends_in_a_clear_state_wherever_it_is_cut() -> None:
    data = (DATA / "family.eml").read_bytes()
    for end in range(0, len(data), 7):
        (item,), _, _ = read_all(read, data[:end])
        assert item.kind == "mail"
    (item,), _, _ = read_all(read, data[: data.index(b"XzEsOTAw")])
    assert kinds(item) == ["outside-parts", "open-end"]
    assert [child.name for child in item.children] == ["tägliche liste.csv"]


def test_a_hostile_message_gives_what_can_be_read_and_names_the_rest() -> None:
    data = (DATA / "hostile.eml").read_bytes()
    (item,), _, _ = read_all(read, data)
    assert item.title == "the colon stands apart"
    assert [(party.role, party.name, party.address) for party in item.parties] == [
        ("from", "", "first@one.example"),
        ("from", "", "second@two.example"),
        ("to", "c", ""),
        ("to", 'a"b, c', "x@y.example"),
        ("to", "", "z@y.example"),
        ("to", "", "nobody"),
    ]
    assert item.when is None
    assert item.texts == (("body", "été\n\nnever closed\n"),)
    assert sorted(kinds(item)) == [
        "bad-date",
        "bad-header-line",
        "open-end",
        "repeated-field",
        "repeated-field",
        "unknown-charset",
        "unknown-encoding",
    ]
    (child,) = item.children
    assert (child.name, child.size, kinds(child)) == ("../../etc/passwd", 4, ["bad-base64"])


def test_a_memory_map_and_an_apple_mail_file(tmp_path: Path) -> None:
    message = (DATA / "plain.eml").read_bytes()
    counted = b"%-10d\n" % len(message) + message + b"<?xml version='1.0'?><plist></plist>"
    path = tmp_path / "1.emlx"
    path.write_bytes(counted)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = list(read(data, Context(name="1.emlx")))
    step = Step("slice", offset=11, length=len(message), line=2, sha256=sha256(message))
    assert isinstance(found[0], Parsed)
    assert (found[0].steps, found[0].title) == ((step,), "Rate limits on your keys")
    assert found[1] == Books(len(message), 0, len(counted) - len(message))


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: " + b"=?a?q?" * 50_000,
        b"To: " + b"<" * 100_000,
        b"To: " + b'"' * 100_000,
        b"To: " + b"()" * 50_000,
        b"Content-Type: text/plain" + b";" * 100_000,
        b"Content-Type: multipart/mixed; boundary=" + b"-" * 20_000 + b"\n\n" + b"-" * 200_000,
        b"Content-Type: text/html\n\n" + b"<div>" * 50_000,
        b"a b\n" + b"From: b\nx y\n" * 50_000,
        b"Date: " + b"1" * 100_000 + b"\n\n",
        b"Content-Type: text/plain; charset=zlib\n\n\xff",
    ],
    ids=lambda raw: repr(raw[:30]),
)
def test_no_message_costs_more_than_its_size(raw: bytes) -> None:
    with within_processor_seconds(20):
        (item,), _, _ = read_all(read, raw)
    assert item.kind == "mail"


@given(st.data())
def test_a_message_with_broken_bytes_never_raises(data: st.DataObject) -> None:
    raw = bytearray((DATA / data.draw(st.sampled_from(["family.eml", "hostile.eml"]))).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    read_all(read, bytes(raw))


@pytest.mark.parametrize(
    ("name", "form", "flags"),
    [
        ("1700000000.M5P6.host:2,S", "eml", ["seen"]),
        ("1700000000.M5P6.host,S=20:2,FRS", "eml", ["flagged", "replied", "seen"]),
        ("Box/cur/letter;2,T", "eml", ["trashed"]),
        ("Box/new/1700000000.M5P6.host", "eml", []),
        ("1700000000.M5P6.host", "eml", []),
        ("letter.host", "text", []),
        ("1700000000.notes.txt", "text", []),
        ("1700000000.A1.txt", "text", []),
    ],
)
def test_a_message_of_a_maildir_is_known_by_its_name(
    name: str, form: str, flags: list[str]
) -> None:
    data = b"Subject: Short\n\nBody\n"
    assert format_of(data, name) == form
    (item,), _, _ = read_all(read, data, name)
    assert json.loads(item.facts or "{}").get("flags", []) == flags


def test_what_apple_mail_noted_is_a_fact() -> None:
    message = b"From: a@b\nSubject: x\nDate: Mon, 5 Jan 2026 10:00:00 +0000\n\nBody\n"
    plist = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>'
        b"<key>flags</key><integer>21</integer><key>date-received</key><integer>1767607200</integer>"
        b"</dict></plist>\n"
    )
    data = b"%d\n" % len(message) + message + plist
    assert format_of(data, "1.partial.emlx") == "eml"
    (item,), _, books = read_all(read, data, "1.emlx")
    assert json.loads(item.facts) == {
        "flags": ["read", "answered", "flagged"],
        "received": 1_767_607_200_000_000,
    }
    assert (item.size, books.separators) == (len(message), len(data) - len(message))
    for end in range(len(data) - len(plist), len(data), 5):
        read_all(read, data[:end])
    for junk in (
        b"<plist>",
        b"<!ENTITY a 'b'>",
        b"<plist><array/></plist>",
        b"bplist00" + b"\xff" * 50,
        b"<?xml version='1.0' encoding='UTFTF-8'?><plist><dict/></plist>",
    ):
        (item,), _, _ = read_all(read, data[: -len(plist)] + junk)
        assert item.facts == ""


def test_labels_are_decoded_before_they_are_taken_apart() -> None:
    data = (
        b'From: a@b\nX-GM-THRID: 17\nX-Gmail-Labels: =?UTF-8?Q?Gesendet,M=C3=BCller,"a,_b"?=\n'
        b"Date: Mon, 5 Jan 2026 10:00:00 +0000\n\nBody\n"
    )
    (item,), _, _ = read_all(read, data)
    assert json.loads(item.facts) == {
        "labels": ["Gesendet", "Müller", "a, b"],
        "gmail_thread": "17",
    }


def test_what_stands_behind_a_counted_message_is_no_separator() -> None:
    message = b"From: a@b\nSubject: s\n\nhi\n"
    data = b"%d\n" % len(message) + message
    _, problems, books = read_all(read, data + b"And what nobody should see.\n")
    assert [(each.kind, each.offset, each.length) for each in problems] == [
        ("bytes-behind", len(data), 28)
    ]
    assert books == Books(len(message), 28, 3)
    _, problems, books = read_all(read, data + b'\n<?xml version="1.0"?><plist></plist>\n')
    assert problems == []
