from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casekit.analysis.usage import finding, naming, running
from casekit.analysis.usage.frame import Frame
from casekit.analysis.usage.infrastructure import Cell, Group
from casekit.analysis.usage.scripts import OfGroup
from casekit.dossier.wording import wording
from casekit.progress import Silent
from tests.analysis.usage import innocents, logs
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]

MANY = 100
SHOWN = (("A5", "timing"), ("A7", "asking"), ("A9", "length"))


def group(members: int, *kinds: str) -> Group:
    who = np.arange(members)
    return Group(who, (Cell(0, 1, (kinds[0], kinds[1]), who, 0.1, 1e-9),), tuple(kinds))


def own(asked: int, members: int = MANY, of_one: int = 0) -> OfGroup:
    requests = np.zeros(MANY, dtype=np.int64)
    requests[:members] = asked
    return OfGroup(np.array([0]), requests, 1, of_one)


REQUESTS = np.full(MANY, 40)
CARDS = np.arange(MANY) % 6


def verdict(
    linked: Group,
    scripts: OfGroup | None = None,
    customer: np.ndarray = CARDS,
    shown: object = SHOWN,
) -> naming.Verdict:
    scripts = scripts or own(20)
    return naming.judge(linked, scripts, REQUESTS, customer, shown)  # type: ignore[arg-type]


def test_accounts_are_named_where_everything_points_to_them() -> None:
    found = verdict(group(12, "network", "payment"))
    assert (found.named.tolist(), found.why_not) == (list(range(12)), "")
    assert (found.customers, found.shown) == (6, ("A5", "A7", "A9"))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"scripts": own(0)}, "follow no script"),
        ({"scripts": own(0, of_one=2)}, "those of one customer"),
        ({"scripts": own(3)}, "follow no script"),  # 3 of 40 requests
        ({"customer": np.zeros(MANY, dtype=np.int64)}, "one customer"),
        ({"customer": np.arange(MANY) % 2}, "one customer"),
        ({"customer": np.where(np.arange(MANY) < 7, 0, np.arange(MANY))}, "one customer"),
        ({"customer": np.arange(MANY)}, "too few to tell it from a team"),
        ({"customer": np.full(MANY, -1)}, "too few to tell it from a team"),
        ({"shown": SHOWN[:2]}, "families"),
        ({"shown": (("A5", "timing"), ("A6", "timing"), ("A7", "asking"))}, "families"),
        ({"shown": (("A5", "timing"), ("A9", "length"), ("A10", "release"))}, "as a product’s are"),
    ],
)
def test_each_condition_is_needed(changed: dict[str, object], why: str) -> None:
    found = verdict(group(12, "network", "payment"), **changed)  # type: ignore[arg-type]
    assert found.named.tolist() == []
    assert why in found.why_not


def test_networks_and_programs_alone_need_more_accounts_and_no_night() -> None:
    assert "too few" in verdict(group(12, "network", "client")).why_not
    assert verdict(group(40, "network", "client")).why_not == ""
    by_day = (("A6", "timing"), *SHOWN[1:])
    assert "daily rhythm" in verdict(group(40, "network", "client"), shown=by_day).why_not
    unknown = np.full(MANY, -1)
    assert verdict(group(40, "network", "client"), customer=unknown).why_not == ""


def test_only_members_that_follow_the_scripts_are_named() -> None:
    half = own(20, members=15)
    found = verdict(group(30, "network", "payment"), half)
    assert found.named.tolist() == list(range(15))
    assert found.scripted.tolist() == list(range(15))


def test_questions_over_many_subjects_stand_in_for_asking_for_reasoning() -> None:
    shown = (("A5", "timing"), ("A9", "length"), ("A10", "release"))
    found = naming.judge(
        group(12, "network", "payment"), own(20), REQUESTS, CARDS, shown, broad=True
    )
    assert len(found.named) == 12


def test_who_puts_the_same_questions_letter_for_letter_is_spared() -> None:
    found = verdict(group(12, "network", "payment"))
    assert naming.spared(found, 0.49) == found
    spared = naming.spared(found, 0.5)
    assert spared.named.tolist() == []
    assert "50% of their prompts letter for letter" in spared.why_not
    assert spared.scripted.tolist() == found.scripted.tolist()


def test_hard_innocents_are_not_named_and_the_log_says_why(framed: Framed) -> None:
    rows = [*logs.ordinary(5, 200, 1_600)]
    for add in innocents.HARD.values():
        rows += add(5)
    frame = framed(rows)
    run = running.analyse(frame, 1, Silent())
    assert running.named(run) == []
    assert frame.stray == 3
    why = {
        frame.accounts[group.members[0]].split("-")[0]: verdict.why_not
        for group, verdict in zip(run.groups, run.verdicts, strict=True)
    }
    assert "as a product’s are" in why["bot"]
    assert why["bench"] == why["load"]
    assert "letter for letter" in why["bench"]
    assert "masked" not in why


def test_the_conditions_are_told_in_the_same_words_wherever_they_are() -> None:
    """Finding, dossier and method paper: who reads one must not find another rule in the next."""
    said = []
    for named in (0, 2):
        result = {"exchanges": 9, "accounts_in_log": 3, "named_accounts": named}
        body: dict[str, Any] = {"result": result, "groups": [{"named": named}]}
        said.append(finding.sentence(body))
    said.append(wording("neutral")("usage.named_intro"))
    said.append(
        (Path(__file__).parents[3] / "resources/handbook/methods.md").read_text(encoding="utf-8")
    )
    assert all(naming.CONDITIONS in text for text in said)
