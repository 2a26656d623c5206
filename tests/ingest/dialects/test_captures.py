from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.captures import read_har_entry, read_interaction, read_nock
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context

ASK = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hi"}]})
ANSWER = json.dumps(
    {"model": "m", "choices": [{"message": {"role": "assistant", "content": "Yo"}}]}
)
PACKED = gzip.compress(ANSWER.encode(), mtime=0)


def entry(content: Any, **more: Any) -> dict[str, Any]:
    return {
        "startedDateTime": "2026-01-02T03:04:05.678+01:00", "time": 99.6,
        "timings": {"blocked": -1, "send": 1, "wait": 50.4, "receive": 40},
        "request": {"method": "POST", "url": "https://api.openai.com/v1/chat/completions", "headers": [],
                    "cookies": [{"name": "sid", "value": "secret"}],
                    "postData": {"mimeType": "application/json", "text": ASK}},
        "response": {"status": 200, "headers": [], "content": content}, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        {"mimeType": "application/json", "text": ANSWER},
        {"text": base64.b64encode(ANSWER.encode()).decode(), "encoding": "base64"},
        {"text": base64.b64encode(PACKED).decode(), "encoding": "base64"},
    ],
)
def test_a_har_entry_with_its_body_in_all_forms(content: dict[str, Any]) -> None:
    draft = Draft(b"", Context())
    draft.around = {"creator": {"name": "t"}, "pages": [{"id": "p", "title": "Page"}]}
    assert read_har_entry(entry(content, pageref="p", serverIPAddress="192.0.2.2"), draft)
    assert (draft.kind, draft.prompt, draft.output, draft.problems) == ("exchange", "Hi", "Yo", ())
    assert draft.when is not None
    assert (draft.when.raw, draft.when.resolution_us) == ("2026-01-02T03:04:05.678+01:00", 1000)
    assert (draft.fields["latency_ms"], draft.fields["ttft_ms"]) == (100, 51)
    assert (draft.extra["page_title"], draft.extra["serverIPAddress"]) == ("Page", "192.0.2.2")
    assert "secret" not in json.dumps(draft.extra)


def test_a_har_entry_saved_without_its_body() -> None:
    draft = Draft(b"", Context())
    assert read_har_entry(entry({"size": 900, "mimeType": "application/json"}), draft)
    assert draft.missing == ("body-elsewhere",)
    assert [each.kind for each in draft.problems] == ["no-body"]


def test_base64_that_is_none() -> None:
    draft = Draft(b"", Context())
    assert read_har_entry(entry({"text": "a", "encoding": "base64"}), draft)
    assert [each.kind for each in draft.problems] == ["bad-base64"]


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (ASK, {"string": ANSWER}),
        (ASK, {"string": PACKED}),
        (ASK, {"string": PACKED.decode("latin-1")}),
        (ASK, {"base64_string": base64.b64encode(PACKED).decode()}),
        ({"encoding": "UTF-8", "string": ASK}, {"encoding": "UTF-8", "string": ANSWER}),
        (json.loads(ASK), json.loads(ANSWER)),
        (ASK.encode(), ANSWER),
    ],
)
def test_an_interaction_with_its_body_in_all_forms(ask: Any, answer: Any) -> None:
    draft = Draft(b"", Context())
    record = {
        "request": {"method": "post", "uri": "https://x.example/v1", "headers": {}, "body": ask},
        "response": {"status": {"code": 200, "message": "OK"}, "body": answer,
                     "headers": {"Content-Encoding": ["gzip"], "Date": ["Mon, 11 Nov 2024 23:43:52 GMT"]}},
    }  # fmt: skip
    assert read_interaction(record, draft)
    assert (draft.prompt, draft.output, draft.problems) == ("Hi", "Yo", ())
    assert draft.when is not None
    assert draft.when.field == "Date"


@pytest.mark.parametrize(
    ("record", "name"),
    [
        (entry({}), "HAR entry"),
        ({"request": {"method": "GET", "url": "/"}, "startedDateTime": "x"}, "HAR entry"),
        ({"request": {"method": "GET", "url": "/"}, "response": {}}, ""),
        ({"request": {"method": 1, "url": "/"}, "startedDateTime": "x"}, ""),
        ({"request": {"method": "GET", "url": "/", "body": ""},
          "response": {"code": 200, "body": "", "status": "200 OK"}}, "HTTP cassette"),
        ({"request": {"method": "GET", "uri": "/"}, "response": {"status": {}, "body": {}}}, ""),
        ({"request": {"method": "GET", "uri": "/"}, "response": {"status": 200}}, ""),
        ({"request": {}, "response": []}, ""),
    ],
)  # fmt: skip
def test_what_is_a_recorded_call(record: dict[str, Any], name: str) -> None:
    assert recognise(record) == name


def test_a_status_that_no_server_gives_is_none() -> None:
    draft = Draft(b"", Context())
    assert read_har_entry(
        {**entry({}), "response": {"status": 2**70, "headers": [], "content": {}}}, draft
    )
    assert "status" not in draft.fields


def test_messages_of_a_web_socket_can_be_searched() -> None:
    draft = Draft(b"", Context())
    record = entry({}, _webSocketMessages=[
        {"type": "send", "opcode": 1, "data": "ask"}, {"type": "receive", "opcode": 1, "data": "told"},
        {"type": "receive", "opcode": 2, "data": "AAAA"}, 7, {"data": 1},
    ])  # fmt: skip
    record["request"] = {"method": "GET", "url": "wss://h.example/s", "headers": []}
    assert read_har_entry(record, draft)
    assert draft.texts == (("body", "GET wss://h.example/s 200\n→ ask\n← told"),)


CHAT = "https://api.openai.com/v1/chat/completions"
HI = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
YO = {"id": "c", "model": "m-1", "choices": [{"message": {"role": "assistant", "content": "Yo"}}]}
PACKED = gzip.compress(json.dumps(YO).encode()).hex()


@pytest.mark.parametrize(
    "record",
    [
        {"request": {"method": "POST", "uri": CHAT, "headers": {}, "parsed_body": HI},
         "response": {"headers": {}, "parsed_body": YO, "status": {"code": 200}}},
        {"request": {"method": "POST", "uri": CHAT, "headers": {}, "body": json.dumps(HI)},
         "response": {"headers": {}, "content": json.dumps(YO), "status_code": 200}},
        {"request": {"method": "POST", "url": CHAT, "headers": {}, "body": json.dumps(HI)},
         "response": {"headers": {}, "body": json.dumps(YO), "status": "200 OK", "duration": "1.5s"}},
        {"scope": "https://api.openai.com:443", "method": "POST", "path": "/v1/chat/completions", "body": HI,
         "status": 200, "response": YO, "rawHeaders": ["x-request-id", "r"]},
        {"scope": "https://api.openai.com:443", "method": "POST", "path": "/v1/chat/completions", "body": HI,
         "status": 200, "response": [PACKED[:20], PACKED[20:]], "rawHeaders": ["Content-Encoding", "gzip"]},
    ],
)  # fmt: skip
def test_recorders_with_names_of_their_own(record: dict[str, Any]) -> None:
    draft = Draft(b"", Context())
    assert read_interaction(record, draft) or read_nock(record, draft)
    assert (draft.kind, draft.prompt, draft.output) == ("exchange", "Hi", "Yo")
    fields = draft.fields
    assert (fields["model"], fields["status"], fields["endpoint"]) == ("m-1", 200, CHAT)
    if "duration" in record.get("response", {}):
        assert fields["latency_ms"] == 1500
