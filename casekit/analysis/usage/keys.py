"""A2: keys that are used from many networks at once, or by several accounts."""

from __future__ import annotations

from collections.abc import Sequence
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


def widest(frame: Frame, accounts: Sequence[str]) -> tuple[list[dict[str, Any]], str]:
    """The hours in which one key of some accounts was used from most countries, with the query.

    A key in one country is left out. The key itself is not told, only the first by name of who used it, and
    how many did.
    """
    if not accounts or frame.lacking("api_key", "country", "us"):
        return [], ""
    log = frame.log
    placed = log.filter(log.api_key.notnull() & log.country.notnull() & log.us.notnull())
    hourly = placed.group_by("api_key", hour=placed.us // HOUR_US).aggregate(
        countries=placed.country.nunique(), requests=placed.count(), account=placed.account.min(),
        users=placed.account.nunique(),
    )  # fmt: skip
    wide = hourly.filter(hourly.countries > 1)
    query = wide.order_by(
        [ibis.desc("countries"), ibis.desc("requests"), "account", "hour", "api_key"]
    )
    found = frame.fetch(query.drop("api_key")).to_pylist()
    wanted = set(accounts)
    return [row for row in found if row["account"] in wanted][:SHOWN], frame.sql(query)
