"""A4: what accounts ask about: how far it lies from what others ask (MMD²), and how evenly over subjects.

The benign history is what the accounts outside all groups asked. The unit is the account: each has one
vector, the mean of a kernel over its prompts (`features`), and the null moves whole accounts between a
group and its matched controls, never single prompts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import ibis
import numpy as np

from casekit.analysis.usage import controls, features
from casekit.analysis.usage.controls import Compared, GroupTest, Measure
from casekit.analysis.usage.frame import Floats, Frame, Ints
from casekit.analysis.usage.infrastructure import Group
from casekit.analysis.usage.scripts import LEAST_REQUESTS, Scripts
from casekit.progress import Progress

MOST = 100  # prompts of an account that are looked at, evenly spaced
LEAST = 2  # prompts, else an account has no distance
DRAWN = 10  # prompts, of which the subjects are counted
DRAWS = 1_999
POOL = 600  # controls of one class that a group is mixed with
BLOCK = 4_000_000
READS_AS = "questions from one list, spread over subjects, unlike what others ask"
INNOCENT = (
    "An account of one trade, or in another language, asks unlike the others too.",
    "Teaching material, evaluations and synthetic data are spread over subjects on purpose.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What accounts ask, by account.

    Attributes:
        prompts: How many of its prompts were looked at.
        means: Mean of the kernel over them.
        subjects: How many of them are of each subject.
        query: Which were looked at.
    """

    prompts: Ints
    means: Floats
    subjects: Ints
    query: str


def read(frame: Frame, found: Scripts, progress: Progress) -> Asked | str:
    """Read the prompts, or why there are none.

    Of a prompt that follows a script, only what fills the blanks says what its subject is.
    """
    if why := frame.lacking("prompt"):
        return why
    query = sampled(frame)
    wanted = np.sort(np.asarray(frame.fetch(query)["item_id"], dtype=np.int64))
    owners, texts, ids_read, done = [], [], [], 0
    for batch in frame.batches("prompt"):
        ids = np.asarray(batch["item_id"], dtype=np.int64)
        at = np.minimum(np.searchsorted(wanted, ids), len(wanted) - 1)
        inside = np.flatnonzero(wanted[at] == ids)
        if not len(inside):
            continue
        some = batch.take(inside)
        owners.append(frame.numbers(some["account"]))
        ids_read.append(ids[inside])
        texts.append(some["prompt"].combine_chunks())
        done += len(inside)
        progress.step(done, 2 * len(wanted), "comparing what is asked")
    counted = features.counted(texts)
    owner = np.concatenate(owners)
    many = len(frame.accounts)
    means = features.means(features.weighed(counted), owner, many)
    progress.step(3 * len(wanted), 4 * len(wanted), "comparing what is asked")
    script = _scripts(found, np.concatenate(ids_read))
    subject = features.subjects(features.weighed(features.without_wording(counted, script)))
    counts = np.zeros((many, features.SUBJECTS), dtype=np.int64)
    np.add.at(counts, (owner, subject), 1)
    return Asked(np.bincount(owner, minlength=many), means, counts, frame.sql(query))


