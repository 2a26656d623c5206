from __future__ import annotations

import pytest

from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.readers.webvtt import read
from casekit.ingest.sniff import identify
from tests.ingest.chat_case import facts, people, text
from tests.ingest.records_case import read_all

TEAMS = (
    b"\xef\xbb\xbfWEBVTT\r\n\r\nNOTE\r\nmade by a program\r\n\r\n1f2e/5-0\r\n"
    b"00:00:03.120 --> 00:00:05.000\r\n"
    b"<v Ann Lee>Hello &amp; <i>welcome</i>.</v>\r\n\r\n"
    b"00:05.500 --> 00:07.000 align:start\r\n<v.loud Bob>Hi.\r\n"
    b"Twice.</v>\r\n"
)
ZOOM = (
    b"WEBVTT\n\n1\n00:00:03.120 --> 00:00:05.000\nAnn Lee: Hello: there.\n\n"
    b"2\n00:00:05.500 --> 00:00:07.000\nBob: Hi.\n"
    b"\n3\n00:00:08.000 --> 00:00:09.000\nand so on\n"
)


def cues(data: bytes) -> list[Parsed]:
    items, problems, _ = read_all(read, data, Context(name="talk.vtt"))
    assert [each.kind for each in problems] == ["no-date"]
    return items


def test_voices_say_who_speaks() -> None:
    first, second = cues(TEAMS)
    assert (people(first), text(first)) == ([("from", "Ann Lee", "")], "Hello & welcome.")
    assert (people(second), text(second)) == ([("from", "Bob", "")], "Hi.\nTwice.")
    assert facts(first) == {
        "service": "meeting transcript", "chat": "talk", "cue": "1f2e/5-0",
        "time_shown": "00:00:03.120 --> 00:00:05.000",
    }  # fmt: skip
    assert (facts(second)["time_shown"], second.when, second.kind) == (
        "00:05.500 --> 00:07.000",
        None,
        "message",
    )
    assert [item.steps[0].line for item in (first, second)] == [6, 10]


def test_a_name_before_a_colon_speaks_where_most_cues_have_one() -> None:
    assert [(people(each), text(each)) for each in cues(ZOOM)] == [
        ([("from", "Ann Lee", "")], "Hello: there."),
        ([("from", "Bob", "")], "Hi."),
        ([], "and so on"),
    ]
    alone = b"\n4\n00:00:10.000 --> 00:00:11.000\nit goes on\n"
    items = cues(ZOOM + alone * 3)
    assert [people(each) for each in items] == [[]] * 6
    assert text(items[0]) == "Ann Lee: Hello: there."


def test_two_voices_in_one_cue_are_both_named() -> None:
    (item,) = cues(b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Hi</v>\n<v Bob>Ho</v>\n")
    assert (people(item), text(item)) == (
        [("from", "Ann", ""), ("from", "Bob", "")], "Ann: Hi\nBob: Ho",
    )  # fmt: skip


@pytest.mark.parametrize(
    "times", ["00:00:03 --> 00:00:05.000", "00:61.000 --> 00:62.000", "3.120 -> 5.000"]
)
def test_a_block_without_good_times_is_quarantined(times: str) -> None:
    data = ZOOM.replace(b"00:00:05.500 --> 00:00:07.000", times.encode())
    items, problems, books = read_all(read, data)
    assert [text(each) for each in items] == ["Hello: there.", "and so on"]
    assert [(each.kind, each.line) for each in problems[1:]] == [("bad-line", 7)]
    assert books.quarantined == len(f"2\n{times}\nBob: Hi.")


def test_a_note_is_one_by_its_whole_word() -> None:
    _, problems, _ = read_all(read, b"WEBVTT\n\nNOTE x\n\nSTYLE\na\n\nNOTEBOOK\n")
    assert [(each.kind, each.line) for each in problems[1:]] == [("bad-line", 8)]


def test_bad_bytes_are_told_and_the_cue_is_kept() -> None:
    items = cues(ZOOM.replace(b"Hi.", b"\xff."))
    assert [problem.kind for problem in items[1].problems] == ["bad-utf8"]
    assert len(items) == 3


def test_it_is_known_by_its_first_line() -> None:
    for data in (TEAMS, ZOOM, b"WEBVTT - title\n\n00:01.000 --> 00:02.000\nx\n"):
        assert identify(data, len(data), "evidence").id == "webvtt"
    for data in (b"WEBVTTX\n\nx\n", b"a\nWEBVTT\n"):
        assert identify(data, len(data), "evidence").id == "text"


SUBRIP = (
    b"1\r\n00:00:01,000 --> 00:00:04,000\r\nAnn: We <i>copied</i> it.\r\n\r\n"
    b"2\r\n00:00:05,500 --> 00:00:07,000\r\nBob: No,\r\nwe did not.\r\n\r\n"
)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_subrip_is_read_too(mark: bytes) -> None:
    assert identify(mark + SUBRIP, len(mark + SUBRIP), "talk.srt").id == "webvtt"
    items, problems, _ = read_all(read, mark + SUBRIP, Context(name="talk.srt"))
    assert [each.kind for each in problems] == ["no-date"]
    assert [(people(each), text(each)) for each in items] == [
        ([("from", "Ann", "")], "We copied it."),
        ([("from", "Bob", "")], "No,\nwe did not."),
    ]
    assert {each.media_type for each in items} == {"application/x-subrip"}
    assert facts(items[1]) == {
        "service": "meeting transcript", "chat": "talk", "cue": "2",
        "time_shown": "00:00:05,500 --> 00:00:07,000",
    }  # fmt: skip


def test_a_subrip_file_that_breaks_off_keeps_its_whole_cues() -> None:
    cut = SUBRIP[: SUBRIP.index(b"5,500 -->") + 12]
    items, problems, books = read_all(read, cut, Context(name="talk.srt"))
    assert [text(each) for each in items] == ["We copied it."]
    assert [each.kind for each in problems] == ["no-date", "bad-line"]
    assert books.quarantined == problems[1].length


@pytest.mark.parametrize(
    "data",
    [
        b"1\n00:00:01,000 -> 00:00:04,000\nx\n",
        b"1\n2\n3\n",
        b"1\n00:99:01,000 --> 00:00:04,000\nx\n",
    ],
)
def test_other_texts_are_no_subrip(data: bytes) -> None:
    assert identify(data, len(data), "a.srt").id == "text"
