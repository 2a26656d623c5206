from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from casekit.analysis.usage import engine
from casekit.analysis.usage import frame as frames
from casekit.analysis.usage.frame import Frame
from casekit.errors import CaseKitError
from tests.analysis.usage import logs
from tests.analysis.usage.logs import DAY_US, START_US, Row

Framed = Callable[[Sequence[Row]], Frame]


def rows_of(**columns: Sequence[object]) -> list[Row]:
    """Rows of one account and another, with the values given."""
    rng = random.Random(2)
    who = [logs.account(rng, "b"), logs.account(rng, "a")]
    many = len(next(iter(columns.values())))
    return [
        {**logs.row(rng, who[n % 2], START_US + n, f"ask {n}"), **{k: v[n] for k, v in columns.items()}}
        for n in range(many)
    ]  # fmt: skip


def test_networks_leave_out_hosts_and_addresses_of_the_inside(framed: Framed) -> None:
    seen = {
        "203.0.113.9": "203.0.113.0/24",
        "203.0.113.***": "203.0.113.0/24",
        "10.1.2.3": None,
        "192.168.1.1": None,
        "172.20.0.1": None,
        "172.99.0.1": "172.99.0.0/24",
        "2001:DB8:7:1::5": "2001:db8:7::/48",
        "fd00:1:2::1": None,
        "unknown": None,
        None: None,
    }
    frame = framed(rows_of(ip=list(seen)))
    found = frame.fetch(frame.log.order_by("item_id"))["network"].to_pylist()
    assert found == list(seen.values())


def test_accounts_are_numbered_by_name_and_know_their_customer(framed: Framed) -> None:
    frame = framed(rows_of(payment=["p1", "p2", "p1", None, "p3"]))
    assert (frame.accounts, frame.requests.tolist(), frame.unit) == (("a", "b"), [2, 3], "account")
    assert frame.customer.tolist() == [1, 0]  # a: p2; b: p1 twice, p3 once
    hits = frame.by_account(frame.log.group_by("account").aggregate(n=frame.log.count()), "n")
    assert hits[0].tolist() == [2, 3]


def test_hidden_items_are_not_read(tmp_path: Path) -> None:
    path = logs.write(rows_of(status=[200, 200, 200]), tmp_path / "a.parquet")
    with engine.opened([path]) as backend:
        frame = frames.build(backend, hidden=[2, 77])
        assert (frame.rows, frame.accounts) == (2, ("b",))
        assert [one for b in frame.batches("prompt") for one in b["prompt"].to_pylist()] == [
            "ask 0",
            "ask 2",
        ]


def test_times_that_had_to_be_assumed_count_only_once_decided(tmp_path: Path) -> None:
    rows = rows_of(sent_zone=["explicit", "assumed:utc", "assumed:utc"])
    path = logs.write(rows, tmp_path / "a.parquet")
    with engine.opened([path]) as backend:
        assert frames.build(backend).present["us"] == 1
    with engine.opened([path]) as backend:
        frame = frames.build(backend, decided=([2], [5]))
        times = frame.fetch(frame.log.order_by("item_id"))["us"].to_pylist()
    assert times == [START_US, 5, None]


def test_parts_of_one_exchange_are_one_row(tmp_path: Path) -> None:
    rows = rows_of(ip=["203.0.113.9", None, "198.51.100.1"], account=["a", "a", "c"])
    rows[0]["model"] = None
    path = logs.write(rows, tmp_path / "a.parquet")
    with engine.opened([path]) as backend:
        frame = frames.build(backend, joined=([1, 2], [1, 1]))
        found = frame.fetch(frame.log.order_by("item_id")).to_pylist()
    assert [(r["item_id"], r["ip"]) for r in found] == [(1, "203.0.113.9"), (3, "198.51.100.1")]
    assert found[0]["model"] == rows[1]["model"]


def test_what_a_log_lacks_is_said_in_words(framed: Framed) -> None:
    frame = framed(rows_of(ip=[None] * 3, model=["m", None, None]))
    assert frame.lacking("model") == ""
    assert frame.lacking("model", "ip") == "this log has no IP addresses"
    assert frame.lacking("reasoning_tokens") == "this log has no reasoning_tokens"


