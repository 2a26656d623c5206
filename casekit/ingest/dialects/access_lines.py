"""One line of a web server's, a load balancer's or a proxy's access log, taken apart by the grammar it has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from casekit.ingest.dialects.times import read_time
from casekit.ingest.parsed import Exchange, When
from casekit.ingest.strict_json import encode

Parts = dict[str, str]


class AccessLine(NamedTuple):
    """What a line says: its title, its time and the rest as an exchange without bodies."""

    title: str
    when: When | None
    exchange: Exchange


def _address(parts: Parts, extra: Parts) -> str:
    """The client as the server saw it."""
    if parts.get("port"):
        extra["port"] = parts["port"]
    return parts["ip"].strip("[]")


def _first_of_chain(parts: Parts, extra: Parts) -> str:
    """The client behind the proxies, where a list of addresses stands first; a name there is the host's."""
    ip, before = parts["ip"], parts["before"]
    if "," in before or (before and " " in before):
        extra["forwarded"], extra["peer"] = before, ip
        return before.split(",")[0].split(" ")[0]
    if before:
        extra["host"] = before
    return ip


def _first_hop(parts: Parts, extra: Parts) -> str:
    """The first hop that `X-Forwarded-For` names, or else the mesh's peer."""
    ip = parts["forwarded"].split(",")[0].strip()
    if ip in ("", "-") and (peer := _PEER.search(parts["more"])):
        ip, extra["ip_from"] = peer.group(1), "downstream peer"
    else:
        extra["ip_from"] = "first hop of X-Forwarded-For"
    return ip


class Grammar(NamedTuple):
    """The form of one program's lines.

    Groups with a place in `Exchange`: `user` (account), `status`, `agent`, `referer`, `id` (request_id),
    `trace` (trace_id), `operation`, `request` (the request line), `time`, `ms` (latency); any other is kept in
    `extra` under its own name.

    Attributes:
        pattern: Of a whole line.
        client: Tells the client's address, and keeps in `extra` how it came by it.
        seconds: Groups that make up the latency together, in seconds; -1 is none.
    """

    pattern: re.Pattern[bytes]
    client: Callable[[Parts, Parts], str] = _address
    seconds: tuple[str, ...] = ()


LONGEST = 1024 * 1024
"""Bytes of a line; no server takes a request that makes a longer one."""

_PEER = re.compile(r"(?:^| )(\S+):\d{1,5} \S+ \S+$")
_PLACED = frozenset(
    {"ip", "port", "before", "user", "time", "request", "status", "agent", "id", "trace", "operation", "ms"}
)  # fmt: skip


def _quoted(name: str) -> str:
    r"""A text in quotes, in which a backslash takes the next sign with it."""
    return rf'"(?P<{name}>[^"\\]*+(?>(?:\\.[^"\\]*+)*))"'


_CLF_TIME = r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d"
_ISO_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*"
_WITH_PORT = r"(?:(?P<ip>\[?[0-9a-fA-F.:]{2,45}\]?|unix):(?P<port>\d{1,5})|-)"
_CALLER = (
    r"(?P<ip>[0-9a-fA-F.:*x]{2,45}|-|unix:|[\w.-]+) (?P<ident>\S+) (?P<user>\S+)"
    rf" \[(?P<time>{_CLF_TIME} [+-]\d{{4}})\]"
)
_ANSWER = r" (?P<status>\d{3}|-) (?P<bytes>\d+|-)"


def _grammar(*pattern: str) -> re.Pattern[bytes]:
    return re.compile("".join(pattern).encode())


