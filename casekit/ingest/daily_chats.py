"""Lines of chats whose days stand apart from their times: hides how LINE, KakaoTalk and Zoom each write them.

Source: no specification; LINE "Send chat history", KakaoTalk "Export chat" of its programs for computers and
phones in Japanese, Korean, Chinese and English, Zoom `meeting_saved_chat.txt` in its four forms since 2020;
transcripts of Otter and those copied from Teams.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from casekit.ingest.chat_stamps import Stamp, half_of

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
_HALVES = (
    r"(?P<before>[^\W\d]{0,4}[ \u00a0\u202f]?)"
    + _CLOCK
    + r"(?P<after>[ \u00a0\u202f]?[^\W\d_.]{0,4})"
)
_DATE = r"(?P<a>\d{1,4})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{1,4})"
_KOREAN = r"(?P<a>\d{4})(?P<sep>년|\.) ?(?P<b>\d{1,2})[월.] ?(?P<c>\d{1,2})[일.]"
_ENGLISH = r"(?P<name>[A-Z][a-z]{2})[a-z]{0,6} (?P<c>\d{1,2}), (?P<a>\d{4})"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAMES_OF_DAYS = (
    "mon monday 月 月曜日 월 월요일 一 星期一 週一 周一",
    "tue tuesday 火 火曜日 화 화요일 二 星期二 週二 周二",
    "wed wednesday 水 水曜日 수 수요일 三 星期三 週三 周三",
    "thu thursday 木 木曜日 목 목요일 四 星期四 週四 周四",
    "fri friday 金 金曜日 금 금요일 五 星期五 週五 周五",
    "sat saturday 土 土曜日 토 토요일 六 星期六 週六 周六",
    "sun sunday 日 日曜日 일 일요일 星期日 週日 周日 星期天",
)
_WEEKDAYS: Mapping[str, int] = {
    word: number for number, words in enumerate(_NAMES_OF_DAYS) for word in words.split()
}


class Form(NamedTuple):
    """How one program writes its chats.

    Attributes:
        service: As shown to people.
        said: What a line that begins a message begins with. Groups: hour, minute, second, before, after (words
            for the halves of the day), sender, to, and a, b, c where the line has a date of its own.
        day: A whole line that names a day; groups a, b, c or name, and weekday.
        head: A whole line above the first message, with the chat in the group `chat` where it says so.
        event: A whole line that is no part of the message above it and has no time.
        file: The words of a message that names a file.
        left_out: The words of a message that stands for what was not exported.
        quoted: Whether a message of several lines stands in quotes.
        apart: Whether a message stands below a day.
        least: Messages with a sender by which a chat without a head is known.
        below: Whether the words stand below the line, and never beside it.
    """

    service: str
    said: re.Pattern[str]
    day: re.Pattern[str] | None
    head: re.Pattern[str]
    event: re.Pattern[str] | None = None
    file: re.Pattern[str] | None = None
    left_out: re.Pattern[str] | None = None
    quoted: bool = False
    apart: bool = False
    least: int = 1
    below: bool = False


def _again(pattern: str) -> str:
    """The pattern with its groups under their second names, for another place in the same expression."""
    return re.sub(r"\(\?P(<\w+|=\w+)", r"(?P\1_", pattern)


_KAKAO_HEAD = re.compile(
    r"(?P<chat>[^\n]{1,80}?)(?: \d+)? ?님과 카카오톡 대화|카카오톡 대화|저장한 날짜 ?: .{1,60}|"
    r"Talk_.{1,60}\.txt|(?:KakaoTalk )?Chats? with (?P<chat_>.{1,80})|Date Saved ?: .{1,60}"
)
_KAKAO_EVENT = re.compile(
    r".{1,60}님(?:이|을|과) .{0,60}(?:들어왔습니다|나갔습니다|초대했습니다|내보냈습니다)\.?(?:\S{0,20})"
)
_KAKAO_FILE = re.compile(r"(?:파일|File): (?P<file>[^\n]{1,200}\.\w{1,8})")
_KAKAO_LEFT = re.compile(
    r"사진(?: \d+장)?|동영상|이모티콘|음성메시지|Photos?|Video|Emoticons?|Voice Note"
)
_NO_HEAD = re.compile(r"(?!)")
_FIRST = 5
"""Lines among which a chat begins."""
_ZOOM_TIME = (
    r"(?:(?P<a>\d{4})(?P<sep>-)(?P<b>\d\d)-(?P<c>\d\d) )?"
    r"(?P<before>)(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?P<after>)"
)

FORMS: tuple[Form, ...] = (
    Form(
        "LINE",
        re.compile(rf"{_HALVES}\t(?:(?P<sender>[^\t\n]{{0,100}})\t)?"),
        re.compile(
            rf"(?P<weekday>[^\W\d_]{{2,12}})[.,]? {_DATE}|"
            rf"{_again(_DATE)}\.? ?[(（]?(?P<weekday_>[^\W\d_]{{1,12}})[)）]?"
        ),
        re.compile(
            r"\[LINE\] ?(?:Chat history (?:with|in) (?P<chat>.{1,100})|[与與]?\"?(?P<chat_>.{1,100}?)\"?"
            r" ?(?:とのトーク履歴|のトーク履歴|的聊天[记記][录錄])|.{1,100})|"
            r"[^\d\n]{2,30}[:：] ?\d{1,4}[./年-].{1,40}"
        ),
        file=re.compile(r"\[(?:File|ファイル|檔案|文件)\] ?(?P<file>[^\n]{1,200})"),
        left_out=re.compile(r"\[[^\[\]\n]{2,20}\]"),
        quoted=True,
        apart=True,
    ),
    Form(
        "KakaoTalk",
        re.compile(rf"\[(?P<sender>[^\n]{{1,100}}?)\] \[{_HALVES}\] "),
        re.compile(
            rf"-{{5,}} (?:{_KOREAN} (?P<weekday>\S{{1,4}})|"
            rf"(?P<weekday_>[A-Z][a-z]{{2,8}}), {_again(_ENGLISH)}) -{{5,}}"
        ),
        _KAKAO_HEAD, _KAKAO_EVENT, _KAKAO_FILE, _KAKAO_LEFT, apart=True,
    ),
    Form(
        "KakaoTalk",
        re.compile(
            rf"{_KOREAN} (?P<before>(?:오전|오후) )?{_CLOCK}(?P<after>)"
            r"(?:, (?P<sender>[^\n]{1,60}?) : |[:,] )"
        ),
        re.compile(rf"{_KOREAN}(?: (?P<weekday>\S요일)| (?:(?:오전|오후) )?\d{{1,2}}:\d\d)"),
        _KAKAO_HEAD, None, _KAKAO_FILE, _KAKAO_LEFT, least=2,
    ),
    Form(
        "Zoom",
        re.compile(
            _ZOOM_TIME + r"[ \t]{1,3}From[ \t]{1,3}(?P<sender>[^\n]{1,120}?)"
            r"(?:[ \t]{1,3}to[ \t]{1,3}(?P<to>[^\n]{1,120}?))?[ \t]{0,3}:(?:[ \t]|(?=\n)|$)"
        ),
        None, _NO_HEAD,
    ),
    Form(
        "Zoom", re.compile(_ZOOM_TIME + r"\t(?P<sender>[^\t\n]{1,120}):\t"), None, _NO_HEAD, least=2,
    ),
    Form(
        "meeting transcript",
        re.compile(
            r"(?P<sender>[^\s:\d][^\n:]{0,60}?)[ \t]{2,4}(?P<before>)(?:(?P<hour>\d{1,2}):)?"
            r"(?P<minute>\d{1,2}):(?P<second>[0-5]\d)(?P<after>)[ \t]{0,4}(?=\r?\n|\r?$)"
        ),
        None, _NO_HEAD, least=3, below=True,
    ),
)  # fmt: skip
"""In the order in which they are tried; KakaoTalk's are those of computers and of phones."""


