from __future__ import annotations

from casekit.ingest.columns import columns_of
from casekit.ingest.counting import Counting
from casekit.ingest.filing import laid_out, new_item
from casekit.ingest.parsed import Exchange, Parsed, Problem
from casekit.ingest.reading import Inside
from casekit.ingest.report import IngestReport
from casekit.ops.columns import ItemColumns
from casekit.ops.items import Filed, NewItem
from tests.builders import make_item, make_mail
from tests.ingest.test_columns import record

RECORDS = (
    record(0, exchange=Exchange(model="m-1", completeness=("no-output", "sampled"))),
    record(1, exchange=Exchange(joint="openai-batch/request", completeness=("no-output",))),
    record(2, kind="record", exchange=Exchange(completeness=("no-time",))),
    record(3, problems=(Problem("parse", "odd", "It is.", line=4, offset=300, length=9),)),
)


def counted(heads: list[NewItem | ItemColumns]) -> tuple[Counting, IngestReport]:
    report = IngestReport(confinement="none")
    counting = Counting(report)
    counting.add("jsonl", heads, last=True)
    counting.weigh("jsonl", b"o", (400, 390, (Inside("gzip", 1, 40, 30),)))
    return counting, report


def columns(records: tuple[Parsed, ...]) -> ItemColumns:
    found = columns_of(records)
    assert found is not None
    return laid_out(found, "log")


def test_columns_count_as_their_items_do() -> None:
    one, singly = counted([new_item(parsed, "log") for parsed in RECORDS])
    other, at_once = counted([columns(RECORDS)])
    assert singly == at_once
    assert (one.parts, other.parts, other.mails) == (1, 1, 0)
    assert (at_once.items, at_once.exchanges) == (4, 3)
    assert at_once.formats["jsonl"].as_json() == {
        "files": 1, "items": 4, "bytes": 400, "understood": 390,
        "missing": {"no-account": 4, "no-ip": 3, "no-model": 1, "no-output": 2, "sampled": 1},
    }  # fmt: skip
    assert at_once.problems == [
        {"path": "log", "stage": "parse", "kind": "odd", "text": "It is.", "line": 4, "offset": 300}
    ]


def test_families_are_counted_by_their_members() -> None:
    mail = make_mail("letter", "a@x.example", "b@x.example")
    mail.children = [make_item("inner")]
    counting, report = counted([mail])
    assert (counting.mails, counting.parts, report.items, report.exchanges) == (1, 0, 2, 0)


def test_what_another_import_has_filed_is_taken_back() -> None:
    heads: list[NewItem | ItemColumns] = [columns(RECORDS), make_item("a")]
    counting, report = counted(heads)
    counting.drop([Filed(b"o", "jsonl", "read", heads)])
    assert (report.items, report.exchanges, report.duplicates) == (0, 0, 1)
    count = report.formats["jsonl"]
    assert (count.files, count.items, count.size, count.understood) == (0, 0, 0, 0)
    assert set(count.missing.values()) == {0}
    assert report.inside["gzip"].as_json() == {"files": 0, "bytes": 0, "understood": 0}
