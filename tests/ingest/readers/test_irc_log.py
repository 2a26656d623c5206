from __future__ import annotations

from casekit.clock import from_us
from casekit.ingest.dialects.chat import LOCAL
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.readers import irc_log
from casekit.ingest.sniff import identify
from tests.ingest.chat_case import facts, people, text
from tests.ingest.records_case import read_all

IRSSI = b"""--- Log opened Tue Dec 31 23:58:00 2019
23:58 -!- ann [a@b] has joined #plans
23:59 <@ann> who took the key?
--- Day changed Wed Jan 01 2020
00:01  * bob shrugs
"""


def times(items: list[Parsed]) -> list[str]:
    return [f"{from_us(each.when.us):%Y-%m-%d %H:%M:%S}" if each.when else "" for each in items]


def test_a_log_is_read_line_by_line_through_its_days() -> None:
    items, problems, books = read_all(irc_log.read, IRSSI, Context(name="#plans.log"))
    assert problems == []
    assert times(items) == ["2019-12-31 23:58:00", "2019-12-31 23:59:00", "2020-01-01 00:01:00"]
    assert [text(each) for each in items[1:]] == ["who took the key?", "shrugs"]
    assert people(items[1]) == [("from", "ann", ""), ("to", "#plans", "")]
    assert facts(items[2]) == {
        "service": "IRC", "chat": "#plans", "channel": "#plans", "event": "action",
    }  # fmt: skip
    assert items[1].when is not None
    assert (items[1].when.zone, items[1].when.resolution_us) == (LOCAL, 60_000_000)
    assert books.quarantined == 0


def test_the_name_of_the_file_tells_the_day_where_no_line_does() -> None:
    data = b"[12:34:56] <ann> hi\n"
    (item,), _, _ = read_all(irc_log.read, data, Context(name="2020-01-31.log", folder="#c"))
    assert times([item]) == ["2020-01-31 12:34:56"]
    assert item.when is not None
    assert item.when.zone.endswith("day taken from the file's name")
    assert people(item)[1] == ("to", "#c", "")
    (item,), problems, _ = read_all(irc_log.read, data, Context(name="c.log"))
    assert (item.when, [each.kind for each in problems]) == (None, ["no-date"])


def test_logs_are_known_by_their_lines() -> None:
    assert identify(IRSSI, len(IRSSI), "a.txt").id == "irc-log"
    weechat = b"2020-01-02 12:34:56\tann\thi\n2020-01-02 12:34:57\tbob\tho\n"
    assert identify(weechat, len(weechat), "a.txt").id == "irc-log"
    for other in (b"12:34 <b>bold</b>\n<p>x</p>\n<p>y</p>\n", b"12:34 lunch\n13:00 work\n"):
        assert identify(other, len(other), "a.txt").id != "irc-log"


def test_a_cut_off_or_hostile_log_loses_only_those_lines() -> None:
    items, problems, _ = read_all(irc_log.read, IRSSI[:-14], Context(name="a.log"))
    assert (len(items), [each.kind for each in problems]) == (2, ["bad-line"])
    wild = b"12:34 <ann> \xff\n99:99 <ann> x\n\0\0\n12:34 <" + b"n" * 500 + b"> x\n"
    items, problems, _ = read_all(irc_log.read, wild, Context(name="a.log"))
    assert [text(each) for each in items] == ["\ufffd"]
    assert [each.kind for each in problems] == ["no-date", "bad-line", "bad-line", "bad-line"]
