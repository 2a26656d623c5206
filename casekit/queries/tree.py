"""The filter tree, which says which items are meant."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from casekit import clock
from casekit.queries.matching import Column, Phrase

KINDS = (
    "exchange",
    "request",
    "record",
    "mail",
    "message",
    "event",
    "contact",
    "document",
    "image",
    "file",
)
COLLECTIONS = ("outputs", "api-log", "correspondence", "documents", "other")
ROLES = ("subject", "source", "control", "other")
HAS = ("attachment", "exhibit", "note", "problem", "tag", "text")
WORD_FIELDS = ("body", "output", "people", "prompt", "reasoning", "subject", "title")
SHA256_HEX = 64


@dataclass(frozen=True, slots=True)
class All:
    """Every item."""


@dataclass(frozen=True, slots=True)
class Words:
    """Items in which the phrases occur; several must stand within `near` words of each other.

    Attributes:
        phrases: One phrase, or two and more with `near`.
        near: Greatest number of words between the first and the last of several phrases.
        field: One of `WORD_FIELDS` to look in that part alone, or empty.
    """

    phrases: tuple[Phrase, ...]
    near: int = 0
    field: str = ""

    @property
    def column(self) -> Column:
        """The indexed column that the field stands for."""
        return _WORD_COLUMNS[self.field]


@dataclass(frozen=True, slots=True)
class FieldIs:
    """Items whose field has the value; with `pattern`, `*` and `?` in it stand for any characters."""

    field: str
    value: str
    pattern: bool = False


@dataclass(frozen=True, slots=True)
class DateRange:
    """Items with a time from `start_us` up to, not including, `stop_us` (microseconds since 1970 UTC).

    `first` and `last` are the dates as written, such as `2025-01`; empty where the range is open.
    """

    first: str
    last: str
    start_us: int | None
    stop_us: int | None


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Items whose numeric field lies between two values, both included; None where open."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Not:
    """Every item but those."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """Items that are in all parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Items that are in any part."""

    parts: tuple[Node, ...]


Node = All | Words | FieldIs | DateRange | NumberRange | Not | And | Or

_WORD_COLUMNS: dict[str, Column] = {
    "": "", "subject": "title", "title": "title", "people": "people", "prompt": "prompt",
    "output": "output", "reasoning": "reasoning", "body": "body",
}  # fmt: skip


def date_range(first: str, last: str, zone: dt.tzinfo = dt.UTC) -> DateRange:
    """The range from the start of `first` to the end of `last`, each `2025`, `2025-01`, `2025-01-05` or empty.

    Raises:
        ValueError: One is no date.
    """
    start = date_bounds(first, zone)[0] if first else None
    stop = date_bounds(last, zone)[1] if last else None
    return DateRange(first, last, start, stop)


def date_bounds(text: str, zone: dt.tzinfo = dt.UTC) -> tuple[int, int]:
    """First microsecond of a year, month or day and the first one after it.

    Raises:
        ValueError: It is no such date.
    """
    found = re.fullmatch(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", text, re.ASCII)
    if found is None:
        raise ValueError(text)
    year, month, day = (int(n) if n else None for n in found.groups())
    first = dt.date(year or 0, month or 1, day or 1)
    if month is None:
        last = dt.date(first.year, 12, 31)
    elif day is None:
        last = dt.date(first.year, month, calendar.monthrange(first.year, month)[1])
    else:
        last = first
    if last == dt.date.max:
        raise ValueError(text)
    return _midnight(first, zone), _midnight(last + dt.timedelta(days=1), zone)


def words_of(node: Node) -> list[Words]:
    """The words that a match may contain: those not under a Not, in order of writing."""
    match node:
        case Words():
            return [node]
        case And() | Or():
            return [w for part in node.parts for w in words_of(part)]
        case _:
            return []


def has_dates(node: Node) -> bool:
    """Whether a range of dates stands anywhere in the filter."""
    match node:
        case DateRange():
            return True
        case Not():
            return has_dates(node.part)
        case And() | Or():
            return any(map(has_dates, node.parts))
        case _:
            return False


def without_dates(node: Node) -> Node:
    """The filter with every range of dates let go: it finds all that the filter finds, and more."""
    match node:
        case DateRange():
            return All()
        case Not():
            return All() if has_dates(node.part) else node
        case And():
            return And(tuple(map(without_dates, node.parts)))
        case Or():
            return Or(tuple(map(without_dates, node.parts)))
        case _:
            return node


def _midnight(day: dt.date, zone: dt.tzinfo) -> int:
    return clock.to_us(dt.datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(dt.UTC))
