from __future__ import annotations

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.readers import csv_records
from casekit.ingest.sniff import identify
from tests.ingest.chat_case import facts, people, text
from tests.ingest.records_case import read_all

DATA = 'Date,User,Message\n2024-01-15 09:30:11,"Ann","안녕"\n2024-01-15 13:31:12,"Bob","네\n둘째"\n'.encode()


def test_a_row_is_a_message() -> None:
    items, problems, _ = read_all(csv_records.read, DATA)
    assert problems == []
    assert [(text(each), people(each)) for each in items] == [
        ("안녕", [("from", "Ann", "")]),
        ("네\n둘째", [("from", "Bob", "")]),
    ]
    assert (facts(items[0])["service"], identify(DATA, len(DATA), "x").id) == ("KakaoTalk", "csv")
    assert items[0].when is not None
    assert items[0].when.zone.startswith("assumed:no zone given, local time")


@pytest.mark.parametrize(
    "record",
    [{"Date": "01/02/2024", "User": "a", "Message": "b"}, {"Date": "2024-01-15", "User": "a"}],
)
def test_other_tables_are_left_alone(record: dict[str, str]) -> None:
    assert recognise(record) == ""