GRAMMARS: Mapping[str, Grammar] = {
    # hosts or addresses? address ident user [time] "request" status bytes "referer" "agent" and more, for which
    # Traefik has: count "router" "server" milliseconds
    "combined": Grammar(_grammar(
        r"(?:(?P<before>[\w.:-]+(?:,? [\w.:-]+){0,20}),? )?", _CALLER, " ", _quoted("request"), _ANSWER,
        "(?: ", _quoted("referer"), " ", _quoted("agent"),
        r"(?: (?P<count>\d+|-) ", _quoted("router"), " ", _quoted("server"), r" (?P<ms>\d+)ms(?!.))?",
        r"(?P<more>.*+))?"), _first_of_chain),
    # [time] "request" status flags (details)? received sent duration upstream "forwarded" "agent" "id"
    # "authority" "upstream host", and what a mesh adds
    "Envoy": Grammar(_grammar(
        rf"\[(?P<time>{_ISO_TIME}Z)\] ", _quoted("request"), r" (?P<status>\d{1,3}) (?P<flags>[\w,-]+)",
        r'(?P<details>(?: [^\s"]+){0,2}(?: "[^"\\]*+(?>(?:\\.[^"\\]*+)*)")?)',
        r" (?P<received>\d+) (?P<bytes>\d+) (?P<ms>\d+) (?P<upstream_time>\d+|-) ",
        _quoted("forwarded"), " ", _quoted("agent"),
        r' "(?P<id>[^"]*+)" "(?P<host>[^"]*+)" "(?P<upstream_host>[^"]*+)"(?P<more>.*+)'), _first_hop),
    # type? time name client target three-times status status received sent "request" "agent" cipher protocol
    # target-group "trace" "host" and more; the classic one ends before the agent or behind the protocol
    "AWS load balancer": Grammar(_grammar(
        rf"(?:(?P<type>https?|h2|grpcs|wss?) )?(?P<time>{_ISO_TIME}Z) (?P<balancer>\S+) ", _WITH_PORT,
        r" (?P<target>\S+:\d+|-) (?P<request_processing_time>-1|\d+(?:\.\d+)?)"
        r" (?P<target_processing_time>-1|\d+(?:\.\d+)?) (?P<response_processing_time>-1|\d+(?:\.\d+)?)"
        r" (?P<status>\d{3}|-) (?P<target_status>\d{3}|-) (?P<received>\d+) (?P<bytes>\d+) ",
        _quoted("request"), "(?: ", _quoted("agent"), r" (?P<ssl_cipher>\S+) (?P<ssl_protocol>\S+)",
        r"(?: (?P<target_group>\S+) ", _quoted("trace"), " ", _quoted("host"), r"(?P<more>.*+))?)?"),
        seconds=("request_processing_time", "target_processing_time", "response_processing_time")),
    # owner bucket [time] address requester id operation key "request" status error sent size ms ms "referer"
    # "agent" and more; what S3 does by itself has no request
    "Amazon S3": Grammar(_grammar(
        rf"(?P<owner>\S+) (?P<bucket>\S+) \[(?P<time>{_CLF_TIME} [+-]\d{{4}})\] (?P<ip>\S+) (?P<user>\S+)"
        r" (?P<id>\S+) (?P<operation>(?:REST|SOAP|WEBSITE|BATCH|S3)\.[\w.]+) (?P<key>\S+)"
        r' (?:"(?P<request>[^"]*+)"|-) (?P<status>\d{3}|-) (?P<error>\S+) (?P<bytes>\d+|-)'
        r' (?P<object_size>\d+|-) (?P<ms>\d+|-) (?P<turn_around>\d+|-) (?:"(?P<referer>[^"]*+)"|-)'
        r' (?:"(?P<agent>.*)"|-)(?P<more>[^"]*+)')),
    # syslog? address:port [time] frontend backend/server five-times status bytes cookies state counts queues
    # {captured} "request" and more
    "HAProxy": Grammar(_grammar(
        r'(?P<syslog>[^"{}]{1,200}? )??', _WITH_PORT, rf" \[(?P<time>{_CLF_TIME}\.\d{{3}})\]"
        r" (?P<frontend>\S+) (?P<backend>[^\s/]+)/(?P<server>\S+) (?P<timers>(?:-?\d+/){4})\+?(?P<ms>-?\d+)"
        r" (?P<status>-?\d{1,3}) (?P<bytes>\+?\d+) (?P<request_cookie>\S+) (?P<response_cookie>\S+)"
        r" (?P<state>\S{2,4}) (?P<counts>(?:\d+/){4}\+?\d+) (?P<queues>\d+/\d+)"
        r"(?P<captured>(?: \{[^{}]*+\}){0,2}) ", _quoted("request"), r"(?P<more>.*+)")),
    # address caller user [time]"request" status bytes id
    "AWS API Gateway": Grammar(_grammar(
        _CALLER, " ?", _quoted("request"), _ANSWER, r" (?P<id>[\w+/=-]{10,60})(?P<more>(?: [\w+/=-]+)?)")),
}  # fmt: skip
"""Each grammar by the name of what writes it, in the order in which they are tried."""


