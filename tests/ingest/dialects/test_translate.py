from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects.bodies import BESIDE, read_response
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.translate import (
    common_part,
    request_in_common_terms,
    response_in_common_terms,
)
from casekit.ingest.parsed import Context


def test_gemini_is_put_into_common_terms() -> None:
    asked = {
        "contents": [
            {"role": "user", "parts": [{"text": " Hi "}, {"inlineData": {"mimeType": "image/png"}}]}
        ],
        "systemInstruction": {"parts": [{"text": "Be kind."}]},
        "generationConfig": {"temperature": 0.5, "maxOutputTokens": 9, "topK": 3},
        "safetySettings": [],
    }
    image = {"type": "inlineData", "inlineData": {"mimeType": "image/png"}}
    assert request_in_common_terms(asked) == {
        "messages": [{"role": "user", "content": [{"type": "text", "text": " Hi "}, image]}],
        "system": [{"type": "text", "text": "Be kind."}],
        "temperature": 0.5,
        "max_tokens": 9,
        "top_k": 3,
        "safetySettings": [],
    }
    parts = [{"text": "Hm", "thought": True, "thoughtSignature": "s"}, {"text": "Yo"}]
    answered = {
        "candidates": [{"content": {"parts": parts}, "finishReason": "STOP", "avgLogprobs": -1}],
        "usageMetadata": {"promptTokenCount": 1},
        "modelVersion": "gemini-x",
        "responseId": "r",
    }
    assert response_in_common_terms(answered) == {
        "usage": {"promptTokenCount": 1},
        "model": "gemini-x",
        "id": "r",
        "stop_reason": "STOP",
        "candidate": {"avgLogprobs": -1},
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": "Hm", "signature": "s"},
            {"type": "text", "text": "Yo"},
        ],
    }


@pytest.mark.parametrize(
    ("part", "common"),
    [
        ({"type": "text", "text": "a"}, {"type": "text", "text": "a"}),
        ({"text": "a"}, {"type": "text", "text": "a"}),
        ({"reasoningContent": {"reasoningText": {"text": "a", "signature": "s"}}},
         {"type": "thinking", "thinking": "a", "signature": "s"}),
        ({"reasoningContent": {"redactedContent": "x"}}, {"type": "redacted_thinking", "data": "x"}),
        ({"functionCall": {"name": "f", "args": {"a": 1}}},
         {"type": "tool_use", "name": "f", "input": {"a": 1}}),
        ({"functionResponse": {"name": "f", "response": {"a": 1}}},
         {"type": "tool_result", "name": "f", "content": '{"a":1}'}),
        ({"toolResult": {"toolUseId": "t", "content": [{"json": {"a": 1}}, {"text": "b"}]}},
         {"type": "tool_result", "tool_use_id": "t",
          "content": [{"type": "text", "text": '{"a":1}'}, {"type": "text", "text": "b"}]}),
        ({"guardContent": {"text": {"text": "a", "qualifiers": ["q"]}}},
         {"type": "text", "text": "a", "qualifiers": ["q"]}),
        ({"odd": 1}, {"type": "odd", "odd": 1}),
        ({}, {"type": "part"}),
        (7, 7),
    ],
)  # fmt: skip
def test_parts_get_their_type(part: Any, common: Any) -> None:
    assert common_part(part) == common


@pytest.mark.parametrize(
    ("asked", "common"),
    [
        ({"inputText": "Hi", "textGenerationConfig": {"maxTokenCount": 5}}, {"prompt": "Hi", "max_tokens": 5}),
        ({"prompt": "Hi", "max_gen_len": 5}, {"prompt": "Hi", "max_tokens": 5}),
        ({"instances": [{"prompt": "Hi"}], "parameters": {"topP": 1}}, {"prompt": "Hi", "top_p": 1}),
        ({"instances": [{"context": "C", "messages": [{"author": "user", "content": "Hi"}]}]},
         {"system": "C", "messages": [{"role": "user", "content": "Hi"}]}),
        ({"instances": [{"x": 1}]}, {"instances": [{"x": 1}]}),
        ({"contents": "Hi"}, {"messages": [{"role": "user", "content": "Hi"}]}),
    ],
)  # fmt: skip
def test_older_requests(asked: dict[str, Any], common: dict[str, Any]) -> None:
    assert request_in_common_terms(asked) == common


