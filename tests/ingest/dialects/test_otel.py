from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.otel import attributes, log_key, merge_logs, read_log, read_span
from casekit.ingest.parsed import Context, When


def draft() -> Draft:
    return Draft(b"", Context())


def told(**values: Any) -> list[dict[str, Any]]:
    """Attributes, `__` in a name for a dot."""
    made = []
    for key, value in values.items():
        kind = "intValue" if isinstance(value, int) else "stringValue"
        if isinstance(value, list):
            held: Any = {"arrayValue": {"values": [{"stringValue": each} for each in value]}}
        else:
            held = {kind: str(value)}
        made.append({"key": key.replace("__", "."), "value": held})
    return made


def span(*said: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"traceId": "T", "spanId": "S", "parentSpanId": "P", "name": "chat gpt-x", "kind": 3,
            "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": "1544712661500000000",
            "attributes": list(said), **more}  # fmt: skip


COMMON = told(
    gen_ai__operation__name="chat", gen_ai__request__model="gpt-x", gen_ai__response__model="gpt-x-1",
    gen_ai__response__id="chatcmpl-1", gen_ai__usage__input_tokens=9, gen_ai__usage__output_tokens=2,
    gen_ai__response__finish_reasons=["stop"], gen_ai__request__max_tokens=50,
)  # fmt: skip
FIELDS = {
    "trace_id": "T",
    "parent_request": "P",
    "operation": "chat",
    "model": "gpt-x-1",
    "model_requested": "gpt-x",
    "request_id": "chatcmpl-1",
    "input_tokens": 9,
    "output_tokens": 2,
    "finish_reason": "stop",
    "max_tokens": 50,
    "latency_ms": 1500,
    "provider": "openai",
}


def test_since_1_37_the_messages_are_attributes() -> None:
    asked = [{"role": "user", "parts": [{"type": "text", "content": "Hi"}]}]
    answered = [
        {
            "role": "assistant",
            "finish_reason": "stop",
            "parts": [{"type": "reasoning", "content": "Hm"}, {"type": "text", "content": "Yo"}],
        }
    ]
    made = draft()
    record = span(
        *COMMON,
        *told(
            gen_ai__provider__name="openai",
            gen_ai__system_instructions=json.dumps([{"type": "text", "content": "Brief."}]),
            gen_ai__input__messages=json.dumps(asked),
            gen_ai__output__messages=json.dumps(answered),
        ),
    )
    assert read_span(record, made)
    assert (made.kind, made.system, made.prompt, made.reasoning, made.output) == (
        "exchange", "Brief.", "Hi", "Hm", "Yo",
    )  # fmt: skip
    made.fields.pop("messages")
    assert made.fields == FIELDS
    assert made.when == When(
        1_544_712_660_000_000, "1544712660000000000", "startTimeUnixNano", "explicit", 1
    )


def test_up_to_1_36_they_are_events_of_the_span() -> None:
    events = [
        {"name": "gen_ai.system.message", "attributes": told(content="Brief.")},
        {"name": "gen_ai.user.message", "attributes": told(content="Hi")},
        {"name": "gen_ai.choice", "attributes": told(index=0, finish_reason="stop",
                                                     message='{"role":"assistant","content":"Yo"}')},
    ]  # fmt: skip
    made = draft()
    assert read_span(span(*COMMON, *told(gen_ai__system="openai"), events=events), made)
    assert (made.system, made.prompt, made.output) == ("Brief.", "Hi", "Yo")
    assert made.fields == FIELDS


def test_other_instrumentations_number_their_attributes() -> None:
    traceloop, inference = draft(), draft()
    said = {
        "gen_ai.prompt.0.role": "system",
        "gen_ai.prompt.0.content": "Brief.",
        "gen_ai.prompt.1.role": "user",
        "gen_ai.prompt.1.content": "Hi",
        "gen_ai.completion.0.content": "Yo",
        "gen_ai.completion.0.finish_reason": "stop",
        "llm.request.type": "chat",
    }
    assert read_span(
        span(attributes=told(**{k.replace(".", "__"): v for k, v in said.items()})), traceloop
    )
    assert (traceloop.system, traceloop.prompt, traceloop.output) == ("Brief.", "Hi", "Yo")
    said = {"openinference.span.kind": "LLM", "llm.model_name": "gpt-x",
            "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "Hi",
            "llm.output_messages.0.message.content": "Yo", "input.value": "{}"}  # fmt: skip
    assert read_span(
        span(attributes=told(**{k.replace(".", "__"): v for k, v in said.items()})), inference
    )
    assert (inference.prompt, inference.output, inference.fields["model"]) == ("Hi", "Yo", "gpt-x")


