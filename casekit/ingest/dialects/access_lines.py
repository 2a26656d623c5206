"""One line of a web server's access log in the combined form, taken apart."""

from __future__ import annotations

import re
from typing import NamedTuple

from casekit.ingest.dialects.times import read_time
from casekit.ingest.parsed import Exchange, When
from casekit.ingest.strict_json import encode

# hosts or addresses? address ident user [time] "request" status bytes "referer" "agent" and what a site adds
_LINE = re.compile(
    rb"(?:(?P<before>[\w.:-]+(?:,? [\w.:-]+){0,20}),? )?"
    rb"(?P<ip>[0-9a-fA-F.:*x]{2,45}|-|unix:|[\w.-]+) (?P<ident>\S+) (?P<user>\S+)"
    rb" \[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]"
    rb' "(?P<request>(?:[^"\\]|\\.)*+)" (?P<status>\d{3}|-) (?P<bytes>\d+|-)'
    rb'(?: "(?P<referer>(?:[^"\\]|\\.)*+)" "(?P<agent>(?:[^"\\]|\\.)*+)"(?P<more>.*+))?'
)
# [time] "request" status flags (details)? received sent duration upstream "forwarded" "agent" "id" "authority"
# "upstream host", and what a mesh adds
_ENVOY = re.compile(
    rb"\[(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z)\]"
    rb' "(?P<request>(?:[^"\\]|\\.)*+)" (?P<status>\d{1,3}) (?P<flags>[\w,-]+)'
    rb'(?P<details>(?: [^\s"]+){0,2}(?: "(?:[^"\\]|\\.)*+")?)'
    rb" (?P<received>\d+) (?P<bytes>\d+) (?P<duration>\d+) (?P<upstream_time>\d+|-)"
    rb' "(?P<forwarded>(?:[^"\\]|\\.)*+)" "(?P<agent>(?:[^"\\]|\\.)*+)" "(?P<id>[^"]*+)"'
    rb' "(?P<host>[^"]*+)" "(?P<upstream_host>[^"]*+)"(?P<more>.*+)'
)
_PEER = re.compile(r"(?:^| )(\S+):\d{1,5} \S+ \S+$")


class AccessLine(NamedTuple):
    """What a line says: its title, its time and the rest as an exchange without bodies."""

    title: str
    when: When | None
    exchange: Exchange


def is_access_line(untrusted_line: bytes) -> bool:
    """Whether the line has the combined (or common) form, or Envoy's."""
    found = _LINE.fullmatch(untrusted_line) or _ENVOY.fullmatch(untrusted_line)
    return found is not None


def access_line(untrusted_line: bytes) -> AccessLine | None:
    """A line in the combined log format, with hosts before it or more fields behind, or in Envoy's; else None.

    Where a list of addresses stands first, the client is the first of them, as the proxies on the way say.

    Source: nginx `ngx_http_log_module`, format `combined`; Apache `LogFormat` common and combined; Envoy
    "Access logging", default format, and Istio's, which adds to it.

    Raises:
        UnicodeDecodeError: The line is not UTF-8.
    """
    match = _LINE.fullmatch(untrusted_line)
    if match is None:
        return _envoy_line(untrusted_line)
    parts = _parts(match)
    ip, before = parts["ip"], parts["before"]
    extra = _extra(parts, ("ident", "referer", "more"))
    if "," in before or (before and " " in before):
        extra["forwarded"], extra["peer"] = before, ip
        ip = before.split(",")[0].split(" ")[0]
    elif before:
        extra["host"] = before
    return _made(parts, ip, parts["user"], extra)


def _parts(match: re.Match[bytes]) -> dict[str, str]:
    return {
        key: "" if value is None else value.decode() for key, value in match.groupdict().items()
    }


def _extra(parts: dict[str, str], keys: tuple[str, ...]) -> dict[str, str]:
    """What has no place, apart from the blanks; the request's method and protocol come first."""
    method, _, protocol = _request(parts["request"])
    extra = {"method": method, "protocol": protocol, "bytes": parts["bytes"]}
    extra.update(
        {key: parts[key].strip() for key in keys if parts[key].strip() not in ("", "-", '"-"')}
    )
    return extra


def _made(
    parts: dict[str, str], ip: str, user: str, extra: dict[str, str], **more: str | int | None
) -> AccessLine:
    status = int(parts["status"]) if parts["status"].isdecimal() else None
    when = read_time(parts["time"], "time")
    missing = [] if when is not None else ["no-time"]
    if "*" in ip or "x" in ip.removeprefix("unix"):
        missing.append("ip-masked")
    exchange = Exchange(
        ip="" if ip == "-" else ip,
        account="" if user == "-" else user,
        user_agent="" if parts["agent"] == "-" else parts["agent"],
        endpoint=_request(parts["request"])[1],
        status=status,
        referer=extra.get("referer", ""),
        extra=encode(extra),
        completeness=("no-prompt", "no-output", *missing),
        **more,  # type: ignore[arg-type]
    )
    return AccessLine(f"{parts['status']} {parts['request']}"[:160], when, exchange)


def _envoy_line(untrusted_line: bytes) -> AccessLine | None:
    """A line of Envoy's: the client is the first hop that `X-Forwarded-For` names, or else the mesh's peer."""
    match = _ENVOY.fullmatch(untrusted_line)
    if match is None:
        return None
    parts = _parts(match)
    extra = _extra(
        parts,
        (
            "flags",
            "details",
            "received",
            "upstream_time",
            "host",
            "upstream_host",
            "forwarded",
            "more",
        ),
    )
    ip = parts["forwarded"].split(",")[0].strip()
    if ip in ("", "-") and (peer := _PEER.search(parts["more"])):
        ip, extra["ip_from"] = peer.group(1), "downstream peer"
    else:
        extra["ip_from"] = "first hop of X-Forwarded-For"
    known = "" if parts["id"] == "-" else parts["id"]
    return _made(parts, ip or "-", "-", extra, request_id=known, latency_ms=int(parts["duration"]))


def _request(request: str) -> tuple[str, str, str]:
    """Method, path and protocol of a request line; a line of another form is all path."""
    words = request.split(" ")
    if len(words) < 3 or not words[-1].startswith("HTTP/"):
        return "", request, ""
    return words[0], " ".join(words[1:-1]), words[-1]
