from __future__ import annotations

import base64
import io

import pytest

from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.pointer import resolve
from casekit.ingest.readers.sms_backup import read
from casekit.ingest.sniff import identify
from tests.ingest.chat_case import facts, people, text

HEAD = (
    b"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n"
    b"<!--File Created By SMS Backup & Restore v10.05.210 on 04/10/2019 18:10:00-->\n"
    b'<?xml-stylesheet type="text/xsl" href="sms.xsl"?>\n<smses count="3" backup_date="1570000000000">\n'
)
GOT = (
    b'<sms protocol="0" address="+15551230000" date="1353889039160" type="1" subject="null" '
    b'body="Gonna miss it &#10;&lt;soon&gt; &#55357;&#56842; &#128522;" toa="null" read="1" '
    b'readable_date="Nov 25, 2012 6:17:19 PM" contact_name="Nick &amp; Jo" />'
)
SENT = (
    b'<sms address="+15551230000" date="1353889049160" type="5" subject="S" body=\'it"s\' '
    b'contact_name="(Unknown)" />'
)
PICTURE = base64.b64encode(b"some words in a file\n")
MMS = (
    b'<mms date="1357000000000" sub="null" msg_box="2" address="+1555~+1666" m_id="abc" '
    b'contact_name="Nick, Bob">\n<parts>\n'
    b'<part seq="-1" ct="application/smil" name="null" text="&lt;smil/&gt;" />\n'
    b'<part seq="0" ct="text/plain" name="null" cl="text.txt" text="See picture" />\n'
    b'<part seq="0" ct="text/plain" name="a.txt" cl="a.txt" text="null" data="'
    + PICTURE
    + b'" />\n'
    b'</parts>\n<addrs>\n<addr address="+1555" type="151" charset="106" />\n'
    b'<addr address="+1777" type="137" charset="106" />\n'
    b'<addr address="insert-address-token" type="151" />\n</addrs>\n</mms>'
)
DATA = HEAD + b"  " + GOT + b"\n  " + SENT + b"\n  " + MMS + b"\n</smses>\n"
CALLS = (
    b"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<calls count=\"2\">\n"
    b'<call number="+15551230000" duration="61" date="1353889039160" type="2" contact_name="Nick" />\n'
    b'<call number="+15551230000" duration="0" date="1353889039161" type="3" contact_name="Nick" />\n</calls>\n'
)


def read_it(data: bytes) -> tuple[list[Parsed], list[Problem], Books]:
    found = list(read(data, Context(name="sms.xml")))
    items = [each for each in found if isinstance(each, Parsed)]
    problems = [each for each in found if isinstance(each, Problem)]
    books = found[-1]
    assert isinstance(books, Books)
    assert books.total == len(data)
    assert books.good == sum(each.size for each in items)
    assert books.quarantined == sum(each.length or 0 for each in problems)
    for item in items:
        resolve(io.BytesIO(data), item.steps)
        for child in item.children:
            resolve(io.BytesIO(data), (*item.steps, *child.steps))
        assert item.steps[0].line == data[: item.steps[0].offset].count(b"\n") + 1
    return items, problems, books


def test_text_messages_say_who_and_when() -> None:
    assert identify(DATA, len(DATA), "sms-2019.xml").id == "sms-backup"
    items, problems, _ = read_it(DATA)
    assert problems == []
    got, sent, _ = items
    assert text(got) == "Gonna miss it \n<soon> 😊 😊"
    assert people(got) == [("from", "Nick & Jo", "+15551230000")]
    assert got.when is not None
    assert (got.when.us, got.when.zone) == (1353889039160_000, "explicit")
    assert facts(got) == {
        "service": "SMS", "chat": "Nick & Jo", "chat_id": "+15551230000",
        "time_shown": "Nov 25, 2012 6:17:19 PM", "extra": {"protocol": "0", "read": "1"},
    }  # fmt: skip
    assert (text(sent), people(sent)) == ('S\n\nit"s', [("to", "", "+15551230000")])
    assert (facts(sent)["state"], facts(sent)["sent"]) == ("not sent", True)


def test_picture_messages_have_their_people_and_files() -> None:
    mms = read_it(DATA)[0][2]
    assert text(mms) == "See picture"
    assert people(mms) == [("from", "", "+1777"), ("to", "Nick", "+1555")]
    assert facts(mms)["attachments"] == [{"name": "a.txt", "type": "text/plain"}]
    (child,) = mms.children
    assert (child.name, text(child)) == ("a.txt", "some words in a file\n")
    assert resolve(io.BytesIO(DATA), (*mms.steps, *child.steps)) == b"some words in a file\n"


def test_a_damaged_attachment_is_told() -> None:
    mms = read_it(DATA.replace(PICTURE, PICTURE[:9] + b"!" + PICTURE[9:-2]))[0][2]
    assert "bad-base64" in {each.kind for each in mms.children[0].problems}


def test_calls_are_events() -> None:
    assert identify(CALLS, len(CALLS), "calls.xml").id == "sms-backup"
    items, problems, _ = read_it(CALLS)
    assert problems == []
    assert [each.title for each in items] == ["(outgoing call)", "(missed call)"]
    assert [people(each) for each in items] == [
        [("to", "Nick", "+15551230000")],
        [("from", "Nick", "+15551230000")],
    ]
    assert facts(items[0])["seconds"] == "61"


def test_a_backup_that_breaks_off_keeps_its_whole_messages() -> None:
    for cut in (DATA[: DATA.index(b"Gonna")], DATA[: DATA.index(b"See pic")]):
        items, problems, _ = read_it(cut)
        assert len(items) == (0 if cut.endswith(b'body="') else 2)
        assert [each.kind for each in problems] == ["truncated"]
    broken = DATA.replace(b'type="1" subject', b'type="1 subject')
    items, problems, _ = read_it(broken)
    assert [each.kind for each in problems] == ["truncated"]
    assert len(items) == 2


@pytest.mark.parametrize(
    "hostile",
    [
        HEAD + b"<sms" * 20_000,
        HEAD + b"<mms>" * 20_000,
        HEAD + b"<!--" * 20_000,
        HEAD + b"<?" * 20_000,
        HEAD + b'<sms a="' * 20_000,
        HEAD + b"<mms " + b"<part " * 20_000 + b"</mms>",
    ],
)
def test_hostile_markup_ends(hostile: bytes) -> None:
    read_it(hostile)


def test_what_is_no_message_is_quarantined() -> None:
    items, problems, _ = read_it(DATA.replace(b"</smses>", b"<other>words</other></smses>"))
    assert len(items) == 3
    assert [(each.kind, each.length) for each in problems] == [("bad-line", 20)]
    items, problems, _ = read_it(
        DATA.replace(b"</smses>", b"some words<!-- a - b -->more </smses>")
    )
    assert [each.length for each in problems] == [10, 4]
    values = GOT.replace(b"&#10;", b"&#0;&#1114112;&#xD83D;&nbsp;")
    assert "�" in text(read_it(HEAD + values)[0][0])


@pytest.mark.parametrize(
    "data", [b"<smses/>x", b"<?xml?><svg/>", b"<calls>\n<other/>", b"text <sms "]
)
def test_other_texts_are_no_backup(data: bytes) -> None:
    assert identify(data, len(data), "a.xml").id != "sms-backup"