def test_other_spans_are_records() -> None:
    made, agent = draft(), draft()
    made.around = {"resource": {"attributes": told(service__name="shop")}}
    assert read_span(span(*told(http__url="https://x/")), made)
    assert (made.kind, made.extra["resource"]) == ("record", {"service.name": "shop"})
    said = told(
        gen_ai__operation__name="invoke_agent",
        gen_ai__input__messages='[{"role":"user","content":"Hi"}]',
    )
    assert read_span(span(*said), agent)
    assert (agent.kind, agent.prompt) == ("record", "")
    assert "Hi" in agent.body


def event(name: str, **body: str) -> dict[str, Any]:
    values = [{"key": key, "value": {"stringValue": value}} for key, value in body.items()]
    return {
        "timeUnixNano": "1544712660300000000",
        "traceId": "T",
        "spanId": "S",
        "eventName": name,
        "attributes": told(gen_ai__system="openai"),
        "body": {"kvlistValue": {"values": values}},
    }


def test_events_in_a_log_are_joined_by_their_span() -> None:
    events = [
        event("gen_ai.user.message", content="Hi"),
        event("gen_ai.choice", message='{"content":"Yo"}'),
    ]
    assert {log_key(each) for each in events} == {"T S"}
    made = draft()
    assert read_log(merge_logs(events), made)
    assert (made.kind, made.prompt, made.output, made.fields["provider"]) == (
        "exchange",
        "Hi",
        "Yo",
        "openai",
    )


def test_other_log_records_are_records() -> None:
    made = draft()
    record = event("browser.page_view", url="https://x/")
    assert log_key(record) == ""
    assert read_log(record, made)
    assert (made.kind, made.title, made.extra["body"]) == (
        "record",
        "browser.page_view",
        {"url": "https://x/"},
    )


@pytest.mark.parametrize(
    "value", [None, 7, [7], [{"key": 1}], [{"key": "a", "value": {"arrayValue": 7}}]]
)
def test_odd_attributes_do_no_harm(value: Any) -> None:
    assert set(attributes(value)) <= {"a"}
    assert read_span(span(attributes=value, events=[7, {"name": 1}], endTimeUnixNano=[]), draft())
    assert read_log({"timeUnixNano": value, "body": value, "eventName": "gen_ai.choice"}, draft())


def test_records_of_another_kind_are_left_alone() -> None:
    assert recognise({"traceId": "T", "spanId": "S"}) == ""
    assert recognise({"timeUnixNano": "1"}) == ""


def test_answers_beside_the_first_are_shown_and_not_strung_to_it() -> None:
    answered = [
        {"role": "assistant", "parts": [{"type": "text", "content": text}]} for text in ("A", "B")
    ]
    for given in (
        told(gen_ai__output__messages=json.dumps(answered)),
        told(gen_ai__completion__0__content="A", gen_ai__completion__1__content="B"),
    ):
        made = draft()
        assert read_span(span(*COMMON, *given), made)
        assert (made.output, made.answers) == ("A", ("B",))
        assert [each.kind for each in made.problems] == ["more-answers"]
    made = draft()
    choices = [
        {"name": "gen_ai.choice", "attributes": told(message=json.dumps({"content": text}))}
        for text in ("A", "B", "A")
    ]
    assert read_span(span(*COMMON, events=choices), made)
    assert (made.output, made.answers) == ("A", ("B",))


def test_attributes_and_events_that_differ_are_both_shown() -> None:
    asked = [{"role": "user", "parts": [{"type": "text", "content": "What was asked"}]}]
    events = [{"name": "gen_ai.user.message", "attributes": told(content="What it says was asked")}]
    made = draft()
    given = told(gen_ai__input__messages=json.dumps(asked))
    assert read_span(span(*COMMON, *given, events=events), made)
    assert (made.prompt, made.body) == ("What it says was asked", "What was asked")
    assert [each.kind for each in made.problems] == ["told-twice"]
    made = draft()
    assert read_span(span(*COMMON, events=5), made)


def read(*said: dict[str, Any]) -> Draft:
    made = draft()
    assert read_span(span(*said), made)
    return made


def test_events_in_one_attribute_and_contents_in_events() -> None:
    listed = [{"event.name": "gen_ai.user.message", "content": "Hi", "role": "user"},
              {"event.name": "gen_ai.choice", "index": 0,
               "message": {"role": "assistant", "content": "Yo"}}]  # fmt: skip
    made = read(*told(events=json.dumps(listed), gen_ai__request__model="m"))
    assert (made.prompt, made.output, made.fields["model"]) == ("Hi", "Yo", "m")
    asked = told(gen_ai__event__content=json.dumps({"role": "user", "content": "Hi"}))
    answered = told(
        gen_ai__event__content=json.dumps({"message": {"content": "Yo"}, "finish_reason": "stop"})
    )
    made = draft()
    events = [{"name": "gen_ai.user.message", "attributes": asked},
              {"name": "gen_ai.choice", "attributes": answered}]  # fmt: skip
    assert read_span(span(events=events), made)
    assert (made.prompt, made.output, made.fields["finish_reason"]) == ("Hi", "Yo", "stop")


