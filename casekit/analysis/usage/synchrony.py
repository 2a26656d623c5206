"""A12: do the accounts of a group work at the same moments, and how do they share out what is asked?

Moments are slots of five minutes. The null keeps each account's own rhythm: its slots are moved together by
a random number of days, up to three, and up to an hour besides, so that day and hour stay what they are and
only the agreement with others is broken. Accounts that work at fixed marks of the hour agree too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from casekit.analysis.usage.bursts import SLOT_US
from casekit.analysis.usage.frame import DAY_US, HOUR_US, Frame, Ints
from casekit.analysis.usage.scripts import Scripts

DRAWS = 199
DAYS = 3
SLOTS_A_DAY = DAY_US // SLOT_US
SLOTS_AN_HOUR = HOUR_US // SLOT_US
MOST_SLOTS = 300_000  # of a group; one with more is not tested
MOST_REPEATED = 60_000  # requests for wordings that were asked before, likewise


@dataclass(frozen=True, slots=True)
class Together:
    """A group's synchrony: meetings are pairs of accounts in one slot, summed over slots."""

    meetings: int
    expected: float
    p: float
    draws: int


@dataclass(frozen=True, slots=True)
class Divided:
    """How a group divides what it asks: wordings, those that several accounts asked, and how many by chance.

    `expected` and `p` are None where no wording was asked twice, or too many were to be tested.
    """

    wordings: int
    asked_by_several: int
    expected: float | None
    p: float | None


def slots(frame: Frame) -> tuple[Any, str] | str:
    """The slots in which each account asked, each once, with the query; or why there are none."""
    if why := frame.lacking("us"):
        return why
    log = frame.log.filter(frame.log.us.notnull())
    query = log.select("account", slot=log.us // SLOT_US).distinct().order_by("account", "slot")
    return frame.fetch(query), frame.sql(query)


def together(account: Ints, slot: Ints, members: Ints, seed: Sequence[int]) -> Together | None:
    """How often members of a group meet, beside random movings; None where they are too active to be tested.

    Args:
        account: Number of the account of each slot.
        slot: The slots, counted from 1970.
        members: Numbers of the group's accounts.
        seed: Of the movings.
    """
    inside = np.isin(account, members)
    who, when = account[inside], slot[inside]
    if not len(who) or len(who) > MOST_SLOTS:
        return None
    rng = np.random.Generator(np.random.PCG64(list(seed)))
    place = np.searchsorted(members, who)
    seen = _meetings(when)
    moved = np.zeros(DRAWS, dtype=np.int64)
    for n in range(DRAWS):
        days = rng.integers(-DAYS, DAYS + 1, len(members)) * SLOTS_A_DAY
        within = rng.integers(-SLOTS_AN_HOUR, SLOTS_AN_HOUR + 1, len(members))
        moved[n] = _meetings(when + (days + within)[place])
    p = (1 + int((moved >= seen).sum())) / (1 + DRAWS)
    return Together(seen, float(moved.mean()), p, DRAWS)


def divided(found: Scripts, clusters: Ints, members: Ints, seed: Sequence[int]) -> Divided:
    """How the members divide the wordings of their scripts, numbers left out.

    The null keeps how often each wording was asked and how much each account asks, and draws anew who asks
    which: accounts that work through one list without telling each other meet in some wordings. Where no
    wording is asked twice, nothing can be told.

    Args:
        found: All scripts.
        clusters: Those of the group.
        members: Accounts of the group.
        seed: Of the draws.
    """
    inside = np.isin(found.cluster, clusters) & np.isin(found.account, members)
    _, wording, times = np.unique(found.wording[inside], return_inverse=True, return_counts=True)
    account = found.account[inside]
    seen = _by_several(wording, account)
    again = np.flatnonzero(times[wording] > 1)
    if not len(again) or len(again) > MOST_REPEATED:
        return Divided(len(times), seen, None, None)
    rng = np.random.Generator(np.random.PCG64(list(seed)))
    drawn = np.zeros(DRAWS, dtype=np.int64)
    for n in range(DRAWS):
        drawn[n] = _by_several(wording[again], rng.permutation(account)[: len(again)])
    p = (1 + int((drawn <= seen).sum())) / (1 + DRAWS)
    return Divided(len(times), seen, float(drawn.mean()), p)


def _by_several(wording: Ints, account: Ints) -> int:
    """How many wordings more than one account asked."""
    if not len(wording):
        return 0
    width = int(account.max()) + 1
    pairs = np.unique(wording.astype(np.int64) * width + account)
    _, askers = np.unique(pairs // width, return_counts=True)
    return int((askers > 1).sum())


def _meetings(when: Ints) -> int:
    _, counts = np.unique(when, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())
