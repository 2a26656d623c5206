from __future__ import annotations

import datetime as dt

import pytest

from casekit.clock import from_us
from casekit.ingest.chat_stamps import ORDER_ASSUMED, US_ASSUMED, ZONE, Calendar, Votes, stamp_at


def moment(line: str, order: str = "dmy", offset: int = 0) -> str:
    stamp = stamp_at(line)
    assert stamp is not None
    when = Calendar(order, "numbers", offset).when(stamp)  # type: ignore[arg-type]
    assert when is not None
    return f"{from_us(when.us):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("line", "order", "expected"),
    [
        ("31/12/22, 11:40 - A: b", "dmy", "2022-12-31 11:40:00"),
        ("[31/12/2022, 11:40:26] A: b", "dmy", "2022-12-31 11:40:26"),
        ("\u200e[31.12.22, 11:40:26] A: \u200ex", "dmy", "2022-12-31 11:40:26"),
        ("12/31/22, 9:05\u202fPM - A: b", "mdy", "2022-12-31 21:05:00"),
        ("[12/31/22, 12:05:09\u202fAM] A: b", "mdy", "2022-12-31 00:05:09"),
        ("31/12/2022, 12:05 p.\u00a0m. - A: b", "dmy", "2022-12-31 12:05:00"),
        ("31/12/2022, 00:05 a. m. - A: b", "dmy", "2022-12-31 00:05:00"),
        ("31.12.22, 11:40 – A: b", "dmy", "2022-12-31 11:40:00"),
        ("2022-12-31 11 h 40 - A: b", "ymd", "2022-12-31 11:40:00"),
        ("[31.12.2022 klo 14.08.18] A: b", "dmy", "2022-12-31 14:08:18"),
        ("31.12.22 um 11:40 - A: b", "dmy", "2022-12-31 11:40:00"),
        ("2022. 12. 31. 오후 8:49 - A: b", "ymd", "2022-12-31 20:49:00"),
        ("2022년 12월 31일 오전 12:49 - A: b", "ymd", "2022-12-31 00:49:00"),
        ("[2022/12/31 下午8:49:01] A: b", "ymd", "2022-12-31 20:49:01"),
        ("[2022/12/31, 中午12:49:01] A: b", "ymd", "2022-12-31 12:49:01"),
        ("2022/12/31 午後8:49 - A: b", "ymd", "2022-12-31 20:49:00"),
        ("٣١\u200f/١٢\u200f/٢٠٢٢، ٨:٤٩ م - A: b", "dmy", "2022-12-31 20:49:00"),
        ("31/12/2022, 8:49 μ.μ. - A: b", "dmy", "2022-12-31 20:49:00"),
        ("31.12.2022, 8:49 ÖS - A: b", "dmy", "2022-12-31 20:49:00"),
        ("31.12.22 21.25.15: A: b", "dmy", "2022-12-31 21:25:15"),
        ("31/12/15 11:40:26: A: b", "dmy", "2015-12-31 11:40:26"),
        ("22-12-31 20:49 - A: b", "ymd", "2022-12-31 20:49:00"),
        ("20:49, 31/12/2022 - A: b", "dmy", "2022-12-31 20:49:00"),
        ("[20:49, 31/12/2022] A: b", "dmy", "2022-12-31 20:49:00"),
        ("[8:49 PM, 12/31/2022] A: b", "mdy", "2022-12-31 20:49:00"),
        ("31/12/22, 8:49 अपराह्न - A: b", "dmy", "2022-12-31 20:49:00"),
    ],
)
def test_every_country_is_read(line: str, order: str, expected: str) -> None:
    assert moment(line, order) == expected


@pytest.mark.parametrize(
    ("line", "raw", "form"),
    [
        ("[8:49 PM, 12/31/2022] A: b", "8:49 PM, 12/31/2022", ("clock first", "/", True, False)),
        ("20:49:01, 31.12.2022 - A: b", "20:49:01, 31.12.2022", ("clock first", ".", True, True)),
        ("[12/31/22, 9:05:00 PM] A: b", "12/31/22, 9:05:00 PM", ("[", "/", True, True)),
        ("31/12/15 11:40:26: A: b", "31/12/15 11:40:26", (":", "/", False, True)),
    ],
)
def test_a_stamp_is_kept_as_it_was_written(line: str, raw: str, form: tuple[object, ...]) -> None:
    stamp = stamp_at(line)
    assert stamp is not None
    assert (stamp.raw, stamp.form) == (raw, form)


