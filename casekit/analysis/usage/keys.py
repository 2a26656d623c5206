"""A2: keys that are used from many networks at once, or by several accounts."""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np

from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import DAY_US, HOUR_US, Frame

SHOWN = 10


def measures(frame: Frame) -> list[Measure] | str:
    """Most networks from which one key was used in a day; share of requests by shared keys."""
    if why := frame.lacking("api_key"):
        return why
    log, found = frame.log, []
    if frame.present["network"] and frame.present["us"]:
        placed = log.filter(log.api_key.notnull() & log.network.notnull() & log.us.notnull())
        daily = placed.group_by("account", "api_key", day=placed.us // DAY_US).aggregate(
            networks=placed.network.nunique(), requests=placed.count()
        )
        query = daily.group_by("account").aggregate(
            most=daily.networks.max(), total=daily.requests.sum()
        )
        most, of = frame.by_account(query, "most", "total")
        values = np.where(of > 0, most, np.nan).astype(np.float64)
        what = "networks from which one key of the account was used in one day, at most"
        found.append(Measure("A2", "spread", what, most, of, values, frame.sql(query)))
    if frame.unit == "account":
        keyed = log.filter(log.api_key.notnull())
        holders = keyed.group_by("api_key").aggregate(holders=keyed.account.nunique())
        of_shared = keyed.left_join(holders.filter(holders.holders > 1), "api_key")
        query = of_shared.group_by("account").aggregate(
            hits=of_shared.holders.notnull().sum(), total=of_shared.count()
        )
        hits, of = frame.by_account(query, "hits", "total")
        what = "share of requests by a key that another account used too"
        found.append(Measure.share("A2", "shared", what, hits, of, frame.sql(query)))
    return found


def widest(frame: Frame) -> list[dict[str, Any]]:
    """The keys used from most countries in one hour, with what they did; those in one country are left out."""
    if frame.lacking("api_key", "country", "us"):
        return []
    log = frame.log
    placed = log.filter(log.api_key.notnull() & log.country.notnull() & log.us.notnull())
    hourly = placed.group_by("api_key", hour=placed.us // HOUR_US).aggregate(
        countries=placed.country.nunique(), requests=placed.count()
    )
    query = hourly.group_by("api_key").aggregate(
        countries_in_one_hour=hourly.countries.max(), requests=hourly.requests.sum()
    )
    wide = query.filter(query.countries_in_one_hour > 1)
    top = wide.order_by(
        [ibis.desc("countries_in_one_hour"), ibis.desc("requests"), "api_key"]
    ).limit(SHOWN)
    rows: list[dict[str, Any]] = frame.fetch(top).to_pylist()
    return rows
