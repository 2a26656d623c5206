"""A16: what requests would have cost at list price at their time: a quantity, not a measure of loss.

One query joins the log with the price table and sums tokens by account and line of it, a line being a row of
the table cut at the months; what has no price, or counts that the table does not explain, is summed apart by
reason. Money is then exact decimal arithmetic on whole tokens: it is rounded once, when it is printed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from typing import Any

import ibis

from casekit.analysis.usage.frame import Frame
from casekit.analysis.usage.prices import YEARS, Price, Prices

LARGEST = 20
DIGITS = 60  # of all sums, more than any log needs
MILLION = Decimal(1_000_000)
CENT = Decimal("0.01")
ALWAYS_US = 2**62
LATEST_US = int(datetime(YEARS[-1], 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
COUNTS = (
    "input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
)
REASONS = {
    "error": "ended in an error, which services do not charge",
    "model": "name no model",
    "time": "have no time that can be relied on",
    "unknown": "are of a model that is not in the price table",
    "period": "are of a model that is in the price table for other days only",
    "counts": "have no counts of tokens",
    "price": "have tokens of input or output for which the table has no price",
    "cache": "have tokens of a cache for which the table has no price, or of which it does not say whether "
    "counts of input contain them",
    "reasoning": "have tokens of reasoning, and the table does not say whether counts of output contain them",
    "odd": "have more tokens of cache or reasoning than the tokens that contain them",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the price table within one month."""

    price: Price
    month: str
    from_us: int
    until_us: int


@dataclass(frozen=True, slots=True)
class _Sum:
    """Requests of one account on one line, or apart for one reason, with their tokens."""

    account: str
    model: str
    line: int
    why: str
    requests: int
    tokens: Mapping[str, int]


