from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from casekit.analysis.usage import synchrony
from casekit.analysis.usage.frame import Frame
from casekit.analysis.usage.running import Run
from casekit.analysis.usage.scripts import Scripts
from casekit.analysis.usage.synchrony import Divided
from tests.analysis.usage.logs import Row
from tests.analysis.usage.test_rhythm import at

Framed = Callable[[Sequence[Row]], Frame]
SLOTS = synchrony.SLOTS_A_DAY


def planted(rng: np.random.Generator, *, together: bool) -> tuple[np.ndarray, np.ndarray]:
    """Ten accounts that each work thirty times by day over forty days, at common moments or at their own."""
    common = rng.integers(0, 40, 30) * SLOTS + rng.integers(100, 200, 30)
    account, slot = [], []
    for n in range(10):
        own = rng.integers(0, 40, 30) * SLOTS + rng.integers(100, 200, 30)
        slot.append(np.unique(common if together else own))
        account.append(np.full(len(slot[-1]), n))
    return np.concatenate(account), np.concatenate(slot)


def test_accounts_of_one_timetable_meet_and_a_shared_day_does_not_count() -> None:
    rng = np.random.default_rng(1)
    members = np.arange(10)
    meet = synchrony.together(*planted(rng, together=True), members, (1,))
    assert meet is not None
    assert (meet.p, meet.meetings > 10 * meet.expected) == (1 / 200, True)
    found = [synchrony.together(*planted(rng, together=False), members, (n,)) for n in range(20)]
    assert sum(t is not None and t.p <= 0.05 for t in found) <= 4


def test_nobody_of_the_group_is_no_test_and_slots_are_counted_once(framed: Framed) -> None:
    frame = framed(at("a", [0.0, 0.01, 1.0]) + at("b", [1.0]))
    table, query = synchrony.slots(frame)
    assert table.num_rows == 3
    assert "SELECT" in query
    account = frame.numbers(table["account"])
    slot = np.asarray(table["slot"])
    met = synchrony.together(account, slot, np.array([0, 1]), (1,))
    assert met is not None
    assert met.meetings == 1
    assert synchrony.together(account, slot, np.array([9]), (1,)) is None


def test_a_log_without_times_is_refused(framed: Framed) -> None:
    rows = [{**r, "sent_us": None} for r in at("a", [1, 2, 3])]
    assert synchrony.slots(framed(rows)) == "this log has no times that can be relied on"


def test_wordings_that_several_asked_are_counted(run: Run) -> None:
    place = next(n for n, v in enumerate(run.verdicts) if len(v.named))
    told = run.divided[place]
    assert 0 <= told.asked_by_several < told.wordings <= 900
    nobody = np.zeros(0, dtype=np.int64)
    assert synchrony.divided(run.scripts, nobody, nobody, (1,)) == Divided(0, 0, None, None)


def asked(wording: np.ndarray, account: np.ndarray) -> Scripts:
    nothing = np.zeros(len(wording), dtype=np.int64)
    return Scripts(np.arange(len(wording)), account, nothing, nothing[:1], wording, "")


def test_a_list_that_accounts_divide_is_told_from_one_that_each_works_through() -> None:
    rng = np.random.default_rng(3)
    wording = rng.integers(0, 300, 900)
    members, one = np.arange(10), np.array([0])
    apart = synchrony.divided(asked(wording, wording % 10), one, members, (1,))
    assert (apart.asked_by_several, apart.p) == (0, 1 / 200)
    assert apart.expected is not None
    assert apart.expected > 150
    low = [
        synchrony.divided(asked(wording, rng.integers(0, 10, 900)), one, members, (n,)).p or 0
        for n in range(20)
    ]
    assert sum(p <= 0.05 for p in low) <= 4
    once = synchrony.divided(asked(np.arange(900), wording % 10), one, members, (1,))
    assert (once.wordings, once.p) == (900, None)
