from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from casekit.ingest.dialects.table import DIALECTS, Reading, recognise
from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.reading import format_of, read_any

SPEND = json.dumps({"prompt": "q", "output": "a"})


def test_every_dialect_has_a_name_of_its_own_a_source_and_evidence() -> None:
    names = [each.name for each in DIALECTS]
    assert len(set(names)) == len(names)
    assert all(each.source and each.evidence for each in DIALECTS)
    assert all(
        (each.joint is None and each.run is None) == (each.merge is None) for each in DIALECTS
    )


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"instruction": "a", "output": "b", "generator": "m"}, "AlpacaEval"),
        ({"instruction": "a", "output": "b"}, "Alpaca"),
        ({"q": "a", "a": "b"}, ""),
        ({}, ""),
        ([], ""),
    ],
)
def test_the_more_particular_dialect_wins(record: Any, name: str) -> None:
    assert recognise(record) == name


def test_a_saved_mapping_goes_before_dialects_for_exactly_its_columns() -> None:
    record = {"instruction": "a", "output": "b"}
    columns, other = ("instruction", "output"), ("instruction",)
    mapping = json.dumps({"prompt": "output", "output": "instruction"})
    reading = Reading(Context(templates=(("mine", columns, mapping), ("other", other, SPEND))))
    drafts = [reading.draft(record, b"{}") for _ in range(2)]
    assert [(d.prompt, d.output) for d in drafts if d is not None] == [("b", "a")] * 2
    assert [problem.kind for problem in reading.problems] == ["mapped-by-template"]
    wider = reading.draft({**record, "generator": "m"}, b"{}")
    assert wider is not None
    assert (wider.prompt, wider.fields["model"]) == ("a", "m")


def test_who_reads_mail_loads_no_dialect() -> None:
    code = (
        "import sys; from casekit.ingest.reading import format_of; "
        "assert format_of(b'From: a@b\\nTo: c@d\\nSubject: x\\nMessage-ID: <1@b>\\n\\nHi\\n', 'x') == 'eml'; "
        "sys.exit('casekit.ingest.dialects.table' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_record_that_its_dialect_cannot_read_costs_itself_alone() -> None:
    talk = [
        {"uuid": "m1", "sender": "human", "text": "Hi"},
        {"uuid": "m2", "sender": "assistant", "text": "Yo"},
    ]
    good = {"uuid": "2", "name": "n", "chat_messages": talk}
    bad = {"uuid": "1", "name": "n", "chat_messages": [{**talk[0], "attachments": 5}]}
    data = b"\n".join(json.dumps(each).encode() for each in (bad, good)) + b"\n"
    assert (recognise(bad), format_of(data, "x.jsonl")) == ("Claude.ai export", "jsonl")
    found = list(read_any(data, Context(name="x.jsonl"), "jsonl"))
    items = [each for each in found if isinstance(each, Parsed)]
    assert [(each.kind, each.collection) for each in items] == [
        ("record", "outputs"),
        ("document", "outputs"),
    ]
    assert items[0].texts == (("body", json.dumps(bad)),)
    assert [each.kind for each in items[0].problems] == ["unread-record"]
    assert found[-1] == Books(len(data) - 2, 0, 2)
