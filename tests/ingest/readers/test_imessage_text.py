from __future__ import annotations

from casekit.ingest.parsed import Context, Parsed, When
from casekit.ingest.readers.imessage_text import read
from casekit.ingest.sniff import identify
from tests.ingest.chat_case import facts, people, text
from tests.ingest.records_case import read_all

DATA = (
    b"May 17, 2022  5:29:42 PM (Read by you after 1 hour, 49 seconds)\nSample Contact\nHello\n\nworld\n"
    b"Tapbacks:\nLoved by Me\nLiked by Sample by Proxy\n\n"
    b"    May 17, 2022  5:31:00 PM\n    Me\n    an answer\nof two lines\n\n\n"
    b"May 17, 2022  5:30:42 PM\nMe\nattachments/1/pic.jpg\n\n"
    b"May 17, 2022  5:31:00 PM\nMe\nan answer\nof two lines\nThis message responded to an earlier message.\n\n"
    b"May 17, 2022 11:32:00 AM You renamed the conversation to Hello world\n\n"
    b"May 17, 2022  5:33:00 PM\nSample Contact\nThis message was deleted from the conversation!\nGone\n\n"
)
ZONE = "assumed:no zone given, local time of the exporting device read as UTC"


def items(data: bytes) -> list[Parsed]:
    found, problems, _ = read_all(read, data, Context(name="Sample Contact.txt"))
    assert problems == []
    return found


def test_each_time_begins_a_message() -> None:
    first, file, answer, event, gone = items(DATA)
    assert first.when == When(1_652_808_582_000_000, "May 17, 2022  5:29:42 PM", "line", ZONE)
    assert (people(first), people(file)) == (
        [("from", "Sample Contact", "")],
        [("from", "Me", ""), ("to", "Sample Contact", "")],
    )
    assert text(first) == "Hello\n\nworld\nTapbacks:\nLoved by Me\nLiked by Sample by Proxy"
    assert facts(first) == {
        "service": "iMessage", "chat": "Sample Contact", "read": "Read by you after 1 hour, 49 seconds",
        "reactions": [{"reaction": "Loved", "by": "Me"}, {"reaction": "Liked by Sample", "by": "Proxy"}],
    }  # fmt: skip
    assert facts(file)["attachments"] == [{"name": "attachments/1/pic.jpg"}]
    assert (text(event), facts(event)["event"]) == (
        "You renamed the conversation to Hello world", "announcement",
    )  # fmt: skip
    assert facts(gone)["deleted"] is True
    assert text(answer).startswith("an answer\nof two lines\n")


def test_an_answer_shown_below_its_message_is_no_second_message() -> None:
    first, _, answer, *_ = items(DATA)
    assert (
        text(first, "attachment")
        == "    May 17, 2022  5:31:00 PM\n    Me\n    an answer\nof two lines"
    )
    assert facts(answer)["answer"] is True
    assert facts(answer)["quoted"].startswith("Hello\n\nworld")


def test_what_is_no_answer_quotes_nothing() -> None:
    data = DATA.replace(
        b"This message responded to an earlier message.", b"This message responded."
    )
    assert facts(items(data)[2]) == {"service": "iMessage", "chat": "Sample Contact"}


def test_damage_costs_its_own_place() -> None:
    data = b"torn\n" + DATA.replace(b"world", b"\xff", 1).replace(b"5:30:42", b"5:99:42")
    found, problems, books = read_all(read, data)
    assert [(each.kind, each.line) for each in problems] == [("preamble", 1)]
    assert books.quarantined == len(b"torn\n")
    assert [[problem.kind for problem in each.problems] for each in found[:2]] == [
        ["bad-utf8"],
        ["bad-date"],
    ]
    assert found[1].when is None


def test_it_is_known_by_how_it_begins() -> None:
    for data in (DATA, DATA.replace(b"\n", b"\r\n"), DATA[DATA.index(b"May 17, 2022 11") :]):
        assert identify(data, len(data), "evidence").id == "imessage-text"
    for data in (
        b"May 17, 2022  5:29:42 PM\n\nA diary.\n",
        b"May 17, 2022  5:29:42 PM the server started\nand ran\n",
        b"On May 17, 2022  5:29:42 PM\nMe\nHello\n",
    ):
        assert identify(data, len(data), "evidence").id == "text"
