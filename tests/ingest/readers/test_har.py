from __future__ import annotations

import json
from pathlib import Path

import pytest

from casekit.ingest.parsed import Context, Problem
from casekit.ingest.readers.har import read
from casekit.ingest.reading import format_of
from tests.ingest.records_case import read_all

ASK = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hi"}]})
ANSWER = json.dumps(
    {"model": "m", "choices": [{"message": {"role": "assistant", "content": "Yo"}}]}
)


def entry(number: int) -> dict[str, object]:
    api = number % 2 == 0
    request = {
        "method": "POST" if api else "GET",
        "url": f"https://h.example/{number}",
        "headers": [],
    }
    if api:
        request["postData"] = {"text": ASK}
    return {
        "startedDateTime": "2026-01-02T03:04:05Z",
        "request": request,
        "response": {"status": 200, "headers": [], "content": {"text": ANSWER if api else "<p>"}},
    }


HAR = {"log": {"version": "1.2", "creator": {"name": "me", "version": "1"}, "pages": [],
               "entries": [entry(n) for n in range(4)], "comment": "end"}}  # fmt: skip
DATA = json.dumps(HAR, indent=1).encode()


@pytest.mark.parametrize(
    "data",
    [DATA, b"\xef\xbb\xbf" + DATA, json.dumps({"test_response": HAR}).encode(), json.dumps(HAR).encode()],
)  # fmt: skip
def test_each_call_is_an_item(data: bytes) -> None:
    assert format_of(data, "x.bin") == "har"
    items, problems, books = read_all(read, data)
    assert problems == []
    assert [(item.kind, item.title) for item in items] == [
        ("exchange", "Hi"),
        ("request", "GET https://h.example/1 200"),
        ("exchange", "Hi"),
        ("request", "GET https://h.example/3 200"),
    ]
    assert books.quarantined == 0
    for item in items:
        assert item.exchange is not None
        assert json.loads(item.exchange.extra)["creator"] == {"name": "me", "version": "1"}


def test_every_cut_gives_the_calls_before_it() -> None:
    ends = [read_all(read, DATA)[0][n].steps[0] for n in range(4)]
    for size in range(DATA.index(b'"entries"'), len(DATA), 7):
        items, problems, _ = read_all(read, DATA[:size])
        whole = sum(step.offset + step.length <= size for step in ends)
        exact = [item for item in items if item.kind != "document"]
        assert len(exact) == whole
        assert problems or size > ends[-1].offset + ends[-1].length or items


def test_a_damaged_entry_costs_itself() -> None:
    data = DATA.replace(b"h.example/1", b"h.example/\xff")
    items, problems, _ = read_all(read, data)
    assert [item.title for item in items] == ["Hi", "Hi", "GET https://h.example/3 200"]
    assert [each.kind for each in problems] == ["bad-utf8"]


@pytest.mark.parametrize(
    "data",
    [b'{"log": {"entries": []}}', b'{"log": {"creator": 1, "entries": 7}}', b'{"log": {"creator"',
     b'{"log": {"pages": [' * 500, b'{"log": {"creator": {}, "entries": [7, "a", {}, [{}]]}}'],
)  # fmt: skip
def test_what_only_looks_like_one_is_kept(data: bytes) -> None:
    items, problems, books = read_all(read, data, Context(name="a.har"))
    assert [item.kind for item in items] == ["document"]
    assert books.good == len(data)
    assert all(isinstance(each, Problem) for each in problems)


@pytest.mark.corpus
def test_the_real_files(corpus: Path) -> None:
    seen = {}
    for path in sorted((corpus / "api" / "har").iterdir()):
        data = path.read_bytes()
        assert format_of(data, "x") == "har"
        items, problems, _ = read_all(read, data)
        assert problems == []
        seen[path.name] = [item.title for item in items]
    assert seen == {
        "incomplete_log.har": [
            "GET https://example.com/", "GET https://google.com/",
            "POST https://google.com/", "POST https://google.com/",
        ],
        "insomnia.har": ["GET http://mitm.it/ 200"],
        "postdata.har": ["POST https://signal-metrics-collector-beta.s-onetag.com/metrics 200"],
        "with-bom.har": ["POST https://signal-metrics-collector-beta.s-onetag.com/metrics 200"],
    }  # fmt: skip