def group(match: re.Match[str], name: str) -> str:
    """What a group caught, or the other of its two places (its name and a `_`); else empty."""
    found = match.re.groupindex.keys() & {name, f"{name}_"}
    return next((text for each in sorted(found) if (text := match[each])), "")


class Day(NamedTuple):
    """A day as a line names it.

    Attributes:
        raw: The line.
        numbers: The date's three numbers, in their order; the year first where the month has a name.
        separator: What stands between them.
        weekday: From 0 (Monday), or None.
    """

    raw: str
    numbers: tuple[int, int, int]
    separator: str
    weekday: int | None


def day_in(form: Form, line: str) -> Day | None:
    """The day that a whole line names, or None."""
    match = form.day.fullmatch(line.strip()) if form.day else None
    if match is None:
        return None
    word = group(match, "weekday").lower()
    weekday = _WEEKDAYS.get(word)
    if word and weekday is None:
        return None
    return _day(match, line.strip(), weekday)


def _day(match: re.Match[str], raw: str, weekday: int | None) -> Day | None:
    name = group(match, "name")
    if name and name not in _MONTHS:
        return None
    b = str(_MONTHS.index(name) + 1) if name else group(match, "b")
    numbers = (int(group(match, "a")), int(b), int(group(match, "c")))
    return Day(raw, numbers, group(match, "sep") or "-", weekday)


