from __future__ import annotations

import pytest

from casekit.ingest.parsed import Context, Parsed, When
from casekit.ingest.readers.daily_chat import read
from casekit.ingest.sniff import identify
from tests.ingest.chat_case import facts, people, text
from tests.ingest.records_case import read_all

ZONE = "assumed:no zone given, local time of the exporting device read as UTC"
LINE = (
    "\ufeff[LINE] Chat history with Ann\r\nSaved on: 2024/01/20 12:00\r\n\r\nTue, 06/01/2026\r\n"
    '09:30\tAnn\tHello\r\n9:31 PM\tBob Lee\t"two\r\n\r\nlines ""x"""\r\n\r\nWed, 07/01/2026\r\n'
    "10:00\t\tAnn unsent a message.\r\n10:01\tAnn\t[File] plan.pdf\r\n10:02\tAnn\t[Photo]\r\n"
).encode()
JAPANESE = (
    "[LINE] Annとのトーク履歴\n保存日時：2024/01/20 12:00\n\n2024/01/15(月)\n午前9:30\tAnn\tこんにちは\n"
    "午後1:31\tBob\t[スタンプ]\n13:40\tBobが退出しました\n"
).encode()
COMPUTER = (
    "개발팀 12 님과 카카오톡 대화\n저장한 날짜 : 2024-01-20 12:00:00\n\n"
    "--------------- 2024년 1월 15일 월요일 ---------------\n[Ann] [오전 9:30] 안녕\n"
    "[Bob] [오후 1:31] 네\n둘째 줄\n홍길동님이 들어왔습니다.\n[Ann] [오후 1:32] 파일: plan.pdf\n"
).encode()
ENGLISH = (
    b"Chat with John Doe\nDate Saved : 2020-12-31 23:59:59\n\n"
    b"--------------- Thursday, December 31, 2020 ---------------\n[John Doe] [11:59 PM] Happy new year!\n"
)
PHONE = (
    "카카오톡 대화\n저장한 날짜 : 2024년 1월 20일 오후 12:00\n\n\n2024년 1월 15일 오전 9:30\n"
    "2024년 1월 15일 오전 9:30, Ann : 안녕\n2024년 1월 15일 오후 1:31, Bob : 네\n둘째 줄\n"
    "2024년 1월 15일 오후 1:32, Bob님이 나갔습니다.\n"
).encode()
TABLET = (
    "Talk_2024.1.20 12:00-1.txt\n저장한 날짜 : 2024. 1. 20. 12:00\n\n2024년 1월 15일 월요일\n"
    "2024. 1. 15. 09:30, Ann : 안녕\n2024. 1. 15. 13:32: Bob님이 나갔습니다.\n"
).encode()
ZOOM = (
    b"09:30:11 From  Ann Lee  to  Everyone:\n\tHello\n09:31:12 From  Bob  to  Ann Lee(Direct Message):\n"
    b"\tpsst\n\tmore\n"
)
RECORDED = b"00:00:03\tAnn Lee:\tHello\n00:01:12\tBob:\tHi\nthere\n"
EACH = {"LINE": LINE, "Japanese": JAPANESE, "computer": COMPUTER, "English": ENGLISH, "phone": PHONE,
        "tablet": TABLET, "Zoom": ZOOM, "recorded": RECORDED}  # fmt: skip


def messages(data: bytes, name: str = "f") -> list[Parsed]:
    items, problems, _ = read_all(read, data, Context(name=name))
    assert problems == []
    return items


def told(item: Parsed) -> tuple[str, str, str]:
    when = item.when.raw if item.when else facts(item).get("time_shown", "")
    return when, next((name for role, name, _ in people(item) if role == "from"), ""), text(item)


def test_days_of_the_week_tell_day_from_month() -> None:
    items = messages(LINE)
    assert [told(each) for each in items] == [
        ("Tue, 06/01/2026 09:30", "Ann", "Hello"),
        ("Tue, 06/01/2026 9:31 PM", "Bob Lee", 'two\n\nlines "x"'),
        ("Wed, 07/01/2026 10:00", "", "Ann unsent a message."),
        ("Wed, 07/01/2026 10:01", "Ann", "[File] plan.pdf"),
        ("Wed, 07/01/2026 10:02", "Ann", "[Photo]"),
    ]
    assert items[1].when == When(
        1_767_735_060_000_000, "Tue, 06/01/2026 9:31 PM", "line", ZONE, 60_000_000
    )
    assert facts(items[0]) == {
        "service": "LINE", "chat": "Ann", "date_order": "dmy", "date_order_by": "weekdays",
    }  # fmt: skip
    assert people(items[1]) == [("from", "Bob Lee", ""), ("to", "Ann", "")]
    assert (facts(items[2])["event"], facts(items[3])["attachments"], facts(items[4])["left_out"]) == (
        "system line", [{"name": "plan.pdf"}], "[Photo]",
    )  # fmt: skip


