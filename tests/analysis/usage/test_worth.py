from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date

from casekit.analysis.usage import finding, running, worth
from casekit.analysis.usage.frame import DAY_US, Frame
from casekit.analysis.usage.prices import Price, Prices
from casekit.progress import Silent
from casekit.store import canonical
from tests.analysis.usage import logs
from tests.analysis.usage.logs import START_US, Row

Framed = Callable[[Sequence[Row]], Frame]
SOURCE = "https://prices.example/list"
LATER = START_US + 40 * DAY_US  # 10 February


def asked(
    account: str, model: str | None, us: int | None, into: int, out: int, **values: object
) -> Row:
    rng = random.Random(1)
    who = logs.account(rng, account)
    return logs.row(
        rng, who, us, "x", model=model, input_tokens=into, output_tokens=out, **values  # type: ignore[arg-type]
    )  # fmt: skip


def price(
    model: str, first: date, last: date | None, into: str, out: str, **values: object
) -> Price:
    return Price(model, first, last, into, out, **{"currency": "USD", "source": SOURCE, **values})  # type: ignore[arg-type]


TABLE = Prices(
    "prices.csv",
    "0" * 64,
    (
        price("larch", date(2026, 1, 1), date(2026, 1, 31), "3", "15"),
        price("larch", date(2026, 2, 1), None, "2.5", "10"),
        price("old", date(2025, 1, 1), date(2025, 12, 31), "1", "1"),
        price("beech", date(2026, 1, 1), None, "4", "20", currency="EUR", cached="0.5",
              cached_in_input=True, reasoning_in_output=False),
    ),
)  # fmt: skip


def test_tokens_are_valued_at_the_price_of_their_day_and_gaps_stand_apart(framed: Framed) -> None:
    rows = [
        asked("a", "larch", START_US, 1_000_000, 100_000),  # 3.00 + 1.50
        asked(
            "a", "larch", START_US + 31 * DAY_US - 1, 1_000_000, 0
        ),  # last microsecond of January: 3.00
        asked("a", "larch", START_US + 31 * DAY_US, 1_000_000, 0),  # first of February: 2.50
        asked("b", "larch", LATER, 0, 1_000_000),  # 10.00
        asked(
            "b", "beech", LATER, 1_000_000, 0, cache_read_tokens=400_000, reasoning_tokens=50_000
        ),
        asked("b", "beech", LATER, 10, 10, cache_read_tokens=11),  # odd
        asked("b", "larch", LATER, 10, 10, cache_read_tokens=1),  # no price of the cache
        asked(
            "b", "larch", LATER, 10, 10, reasoning_tokens=1
        ),  # nobody says where they are counted
        asked("b", "larch", LATER, 10, 10, status=429),
        asked("b", None, LATER, 10, 10),
        asked("b", "Larch", LATER, 10, 10),
        asked("b", "old", LATER, 70, 30),
        {**asked("b", "larch", LATER, 10, 10), "sent_us": None},
        {**asked("b", "larch", LATER, 10, 10), "input_tokens": None, "output_tokens": None},
    ]
    told = worth.value(framed(rows), TABLE, {"1": ["a"], "2": ["a", "b"]})
    # beech: 600,000 at 4 + 400,000 at 0.5 + 50,000 at 20 = 2.40 + 0.20 + 1.00
    assert (told["value"], told["requests_priced"]) == ({"EUR": "3.60", "USD": "20.00"}, 5)
    assert {one["why"]: one["requests"] for one in told["apart"]} == {
        "error": 1, "model": 1, "unknown": 1, "period": 1, "time": 1, "counts": 1, "cache": 1,
        "reasoning": 1, "odd": 1,
    }  # fmt: skip
    assert told["requests_apart"] == 9
    assert told["models_without_price"] == [
        {
            "model": "Larch",
            "why": "unknown",
            "requests": 1,
            "input_tokens": 10,
            "output_tokens": 10,
        },
        {"model": "old", "why": "period", "requests": 1, "input_tokens": 70, "output_tokens": 30},
    ]
    assert told["by_group"][0] == {
        "group": "1", "requests_priced": 3, "value": {"USD": "10.00"},
        "by_month": [
            {"month": "2026-01", "requests_priced": 2, "value": {"USD": "7.50"}},
            {"month": "2026-02", "requests_priced": 1, "value": {"USD": "2.50"}},
        ],
    }  # fmt: skip
    assert [(row["account"], row["value"]) for row in told["largest"]] == [
        ("b", {"EUR": "3.60", "USD": "10.00"}), ("a", {"USD": "10.00"}),
    ]  # fmt: skip
    assert [(row["month"], row["requests_priced"]) for row in told["by_month"]] == [
        ("2026-01", 2), ("2026-02", 3),
    ]  # fmt: skip
    assert [(row["model"], row["from"], row["source"]) for row in told["by_price"]] == [
        ("beech", "2026-01-01", SOURCE), ("larch", "2026-01-01", SOURCE), ("larch", "2026-02-01", SOURCE),
    ]  # fmt: skip
    assert "SELECT" in told["query"]
    said = worth.sentence(told, TABLE)
    assert "5 requests come to 3.60 EUR and 20.00 USD" in said
    assert "9 are counted apart" in said
    assert "not a measure of loss" in said


def test_the_finding_keeps_prices_and_says_why_it_has_no_value(framed: Framed) -> None:
    run = running.analyse(framed(list(logs.ordinary(5, 60, 300))), 1, Silent())
    table = Prices("p.csv", "1" * 64, (price("larch-2", date(2026, 1, 1), None, "3", "15"),))
    bare, priced = finding.body_of(run, [], 1), finding.body_of(run, [], 1, table)
    volume = {a["id"]: a for a in priced["analytics"]}["A16"]
    assert "come to" in volume["sentence"]
    assert volume["value"]["requests_priced"] + volume["value"]["requests_apart"] == 300
    assert [m["model"] for m in volume["value"]["models_without_price"]] == [
        "larch-3",
        "larch-mini",
    ]
    assert priced["prices"]["rows"][0]["source"] == SOURCE
    without = {a["id"]: a for a in bare["analytics"]}["A16"]
    assert without["value_refused"] == "no table of list prices was given"
    assert not {"prices", "value"} & (set(bare) | set(without))
    canonical.encode(priced)