def said_in(form: Form, line: str) -> re.Match[str] | None:
    """The beginning of a line that begins a message, or None."""
    match = form.said.match(line)
    if match is None or int(match["hour"] or 0) > 24 or int(match["minute"]) > 59:
        return None
    for word in (match["before"], match["after"]):
        if word and word.strip() and not half_of(word):
            return None
    return match


def stamp_of(match: re.Match[str], day: Day | None) -> Stamp | None:
    """Date and time of a message, of the day that its own line names or else the one last named; or None."""
    own = _day(match, "", None) if group(match, "a") else None
    on = own or day
    if on is None:
        return None
    clock = (int(match["hour"]), int(match["minute"]), int(group(match, "second") or 0))
    half = next((half for each in ("before", "after") if (half := half_of(match[each] or ""))), "")
    shown = clock_of(match)
    raw = shown if own else f"{on.raw} {shown}"
    form = ("day", on.separator, False, bool(group(match, "second")))
    return Stamp(raw, on.numbers, clock, half, "", form, match.end())


def clock_of(match: re.Match[str]) -> str:
    """Date, if any, and time of a message as printed."""
    first = match.start("a") if group(match, "a") else match.start("before")
    return match.string[first : match.end("after")].strip()


def form_of(lines: list[str]) -> Form | None:
    """The form of a chat by its first lines that are not blank, or None.

    One of its first lines is a head, a day or a message, the very first in a form without heads; where days
    stand apart, a message stands below one.
    """
    for form in FORMS:
        first = lines[: 1 if form.head is _NO_HEAD else _FIRST]
        headed = any(form.head.fullmatch(line.strip()) for line in first)
        if not headed and not any(day_in(form, line) or said_in(form, line) for line in first):
            continue
        said = [
            (number, match) for number, line in enumerate(lines) if (match := said_in(form, line))
        ]
        spoken = sum(bool(group(match, "sender")) for _, match in said)
        if form.apart:
            day = next(
                (number for number, line in enumerate(lines) if day_in(form, line)), len(lines)
            )
            good = bool(said) and said[-1][0] > day
        else:
            good = spoken >= (1 if headed else form.least)
        if form.below:  # a list of songs and their lengths has no words below
            begins = {number for number, _ in said}
            good = good and begins.isdisjoint(number + 1 for number in begins)
        if good:
            return form
    return None
