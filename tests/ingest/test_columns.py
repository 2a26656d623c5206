from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from casekit.ingest.columns import (
    MOST_ITEMS,
    Columns,
    check,
    columns_of,
    items_in,
    shortened,
    whole,
)
from casekit.ingest.parsed import Exchange, Parsed, Party, Problem, Step, When

HASH = b"h" * 32


def record(number: int = 0, *above: Step, **changes: Any) -> Parsed:
    step = Step("slice", offset=100 * number, length=90, line=number + 1, sha256=HASH)
    plain = Parsed("exchange", "api-log", f"Why {number}?", (*above, step), HASH, 90,
                   media_type="application/json", texts=(("prompt", "Why?"), ("output", "So.")),
                   when=When(number, "1970", "ts"), exchange=Exchange(model="m-1", status=200))  # fmt: skip
    return replace(plain, **changes)


def laid_out(*items: Parsed) -> Columns:
    columns = columns_of(items)
    assert columns is not None
    return columns


def sent(columns: Columns) -> Columns:
    """As they come out of the worker."""
    frame = msgspec.msgpack.encode(shortened(columns))
    received = whole(msgspec.msgpack.decode(frame, type=Columns))
    assert received == columns
    return received


def test_what_has_no_value_anywhere_takes_no_room_and_all_comes_back() -> None:
    items = (
        record(0, exchange=Exchange(model="m-1", asn=0, completeness=("no-output", "truncated"))),
        record(1, kind="request", when=None, texts=(), exchange=Exchange(account="a", cost=0.5)),
        record(2, texts=(("system", ""), ("prompt", "Why?"), ("output", "So."))),
        record(3, texts=(("output", "So."),), problems=(Problem("parse", "deep-nesting", "It is."),)),
    )  # fmt: skip
    columns = sent(laid_out(*items))
    assert columns.filled() == {
        "model": ("m-1", None, "m-1", "m-1"),
        "account": (None, "a", None, None),
        "asn": (0, None, None, None),
        "status": (None, None, 200, 200),
        "cost": (None, 0.5, None, None),
        "completeness": ("no-output truncated", None, None, None),
    }
    assert items_in(columns) == items
    assert len(columns) == 4


def test_records_of_packed_files_share_the_steps_that_lead_to_them() -> None:
    way = (Step("zip", name="a.jsonl", number=3, sha256=HASH), Step("gzip", sha256=HASH))
    items = tuple(record(number, *way) for number in range(3))
    assert laid_out(*items).above == way
    assert items_in(sent(laid_out(*items))) == items


PEOPLE = (Party("from", "Helen", "h@a.example"),)


@pytest.mark.parametrize(
    "change",
    [
        {"parties": PEOPLE}, {"children": (record(),)}, {"beside": True}, {"facts": "{}"}, {"pages": 1},
        {"name": "a.json"}, {"exchange": None}, {"steps": ()}, {"sha256": b"x" * 32}, {"size": 91},
        {"steps": (Step("row", offset=3, length=90, sha256=HASH),)},
        {"steps": (Step("gzip"), Step("slice", offset=100, length=90, line=2, sha256=HASH))},
        {"steps": (Step("slice", offset=0, length=90, sha256=HASH, before=HASH, decoding="http"),)},
        {"texts": (("output", "So."), ("prompt", "Why?"))}, {"texts": (("prompt", "a"), ("prompt", "b"))},
        {"texts": (("body", "a"),)},
    ],
    ids=str,
)  # fmt: skip
def test_what_no_column_holds_is_not_laid_out(change: dict[str, Any]) -> None:
    assert columns_of([record(0), replace(record(1), **change), record(2)]) is None


def test_nothing_is_not_laid_out() -> None:
    assert columns_of([]) is None


