from __future__ import annotations

import pytest

from casekit.ingest.daily_chats import (
    FORMS,
    Day,
    clock_of,
    day_in,
    form_of,
    group,
    said_in,
    stamp_of,
)

LINE, COMPUTER, PHONE, ZOOM, RECORDED, SPOKEN = FORMS


@pytest.mark.parametrize(
    ("line", "numbers", "weekday"),
    [("Mon, 1/15/2024", (1, 15, 2024), 0), ("2024.01.16 Tuesday", (2024, 1, 16), 1),
     ("2024/01/17(水)", (2024, 1, 17), 2), ("2024/01/18（星期四）", (2024, 1, 18), 3)],
)  # fmt: skip
def test_days_of_line(line: str, numbers: tuple[int, int, int], weekday: int) -> None:
    found = day_in(LINE, line + "\r")
    assert found is not None
    assert (found.raw, found.numbers, found.weekday) == (line, numbers, weekday)


@pytest.mark.parametrize("line", ["2024/01/15", "2024/01/15(foo)", "1/15/2024", "Mon", ""])
def test_what_names_no_day_of_the_week_is_no_day_of_line(line: str) -> None:
    assert day_in(LINE, line) is None


def test_a_month_with_a_name_comes_with_the_year_first() -> None:
    dashes = "-" * 15
    found = day_in(COMPUTER, f"{dashes} Thursday, December 31, 2020 {dashes}")
    assert found is not None
    assert (found.numbers, found.weekday) == ((2020, 12, 31), 3)
    assert day_in(COMPUTER, f"{dashes} Thursday, Foo 31, 2020 {dashes}") is None
    assert day_in(ZOOM, "2024-01-15") is None


@pytest.mark.parametrize(
    ("line", "half", "clock"),
    [("9:30 PM\tA\tx", "pm", (9, 30, 0)), ("午前9:30\tA\tx", "am", (9, 30, 0)),
     ("21:30\tA\tx", "", (21, 30, 0)),
     ("10:05AM\tA\tx", "am", (10, 5, 0))],
)  # fmt: skip
def test_times_of_line(line: str, half: str, clock: tuple[int, int, int]) -> None:
    match = said_in(LINE, line)
    assert match is not None
    assert group(match, "sender") == "A"
    stamp = stamp_of(match, Day("d", (2024, 1, 15), "/", None))
    assert stamp is not None
    assert (stamp.half, stamp.clock, stamp.numbers, line[stamp.end :]) == (
        half,
        clock,
        (2024, 1, 15),
        "x",
    )
    assert stamp_of(match, None) is None


@pytest.mark.parametrize(
    "line", ["25:00\tA\tx", "9:60\tA\tx", "about9:30\tA\tx", "9:30 foo\tA\tx", "9:30 A x"]
)
def test_other_lines_begin_no_message_of_line(line: str) -> None:
    assert said_in(LINE, line) is None


def test_zooms_four_forms() -> None:
    lines = [
        "00:00:00\t From  Ann : a", "00:00:00 From  Ann  to  Bob(Privately) : a", "00:00:00 From Ann to Bob:",
    ]  # fmt: skip
    found = [said_in(ZOOM, line) for line in lines]
    assert [match and (group(match, "sender"), group(match, "to")) for match in found] == [
        ("Ann", ""),
        ("Ann", "Bob(Privately)"),
        ("Ann", "Bob"),
    ]
    recorded = said_in(RECORDED, "00:00:00\tAnn:\ta")
    assert recorded is not None
    assert group(recorded, "sender") == "Ann"


def test_a_form_is_told_by_the_first_lines() -> None:
    day, said = "2024/01/15(月)", "9:30\tAnn\tx"
    assert form_of([day, said]) is LINE
    assert form_of(["torn", day, said]) is LINE
    assert form_of([said, day]) is None
    assert form_of(["torn", "00:00:00 From Ann to Bob:"]) is None
    spoken = "2024. 1. 15. 09:30, Ann : x"
    assert (form_of([spoken]), form_of([spoken] * 2), form_of(["카카오톡 대화", spoken])) == (
        None,
        PHONE,
        PHONE,
    )
    assert form_of([]) is None


def test_a_transcripts_line_has_its_name_first_and_its_clock_last() -> None:
    match = said_in(SPOKEN, "Ann Lee  1:00:05")
    assert match is not None
    assert (group(match, "sender"), clock_of(match)) == ("Ann Lee", "1:00:05")
    for other in ("Ann Lee 0:05", "Ann: Lee  0:05", "Ann  0:05 said", "Ann  99:99", "Ann  61:05"):
        assert said_in(SPOKEN, other) is None
