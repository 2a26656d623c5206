from __future__ import annotations

from casekit.clock import from_us
from casekit.ingest.parsed import Party
from casekit.ingest.readers.discord_text import read
from casekit.ingest.sniff import identify
from tests.ingest.records_case import read_all, texts

RULE = b"=" * 62 + b"\n"
HEAD = RULE + b"Guild: Weavers\nChannel: Work / looms\n" + RULE + b"\n"
FOOT = b"\n" + RULE + b"Exported 2 message(s)\n" + RULE
TWO = (
    b"[1/2/2024 9:00 AM] ann\nHello.\n\nMore.\n\n{Attachments}\nhttps://cdn.example/a.png\n\n"
    b"{Reactions}\n\xf0\x9f\x91\x8d (1)\n\n[1/13/2024 9:01 PM] bob (pinned)\n[sic] Yo.\n"
)


def times(data: bytes) -> list[str]:
    items, _, _ = read_all(read, data)
    return [f"{from_us(each.when.us):%Y-%m-%d %H:%M}" for each in items if each.when]


def test_a_channel_as_text() -> None:
    data = HEAD + TWO + FOOT
    assert identify(data, len(data), "x").id == "discord-text"
    items, problems, _ = read_all(read, data)
    assert problems == []
    assert [texts(each)["body"] for each in items] == ["Hello.\n\nMore.", "[sic] Yo."]
    assert [each.parties for each in items] == [
        (Party("from", name, ""), Party("to", "#looms", "")) for name in ("ann", "bob")
    ]
    assert '"https://cdn.example/a.png"' in items[0].facts
    assert '"pinned":true' in items[1].facts
    assert times(data) == ["2024-01-02 09:00", "2024-01-13 21:01"]


def test_months_with_names_and_times_that_leave_the_order_open() -> None:
    assert times(HEAD + b"[02-Jan-24 09:00 AM] ann\nHi\n") == ["2024-01-02 09:00"]
    _, problems, _ = read_all(read, HEAD + b"[02/01/2024 09:00] ann\nHi\n")
    assert [each.kind for each in problems] == ["ambiguous-date"]


def test_cut_and_hostile_files_keep_their_books() -> None:
    data = HEAD + TWO + FOOT
    for size in range(0, len(data), 7):
        read_all(read, data[:size])
    _, problems, _ = read_all(read, HEAD + b"stray\n" + TWO)
    assert [each.kind for each in problems] == ["preamble"]
    _, problems, _ = read_all(read, HEAD + b"[yesterday at 9] ann\nHi\n" + FOOT)
    assert [each.kind for each in problems] == ["preamble"]  # no time of it can be read
    read_all(read, HEAD + b"[99/99/2024 9:00 AM] ann\n\xff\xfe\n[" + b"[" * 5000)


def test_what_stands_behind_a_foot_is_not_lost() -> None:
    other = b"[1/14/2024 9:02 PM] ann\nBye.\n"
    items, problems, _ = read_all(read, HEAD + TWO + FOOT + other + FOOT)
    assert (len(items), problems) == (3, [])
    assert "Exported" not in texts(items[2])["body"]
    assert "Exported 2 message(s)" in texts(items[1])["body"]