@pytest.mark.parametrize(
    "lie",
    [
        lambda c: {"title": c.title[:1]},
        lambda c: {"kind": (*c.kind, "exchange")},
        lambda c: {"sha256": (b"short", HASH)},
        lambda c: {"exchange": replace(c.exchange, model=("m-1",))},
        lambda c: {"exchange": replace(c.exchange, prompt_sha256=(HASH, b"short"))},
        lambda c: {"texts": (c.texts[0], c.texts[0])},
        lambda c: {"texts": (("prompt", ("one",)),)},
        lambda c: {"us": (1, None)},
        lambda c: {"problems": ((2, (Problem("parse", "x", "y"),)),)},
        lambda c: {"problems": ((-1, (Problem("parse", "x", "y"),)),)},
    ],
)
def test_columns_that_do_not_fit_each_other_are_refused(
    lie: Callable[[Columns], dict[str, Any]],
) -> None:
    good = laid_out(record(0), record(1))
    check(good)
    with pytest.raises(msgspec.ValidationError):
        check(replace(good, **lie(good)))


def test_what_all_items_share_travels_once() -> None:
    columns = laid_out(*(record(n, title="Same", exchange=Exchange(cost=0.5)) for n in range(3)))
    short = shortened(columns)
    assert (short.kind, short.title, short.size) == (("exchange",), ("Same",), (90,))
    assert (short.texts[0], short.filled()["cost"]) == (("prompt", ("Why?",)), (0.5,))
    assert (short.offset, short.us, short.sha256) == ((0, 100, 200), (0, 1, 2), (HASH,) * 3)
    assert whole(short) == columns


def test_zero_does_not_stand_for_minus_zero() -> None:
    costs = (0.0, -0.0, 0.0)
    columns = sent(laid_out(*(record(n, exchange=Exchange(cost=c)) for n, c in enumerate(costs))))
    assert str(columns.filled()["cost"]) == str(costs)


def test_a_long_text_travels_with_every_item() -> None:
    columns = laid_out(*(record(n, texts=(("prompt", "so " * 400),)) for n in range(3)))
    assert shortened(columns).texts == columns.texts
    sent(columns)


@pytest.mark.parametrize(
    "lie",
    [
        {"title": ("x" * 5000,)},
        {"title": ("x", "y")},
        {"texts": (("prompt", ("so " * 2000,)),)},
        {"sha256": (HASH,)},
        {"offset": (), "sha256": (), "line": ()},
    ],
)
def test_columns_that_would_swell_or_do_not_fit_are_refused(lie: dict[str, Any]) -> None:
    alike = replace(record(1), when=When(0, "1970", "ts"))
    good = shortened(laid_out(*(replace(alike, steps=record(n).steps) for n in range(3))))
    whole(good)
    with pytest.raises(msgspec.ValidationError):
        whole(replace(good, **lie))


def test_no_more_items_are_taken_than_are_laid_out_together() -> None:
    alike = replace(record(1), when=When(0, "1970", "ts"))
    good = shortened(laid_out(*(replace(alike, steps=record(n).steps) for n in range(3))))

    def of(number: int) -> Columns:
        places = tuple(range(1, number + 1))
        return replace(good, offset=places, sha256=(HASH,) * number, line=places)

    assert len(whole(of(MOST_ITEMS)).offset) == MOST_ITEMS
    with pytest.raises(msgspec.ValidationError, match="too many"):
        whole(of(MOST_ITEMS + 1))


WORDS = st.sampled_from(["", "a", "ü\n", "\0"])
WHOLE = st.none() | st.integers(-(2**63), 2**63 - 1)
EXCHANGES = st.builds(
    Exchange, model=WORDS, asn=WHOLE, cost=st.none() | st.floats(allow_nan=False),
    prompt_sha256=st.sampled_from([b"", HASH]), completeness=st.sampled_from([(), ("no-prompt", "sampled")]),
)  # fmt: skip
PARTS = st.lists(st.sampled_from(["system", "prompt", "output"]), unique=True, max_size=3)
RECORDS = st.builds(
    record, st.integers(0, 99), texts=PARTS.map(lambda parts: tuple((part, "t") for part in sorted(parts))),
    exchange=EXCHANGES, title=WORDS, when=st.none() | st.builds(When, st.integers(0, 9), WORDS, WORDS),
    problems=st.sampled_from([(), (Problem("parse", "x", "y"),)]),
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RECORDS, min_size=1, max_size=4))
def test_whatever_is_laid_out_comes_back(items: list[Parsed]) -> None:
    columns = columns_of(items)
    if columns is not None:  # else no item has all the parts
        assert items_in(sent(columns)) == tuple(items)
