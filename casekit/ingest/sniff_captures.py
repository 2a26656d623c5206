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
