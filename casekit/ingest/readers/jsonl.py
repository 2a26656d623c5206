"""Reads JSON Lines: one record a line, each an exchange of its own with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.framing import json_lines
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.records import read_records


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Exchanges of a JSON Lines file; a bad line is quarantined with its place.

    Source: jsonlines.org.
    """
    return read_records(untrusted_data, context, json_lines, "application/json")
