"""A3: prompts that follow one sentence with blanks, who follows it, and which sentence that is.

A *script* is a cluster of near-duplicate prompts (`shingles`). A popular turn of phrase is one too, so
that a script speaks for a group only where it is the group's: asked by far more of its accounts than
chance would have it, and hardly by others.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekit.analysis.stats import hypergeometric_tail
from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import Frame, Ints
from casekit.progress import Progress
from casekit.search import shingles

LEAST_REQUESTS = 20  # of a script that counts in an account's share
LEAST_OF_GROUP = 5  # requests, by at least `LEAST_USERS` of the group
LEAST_USERS = 3
LIFT = 3.0
LEVEL = 0.01
SAMPLE = 60
FIXED = 0.9  # of the sampled prompts that must have a word for it to be of the sentence
EXAMPLES = 3
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Scripts:
    """Which request is of which cluster; arrays run over requests with a prompt, in order of item.

    Attributes:
        item: Item id.
        account: Number of the account.
        cluster: Number of the cluster, 0 to `len(size) - 1`.
        size: Requests of each cluster.
        wording: Number of the request's signature: equal ones are the same words up to numbers.
    """

    item: Ints
    account: Ints
    cluster: Ints
    size: Ints
    wording: Ints
    query: str


@dataclass(frozen=True, slots=True)
class OfGroup:
    """A group's own scripts: their clusters, and of each account how many requests are of them.

    `of_one` are those left out because one customer's accounts follow them.
    """

    clusters: Ints
    requests: Ints
    tested: int
    of_one: int


def read(frame: Frame, progress: Progress) -> Scripts:
    """Cluster the prompts of the whole log."""
    items, accounts, signed = [], [], []
    done, whole = 0, int(frame.requests.sum())
    for batch in frame.batches("prompt"):
        batch = batch.filter(batch["prompt"].is_valid())
        items.append(np.asarray(batch["item_id"], dtype=np.int64))
        accounts.append(frame.numbers(batch["account"]))
        signed.append(shingles.signatures([batch["prompt"].combine_chunks()]))
        done += batch.num_rows
        progress.step(done, whole, "comparing prompts")
    rows = np.concatenate(signed) if signed else np.zeros((0, shingles.PERMUTATIONS), np.uint32)
    label = shingles.clusters(rows)
    _, cluster, size = np.unique(label, return_inverse=True, return_counts=True)
    _, wording = np.unique(shingles.folded(rows), return_inverse=True)
    empty = np.zeros(0, dtype=np.int64)
    return Scripts(
        np.concatenate(items) if items else empty,
        np.concatenate(accounts) if accounts else empty,
        cluster.astype(np.int64), size.astype(np.int64), wording.astype(np.int64),
        frame.sql(frame.texts.select("item_id", "account", "prompt").order_by("item_id")),
    )  # fmt: skip


def measure(frame: Frame, found: Scripts) -> Measure:
    """The share of each account's prompts that are of a script of `LEAST_REQUESTS` or more."""
    many = len(frame.accounts)
    scripted = found.size[found.cluster] >= LEAST_REQUESTS
    hits = np.bincount(found.account[scripted], minlength=many)
    of = np.bincount(found.account, minlength=many)
    return Measure.share(
        "A3", "scripts", f"share of prompts that at least {LEAST_REQUESTS - 1} others nearly repeat",
        hits.astype(np.int64), of.astype(np.int64), found.query,
    )  # fmt: skip


