from __future__ import annotations

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.readers import csv_records
from casekit.ingest.sniff import identify
from tests.ingest.chat_case import facts, people, text
from tests.ingest.records_case import read_all

LINKEDIN = (
    b"CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,"
    b"CONTENT,FOLDER,ATTACHMENTS\n"
    b'2-a==,,Ann,https://l.example/in/ann,"Bob B, PhD",https://l.example/in/bob,2024-01-02 03:04:05 UTC,Hi,'
    b'"Join us?\nSoon",INBOX,\n'
    b'2-b==,Team,Bob B,https://l.example/in/bob,"Ann,Cy","https://l.example/in/ann,https://l.example/in/cy",'
    b"2024-01-02 03:05:05 UTC,,No,INBOX,https://l.example/dms/x.pdf\n"
    b'2-b==,Team,Bob B,https://l.example/in/bob,Ann,"https://l.example/in/ann,https://l.example/in/cy",'
    b"2024-01-02 03:06:05 UTC,,Yes,INBOX,\n"
)
OUTLOOK = (
    b'"Subject","Body","From: (Name)","From: (Address)","From: (Type)","To: (Name)","To: (Address)",'
    b'"To: (Type)",'
    b'"CC: (Name)","CC: (Address)","CC: (Type)","BCC: (Name)","BCC: (Address)","BCC: (Type)","Categories"\r\n'
    b'"Weights","Dear Bob,\r\nplease see.\r\n","Ann A","ann@x.example","SMTP","Bob B;Carl",'
    b'"bob@x.example;/o=ex/cn=carl","SMTP;EX","Di","di@x.example","SMTP",,,,"red"\r\n'
)


def test_linkedin_rows_are_messages() -> None:
    items, problems, _ = read_all(csv_records.read, LINKEDIN)
    assert problems == []
    assert identify(LINKEDIN, len(LINKEDIN), "messages.csv").id == "csv"
    assert [text(each) for each in items] == ["Join us?\nSoon", "No", "Yes"]
    ann = ("from", "Ann", "https://l.example/in/ann")
    assert people(items[0]) == [ann, ("to", "Bob B, PhD", "https://l.example/in/bob")]
    assert people(items[1])[1:] == [
        ("to", "Ann", "https://l.example/in/ann"),
        ("to", "Cy", "https://l.example/in/cy"),
    ]
    assert people(items[2])[1:] == [
        ("to", "Ann", ""),
        ("to", "", "https://l.example/in/ann"),
        ("to", "", "https://l.example/in/cy"),
    ]
    assert items[0].when is not None
    assert (items[0].when.zone, items[0].when.raw) == ("explicit", "2024-01-02 03:04:05 UTC")
    assert facts(items[1]) == {
        "service": "LinkedIn", "chat": "Team", "chat_id": "2-b==",
        "attachments": [{"link": "https://l.example/dms/x.pdf"}], "extra": {"FOLDER": "INBOX"},
    }  # fmt: skip


def test_outlook_rows_are_mails_without_a_time() -> None:
    items, problems, _ = read_all(csv_records.read, OUTLOOK)
    assert problems == []
    (item,) = items
    assert (item.title, item.when) == ("Weights", None)
    assert text(item) == "Weights\n\nDear Bob,\r\nplease see.\r\n"
    assert people(item) == [
        ("from", "Ann A", "ann@x.example"),
        ("to", "Bob B", "bob@x.example"),
        ("to", "Carl", ""),
        ("cc", "Di", "di@x.example"),
    ]
    assert facts(item) == {
        "service": "Outlook",
        "subject": "Weights",
        "extra": {"Categories": "red"},
    }


IMAZING = (
    b"Chat Session,Message Date,Delivered Date,Service,Type,Sender ID,Sender Name,Status,Replying to,"
    b"Subject,Text,Reactions,Attachment,Attachment type\n"
    b"Bob M,2020-01-01 12:00:00,,SMS,Incoming,+13212462167,Bob M,Read,,,Hello,,,\n"
    b"Bob M,2020-01-01 12:01:00,,iMessage,Outgoing,,,Read,Hello,,Hi,Loved by Bob M,a.jpg,Image\n"
    b"Team,2020-01-01 12:02:00,,iMessage,Incoming,+1444,Cy,Read,,,Yo,,,\n"
    b"Team,2020-01-01 12:03:00,,iMessage,Notification,,,,,,Cy left,,,\n"
)


def test_imazing_rows_are_messages() -> None:
    items, problems, _ = read_all(csv_records.read, IMAZING)
    assert problems == []
    assert [people(each) for each in items] == [
        [("from", "Bob M", "+13212462167")],
        [("to", "Bob M", "")],
        [("from", "Cy", "+1444"), ("to", "Team", "")],
        [("to", "Team", "")],
    ]
    assert [facts(each)["service"] for each in items] == ["SMS", "iMessage", "iMessage", "iMessage"]
    assert facts(items[1]) == {
        "service": "iMessage", "chat": "Bob M", "sent": True, "quoted": "Hello", "reactions": "Loved by Bob M",
        "attachments": [{"name": "a.jpg", "type": "Image"}], "extra": {"Status": "Read"},
    }  # fmt: skip
    assert facts(items[3])["event"] == "notification"
    assert items[0].when is not None
    assert items[0].when.zone.startswith("assumed:no zone given, local time")
    whatsapp = IMAZING.replace(b"Service", b"Forwarded", 1).replace(b",SMS,", b",,")
    assert facts(read_all(csv_records.read, whatsapp)[0][0])["service"] == "WhatsApp"


@pytest.mark.parametrize("data", [LINKEDIN, OUTLOOK])
def test_a_table_that_breaks_off_keeps_its_whole_rows(data: bytes) -> None:
    items, problems, _ = read_all(csv_records.read, data + data.splitlines(keepends=True)[-1][:9])
    assert len(items) == (3 if data is LINKEDIN else 1)
    assert [each.kind for each in problems] in (["field-count"], ["bad-csv"], ["open-quote"])


def test_other_tables_are_left_alone() -> None:
    assert recognise({"CONVERSATION ID": "a", "FROM": "b", "DATE": "c"}) == ""
    assert recognise({"Subject": "a", "Body": "b", "From: (Name)": "c"}) == ""
