"""A13: accounts that are in several countries, or whose network others use from another country.

Which networks are hosting or private ones would need a dated list; CaseKit brings none and says nothing of it.
"""

from __future__ import annotations

import numpy as np

from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import Frame


def measures(frame: Frame) -> list[Measure] | str:
    """Countries of an account; share of its requests from network blocks that several countries use."""
    if why := frame.lacking("country"):
        return why
    log = frame.log.filter(frame.log.country.notnull())
    query = log.group_by("account").aggregate(many=log.country.nunique(), total=log.count())
    many, of = frame.by_account(query, "many", "total")
    values = many.astype(np.float64)
    values[of == 0] = np.nan
    found = [
        Measure("A13", "countries", "countries of the account", many, of, values, frame.sql(query))
    ]
    if frame.present["network"]:
        placed = log.filter(log.network.notnull())
        blocks = placed.group_by("network").aggregate(countries=placed.country.nunique())
        known = placed.left_join(blocks.filter(blocks.countries > 1), "network")
        mixed = known.group_by("account").aggregate(
            hits=known.countries.notnull().sum(), total=known.count()
        )
        hits, total = frame.by_account(mixed, "hits", "total")
        what = "share of requests from network blocks that several countries use"
        found.append(Measure.share("A13", "blocks", what, hits, total, frame.sql(mixed)))
    return found