@pytest.mark.parametrize(
    ("answered", "content", "reason"),
    [
        ({"results": [{"outputText": "a", "completionReason": "FINISH"}]}, "a", "FINISH"),
        ({"generation": "a", "stop_reason": "stop"}, "a", "stop"),
        ({"completion": "a", "stop_reason": "stop_sequence"}, "a", "stop_sequence"),
        ({"generations": [{"text": "a", "finish_reason": "C"}]}, "a", "C"),
        ({"outputs": [{"text": "a", "stop_reason": "stop"}]}, "a", "stop"),
        ({"output": {"message": {"content": [{"text": "a"}]}}, "stopReason": "x"},
         [{"type": "text", "text": "a"}], "x"),
        ({"candidates": []}, [], None),
    ],
)  # fmt: skip
def test_older_answers(answered: dict[str, Any], content: Any, reason: str | None) -> None:
    made = response_in_common_terms(answered)
    assert made is not None
    assert (made["content"], made["stop_reason"]) == (content, reason)


def test_an_answer_of_another_kind_is_none() -> None:
    assert response_in_common_terms({"embedding": [1], "output": 3}) is None


def test_answers_beside_the_first_are_kept_in_order() -> None:
    candidates = [
        {"index": 1, "content": {"parts": [{"text": "B"}]}},
        {"index": 0, "content": {"parts": [{"text": "A"}]}, "finishReason": "STOP"},
    ]
    made = response_in_common_terms({"candidates": candidates})
    assert made is not None
    assert (made["content"], made["stop_reason"]) == ([{"type": "text", "text": "A"}], "STOP")
    assert made[BESIDE] == [[{"type": "text", "text": "B"}]]
    draft = Draft(b"", Context())
    read_response(made, draft)
    assert (draft.output, draft.answers) == ("A", ("B",))
    made = response_in_common_terms({"generations": [{"text": "A"}, {"text": "B"}]})
    assert made is not None
    assert (made["content"], made[BESIDE]) == ("A", ["B"])


def test_counts_that_a_body_gives_in_several_places() -> None:
    both = {"text": "Yo", "meta": {"billed_units": {"input_tokens": 1, "search_units": 2},
                                   "tokens": {"input_tokens": 5, "output_tokens": 6}}}  # fmt: skip
    made = response_in_common_terms({"generations": [{"text": "Yo"}], **both})
    assert made is not None
    assert made["usage"] == {"input_tokens": 5, "output_tokens": 6, "search_units": 2}
    own = {"results": [{"outputText": "Yo", "tokenCount": 2}], "usage": {"output_tokens": 9}}
    made = response_in_common_terms(own)
    assert made is not None
    assert made["usage"] == {"output_tokens": 9}


def test_what_a_person_said_in_an_interaction_is_no_part_of_its_answer() -> None:
    made = response_in_common_terms({
        "object": "interaction", "id": "i", "status": "completed",
        "steps": [{"type": "user_input", "content": [{"type": "text", "text": "Hi"}]},
                  {"type": "model_output", "content": [{"type": "text", "text": "Yo"}]}],
    })  # fmt: skip
    assert made is not None
    assert made["content"] == [{"type": "text", "text": "Yo"}]


def test_words_with_citations_are_words() -> None:
    part = {
        "citationsContent": {
            "content": [{"text": "Ropes "}, {"text": "float."}],
            "citations": [{"title": "T"}],
        }
    }
    assert common_part(part) == {
        "type": "text",
        "text": "Ropes float.",
        "citations": [{"title": "T"}],
    }
