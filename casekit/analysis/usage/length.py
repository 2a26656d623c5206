"""A9: how much is taken out for what is put in, and how long an answer is asked for."""

from __future__ import annotations

import ibis
import numpy as np

from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import Frame

CUT = ("length", "max_tokens", "max_output_tokens", "MAX_TOKENS")


def measures(frame: Frame) -> list[Measure] | str:
    """Output tokens to an input token, the limit asked for on average, and how often it was reached."""
    if why := frame.lacking("output_tokens"):
        return why
    log, found = frame.log, []
    if frame.present["input_tokens"]:
        both = log.filter(log.input_tokens.notnull() & log.output_tokens.notnull())
        query = both.group_by("account").aggregate(
            taken=both.output_tokens.sum(), given=both.input_tokens.sum(), total=both.count()
        )
        taken, given, of = frame.by_account(query, "taken", "given", "total")
        values = np.where(given > 0, taken / np.maximum(given, 1), np.nan)
        what = "output tokens to one input token"
        found.append(Measure("A9", "ratio", what, taken, of, values, frame.sql(query)))
    if frame.present["max_tokens"]:
        limited = log.filter(log.max_tokens.notnull())
        query = limited.group_by("account").aggregate(
            asked=limited.max_tokens.sum(), total=limited.count()
        )
        asked, of = frame.by_account(query, "asked", "total")
        values = np.where(of > 0, asked / np.maximum(of, 1), np.nan)
        what = "tokens allowed for an answer, on average"
        found.append(Measure("A9", "limit", what, asked, of, values, frame.sql(query)))
    if frame.present["finish_reason"]:
        ended = log.filter(log.finish_reason.notnull())
        query = ended.group_by("account").aggregate(
            cut=ended.finish_reason.isin(CUT).sum(), total=ibis._.count()
        )
        cut, of = frame.by_account(query, "cut", "total")
        what = "share of answers that reached the limit asked for"
        found.append(Measure.share("A9", "cut", what, cut, of, frame.sql(query)))
    return found
