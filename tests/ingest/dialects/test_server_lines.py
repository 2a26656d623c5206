from __future__ import annotations

import pytest

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.server_lines import is_server_line, server_line
from casekit.ingest.parsed import Context, When

ASKED = (
    b"INFO 12-06 14:09:27 logger.py:37] Received request cmpl-24f0-0: prompt: 'It\\'s\\n\"time\"', params: "
    b"SamplingParams(n=2, presence_penalty=0.0, temperature=0.5, top_p=1.0, top_k=-1, seed=None, "
    b"max_tokens=512), prompt_token_ids: [1, 2], lora_request: None."
)


def read(line: bytes) -> Draft:
    draft = Draft(line, Context())
    assert is_server_line(line)
    assert server_line(line, draft)
    return draft


def test_a_request_has_its_prompt_and_no_time() -> None:
    draft = read(ASKED)
    assert (draft.kind, draft.prompt, draft.when, draft.missing) == (
        "exchange",
        'It\'s\n"time"',
        None,
        ("unjoined",),
    )
    draft.fields.pop("parameters")
    assert draft.fields == {
        "provider": "vllm", "request_id": "cmpl-24f0-0", "answers": 2, "temperature": 0.5, "top_p": 1.0,
        "top_k": -1, "max_tokens": 512,
    }  # fmt: skip
    assert draft.extra["time"] == "12-06 14:09:27"


def test_later_versions_print_other_lines() -> None:
    bare = read(
        b"(APIServer pid=7) INFO 09-10 12:00:00 [logger.py:40] Received request chatcmpl-1: "
        b"params: SamplingParams(n=1, temperature=0.7)"
    )
    answer = read(
        b"INFO 09-10 12:00:01 [logger.py:69] Generated response chatcmpl-1 (streaming complete): "
        b"output: 'Bern.', output_token_ids: [1], finish_reason: stop"
    )
    assert (bare.kind, bare.fields["request_id"], bare.fields["temperature"]) == (
        "request",
        "chatcmpl-1",
        0.7,
    )
    assert bare.extra["process"] == "APIServer pid=7"
    assert (answer.output, answer.fields["finish_reason"], answer.fields["request_id"]) == (
        "Bern.", "stop", "chatcmpl-1",
    )  # fmt: skip


def test_access_lines_and_other_events() -> None:
    access = read(b'INFO:     ::1:36536 - "GET /v1/models HTTP/1.1" 200 OK')
    event = read(b"INFO 12-06 14:09:17 metrics.py:449] Avg prompt throughput: 0.0 tokens/s")
    dated = read(b"INFO 2025-12-06 14:09:17 [metrics.py:449] x")
    assert (access.kind, access.title) == ("request", "200 GET /v1/models HTTP/1.1")
    assert access.fields == {"ip": "::1", "status": 200, "endpoint": "/v1/models"}
    assert (event.kind, event.title) == ("record", "Avg prompt throughput: 0.0 tokens/s")
    assert dated.when == When(
        1_765_030_157_000_000, "2025-12-06 14:09:17", "time", "assumed:no zone given, read as UTC"
    )


@pytest.mark.parametrize(
    "line", [b"", b"INFO", b"Traceback (most recent call last):", b"\xff" * 9, b"INFO: started"]
)
def test_other_lines_are_none(line: bytes) -> None:
    assert not is_server_line(line)


def test_a_prompt_that_is_cut_or_endless_does_no_harm() -> None:
    assert read(ASKED[:90]).kind == "record"
    assert read(ASKED.replace(b"It", b"\\\\" * 50_000)).prompt.startswith("\\")


def test_what_a_server_says_of_itself_is_a_record() -> None:
    draft = Draft(b"", Context())
    assert server_line(b"(APIServer pid=1) INFO:     Started server process [1]", draft)
    assert (draft.kind, draft.title) == ("record", "Started server process [1]")
    assert draft.extra == {"process": "APIServer pid=1", "level": "INFO"}
    assert not is_server_line(b"INFO:     Started server process [1]")


@pytest.mark.parametrize(
    ("took", "milliseconds"),
    [("1.5s", 1500), ("350.2ms", 350), ("1m2.5s", 62500), ("12.3µs", 0), ("1.2.3s", None)],
)  # fmt: skip
def test_a_call_of_ollama_has_its_span_and_a_time_without_zone(
    took: str, milliseconds: int | None
) -> None:
    line = (
        f'[GIN] 2025/01/02 - 10:00:07 | 404 | {took:>12} |     203.0.113.5 | POST     "/api/chat"'
    )
    draft = read(line.encode())
    assert (draft.kind, draft.title) == ("request", "404 POST /api/chat")
    assert draft.when is not None
    assert (draft.when.raw, draft.when.zone[:7]) == ("2025/01/02 10:00:07", "assumed")
    assert draft.fields.get("latency_ms") == milliseconds
    assert (draft.fields["ip"], draft.fields["status"]) == ("203.0.113.5", 404)
    assert (draft.extra.get("took") == took) is (milliseconds is None)


def test_other_lines_of_ollama_are_events_with_their_words() -> None:
    draft = read(
        b'time=2025-01-02T10:00:00.123+01:00 level=INFO source=routes.go:1187 msg="Listening on \\"x\\""'
    )
    assert (draft.kind, draft.title) == ("record", 'Listening on \\"x\\"')
    assert draft.when is not None
    assert draft.when.zone == "explicit"
    assert read(b"time=2025-01-02T10:00:00.123Z level=WARN msg=slow").title == "slow"
    assert not is_server_line(b"[GIN] 2025/01/02 - 10:00:07 | cut")
