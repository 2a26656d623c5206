from __future__ import annotations

import pytest

from casekit.ingest.parsed import Context
from casekit.ingest.readers import READERS
from casekit.ingest.readers.unknown import read
from tests.ingest.records_case import read_all


@pytest.mark.parametrize(("data", "kind"), [(b"\x00\x01\x02", "unknown-format"), (b"", "empty")])
def test_unread_bytes_are_kept_as_one_file(data: bytes, kind: str) -> None:
    items, problems, books = read_all(read, data, Context(name="x.bin"))
    assert [(item.kind, item.collection, item.name, item.texts) for item in items] == [
        ("file", "other", "x.bin", ())
    ]
    assert [each.kind for each in items[0].problems] == [kind]
    assert (problems, books.good) == ([], len(data))


def test_a_reader_is_imported_when_it_is_needed() -> None:
    assert [type(each).__name__ for each in READERS["unknown"](b"", Context())] == [
        "Parsed",
        "Books",
    ]
    assert set(READERS) >= {"json-records", "jsonl", "csv", "access-log", "empty", "unknown"}
