from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.engine_lines import (
    engine_line,
    is_engine_line,
    read_llama,
    read_tgi,
)
from casekit.ingest.parsed import Context

TIMES = (
    'total_time="735.200735ms" validation_time="955.594µs" queue_time="73.176µs" '
    'inference_time="734.172108ms" time_per_token="36.708605ms"'
)
PARAMETERS = (
    "GenerateParameters { best_of: None, temperature: Some(0.5), top_k: Some(40), top_p: None, "
    "max_new_tokens: Some(14), seed: None }"
)
SERVER = "text_generation_router::server: router/src/server.rs:622:"
CALLED = (
    "2024-12-10T21:50:03.478010Z  INFO HTTP request{otel.name=POST / http.client_ip=198.18.7.1 "
    "http.method=POST http.target=/generate http.user_agent=my app/1.0 otel.kind=server}:compat_generate{x=1}:"
    f'generate{{parameters={PARAMETERS} {TIMES} seed="Some(77)"}}: {SERVER} Success'
)


def read(line: str) -> Draft:
    draft = Draft(line.encode(), Context())
    assert engine_line(line, draft)
    return draft


@pytest.mark.parametrize("coloured", [False, True])
def test_a_call_that_tgi_prints_with_its_times(coloured: bool) -> None:
    line = CALLED.replace("  INFO ", " \x1b[32m INFO\x1b[0m ") if coloured else CALLED
    draft = read(line)
    assert is_engine_line(line)
    assert (draft.kind, draft.title, draft.collection) == ("request", "generate Success", "api-log")
    assert draft.when is not None
    assert (draft.when.us, draft.when.zone) == (1_733_867_403_478_010, "explicit")
    assert draft.fields == {
        "provider": "tgi", "operation": "generate", "latency_ms": 735, "temperature": 0.5, "top_k": 40,
        "max_tokens": 14, "seed": 77, "ip": "198.18.7.1", "endpoint": "/generate", "user_agent": "my app/1.0",
    }  # fmt: skip
    assert "queue_time" in draft.extra["spans"]


def test_a_call_that_failed_and_what_tgi_says_of_itself() -> None:
    failed = read(
        "2024-12-10T21:50:03.478010Z ERROR chat_completions{x=1}: text_generation_router::infer: "
        "router/src/infer/mod.rs:102: `inputs` must have less"
    )
    assert (failed.kind, failed.fields["error"], failed.fields["operation"]) == (
        "request", "`inputs` must have less", "chat_completions",
    )  # fmt: skip
    told = read(f"2024-12-10T21:49:50.317182Z  INFO {SERVER} Connected")
    assert (told.kind, told.title, told.extra["place"]) == (
        "record", "Connected", "router/src/server.rs:622",
    )  # fmt: skip
    launched = read(
        "2024-12-10T21:49:50.317182Z  INFO text_generation_launcher: Starting Webserver"
    )
    assert (launched.kind, launched.title) == ("record", "Starting Webserver")


def test_tgi_as_json() -> None:
    span = {"name": "generate", "parameters": PARAMETERS, "total_time": "1.5s", "seed": "None"}
    record: dict[str, Any] = {
        "timestamp": "2023-10-10T21:50:03.478010Z", "level": "INFO", "message": "Success",
        "target": "text_generation_router::server", "span": span,
        "spans": [{"name": "HTTP request", "http.client_ip": "198.18.7.1"}, span],
    }  # fmt: skip
    draft = Draft(b"", Context())
    assert recognise(record) == "TGI log"
    assert read_tgi(record, draft)
    assert (draft.kind, draft.when is not None, draft.extra["spans"]) == (
        "request",
        True,
        record["spans"],
    )
    assert draft.fields == {
        "provider": "tgi", "operation": "generate", "latency_ms": 1500, "temperature": 0.5, "top_k": 40,
        "max_tokens": 14, "ip": "198.18.7.1",
    }  # fmt: skip
    ready = Draft(b"", Context())
    told = {"timestamp": "2024-02-21T05:09:58.029562Z", "level": "INFO", "target": "text_generation_launcher",
            "fields": {"message": "Shard ready"}}  # fmt: skip
    assert read_tgi(told, ready)
    assert (ready.kind, ready.title) == ("record", "Shard ready")


@pytest.mark.parametrize(
    ("line", "ip", "elapsed"),
    [
        ("srv  log_server_r: request: POST /v1/chat/completions 127.0.0.1 200", "127.0.0.1", None),
        (
            "1.02.000.004 I srv  log_server_r: done request: POST /v1/chat/completions ::1 200",
            "::1",
            "1.02.000.004",
        ),
        (
            "0.00.040.000 I srv  log_server_r: request: POST /v1/chat/completions 200",
            None,
            "0.00.040.000",
        ),
    ],
)
def test_a_call_that_llama_cpp_prints(line: str, ip: str | None, elapsed: str | None) -> None:
    draft = read(line)
    assert is_engine_line(line)
    assert (draft.kind, draft.title, draft.when) == (
        "request",
        "200 POST /v1/chat/completions",
        None,
    )
    assert (draft.fields.get("ip"), draft.fields["status"], draft.fields["endpoint"]) == (
        ip, 200, "/v1/chat/completions",
    )  # fmt: skip
    assert draft.extra.get("elapsed") == elapsed


@pytest.mark.parametrize(
    "line",
    [
        "slot print_timing: id  0 | task 0 |",
        "       eval time =     220.45 ms /     9 tokens (   24.49 ms per token)",
        "slot   operator(): id  0 | task 112 | cached n_tokens = 0",
        "llama_model_loader: - kv   0: general.architecture str = llama",
    ],
)
def test_what_a_task_of_llama_cpp_took_is_a_record_and_counts_for_no_call(line: str) -> None:
    draft = read(line)
    assert is_engine_line(line)
    assert (draft.kind, draft.title, draft.fields) == (
        "record",
        line.strip(),
        {"provider": "llama.cpp"},
    )


def test_what_any_program_might_print_is_llama_cpps_among_its_others_only() -> None:
    line = "main: server is listening on http://127.0.0.1:8080"
    assert not is_engine_line(line)
    assert read(line).kind == "record"
    for other in (
        "",
        "Anna: hello",
        "total time = soon",
        "srv: x",
        "2024-12-10T21:49:50Z INFO other: x",
    ):
        assert not engine_line(other, Draft(b"", Context()))


def test_llama_cpp_as_json() -> None:
    record = {"tid": "140", "timestamp": 1709211236, "level": "INFO", "function": "print_timings", "line": 327,
              "msg": "prompt eval time", "id_task": 0, "n_prompt_tokens_processed": 26}  # fmt: skip
    draft = Draft(b"", Context())
    assert recognise(record) == "llama.cpp log"
    assert read_llama(record, draft)
    assert (draft.kind, draft.title, "input_tokens" in draft.fields) == (
        "record",
        "prompt eval time",
        False,
    )
    call = {**record, "function": "log_server_request", "msg": "request", "remote_addr": "127.0.0.1",
            "status": 200, "method": "POST", "path": "/completion"}  # fmt: skip
    assert recognise(call) == "JSON access log"
