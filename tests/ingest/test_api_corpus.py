"""The real API logs of the corpus: what each folder holds, counted and read by hand once.

A file is given without its name, so that only its content can tell what it is.
"""

from __future__ import annotations

import json
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from casekit.ingest.formats import BY_ID
from casekit.ingest.parsed import Exchange, Parsed, Problem
from casekit.ingest.sniff import identify
from tests.ingest.records_case import read_all

pytestmark = pytest.mark.corpus

# Folder: kinds of all items, children too.
COUNTS = {
    "anthropic_messages": {"exchange": 1},
    "aws_bedrock": {"exchange": 2},
    "azure_openai": {"exchange": 1, "request": 3},
    "chatgpt_export": {"document": 1, "exchange": 2, "request": 1},
    # Three traces: one of two observations, two of three each, of which two kept no messages.
    "langfuse": {"document": 2, "exchange": 5, "record": 2, "request": 1},
    "langsmith": {"exchange": 2, "record": 2},  # each run, and the patch that completes it
    "nginx": {"request": 4},
    "openai_audit": {"record": 1},
    # Nine answers, one streamed in three pieces, a stored question, usage, costs; two examples are no JSON.
    "openai_spec_examples": {"exchange": 10, "record": 4, "request": 1, "document": 2},
    "otlp": {"record": 2},
    "vllm": {"record": 1, "request": 1},
}


def family(item: Parsed) -> list[Parsed]:
    return [item, *(each for child in item.children for each in family(child))]


def read_file(path: Path) -> tuple[list[Parsed], list[Problem]]:
    data = path.read_bytes()
    form = identify(data[:65536], len(data), "")
    module = import_module(f"casekit.ingest.readers.{BY_ID[form.id].module}")
    items, problems, _ = read_all(module.read, data)
    return items, problems


def read_folder(corpus: Path, folder: str) -> list[Parsed]:
    found = [read_file(path) for path in sorted((corpus / "api" / folder).iterdir())]
    return [each for items, _ in found for item in items for each in family(item)]


def said(item: Parsed) -> dict[str, Any]:
    """The exchange's filled fields, without the long ones that hold the rest."""
    assert item.exchange is not None
    rest = ("messages", "parameters", "extra", "prompt_sha256", "completeness", "sdk")
    return {
        name: value
        for name in Exchange.__struct_fields__
        if (value := getattr(item.exchange, name)) not in ("", None) and name not in rest
    }


def only(corpus: Path, folder: str, kind: str) -> list[Parsed]:
    return [each for each in read_folder(corpus, folder) if each.kind == kind]


@pytest.mark.parametrize("folder", COUNTS)
def test_every_folder_is_known_by_its_content(corpus: Path, folder: str) -> None:
    assert Counter(each.kind for each in read_folder(corpus, folder)) == COUNTS[folder]


def test_anthropic_messages(corpus: Path) -> None:
    (item,) = only(corpus, "anthropic_messages", "exchange")
    assert dict(item.texts)["output"] == '{"name":"John Doe","age":30}'
    assert said(item) == {
        "model": "claude-sonnet-4-5-20250929",
        "model_requested": "claude-sonnet-4-5",
        "provider": "anthropic",
        "endpoint": "https://api.anthropic.com/v1/messages?beta=true",
        "request_id": "msg_01EojSKby3oqoP7mb4PHsMJ7",
        "user_agent": "AsyncAnthropic/Python 0.82.0",
        "status": 200,
        "finish_reason": "end_turn",
        "max_tokens": 1024,
        "input_tokens": 222,
        "output_tokens": 14,
        "api_version": "2023-06-01",
        "cache_read_tokens": 0,
        "cache_write_tokens": 0,
    }
    assert item.exchange is not None
    assert item.exchange.completeness == ("no-time",)
    assert json.loads(item.exchange.sdk)["x-stainless-os"] == "MacOS"


