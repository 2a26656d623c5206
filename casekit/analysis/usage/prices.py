"""List prices as a person enters them: which model cost how much when, by whose list.

A price table is CSV (see `small_tables`), a row a model and period. Columns: `model` (exactly as in the log),
`from` and `to` (days in UTC, both included; `to` may be empty), `input` and `output` (price of a million
tokens), `currency`, `source` (a web address, or `item 12`: an item of the case) and `source_date` (the day of
that list; needed for an address). Where the log counts such tokens also `cached` and `cache_write` (price of a
million tokens read from, or written to, a cache), `cached_in_input` and `reasoning_in_output` (`yes` or `no`):
services differ in whether their counts of input and output contain these. CaseKit ships no prices.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from casekit.analysis import small_tables
from casekit.errors import CaseKitError
from casekit.store.tables import item

NEEDED = ("model", "from", "input", "output", "currency", "source")
COLUMNS = (
    *NEEDED,
    "to",
    "source_date",
    "cached",
    "cache_write",
    "cached_in_input",
    "reasoning_in_output",
)
MOST_ROWS = 10_000
YEARS = range(1990, 2201)
_KEPT = tuple(name for name in COLUMNS if name not in {"model", "from", "to"})
_ITEM = re.compile(r"(?i)item\s+(\d{1,18})")
_ADDRESS = re.compile(r"(?i)https?://[^\s/]+\S*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_PRICE = re.compile(r"\d{1,9}(\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Price:
    """One row: what a million tokens of a model cost in a period.

    Attributes:
        model: As in the log.
        first: First day, `last` the last one (None: still), in UTC.
        input: Price as written, as are `output`, `cached` and `cache_write`; empty where there is none.
        cached_in_input: Whether counts of input tokens contain those of the cache; None where nobody says.
        reasoning_in_output: Whether counts of output tokens contain those of reasoning; None likewise.
        source: Web address or `item N`.
        source_date: Day of the list, ISO; may be empty for an item.
    """

    model: str
    first: date
    last: date | None
    input: str
    output: str
    currency: str
    source: str
    source_date: str = ""
    cached: str = ""
    cache_write: str = ""
    cached_in_input: bool | None = None
    reasoning_in_output: bool | None = None

    @property
    def from_us(self) -> int:
        """First instant, microseconds UTC."""
        return _us(self.first)

    @property
    def until_us(self) -> int | None:
        """First instant after it, None where it is open."""
        return None if self.last is None else _us(self.last + timedelta(days=1))

    @property
    def item_id(self) -> int | None:
        """The item that is its source."""
        found = _ITEM.fullmatch(self.source)
        return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Prices:
    """A whole table: the name and SHA-256 of its file, and its rows by model and first day."""

    name: str
    sha256: str
    rows: tuple[Price, ...]


def read(path: Path) -> Prices:
    """The prices of a file.

    Raises:
        CaseKitError: The file cannot be read, or a row is wrong; the sentence names its line.
    """
    table = small_tables.read(path, NEEDED, known=COLUMNS, most=MOST_ROWS)
    rows = [_row(row.values, row.line) for row in table.rows]
    return Prices(table.name, table.sha256, _apart(rows))


def check_sources(s: Connection, prices: Prices) -> None:
    """Go on only if every item that is named as a source is in the case.

    Raises:
        CaseKitError: One is not, or is not to be seen.
    """
    wanted = sorted({row.item_id for row in prices.rows if row.item_id is not None})
    found = set(s.scalars(select(item.c.id).where(item.c.id.in_(wanted)))) if wanted else set()
    for one in wanted:
        if one not in found:
            raise CaseKitError(
                "The prices cite item {id}, which is not in this case: import the price list, or cite its "
                "web address.",
                id=one,
            )


def to_body(prices: Prices) -> dict[str, Any]:
    """What a finding keeps of a table, so that it can be computed again without the file."""
    return {
        "file": prices.name,
        "sha256": prices.sha256,
        "rows": [
            {
                "model": row.model, "from": row.first.isoformat(),
                "to": row.last.isoformat() if row.last else "",
                **{name: getattr(row, name) for name in _KEPT},
            }
            for row in prices.rows
        ],
    }  # fmt: skip


def from_body(kept: Mapping[str, Any]) -> Prices:
    """The table that a finding keeps."""
    return Prices(
        kept["file"],
        kept["sha256"],
        tuple(
            Price(
                first=date.fromisoformat(row["from"]),
                last=date.fromisoformat(row["to"]) if row["to"] else None,
                **{k: v for k, v in row.items() if k not in {"from", "to"}},
            )
            for row in kept["rows"]
        ),
    )


def _row(row: Mapping[str, str], line: int) -> Price:
    told = dict(row)
    for name in ("model", "from", "currency", "source"):
        if not told[name]:
            raise CaseKitError("Line {line} of the prices has no {name}.", line=line, name=name)
    told["currency"] = told["currency"].upper()
    if not _CURRENCY.fullmatch(told["currency"]):
        raise CaseKitError(
            "Line {line} of the prices: “{value}” is no currency code, such as USD.",
            line=line, value=told["currency"],
        )  # fmt: skip
    first = _day(told["from"], "from", line)
    last = _day(told["to"], "to", line) if told.get("to") else None
    if last is not None and last < first:
        raise CaseKitError("Line {line} of the prices ends before it begins.", line=line)
    prices = {
        name: _price(told.get(name, ""), name, line)
        for name in ("input", "output", "cached", "cache_write")
    }
    if not prices["input"] and not prices["output"]:
        raise CaseKitError(
            "Line {line} of the prices has neither input nor output price.", line=line
        )
    by_item = _ITEM.fullmatch(told["source"])
    if not by_item and not _ADDRESS.fullmatch(told["source"]):
        raise CaseKitError(
            "Line {line} of the prices: the source must be a web address (https://…) or “item 12”.",
            line=line,
        )
    dated = told.get("source_date", "")
    if dated:
        dated = _day(dated, "source_date", line).isoformat()
    elif not by_item:
        raise CaseKitError(
            "Line {line} of the prices: say in source_date of which day the list at that address is.",
            line=line,
        )
    return Price(
        told["model"], first, last, prices["input"], prices["output"], told["currency"],
        f"item {by_item[1]}" if by_item else told["source"], dated, prices["cached"], prices["cache_write"],
        _yes(told.get("cached_in_input", ""), "cached_in_input", line),
        _yes(told.get("reasoning_in_output", ""), "reasoning_in_output", line),
    )  # fmt: skip


def _apart(rows: Sequence[Price]) -> tuple[Price, ...]:
    """The rows by model and day; a model has one price at a time."""
    ordered = sorted(rows, key=lambda row: (row.model, row.first))
    for one, other in itertools.pairwise(ordered):
        if one.model == other.model and (one.last is None or one.last >= other.first):
            raise CaseKitError(
                "The prices of {model} from {a} and from {b} overlap: give the first a last day before the "
                "second begins.",
                model=one.model, a=one.first.isoformat(), b=other.first.isoformat(),
            )  # fmt: skip
    return tuple(ordered)


def _day(text: str, name: str, line: int) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(text)
        day = date.fromisoformat(text)
        if day.year not in YEARS:
            raise ValueError(text)
        return day
    except ValueError as error:
        raise CaseKitError(
            "Line {line} of the prices: {name} must be a day such as 2026-03-14, not “{value}”.",
            line=line, name=name, value=text,
        ) from error  # fmt: skip


def _price(text: str, name: str, line: int) -> str:
    if not text:
        return ""
    try:
        if not _PRICE.fullmatch(text):
            raise InvalidOperation(text)
        return format(Decimal(text), "f")
    except InvalidOperation as error:
        raise CaseKitError(
            "Line {line} of the prices: {name} must be a number such as 2.50, not “{value}”.",
            line=line, name=name, value=text,
        ) from error  # fmt: skip


def _yes(text: str, name: str, line: int) -> bool | None:
    known = {"": None, "yes": True, "no": False}
    if text.lower() not in known:
        raise CaseKitError(
            "Line {line} of the prices: {name} is yes, no or empty, not “{value}”.",
            line=line, name=name, value=text,
        )  # fmt: skip
    return known[text.lower()]


def _us(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000
