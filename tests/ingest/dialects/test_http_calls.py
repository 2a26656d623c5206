from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.dialects.http_calls import Call, provider_of, read_call
from casekit.ingest.parsed import Context, Parsed
from tests.ingest.records_case import texts

URL = "https://api.openai.com/v1/chat/completions"
ASK = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
ANSWER = {
    "id": "c1",
    "model": "gpt-4o-1",
    "choices": [{"message": {"role": "assistant", "content": "Yo"}}],
}


def item(call: Call) -> Parsed:
    draft = Draft(b"x", Context())
    read_call(call, draft)
    return finish(draft, 0, 1, "")


def test_a_call_to_a_model_is_an_exchange() -> None:
    asked = [("x-api-key", "sk-ant-0123456789abcdef"), ("x-stainless-lang", "python")]
    answered = [("content-type", "application/json"), ("x-request-id", "req_9")]
    found = item(
        Call(
            "POST",
            URL,
            asked,
            json.dumps(ASK),
            200,
            answered,
            json.dumps(ANSWER).encode("utf-8"),
            latency_ms=12,
            ip="192.0.2.1",
        )
    )
    assert (found.kind, found.collection, texts(found)) == (
        "exchange",
        "api-log",
        {"prompt": "Hi", "output": "Yo"},
    )
    e = found.exchange
    assert e is not None
    assert (e.model, e.model_requested, e.provider, e.endpoint, e.status) == (
        "gpt-4o-1", "gpt-4o", "openai", URL, 200,
    )  # fmt: skip
    assert (e.api_key, e.request_id, e.sdk, e.ip, e.latency_ms) == (
        "sk-ant-…cdef", "req_9", '{"x-stainless-lang":"python"}', "192.0.2.1", 12,
    )  # fmt: skip
    assert "0123456789" not in e.extra


def test_a_streamed_answer_is_put_together() -> None:
    pieces = [{"choices": [{"delta": {"content": part}, "index": 0}]} for part in ("Y", "o")]
    body = "".join(f"data: {json.dumps(each)}\n\n" for each in pieces)
    found = item(Call("POST", URL, [], json.dumps(ASK), 200, [], body.encode()))
    assert texts(found)["output"] == "Yo"
    assert found.exchange is not None
    assert (found.exchange.stream, found.exchange.completeness) == (1, ("no-time", "truncated"))


def test_an_error_keeps_the_question() -> None:
    error = {"error": {"code": "model_not_found"}}
    found = item(Call("POST", URL, [], json.dumps(ASK), 404, [], json.dumps(error)))
    e = found.exchange
    assert e is not None
    assert (found.kind, e.status, e.error, e.completeness) == (
        "exchange", 404, "model_not_found", ("no-output", "no-time"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/html", b"<p>Hi", "GET https://h.example/ 200\n\n<p>Hi"),
        ("text/css", b"p {}", "GET https://h.example/ 200"),
        ("image/png", b"\x89PNG", "GET https://h.example/ 200"),
        ("text/plain; charset=latin-1", b"caf\xe9", "GET https://h.example/ 200\n\ncafé"),
        ("application/json", b"{broken", "GET https://h.example/ 200\n\n{broken"),
        ("", b"", "GET https://h.example/ 200"),
    ],
)
def test_any_other_call_is_a_request_with_what_can_be_read(
    kind: str, body: bytes, text: str
) -> None:
    found = item(Call("GET", "https://h.example/", [], None, 200, [("Content-Type", kind)], body))
    assert (found.kind, found.title) == ("request", "GET https://h.example/ 200")
    assert texts(found) == {"body": text}


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("https://api.anthropic.com/v1/messages", "anthropic"),
        ("https://x.openai.azure.com/openai/deployments/d/chat/completions", "azure"),
        ("https://bedrock-runtime.eu-west-1.amazonaws.com/model/a.b-v1:0/invoke", "bedrock"),
        ("https://us-central1-aiplatform.googleapis.com/v1/x", "google-vertex"),
        ("https://aiplatform.us.rep.googleapis.com/v1/x", "google-vertex"),
        ("https://us-aiplatform.googleapis.com.evil.example/", ""),
        ("https://api.openai.com.evil.example/", ""),
        ("https://notopenrouter.ai/", ""),
        ("openrouter.ai", ""),
        ("https://u:p@OPENROUTER.ai:443/api", "openrouter"),
    ],
)
def test_providers_by_their_hosts(url: str, provider: str) -> None:
    assert provider_of(url) == provider


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/openai/deployments/my-gpt/chat/completions?api-version=1", "my-gpt"),
        ("/model/anthropic.claude-v2%3A1/invoke", "anthropic.claude-v2:1"),
        ("/v1beta/models/gemini-2:generateContent", "gemini-2"),
    ],
)
def test_a_model_named_in_the_path(path: str, model: str) -> None:
    ask = {"messages": [{"role": "user", "content": "Hi"}]}
    found = item(Call("POST", "https://h.example" + path, [], json.dumps(ask), 200, [], None))
    assert found.exchange is not None
    assert found.exchange.model_requested == model


GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2:generateContent?key=AIza0123456789abcdef"


@pytest.mark.parametrize(
    ("url", "ask", "answer"),
    [
        (GEMINI, {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]},
         {"candidates": [{"content": {"role": "model", "parts": [{"text": "Yo"}]}, "finishReason": "STOP"}]}),
        (GEMINI.replace("generate", "streamGenerate"), {"contents": [{"parts": [{"text": "Hi"}]}]},
         [{"candidates": [{"content": {"parts": [{"text": "Y"}]}}]},
          {"candidates": [{"content": {"parts": [{"text": "o"}]}, "finishReason": "STOP"}]}]),
        ("https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.titan-v1/invoke",
         {"inputText": "Hi"}, {"results": [{"outputText": "Yo", "completionReason": "FINISH"}]}),
        ("https://bedrock-runtime.us-east-1.amazonaws.com/model/a.c/converse",
         {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]},
         {"output": {"message": {"role": "assistant", "content": [{"text": "Yo"}]}}, "stopReason": "end_turn"}),
    ],
)  # fmt: skip
def test_the_apis_of_clouds(url: str, ask: Any, answer: Any) -> None:
    found = item(Call("POST", url, [], json.dumps(ask), 200, [("Content-Type", "application/json")],
                      json.dumps(answer)))  # fmt: skip
    assert (found.kind, texts(found)) == ("exchange", {"prompt": "Hi", "output": "Yo"})
    assert found.exchange is not None
    assert found.exchange.model_requested
    assert "0123456789" not in found.exchange.endpoint + found.exchange.extra


def test_elsewhere_the_words_of_clouds_are_anybodys() -> None:
    found = item(
        Call("POST", "https://h.example/", [], '{"message": "Hi"}', 200, [], '{"text": "Yo"}')
    )
    assert found.kind == "request"


def test_a_body_that_is_cut_off_is_shown_as_it_stands() -> None:
    cut = json.dumps(ANSWER)[:-5]
    found = item(Call("POST", URL, [], json.dumps(ASK), 200, [], cut.encode()))
    assert texts(found) == {"prompt": "Hi", "output": cut}
    assert found.exchange is not None
    assert "truncated" in found.exchange.completeness
    assert [each.kind for each in found.problems] == ["broken-body"]
    asked = json.dumps(ASK)[:-5]
    found = item(Call("POST", URL, [], asked, 200, [], json.dumps(ANSWER)))
    assert texts(found) == {"prompt": asked, "output": "Yo"}
    found = item(Call("POST", URL, [], asked, 200, [], cut))
    assert texts(found) == {"prompt": asked, "output": cut}


USER = [{"role": "user", "content": "Hi"}]