def test_bedrock(corpus: Path) -> None:
    guarded, streamed = only(corpus, "aws_bedrock", "exchange")
    assert dict(guarded.texts)["prompt"].startswith("Contact me at user@example.com")
    assert dict(streamed.texts) == {
        "prompt": "user: what is the capital of maryland usa\n\nassistant: The capital of Maryland is "
        "Annapolis.\n\nuser: what is the capital of missouri, usa?",
        "output": "The capital of Missouri is Jefferson City.",
    }
    assert said(streamed) == {
        "model": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "model_requested": "arn:aws:bedrock:us-east-1:111122223333:inference-profile/"
        "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "provider": "aws-bedrock",
        "account": "arn:aws:iam::111122223333:user/bedrock-test",
        "request_id": "304a166e-71c0-467a-b65c-8b8655354959",
        "finish_reason": "end_turn",
        "temperature": 0.7,
        "max_tokens": 32000,
        "input_tokens": 62,
        "output_tokens": 36,
        "latency_ms": 1134,
        "organisation": "111122223333",
        "operation": "ConverseStream",
        "stream": 1,
        "top_k": 250,
        "joint": "bedrock/part",
    }


def test_azure(corpus: Path) -> None:
    (gateway,) = only(corpus, "azure_openai", "exchange")
    thread, chat, image = only(corpus, "azure_openai", "request")
    assert dict(gateway.texts) == {"prompt": "test"}
    assert said(gateway) == {
        "model_requested": "gpt-chat-pilot",
        "provider": "azure",
        "endpoint": "https://azure-openai-apm.azure-api.net/deployments/gpt-chat-pilot/chat/completions"
        "?api-version=2024-02-15-preview",
        "request_id": "0aa398fe-7b98-49aa-8352-52ce04ddc34a",
        "ip": "81.2.69.144",
        "status": 400,
        "latency_ms": 453,
        "operation": "Microsoft.ApiManagement/GatewayLogs",
        "api_version": "2024-02-15-preview",
        "error": "content_filter",
        "joint": "apim/part",
    }
    assert said(chat) == {
        "model": "gpt-35-turbo",
        "model_requested": "gpt-chat-pilot",
        "provider": "azure",
        "request_id": "d427a391-2bc7-4f38-9cbc-6560600e0981",
        "ip": "81.2.69.***",
        "status": 200,
        "latency_ms": 1021,
        "operation": "ChatCompletions_Create",
        "api_version": "2023-07-01-preview",
        "stream": 0,
    }
    for item in (thread, chat, image):
        assert item.exchange is not None
        assert item.exchange.completeness == ("no-prompt", "no-output", "ip-masked")
        assert item.when is not None
        assert item.when.resolution_us == 1
    assert [said(item)["latency_ms"] for item in (thread, image)] == [102, 1021]


def test_chatgpt_export(corpus: Path) -> None:
    (head,) = only(corpus, "chatgpt_export", "document")
    first, edited, last = head.children
    assert (head.title, head.when.raw if head.when else "") == (
        "Sample conversation with branch",
        "1704067200",
    )
    assert [said(each)["request_id"] for each in (first, edited, last)] == [
        "msg-3",
        "msg-5",
        "msg-6",
    ]
    assert said(last) == {
        "model": "gpt-4",
        "provider": "openai",
        "request_id": "msg-6",
        "conversation_id": "conv-123",
        "finish_reason": "stop",
        "turn": 2,
        "parent_request": "msg-4",
    }
    assert "How do I write" in dict(last.texts)["prompt"]
    assert "Actually" not in dict(last.texts)["prompt"]