def value(frame: Frame, prices: Prices, groups: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The value at list price by currency, in all and by account, group, month and price.

    Args:
        frame: The frame.
        prices: The price table.
        groups: Accounts of each group, by its name.
    """
    lines = _lines(frame, prices)
    query = _query(frame, prices, lines)
    sums = [_read(row) for row in frame.fetch(query).to_pylist()]
    with localcontext(prec=DIGITS):
        return {**_summed(sums, lines, groups), "query": frame.sql(query)}


def _summed(
    sums: Sequence[_Sum], lines: Sequence[_Line], groups: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    priced = [one for one in sums if not one.why]
    worth = {id(one): _worth(one, lines[one.line].price) for one in priced}

    def total(chosen: Iterable[_Sum]) -> dict[str, Any]:
        money: defaultdict[str, Decimal] = defaultdict(Decimal)
        requests = 0
        for one in chosen:
            money[lines[one.line].price.currency] += worth[id(one)]
            requests += one.requests
        return {
            "requests_priced": requests,
            "value": {c: _shown(m) for c, m in sorted(money.items())},
        }

    by_account, by_month = (
        _sorted_by(priced, lambda o: o.account),
        _sorted_by(priced, lambda o: lines[o.line].month),
    )
    exact = {a: sum(worth[id(o)] for o in found) for a, found in by_account.items()}
    largest = sorted(by_account, key=lambda a: (-exact[a], a))[:LARGEST]
    apart = Counter[str]()
    for one in sums:
        apart[one.why] += one.requests
    return {
        **total(priced),
        "requests_apart": sum(n for why, n in apart.items() if why),
        "apart": [
            {"why": why, "requests": apart[why], "words": words}
            for why, words in REASONS.items() if apart[why]
        ],
        "models_without_price": _unpriced(sums),
        "by_group": [
            {"group": name, **total(o for m in members for o in by_account.get(m, ())),
             "by_month": [
                 {"month": month, **total(found)}
                 for month, found in _sorted_by(
                     [o for m in members for o in by_account.get(m, ())], lambda o: lines[o.line].month).items()
             ]}
            for name, members in groups.items()
        ],
        "largest": [{"account": a, **total(by_account[a])} for a in largest],
        "by_month": [{"month": month, **total(found)} for month, found in by_month.items()],
        "by_price": _by_price(priced, lines, total),
    }  # fmt: skip


def sentence(told: Mapping[str, Any], prices: Prices) -> str:
    """The value in words, with what is left out of it."""
    money = " and ".join(f"{amount} {currency}" for currency, amount in told["value"].items())
    first = f"At list price at the time, {told['requests_priced']:,} requests come to {money or 'nothing'}"
    apart = f"; {told['requests_apart']:,} are counted apart" if told["requests_apart"] else ""
    return (
        f"{first}, by the prices in “{prices.name}”{apart}. This is a quantity, not a measure of loss: "
        "discounts, batch rates, free quota and what was paid are not in it."
    )


def _lines(frame: Frame, prices: Prices) -> list[_Line]:
    """Every row of the table within the log's time, cut at the beginnings of months in UTC."""
    if frame.first_us is None or frame.last_us is None:
        return []
    made = []
    first = max(frame.first_us, min(price.from_us for price in prices.rows))
    months = _months(first, min(frame.last_us, LATEST_US))
    for price in prices.rows:
        until = ALWAYS_US if price.until_us is None else price.until_us
        for month, begin, end in months:
            if max(begin, price.from_us) < min(end, until):
                made.append(_Line(price, month, max(begin, price.from_us), min(end, until)))
    return made


def _months(first_us: int, last_us: int) -> list[tuple[str, int, int]]:
    at = datetime.fromtimestamp(first_us / 1e6, UTC)
    year, month = at.year, at.month
    found = []
    while True:
        begin = int(datetime(year, month, 1, tzinfo=UTC).timestamp()) * 1_000_000
        named = f"{year:04d}-{month:02d}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        end = int(datetime(year, month, 1, tzinfo=UTC).timestamp()) * 1_000_000
        found.append((named, begin, end))
        if end > last_us:
            return found


def _query(frame: Frame, prices: Prices, lines: Sequence[_Line]) -> Any:
    """Requests and tokens by account, model, line and reason."""
    log = _placed(frame, prices, lines)
    n = {name: log[name].fill_null(0) for name in COUNTS}
    cache = n["cache_read_tokens"] + n["cache_write_tokens"]
    why = ibis.cases(
        (log.status.fill_null(200) >= 400, "error"),
        (log.model.isnull(), "model"),
        (log.known.isnull(), "unknown"),
        (log.us.isnull(), "time"),
        (log.line.isnull(), "period"),
        (log.input_tokens.isnull() & log.output_tokens.isnull(), "counts"),
        (((n["input_tokens"] > 0) & (log.has_input == 0))
         | ((n["output_tokens"] > 0) & (log.has_output == 0)), "price"),
        (((n["cache_read_tokens"] > 0) & (log.has_cached == 0))
         | ((n["cache_write_tokens"] > 0) & (log.has_write == 0))
         | ((cache > 0) & (log.cache_inside < 0)), "cache"),
        ((n["reasoning_tokens"] > 0) & (log.reasoning_inside < 0), "reasoning"),
        (((log.cache_inside == 1) & (cache > n["input_tokens"]))
         | ((log.reasoning_inside == 1) & (n["reasoning_tokens"] > n["output_tokens"])), "odd"),
        else_="",
    )  # fmt: skip
    marked = log.select(
        "account",
        model=log.model.fill_null(""),
        line=ibis.ifelse(why == "", log.line, -1),
        why=why,
        **n,
    )
    summed = marked.group_by("account", "model", "line", "why").aggregate(
        requests=ibis._.count(), **{name: ibis._[name].sum() for name in COUNTS}
    )
    return summed.order_by("account", "model", "line", "why")


def _placed(frame: Frame, prices: Prices, lines: Sequence[_Line]) -> Any:
    """The log with the line of the price table that each request is on, null where it is on none."""
    import pyarrow as pa

    log = frame.log.select("account", "model", "us", "status", *COUNTS)
    models = sorted({price.model for price in prices.rows})
    known = ibis.memtable(pa.table({"known": pa.array(models, pa.string())}))
    log = log.left_join(known, log.model == known.known)
    columns = {
        "priced": pa.array([one.price.model for one in lines], pa.string()),
        "line": pa.array(range(len(lines)), pa.int64()),
        "from_us": pa.array([one.from_us for one in lines], pa.int64()),
        "until_us": pa.array([one.until_us for one in lines], pa.int64()),
        "has_input": pa.array([int(bool(one.price.input)) for one in lines], pa.int64()),
        "has_output": pa.array([int(bool(one.price.output)) for one in lines], pa.int64()),
        "has_cached": pa.array([int(bool(one.price.cached)) for one in lines], pa.int64()),
        "has_write": pa.array([int(bool(one.price.cache_write)) for one in lines], pa.int64()),
        "cache_inside": pa.array([_flag(one.price.cached_in_input) for one in lines], pa.int64()),
        "reasoning_inside": pa.array(
            [_flag(one.price.reasoning_in_output) for one in lines], pa.int64()
        ),
    }
    table = ibis.memtable(pa.table(columns))
    inside = (log.us >= table.from_us) & (log.us < table.until_us)
    return log.left_join(table, [log.model == table.priced, inside])


def _flag(told: bool | None) -> int:
    return -1 if told is None else int(told)


def _read(row: Mapping[str, Any]) -> _Sum:
    tokens = {name: int(row[name] or 0) for name in COUNTS}
    return _Sum(
        row["account"], row["model"], int(row["line"]), row["why"], int(row["requests"]), tokens
    )


def _worth(one: _Sum, price: Price) -> Decimal:
    """What these tokens cost; kinds without a price have no tokens here."""
    n = one.tokens
    cache = n["cache_read_tokens"] + n["cache_write_tokens"]
    billed = {
        "input": n["input_tokens"] - (cache if price.cached_in_input else 0),
        "output": n["output_tokens"] + (0 if price.reasoning_in_output else n["reasoning_tokens"]),
        "cached": n["cache_read_tokens"],
        "cache_write": n["cache_write_tokens"],
    }
    return sum(
        (Decimal(count) * Decimal(getattr(price, kind) or 0) for kind, count in billed.items()), Decimal(0)
    ) / MILLION  # fmt: skip


def _unpriced(sums: Sequence[_Sum]) -> list[dict[str, Any]]:
    """The models that the table lacks, or lacks for the time of requests, with their requests and tokens."""
    found: dict[tuple[str, str], list[_Sum]] = defaultdict(list)
    for one in sums:
        if one.why in {"unknown", "period"}:
            found[one.model, one.why].append(one)
    return [
        {
            "model": model, "why": why, "requests": sum(o.requests for o in each),
            "input_tokens": sum(o.tokens["input_tokens"] for o in each),
            "output_tokens": sum(o.tokens["output_tokens"] for o in each),
        }
        for (model, why), each in sorted(found.items())
    ]  # fmt: skip


def _by_price(priced: Sequence[_Sum], lines: Sequence[_Line], total: Any) -> list[dict[str, Any]]:
    """Every row of the table that was used, with its source."""
    rows = _sorted_by(priced, lambda o: (lines[o.line].price.model, lines[o.line].price.first))
    told = []
    for (model, first), found in rows.items():
        price = lines[found[0].line].price
        told.append(
            {
                "model": model, "from": first.isoformat(), "to": price.last.isoformat() if price.last else "",
                "source": price.source, "source_date": price.source_date, **total(found),
            }
        )  # fmt: skip
    return told


def _sorted_by(sums: Iterable[_Sum], key: Any) -> dict[Any, list[_Sum]]:
    found: dict[Any, list[_Sum]] = defaultdict(list)
    for one in sums:
        found[key(one)].append(one)
    return {name: found[name] for name in sorted(found)}


def _shown(money: Decimal) -> str:
    return f"{money.quantize(CENT):,}"
