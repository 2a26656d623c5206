from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np

from casekit.analysis.usage import infrastructure
from casekit.analysis.usage.frame import Frame
from casekit.analysis.usage.running import Run
from tests.analysis.usage import logs
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]


def group_names(frame: Frame) -> list[set[str]]:
    found = infrastructure.groups(infrastructure.traits(frame))
    return [{frame.accounts[k] for k in group.members} for group in found]


def people(many: int) -> list[Row]:
    rng = random.Random(9)
    return [logs.account(rng, f"u{n:03d}") for n in range(many)]


def asked(accounts: Sequence[Row]) -> list[Row]:
    rng = random.Random(8)
    return [logs.row(rng, who, logs.any_time(rng), "hello") for who in accounts for _ in range(3)]


def test_one_kind_of_shared_trait_links_nobody(framed: Framed) -> None:
    accounts = people(200)
    for who in accounts[:40]:
        who["networks"] = ["93.1.1"]
    for who in accounts[40:60]:
        who["ja4"], who["user_agent"] = "same", "same/1"  # a program decides both: one kind
    assert group_names(framed(asked(accounts))) == []


def test_two_kinds_link_and_a_crowded_network_adds_nobody(framed: Framed) -> None:
    accounts = people(200)
    for who in accounts[:30]:
        who["networks"] = ["93.1.1"]
    for who in accounts[:10]:
        who["payment"] = "card-x"
    names = {f"u{n:03d}" for n in range(10)}
    assert group_names(framed(asked(accounts))) == [names]


def test_popular_traits_of_two_kinds_link_nobody_by_chance(framed: Framed) -> None:
    accounts = people(300)
    rng = random.Random(3)
    for who in accounts:
        who["networks"] = [f"80.1.{rng.randrange(8)}"]
        who["ja4"] = f"popular-{rng.randrange(8)}"
    assert group_names(framed(asked(accounts))) == []


def test_planted_group_is_whole_and_random_assignments_have_none(run: Run) -> None:
    rings = [g for g in run.groups if run.frame.accounts[g.members[0]].startswith("ring")]
    assert [run.frame.accounts[k] for k in rings[0].members] == [f"ring-{n:03d}" for n in range(60)]
    assert (rings[0].kinds, len(rings)) == (("network", "client", "payment"), 1)
    assert run.rewired.max() < 10
    told = infrastructure.shared(rings[0], run.traits)
    assert {row["kind"]: row["values"] for row in told}["payment"] == 6


def test_re_assigning_keeps_how_many_bear_a_trait_and_is_repeatable(run: Run) -> None:
    again = infrastructure.rewired(run.traits, 1, draws=5)
    assert again.tolist() == run.rewired[:5].tolist()


def test_an_empty_log_of_traits_has_no_groups(framed: Framed) -> None:
    bare = {"networks": [""], "payment": None, "ja4": None, "user_agent": None, "api_key": None}
    accounts = [{**who, **bare} for who in people(10)]
    rows = [{**r, "ip": None} for r in asked(accounts)]
    found = infrastructure.traits(framed(rows))
    assert found.lacking == tuple(infrastructure.KINDS)
    assert infrastructure.groups(found) == []
    assert infrastructure.rewired(found, 1, draws=3).tolist() == [0, 0, 0]
    assert isinstance(found.account, np.ndarray)