def test_halves_of_the_day_in_japanese() -> None:
    items = messages(JAPANESE)
    assert [told(each) for each in items] == [
        ("2024/01/15(月) 午前9:30", "Ann", "こんにちは"),
        ("2024/01/15(月) 午後1:31", "Bob", "[スタンプ]"),
        ("2024/01/15(月) 13:40", "", "Bobが退出しました"),
    ]
    assert items[1].when is not None
    assert items[1].when.us == 1_705_325_460_000_000
    assert (facts(items[0])["chat"], facts(items[0])["date_order_by"]) == ("Ann", "year first")


def test_kakaotalk_of_a_computer_names_its_days_between_dashes() -> None:
    items = messages(COMPUTER)
    day = "--------------- 2024년 1월 15일 월요일 ---------------"
    assert [told(each) for each in items] == [
        (f"{day} 오전 9:30", "Ann", "안녕"),
        (f"{day} 오후 1:31", "Bob", "네\n둘째 줄"),
        (day, "", "홍길동님이 들어왔습니다."),
        (f"{day} 오후 1:32", "Ann", "파일: plan.pdf"),
    ]
    event = items[2].when
    assert event is not None
    assert (event.us, event.resolution_us) == (1_705_276_800_000_000, 86_400_000_000)
    assert facts(items[3])["attachments"] == [{"name": "plan.pdf"}]
    assert facts(items[0])["chat"] == "개발팀"


def test_kakaotalk_in_english_and_of_phones() -> None:
    (english,) = messages(ENGLISH)
    assert english.when is not None
    assert english.when.us == 1_609_459_140_000_000
    assert (told(english)[1], facts(english)["chat"]) == ("John Doe", "John Doe")
    assert [told(each) for each in messages(PHONE)] == [
        ("2024년 1월 15일 오전 9:30", "Ann", "안녕"),
        ("2024년 1월 15일 오후 1:31", "Bob", "네\n둘째 줄"),
        ("2024년 1월 15일 오후 1:32", "", "Bob님이 나갔습니다."),
    ]
    assert [told(each) for each in messages(TABLET)] == [
        ("2024. 1. 15. 09:30", "Ann", "안녕"),
        ("2024. 1. 15. 13:32", "", "Bob님이 나갔습니다."),
    ]


def test_zoom_tells_no_day_so_its_messages_have_no_time() -> None:
    items, problems, _ = read_all(read, ZOOM)
    assert [each.kind for each in problems] == ["no-date"]
    assert [(told(each), people(each)[1][1]) for each in items] == [
        (("09:30:11", "Ann Lee", "Hello"), "Everyone"),
        (("09:31:12", "Bob", "psst\nmore"), "Ann Lee"),
    ]
    assert [facts(each).get("direct") for each in items] == [None, True]
    recorded, _, _ = read_all(read, RECORDED)
    assert [told(each) for each in recorded] == [
        ("00:00:03", "Ann Lee", "Hello"), ("00:01:12", "Bob", "Hi\nthere"),
    ]  # fmt: skip


def test_zoom_with_dates_has_times() -> None:
    (item,) = messages(b"2024-01-15 09:30:11 From Ann to Everyone:\n\tHello\n")
    assert item.when == When(1_705_311_011_000_000, "2024-01-15 09:30:11", "line", ZONE)


def test_a_date_that_may_be_read_two_ways_is_told() -> None:
    data = b"[LINE] Chat history with Ann\n\nFri, 05/05/2023\n09:30\tAnn\tHello\n"
    items, problems, _ = read_all(read, data)
    assert [each.kind for each in problems] == ["ambiguous-date"]
    assert items[0].when is not None
    assert items[0].when.zone.endswith("day before month assumed")


