"""Reads JSON files: an array of records, one record, or several in a row, with each one's place."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.framing import json_values
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.records import read_records


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Exchanges of a JSON file; a damaged element is quarantined with its place.

    Source: RFC 8259; files in UTF-16 and UTF-32 as RFC 7159 allowed them.
    """
    return read_records(untrusted_data, context, json_values, "application/json")
