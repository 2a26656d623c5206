from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from casekit.analysis.usage import networks
from casekit.analysis.usage.frame import Frame
from casekit.analysis.usage.plots import MOST_BINS, MOST_GROUPS, MOST_PLACES, plots
from casekit.analysis.usage.running import Run
from casekit.store import canonical
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]


def test_the_named_group_is_drawn_first_and_by_name_beside_nameless_controls(run: Run) -> None:
    made = plots(run)
    first, *others = made["groups"]
    assert first["accounts"] == [f"ring-{n:03d}" for n in range(60)]
    assert len(others) == min(MOST_GROUPS, len(run.groups)) - 1
    assert all(name is None for group in others for name in group["accounts"])
    assert len(first["beside"]) == 40
    assert made["bins"] <= MOST_BINS + 1
    assert {len(row) for row in (*first["counts"], *first["beside"], made["log"])} == {made["bins"]}
    canonical.encode(made)


def test_counts_come_to_what_the_log_holds(run: Run) -> None:
    made = plots(run)
    members = run.groups[made["groups"][0]["group"] - 1].members
    assert np.sum(made["groups"][0]["counts"]) == run.frame.requests[members].sum()
    assert np.sum(made["groups"][0]["all"]) == run.frame.requests[members].sum()
    assert np.sum(made["log"]) == run.frame.requests.sum()


def test_controls_have_as_many_requests_and_are_of_no_group(run: Run) -> None:
    first = plots(run)["groups"][0]
    mine = [sum(row) for row in first["counts"][:40]]
    theirs = [sum(row) for row in first["beside"]]
    assert abs(np.mean(mine) - np.mean(theirs)) < 2


def test_traits_of_a_group_that_is_not_named_have_no_value(run: Run) -> None:
    first, *others = plots(run)["groups"]
    assert all(trait["value"] for trait in first["traits"])
    assert all(trait["value"] is None for group in others for trait in group["traits"])
    bearers = np.zeros(len(first["traits"]), dtype=int)
    for row in first["borne"]:
        bearers[row] += 1
    assert bearers.tolist() == [trait["bearers"] for trait in first["traits"]]


def test_adoption_only_grows_and_ends_within_the_accounts(run: Run) -> None:
    (release, *_) = plots(run)["releases"]
    for row in (*release["groups"], release["ungrouped"]):
        assert row["moved"] == sorted(row["moved"])
        assert row["moved"][-1] <= row["accounts"]
    ring = release["groups"][0]
    assert ring["moved"][12] / ring["accounts"] > 0.5 > release["ungrouped"]["moved"][12] / 380


def test_every_account_counts_once_among_the_places(run: Run) -> None:
    """The most frequent ones by name, all others together, and what nobody knows."""
    places = [f"C{n}" for n in range(MOST_PLACES + 3)]
    group = run.groups[0]
    most = {int(k): places[n % len(places)] for n, k in enumerate(group.members)}
    told = [most.get(k) for k in range(len(run.frame.accounts))]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(networks, "mostly", lambda *_: told)
        one = next(p for p in plots(run)["places"] if p["group"] == 1)
    rows = {row["name"] or row["what"]: row["group"]["accounts"] for row in one["rows"]}
    assert list(rows) == [*places[:MOST_PLACES], "other", "unknown"]
    assert sum(rows.values()) == one["accounts"] == len(group.members)
    assert rows["other"] == sum(most[int(k)] in places[MOST_PLACES:] for k in group.members)
    assert sum(row["outside"]["accounts"] for row in one["rows"]) == one["outside"]
