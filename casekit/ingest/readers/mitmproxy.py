"""Reads the flow files of mitmproxy, of every version: each call that passed the proxy is an item."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from casekit.ingest import tnetstring
from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.dialects.headers import Fields, first
from casekit.ingest.dialects.http_calls import Call, read_call
from casekit.ingest.dialects.times import read_time
from casekit.ingest.framing import MAX_RECORD, MAX_RESCUES, Fault
from casekit.ingest.http_body import undo_codings
from casekit.ingest.limits import LimitReached
from casekit.ingest.parsed import Books, Context, Parsed, Problem, When
from casekit.ingest.tnetstring import BadTnetstring

MEDIA_TYPE = "application/vnd.mitmproxy.flow"

_FLOW = re.compile(rb"\d{2,12}:(?=\d{1,2}:[a-z_]{2,30}[,;])")
_MOST_TEXT = 16 * 1024 * 1024
_PARTS = frozenset({
    "request", "response", "version", "type", "websocket", "messages", "error", "client_conn",
    "server_conn",
})  # fmt: skip
_MESSAGE_PARTS = frozenset({
    "headers", "content", "body", "method", "scheme", "host", "port", "path", "status_code", "code",
    "timestamp_start", "timestamp_end", "authority", "http_version", "httpversion",
})  # fmt: skip


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One item for each flow: an `exchange` if the call went to a model API, else a `request`.

    Messages of a web socket or of a bare TCP or UDP connection are the text of their flow.

    Source: mitmproxy `io/compat.py`, flow formats 0.11 to 21.
    """
    good = quarantined = separators = 0
    for found in _flows(untrusted_data):
        if isinstance(found, Fault):
            quarantined += found.length
            yield found.problem()
            continue
        offset, raw, flow = found
        if not raw:
            separators += offset
            continue
        item = _item(raw, offset, flow, context)
        if isinstance(item, Fault):
            quarantined += item.length
            yield item.problem()
        else:
            good += len(raw)
            yield item
    yield Books(good, quarantined, separators)


def _flows(data: Data) -> Iterator[tuple[int, bytes, Any] | Fault]:
    """Each flow with its place; (n, b"", None) counts n bytes of white space between them."""
    at, rescues = 0, 0
    while at < len(data):
        if data[at : at + 1] in b"\r\n":
            yield 1, b"", None
            at += 1
            continue
        try:
            end = tnetstring.end_of(data, at)
        except BadTnetstring as bad:
            rescues += 1
            end = _next(data, at + 1) if rescues <= MAX_RESCUES else len(data)
            yield Fault(bad.kind, str(bad), at, end - at, 1)
            at = end
            continue
        if end - at > MAX_RECORD:
            said = f"The record is longer than {MAX_RECORD:,} bytes and was not read."
            yield Fault("too-long", said, at, end - at, 1)
        else:
            raw = data[at:end]
            try:
                yield at, raw, tnetstring.load(raw)
            except BadTnetstring as bad:
                yield Fault(bad.kind, str(bad), at, len(raw), 1)
        at = end


def _next(data: Data, start: int) -> int:
    """The next place that looks like a flow which the file holds whole, or the file's end."""
    for _ in range(MAX_RESCUES):
        found = _FLOW.search(data, start)
        if found is None:
            break
        try:
            end = tnetstring.end_of(data, found.start())
        except BadTnetstring:
            end = 0
        if data[end - 1 : end] == b"}" and data.find(b":client_conn", found.end(), end) > 0:
            return found.start()
        start = found.start() + 1
    return len(data)


def _item(raw: bytes, offset: int, flow: Any, context: Context) -> Parsed | Fault:
    kind = _str(flow.get("type")) if type(flow) is dict else ""
    if not kind and (type(flow) is not dict or type(flow.get("request")) is not dict):
        said = "The record is no flow of mitmproxy."
        return Fault("unknown-record", said, offset, len(raw), 1)
    draft = Draft(raw, context)
    try:
        if type(flow.get("request")) is dict and kind in ("", "http"):
            read_call(_call(flow), draft)
            _add_messages(flow, draft)
        else:
            _read_connection(kind, flow, draft)
    except LimitReached as reached:
        return Fault(reached.kind, reached.text, offset, len(raw), 1)
    return finish(draft, offset, None, "", MEDIA_TYPE)


def _call(flow: dict[str, Any]) -> Call:
    request, response = flow["request"], flow.get("response")
    response = response if type(response) is dict else {}
    asked, answered = _fields(request.get("headers")), _fields(response.get("headers"))
    question, first_problems = _content(request, asked)
    answer, problems = _content(response, answered)
    begun, ended = request.get("timestamp_start"), response.get("timestamp_end")
    error = flow.get("error")
    status = response.get("status_code", response.get("code"))
    return Call(
        _str(request.get("method")),
        _url(request, asked),
        asked,
        question,
        status if type(status) is int else None,
        answered,
        answer,
        when=_when(begun, "request.timestamp_start"),
        latency_ms=_between(begun, ended),
        ttft_ms=_between(begun, response.get("timestamp_start")),
        ip=_address(flow.get("client_conn"), "peername", "address")[0],
        error=_str(error.get("msg")) if type(error) is dict else "",
        rest=_rest(flow, request, response),
        problems=(*first_problems, *problems),
    )


def _content(message: dict[str, Any], fields: Fields) -> tuple[bytes | None, tuple[Problem, ...]]:
    content = message.get("content", message.get("body"))
    if type(content) is str:
        content = content.encode("utf-8", "replace")
    if type(content) is not bytes or not content:
        return None, ()
    body = undo_codings(content, first(fields, "content-encoding"))
    return body.data, body.problems()


