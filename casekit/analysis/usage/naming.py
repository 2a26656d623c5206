"""Which accounts are named: those that independent analytics point to together, and never one figure alone.

An account is named if all of this holds of it:

1. It is linked with others by two kinds of traits that chance does not bring together (A1).
2. Its group follows scripts of its own, and so does the account (A3).
3. The group acts unlike its matched controls in at least `FAMILIES` families of conduct. What it asks is among
   them: it asks for reasoning or grading, or its questions are spread over more subjects than those of others.
   A product that runs day and night at the longest answers does neither.
4. The group does not present itself as one customer: its accounts are of several customers, none of whom
   has more than `MOST_OF_ONE` of them, as an evaluation team, a red team or a reseller would. The links go
   through payment or keys, or else the group is larger and works round the clock as well: an office or a campus
   shares networks and programs too.
5. Its accounts do not put the same questions letter for letter, as those do who run one benchmark, sit in one
   course or test one service under load.

Where the log does not say who pays, only the stricter half of 4 can name anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from casekit.analysis.usage.frame import Ints
from casekit.analysis.usage.infrastructure import Group
from casekit.analysis.usage.scripts import OfGroup

LEVEL = 0.01  # of a group's false-discovery rate
FAMILIES = 3
LEAST_CUSTOMERS = 3
MOST_OF_ONE = 0.5
LEAST_LINKED = 10  # accounts, where payment or keys link them
LEAST_UNLINKED = 30  # accounts, where only networks and programs do
HIDDEN_KINDS = ("payment", "key")
SCRIPTED = 0.1  # of an account's requests
ROUND_THE_CLOCK = "A5"
ASKING = "asking"
MOST_IN_COMMON = 0.5  # of the prompts of those who follow the scripts
CONDITIONS = (
    "share traits that chance does not bring together, follow scripts of their own as different customers, act "
    "unlike accounts with as many requests, in what they ask too, and do not put the same questions letter for "
    "letter"
)
"""What holds of accounts that are named, in the words of finding, dossier and method paper alike."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a group.

    Attributes:
        named: Accounts of it that are named, by number.
        scripted: Accounts of it that follow its scripts.
        customers: How many customers these are of, an unknown one counted once; 0 where the log has none.
        shown: Ids of the analytics in which it is unlike its controls.
        why_not: Why nobody is named, in words; empty where somebody is.
    """

    named: Ints
    scripted: Ints
    customers: int
    shown: tuple[str, ...]
    why_not: str


def judge(
    group: Group, own: OfGroup, requests: Ints, customer: Ints,
    shown: Sequence[tuple[str, str]], *, broad: bool = False,
) -> Verdict:  # fmt: skip
    """Decide on one group.

    Args:
        group: The group.
        own: Its own scripts.
        requests: Prompts of every account.
        customer: Customer of every account, -1 where unknown.
        shown: Id and family of the analytics in which the group is unlike its controls at `LEVEL`.
        broad: Whether its questions are spread over more subjects than its controls' at `LEVEL`.
    """
    asked = own.requests[group.members]
    least = np.maximum(
        np.where(requests[group.members] >= 10, 2, 1), SCRIPTED * requests[group.members]
    )
    scripted = group.members[asked >= least]
    who = Counter(customer[scripted].tolist())
    known = bool((customer >= 0).any())
    ids = tuple(sorted({id_ for id_, _ in shown}, key=lambda i: int(i[1:])))
    families = {family for _, family in shown}
    why = _why_not(group, scripted, own.of_one, who, known, ids, families)
    if not why and ASKING not in families and not broad:
        why = (
            "it asks for neither reasoning nor grading, and its questions are spread over no more subjects "
            "than others’, as a product’s are"
        )
    named = np.zeros(0, dtype=np.int64) if why else scripted
    return Verdict(named, scripted, len(who) if known else 0, ids, why)


def spared(verdict: Verdict, in_common: float) -> Verdict:
    """The verdict where it is known which share of their prompts many of them put letter for letter."""
    if in_common < MOST_IN_COMMON:
        return verdict
    why = (
        f"its accounts put {in_common:.0%} of their prompts letter for letter alike, as in a benchmark, a "
        "course or a test under load"
    )
    return replace(verdict, named=verdict.named[:0], why_not=why)


def _why_not(
    group: Group, scripted: Ints, of_one: int, who: Counter[int], known: bool, ids: Sequence[str],
    families: set[str],
) -> str:  # fmt: skip
    if not len(scripted):
        if of_one:
            return "its scripts are those of one customer, as a team or a reseller has them"
        return "its accounts follow no script of their own"
    if known and (len(who) < LEAST_CUSTOMERS or max(who.values()) > MOST_OF_ONE * len(scripted)):
        return "its accounts present themselves as one customer, as a team or a reseller does"
    shared = [n for customer_, n in who.items() if customer_ >= 0 and n > 1]
    hidden = len(shared) >= LEAST_CUSTOMERS and 2 * sum(shared) >= len(scripted)
    hidden = hidden and _linked(group, scripted, HIDDEN_KINDS) >= 0.5
    least = LEAST_LINKED if hidden else LEAST_UNLINKED
    if len(scripted) < least:
        return f"{len(scripted)} accounts are too few to tell it from a team; at least {least} are needed"
    if len(families) < FAMILIES:
        return (
            f"its conduct is unlike its controls’ in {len(families)} of the families of analytics; at least "
            f"{FAMILIES} are needed"
        )
    if not hidden and ROUND_THE_CLOCK not in ids:
        return "networks and programs alone link it, as in an office, and it keeps a daily rhythm"
    return ""


def _linked(group: Group, members: Ints, kinds: Sequence[str]) -> float:
    """The share of some members that a cell with one of the kinds holds."""
    held = [cell.members for cell in group.cells if set(cell.kinds) & set(kinds)]
    return float(np.isin(members, np.concatenate(held)).mean()) if held else 0.0
