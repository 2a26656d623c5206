from __future__ import annotations

import pytest

from casekit.ingest.parsed import Context
from casekit.ingest.readers.event_stream import read
from casekit.ingest.reading import format_of
from tests.ingest.dialects.test_sse import CHAT, MESSAGE, RESPONSE, sse
from tests.ingest.records_case import read_all, texts


@pytest.mark.parametrize(
    ("data", "output"),
    [
        (sse(*CHAT, "[DONE]"), 'Hello\r\n \n[function f] {"a": 1}\n[function_call g] {}'),
        (sse(*MESSAGE, named=True, end="\r\n"), 'Bonjour\n[tool_use w] {"p": "x"}'),
        (": keep-alive\n\n" + sse(*RESPONSE, named=True), "Ja"),
    ],
)
def test_a_saved_stream_is_an_answer(data: str, output: str) -> None:
    raw = data.encode()
    assert format_of(raw, "x") == "event-stream"
    (item,), problems, _ = read_all(read, raw)
    assert (problems, item.kind, item.collection) == ([], "exchange", "outputs")
    assert texts(item)["output"] == output
    assert item.exchange is not None
    assert (item.exchange.stream, "no-prompt" in item.exchange.completeness) == (1, True)


def test_every_cut_ends_in_a_clear_state() -> None:
    raw = sse(*CHAT, "[DONE]").encode()
    for size in range(1, len(raw), 9):
        (item,), _, books = read_all(read, raw[:size])
        assert (item.kind, books.good) in (("exchange", size), ("document", size))


@pytest.mark.parametrize(
    "raw", [b"data: {}\n\n", b"event: x\ndata: 1\n\n", b"data: {\xff", b"", b"id: 1\n" * 1000]
)
def test_other_streams_are_documents(raw: bytes) -> None:
    assert format_of(raw, "x") != "event-stream"
    (item,), _, _ = read_all(read, raw, Context(name="f"))
    assert item.kind == "document"