def _url(request: dict[str, Any], fields: Fields) -> str:
    """The URL, by the name the client asked for where the proxy knew only an address."""
    path = _str(request.get("path"))
    host = _str(request.get("authority")) or first(fields, ":authority") or first(fields, "host")
    scheme = _str(request.get("scheme"))
    if _str(request.get("method")).upper() == "CONNECT" or "://" in path:
        return path if "://" in path else host or _str(request.get("host"))
    if not host:
        host = _str(request.get("host"))
        port = request.get("port")
        if type(port) is int and port not in (80, 443):
            host = f"{host}:{port}"
    return f"{scheme or 'http'}://{host}{path}"


def _rest(
    flow: dict[str, Any], request: dict[str, Any], response: dict[str, Any]
) -> dict[str, Any]:
    """What has no place elsewhere, as far as it says something of the call."""
    rest = {key: value for key, value in flow.items() if key not in _PARTS and value not in _EMPTY}
    rest["flow_version"] = flow.get("version")
    for name, part in (("request_rest", request), ("response_rest", response)):
        left = {k: v for k, v in part.items() if k not in _MESSAGE_PARTS and v not in _EMPTY}
        version = part.get("http_version", part.get("httpversion"))
        if version:
            left["http_version"] = version
        if left:
            rest[name] = left
    server = flow.get("server_conn")
    if type(server) is dict:
        address = _address(server, "peername", "ip_address", "address")
        rest["server"] = {
            "address": address[0],
            "port": address[1],
            "sni": server.get("sni"),
            "tls_version": server.get("tls_version"),
        }
    shown = _plain(rest)
    return shown if type(shown) is dict else {}


_EMPTY: tuple[Any, ...] = (None, "", b"", [], {}, False)


def _plain(value: Any) -> Any:
    """The value with bytes as text, as JSON can carry it."""
    if type(value) is bytes:
        return _str(value)
    if type(value) is list:
        return [_plain(each) for each in value]
    if type(value) is dict:
        return {tidy(key): _plain(each) for key, each in value.items()}
    if type(value) is float and value - value != 0:  # NaN and infinity, which JSON has not
        return str(value)
    return value


def _str(value: Any) -> str:
    if type(value) is bytes:
        return tidy(value.decode("utf-8", "replace"))
    return value if type(value) is str else ""


def _fields(untrusted_headers: Any) -> Fields:
    if type(untrusted_headers) is not list:
        return []
    return [
        (_str(each[0]), _str(each[1]))
        for each in untrusted_headers
        if type(each) is list and len(each) == 2
    ]


def _when(stamp: Any, field: str) -> When | None:
    return read_time(stamp, field) if type(stamp) in (int, float) else None


def _between(begun: Any, ended: Any) -> int | None:
    if type(begun) not in (int, float) or type(ended) not in (int, float):
        return None
    took = (ended - begun) * 1000
    return round(took) if 0 <= took < 10**12 else None


def _address(connection: Any, *names: str) -> tuple[str, int | None]:
    """Address and port of a connection, in any of the ways that versions write them."""
    for name in names if type(connection) is dict else ():
        place = connection.get(name)
        if type(place) is dict:
            place = place.get("address")
        if type(place) is list and len(place) >= 2:
            port = place[1]
            return _str(place[0]), port if type(port) is int else None
    return "", None


# -- messages of open connections ------------------------------------------------------------------


def _add_messages(flow: dict[str, Any], draft: Draft) -> None:
    socket = flow.get("websocket")
    lines = _messages(socket.get("messages") if type(socket) is dict else None)
    if lines and draft.kind == "request":
        body = dict(draft.texts).get("body", draft.title)
        draft.texts = (("body", "\n".join((body, *lines))[:_MOST_TEXT]),)
    elif lines:
        draft.put_extra("messages", lines)


def _read_connection(kind: str, flow: dict[str, Any], draft: Draft) -> None:
    """A connection that carried no HTTP: who spoke with whom, and what."""
    draft.kind, draft.collection = "request", "api-log"
    client, server = flow.get("client_conn"), flow.get("server_conn")
    host, port = _address(server, "peername", "ip_address", "address")
    name = _str(server.get("sni")) if type(server) is dict else ""
    draft.title = f"{kind} {name or host}:{port}" if host or name else kind
    draft.when = _when(
        client.get("timestamp_start") if type(client) is dict else None,
        "client_conn.timestamp_start",
    )
    draft.fields["ip"] = _address(client, "peername", "address")[0]
    draft.fields["endpoint"] = draft.title
    for key, value in _rest(flow, {}, {}).items():
        draft.put_extra(key, value)
    lines = _messages(flow.get("messages"))
    draft.texts = (("body", "\n".join((draft.title, *lines))[:_MOST_TEXT]),)


def _messages(messages: Any) -> list[str]:
    """Each message as a line: an arrow for who sent it, then its text; bytes that are no text by count."""
    lines = []
    for each in messages if type(messages) is list else ():
        parts = each if type(each) is list else []
        at = next((n for n, part in enumerate(parts[:3]) if type(part) is bool), None)
        if at is None or len(parts) <= at + 1:
            continue
        content = parts[at + 1]
        try:
            text = content.decode() if type(content) is bytes else _str(content)
        except UnicodeDecodeError:
            text = f"[{len(content):,} bytes]"
        lines.append(f"{'→' if parts[at] else '←'} {tidy(text)}")
    return lines
