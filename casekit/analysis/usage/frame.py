"""The shared frame of all usage analytics: one narrow table `log`, a row an exchange, and who its accounts are.

Every analytic is an Ibis expression over `log`, so that the same text runs on any engine that Ibis knows.
Instants are whole microseconds and only counts are summed: engines round fractions in their own ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import numpy as np
from numpy.typing import NDArray

from casekit.analysis.usage import engine
from casekit.errors import CaseKitError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LOG = "log"
NO_CALL = "record"
"""The kind of what is no call of a model: sums of use and cost, audit entries, steps of a program around its
calls, which say the tokens of those calls again."""
BATCH = 50_000
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
UNITS = (("account", "account"), ("api_key", "API key"), ("end_user", "end user"))
"""What an analytic counts by: the first of these that the log has."""

WORDS = {
    "account": "account ids", "api_key": "API keys", "ip": "IP addresses", "network": "IP addresses",
    "asn": "network numbers (ASN)", "country": "countries", "user_agent": "user agents",
    "ja4": "TLS fingerprints", "payment": "payment references",
    "customer": "payment references or organisations",
    "us": "times that can be relied on", "model": "model names", "status": "status codes",
    "finish_reason": "reasons of ending", "max_tokens": "limits of the answer’s length",
    "input_tokens": "counts of input tokens", "output_tokens": "counts of output tokens",
    "key": "API keys", "prompt": "prompts", "output": "answers", "prompt_sha256": "prompts",
    "client": "user agents or TLS fingerprints",
}  # fmt: skip
"""How a column is called in a refusal."""

_TRAITS = ("api_key", "ip", "country", "user_agent", "ja3", "ja4", "sdk", "payment", "organisation", "project",
           "end_user", "model", "finish_reason", "request_id", "currency", "operation", "endpoint")  # fmt: skip
_NUMBERS = ("asn", "status", "max_tokens", "input_tokens", "output_tokens", "reasoning_tokens",
            "cache_read_tokens", "cache_write_tokens", "answers", "latency_ms")  # fmt: skip
_TEXTS = ("system", "prompt", "output")
_PRIVATE = (
    r"^(0\.|10\.|127\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|169\.254\.|f[cd][0-9a-f]{2}:|fe80:|::1?$|"
    r"100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.|2(2[4-9]|[345][0-9])\.)"
)
"""Addresses that many share by their nature, or that stand for none: they place nobody."""
_NOTHING = (
    r"^(unknown|none|null|nil|n/?a|anonymous|anonymi[sz]ed|masked|hidden|removed|undefined|unset|default|test|"
    r"[\[<(]?redacted[\])>]?|(sk-|pm_|key-)?[-*x.#0… ]+)$"
)
"""Values that stand for none, such as a masked payment reference: all who bear them share nothing."""
_BLANK = ("api_key", "user_agent", "ja3", "ja4", "sdk", "payment", "organisation")
STRAY_DAYS = 30
STRAY_SHARE = 1_000


@dataclass(frozen=True, slots=True)
class Frame:
    """The log as all analytics see it.

    Attributes:
        backend: The engine, on which `LOG` is a table.
        log: That table.
        texts: Item id with the texts of the exchange: read by those only that need them.
        unit: What `account` stands for, in words.
        accounts: Every account, sorted; an account's number is its place here.
        requests: How many requests each made.
        customer: Number of the customer that each account is of by organisation or payment, -1 if unknown.
        present: How many exchanges have each column.
        first_us: Earliest usable instant, None without any; `last_us` is the latest.
        copies: Records that came once more, such as in exports that overlap; they are not read.
        stray: Exchanges whose time lies so far from all others that a clock was wrong; it is not used.
    """

    backend: Any
    log: Any
    texts: Any
    unit: str
    accounts: tuple[str, ...]
    requests: Ints
    customer: Ints
    present: Mapping[str, int]
    first_us: int | None
    last_us: int | None
    rows: int
    copies: int
    stray: int
    _names: Any = field(repr=False)

    def lacking(self, *columns: str) -> str:
        """Why an analytic that needs these columns is refused; empty if the log has them all."""
        for column in columns:
            if not self.present.get(column):
                return f"this log has no {WORDS.get(column, column)}"
        return ""

    def fetch(self, expression: Any) -> Any:
        """The rows of an expression as an Arrow table."""
        return self.backend.to_pyarrow(expression)

    def batches(self, *texts: str) -> Iterator[Any]:
        """Arrow tables of `item_id`, `account` and texts, in order of item, some at a time."""
        ends = self.texts.item_id
        (ids,) = self.fetch(self.texts.aggregate(first=ends.min(), last=ends.max())).to_pylist()
        for start in range(ids["first"], ids["last"] + 1, BATCH):
            some = self.texts.filter(ends.between(start, start + BATCH - 1))
            found = self.fetch(some.select("item_id", "account", *texts).order_by("item_id"))
            if found.num_rows:
                yield found

    def numbers(self, accounts: Any) -> Ints:
        """The numbers of accounts given by name in an Arrow column."""
        import pyarrow.compute as pc

        return np.asarray(pc.index_in(accounts, value_set=self._names), dtype=np.int64)

    def by_account(self, expression: Any, *columns: str) -> list[Ints]:
        """Columns of whole numbers, one value an account in order of number, 0 where a row is missing.

        Args:
            expression: Rows with `account`, at most one an account, and the columns.
            columns: Names of the columns wanted.
        """
        found = self.fetch(expression)
        at = self.numbers(found["account"])
        columns_made = []
        for name in columns:
            values = np.zeros(len(self.accounts), dtype=np.int64)
            values[at] = np.asarray(found[name].fill_null(0), dtype=np.int64)
            columns_made.append(values)
        return columns_made

    def sql(self, expression: Any) -> str:
        """The query of an expression, to be printed."""
        return engine.sql(self.backend, expression)


def build(
    backend: Any,
    *,
    decided: tuple[Sequence[int], Sequence[int]] = ((), ()),
    joined: tuple[Sequence[int], Sequence[int]] = ((), ()),
    hidden: Sequence[int] = (),
    collection: str | None = "api-log",
) -> Frame:
    """The frame over the table `engine.RAW` of a backend.

    Args:
        backend: Ibis backend.
        decided: Items whose assumed time a person has decided, and their instants (microseconds UTC); other
            assumed times are not used.
        joined: Items that are parts of one exchange with others, and the number that they share.
        hidden: Items that are not read.
        collection: The collection read; None for all exchanges.

    Raises:
        CaseKitError: There is no API log or no call in it, or nothing in it says who asked.
    """
    raw = backend.table(engine.RAW)
    if collection is not None:
        raw = raw.filter(raw.collection == collection)
    if hidden:
        raw = raw.anti_join(_table(item_id=hidden), "item_id")
    raw, copies = _without_copies(backend, raw)
    raw = _one_row_each(raw, joined)
    raw = raw.filter(raw.kind != NO_CALL)
    units = backend.to_pyarrow(
        raw.aggregate(rows=raw.count(), **{name: raw[name].count() for name, _ in UNITS})
    ).to_pylist()[0]
    if not units["rows"]:
        raise CaseKitError(
            "There is no API log with calls of a model in this case: import one first."
        )
    unit = next(((name, words) for name, words in UNITS if units[name]), None)
    if unit is None:
        raise CaseKitError(
            "Nothing in this log says who asked: it has no account ids, API keys or end users."
        )
    made, stray = _timely(backend, _narrow(raw, unit[0], decided))
    engine.keep(backend, LOG, made)
    texts = raw.select("item_id", account=raw[unit[0]], **{name: raw[name] for name in _TEXTS})
    texts = texts.filter(texts.account.notnull())
    return _known(backend, backend.table(LOG), texts, unit[1], units["rows"], copies, stray)


def _without_copies(backend: Any, raw: Any) -> tuple[Any, int]:
    """The log without records that came before byte for byte, and how many those are.

    Only a record that has an id is taken for the same: two calls may leave the same line of a web server's
    log. The id of a line of a batch is its own in its batch alone, and the same question may be put in two.
    """
    named = raw.filter(raw.request_id.notnull() & ~raw.joint.fill_null("").contains("-batch/"))
    twice = named.group_by("sha256").aggregate(kept=named.item_id.min(), times=named.count())
    again = named.inner_join(twice.filter(twice.times > 1), "sha256")
    copies = again.filter(again.item_id != again.kept).select("item_id")
    count = backend.to_pyarrow(copies.aggregate(n=copies.count())).to_pylist()[0]["n"]
    return (raw.anti_join(copies, "item_id"), count) if count else (raw, 0)


def _one_row_each(raw: Any, joined: tuple[Sequence[int], Sequence[int]]) -> Any:
    """One row an exchange: parts that stand in several files are put together, each column by its largest.

    Of a step of a program, one part says that it is none of a call, and the others do not contradict it.
    """
    if not joined[0]:
        return raw
    pairs = _table(item_id=joined[0], join_id=joined[1])
    parts = raw.inner_join(pairs, "item_id")
    others = [name for name in raw.columns if name not in {"item_id", "kind"}]
    whole = parts.group_by("join_id").aggregate(
        item_id=parts.item_id.min(),
        kind=ibis.ifelse((parts.kind == NO_CALL).any(), NO_CALL, parts.kind.max()),
        **{name: parts[name].max() for name in others},
    )
    return raw.anti_join(pairs, "item_id").union(whole.select(*raw.columns))


def _table(**columns: Sequence[int]) -> Any:
    import pyarrow as pa

    arrays = {name: pa.array(values, pa.int64()) for name, values in columns.items()}
    return ibis.memtable(pa.table(arrays))


def _narrow(raw: Any, unit: str, decided: tuple[Sequence[int], Sequence[int]]) -> Any:
    """The expression that is kept as `LOG`."""
    assumed = raw.sent_zone.fill_null("").startswith("assumed:")
    us = ibis.ifelse(assumed, ibis.null("int64"), raw.sent_us)
    if decided[0]:
        pairs = _table(decided_id=decided[0], decided_us=decided[1])
        raw = raw.left_join(pairs, raw.item_id == pairs.decided_id)
        assumed = raw.sent_zone.fill_null("").startswith("assumed:")
        us = ibis.ifelse(assumed, raw.decided_us, raw.sent_us)
    raw = raw.mutate(asker=raw[unit], **{name: _told(raw[name]) for name in _BLANK})
    ip = raw.ip.fill_null("")
    four = ip.re_extract(r"^(\d{1,3}\.\d{1,3}\.\d{1,3})\.", 1)
    six = ip.lower().re_extract(r"^([0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]{1,4}):", 1)
    network = ibis.ifelse(four != "", four + ".0/24", ibis.ifelse(six != "", six + "::/48", ""))
    outside = ~ip.lower().re_search(_PRIVATE)
    made = raw.select(
        "item_id",
        account=raw.asker,
        us=us,
        network=ibis.ifelse(outside, network, "").nullif(""),
        customer=ibis.coalesce(raw.organisation, raw.payment),
        prompt_sha256=raw.prompt_sha256,
        prompt=raw.prompt.notnull().ifelse(1, ibis.null("int64")),
        output=raw.output.notnull().ifelse(1, ibis.null("int64")),
        **{name: raw[name] for name in (*_TRAITS, *_NUMBERS)},
    )
    return made.filter(made.account.notnull())


def _told(column: Any) -> Any:
    """A trait, null where its value stands for none."""
    nothing = column.fill_null("").lower().strip().re_search(_NOTHING)
    return ibis.ifelse(nothing, ibis.null("string"), column)


def _timely(backend: Any, made: Any) -> tuple[Any, int]:
    """The log without times that no clock told right, and how many there were.

    One time in `STRAY_SHARE` at either end may lie `STRAY_DAYS` from all others: a clock that begins at
    1970, or that runs years ahead, would else make the log's first week of one request. Days are counted
    by the engine and compared here, so that every engine decides alike.
    """
    known = made.filter(made.us.notnull())
    days = known.group_by(day=(known.us // DAY_US).cast("int64")).aggregate(n=ibis._.count())
    found = backend.to_pyarrow(days.order_by("day"))
    day, n = (np.asarray(found[name], dtype=np.int64) for name in ("day", "n"))
    if len(day) < 2:
        return made, 0
    total, gaps = int(n.sum()), np.flatnonzero(np.diff(day) > STRAY_DAYS)
    before = n.cumsum()
    early = [int(g) for g in gaps if before[g] * STRAY_SHARE <= total]
    late = [int(g) for g in gaps if (total - before[g]) * STRAY_SHARE <= total]
    first = early[-1] + 1 if early else 0
    last = late[0] if late else len(day) - 1
    stray = total - int(n[first : last + 1].sum())
    if not stray:
        return made, 0
    inside = made.us.between(int(day[first]) * DAY_US, (int(day[last]) + 1) * DAY_US - 1)
    return made.mutate(us=ibis.ifelse(inside, made.us, ibis.null("int64"))), stray


def _known(
    backend: Any, log: Any, texts: Any, unit: str, rows: int, copies: int, stray: int
) -> Frame:
    found = backend.to_pyarrow(
        log.group_by("account").aggregate(requests=log.count()).order_by("account")
    )
    names = found["account"].combine_chunks()
    order = np.argsort(np.array(names.to_pylist(), dtype=object), kind="stable")
    names = names.take(order)
    counted = [name for name in log.columns if name not in {"item_id", "account"}]
    present = backend.to_pyarrow(
        log.aggregate(first=log.us.min(), last=log.us.max(), **{n: log[n].count() for n in counted})
    ).to_pylist()[0]
    first, last = present.pop("first"), present.pop("last")
    present["client"] = present["user_agent"] + present["ja4"] + present["ja3"] + present["sdk"]
    requests = np.asarray(found["requests"], dtype=np.int64)[order]
    frame = Frame(
        backend, log, texts, unit, tuple(names.to_pylist()), requests,
        np.full(len(names), -1, dtype=np.int64), present, first, last, rows, copies, stray, names,
    )  # fmt: skip
    frame.customer[:] = _customers(frame)
    return frame


def _customers(frame: Frame) -> Ints:
    """The customer of each account: the one of most of its requests, by name where two have as many."""
    log = frame.log
    counts = log.filter(log.customer.notnull()).group_by("account", "customer")
    counts = counts.aggregate(n=ibis._.count())
    found = frame.fetch(counts)
    best: dict[int, tuple[int, str]] = {}
    at = frame.numbers(found["account"])
    for k, name, n in zip(at, found["customer"].to_pylist(), found["n"].to_pylist(), strict=True):
        best[int(k)] = min(best.get(int(k), (0, "")), (-n, name))
    number = {name: k for k, name in enumerate(sorted({name for _, name in best.values()}))}
    return np.array(
        [number[best[k][1]] if k in best else -1 for k in range(len(frame.accounts))],
        dtype=np.int64,
    )
