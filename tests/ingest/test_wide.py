from __future__ import annotations

import codecs
import json

import pytest

from casekit.ingest.framing import Fault, Ledger, Record, json_lines, json_values
from casekit.ingest.parsed import Context
from casekit.ingest.readers import json_records, jsonl
from casekit.ingest.reading import format_of
from casekit.ingest.wide import charset_of, is_wide, narrow_head, widely
from tests.ingest.records_case import read_all, texts

RECORDS = [
    {"instruction": f"Wh\u00ff {n}?", "output": "\U0001f600", "generator": "m"} for n in range(5)
]
TEXT = "\n".join(json.dumps(each, ensure_ascii=False) for each in RECORDS)
MARKS = {
    "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}  # fmt: skip


@pytest.mark.parametrize("charset", MARKS)
def test_records_keep_the_bytes_of_the_file(charset: str) -> None:
    data = MARKS[charset] + TEXT.encode(charset)
    assert (charset_of(data), is_wide(data)) == ((charset, len(MARKS[charset])), True)
    ledger = Ledger()
    frames = list(widely(json_lines)(data, ledger))
    assert [frame.value for frame in frames if isinstance(frame, Record)] == RECORDS
    for frame, record in zip(frames, RECORDS, strict=True):
        assert isinstance(frame, Record)
        assert data[frame.offset : frame.offset + len(frame.raw)] == frame.raw
        assert json.loads(frame.raw.decode(charset)) == record
    assert [frame.line for frame in frames] == [1, 2, 3, 4, 5]
    assert ledger.separators == len(data) - sum(len(f.raw) for f in frames if isinstance(f, Record))
    assert narrow_head(data, 40 + len(MARKS[charset])).startswith(b'{"instruct')


def test_utf16_without_a_mark_is_told_by_its_empty_halves() -> None:
    assert charset_of("{}".encode("utf-16-le")) == ("utf-16-le", 0)
    assert charset_of("{}".encode("utf-16-be")) == ("utf-16-be", 0)
    assert (charset_of(b"{}"), is_wide(b"\xef\xbb\xbf{}")) == (("utf-8", 0), False)


def test_damage_has_its_place() -> None:
    data = TEXT.replace('"output"', "output", 1).encode("utf-16") + b"x"
    frames = list(widely(json_lines)(data, Ledger()))
    first, last = frames[0], frames[-1]
    assert isinstance(first, Fault)
    assert isinstance(last, Fault)
    assert (first.kind, first.offset, first.length) == (
        "bad-json",
        2,
        2 * len(TEXT.split("\n")[0]) + 2 - 4,
    )
    assert (last.kind, last.offset, last.length) == ("truncated", len(data) - 1, 1)
    (whole,) = widely(json_values)(b"\xff\xfe\0\0" + b"\xff" * 8, Ledger())
    assert isinstance(whole, Fault)
    assert (whole.kind, whole.length) == ("bad-encoding", 12)


def test_half_a_character_is_told_and_costs_one_record() -> None:
    data = TEXT.replace("Wh\u00ff 1", "\ud83d").encode("utf-16", "surrogatepass")
    frames = list(widely(json_lines)(data, Ledger()))
    assert [isinstance(frame, Record) for frame in frames] == [True, False, True, True, True]
    assert all(data[f.offset :].startswith(f.raw) for f in frames if isinstance(f, Record))


def test_what_powershell_redirects_is_read() -> None:
    data = ("[\r\n" + ",\r\n".join(map(json.dumps, RECORDS)) + "\r\n]\r\n").encode("utf-16")
    assert format_of(data, "out") == "json-records"
    items, problems, _ = read_all(json_records.read, data)
    assert [texts(item)["prompt"] for item in items] == [each["instruction"] for each in RECORDS]
    assert problems == []
    lines = TEXT.encode("utf-16")
    assert format_of(lines, "out") == "jsonl"
    assert len(read_all(jsonl.read, lines, Context())[0]) == 5