def sampled(frame: Frame) -> Any:
    """The items looked at: of each account all, or `MOST` evenly spaced in order of item."""
    log = frame.log.filter(frame.log.prompt.notnull())
    by_account = ibis.window(group_by="account")
    ranked = log.select(
        "item_id",
        place=ibis.row_number().over(ibis.window(group_by="account", order_by="item_id")),
        many=log.item_id.count().over(by_account),
    )
    after, before = (ranked.place + 1) * MOST, ranked.place * MOST
    kept = (ranked.many <= MOST) | (after // ranked.many != before // ranked.many)
    return ranked.filter(kept).select("item_id").order_by("item_id")


def measures(asked: Asked, group_of: Ints) -> list[Measure]:
    """Distance of each account's prompts from the benign history; different subjects among ten of them."""
    n = asked.prompts
    measured = n >= LEAST
    history = measured & (group_of < 0)
    if 3 * int(history.sum()) < int(measured.sum()):
        history = measured
    total, many = asked.means[history].sum(axis=0), int(history.sum())
    own = (asked.means**2).sum(axis=1)
    others = (total - asked.means * history[:, None]) / np.maximum(many - history, 1)[:, None]
    inside = (n * own - 1) / np.maximum(n - 1, 1)
    far = inside - 2 * (asked.means * others).sum(axis=1) + (others**2).sum(axis=1)
    values = np.where(measured, far.round(9), np.nan)
    broad = features.breadth(asked.subjects, DRAWN)
    what = "distance of what is asked from what other accounts ask (MMD², beside it with accounts exchanged)"
    met = f"different subjects, of {features.SUBJECTS}, among {DRAWN} of the account’s prompts"
    return [
        Measure("A4", "distance", what, n, n, values, asked.query),
        Measure("A4", "breadth", met, (asked.subjects > 0).sum(axis=1), n, broad, asked.query),
    ]


def compare(
    asked: Asked, group_of: Ints, groups: int, seed: int, progress: Progress
) -> list[Compared]:
    """Both measures beside their controls; a group's distance is that of all its accounts together."""
    distance, breadth = measures(asked, group_of)
    one = controls.compare(distance, group_of, groups, seed)
    strata = controls.classes(asked.prompts, asked.prompts >= LEAST)
    tests = []
    for group in range(groups):
        progress.step(group, groups, "comparing what is asked")
        tests.append(discrepancy(asked.means, strata, group_of, group, seed))
    return [
        replace(one, groups=tuple(tests)),
        controls.compare(breadth, group_of, groups, seed),
    ]


def discrepancy(
    means: Floats, strata: Ints, group_of: Ints, group: int, seed: int, draws: int = DRAWS
) -> GroupTest | None:
    """MMD² of a group's accounts and their matched controls, tested by exchanging accounts.

    Each account counts once, whatever it asks. Accounts are exchanged within classes of the number of
    prompts, so that the test has its size where, but for the group, an account of a class is as good as
    another. None where fewer than three accounts have controls.
    """
    rng = np.random.Generator(np.random.PCG64([seed, 4, group]))
    members = np.flatnonzero((group_of == group) & (strata >= 0))
    classes = []
    used: set[int] = set()
    for one in np.unique(strata[members]):
        mine = members[strata[members] == one]
        others = controls.controls_of(strata, group_of, group, int(one))
        if len(others):
            others = np.sort(rng.permutation(others)[:POOL])
            classes.append((mine, others))
            used |= set(others.tolist())
    total = sum(len(mine) for mine, _ in classes)
    if total < 3:
        return None
    seen = np.zeros(means.shape[1])
    drawn = np.zeros((draws, means.shape[1]))
    for mine, others in classes:
        pool = means[np.r_[mine, others]]
        n, whole, share = len(mine), pool.sum(axis=0), len(mine) / total
        seen += share * _apart(pool[:n].sum(axis=0), whole, n, len(others))
        step = max(1, BLOCK // (len(pool) + n * means.shape[1]))
        for start in range(0, draws, step):
            rows = min(step, draws - start)
            lots = rng.random((rows, len(pool)), dtype=np.float32)
            picked = np.argpartition(lots, n - 1, axis=1)[:, :n]
            sums = pool[np.sort(picked, axis=1)].sum(axis=1)
            drawn[start : start + rows] += share * _apart(sums, whole, n, len(others))
    observed, null = float(seen @ seen), (drawn**2).sum(axis=1)
    p = (1 + int((null >= observed - 1e-12).sum())) / (1 + draws)
    return GroupTest(total, observed, len(used), float(null.mean()), p)


def _scripts(found: Scripts, items: Ints) -> Ints:
    """The script of each item, -1 where its prompt is hardly repeated."""
    cluster = found.cluster[np.searchsorted(found.item, items)]
    return np.where(found.size[cluster] >= LEAST_REQUESTS, cluster, -1)


def _apart(sums: Floats, whole: Floats, n: int, others: int) -> Floats:
    """The mean of `n` accounts less that of the rest of the pool."""
    return sums / n - (whole - sums) / others


def spread(asked: Asked, found: Scripts, group: Group, group_of: Ints) -> dict[str, Any]:
    """How a group's prompts lie over subjects, and how long the list is that they may come from.

    `questions_at_least` is Chao's lower bound over wordings without numbers: those never seen are
    estimated from those seen once and twice; None where too few were seen twice.
    """
    counts = asked.subjects[group.members].sum(axis=0)
    outside = asked.subjects[group_of < 0]
    wordings = np.unique(found.wording[np.isin(found.account, group.members)], return_counts=True)
    return {
        "prompts": int(counts.sum()),
        "subjects_met": int((counts > 0).sum()),
        "subjects_as_if_even": features.effective(counts),
        "subjects_as_if_even_outside": features.effective(outside.sum(axis=0)),
        "questions": len(wordings[0]),
        "questions_at_least": features.unseen(wordings[1]),
    }
