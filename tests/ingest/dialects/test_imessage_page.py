from __future__ import annotations

from tests.ingest.chat_case import facts, people, text
from tests.ingest.chat_page_case import IMESSAGE, read, times


def test_pages_of_imessage_exporter() -> None:
    items, problems, books = read(IMESSAGE, name="Ann, Bob.html")
    assert (problems, books.quarantined) == ([], 0)
    assert [text(each) for each in items] == [
        "Top of a thread.", "You renamed the conversation to Hello!", "An answer",
    ]  # fmt: skip
    assert times(items) == ["2021-10-17 22:31:49", "2021-10-17 22:32:00", "2021-10-17 22:32:03"]
    assert people(items[2]) == [("from", "Me", ""), ("to", "Ann, Bob", "")]
    assert facts(items[0]) == {
        "service": "iMessage", "chat": "Ann, Bob", "id": "AAAAAAAA-1", "direction": "incoming",
        "read": "Read by you after 5 seconds", "reactions": ["Loved by Me"],
    }  # fmt: skip
    assert facts(items[2]) == {
        "service": "iMessage", "chat": "Ann, Bob", "id": "BBBBBBBB-2", "reply_to": "AAAAAAAA-1",
        "quoted": "Top of a thread.", "sent_as": "iMessage", "direction": "outgoing",
        "attachments": [{"link": "attachments/tall.jpeg"}],
    }  # fmt: skip
