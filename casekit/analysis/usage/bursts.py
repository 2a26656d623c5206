"""A6: how unevenly an account asks, how fast at its fastest, and how often it is told to slow down."""

from __future__ import annotations

import ibis
import numpy as np

from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import Frame

SLOT_US = 300_000_000
MINUTE_US = 60_000_000
LEAST = 5
TOO_MANY = 429


def measures(frame: Frame) -> list[Measure] | str:
    """Unevenness over five-minute slots (Fano factor), most requests in a minute, share refused as too many."""
    if why := frame.lacking("us"):
        return why
    log = frame.log.filter(frame.log.us.notnull())
    slots = log.group_by("account", slot=log.us // SLOT_US).aggregate(n=ibis._.count())
    query = slots.group_by("account").aggregate(
        total=slots.n.sum(), squares=(slots.n * slots.n).sum(), first=slots.slot.min(),
        last=slots.slot.max(),
    )  # fmt: skip
    total, squares, first, last = frame.by_account(query, "total", "squares", "first", "last")
    span = np.maximum(last - first + 1, 1)
    mean = total / span
    enough = (total >= LEAST) & (span > 1)
    fano = np.where(enough, (squares / span - mean**2) / np.where(mean > 0, mean, 1), np.nan)
    minutes = log.group_by("account", minute=log.us // MINUTE_US).aggregate(n=ibis._.count())
    fastest = minutes.group_by("account").aggregate(most=minutes.n.max())
    (most,) = frame.by_account(fastest, "most")
    peak = most.astype(np.float64)
    peak[total < LEAST] = np.nan
    found = [
        Measure("A6", "bursts", "unevenness over five-minute slots (variance by mean)", squares, total,
                fano.round(12), frame.sql(query)),
        Measure("A6", "peak", "most requests in one minute", most, total,
                peak, frame.sql(fastest)),
    ]  # fmt: skip
    if frame.present["status"]:
        known = frame.log.filter(frame.log.status.notnull())
        refused = known.group_by("account").aggregate(
            hits=(known.status == TOO_MANY).sum(), total=known.count()
        )
        hits, of = frame.by_account(refused, "hits", "total")
        what = "share of requests refused as too many (status 429)"
        found.append(Measure.share("A6", "ceiling", what, hits, of, frame.sql(refused)))
    return found
