from __future__ import annotations

import pytest

from casekit.ingest.dialects.chat import (
    LOCAL,
    inside,
    instant,
    local_time,
    objects,
    put_message,
    recipients,
    rest_of,
    text_of,
    threading,
    untold_title,
)
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.parsed import Context, Mail, Party, When, sha256


def test_a_message_becomes_an_item_with_its_words_people_and_facts() -> None:
    draft = Draft(b"raw", Context())
    when = When(1, "1", "t")
    assert put_message(
        draft, "Talk", text=" a\0b ", when=when, facts={"chat": "Club", "id": "7", "thread": ""},
        parties=[Party("from", "Ann", ""), Party("to", "", "")], more=[("html", "")],
    )  # fmt: skip
    item = finish(draft, 4, 2, "", "text/plain")
    assert (item.kind, item.collection, item.title) == ("message", "correspondence", "a␀b")
    assert item.texts == (("body", " a␀b "),)
    assert item.parties == (Party("from", "Ann", ""),)
    assert item.facts == '{"chat":"Club","id":"7","service":"Talk"}'
    assert (item.when, item.exchange, item.sha256) == (when, None, sha256(b"raw"))
    assert item.mail == Mail("Talk/Club/7", "", (), (), "", b"", ())


def test_answers_point_at_the_thread_first_and_then_at_what_they_answer() -> None:
    found = threading(
        "Talk", {"id": "3", "thread": "1", "reply_to": "2", "chat": "c", "chat_id": "9"}
    )
    assert found is not None
    assert found.references == ("Talk/9/1", "Talk/9/2")
    assert found.in_reply_to == ("Talk/9/2",)
    root = threading("Talk", {"id": "1", "thread": "1"})
    assert root is not None
    assert root.references == ()
    assert threading("Talk", {"chat": "c"}) is None


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        ({"event": "joined"}, "(joined)"),
        ({"attachments": [{"name": "a.png"}]}, "(a.png)"),
        ({"attachments": [{"link": "https://x"}]}, "(https://x)"),
        ({"attachments": ["a.png"]}, "(a.png)"),
        ({"attachments": [{}]}, "(attachment)"),
        ({"deleted": True}, "(deleted)"),
        ({}, ""),
    ],
)
def test_a_message_without_words_is_called_by_what_it_is(
    facts: dict[str, object], title: str
) -> None:
    assert untold_title(facts) == title


def test_a_time_without_a_zone_is_that_of_the_device() -> None:
    found = local_time("2024-03-09 10:00:00", "date")
    assert found == When(1_709_978_400_000_000, "2024-03-09 10:00:00", "date", LOCAL, 1_000_000)
    exact = local_time("2024-03-09T10:00:00Z", "date")
    assert exact is not None
    assert exact.zone == "explicit"
    assert instant({"a": "", "b": "x", "c": 1_709_978_400}, ("a", "b", "c")) == When(
        1_709_978_400_000_000, "1709978400", "c"
    )
    assert instant({}, ("a",)) is None


def test_only_few_others_are_named() -> None:
    ann, bob = Party("to", "Ann", ""), Party("to", "Bob", "")
    assert recipients([ann, bob], Party("from", "Ann", "")) == [bob]
    assert recipients([ann] * 21, None) == []


def test_odd_values_are_passed_over() -> None:
    assert (objects([1, {}]), objects({}), inside([]), inside({"a": 1})) == ([{}], [], {}, {"a": 1})
    assert text_of({"a": True, "b": 2, "c": "x"}, "a", "b", "c") == "2"
    assert rest_of({"a": 1, "b": None, "c": [], "d": 0}, ("a",)) == {"d": 0}