@pytest.mark.parametrize(
    ("host", "asked", "answered", "told"),
    [
        ("http://localhost:11434/api/chat",
         {"model": "o", "messages": USER, "options": {"num_predict": 9}},
         '{"model":"o","created_at":"2025-01-01T00:00:00Z","message":{"role":"assistant","content":"Y"},'
         '"done":false}\n{"model":"o","message":{"role":"assistant","content":"o"},"done":true,'
         '"done_reason":"stop","prompt_eval_count":3,"eval_count":2}\n',
         ("ollama", "o", 3, 2, "stop")),
        ("https://api.cohere.com/v2/chat", {"model": "c", "messages": USER},
         {"id": "i", "finish_reason": "COMPLETE", "usage": {"tokens": {"input_tokens": 3, "output_tokens": 2}},
          "message": {"role": "assistant", "content": [{"type": "text", "text": "Yo"}]}},
         ("cohere", "c", 3, 2, "COMPLETE")),
        ("https://api.cohere.ai/v1/chat", {"model": "c", "message": "Hi"},
         {"text": "Yo", "finish_reason": "COMPLETE",
          "meta": {"billed_units": {"input_tokens": 3, "output_tokens": 2}}},
         ("cohere", "c", 3, 2, "COMPLETE")),
        ("https://generativelanguage.googleapis.com/v1beta/interactions", {"model": "g", "input": "Hi"},
         {"id": "v1", "status": "completed", "object": "interaction", "model": "g-1",
          "usage": {"total_input_tokens": 3, "total_output_tokens": 2},
          "steps": [{"type": "thought", "signature": "s"},
                    {"type": "model_output", "content": [{"type": "text", "text": "Yo"}]}]},
         ("google", "g-1", 3, 2, "completed")),
        ("https://us-south.ml.cloud.ibm.com/ml/v1/text/generation", {"model_id": "w", "input": "Hi"},
         {"model_id": "w", "results": [{"generated_text": "Yo", "generated_token_count": 2,
                                        "input_token_count": 3, "stop_reason": "eos"}]},
         ("watsonx", "w", 3, 2, "eos")),
        ("https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.titan/invoke", {"inputText": "Hi"},
         {"inputTextTokenCount": 3, "results": [{"tokenCount": 2, "outputText": "Yo",
                                                 "completionReason": "FINISH"}]},
         ("bedrock", "amazon.titan", 3, 2, "FINISH")),
        ("https://bedrock-runtime.eu-west-1.amazonaws.com/model/meta.llama/invoke", {"prompt": "Hi"},
         {"generation": "Yo", "prompt_token_count": 3, "generation_token_count": 2, "stop_reason": "stop"},
         ("bedrock", "meta.llama", 3, 2, "stop")),
    ],
)  # fmt: skip
def test_apis_with_terms_of_their_own(
    host: str, asked: Any, answered: Any, told: tuple[Any, ...]
) -> None:
    body = answered if type(answered) is str else json.dumps(answered)
    found = item(Call("POST", host, [], json.dumps(asked), 200, [], body.encode()))
    assert (found.kind, texts(found)) == ("exchange", {"prompt": "Hi", "output": "Yo"})
    e = found.exchange
    assert e is not None
    assert (e.provider, e.model, e.input_tokens, e.output_tokens, e.finish_reason) == told


def test_counts_of_tokens_that_only_the_header_says() -> None:
    url = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/mistral/invoke"
    answered = [
        ("X-Amzn-Bedrock-Input-Token-Count", "3"),
        ("X-Amzn-Bedrock-Output-Token-Count", "2"),
        ("X-Amzn-Bedrock-Invocation-Latency", "77"),
    ]
    body = b'{"outputs": [{"text": "Yo", "stop_reason": "stop"}]}'
    e = item(Call("POST", url, [], '{"prompt": "Hi"}', 200, answered, body)).exchange
    assert e is not None
    assert (e.input_tokens, e.output_tokens, e.latency_ms) == (3, 2, 77)


def test_vectors_have_a_model_and_tokens_though_no_words() -> None:
    answer = {"object": "list", "model": "e-1", "usage": {"prompt_tokens": 3},
              "data": [{"object": "embedding", "embedding": [0.5]}]}  # fmt: skip
    asked = '{"model": "e", "input": ["Hi", "you"]}'
    url = "https://api.openai.com/v1/embeddings"
    found = item(Call("POST", url, [], asked, 200, [], json.dumps(answer).encode()))
    e = found.exchange
    assert e is not None
    assert (e.operation, e.model, e.input_tokens) == ("embeddings", "e-1", 3)
    assert texts(found)["prompt"] == "Hi\nyou"


def test_a_refused_call_says_why() -> None:
    url = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/none/converse"
    answered = [("x-amzn-ErrorType", "ValidationException:http://internal.example/")]
    body = b'{"message": "The provided model identifier is invalid."}'
    e = item(Call("POST", url, [], json.dumps({"messages": USER}), 400, answered, body)).exchange
    assert e is not None
    assert e.error == "ValidationException"


def test_a_picture_has_a_model_and_tokens_though_no_words() -> None:
    picture = {"created": 1, "model": "gpt-image", "data": [{"b64_json": "AAAA"}],
               "usage": {"input_tokens": 7, "output_tokens": 9, "total_tokens": 16}}  # fmt: skip
    found = item(Call("POST", "https://api.openai.com/v1/images/generations", [],
                      '{"model": "gpt-image", "prompt": "A cat"}', 200,
                      [("Content-Type", "application/json")], json.dumps(picture)))  # fmt: skip
    assert found.exchange is not None
    assert (found.exchange.model, found.exchange.input_tokens, found.exchange.output_tokens) == (
        "gpt-image", 7, 9,
    )  # fmt: skip
    assert texts(found) == {"prompt": "A cat"}