def test_a_request_and_an_answer_in_two_attributes() -> None:
    asked = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    answered = {"message": {"role": "assistant", "content": "Yo"}, "usage": {"prompt_tokens": 3}}
    made = read(*told(request_data=json.dumps(asked), response_data=json.dumps(answered)))
    assert (made.prompt, made.output, made.fields["input_tokens"]) == ("Hi", "Yo", 3)


def test_parts_and_calls_under_keys_with_numbers() -> None:
    made = read(*told(
        openinference__span__kind="LLM", llm__invocation_parameters='{"temperature": 0.5, "max_tokens": 9}',
        llm__input_messages__0__message__role="user",
        llm__input_messages__0__message__contents__0__message_content__type="text",
        llm__input_messages__0__message__contents__0__message_content__text="Hi",
        llm__output_messages__0__message__tool_calls__0__tool_call__function__name="f",
        llm__output_messages__0__message__tool_calls__0__tool_call__function__arguments="{}",
        llm__token_count__prompt_details__cache_read=2, llm__token_count__completion_details__reasoning=1,
    ))  # fmt: skip
    assert (made.prompt, made.output) == ("Hi", "[function_call f] {}")
    names = ("temperature", "max_tokens", "cache_read_tokens", "reasoning_tokens")
    assert [made.fields.get(name) for name in names] == [0.5, 9, 2, 1]


def test_what_the_ai_sdk_says_of_an_answer() -> None:
    made = read(*told(
        ai__prompt__messages='[{"role":"user","content":[{"type":"text","text":"Hi"}]}]',
        ai__response__text="Yo",
        ai__usage__promptTokens=3, ai__usage__completionTokens=2, ai__response__finishReason="stop",
        ai__response__msToFirstChunk=40,
    ))  # fmt: skip
    names = ("input_tokens", "output_tokens", "finish_reason", "ttft_ms")
    assert [made.fields.get(name) for name in names] == [3, 2, "stop", 40]


def test_the_span_around_a_call_of_the_ai_sdk_is_no_second_call() -> None:
    shared: dict[str, Any] = {
        "ai__model__id": "gpt-x", "ai__response__text": "Hello", "ai__usage__promptTokens": 9,
        "ai__usage__completionTokens": 12,
    }  # fmt: skip
    outer = told(ai__operationId="ai.generateText", ai__prompt='{"prompt":"Hi"}', **shared)
    asked = json.dumps([{"role": "user", "content": [{"type": "text", "text": "Hi"}]}])
    inner = told(ai__operationId="ai.generateText.doGenerate", ai__prompt__messages=asked, **shared)
    around, call = draft(), draft()
    assert read_span(span(*outer), around)
    assert read_span(span(*inner), call)
    assert (around.kind, around.output, call.kind, call.prompt, call.output) == (
        "record", "", "exchange", "Hi", "Hello",
    )  # fmt: skip
    assert "Hello" in (around.body or "")
    streamed = draft()
    assert read_span(span(*told(ai__operationId="ai.streamText.doStream")), streamed)
    assert (streamed.kind, streamed.fields["operation"]) == ("request", "ai.streamText.doStream")
    vectors = draft()
    assert read_span(span(*told(gen_ai__operation__name="embeddings")), vectors)
    assert vectors.kind == "request"


def test_a_picture_is_no_words_and_events_keep_their_time() -> None:
    picture = {"type": "blob", "mime_type": "image/png", "modality": "image", "content": "QUJD"}
    asked = [{"role": "user", "parts": [{"type": "text", "content": "Look"}, picture]}]
    event = {"name": "exception", "timeUnixNano": "1544712660100000000",
             "attributes": told(exception__message="Oh")}  # fmt: skip
    made = draft()
    made.around = {"scope": {"name": "instrumentation.x", "version": "1"}}
    more = told(
        gen_ai__input__messages=json.dumps(asked), langfuse__user__id="u", gen_ai__usage__cost="0.5"
    )
    assert read_span(span(*COMMON, *more, events=[event]), made)
    assert made.prompt == "Look\n[blob]"
    assert '"QUJD"' in made.fields["messages"]
    assert (made.fields["account"], made.fields["cost"], made.fields["currency"]) == (
        "u",
        0.5,
        "USD",
    )
    assert made.extra["scope"] == {"name": "instrumentation.x", "version": "1"}
    assert made.extra["events"] == [
        {
            "name": "exception",
            "timeUnixNano": "1544712660100000000",
            "attributes": {"exception.message": "Oh"},
        }
    ]