@pytest.mark.parametrize(
    "line",
    [
        "hello", "", "12:30 - A: b", "31/12/22 A: b", "[31/12/22] A: b", "1/2/3, 10:00 - A: b",
        "31/12/123, 10:00 - A: b", "31/12/22, 25:00 - A: b", "31/12/22, 10:75 - A: b", "[" * 300,
        "31/12/22 10:45: A: b", "\u200e" * 300, "1.2." * 90,
    ],
)  # fmt: skip
def test_other_lines_have_no_stamp(line: str) -> None:
    assert stamp_at(line) is None


@pytest.mark.parametrize(
    ("line", "name", "raw"),
    [
        ("张三 2024-01-02 10:00:00", "张三", "2024-01-02 10:00:00"),
        ("Ann Lee  2024/1/2 9:05", "Ann Lee", "2024/1/2 9:05"),
        ("李四 2024年1月2日 10:00", "李四", "2024年1月2日 10:00"),
    ],
)
def test_a_name_may_stand_before_the_stamp(line: str, name: str, raw: str) -> None:
    stamp = stamp_at(line, alone=True)
    assert stamp is not None
    assert (stamp.name, stamp.raw, stamp.form[0]) == (name, raw, "name first")
    assert stamp_at(line) is None
    for other in (f"{line} x", f"So, {line}", f"on: {line}", raw, f"1 {raw}"):
        assert stamp_at(other, alone=True) is None


def test_a_stamp_alone_is_followed_by_a_name_and_nothing_else() -> None:
    stamp = stamp_at("2023-08-01 12:34:56 小李(12345)", alone=True)
    assert stamp is not None
    assert (stamp.raw, stamp.form[0]) == ("2023-08-01 12:34:56", "alone")
    assert stamp_at("2023-08-01 12:34:56 INFO: x", alone=True) is None
    assert stamp_at("2023-08-01 12:34:56", alone=True) is None


def calendar(*dates: str, time: str = "10:00") -> Calendar:
    votes = Votes()
    for date in dates:
        stamp = stamp_at(f"{date}, {time} - A: b")
        assert stamp is not None
        votes.add(stamp)
    return votes.decide()


@pytest.mark.parametrize(
    ("dates", "time", "order", "by"),
    [
        (("03/04/21", "13/04/21"), "10:00", "dmy", "numbers"),
        (("03/04/21", "04/13/21"), "10:00", "mdy", "numbers"),
        (("03/04/21", "04/05/21", "05/02/21"), "10:00", "mdy", "order of lines"),
        (("03/04/21", "01/05/21"), "10:00", "dmy", "order of lines"),
        (("03/04/21", "04/04/21"), "10:00", "dmy", "assumed"),
        (("03/04/21", "04/04/21"), "10:00 PM", "mdy", "assumed"),
        (("2021/04/03",), "10:00", "ymd", "year first"),
        (("21-04-30", "21-05-01"), "10:00", "ymd", "order of lines"),
        (("21-04-30",), "10:00", "dmy", "assumed"),
        (("30-04-21", "01-05-21"), "10:00", "dmy", "numbers"),
        (("22. 12. 30.", "22. 12. 31."), "10:00", "ymd", "order of lines"),
    ],
)
def test_the_whole_file_decides_the_order(
    dates: tuple[str, ...], time: str, order: str, by: str
) -> None:
    found = calendar(*dates, time=time)
    assert (found.order, found.by) == (order, by)


def test_what_was_assumed_stands_in_the_zone() -> None:
    assert calendar("03/04/21").zone == ZONE + ORDER_ASSUMED
    assert calendar("03/04/21", time="1:00 AM").zone == ZONE + US_ASSUMED
    assert calendar("13/04/21").zone == ZONE


def test_thai_years_are_told_and_impossible_days_have_no_time() -> None:
    thai = calendar("31/12/2565")
    assert thai.offset == 543
    assert moment("31/12/2565, 10:00 - A: b", "dmy", 543) == "2022-12-31 10:00:00"
    stamp = stamp_at("31/02/2022, 10:00 - A: b")
    assert stamp is not None
    assert Calendar("dmy", "numbers").when(stamp) is None


def test_words_beside_the_time_in_an_unknown_language_are_told() -> None:
    votes = Votes()
    for line in ("1/13/22, 8:49 asubuhi - A: b", "1/13/22, 8:49 jioni - A: b"):
        stamp = stamp_at(line)
        assert stamp is not None
        votes.add(stamp)
    assert votes.halves_unknown


def test_a_minute_is_the_finest_that_a_stamp_without_seconds_tells() -> None:
    stamp = stamp_at("31/12/22, 11:40 - A: b")
    assert stamp is not None
    when = Calendar("dmy", "numbers").when(stamp)
    assert when is not None
    assert (when.raw, when.field, when.zone, when.resolution_us) == (
        "31/12/22, 11:40", "line", ZONE, 60_000_000,
    )  # fmt: skip
    assert from_us(when.us) == dt.datetime(2022, 12, 31, 11, 40, tzinfo=dt.UTC)
