from __future__ import annotations

from casekit.ingest.dialects.discord_page import sent
from tests.ingest.chat_case import facts, people, text
from tests.ingest.chat_page_case import DISCORD, read, times


def test_discord_pages_take_the_time_from_the_number() -> None:
    items, problems, books = read(DISCORD)
    assert (problems, books.quarantined) == ([], 0)
    assert times(items) == ["2021-07-19 13:34:18", "2021-07-19 13:34:38", "2021-07-19 13:35:02"]
    assert items[0].when is not None
    assert (items[0].when.zone, items[0].when.raw) == ("explicit", "866674314627121232")
    assert [text(each) for each in items] == [
        "a plan\nof \U0001f600 two", "again", "joined the server.",
    ]  # fmt: skip
    assert text(items[0], "attachment") == "A page"
    assert [people(each)[0] for each in items] == [
        ("from", "Ann", "128178626683338752"), ("from", "Ann", "128178626683338752"), ("from", "Bob", "7"),
    ]  # fmt: skip
    assert people(items[0])[1] == ("to", "#general", "")
    assert facts(items[0]) == {
        "service": "Discord", "chat": "general", "team": "Lab", "category": "Text",
        "channel": "general", "topic": "All of it", "id": "866674314627121232",
        "reply_to": "866674000000000000", "quoted": "what is it?", "edited": "07/19/2021 5:40 PM",
        "time_shown": "07/19/2021 5:34 PM", "reactions": [{"reaction": "\u2764", "count": "2"}],
        "attachments": [{"name": "cat.png", "link": "cat.png", "size": "3.2 KB"}], "account": "ann#0001",
    }  # fmt: skip
    assert facts(items[1])["name_from"] == "the message before"
    assert facts(items[2])["event"] == "system notification"


def test_what_is_no_number_of_discord_tells_no_time() -> None:
    for number in ("", "x", "123", "9" * 30, "²²²²²²²²²²²²²²²²²²"):
        assert sent(number) is None
    found = sent("175928847299117063")  # the example of the developers' reference
    assert found is not None
    assert found.us == 1_462_015_105_796_000
