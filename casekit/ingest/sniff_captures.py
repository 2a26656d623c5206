"""Tests that tell captures of the web by a file's head: HAR, proxy flows, cassettes, saved pages."""

from __future__ import annotations

import re

from casekit.ingest.sniff_text import Head, Told

_HAR = re.compile(rb'\s*+\{\s*+(?:"[^"\\]{1,200}"\s*+:\s*+\{\s*+)?"log"\s*+:\s*+\{')
_HAR_KEYS = (b'"entries"', b'"creator"', b'"pages"')


def as_har(head: Head) -> Told | None:
    """A JSON object whose `log` has what a HAR file's has."""
    found = None if head.wide else _HAR.match(head.raw)
    if found is None:
        return None
    seen = [key for key in _HAR_KEYS if key in head.raw]
    if not seen or (seen == [_HAR_KEYS[0]] and b'"request"' not in head.raw):
        return None
    return "har", 0.97, "begins as a HAR file's log"


_FLOW = re.compile(rb"(\d{2,12}):(?=\d{1,2}:[a-z_]{2,30}[,;])")
_FLOW_KEYS = (b":client_conn", b":server_conn", b":request", b":version", b":type")


def as_flows(head: Head) -> Told | None:
    """A length, and behind it the keys of a proxy's flow."""
    found = _FLOW.match(head.raw)
    if found is None:
        return None
    end = found.end() + int(found[1])
    if end < len(head.raw) and head.raw[end : end + 1] != b"}":
        return None
    seen = sum(re.search(key + rb"[,;]", head.raw) is not None for key in _FLOW_KEYS)
    return ("mitmproxy", 0.95, "begins as a flow of mitmproxy") if seen >= 2 else None


_CASSETTE = re.compile(
    rb"(?:[ \t]*(?:#.*|---.*|[A-Za-z_]+:.*)?\r?\n){0,20}(?:http_)?interactions[ \t]*:[ \t]*\r?\n"
    rb"(?:[ \t]*(?:#.*)?\r?\n){0,5} *-[ \t]+\S"
)


def as_cassette(head: Head) -> Told | None:
    """A YAML list of `interactions`, each with a request."""
    if head.wide or _CASSETTE.match(head.raw) is None:
        return None
    if b"request:" not in head.raw:
        return None
    return "cassette", 0.95, "a YAML list of recorded HTTP interactions"


_RELATED = re.compile(rb"(?im)^content-type:\s*multipart/related\b")
_PAGE_TYPE = re.compile(rb"(?im)^content-type:\s*(?:multipart/|text/html\b)")
_SAVED = re.compile(
    rb"(?im)^(?:from:\s*\"?<?saved by |snapshot-content-location:|x-maf(?:-[a-z-]+)?:|content-location:)"
)
_SENT = re.compile(
    rb"(?im)^(?:to|cc|bcc|received|delivered-to|return-path|dkim-signature|resent-to):"
)
_FIELD_START = re.compile(rb"\s*[!-9;-~]+[ \t]*:")
_HEADER_END = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")


def as_mhtml(head: Head) -> Told | None:
    """A header as of a mail that went to nobody: of a page that a browser saved with all that is in it."""
    if not _FIELD_START.match(head.raw):
        return None
    end = _HEADER_END.search(head.raw)
    block = head.raw[: end.start()] if end else head.raw
    if _SENT.search(block) or not _PAGE_TYPE.search(block):
        return None
    if _SAVED.search(block):
        return "mhtml", 0.95, "the header of a saved web page"
    if end and _RELATED.search(block) and re.search(rb"(?im)^content-location:\s*\S", head.raw):
        return "mhtml", 0.8, "parts of a web page with the places they come from"
    return None


_STREAM = re.compile(
    rb"[\r\n]*(?::[^\n]*\n\s*|(?:id|retry):[^\n]*\n)*(?:event: ?[a-z]|data: ?[{\"])"
)


def as_event_stream(head: Head) -> Told | None:
    """Server-sent events that are pieces of a model's answer."""
    if head.wide or _STREAM.match(head.raw) is None:
        return None
    from casekit.ingest.dialects.sse import read_stream

    if read_stream(head.raw.decode("utf-8", "replace")) is None:
        return None
    return "event-stream", 0.95, "a stream of events with a model's answer"
