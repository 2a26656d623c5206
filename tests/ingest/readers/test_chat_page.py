from __future__ import annotations

import pytest

from casekit.ingest.sniff import identify
from tests.ingest.chat_case import text
from tests.ingest.chat_page_case import PAGES, TELEGRAM, read

HEAD = TELEGRAM[: TELEGRAM.index(b'<div class="message')]


@pytest.mark.parametrize("service", PAGES)
def test_pages_of_chats_are_known_by_what_their_exporter_writes(service: str) -> None:
    data = PAGES[service]
    assert identify(data, len(data), "x").id == "chat-page"
    for other in (
        b"<html><body><div class='message'>x</div></body></html>",
        b"<div class=message>a</div>",
    ):
        assert identify(other, len(other), "messages.html").id == "html"


@pytest.mark.parametrize("service", PAGES)
def test_a_page_that_breaks_off_loses_nothing(service: str) -> None:
    data = PAGES[service]
    cut = data[: data.rindex(b"</") - len(data) // 4]
    items, _, books = read(cut)
    assert books.total == len(cut)
    whole, _, _ = read(data)
    assert 1 <= len(items) <= len(whole)
    assert [text(each) for each in items[:-1]] == [text(each) for each in whole[: len(items) - 1]]


def test_a_message_without_its_end_says_so() -> None:
    at = TELEGRAM.index(b'<div class="message default clearfix joined"')
    items, _, books = read(TELEGRAM[: at - 12] + TELEGRAM[at:])
    assert [[p.kind for p in each.problems] for each in items] == [[], ["truncated"], [], []]
    assert books.quarantined == 0


def test_words_between_messages_are_quarantined_with_their_place() -> None:
    at = TELEGRAM.index(b'<div class="message default clearfix"')
    items, (problem,), books = read(TELEGRAM[:at] + b"<p>slipped in</p>" + TELEGRAM[at:])
    assert (problem.kind, problem.length, books.quarantined) == ("between", 18, 18)
    assert len(items) == 4


def test_a_hostile_page_ends_in_messages() -> None:
    opening = b'<div class="message default clearfix" id="message1">'
    deep = opening + b"<div>" * 30_000 + b"words</div>"
    items, _, _ = read(HEAD + deep + opening + b"\xff\x00<script>" * 3)
    assert [p.kind for p in items[0].problems] == ["nesting", "truncated", "no-time"]
    assert text(items[0]) == "words"
    many = opening * 20_000
    items, _, books = read(many)
    assert (len(items), books.good) == (20_000, len(many))