def test_a_log_without_accounts_goes_by_keys_or_is_refused(framed: Framed) -> None:
    frame = framed(rows_of(account=[None] * 4))
    assert (frame.unit, frame.accounts) == ("API key", ("k-a", "k-b"))
    with pytest.raises(CaseKitError, match="says who asked"):
        framed(rows_of(account=[None] * 4, api_key=[None] * 4))
    with pytest.raises(CaseKitError, match="no API log"):
        framed(rows_of(collection=["outputs"] * 4))


def test_masked_values_and_addresses_that_stand_for_none_are_no_traits(framed: Framed) -> None:
    masked = ["****", "UNKNOWN", "[redacted]", "n/a", "sk-***", "card-7"]
    frame = framed(rows_of(payment=masked, ip=["0.0.0.0"] * 3 + ["::", "100.64.1.2", "224.0.0.1"]))
    log = frame.fetch(frame.log.order_by("item_id"))
    assert log["payment"].to_pylist() == [None] * 5 + ["card-7"]
    assert log["network"].to_pylist() == [None] * 6


def test_a_clock_that_was_wrong_does_not_stretch_the_log(framed: Framed) -> None:
    first, last = START_US, START_US + 60 * DAY_US
    times = [
        0,
        *[first + n for n in range(1_500)],
        *[last - n for n in range(1_500)],
        4_070_908_800_000_000,
    ]
    frame = framed(rows_of(sent_us=times))
    assert (frame.stray, frame.first_us, frame.last_us) == (2, first, last)
    assert frame.present["us"] == 3_000
    times[-1:] = [4_070_908_800_000_000, 6_000_000_000_000_000]  # two clocks, years apart
    frame = framed(rows_of(sent_us=[*times[1:], *[last - n for n in range(1_500, 2_500)]]))
    assert (frame.stray, frame.last_us) == (2, last)
    few = framed(rows_of(sent_us=[0, first, last]))
    assert (few.stray, few.first_us) == (0, 0)


def test_sums_of_use_and_steps_around_calls_are_no_requests(framed: Framed) -> None:
    frame = framed(
        rows_of(kind=["exchange", "request", "record", "record"], input_tokens=[1, 2, 90, 90])
    )
    assert (frame.rows, frame.requests.tolist()) == (2, [1, 1])
    log = frame.fetch(frame.log.order_by("item_id"))
    assert log["input_tokens"].to_pylist() == [1, 2]
    assert [one for b in frame.batches("prompt") for one in b["prompt"].to_pylist()] == [
        "ask 0",
        "ask 1",
    ]
    with pytest.raises(CaseKitError, match="no API log with calls"):
        framed(rows_of(kind=["record"] * 4))


def test_a_step_in_two_files_is_no_request_though_one_part_does_not_say_so(tmp_path: Path) -> None:
    rows = rows_of(kind=["record", "request", "exchange", "exchange", "request", "exchange"])
    path = logs.write(rows, tmp_path / "a.parquet")
    with engine.opened([path]) as backend:
        frame = frames.build(backend, joined=([1, 2, 3, 4], [1, 1, 3, 3]))
        assert [
            row["item_id"] for row in frame.fetch(frame.log.order_by("item_id")).to_pylist()
        ] == [3, 5, 6]


def test_a_record_that_came_twice_is_one_request(framed: Framed) -> None:
    same = b"a" * 32
    ids = ["r1", "r1", None, None, "q1", "q1"]
    bytes_ = [same, same, b"b" * 32, b"b" * 32, b"c" * 32, b"c" * 32]
    joints = [None, None, None, None, "openai-batch/request", "openai-batch/request"]
    frame = framed(rows_of(request_id=ids, sha256=bytes_, joint=joints, input_tokens=[9] * 6))
    assert (frame.copies, frame.rows) == (1, 5)
    found = frame.fetch(frame.log.order_by("item_id"))["item_id"].to_pylist()
    assert found == [1, 3, 4, 5, 6]
    other = framed(rows_of(request_id=["r1", "r1"], sha256=[same, b"b" * 32]))
    assert (other.copies, other.rows) == (0, 2)
