from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects.bodies import (
    is_bare_request,
    is_conversation,
    is_request,
    is_response,
    mended,
    read_messages,
    read_request,
    read_response,
    read_vectors,
)
from casekit.ingest.dialects.content import content_text, labelled, message_text
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.parsed import Context

USER = {"role": "user", "content": "Hi"}
REPLY = {"role": "assistant", "content": "Yo"}


def draft() -> Draft:
    return Draft(b"", Context())


@pytest.mark.parametrize(
    ("body", "request_", "bare", "response"),
    [
        ({"messages": [USER]}, True, True, False),
        ({"messages": [USER, REPLY]}, True, False, False),
        ({"messages": [USER, REPLY], "max_tokens": 5}, True, True, False),
        ({"messages": []}, False, False, False),
        ({"messages": ["Hi"]}, False, False, False),
        ({"model": "m", "input": "Hi"}, True, True, False),
        ({"model": "m", "prompt": "Hi"}, True, True, False),
        ({"model": "m", "prompt": "Hi", "completion": "Yo"}, True, False, False),
        ({"choices": [{"message": REPLY}]}, False, False, True),
        ({"choices": [{"delta": {}}]}, False, False, False),
        ({"choices": [{"text": "Yo"}]}, False, False, True),
        ({"content": [], "stop_reason": None}, False, False, True),
        ({"content": "Yo", "role": "assistant"}, False, False, True),
        ({"content": "Yo"}, False, False, False),
        ({"object": "response", "output": []}, False, False, True),
        (None, False, False, False),
        ([], False, False, False),
    ],
)
def test_bodies_are_told_by_their_shape(
    body: Any, request_: bool, bare: bool, response: bool
) -> None:
    assert (is_request(body), is_bare_request(body), is_response(body)) == (
        request_,
        bare,
        response,
    )
    assert is_conversation(body) is False


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a", "a"),
        (None, ""),
        ([{"type": "text", "text": "a"}, {"type": "input_text", "text": "b"}], "a\nb"),
        ([{"type": "image_url", "image_url": {"url": "x"}}], "[image_url]"),
        ([{"type": "tool_result", "content": [{"type": "text", "text": "42"}]}], "42"),
        ({"answer": "a"}, "a"),
        (["a", {"value": "b"}, {"refusal": "no"}], "a\nb\nno"),
        ([7], "7"),
        (7.5, "7.5"),
    ],
)
def test_content_is_text_whatever_its_form(content: Any, text: str) -> None:
    assert content_text(content) == text


def test_calls_of_tools_are_shown_with_their_arguments_verbatim() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
    assert (
        message_text({"content": "Wait.", "tool_calls": [call]}) == 'Wait.\n[function f] {"a": 1}'
    )
    old = {"content": None, "function_call": {"name": "f", "arguments": "{}"}}
    assert message_text(old) == "[function_call f] {}"
    assert message_text({"content": None, "refusal": "I can't."}) == "I can't."


def test_one_user_turn_is_the_prompt_as_it_is() -> None:
    assert labelled([("user", "a")]) == "a"
    assert labelled([("assistant", "a")]) == "assistant: a"
    assert labelled([("user", "a"), ("tool", "b")]) == "user: a\n\ntool: b"
    assert labelled([]) == ""


def test_a_conversation_gives_its_last_answer_only_if_no_other_stands_elsewhere() -> None:
    said = [{"role": "system", "content": "S"}, {"role": "developer", "content": "D"}, USER, REPLY]
    alone, beside = draft(), draft()
    read_messages(said, alone, answered=False)
    read_messages(said, beside, answered=True)
    assert (alone.system, alone.prompt, alone.output) == ("S\n\nD", "Hi", "Yo")
    assert (beside.prompt, beside.output) == ("user: Hi\n\nassistant: Yo", "")


def test_a_request_keeps_its_parameters() -> None:
    made = draft()
    body = {
        "model": "m",
        "messages": [USER],
        "temperature": 1,
        "max_completion_tokens": 9,
        "seed": None,
        "n": 2,
    }
    read_request(body, made, answered=True)
    assert made.fields == {
        "model": "m",
        "model_requested": "m",
        "temperature": 1.0,
        "max_tokens": 9,
        "answers": 2,
        "parameters": '{"temperature":1,"max_completion_tokens":9,"seed":null,"n":2}',
    }


def test_the_input_of_the_responses_api_may_be_a_list() -> None:
    made = draft()
    given = [
        {"role": "user", "content": "Hi"},
        {"type": "function_call_output", "output_text": "42"},
    ]
    read_request({"model": "m", "input": given}, made, answered=False)
    assert made.prompt.startswith("user: Hi\n\nfunction_call_output: ")
    assert "model" not in made.fields


def test_odd_turns_of_the_responses_api_keep_a_role() -> None:
    made = draft()
    body = {
        "model": "m",
        "messages": None,
        "input": [{"role": [], "type": "message", "content": "Hi"}],
    }
    read_request(body, made, answered=False)
    assert made.prompt == "message: Hi"


def test_a_response_with_several_answers_says_so() -> None:
    made = draft()
    choices = [
        {"message": REPLY, "finish_reason": "stop"},
        {"message": {"role": "assistant", "content": "No"}},
    ]
    read_response({"choices": choices}, made)
    assert (made.output, made.answers) == ("Yo", ("No",))
    assert made.fields == {"finish_reason": "stop"}
    assert made.extra == {"response": {"choices": choices}}
    assert [each.kind for each in made.problems] == ["more-answers"]
    made = draft()
    numbered = [{**each, "index": 1 - place} for place, each in enumerate(choices)]
    read_response({"choices": numbered}, made)
    assert (made.output, made.answers) == ("No", ("Yo",))
    assert dict(finish(made, 0, 1, "").texts) == {"output": "No", "answer/2": "Yo"}


