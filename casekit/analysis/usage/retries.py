"""A11: the same question put again, to collect several answers or to get round a refusal."""

from __future__ import annotations

import ibis
import numpy as np

from casekit.analysis.usage.bursts import MINUTE_US
from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import Frame, Ints
from casekit.analysis.usage.scripts import LEAST_REQUESTS, Scripts

SOON_US = 10 * MINUTE_US
REFUSALS = ("refusal", "refused", "content_filter", "content_filtered", "safety", "blocked", "blocklist",
            "prohibited_content", "guardrail_intervened", "recitation")  # fmt: skip
LEAST_IN_COMMON = 3  # accounts that put one prompt letter for letter
SHARE_IN_COMMON = 0.2  # of the accounts, likewise


def measures(frame: Frame) -> list[Measure] | str:
    """The share of an account's prompts that it had asked before, letter for letter."""
    if why := frame.lacking("prompt_sha256"):
        return why
    log = frame.log.filter(frame.log.prompt_sha256.notnull())
    query = log.group_by("account").aggregate(
        different=log.prompt_sha256.nunique(), total=log.count()
    )
    different, of = frame.by_account(query, "different", "total")
    what = "share of prompts that the account had asked before, letter for letter"
    return [Measure.share("A11", "repeats", what, of - different, of, frame.sql(query))]


def rephrased(frame: Frame, found: Scripts) -> list[Measure]:
    """How often an account puts a question again in other words within ten minutes; and so after a refusal.

    In other words: nearly the same prompt as the one before it of the same kind, and not the same up to
    numbers. Prompts of a script are left out, where another filling of a blank is no other wording: a product
    with one sentence and blanks repeats nothing. Nothing is told where the log has no prompts or no times.
    """
    if frame.lacking("prompt", "us"):
        return []
    log = frame.log.filter(frame.log.us.notnull() & frame.log.prompt.notnull())
    ended = log.finish_reason.fill_null("").lower().isin(REFUSALS)
    query = log.select("item_id", "us", refused=ibis.ifelse(ended, 1, 0).cast("int64"))
    query = query.order_by("item_id")
    table = frame.fetch(query)
    item, us, refused = (np.asarray(table[name], dtype=np.int64) for name in table.column_names)
    place = np.searchsorted(found.item, item)
    account, cluster = found.account[place], found.cluster[place]
    again, before = _soon(account, cluster, us, found.wording[place])
    free = found.size[cluster] < LEAST_REQUESTS
    many, source = len(frame.accounts), frame.sql(query)
    hits = np.bincount(account[again[free[again]]], minlength=many)
    what = "share of prompts that put the one before them again in other words within ten minutes"
    made = [
        Measure.share("A11", "rephrased", what, hits, np.bincount(account, minlength=many), source)
    ]
    if refused.any():
        turned = before[free[before] & (refused[before] > 0)]
        hits = np.bincount(account[turned], minlength=many)
        of = np.bincount(account[refused > 0], minlength=many)
        what = "share of refused prompts that were put again in other words within ten minutes"
        made.append(Measure.share("A11", "insists", what, hits, of, source))
    return made


def in_common(frame: Frame, accounts: Ints) -> float:
    """The share of some accounts' prompts that many of them put letter for letter.

    Many are `SHARE_IN_COMMON` of them and at least `LEAST_IN_COMMON`: those who run one benchmark, sit in one
    course or test one service under load put the same questions; those who divide a list do not.
    """
    names = [frame.accounts[k] for k in accounts.tolist()]
    log = frame.log.filter(frame.log.prompt_sha256.notnull() & frame.log.account.isin(names))
    by_prompt = log.group_by("prompt_sha256").aggregate(askers=log.account.nunique(), n=log.count())
    least = max(LEAST_IN_COMMON, int(np.ceil(SHARE_IN_COMMON * len(names))))
    common = ibis.ifelse(by_prompt.askers >= least, by_prompt.n, 0)
    told = by_prompt.aggregate(common=common.sum(), total=by_prompt.n.sum())
    (row,) = frame.fetch(told).to_pylist()
    return (row["common"] or 0) / max(row["total"] or 0, 1)


def _soon(account: Ints, cluster: Ints, us: Ints, wording: Ints) -> tuple[Ints, Ints]:
    """Requests that soon follow one of the same account and cluster, in other words; and what they follow."""
    order = np.lexsort((us, cluster, account))
    left, right = order[:-1], order[1:]
    soon = (
        (account[left] == account[right])
        & (cluster[left] == cluster[right])
        & (wording[left] != wording[right])
        & (us[right] - us[left] <= SOON_US)
    )
    return right[soon], left[soon]
