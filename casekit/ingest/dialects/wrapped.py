"""Records that a log service wrapped in its own: a line's text, its time and where it came from.

Source: AWS CloudWatch Logs `FilterLogEvents`, Google Cloud `LogEntry`, Elastic Common Schema, Docker JSON logs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.values import opened

Record = dict[str, Any]

_INSIDE = ("message", "@message", "jsonPayload", "log", "event.original", "_raw", "payload")
_TIMES = ("timestamp", "@timestamp", "time", "ingestionTime")


def read_wrapped(
    record: Record, draft: Draft, read: Callable[[Record, Draft], bool], wrapper: str = "wrapper"
) -> bool:
    """Read what stands in the wrapper, if anybody knows it; what is written on the wrapper goes to `extra`.

    Args:
        record: The wrapper.
        draft: What is filled.
        read: Reads a record of a known kind.
        wrapper: The key of `extra`.
    """
    for key in _INSIDE:
        inner = opened(record.get(key))
        if type(inner) is dict and inner and read(inner, draft):
            rest = {name: value for name, value in record.items() if name != key}
            if draft.when is None:
                draft.when = _time(rest, draft)
            if rest:
                draft.put_extra(wrapper, rest)
            return True
    return False


def _time(record: Mapping[str, Any], draft: Draft) -> Any:
    found = (read_time(record[key], key, draft.raw) for key in _TIMES if key in record)
    return next((each for each in found if each is not None), None)
