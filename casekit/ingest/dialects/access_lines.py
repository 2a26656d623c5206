"""One line of a web server's access log in the combined form, taken apart."""

from __future__ import annotations

import re
from typing import NamedTuple

from casekit.ingest.dialects.times import read_time
from casekit.ingest.parsed import Exchange, When
from casekit.ingest.strict_json import encode

# host? address ident user [time] "request" status bytes "referer" "agent" and what a site adds
_LINE = re.compile(
    rb"(?:(?P<host>[\w.:-]+),? )?(?P<ip>[0-9a-fA-F.:*x]{2,45}|-|unix:|[\w.-]+) (?P<ident>\S+) (?P<user>\S+)"
    rb" \[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]"
    rb' "(?P<request>(?:[^"\\]|\\.)*+)" (?P<status>\d{3}|-) (?P<bytes>\d+|-)'
    rb'(?: "(?P<referer>(?:[^"\\]|\\.)*+)" "(?P<agent>(?:[^"\\]|\\.)*+)"(?P<more>.*+))?'
)


class AccessLine(NamedTuple):
    """What a line says: its title, its time and the rest as an exchange without bodies."""

    title: str
    when: When | None
    exchange: Exchange


def is_access_line(untrusted_line: bytes) -> bool:
    """Whether the line has the combined (or common) form."""
    return _LINE.fullmatch(untrusted_line) is not None


def access_line(untrusted_line: bytes) -> AccessLine | None:
    """A line in the combined log format, with a virtual host before it or more fields behind; else None.

    Source: nginx `ngx_http_log_module`, format `combined`; Apache `LogFormat` common and combined.

    Raises:
        UnicodeDecodeError: The line is not UTF-8.
    """
    match = _LINE.fullmatch(untrusted_line)
    if match is None:
        return None
    parts = {
        key: "" if value is None else value.decode() for key, value in match.groupdict().items()
    }
    request = parts["request"]
    method, path, protocol = _request(request)
    status = int(parts["status"]) if parts["status"].isdecimal() else None
    when = read_time(parts["time"], "time")
    extra = {"method": method, "protocol": protocol, "bytes": parts["bytes"]}
    for key in ("host", "ident", "referer", "more"):
        if parts[key] not in ("", "-"):
            extra[key] = parts[key].strip()
    missing = [] if when is not None else ["no-time"]
    if "*" in parts["ip"] or "x" in parts["ip"]:
        missing.append("ip-masked")
    exchange = Exchange(
        ip="" if parts["ip"] == "-" else parts["ip"],
        account="" if parts["user"] == "-" else parts["user"],
        user_agent="" if parts["agent"] == "-" else parts["agent"],
        endpoint=path,
        status=status,
        extra=encode(extra),
        completeness=("no-prompt", "no-output", *missing),
    )
    return AccessLine(f"{parts['status']} {request}"[:160], when, exchange)


def _request(request: str) -> tuple[str, str, str]:
    """Method, path and protocol of a request line; a line of another form is all path."""
    words = request.split(" ")
    if len(words) < 3 or not words[-1].startswith("HTTP/"):
        return "", request, ""
    return words[0], " ".join(words[1:-1]), words[-1]
