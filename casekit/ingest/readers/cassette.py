"""Reads cassettes in YAML: each request with its answer that a test recorded is an item."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.framing import BOM, MAX_RECORD, Fault, Ledger, Record
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.records import read_records
from casekit.ingest.yaml_values import BadYaml, load

_START = re.compile(rb"(?m)^(?:http_)?interactions[ \t]*:[ \t]*\r?$")
_ITEM = re.compile(rb"(?m)^( *)-[ \t]+(?=\S)")
_END = re.compile(rb"(?m)^(?=[^\s#-])|^(?=---|\.\.\.)")
_MOST_AROUND = 64 * 1024


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One item for each interaction: an `exchange` if the call went to a model API, else a `request`.

    Source: vcrpy `serialize.py`; Ruby's `vcr` 6; go-vcr 3.
    """
    return read_records(untrusted_data, context, _interactions, "application/yaml")


def _interactions(untrusted_data: Data, ledger: Ledger) -> Iterator[Record | Fault]:
    """The elements of the list, each by its own lines, so that a damaged one costs only itself."""
    data = untrusted_data[:]
    start = _START.search(data)
    first = _ITEM.search(data, start.end()) if start else None
    if start is None or first is None:
        at = 3 if data[:3] == BOM else 0
        ledger.separators += at
        if len(data) > at:
            yield Fault("unknown-record", "No interaction was found.", at, len(data) - at, 1)
        return
    stop = _END.search(data, first.end())
    end = stop.start() if stop else len(data)
    starts = [
        found.start()
        for found in re.compile(rb"(?m)^" + first[1] + rb"-[ \t]+(?=\S)").finditer(
            data, first.start(), end
        )
    ]
    around = _around(data, start.start(), end)
    ledger.separators += first.start() + len(data) - end
    line, counted = 1, 0
    for begin, after in zip(starts, [*starts[1:], end], strict=True):
        line += data.count(b"\n", counted, begin)
        counted = begin
        yield _frame(data[begin:after], begin, line, around)


def _frame(raw: bytes, offset: int, line: int, around: dict[str, object]) -> Record | Fault:
    if len(raw) > MAX_RECORD:
        said = f"The record is longer than {MAX_RECORD:,} bytes and was not read."
        return Fault("too-long", said, offset, len(raw), line)
    try:
        value = load(raw.decode())
    except UnicodeDecodeError:
        return Fault("bad-utf8", "The record is not valid UTF-8.", offset, len(raw), line)
    except BadYaml as bad:
        return Fault(bad.kind, str(bad), offset, len(raw), line)
    if type(value) is not list or len(value) != 1:
        return Fault("unknown-record", "The record is no interaction.", offset, len(raw), line)
    return Record(raw, offset, line, value[0], "", around)


def _around(data: bytes, start: int, end: int) -> dict[str, object]:
    """What stands before and behind the list, such as who recorded it."""
    text = data[max(0, start - _MOST_AROUND) : start] + b"\n" + data[end : end + _MOST_AROUND]
    try:
        value = load(text.decode("utf-8-sig").replace("---", "").replace("\n...", "\n"))
    except (BadYaml, UnicodeDecodeError):
        return {}
    return value if type(value) is dict else {}
