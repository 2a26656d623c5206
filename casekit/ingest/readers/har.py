"""Reads HAR files: each call a browser or a tool recorded is an item, also of a file that breaks off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from casekit.ingest import places
from casekit.ingest.containers import Data
from casekit.ingest.framing import BOM, Fault, Ledger, Record, json_array, json_values
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.records import read_records
from casekit.ingest.strict_json import BadJson, parse

_KEY = re.compile(rb'[\s,]*+\{?[\s,]*+"([^"\\]{0,200})"\s*+:\s*+')
_AROUND = ("version", "creator", "browser", "pages", "comment")
_MOST_AROUND = 1024 * 1024
_MOST_KEYS = 1000


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One item for each entry: an `exchange` if the call went to a model API, else a `request`.

    Source: HAR 1.2.
    """
    return read_records(untrusted_data, context, _entries, "application/json")


def _entries(untrusted_data: Data, ledger: Ledger) -> Iterator[Record | Fault]:
    start = 3 if untrusted_data[:3] == BOM else 0
    log = _log(untrusted_data, start)
    spots = dict(_members(untrusted_data, log)) if log is not None else {}
    entries = spots.get("entries")
    if entries is None or untrusted_data[entries : entries + 1] != b"[":
        yield from json_values(untrusted_data, ledger)
        return
    around = {}
    for name in _AROUND:
        if name in spots and (span := places.find(untrusted_data, (), spots[name])) is not None:
            value = _parsed(untrusted_data[span[0] : min(span[1], span[0] + _MOST_AROUND)])
            if value is not None:
                around[name] = value
    for frame in json_array(untrusted_data, ledger, entries):
        if isinstance(frame, Record):
            yield msgspec.structs.replace(frame, around=around)
        else:
            yield frame


def _log(data: Data, start: int) -> int | None:
    """Where the object `log` begins: at the top, or inside the first object that has one."""
    for name, at in _members(data, start):
        if name == "log":
            return at
        if data[at : at + 1] == b"{":
            inner = next((spot for key, spot in _members(data, at) if key == "log"), None)
            if inner is not None:
                return inner
    return None


def _members(data: Data, start: int) -> Iterator[tuple[str, int]]:
    """Key and first byte of each value of an object, the last one also where it is never closed."""
    at = start
    for _ in range(_MOST_KEYS):
        found = _KEY.match(data, at)
        if found is None:
            return
        yield found[1].decode("utf-8", "replace"), found.end()
        span = places.find(data, (), found.end())
        if span is None:
            return
        at = span[1]


def _parsed(raw: bytes) -> Any:
    try:
        return parse(raw)[0]
    except BadJson:
        return None
