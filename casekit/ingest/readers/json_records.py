"""Reads JSON files: an array of records, one record, or several in a row, with each one's place."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.framing import json_values
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.records import document, read_records

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Exchanges of a JSON file; a damaged element is quarantined with its place.

    Source: RFC 8259.
    """
    head = untrusted_data[:4]
    if head[:2] in _UTF16 or b"\0" in head:
        said = "JSON must be UTF-8; the records of a file in another encoding are not split."
        problem = Problem("frame", "not-utf8", said)
        return document(untrusted_data, context, "application/json", (problem,))
    return read_records(untrusted_data, context, json_values, "application/json")
