"""A11: the same question put again, to collect several answers or to get round a refusal."""

from __future__ import annotations

from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import Frame


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
