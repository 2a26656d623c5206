"""A10: how soon an account moves to a model that was not there before."""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np

from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import DAY_US, HOUR_US, Frame

QUIET_DAYS = 7  # of the log before a model's first request, else it may have been there before
LEAST_SHARE = 200  # one request in so many, else it is no release that counts
WINDOW_US = 72 * HOUR_US


def releases(frame: Frame) -> list[dict[str, Any]]:
    """The models that appear in the log after it began: name, first request (microseconds UTC), requests."""
    if frame.first_us is None:
        return []
    log = frame.log.filter(frame.log.us.notnull() & frame.log.model.notnull())
    seen = log.group_by("model").aggregate(first_us=log.us.min(), requests=log.count())
    begin = frame.first_us + QUIET_DAYS * DAY_US
    least = frame.rows // LEAST_SHARE
    late = seen.filter((seen.first_us >= begin) & (seen.requests >= least))
    rows: list[dict[str, Any]] = frame.fetch(late.order_by("first_us", "model")).to_pylist()
    return rows


def measures(frame: Frame) -> list[Measure] | str:
    """The share of an account's requests in the 72 hours after a release that went to the new model."""
    if why := frame.lacking("us", "model"):
        return why
    new = releases(frame)
    if not new:
        return "no model appears in this log after its first week"
    hits = np.zeros(len(frame.accounts), dtype=np.int64)
    of, queries = hits.copy(), []
    for one in new:
        inside = frame.log.us.between(one["first_us"], one["first_us"] + WINDOW_US - 1)
        log = frame.log.filter(inside & frame.log.model.notnull())
        query = log.group_by("account").aggregate(
            moved=(log.model == one["model"]).sum(), total=ibis._.count()
        )
        moved, total = frame.by_account(query, "moved", "total")
        hits, of = hits + moved, of + total
        queries.append(frame.sql(query))
    names = ", ".join(one["model"] for one in new)
    what = f"share of requests that went to a new model within 72 hours ({names})"
    return [Measure.share("A10", "pivot", what, hits, of, "; ".join(queries))]
