"""A13: of which kind the networks are that an account asks from, as a table says that a person imports.

A table of networks is CSV (see `small_tables`), a row a network number. Columns: `asn` (the number, with or
without `AS`), `kind` (one of `KINDS`), `source` (who says so) and `source_date` (the day of that list). CaseKit
ships none and fetches none: what the table does not tell is unknown, and is counted as that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import numpy as np

from casekit.analysis import small_tables
from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import Frame
from casekit.errors import CaseKitError

KINDS = ("hosting", "vpn", "mobile", "residential", "education", "business")
HIDING = ("hosting", "vpn")
"""Kinds that are rented by the hour and stand between a user and the service."""
NEEDED = ("asn", "kind", "source", "source_date")
SEVERAL = ""
NO_TABLE = "no table says of which kind the networks of this log are"
_NUMBER = re.compile(r"(?i)(?:AS)?(\d{1,10})")


@dataclass(frozen=True, slots=True)
class Networks:
    """A whole table: the name and SHA-256 of its file, and of each number its kind, source and day."""

    name: str
    sha256: str
    rows: Mapping[int, tuple[str, str, str]]


def read(path: Path) -> Networks:
    """The networks of a file.

    Raises:
        CaseKitError: The file cannot be read, or a row is wrong; the sentence names its line.
    """
    table = small_tables.read(path, NEEDED)
    rows: dict[int, tuple[str, str, str]] = {}
    for row in table.rows:
        number, told = _row(row.values, row.line)
        if rows.setdefault(number, told)[0] != told[0]:
            raise CaseKitError(
                "Line {line} of the networks says of AS{number} another kind than a line before it.",
                line=row.line, number=number,
            )  # fmt: skip
    return Networks(table.name, table.sha256, rows)


def to_body(listed: Networks, frame: Frame) -> dict[str, Any]:
    """The table as a finding keeps it: the rows of the networks that the log has."""
    present = _numbers(frame)
    rows = [[n, *listed.rows[n]] for n in sorted(present & set(listed.rows))]
    return {"file": listed.name, "sha256": listed.sha256, "rows": rows}


def from_body(kept: Mapping[str, Any]) -> Networks:
    """The table that a finding keeps."""
    rows = {int(n): (str(kind), str(source), str(day)) for n, kind, source, day in kept["rows"]}
    return Networks(kept["file"], kept["sha256"], rows)


def measure(frame: Frame, listed: Networks | None) -> Measure | str:
    """The share of each account's requests from networks of `HIDING` kinds, of those whose kind is known."""
    if listed is None:
        return NO_TABLE
    if why := frame.lacking("asn"):
        return why
    known = sorted(_numbers(frame) & set(listed.rows))
    if not known:
        return "the table tells none of the networks of this log"
    hiding = [n for n in known if listed.rows[n][0] in HIDING]
    log = frame.log.filter(frame.log.asn.isin(known))
    query = log.group_by("account").aggregate(
        hits=ibis.ifelse(log.asn.isin(hiding), 1, 0).sum(), total=log.count()
    )
    hits, of = frame.by_account(query, "hits", "total")
    what = "share of requests from hosting or private networks, of those whose kind is known"
    return Measure.share("A13", "kinds", what, hits, of, frame.sql(query))


def mostly(frame: Frame, column: str, listed: Networks | None = None) -> list[str | None]:
    """Of each account the country, or kind of network, of most of its requests.

    `SEVERAL` where those of most requests are known and none has more than half; None where they are unknown.

    Args:
        frame: The log.
        column: `country` or `asn`.
        listed: Of which kind networks are; the values themselves are told without it.
    """
    most: list[str | None] = [None] * len(frame.accounts)
    if not frame.present.get(column):
        return most
    log = frame.log.filter(frame.log[column].notnull())
    counted = log.group_by("account", value=log[column]).aggregate(n=ibis._.count())
    found = frame.fetch(counted.order_by("account", "value"))
    at = frame.numbers(found["account"])
    sums: dict[tuple[int, str], int] = {}
    for k, value, n in zip(
        at.tolist(), found["value"].to_pylist(), found["n"].to_pylist(), strict=True
    ):
        told = str(value) if listed is None else listed.rows.get(int(value), ("",))[0]
        if told:
            sums[k, told] = sums.get((k, told), 0) + n
    known: dict[int, int] = {}
    for (k, told), n in sums.items():
        known[k] = known.get(k, 0) + n
        if 2 * n > int(frame.requests[k]):
            most[k] = told
    for k, n in known.items():
        if most[k] is None and 2 * n > int(frame.requests[k]):
            most[k] = SEVERAL
    return most


def _numbers(frame: Frame) -> set[int]:
    if not frame.present.get("asn"):
        return set()
    log = frame.log.filter(frame.log.asn.notnull())
    return set(
        np.asarray(frame.fetch(log.select("asn").distinct())["asn"], dtype=np.int64).tolist()
    )


def _row(told: Mapping[str, str], line: int) -> tuple[int, tuple[str, str, str]]:
    number = _NUMBER.fullmatch(told["asn"])
    if not number:
        raise CaseKitError(
            "Line {line} of the networks: “{value}” is no network number, such as 64500.",
            line=line, value=told["asn"],
        )  # fmt: skip
    kind = told["kind"].lower()
    if kind not in KINDS:
        raise CaseKitError(
            "Line {line} of the networks: “{value}” is none of the kinds {kinds}.",
            line=line, value=told["kind"], kinds=", ".join(KINDS),
        )  # fmt: skip
    try:
        day = date.fromisoformat(told["source_date"]).isoformat()
    except ValueError as error:
        raise CaseKitError(
            "Line {line} of the networks: say in source_date of which day its source is, such as 2026-03-14.",
            line=line,
        ) from error  # fmt: skip
    if not told["source"]:
        raise CaseKitError("Line {line} of the networks names no source.", line=line)
    return int(number[1]), (kind, told["source"], day)
