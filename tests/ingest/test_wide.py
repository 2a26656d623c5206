from __future__ import annotations

import codecs
import io
import json

import pytest

from casekit.ingest.framing import Fault, Ledger, Record, json_lines, json_values
from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.pointer import resolve
from casekit.ingest.readers import json_records, jsonl
from casekit.ingest.reading import format_of
from casekit.ingest.wide import charset_of, is_wide, widely
from tests.batches import anthropic_request
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


@pytest.mark.parametrize("charset", MARKS)
def test_json_in_utf32_or_utf16_is_told_without_a_mark(charset: str) -> None:
    data = json.dumps(RECORDS).encode(charset)
    assert charset_of(data) == (charset, 0)
    assert format_of(data, "a.json") == "json-records"
    items, _, _ = read_all(json_records.read, data)
    assert [texts(item)["prompt"] for item in items] == [each["instruction"] for each in RECORDS]


@pytest.mark.parametrize(
    "head", [b"{\0\0\0", b"{\0\0\0\1\0\0\0", b"P\0\0\0K\0\0\0", b"\0\0\0{\0\0\1a"]
)
def test_bytes_that_only_begin_like_utf32_are_not_taken_for_it(head: bytes) -> None:
    assert charset_of(head) == ("utf-8", 0)


# -- documents that hold many records -------------------------------------------------------------


def batch_document(count: int) -> dict[str, object]:
    asked = [anthropic_request(f"r-{n}", f"Wh\u00ff {n} \U0001f600?") for n in range(count)]
    return {"note": "\U0001f600", "requests": asked}


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("charset", MARKS)
def test_a_document_of_many_records_is_taken_apart_in_every_encoding(
    charset: str, mark: bool
) -> None:
    text = json.dumps(batch_document(4), ensure_ascii=False, indent=1)
    data = (MARKS[charset] if mark else b"") + text.encode(charset)
    items, problems, books = read_all(json_records.read, data)
    assert [texts(item)["prompt"] for item in items] == [
        f"Wh\u00ff {n} \U0001f600?" for n in range(4)
    ]
    for number, item in enumerate(items):
        (step,) = item.steps
        whole = json.loads(data[step.offset : step.offset + step.length].decode(charset))
        assert whole["custom_id"] == f"r-{number}"
        assert step.line == text[: text.index(f'"r-{number}"')].count("\n")
    assert (problems, books.quarantined) == ([], 0)
    if charset == "utf-16-le":
        with io.BytesIO(data) as source:
            assert (
                resolve(source, items[2].steps) == data[items[2].steps[0].offset :][: items[2].size]
            )


@pytest.mark.parametrize("charset", MARKS)
def test_a_document_that_breaks_off_gives_the_records_before(charset: str) -> None:
    asked = {"method": "GET", "url": "https://a.example/", "headers": []}
    answered = {"status": 200, "headers": [], "content": {}}
    entries = [
        {"startedDateTime": f"2026-01-01T00:00:0{n}Z", "request": asked, "response": answered}
        for n in range(4)
    ]
    text = json.dumps({"log": {"version": "1.2", "entries": entries}})
    data = MARKS[charset] + text[: text.rindex("startedDateTime") + 30].encode(charset)
    items, problems, books = read_all(json_records.read, data)
    assert [item.when.raw for item in items if item.when] == [
        f"2026-01-01T00:00:0{n}Z" for n in range(3)
    ]
    assert [each.kind for each in problems] == ["truncated"]
    assert books.quarantined


@pytest.mark.parametrize("bad", ["\u010a", "\u227b\u227d", "\u5b5b"])
def test_characters_whose_halves_look_like_punctuation_move_no_place(bad: str) -> None:
    text = json.dumps(batch_document(3), ensure_ascii=False).replace("Wh\u00ff 1", bad)
    data = b"\xff\xfe" + text.encode("utf-16-le")
    found = list(json_records.read(data, Context()))
    steps = [each.steps[0] for each in found if isinstance(each, Parsed)]
    keys = [
        json.loads(data[s.offset : s.offset + s.length].decode("utf-16-le"))["custom_id"]
        for s in steps
    ]
    assert (keys, [step.line for step in steps]) == (["r-0", "r-1", "r-2"], [1, 1, 1])
    assert found[-1] == Books(
        sum(s.length for s in steps), 0, len(data) - sum(s.length for s in steps)
    )


def test_half_a_character_in_a_document_costs_none_of_its_bytes() -> None:
    text = json.dumps(batch_document(3), ensure_ascii=False).replace("Wh\u00ff 1", "\ud83d")
    data = b"\xff\xfe" + text.encode("utf-16-le", "surrogatepass")
    (item,), _, books = read_all(json_records.read, data)
    assert (item.kind, item.size, books.good) == ("document", len(data), len(data))
    assert "bad-utf8" in [each.kind for each in item.problems]