def test_calls_of_any_tool_are_told() -> None:
    made = draft()
    call = {"type": "custom_tool_call", "name": "sh", "input": "ls"}
    read_response({"object": "response", "output": [call]}, made)
    assert made.output == "[custom_tool_call sh] ls"


def test_thinking_is_kept_apart_and_its_signature_with_it() -> None:
    made = draft()
    blocks = [
        {"type": "thinking", "thinking": " a\n", "signature": "s"},
        {"type": "redacted_thinking", "data": "x"},
        {"type": "text", "text": "b"},
    ]
    read_response({"content": blocks, "stop_reason": "end_turn", "model": "served"}, made)
    assert (made.reasoning, made.output, made.fields["model"]) == (" a\n", "b", "served")
    assert made.extra == {"response": {"content": blocks}}
    assert (made.fields["reasoning_signature"], made.missing) == ("s", ("redacted",))


def test_the_model_that_answered_goes_before_the_one_that_was_asked() -> None:
    made = draft()
    made.fields["model"] = "asked"
    read_response({"model": "served", "choices": []}, made)
    assert (made.fields["model"], made.fields["model_requested"]) == ("served", "asked")


@pytest.mark.parametrize(
    "body",
    [
        {"choices": [], "usage": 7, "model": 5, "id": [], "created": "x"},
        {"content": 7, "stop_reason": {}},
        {"output": "x", "object": "response"},
        {"output": [None, 7, {"type": "message", "content": None}], "object": "response"},
        {"choices": [7]},
        {"content": [{"type": []}, {"type": {}, "text": "x"}], "role": "assistant"},
        {"choices": [{"message": {"content": {"a": 1}, "tool_calls": [7], "function_call": "x"}}]},
    ],
)
def test_odd_bodies_do_no_harm_and_lose_nothing(body: dict[str, Any]) -> None:
    made = draft()
    read_response(body, made)
    assert "response" in made.extra


def test_a_message_without_a_role_hides_none_of_the_others() -> None:
    strays = [USER, "a stray", {"content": "no role"}, 7]
    body = mended({"model": "m", "messages": strays})
    assert is_request(body)
    made = draft()
    read_request(body, made, answered=False)
    assert made.prompt == "user: Hi\n\nunnamed: a stray\n\nunnamed: no role\n\nunnamed: 7"
    for other in ({"messages": [USER]}, {"messages": ["a", "b"]}, {"messages": []}, "x", None):
        assert mended(other) is other


def test_calls_among_what_was_asked_say_what_they_say() -> None:
    asked = {"model": "m", "input": [
        {"role": "user", "content": "Hi"},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm"}]},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "42"},
        {"type": "web_search_call", "action": {"query": "x"}},
    ]}  # fmt: skip
    draft = Draft(b"", Context())
    read_request(asked, draft, answered=True)
    assert draft.prompt == (
        "user: Hi\n\nreasoning: Hm\n\nfunction_call: [function_call f] {}\n\n"
        'function_call_output: 42\n\nweb_search_call: [web_search_call ] {"query":"x"}'
    )


def test_words_are_no_vectors_and_vectors_are() -> None:
    made = draft()
    assert read_vectors(
        {"data": [{"embedding": [0.5]}], "model": "m", "usage": {"prompt_tokens": 3}}, made
    )
    assert (made.fields["operation"], made.fields["input_tokens"], made.output) == (
        "embeddings",
        3,
        "",
    )
    for body in (
        {"choices": [], "data": [{"embedding": [0.5]}]},
        {"data": [{"url": "x"}]},
        {"data": []},
        [],
        None,
    ):
        assert not read_vectors(body, draft())


def test_what_was_measured_before_stands() -> None:
    made = draft()
    made.fields["latency_ms"] = 5
    told = {"invocationLatency": 70, "firstByteLatency": 20, "inputTokenCount": 9}
    read_response(
        {"content": "Yo", "stop_reason": "x", "amazon-bedrock-invocationMetrics": told}, made
    )
    assert (made.fields["latency_ms"], made.fields["ttft_ms"], made.fields["input_tokens"]) == (
        5,
        20,
        9,
    )
    assert made.extra["amazon-bedrock-invocationMetrics"] == {"invocationLatency": 70}


def test_a_response_names_its_conversation_and_instructions_in_any_form() -> None:
    made = draft()
    told = [
        {
            "type": "message",
            "role": "developer",
            "content": [{"type": "input_text", "text": "Be brief"}],
        }
    ]
    asked = {"type": "mcp_approval_request", "name": "roll", "arguments": "{}"}
    body = {
        "object": "response",
        "conversation": {"id": "conv_1"},
        "instructions": told,
        "output": [asked],
    }
    read_response(body, made)
    assert made.fields["conversation_id"] == "conv_1"
    assert made.system == "Be brief"
    assert made.output == "[mcp_approval_request roll] {}"
    assert made.extra["response"]["instructions"] == told


@pytest.mark.parametrize("cost", [0.25, {"input_tokens_cost": 0.05, "total_cost": 0.25}])
def test_what_a_call_cost_is_read_among_the_counts(cost: Any) -> None:
    made = draft()
    read_response({"choices": [], "usage": {"prompt_tokens": 3, "cost": cost}}, made)
    assert (made.fields["cost"], made.fields["currency"]) == (0.25, "USD")
    assert made.extra.get("usage", {}).get("cost") in (None, cost)


def test_a_row_of_a_set_with_its_answer_is_no_request() -> None:
    row = {"model": "m", "input": "Hi", "reasoning_content": "Hm", "content": "Yo"}
    assert is_request(row)
    assert not is_bare_request(row)