def test_traces(corpus: Path) -> None:
    asked = [each for each in only(corpus, "langfuse", "exchange") if said(each).get("model")]
    assert [said(each) for each in asked] == [
        {
            "model": "gpt-4o",
            "account": "user_123",
            "request_id": "83517f9062f5ada4",
            "conversation_id": "session_abc",
            "temperature": 1.0,
            "top_p": 1.0,
            "max_tokens": -1,
            "input_tokens": 41,
            "output_tokens": 3,
            "latency_ms": 628,
            "project": "cloramnkj0002jz088vzn1ja4",
            "operation": "GENERATION",
            "trace_id": "1b72c51fabed12ae7df83bfd4a09f545",
            "parent_request": "95f4f51edeb603d9",
            "cost": 2.5e-05,
            "currency": "USD",
        }
    ]
    javascript, python = only(corpus, "langsmith", "exchange")
    for run in (javascript, python):
        assert dict(run.texts) == {
            "prompt": "howdy",
            "output": "Howdy! How can I assist you today?",
        }
    assert said(python) == {
        "model": "gpt-4o-mini-2024-07-18",
        "model_requested": "gpt-4o-mini",
        "provider": "openai",
        "request_id": "fe8ffecb-72ce-4cd2-bdb7-01f34654c391",
        "finish_reason": "stop",
        "input_tokens": 9,
        "output_tokens": 9,
        "latency_ms": 1328,
        "project": "default",
        "operation": "llm",
        "upstream_id": "chatcmpl-AHH0HKxF2K5Rnu1DJ51k9CPTcerd1",
        "trace_id": "fe8ffecb-72ce-4cd2-bdb7-01f34654c391",
        "stream": 1,
        "ttft_ms": 1238,
        "reasoning_tokens": 0,
        "cache_read_tokens": 0,
    }
    assert said(javascript)["finish_reason"] == "stop"


def test_openai_audit(corpus: Path) -> None:
    (entry,) = only(corpus, "openai_audit", "record")
    assert [(each.role, each.name, each.address) for each in entry.parties] == [
        ("actor", "user-nuEwi8Vsrrddq53RTzEQ9p3c", "muskan.agarwal@crestdata.ai")
    ]
    found = said(entry)
    assert {key: found[key] for key in ("operation", "ip", "asn", "country", "ja3", "ja4")} == {
        "operation": "login.succeeded",
        "ip": "89.160.20.128",
        "asn": 55256,
        "country": "IN",
        "ja3": "353a03072e841d5004dfaa78561ccc70",
        "ja4": "t13d691100_8b2139ff7677_f0e8fcc46740",
    }


def test_openai_examples(corpus: Path) -> None:
    folder = corpus / "api" / "openai_spec_examples"
    kinds = {}
    for path in sorted(folder.iterdir()):
        items, problems = read_file(path)
        kinds[path.stem] = ([item.kind for item in items], [each.kind for each in problems])
    # Two examples end lists with a comma, one has dots between its pieces.
    assert {name: told for name, told in kinds.items() if told != (["exchange"], [])} == {
        "get_batches_0": (["document"], []),
        "get_chat_completions_completion_id_messages_0": (["request"], []),
        "get_organization_costs_0": (["record"], []),
        "get_organization_usage_completions_0": (["record"], []),
        "post_batches_0": (["document"], []),
        "post_chat_completions_2": (["exchange"], ["bad-json"]),
    }
    (thought,), _ = read_file(folder / "post_responses_7.txt")
    assert said(thought) == {
        "model": "o1-2024-12-17",
        "request_id": "resp_67ccd7eca01881908ff0b5146584e408072912b2993db808",
        "finish_reason": "completed",
        "temperature": 1.0,
        "top_p": 1.0,
        "input_tokens": 81,
        "output_tokens": 1035,
        "reasoning_tokens": 832,
        "cache_read_tokens": 0,
        "cache_write_tokens": 0,
    }


def test_logs_of_servers(corpus: Path) -> None:
    first, *_, last = only(corpus, "nginx", "request")
    assert (first.when.us if first.when else 0) == 1_477_399_773_000_000
    assert said(last)["ip"] == "192.168.0.1"
    assert last.exchange is not None
    assert json.loads(last.exchange.extra)["host"] == "lessons.example.com"
    (access,) = only(corpus, "vllm", "request")
    assert said(access) == {"endpoint": "/v1/models", "ip": "::1", "status": 200}
    _, problems = read_file(corpus / "api" / "vllm" / "server_excerpt.log")
    assert [each.kind for each in problems] == ["time-without-year"]
