"""One line of a log in the W3C's extended format, taken apart by the names that a line above it gives.

Source: W3C WD-logfile-960323, "Extended Log File Format"; Microsoft IIS "W3C logging"; Amazon CloudFront
"Standard logging reference".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec

from casekit.ingest.dialects.access_lines import AccessLine, made
from casekit.ingest.dialects.times import read_time
from casekit.ingest.parsed import When

DAY_OF_FILE = "assumed:the day is that of the line #Date above"

_WORD = re.compile(r'"((?:[^"]|"")*)"|(\S+)')
_CLOCK = re.compile(r"\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?")
_MICROSOFT = re.compile(r"(?i)microsoft|\biis\b")
_PLACES: Mapping[str, tuple[str, ...]] = {
    "ip": ("c-ip",),
    "account": ("cs-username",),
    "status": ("sc-status",),
    "user_agent": ("cs(User-Agent)",),
    "referer": ("cs(Referer)",),
    "request_id": ("x-edge-request-id",),
    "asn": ("asn",),
    "country": ("c-country",),
}
_CHAIN = ("x-forwarded-for", "cs(X-Forwarded-For)", "X-Forwarded-For")
_EXTRA = {
    "cs-method": "method",
    "cs-protocol-version": "protocol",
    "cs-version": "protocol",
    "sc-bytes": "bytes",
}
_OF_REQUESTS = frozenset({"cs-method", "cs-uri-stem", "cs-uri"})


class Directives(NamedTuple):
    """What the lines that begin with `#` have said so far.

    Attributes:
        names: Of the fields, as the last `#Fields` has them; empty before the first.
        software: What wrote the log.
        date: Of the last `#Date`, as printed.
    """

    names: tuple[str, ...] = ()
    software: str = ""
    date: str = ""

    @property
    def of_requests(self) -> bool:
        """Whether the fields are those of requests to a web server, and not of a firewall or a mail server."""
        return not _OF_REQUESTS.isdisjoint(self.names)

    def after(self, line: str) -> Directives:
        """What is known once a line that begins with `#` has been read as well."""
        name, colon, said = line[1:].partition(":")
        match name.strip().lower() if colon else "":
            case "fields":
                return self._replace(names=tuple(said.split()))
            case "software":
                return self._replace(software=said.strip())
            case "date":
                return self._replace(date=said.strip())
        return self


def w3c_line(line: str, told: Directives) -> AccessLine | int:
    """The request of a line, or the number of its fields where that is not the number of names.

    The format's times are UTC by its definition. The client is the first hop of `X-Forwarded-For` where that
    is logged. A duration with a fraction is in seconds, as the format has it; a whole number is milliseconds
    where Microsoft's software wrote it, and else stays in `extra`, as its unit is not told.
    """
    tabs = "\t" in line
    words = line.split("\t") if tabs else [_unquoted(each) for each in _WORD.finditer(line)]
    if len(words) != len(told.names):
        return len(words)
    row = dict(zip(told.names, words, strict=True))
    if "x-edge-location" in row:  # CloudFront writes the headers that a client sent percent-encoded
        row = {
            key: unquote(value) if key.startswith("cs(") else value for key, value in row.items()
        }
    return _read_row(row, told)


def _read_row(row: Mapping[str, str], told: Directives) -> AccessLine:
    left = {key: value for key, value in row.items() if value not in ("-", "")}
    fields = {
        target: next((left.pop(name) for name in names if name in left), "")
        for target, names in _PLACES.items()
    }
    when = _when(left, told)
    path, query = (
        left.pop("cs-uri-stem", "") or left.pop("cs-uri", ""),
        left.pop("cs-uri-query", ""),
    )
    method = left.get("cs-method", "")
    latency = _milliseconds(left, told)
    extra = {_EXTRA.get(key, key): value for key, value in left.items()}
    if chain := next((left[name] for name in _CHAIN if name in left), ""):
        extra["peer"], fields["ip"] = fields["ip"], re.split(r"[,+ ]", chain)[0]
        extra["ip_from"] = "first hop of X-Forwarded-For"
    endpoint = f"{path}?{query}" if query else path
    return made(
        f"{fields['status']} {method} {endpoint}", when, extra, endpoint=endpoint,
        latency_ms=latency, **{**fields, "asn": _number(fields["asn"])},
    )  # fmt: skip


def plain_headers(row: Mapping[str, Any]) -> dict[str, str]:
    """The headers that a client sent, by their fields' names, which CloudFront writes percent-encoded."""
    return {
        key: unquote(value)
        for key, value in row.items()
        if key.startswith("cs(") and type(value) is str
    }


def _unquoted(word: re.Match[str]) -> str:
    return word[2] if word[1] is None else word[1].replace('""', '"')


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 12 else None


def _when(left: dict[str, str], told: Directives) -> When | None:
    """The instant of a line; the fields that say it are taken away."""
    day, clock = left.get("date", ""), left.get("time", "")
    rule = "explicit"
    if not day and told.date:
        day, rule = told.date.split(" ")[0], DAY_OF_FILE
    if not day or not _CLOCK.fullmatch(clock):
        return None
    found = read_time(f"{day} {clock}", "date time")
    if found is not None:
        left.pop("date", None)
        del left["time"]
        raw = f"{day} {clock}" if rule == "explicit" else clock
        found = msgspec.structs.replace(found, raw=raw, zone=rule)
    return found


def _milliseconds(left: dict[str, str], told: Directives) -> int | None:
    """The duration; what says it is taken away where its unit is known."""
    taken = left.get("time-taken", "")
    whole, point, fraction = taken.partition(".")
    known = (point and fraction.isdecimal()) or _MICROSOFT.search(told.software)
    if not known or not whole.isdecimal() or len(whole) > 12:
        return None
    del left["time-taken"]
    return round(float(taken) * 1000) if point else int(whole)
