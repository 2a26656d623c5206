"""The real calendars of the corpus against what two independent parsers agree on about them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from casekit.ingest import pointer
from casekit.ingest.limits import new_budget
from casekit.ingest.parsed import Context, Parsed, sha256
from casekit.ingest.reading import format_of, read_any

pytestmark = pytest.mark.corpus


def items_of(data: bytes, name: str) -> list[Parsed]:
    new_budget()
    found = read_any(data, Context(name), format_of(data, name))
    return [one for one in found if isinstance(one, Parsed)]


def test_calendars_have_the_events_that_two_parsers_count(corpus: Path) -> None:
    compared = 0
    known = json.loads((corpus / "expected.json").read_text("utf-8"))["ics"]
    for path, told in known.items():
        items = items_of((corpus / path).read_bytes(), "x")
        events = [item for item in items if item.kind == "event"]
        if "vevents" in told["agreed"]:
            compared += 1
            assert (path, len(events)) == (path, told["agreed"]["vevents"])
    assert compared == 107


def test_every_event_can_be_cut_out_again(corpus: Path) -> None:
    files = [one for one in sorted((corpus / "calendar").rglob("*")) if one.is_file()]
    cut = 0
    for file in files:
        data = file.read_bytes()
        for item in items_of(data, file.name):
            given = pointer.resolve(io.BytesIO(data), item.steps)
            assert sha256(given) == item.sha256
            cut += item.kind == "event"
    assert cut == 189
