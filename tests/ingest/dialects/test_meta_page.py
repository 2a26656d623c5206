from __future__ import annotations

from casekit.ingest.sniff import identify
from tests.ingest.chat_case import facts, people, text
from tests.ingest.chat_page_case import FACEBOOK, read, times


def test_pages_of_facebook_and_instagram() -> None:
    items, problems, books = read(FACEBOOK)
    assert (problems, books.quarantined) == ([], 0)
    assert [text(each) for each in items] == ["Grüße\ntwo", "Hi"]
    assert times(items) == ["2024-07-12 16:54:10", ""]
    assert people(items[0]) == [("from", "Bob", "")]
    assert people(items[1]) == [("from", "Ann", ""), ("to", "Bob", "")]
    common = {"service": "Facebook or Instagram", "chat": "Bob", "participants": 3}
    link = "your_facebook_activity/messages/inbox/bob_1/photos/1.jpg"
    assert facts(items[0]) == {
        **common, "reactions": ["\u2764Ann"], "attachments": [{"link": link}],
    }  # fmt: skip
    assert facts(items[1]) == {**common, "time_shown": "12. Juli 2024"}
    assert [each.kind for each in items[1].problems] == ["no-time"]


def test_other_lists_of_a_download_are_no_conversation() -> None:
    name = '<h2 class="_2ph_ _a6-h _a6-i">Ann updated her status.</h2>'
    post = f'<div class="_a6-g">{name}<div class="_a6-p">x</div></div>'
    page = f"<html><body>{post * 3}</body></html>".encode()
    assert identify(page, len(page), "messages.html").id == "html"
