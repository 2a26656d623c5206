"""The stamp before a line of a chat kept as text: hides how every country writes date and time.

WhatsApp writes the date as the phone's settings have it, and nothing in the file says which settings
those were. Whether `03/04/21` is March or April is therefore decided from all lines of the file: by
the numbers, then by the order of the lines; where both leave it open the order is assumed and said so.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Literal

from casekit.clock import to_us
from casekit.ingest.parsed import When

Order = Literal["dmy", "mdy", "ymd"]

ZONE = "assumed:no zone given, local time of the exporting device read as UTC"
ORDER_ASSUMED = "; day before month assumed"
US_ASSUMED = "; month before day assumed"

_MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_SIGNS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_M = f"[{_MARKS}]*"
_SEP = rf"{_M}(?:[./\-\u2013] ?|\. |[年月년월] ?){_M}"
_DATE = rf"(?P<a>\d{{1,4}})(?P<sep>{_SEP})(?P<b>\d{{1,2}}){_SEP}(?P<c>\d{{1,4}})(?:[.日일]|\. )?"
_TIME = r"(?P<hour>\d{1,2})(?:[:.٫]| ?h ?)(?P<minute>\d\d)(?:[:.](?P<second>\d\d))?"
_STAMP = rf"{_DATE}(?P<before>[^\d\[\]\n]{{1,16}}?){_TIME}(?P<after>[^\d\[\]\n]{{0,16}}?)"
_BRACKETED = re.compile(rf"{_M}\[{_STAMP}\]{_M}[ \u00a0\u202f]?{_M}")
_ALONE = re.compile(
    rf"{_M}(?P<a>\d{{4}})(?P<sep>[-/])(?P<b>\d{{1,2}})[-/](?P<c>\d{{1,2}})(?P<before> )"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)(?P<after>)[ \t]{1,4}(?=[^\s:\-])[^\n:]{1,60}"
)
_NAME_FIRST = re.compile(
    rf"{_M}(?P<name>[^\s:：\d][^\n:：，。；！？,;!?]{{0,59}}?)[ \t\u3000]{{1,4}}"
    r"(?P<a>\d{4})(?P<sep>[-/年])(?P<b>\d{1,2})[-/月](?P<c>\d{1,2})日?(?P<before>[ \t]{1,2})"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?P<after>)"
)  # copied from DingTalk, Feishu or WeChat
_DASHED = re.compile(rf"{_M}{_STAMP}[ \u00a0\u202f]?[-\u2013\u2014][ \u00a0\u202f]{_M}")
_CLOCK_FIRST = rf"{_TIME}(?P<after>[^\d\[\]\n]{{0,16}}?)(?P<before>[,،] ?){_M}{_DATE}"
_BRACKETED_CLOCK = re.compile(
    rf"{_M}\[{_CLOCK_FIRST}\]{_M}[ \u00a0\u202f]?{_M}"
)  # copied from a browser
_DASHED_CLOCK = re.compile(rf"{_M}{_CLOCK_FIRST}[ \u00a0\u202f]?[-\u2013\u2014][ \u00a0\u202f]{_M}")
_COLONED = re.compile(rf"{_M}{_STAMP}: {_M}")  # iOS up to 2017; only with seconds

_LETTERS = re.compile(rf"[\W_{_MARKS}]+")
_BUDDHIST = 543
"""Years that the Thai calendar is ahead."""


def _word(text: str) -> str:
    """The letters alone, without the signs and points that some keyboards put between them."""
    return _LETTERS.sub("", text).lower()


def _words(*texts: str) -> frozenset[str]:
    return frozenset(map(_word, texts))


_AM = _words(
    "am", "오전", "上午", "凌晨", "早上", "清晨", "午前", "πμ", "ص", "صباحا", "قظ", "öö", "de", "ap", "fm",
    "sa", "dop", "vm", "pg", "pd", "fh", "проб", "дп", "לפנהצ", "priešpiet", "priekšp", "முற்பகல்", "ก่อนเที่ยง",
    "पूर्वाह्न", "पूर्वाह्ण", "पूर्व", "सुबह", "म.पू.", "পূর্বাহ্ণ", "পূর্বাহ্ন", "ఉద", "ಪೂರ್ವಾಹ್ನ", "പൂർവാഹ്നം", "পূৰ্বাহ্ন",
)  # fmt: skip
_PM = _words(
    "pm", "오후", "下午", "晚上", "午後", "μμ", "م", "مساء", "بظ", "ös", "du", "ip", "em", "ch", "odp", "nm",
    "ptg", "md", "eh", "слоб", "пп", "אחהצ", "popiet", "pēcp", "பிற்பகல்", "หลังเที่ยง",
    "अपराह्न", "अपराह्ण", "शाम", "म.उ.", "অপরাহ্ণ", "অপরাহ্ন", "సాయం", "ಅಪರಾಹ್ನ", "അപരാഹ്നം",
)  # fmt: skip
_NOON = _words("中午")
_JOINING = _words(
    "klo", "kl", "um", "at", "à", "às", "alle", "u", "o", "ob", "v", "om", "la", "a", "las", "в", "saat", "i",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date and time as written.

    Attributes:
        raw: Its text, without brackets or dash.
        numbers: The date's three numbers, in their order.
        clock: Hour as written, minute, second.
        half: `am`, `pm`, `noon`, or empty.
        unknown: A word beside the time that is neither a half of the day nor a joining one.
        form: What is alike in all stamps of one file: `[`, `:`, `alone`, `name first`, `clock first` or a
            dash (empty), separator, comma, seconds.
        end: Where the line goes on.
        name: Who speaks, where the name stands before the date.
    """

    raw: str
    numbers: tuple[int, int, int]
    clock: tuple[int, int, int]
    half: str
    unknown: str
    form: tuple[str, str, bool, bool]
    end: int
    name: str = ""


