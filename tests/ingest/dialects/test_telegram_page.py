from __future__ import annotations

from casekit.ingest.dialects.chat import LOCAL
from tests.ingest.chat_case import facts, people, text, thread
from tests.ingest.chat_page_case import TELEGRAM, read, times


def test_telegram_pages() -> None:
    items, problems, books = read(TELEGRAM)
    assert problems == []
    assert (books.quarantined, books.total) == (0, len(TELEGRAM))
    assert [text(each) for each in items] == [
        "Ann created group «Lab & friends»", 'Hello "world"\nsecond  line https://x.example/', "", "kept",
    ]  # fmt: skip
    assert times(items) == [
        "2021-12-14 00:00:00", "2021-12-14 20:43:49", "2021-12-14 23:44:00", "2021-12-14 21:01:02",
    ]  # fmt: skip
    zones = [(each.when.zone, each.when.resolution_us) for each in items if each.when]
    assert zones == [
        (LOCAL, 86_400_000_000), ("explicit", 1_000_000), (LOCAL, 1_000_000), ("explicit", 1_000_000),
    ]  # fmt: skip
    group = ("to", "Lab & friends", "")
    assert [people(each) for each in items] == [
        [group], [("from", "Ann Lee", ""), group], [("from", "Ann Lee", ""), group],
        [("from", "Bob", ""), group],
    ]  # fmt: skip
    common = {"service": "Telegram", "chat": "Lab & friends"}
    assert [facts(each) for each in items] == [
        {**common, "id": "1", "event": "service message", "generated": True},
        {**common, "id": "2", "via": "gif", "reactions": [{"reaction": "\U0001f44d", "by": ["Bob"]}]},
        {**common, "id": "3", "via": "gif", "name_from": "the message before",
         "attachments": [{"name": "plan.pdf", "link": "files/plan.pdf", "type": "file",
                          "said": "12.0 KB"}]},
        {**common, "id": "4", "reply_to": "2",
         "forwarded": {"from": "Carl", "at": "01.12.2021 10:00:00 UTC+03:00"}},
    ]  # fmt: skip
    assert thread(items[3]) == (
        "Telegram/Lab & friends/4", ("Telegram/Lab & friends/2",),
    )  # fmt: skip
