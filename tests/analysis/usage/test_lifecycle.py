from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from casekit.analysis.usage import lifecycle, running
from casekit.analysis.usage.frame import Frame
from casekit.progress import Silent
from tests.analysis.usage import logs
from tests.analysis.usage.logs import DAY_US, START_US, Row

Framed = Callable[[Sequence[Row]], Frame]
RELAY = 8


def relay(seed: int) -> list[Row]:
    """A campaign in which each account works for three days, is refused, and the next one goes on at once."""
    rng = random.Random(f"relay {seed}")
    networks = ["150.1.1", "150.1.2"]
    rows = []
    for n in range(RELAY):
        who = logs.account(
            rng, f"relay-{n:02d}", networks=networks, ja4="relay", user_agent="relay/1",
            payment=f"relay-card-{n % 4}",
        )  # fmt: skip
        begin = START_US + n * int(3.2 * DAY_US)
        for k in range(30):
            us = begin + int(k * 0.1 * DAY_US) + rng.randrange(60_000_000)
            prompt = logs.filled(rng, logs.SCRIPTS[0])
            rows.append(logs.row(rng, who, us, prompt, status=403 if k == 29 else 200))
    return rows


@pytest.fixture(scope="module")
def relayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.Run]:
    from casekit.analysis.usage import engine
    from casekit.analysis.usage import frame as frames

    rows = [*logs.ordinary(4, 300, 3_000), *relay(1)]
    path = logs.write(rows, tmp_path_factory.mktemp("relay") / "log.parquet")
    with engine.opened([path]) as backend:
        yield running.analyse(frames.build(backend), 1, Silent())


def test_accounts_that_take_over_from_one_another_are_counted(relayed: running.Run) -> None:
    run = relayed
    (group,) = run.groups
    assert len(group.members) == RELAY
    (cycle,) = run.cycles
    assert (cycle.born, cycle.silent, cycle.refused) == (5, 6, 6)
    assert cycle.together is not None
    assert cycle.resumed is not None
    assert cycle.together.count == 1
    assert cycle.resumed.count == 4
    assert cycle.resumed.expected < 3
    assert cycle.resumed.p < 0.01


def test_ordinary_accounts_begin_slowly(relayed: running.Run) -> None:
    (start,) = [c.measure for _, c in relayed.compared if c.measure.id == "A14"]
    number = relayed.frame.accounts.index("relay-07")
    assert start.hits[number] in (10, 11)
    assert start.values[number] == pytest.approx(start.hits[number] / 30)
    assert np.isnan(start.values[relayed.frame.accounts.index("relay-00")])


def test_most_births_within_a_day_of_one_another() -> None:
    day = DAY_US
    births = np.array([[0, day // 2, day, 3 * day], [0, 2 * day, 4 * day, 6 * day]])
    assert lifecycle.crowded(births).tolist() == [3, 1]


def test_only_what_follows_the_same_script_takes_over() -> None:
    ends = np.array([10, 10 + 5 * DAY_US])
    births = np.array([[11, 11 + 5 * DAY_US], [9, 12 + 7 * DAY_US]])
    both = np.array([[True, True], [True, True]])
    assert lifecycle.followed(ends, births, both).tolist() == [2, 0]
    assert lifecycle.followed(ends, births, np.array([[False, True], [True, True]])).tolist() == [
        1,
        0,
    ]


def test_a_short_log_tells_no_lives(framed: Framed) -> None:
    rows = [row for row in logs.ordinary(1, 20, 300) if row["sent_us"] < START_US + 9 * DAY_US]
    assert lifecycle.lives(framed(rows)) == "this log is shorter than two weeks"


def test_without_births_nothing_is_counted(run: running.Run) -> None:
    ring = next(n for n, v in enumerate(run.verdicts) if len(v.named))
    assert (run.cycles[ring].together, run.cycles[ring].resumed) == (None, None)