def stamp_at(line: str, *, alone: bool = False) -> Stamp | None:
    """The stamp that a line begins with, or None.

    Args:
        line: Without its end.
        alone: The line must hold stamp and name alone, its words being below it.
    """
    match = _ALONE.fullmatch(line) if alone else _BRACKETED.match(line)
    bracket = "" if match is None else "alone" if alone else "["
    if match is None and alone:
        match, bracket = _NAME_FIRST.fullmatch(line), "name first"
    match = match if match or alone else _DASHED.match(line)
    if match is None and not alone:
        match = _BRACKETED_CLOCK.match(line) or _DASHED_CLOCK.match(line)
        bracket = "clock first"
    if match is None and not alone:
        match, bracket = _COLONED.match(line), ":"
    if match is None or (bracket == ":" and not match["second"]):
        return None
    numbers = (int(match["a"]), int(match["b"]), int(match["c"]))
    clock = (int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    if not _plausible(match, clock):
        return None
    words = [_word(match["before"]), _word(match["after"])]
    half = next((found for found in map(_half, words) if found), "")
    unknown = next(
        (each for each in words if each and not _half(each) and each not in _JOINING), ""
    )
    comma = any(each in match["before"] for each in ",،、")
    separator = _LETTERS.sub("", match["sep"]) or match["sep"].strip(_SIGNS)
    form = (bracket, separator, comma, match["second"] is not None)
    raw = line[
        min(match.start("a"), match.start("hour")) : max(match.end("c"), match.end("after"))
    ].strip()
    name = match["name"].strip(_SIGNS).strip() if bracket == "name first" else ""
    end = match.end("after") if alone else match.end()
    return Stamp(raw, numbers, clock, half, unknown, form, end, name)


def _plausible(match: re.Match[str], clock: tuple[int, int, int]) -> bool:
    """Whether year, hour and minute can be such; a year has two or four digits."""
    years = [len(match["a"]), len(match["c"])]
    if 3 in years or (years.count(4) == 2) or (4 not in years and max(years) < 2):
        return False
    return clock[0] <= 24 and clock[1] <= 59 and clock[2] <= 60


def half_of(text: str) -> str:
    """`am`, `pm` or `noon`, if a word for a half of the day in one of many languages; else empty."""
    return _half(_word(text))


def _half(word: str) -> str:
    if word in _AM:
        return "am"
    if word in _PM:
        return "pm"
    return "noon" if word in _NOON else ""


@dataclass(slots=True)
class _Count:
    wrong: int = 0
    backwards: int = 0
    last: tuple[int, int, int] = (0, 0, 0)
    first_day: int = 0
    last_day: int = 0

    @property
    def span(self) -> int:
        """About how many days lie between the earliest and the latest date."""
        return self.last_day - self.first_day


@dataclass(frozen=True, slots=True)
class Calendar:
    """How one file's dates are to be read.

    Attributes:
        order: Of day, month and year.
        by: `year first`, `numbers`, `weekdays`, `order of lines`, or `assumed`.
        offset: Years that the file's calendar is ahead of ours.
    """

    order: Order
    by: str
    offset: int = 0

    @property
    def zone(self) -> str:
        """For `When.zone`: what had to be assumed."""
        if self.by != "assumed":
            return ZONE
        return ZONE + (US_ASSUMED if self.order == "mdy" else ORDER_ASSUMED)

    def when(self, stamp: Stamp) -> When | None:
        """The instant of a stamp, or None where no calendar has such a day."""
        year, month, day = _in_order(stamp.numbers, self.order)
        hour = _hour(stamp.clock[0], stamp.half)
        try:
            moment = dt.datetime(year - self.offset, month, day, tzinfo=dt.UTC)
        except ValueError:
            return None
        us = to_us(moment) + ((hour * 60 + stamp.clock[1]) * 60 + stamp.clock[2]) * 1_000_000
        step = 1_000_000 if stamp.form[3] else 60_000_000
        return When(us, stamp.raw, "line", self.zone, step)


@dataclass(slots=True)
class Votes:
    """What all stamps of a file say about the order of day and month; add each, then `decide`."""

    counts: dict[Order, _Count] = field(
        default_factory=lambda: {"dmy": _Count(), "mdy": _Count(), "ymd": _Count()}
    )
    stamps: int = 0
    year_first: int = 0
    halves: int = 0
    latest_hour: int = 0
    weekdays: int = 0
    separators: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)

    def add(self, stamp: Stamp, weekday: int | None = None) -> None:
        """Count one stamp, in the order of the file.

        Args:
            stamp: As written.
            weekday: That stands beside its date, from 0 (Monday).
        """
        self.stamps += 1
        self.weekdays += weekday is not None
        self.year_first += stamp.numbers[0] > 99
        self.halves += bool(stamp.half)
        self.latest_hour = max(self.latest_hour, stamp.clock[0])
        self.separators.add(stamp.form[1])
        if stamp.unknown and len(self.unknown) < 20:
            self.unknown.add(stamp.unknown)
        for order, count in self.counts.items():
            date = _in_order(stamp.numbers, order)
            if not (1 <= date[1] <= 12 and 1 <= date[2] <= 31 and date[0] >= 1000):
                count.wrong += 1
                continue
            if weekday is not None and weekday_of(date) != weekday:
                count.wrong += 1
            if date < count.last:
                count.backwards += 1
            count.last = date
            day = (date[0] * 12 + date[1]) * 31 + date[2]
            count.first_day = min(count.first_day or day, day)
            count.last_day = max(count.last_day, day)

    @property
    def halves_unknown(self) -> bool:
        """Whether words beside the times may tell morning from evening in a language not known here."""
        return bool(self.unknown) and not self.halves and self.latest_hour <= 12

    def decide(self) -> Calendar:
        """The order that fits all dates best."""
        if self.year_first * 2 > self.stamps:
            return Calendar("ymd", "year first", self._offset("ymd"))
        likely: tuple[Order, ...] = (
            ("mdy", "dmy", "ymd") if self._american() else ("dmy", "mdy", "ymd")
        )
        least = min(count.wrong for count in self.counts.values())
        left = [order for order in likely if self.counts[order].wrong == least]
        doubtful = False
        if "ymd" in left and len(left) > 1:
            left.remove("ymd")
            doubtful, first = self._year_may_be_first(left)
            if first:
                return Calendar("ymd", "order of lines", self._offset("ymd"))
        if len(left) == 1:
            known = "weekdays" if self.weekdays else "numbers"
            return Calendar(left[0], "assumed" if doubtful else known, self._offset(left[0]))
        fewest = min(self.counts[order].backwards for order in left)
        forward = [order for order in left if self.counts[order].backwards == fewest]
        by = "order of lines" if len(forward) == 1 and not doubtful else "assumed"
        return Calendar(forward[0], by, self._offset(forward[0]))

    def _year_may_be_first(self, others: list[Order]) -> tuple[bool, bool]:
        """Whether a year of two digits may come first, and whether it does: its dates lie closer then.

        Only dates with hyphens, or with points and blanks, are written so.
        """
        if not self.separators <= {"-", ". "}:
            return False, False
        mine, best = self.counts["ymd"].span, min(self.counts[order].span for order in others)
        return mine == best, mine < best

    def _american(self) -> bool:
        """With slashes and halves of the day, month before day is the commoner."""
        return self.separators == {"/"} and self.halves * 2 > self.stamps

    def _offset(self, order: Order) -> int:
        return _BUDDHIST if self.counts[order].last[0] >= 2400 else 0


def _in_order(numbers: tuple[int, int, int], order: Order) -> tuple[int, int, int]:
    """Year, month, day; a year of two digits is of this century."""
    a, b, c = numbers
    year, month, day = {"dmy": (c, b, a), "mdy": (c, a, b), "ymd": (a, b, c)}[order]
    return (year + 2000 if year < 100 else year), month, day


def weekday_of(date: tuple[int, int, int]) -> int | None:
    """From 0 (Monday), or None where no calendar has such a day."""
    try:
        return dt.date(*date).weekday()
    except ValueError:
        return None


def _hour(hour: int, half: str) -> int:
    """In 24 hours: 12 am is 0, 12 pm is 12; past 12 the half says nothing more."""
    if half == "am":
        return 0 if hour == 12 else hour
    if half == "pm" or (half == "noon" and hour < 10):
        return hour + 12 if hour < 12 else hour
    return hour