def test_a_day_of_the_week_that_is_not_the_dates_is_a_fact() -> None:
    items, _, _ = read_all(read, LINE.replace(b"Wed, 07", b"Sun, 07"))
    assert [facts(each).get("weekday_differs") for each in items] == [
        None,
        None,
        *["Sun, 07/01/2026"] * 3,
    ]


def test_a_line_with_its_own_date_is_not_dated_by_the_day_above() -> None:
    items = messages(TABLET.replace(b"2024. 1. 15. 13:32", b"2024. 1. 16. 13:32"))
    assert [facts(each).get("weekday_differs") for each in items] == [None, None]


def test_damage_costs_its_own_lines() -> None:
    data = COMPUTER.replace("안녕".encode(), b"\xff").replace(b"[Ann]", b"odd\n[Ann]", 1)
    items, problems, books = read_all(read, b"torn\n" + data[: -len("pdf\n")])
    assert [(each.kind, each.line) for each in problems] == [("preamble", 1), ("bad-line", 6)]
    assert books.quarantined == len("torn") + len("odd")
    assert [each.kind for each in items[0].problems] == ["bad-utf8"]
    assert len(items) == 4


def test_a_day_that_no_calendar_has() -> None:
    items, _, _ = read_all(
        read, JAPANESE.replace("2024/01/15(月)".encode(), "2024/02/31(月)".encode())
    )
    assert [each.when for each in items] == [None] * 3
    assert [problem.kind for problem in items[0].problems] == ["bad-date"]


@pytest.mark.parametrize("data", EACH.values(), ids=EACH)
def test_it_is_known_by_its_content(data: bytes) -> None:
    assert identify(data, len(data), "evidence").id == "daily-chat"
    assert identify(data, len(data), "x.csv").id == "daily-chat"


@pytest.mark.parametrize(
    "data",
    [b"09:30:11\tAnn\tone row\n09:30:12\tBob\tanother\n", b"2024/01/15(Mon)\nnothing else\n",
     b"[LINE] a title\ntext\n",
     b"09:30\tAnn\tHello\n09:31\tBob\tHi\n", b"00:00:03\tAnn Lee:\tHello\n", b"09:30:11 From here to there\n",
     "2024년 1월 15일 오전 9:30\n글\n".encode()],
)  # fmt: skip
def test_other_texts_are_none_of_these(data: bytes) -> None:
    assert identify(data, len(data), "evidence").id != "daily-chat"


def test_a_file_that_was_called_so_by_hand_is_kept() -> None:
    items, problems, _ = read_all(read, b"words\n")
    assert [(each.kind, text(each)) for each in items] == [("document", "words\n")]
    assert [each.kind for each in items[0].problems] == ["no-stamp"]
    assert problems == []


SPOKEN = b"Ann Lee  0:03  \nHello all,\nwelcome.\n\nBob  45:10  \nIt is 1:30 now.\n\nAnn Lee  1:00:05\nBye.\n"


def test_a_meetings_transcript_has_words_below_who_speaks() -> None:
    assert identify(SPOKEN, len(SPOKEN), "a.txt").id == "daily-chat"
    items, problems, _ = read_all(read, SPOKEN, Context(name="talk.txt"))
    assert [each.kind for each in problems] == ["no-date"]
    assert [(people(each), text(each)) for each in items] == [
        ([("from", "Ann Lee", "")], "Hello all,\nwelcome."),
        ([("from", "Bob", "")], "It is 1:30 now."),
        ([("from", "Ann Lee", "")], "Bye."),
    ]
    assert [facts(each)["time_shown"] for each in items] == ["0:03", "45:10", "1:00:05"]
    assert facts(items[0])["service"] == "meeting transcript"
    cut, _, _ = read_all(read, SPOKEN[:-4])
    assert text(cut[2]) == "B"


@pytest.mark.parametrize(
    "words",
    [
        "Song one  3:45\nSong two  4:10\nSong three  2:20\n",
        "Ann  0:03\nHello.\n\nBob  0:05\nHi.\n",
        "A text\n\nAnn  0:03\na\n\nBob  0:05\nb\n\nAnn  0:09\nc\n",
    ],
)
def test_lists_of_lengths_and_short_texts_are_no_transcripts(words: str) -> None:
    data = words.encode()
    assert identify(data, len(data), "a.txt").id == "text"
