from __future__ import annotations

import pytest

from casekit.ingest import records
from casekit.ingest.framing import json_lines
from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.readers.json_records import read as read_json
from casekit.ingest.records import decode, document, read_records
from tests.ingest.records_case import read_all


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_is_read_in_every_unicode_encoding(charset: str) -> None:
    assert decode("Grüße".encode(charset)) == ("Grüße", ())


def test_bytes_that_are_no_text_are_replaced_and_told() -> None:
    text, problems = decode(b"a\xffb")
    assert (text, [each.kind for each in problems]) == ("a\ufffdb", ["bad-utf8"])
    assert decode("a\ufffdb".encode()) == ("a\ufffdb", ())


def test_a_text_too_long_is_cut_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_TEXT", 5)
    text, problems = decode(b"abcdefgh")
    assert (text, [each.kind for each in problems]) == ("abcde", ["text-cut"])


def test_a_document_stands_for_the_whole_file() -> None:
    item, books = document(b"x: 1\ny", Context(name="notes"), "text/plain", ())
    assert isinstance(item, Parsed)
    assert (item.kind, item.title, item.texts, item.steps) == (
        "document",
        "notes",
        (("body", "x: 1\ny"),),
        (),
    )
    assert books == Books(6)


def test_only_the_first_records_decide_whether_a_file_is_known() -> None:
    known = b'{"instruction":"a","output":"b","generator":"m"}\n'

    def read(data: bytes, context: Context):  # type: ignore[no-untyped-def]
        return read_records(data, context, json_lines, "application/json")

    items, problems, _ = read_all(read, b'{"a":1}\n' * (records.PROBED - 1) + known)
    assert ([item.kind for item in items], len(problems)) == (["exchange"], records.PROBED - 1)
    items, problems, _ = read_all(read, b'{"a":1}\n' * records.PROBED + known)
    assert ([item.kind for item in items], problems) == (["document"], [])


def test_outputs_without_a_model_are_told_once() -> None:
    def read(data: bytes, context: Context):  # type: ignore[no-untyped-def]
        return read_records(data, context, json_lines, "application/json")

    line = b'{"instruction":"a","output":"b"}\n'
    assert [each.kind for each in read_all(read, line * 3)[1]] == ["model-from-name"]
    assert read_all(read, line * 3, Context(model="m"))[1] == []


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("alpaca-7b.json.gz", "alpaca-7b"),
        ("text_davinci_003.json", "text_davinci_003"),
        ("vicuna-7b-v1.5", "vicuna-7b-v1.5"),
        ("gpt-4-0613.parquet", "gpt-4-0613"),
        ("train-00000-of-00001.parquet", ""),
        ("outputs.jsonl.zst", ""),
        ("outputs.jsonl", ""),
        ("model_outputs_2.json", ""),
        ("", ""),
    ],
)
def test_the_model_that_a_file_is_named_after(name: str, model: str) -> None:
    assert records.model_in(name) == model


@pytest.mark.parametrize(
    ("text", "kept", "problems"),
    [
        (b'{"eval":{"model":"m"},"samples":[%s,%s]}', 2, []),
        (b'{"eval":{"model":"m","score":NaN},"samples":[%s,%s]}', 2, []),
        (b'{"eval":{"model":"m","a":1,"a":2},"samples":[%s,%s]}', 2, ["duplicate-key"]),
        (b'{"eval":{"model":"m"},"samples":[%s,%s,{"id":1,"id":2}]}', 2, ["duplicate-key"]),
    ],
)
def test_what_is_wrong_in_a_document_costs_its_own_record_alone(
    text: bytes, kept: int, problems: list[str]
) -> None:
    sample = (
        b'{"id":%d,"epoch":1,"input":"Hi","target":"","messages":[{"role":"user","content":"Hi"}],'
        b'"output":{"model":"m","choices":[{"message":{"role":"assistant","content":"Yo"}}]},'
        b'"score":{"value":%s}}'
    )
    data = text % (sample % (1, b"NaN"), sample % (2, b"1"))
    items, told, _ = read_all(read_json, data)
    assert len(items) == kept
    assert [[each.kind for each in item.problems] for item in items] == [["not-a-number"], []]
    assert [each.kind for each in told] == problems
    assert '"value":"NaN"' in (items[0].exchange.extra if items[0].exchange else "")
