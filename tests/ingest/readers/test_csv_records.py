from __future__ import annotations

import csv
import io
import json

import pytest

from casekit.ingest.parsed import Context
from casekit.ingest.readers.csv_records import charset_of, delimiter_of, read
from casekit.ingest.sniff import identify
from tests.ingest.records_case import DATA, read_all, texts


def test_a_table_is_read_by_its_column_names() -> None:
    data = (DATA / "answers.csv").read_bytes()
    items, problems, _ = read_all_rows(data)
    assert [texts(item) for item in items] == [
        {"prompt": "What is a\nrope, really?", "output": "Twisted yarn."},
        {"prompt": "Why?", "output": 'Because "so".'},
    ]
    assert [item.steps[0].line for item in items] == [2, 5]
    assert [item.exchange.model for item in items if item.exchange] == ["m-1", "m-1"]
    assert [item.when.raw for item in items if item.when] == ["2026-02-03", "2026-02-04 05:06:07"]
    assert {item.when.zone for item in items if item.when} == {"assumed:no zone given, read as UTC"}
    assert [(each.kind, each.line) for each in problems] == [
        ("guessed-mapping", None),
        ("field-count", 4),
    ]


def read_all_rows(data: bytes, context: Context | None = None):  # type: ignore[no-untyped-def]
    return read_all(read, data, context)


def test_a_mapping_names_the_columns() -> None:
    mapping = json.dumps({"prompt": "P", "output": "O", "account": "Who", "status": "S"})
    items, problems, _ = read_all_rows(b"P;O;Who;S;X\n1;2;me;200;5\n", Context(mapping=mapping))
    exchange = items[0].exchange
    assert exchange is not None
    assert (exchange.account, exchange.status, exchange.extra) == ("me", 200, '{"X":"5"}')
    assert (items[0].collection, problems) == ("api-log", [])


def test_a_table_nobody_knows_is_one_document() -> None:
    data = b"=cmd|' /C calc'!A0,b\n1,2\n"
    items, problems, books = read_all_rows(data)
    assert (texts(items[0]), problems, books.good) == ({"body": data.decode()}, [], len(data))


def test_an_old_encoding_is_read_and_told() -> None:
    data = "prompt,output,model\nà,é,m\n".encode("cp1252")
    items, problems, _ = read_all_rows(data)
    assert texts(items[0]) == {"prompt": "à", "output": "é"}
    assert [each.kind for each in problems] == ["assumed-charset", "guessed-mapping"]


def test_every_way_to_cut_the_file_off_adds_up() -> None:
    data = (DATA / "answers.csv").read_bytes()
    for size in range(len(data)):
        read_all_rows(data[:size])


def test_a_wide_file_is_read_as_any_other() -> None:
    data = 'prompt;output\r\nä\t"x";b\r\n"c\nd";\U0001f600\r\n'.encode("utf-16")
    items, _, _ = read_all_rows(data, Context(model="m"))
    assert [texts(item) for item in items] == [
        {"prompt": 'ä\t"x"', "output": "b"},
        {"prompt": "c\nd", "output": "\U0001f600"},
    ]


def test_columns_of_one_name_stay_apart() -> None:
    items, _, _ = read_all_rows(b"prompt,output,x,x\na,b,1,2\n", Context(model="m"))
    assert items[0].exchange is not None
    assert json.loads(items[0].exchange.extra) == {"x": "1", "x (2)": "2"}


@pytest.mark.parametrize(
    ("head", "delimiter"),
    [
        (b"a,b\n1,2\n", ","),
        (b"a;b;c\n1,5;2;3\n1;2;3\n", ";"),
        (b"a\tb\n1,2\t3\n", "\t"),
        (b"a", ","),
    ],
)
def test_the_delimiter_is_told_from_the_rows(head: bytes, delimiter: str) -> None:
    assert delimiter_of(head) == delimiter


def test_the_charset_is_told_from_the_bytes() -> None:
    found = [
        charset_of(each) for each in (b"abc", "é und ü".encode(), "é und ü".encode("cp1252"), b"")
    ]
    assert found == ["utf-8", "utf-8", "cp1252", "utf-8"]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b'"sep=;"\r\n'])
def test_a_line_that_names_the_delimiter_is_no_header(start: bytes) -> None:
    said = b"" if b"sep" in start else b"sep=;\r\n"
    data = start + said + b"prompt;output;model\r\na,1;b;m\r\nc;d;m\r\ne;f;m\r\n"
    items, problems, _ = read_all_rows(data)
    assert [texts(item)["prompt"] for item in items] == ["a,1", "c", "e"]
    assert [each.kind for each in problems] == ["guessed-mapping"]
    assert identify(data, len(data), "").id == "csv"


def as_csv(*rows: dict[str, object]) -> bytes:
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode()


def test_a_gateways_table_is_read_by_its_dialect_also_as_csv() -> None:
    said = json.dumps([{"role": "user", "content": "Hi"}])
    spend = {
        "request_id": "r",
        "call_type": "acompletion",
        "spend": "0.5",
        "startTime": "2024-06-07 12:43:30.308",
        "model": "gpt-x",
        "prompt_tokens": "20",
        "requester_ip_address": "198.18.7.1",
        "metadata": "{}",
        "messages": said,
        "response": "",
    }
    (item,), _, _ = read_all_rows(as_csv(spend))
    assert texts(item) == {"prompt": "Hi"}
    assert item.exchange is not None
    assert (item.exchange.cost, item.exchange.input_tokens, item.exchange.ip) == (
        0.5,
        20,
        "198.18.7.1",
    )


def test_rows_of_one_exchange_are_joined_also_in_csv() -> None:
    said = json.dumps([{"role": "user", "content": "Hi"}])
    rows = [
        {"TimeGenerated [UTC]": "2026-02-03T04:05:06Z", "CorrelationId": key, "SequenceNumber": number,
         "RequestMessages": asked, "ResponseMessages": ""}
        for key, number, asked in (("a", 1, said[9:]), ("b", 0, said), ("a", 0, said[:9]))
    ]  # fmt: skip
    items, problems, _ = read_all_rows(as_csv(*rows))
    assert problems == []
    assert [(texts(item), len(item.children)) for item in items] == [
        ({"prompt": "Hi"}, 1),
        ({"prompt": "Hi"}, 0),
    ]