def of_group(found: Scripts, members: Ints, customer: Ints, most_of_one: float) -> OfGroup:
    """The scripts that are a group's own.

    Args:
        found: All scripts.
        members: Accounts of the group.
        customer: Customer of every account of the log, -1 where unknown.
        most_of_one: A script that one customer's accounts follow to a larger share is that customer's
            own affair and not counted.
    """
    total = len(customer)
    inside = np.isin(found.account, members)
    pairs = np.unique(np.stack([found.cluster, found.account]), axis=1)
    users = np.bincount(pairs[0], minlength=len(found.size))
    ours = pairs[:, np.isin(pairs[1], members)]
    users_inside = np.bincount(ours[0], minlength=len(found.size))
    requests_inside = np.bincount(found.cluster[inside], minlength=len(found.size))
    candidates = np.flatnonzero((users_inside >= LEAST_USERS) & (requests_inside >= LEAST_OF_GROUP))
    kept, of_one = [], 0
    for cluster in candidates:
        n, k = int(users[cluster]), int(users_inside[cluster])
        if k < LIFT * n * len(members) / total or 2 * k < n:
            continue
        who = customer[ours[1][ours[0] == cluster]]
        largest = max(Counter(who.tolist()).values())
        if largest > most_of_one * len(who):
            of_one += 1
            continue
        if hypergeometric_tail(k, total, n, len(members)) * len(candidates) <= LEVEL:
            kept.append(int(cluster))
    own = np.isin(found.cluster, kept)
    requests = np.bincount(found.account[own], minlength=total)
    return OfGroup(
        np.array(kept, dtype=np.int64), requests.astype(np.int64), len(candidates), of_one
    )


def card(frame: Frame, found: Scripts, cluster: int) -> dict[str, Any]:
    """A script to be shown: its sentence with blanks, how much and by whom, and what filled the blanks."""
    inside = np.flatnonzero(found.cluster == cluster)
    picked = inside[np.unique(np.linspace(0, len(inside) - 1, SAMPLE).astype(np.int64))]
    ids = found.item[picked]
    rows = frame.texts.filter(frame.texts.item_id.isin(ids.tolist())).order_by("item_id")
    texts = frame.fetch(rows.select("item_id", "prompt"))["prompt"].to_pylist()
    sentence, filled = skeleton([t for t in texts if t])
    return {
        "sentence": sentence,
        "requests": len(inside),
        "accounts_asking": len(np.unique(found.account[inside])),
        "wordings": len(np.unique(found.wording[inside])),
        "blanks": [
            {
                "blank": n + 1,
                "different": len(set(values)),
                "of": len(values),
                "examples": sorted(set(values))[:EXAMPLES],
            }
            for n, values in enumerate(filled)
        ],
        "items": ids[:EXAMPLES].tolist(),
    }


def skeleton(texts: Sequence[str]) -> tuple[str, list[list[str]]]:
    """The sentence that texts have in common, blanks as `{1}`, and what stands in each blank of each text.

    A word is of the sentence if it stands, in order, in `FIXED` of the texts.
    """
    split = [_TOKEN.findall(text)[: shingles.MOST_WORDS] for text in texts]
    base = split[0]
    kept: NDArray[np.int64] = np.zeros(len(base), dtype=np.int64)
    for other in split:
        for a, _, n in difflib.SequenceMatcher(None, base, other, False).get_matching_blocks():
            kept[a : a + n] += 1
    fixed = [n for n, count in enumerate(kept) if count >= FIXED * len(split)]
    common = [base[n] for n in fixed]
    filled: list[list[str]] = []
    gaps = [_gaps(common, other) for other in split]
    for at in range(len(common) + 1):
        filled.append([gap[at] for gap in gaps])
    blank = [at for at, values in enumerate(filled) if sum(map(bool, values)) > len(split) // 10]
    parts: list[str] = []
    for at in range(len(common) + 1):
        if at in blank:
            parts.append(f"{{{blank.index(at) + 1}}}")
        if at < len(common):
            parts.append(common[at])
    sentence = re.sub(r" ([,.;:?!)\]])", r"\1", " ".join(parts))
    return sentence, [filled[at] for at in blank]


def _gaps(common: Sequence[str], text: Sequence[str]) -> list[str]:
    """What of a text stands before, between and after the words of the sentence."""
    at = [-1] * len(common)
    for a, b, n in difflib.SequenceMatcher(None, common, text, False).get_matching_blocks():
        at[a : a + n] = range(b, b + n)
    gaps, done = [], 0
    for place in at:
        if place < 0:
            gaps.append("")
            continue
        gaps.append(" ".join(text[done:place]))
        done = place + 1
    gaps.append(" ".join(text[done:]))
    return gaps
