"""A log of 2,000 lines with ten faults planted: each is found with its place, all other lines are whole."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from casekit.ingest import ingest
from casekit.ingest.pointer import flatten, from_json
from casekit.queries import items
from casekit.queries.records import records
from casekit.store.case import Case
from casekit.store.tables import item
from tests.evidence import write_log

LINES = 2_000
LONG = 100 * 1024 * 1024
NEST = 100
FAULTS = {
    200: "truncated",
    700: "blank",
    500: "wrong-type",
    600: "bad-utf8",
    800: "duplicate-key",
    900: "bad-number",
    1000: "nesting",
    1200: "too-long",
    1500: "mixed",
}


def planted(tmp_path: Path) -> tuple[Path, list[bytes], dict[int, int]]:
    """The log, its lines, and the offset at which each line (from 1) begins."""
    whole = write_log(tmp_path / "whole.jsonl", LINES).read_bytes().split(b"\n")[:LINES]
    lines = list(whole)
    lines[199] = lines[199][:300]
    lines[499] = lines[499].replace(b'"status":200', b'"status":"two hundred"')
    lines[599] = lines[599].replace(b'"country":"', b'"country":"\xff\xfe')
    lines[699] = b"   "
    lines[799] = lines[799].replace(b'{"ts"', b'{"account_id":"dup","ts"')
    lines[899] = lines[899].replace(b'"latency_ms":', b'"latency_ms":NaN,"was":')
    lines[999] = lines[999][:-1] + b',"deep":' + b"[" * NEST + b"]" * NEST + b"}"
    lines[1199] = b'{"ts":"' + b"x" * LONG + b'"}'
    lines[1499] = (
        b'67.43.156.13 - - [25/Oct/2016:14:49:33 +0200] "GET / HTTP/1.1" 200 612 "-" "Mozilla/5.0"'
    )
    starts, at = {}, 3
    for number, line in enumerate(lines, 1):
        starts[number] = at
        at += len(line) + 1
    path = tmp_path / "planted.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines) + b"\n")
    return path, lines, starts


def test_every_planted_fault_is_found_with_its_place(case: Case, tmp_path: Path) -> None:
    path, lines, starts = planted(tmp_path)
    assert b"two hundred" in lines[499]
    report = ingest(case, [path])
    assert report.bytes_accounted == report.bytes_total == path.stat().st_size
    found = {p["line"]: p for p in report.problems if "line" in p}
    assert set(found) == FAULTS.keys() - {700}  # a blank line and the mark are separators
    for line, problem in found.items():
        assert problem["offset"] == starts[line], FAULTS[line]
    kinds = {line: problem["kind"] for line, problem in found.items()}
    assert kinds[1200] == "too-long"
    assert kinds[800] == "duplicate-key"
    assert (kinds[500], kinds[1000]) == ("wrong-type", "deep-nesting")
    with case.read() as s:
        kept = list(records(s, items.item_ids(s, order="id")))
        sizes = dict(map(tuple, s.execute(select(item.c.id, item.c.size))))
    places = [flatten(from_json(record["pointer"])) for record in kept]
    quarantined = {200, 600, 700, 800, 900, 1200, 1500}
    assert [place["line"] for place in places] == [
        n for n in range(1, LINES + 1) if n not in quarantined
    ]
    for record, place in zip(kept, places, strict=True):
        number = int(str(place["line"]))
        assert place["offset"] == starts[number]
        assert sizes[record["id"]] == len(lines[number - 1])
    assert json.loads(lines[0])["account_id"] == kept[0]["account"]
