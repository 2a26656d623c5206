import orjson

from casekit.ingest.parsed import Context, Party
from casekit.ingest.readers import load_file
from tests.ingest.records_case import read_all
from tests.ingest.test_load_rows import dat

HEAD = ["BEGBATES", "BEGATTACH", "FROM", "SUBJECT", "FILENAME", "DATESENT"]
SAMPLE = dat(
    HEAD,
    ["A-1", "A-1", "Ann <a@x>", "Hello®there", "", "2026-01-05"],
    ["A-3", "A-1", "", "", "t.csv", ""],
    ["A-4", "", "", "", "x.pdf", ""],
).encode("cp1252")


def test_each_row_is_an_item_and_attachments_stand_below() -> None:
    items, problems, _ = read_all(load_file.read, SAMPLE, Context(name="a.dat"))
    assert problems == []
    assert [(i.title, [c.title for c in i.children]) for i in items] == [
        ("A-1 · Hello there", ["A-3 · t.csv"]), ("A-4 · x.pdf", []),
    ]  # fmt: skip
    first = items[0]
    assert (first.parties, first.collection) == ((Party("from", "Ann", "a@x"),), "correspondence")
    assert "BEGBATES: A-1\n" in dict(first.texts)["load file"]
    assert orjson.loads(first.facts)["load_file"]["SUBJECT"] == "Hello\nthere"


def test_a_truncated_twin_loses_its_last_row_alone() -> None:
    items, problems, _ = read_all(load_file.read, SAMPLE[:-9], Context())
    assert ([i.title for i in items], [p.kind for p in problems]) == (
        ["A-1 · Hello there"], ["truncated"],
    )  # fmt: skip


def test_a_hostile_twin_is_quarantined_row_by_row() -> None:
    wild = (
        SAMPLE + "þ\0þ\x14þ../..þ\r\n".encode("cp1252") + b"\xfe" * 2_000 + b"\r\n" + b"\x14\n" * 50
    )
    items, problems, books = read_all(load_file.read, wild, Context())
    assert [i.title for i in items][:2] == ["A-1 · Hello there", "A-4 · x.pdf"]
    assert problems
    assert books.quarantined
