"""A16: how much was asked and answered, by account and by day: a quantity, not a measure of loss.

The value at list price needs a table of prices with its source and date; without one it is not computed.
What the log itself says a request cost is summed by currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from casekit.analysis.usage.frame import DAY_US, Frame

LARGEST = 20
TOKENS = (
    "input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
)


def volume(frame: Frame, groups: Mapping[str, list[str]]) -> dict[str, Any]:
    """Requests and tokens of the log, of its largest accounts, of groups, by model and by day.

    Args:
        frame: The frame.
        groups: Accounts of each group, by the group's name.
    """
    by_account = frame.log.group_by("account").aggregate(**_sums(frame))
    rows = frame.fetch(by_account.order_by([ibis.desc("requests"), "account"])).to_pylist()
    by_name = {row["account"]: row for row in rows}
    told = []
    for name, members in groups.items():
        sums = {key: sum(by_name[m][key] or 0 for m in members) for key in _sums(frame)}
        told.append({"group": name, "accounts_of_group": len(members), **sums})
    by_model = frame.log.group_by("model").aggregate(**_sums(frame)).order_by("model")
    timed = frame.log.filter(frame.log.us.notnull())
    by_day = timed.group_by(day=timed.us // DAY_US).aggregate(**_sums(frame)).order_by("day")
    return {
        "by_group": told,
        "largest": rows[:LARGEST],
        "by_model": frame.fetch(by_model).to_pylist(),
        "by_day_since_1970": frame.fetch(by_day).to_pylist(),
        "query": frame.sql(by_account),
    }


def _sums(frame: Frame) -> dict[str, Any]:
    there = [name for name in TOKENS if frame.present[name]]
    return {"requests": ibis._.count(), **{name: ibis._[name].sum() for name in there}}
