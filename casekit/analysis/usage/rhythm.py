"""A5: does an account ever sleep? The share of its requests in the quietest eight hours of its own day."""

from __future__ import annotations

import ibis
import numpy as np

from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import HOUR_US, Frame

LEAST = 5  # timed requests
NIGHT = 8  # hours in a row, wherever on the clock they lie: no time zone is assumed


def measures(frame: Frame) -> list[Measure] | str:
    """The share of each account's requests in the eight hours in a row that hold fewest of them."""
    if why := frame.lacking("us"):
        return why
    log = frame.log.filter(frame.log.us.notnull())
    query = log.group_by("account", hour=(log.us // HOUR_US) % 24).aggregate(n=ibis._.count())
    found = frame.fetch(query)
    clock = np.zeros((len(frame.accounts), 24), dtype=np.int64)
    hour = np.asarray(found["hour"], dtype=np.int64)
    clock[frame.numbers(found["account"]), hour] = np.asarray(found["n"], dtype=np.int64)
    of = clock.sum(axis=1)
    twice = np.concatenate([clock, clock[:, : NIGHT - 1]], axis=1).cumsum(axis=1)
    starts = np.concatenate([np.zeros((len(of), 1), dtype=np.int64), twice], axis=1)
    quietest = (starts[:, NIGHT:] - starts[:, :-NIGHT]).min(axis=1)
    values = np.where(of >= LEAST, quietest / np.maximum(of, 1), np.nan)
    what = "share of requests in the quietest eight hours of the account’s own day"
    return [Measure("A5", "night", what, quietest, of, values, frame.sql(query))]