def is_access_line(untrusted_line: bytes) -> bool:
    """Whether the line has one of the forms in `GRAMMARS`."""
    return len(untrusted_line) <= LONGEST and any(
        each.pattern.fullmatch(untrusted_line) for each in GRAMMARS.values()
    )


def access_line(untrusted_line: bytes) -> AccessLine | None:
    """A line in one of the forms in `GRAMMARS`, or None.

    Where a list of addresses stands first, or `X-Forwarded-For`, the client is the first of them, as the
    proxies on the way say.

    Source: nginx `ngx_http_log_module`, format `combined`; Apache `LogFormat` common, combined and with a
    virtual host; Envoy "Access logging", default format, and Istio's, which adds to it; Elastic Load Balancing
    "Access logs" (application and classic); Amazon S3 "Server access log format"; HAProxy configuration
    manual 8.2.3, HTTP log format; Traefik "Access logs", common format; Amazon API Gateway, log format CLF.

    Raises:
        UnicodeDecodeError: The line is not UTF-8.
    """
    for grammar in GRAMMARS.values() if len(untrusted_line) <= LONGEST else ():
        match = grammar.pattern.fullmatch(untrusted_line)
        if match is not None:
            parts = {
                key: "" if value is None else value.decode()
                for key, value in match.groupdict().items()
            }
            return _read(grammar, parts)
    return None


def _read(grammar: Grammar, parts: Parts) -> AccessLine:
    method, path, protocol = request_of(parts["request"])
    extra = {"method": method, "protocol": protocol, "bytes": parts["bytes"]}
    extra.update(
        {
            key: value.strip()
            for key, value in parts.items()
            if key not in _PLACED and value.strip() not in ("", "-", '"-"')
        }
    )
    ip = grammar.client(parts, extra)
    title = parts["request"] or parts.get("operation", "")
    return made(
        f"{parts['status']} {title}", read_time(parts["time"], "time"), extra,
        ip=ip, account=parts.get("user", ""), user_agent=parts.get("agent", ""), endpoint=path,
        status=parts["status"], referer=extra.get("referer", ""), request_id=parts.get("id", ""),
        trace_id=parts.get("trace", ""), operation=parts.get("operation", ""),
        latency_ms=_latency(grammar, parts),
    )  # fmt: skip


def _latency(grammar: Grammar, parts: Parts) -> int | None:
    """Milliseconds, or None where the line does not say or the request never went through."""
    if parts.get("ms", "").isdecimal():
        return int(parts["ms"])
    times = [float(parts[name]) for name in grammar.seconds]
    return round(sum(times) * 1000) if times and min(times) >= 0 else None


def made(title: str, when: When | None, extra: Mapping[str, str], **fields: Any) -> AccessLine:
    """The request that a line tells of: `-` is empty, and what is missing or masked is noted.

    Args:
        title: Status and request line.
        when: Its time.
        extra: What has no place in `Exchange`.
        fields: Of `Exchange`; `status` as printed.
    """
    missing = [] if when is not None else ["no-time"]
    ip = fields["ip"]
    if "*" in ip or "x" in ip.removeprefix("unix"):
        missing.append("ip-masked")
    told: dict[str, Any] = {key: "" if value == "-" else value for key, value in fields.items()}
    status = str(told.pop("status"))
    exchange = Exchange(
        status=int(status) if status.isdecimal() else None,
        extra=encode(extra),
        completeness=("no-prompt", "no-output", *missing),
        **told,
    )
    return AccessLine(title[:160], when, exchange)


def request_of(request: str) -> tuple[str, str, str]:
    """Method, path and protocol of a request line; one of another form is all path, one of dashes empty."""
    if not request.strip("- "):
        return "", "", ""
    words = request.split(" ")
    if len(words) < 3 or not words[-1].startswith("HTTP/"):
        return "", request, ""
    return words[0], " ".join(words[1:-1]), words[-1]
